"""Addresses and networks as text and back. Imports nothing of Django: settings use it."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

KEPT_BITS = {4: 24, 6: 64}
UNIX_SOCKET = "unix"


class ProxyFormatError(ValueError):
    """RECLAIM_TRUSTED_PROXIES does not have the promised form."""


def parse_proxies(entries: list[str]) -> list[str]:
    """Networks, addresses, and "unix" for whoever comes through a Unix socket. Raises ProxyFormatError, which names the entry."""
    for position, entry in enumerate(entries, start=1):
        try:
            parsed = None if entry.strip() == UNIX_SOCKET else ip_network(entry.strip(), strict=False)
        except ValueError:
            raise ProxyFormatError(
                f"RECLAIM_TRUSTED_PROXIES, entry {position}: write a network like 10.0.0.0/8, an address, or unix."
            ) from None
        if parsed is not None and parsed.prefixlen == 0:
            raise ProxyFormatError(
                f"RECLAIM_TRUSTED_PROXIES, entry {position}: this trusts the whole Internet. Name your own proxies."
            )
    return [entry.strip() for entry in entries]


@lru_cache(maxsize=1_000)
def parse_address(text: str) -> Address | None:
    """An address without its zone; IPv4 in IPv6 clothing (::ffff:203.0.113.7) is IPv4. None for anything else."""
    try:
        address = ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def cut_network(address: str) -> str:
    """The network of an address: a /24 of IPv4 (also when it is written in IPv6), a /64 of IPv6; "" for what is no address."""
    parsed = parse_address(address)
    return str(kept_network(parsed)) if parsed else ""


def kept_network(address: Address) -> Network:
    return ip_network(
        (int(address).to_bytes(address.max_prefixlen // 8, "big"), KEPT_BITS[address.version]), strict=False
    )
