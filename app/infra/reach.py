"""Which addresses may be connected to when somebody else has said where.

What stands on the network of this server, or is reached by the way of an older protocol through an
address that looks public, is not for those who use it: only what anybody on the internet reaches.
"""

import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolve = Callable[[str, int], Sequence[str]]

# The one part of IPv6 that is given out for the internet.
_GIVEN_OUT = ip_network("2000::/3")
# Beyond what Python calls not global: its table knows some of these in newer versions alone.
_CLOSED = tuple(
    map(
        ip_network,
        (
            *("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15"),
            # Multicast, and what is reserved.
            *("224.0.0.0/4", "240.0.0.0/4"),
            # Teredo, other special uses, documentation, 6to4: an IPv4 address may be inside.
            *("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
        ),
    )
)


def is_public(address: Address) -> bool:
    """Tell whether an address is one of the internet, with no other one inside it."""
    if isinstance(address, IPv6Address) and address not in _GIVEN_OUT:
        return False
    is_closed = any(address in network for network in _CLOSED)
    return address.is_global and not address.is_multicast and not is_closed


def may_reach(address: str, networks: Sequence[Network] = ()) -> bool:
    """Tell whether an address is public, or in one of the `networks` that the operator allows."""
    return is_public(ip_address(address)) or is_in(address, networks)


def is_in(address: str, networks: Sequence[Network]) -> bool:
    """Tell whether an address is in one of the networks."""
    return any(ip_address(address) in network for network in networks)


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host, as this machine finds them. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    # A zone tells on which wire a link-local address is: no address that may be reached has one.
    return list(dict.fromkeys(str(where[4][0]).partition("%")[0] for where in found))
