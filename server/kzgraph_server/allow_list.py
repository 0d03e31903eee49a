"""Which endpoints may be called, and at which addresses of the network.

A name can resolve to any address, so an endpoint on the list must also resolve to a public one. It
is resolved once, and the connection goes to an address that was checked: DNS rebinding gains
nothing.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

Address = IPv4Address | IPv6Address

#: How many addresses of one name are tried.
_MAX_ADDRESSES = 4

#: IPv4 addresses behind a translator (RFC 6052): the last 32 bits are the real one.
_NAT64 = IPv6Network("64:ff9b::/96")
#: Tunnels that hold an IPv4 address (6to4, Teredo), and translators of a local network (RFC 8215).
_TUNNELS = tuple(map(IPv6Network, ("2002::/16", "2001::/32", "64:ff9b:1::/48")))


def allow_list(value: str) -> frozenset[str]:
    """The endpoints in the setting `value`, blank-separated addresses.

    An endpoint is called if its address is in the list character for character.

    Raises:
        ValueError: one of them is not an http or https address of an endpoint.
    """
    endpoints = value.split()
    for endpoint in endpoints:
        if not _is_endpoint(endpoint):
            raise ValueError(
                f"{endpoint[:80]!r} is not the address of an endpoint that may be called: "
                "write http:// or https://, a host and a path, without a user and a fragment"
            )
    return frozenset(endpoints)


def _is_endpoint(text: str) -> bool:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and bool(parts.hostname)
        and port != 0
        and "@" not in parts.netloc
        and "#" not in text
        and text.isascii()
        and text.isprintable()
        and not any(character in text for character in '<>"{}|\\^`')
    )


def split(endpoint: str) -> tuple[SplitResult, str, int]:
    """The parts of an address on the list, its host, and its port."""
    parts = urlsplit(endpoint)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return parts, parts.hostname or "", port


def is_public(address: Address) -> bool:
    """Whether `address` is public, also where it embeds another one."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address in _NAT64:
            return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
        if address.is_site_local or any(address in network for network in _TUNNELS):
            return False
    # Python calls some multicast and reserved addresses global.
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified
    )


async def look_up(host: str, port: int) -> list[Address]:
    """The addresses of `host`, by the system's resolver.

    Raises:
        OSError: it has none.
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [ip_address(where[0]) for *_, where in found]


@dataclass(frozen=True)
class Network:
    """How names are resolved and which addresses may be called; tests pass their own.

    Attributes:
        look_up: the addresses of a host and port.
        permits: whether an address may be called.
    """

    look_up: Callable[[str, int], Awaitable[list[Address]]] = look_up
    permits: Callable[[Address], bool] = is_public

    async def addresses(self, host: str, port: int) -> list[Address]:
        """Where to connect for `host`, in the order to try.

        Raises:
            PermissionError: one of its addresses may not be called; then none is.
            OSError: it has none.
        """
        found = list(dict.fromkeys(await self.look_up(host, port)))
        if not found:
            raise OSError(f"{host} has no address")
        if not all(map(self.permits, found)):
            raise PermissionError(host)
        return found[:_MAX_ADDRESSES]
