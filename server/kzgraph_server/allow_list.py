"""Which endpoints may be called, and at which addresses of the network.

A name can resolve to any address, so an endpoint on the list must also resolve to a public one, or
to one in a network that the operator permits. It is resolved once, and the connection goes to an
address that was checked: DNS rebinding gains nothing.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from kzgraph.public_address import Address, is_public

#: How many addresses of one name are tried.
_MAX_ADDRESSES = 4


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


async def look_up(host: str, port: int) -> list[Address]:
    """The addresses of `host`, by the system's resolver.

    Raises:
        OSError: it has none.
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [ip_address(where[0]) for *_, where in found]


def permits_also(networks: Collection[IPv4Network | IPv6Network]) -> Callable[[Address], bool]:
    """Whether an address may be called: every public one, and those in `networks`."""
    return lambda address: is_public(address) or any(address in each for each in networks)


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
