"""Which client a request comes from: its address, as far as it stands for one line to the network."""

from functools import lru_cache
from ipaddress import IPv6Address, IPv6Network, ip_address

from flask import request

NETWORK_BITS = 64
"""Of an IPv6 address: whoever has one has all of its network (RFC 7421), and may send each request from another."""

REMEMBERED = 4096


def client() -> str:
    """By what this request is counted where an address is."""
    return line_of(request.remote_addr or "")


@lru_cache(maxsize=REMEMBERED)
def line_of(address: str) -> str:
    """An IPv4 address as it is, also in IPv6 clothes; of an IPv6 one its network; anything else as it came."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or IPv6Network((int(found), NETWORK_BITS), strict=False))
