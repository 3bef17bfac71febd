"""Name servers as text. Imports nothing of Django: settings use it."""

from dataclasses import dataclass
from ipaddress import ip_address

PORT = 53


class NameServerFormatError(ValueError):
    """RECLAIM_DNS_SERVERS does not have the promised form."""


@dataclass(frozen=True)
class NameServer:
    host: str  # an address: a name would have to be looked up first
    port: int = PORT


def parse_name_servers(entries: list[str]) -> list[NameServer]:
    """Addresses, each with a port or without: "192.0.2.53", "192.0.2.53:5353", "[2001:db8::53]:5353".

    Raises NameServerFormatError, which names the entry.
    """
    return [
        _parsed(entry.strip(), position) for position, entry in enumerate(entries, start=1) if entry.strip()
    ]


def _parsed(entry: str, position: int) -> NameServer:
    host, port = entry, str(PORT)
    if entry.startswith("["):
        host, bracket, rest = entry[1:].partition("]")
        port = rest.removeprefix(":") if rest or not bracket else port
    elif entry.count(":") == 1:
        host, _colon, port = entry.partition(":")
    try:
        server = NameServer(str(ip_address(host)), int(port))
    except ValueError:
        server = None
    if server is None or not 0 < server.port < 65536:
        raise NameServerFormatError(
            f"RECLAIM_DNS_SERVERS, entry {position}: write an address like 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:5353."
        )
    return server
