"""Whose request it is: the client's address, and what of it may be written down.

Forwarded addresses are taken only from proxies that the configuration trusts; from anybody else
they are a claim that costs nothing to make.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_FOR = re.compile(
    r'(?:^|[;,\s])for="?\[?([0-9a-fA-F.:]+?)\]?(?::\d+)?"?(?=[;,\s]|$)', re.IGNORECASE
)


def parse_networks(text: str) -> tuple[Network, ...]:
    """The networks of a setting: addresses or networks, parted by blanks or commas.

    Raises:
        ValueError: one of them is none.
    """
    return tuple(ip_network(part, strict=False) for part in re.split(r"[\s,]+", text) if part)


def client_of(
    peer: str, forwarded: str | None, x_forwarded_for: str | None, trusted: Iterable[Network]
) -> str:
    """The address of the client behind `peer`.

    Walks the forwarded addresses from the nearest to the farthest and stops at the first that is no
    trusted proxy. `Forwarded` (RFC 7239) wins over `X-Forwarded-For`.

    >>> client_of("10.0.0.1", None, "203.0.113.9, 10.0.0.2", parse_networks("10.0.0.0/8"))
    '203.0.113.9'
    >>> client_of("198.51.100.7", None, "203.0.113.9", parse_networks("10.0.0.0/8"))
    '198.51.100.7'
    """
    networks = tuple(trusted)
    if not networks or not _is_trusted(peer, networks):
        return peer
    if forwarded:
        hops = [match[1] for match in _FOR.finditer(forwarded)]
    else:
        hops = [hop.strip() for hop in (x_forwarded_for or "").split(",") if hop.strip()]
    nearest = peer
    for hop in reversed(hops):
        if _parse(hop) is None:
            break
        nearest = hop
        if not _is_trusted(hop, networks):
            break
    return nearest


@lru_cache(maxsize=4096)
def masked(address: str) -> str:
    """The network that an address lies in, for the log: a /24 of IPv4, a /48 of IPv6.

    >>> masked("203.0.113.77"), masked("2001:db8:1:2::3"), masked("nonsense")
    ('203.0.113.0/24', '2001:db8:1::/48', 'unknown')
    """
    parsed = _parse(address)
    if parsed is None:
        return "unknown"
    return str(ip_network((parsed, 24 if parsed.version == 4 else 48), strict=False))


@lru_cache(maxsize=4096)
def share_of(address: str) -> str:
    """Whom an address counts as in the fair share: itself, or its /64 of IPv6.

    A household or a server is given a whole /64, so its addresses are no different clients.
    """
    parsed = _parse(address)
    if parsed is None or parsed.version == 4:
        return address
    return str(ip_network((parsed, 64), strict=False))


def _is_trusted(address: str, networks: tuple[Network, ...]) -> bool:
    parsed = _parse(address)
    return parsed is not None and any(
        parsed.version == network.version and parsed in network for network in networks
    )


def _parse(address: str) -> Address | None:
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return mapped or parsed
