"""The client of a request: its address, and what of it may be logged.

Forwarded addresses are taken only from proxies that the configuration trusts; anyone else
can forge them.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

#: A scheme, a host and a port: https://www.rfc-editor.org/rfc/rfc6454#section-6.2
_ORIGIN = re.compile(r"https?://([a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::[0-9]{1,5})?")
_LOOPBACK = frozenset(("localhost", "127.0.0.1", "[::1]"))

#: What may stand around the parts of a header field.
_BLANKS = " \t"


def parse_networks(text: str) -> tuple[Network, ...]:
    """The networks of a setting: addresses or networks, separated by blanks or commas.

    Raises:
        ValueError: one of them is not an address or network.
    """
    return tuple(ip_network(part, strict=False) for part in re.split(r"[\s,]+", text) if part)


def find_client(
    peer: str, forwarded: str | None, x_forwarded_for: str | None, trusted: Iterable[Network]
) -> str:
    """The address of the client behind `peer`.

    Walks the forwarded addresses from the nearest to the farthest and stops at the first that is
    not a trusted proxy. Only one field is read: `X-Forwarded-For` where there is one, since the
    proxies that write it pass a `Forwarded` (RFC 7239) of the client's own on; `Forwarded` where
    there is none.

    Args:
        peer: the address at the other end of the connection.
        forwarded: the field `Forwarded`; several are joined by commas.
        x_forwarded_for: the field `X-Forwarded-For`, likewise.
        trusted: the networks of trusted proxies.

    >>> find_client("10.0.0.1", None, "203.0.113.9, 10.0.0.2", parse_networks("10.0.0.0/8"))
    '203.0.113.9'
    >>> find_client("10.0.0.1", "for=192.0.2.1", "203.0.113.9", parse_networks("10.0.0.0/8"))
    '203.0.113.9'
    >>> find_client("198.51.100.7", None, "203.0.113.9", parse_networks("10.0.0.0/8"))
    '198.51.100.7'
    """
    networks = tuple(trusted)
    nearest = peer
    for hop in _hops(forwarded, x_forwarded_for):
        if not _is_trusted(nearest, networks):
            break
        parsed = _parse(hop)
        if parsed is None:
            break
        nearest = str(parsed)
    return nearest


def _hops(forwarded: str | None, x_forwarded_for: str | None) -> Iterator[str]:
    """The forwarded addresses, nearest first, without ports and brackets.

    What a client sends stands before what proxies append. Reading from the end, and splitting at
    every comma, even a quoted string that a client leaves open swallows nothing of theirs.
    """
    if x_forwarded_for is not None:
        nodes = x_forwarded_for.split(",")
    else:
        nodes = [_for(element) for element in (forwarded or "").split(",")]
    for node in reversed(nodes):
        address = node.strip(_BLANKS)
        if address.startswith("["):
            address = address[1:].partition("]")[0]
        elif address.count(":") == 1:
            address = address.partition(":")[0]
        if address:
            yield address


def _for(element: str) -> str:
    """The node that made the request, of an element of `Forwarded`; `unknown` where none is named.

    https://www.rfc-editor.org/rfc/rfc7239#section-4
    """
    for pair in element.split(";"):
        name, _, value = pair.partition("=")
        if name.strip(_BLANKS).lower() == "for":
            return value.strip(_BLANKS).strip('"')
    return "unknown" if element.strip(_BLANKS) else ""


def parse_origins(text: str) -> frozenset[str]:
    """The origins of a setting: `https://example.org`, separated by blanks or commas.

    Raises:
        ValueError: one of them is not an origin.
    """
    found = frozenset(part.lower() for part in re.split(r"[\s,]+", text) if part)
    for each in found:
        if not _ORIGIN.fullmatch(each):
            raise ValueError(f"{each!r} is not an origin such as https://example.org")
    return found


def is_allowed_origin(origin: str, allowed: Collection[str]) -> bool:
    """Whether a page of `origin` may call what is not for every page.

    Those of this machine may: a name that somebody lets point here is never one of them.

    >>> is_allowed_origin("http://localhost:6274", ()), is_allowed_origin("https://example.org", ())
    (True, False)
    """
    known = origin.lower()
    match = _ORIGIN.fullmatch(known)
    return match is not None and (known in allowed or match[1] in _LOOPBACK)


@lru_cache(maxsize=4096)
def mask_address(address: str) -> str:
    """The network that an address lies in, for the log: a /24 of IPv4, a /48 of IPv6.

    >>> mask_address("203.0.113.77"), mask_address("2001:db8:1:2::3"), mask_address("nonsense")
    ('203.0.113.0/24', '2001:db8:1::/48', 'unknown')
    """
    parsed = _parse(address)
    if parsed is None:
        return "unknown"
    return str(ip_network((parsed, 24 if parsed.version == 4 else 48), strict=False))


@lru_cache(maxsize=4096)
def find_share(address: str) -> str:
    """The client that an address counts as: itself, or its /64 of IPv6.

    A household or a server has a whole /64, so its addresses are not different clients.
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
    if isinstance(parsed, IPv4Address):
        return parsed
    # The zone of a link-local address is any text, and means something on its own machine alone.
    return None if parsed.scope_id else parsed.ipv4_mapped or parsed
