"""Which addresses of the network are public: what a server or a command may call for others."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address

#: IPv4 addresses behind a translator (RFC 6052): the last 32 bits are the real one.
_NAT64 = IPv6Network("64:ff9b::/96")
#: Tunnels that hold an IPv4 address (6to4, Teredo), and translators of a local network (RFC 8215).
_TUNNELS = tuple(map(IPv6Network, ("2002::/16", "2001::/32", "64:ff9b:1::/48")))


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
