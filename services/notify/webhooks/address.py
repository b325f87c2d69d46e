"""Which addresses this service may connect to when a partner names the host; pure, no look-ups."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

CLOSED: tuple[Network, ...] = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared address space of carriers
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local, where clouds keep their metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/128",
        "::1/128",
        "::/96",  # IPv4-compatible, deprecated: could hide any IPv4 address
        "::ffff:0:0:0/96",  # IPv4-translated (SIIT): hides any IPv4 address
        "64:ff9b::/96",  # NAT64: hides any IPv4 address
        "64:ff9b:1::/48",
        "100::/64",  # discard
        "2001::/23",  # Teredo, ORCHID and other special assignments
        "2001:db8::/32",
        "2002::/16",  # 6to4: hides any IPv4 address
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",  # site-local, deprecated
        "ff00::/8",
    )
)
"""Not for partners (IANA special-purpose address registries), unless the operator lists a network."""


def canonical(text: str) -> Address:
    """The address that `text` stands for, an IPv4 one in IPv6 clothes undressed; raises ValueError."""
    address = ip_address(text)
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def listed(address: Address, networks: Sequence[Network]) -> bool:
    """Whether the operator has listed a network that holds this address."""
    return any(address in network for network in networks)


def open_to(address: Address, networks: Sequence[Network]) -> bool:
    """Whether a partner's host may have this address."""
    if listed(address, networks):
        return True
    return address.is_global and not any(address in network for network in CLOSED)
