"""Where a request comes from: the client's address, told by proxies we trust, and the network it is cut to.

Only the cut network is ever used or kept: 256 addresses of IPv4, or the one subnet of IPv6 that a household or office gets
(RFC 6177). Behind it people change their address as they like.
"""

from functools import lru_cache
from ipaddress import ip_network

from django.conf import settings
from django.http import HttpRequest

from campaign.core.crypto import short_key
from campaign.guard.addresses import UNIX_SOCKET, Address, Network, cut_network, parse_address

# This machine and private networks (RFC 1918, 4193, 6598, link-local): a proxy nobody named, not somebody's home. Were one of
# them taken for a client's network, everybody behind that proxy would share its limits.
OWN_NETWORKS = tuple(
    ip_network(text)
    for text in (
        *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10"),
        *("::1/128", "fc00::/7", "fe80::/10"),
    )
)


def client_network(request: HttpRequest) -> str:
    """The client's network, like "203.0.113.0/24" or "2001:db8:1:2::/64"; "" when it is not known or not a public one."""
    text = client_address(request)
    address = parse_address(text)
    return "" if address is None or _is_in(address, OWN_NETWORKS) else cut_network(text)


def network_key(network: str) -> int | None:
    """What finds rows of a cut network without storing it; None for an unknown one."""
    return short_key(network, purpose="network") if network else None


def client_address(request: HttpRequest) -> str:
    """The client's address; "" when it is not known.

    `X-Forwarded-For` is read from its right end, where our own proxy writes, past settings.TRUSTED_PROXIES. An entry that is no
    address ends the walk: what stands before it was written by somebody who writes nonsense.
    """
    peer = request.META.get("REMOTE_ADDR", "").strip()
    if not _is_trusted(peer):
        # Behind a proxy that nobody named, the peer is that proxy and never a client.
        return "" if settings.BEHIND_PROXY and not settings.TRUSTED_PROXIES else _plain(peer)
    client = peer
    for entry in reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")):
        entry = _without_port(entry.strip())
        if parse_address(entry) is None:
            break
        client = entry
        if not _is_trusted(entry):
            break
    return _plain(client)


def _is_trusted(text: str) -> bool:
    if not text:  # a Unix socket has no address
        return UNIX_SOCKET in settings.TRUSTED_PROXIES
    address = parse_address(text)
    return address is not None and _is_in(address, _trusted(tuple(settings.TRUSTED_PROXIES)))


@lru_cache(maxsize=8)
def _trusted(entries: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(ip_network(entry, strict=False) for entry in entries if entry != UNIX_SOCKET)


def _without_port(entry: str) -> str:
    """Some proxies write the port too: 203.0.113.7:4711 or [2001:db8::1]:4711."""
    if entry.startswith("["):
        return entry[1:].partition("]")[0]
    return entry.partition(":")[0] if entry.count(":") == 1 else entry


def _plain(text: str) -> str:
    address = parse_address(text)
    return str(address) if address else ""


def _is_in(address: Address, networks: tuple[Network, ...]) -> bool:
    return any(address in network for network in networks)
