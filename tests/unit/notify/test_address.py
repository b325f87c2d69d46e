from ipaddress import ip_network

import pytest

from notify.webhooks.address import canonical, listed, open_to

CLOSED = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "::ffff:0:127.0.0.1",
    "::ffff:0:a9fe:a9fe",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("text", CLOSED)
def test_no_partner_host_may_have_an_address_of_our_own_or_of_nobody(text: str) -> None:
    assert not open_to(canonical(text), ())


@pytest.mark.parametrize("text", ["1.1.1.1", "223.5.5.5", "::ffff:223.5.5.5", "2400:3200::1", "2606:4700::1111"])
def test_public_addresses_are_open(text: str) -> None:
    assert open_to(canonical(text), ())


def test_the_operator_may_list_a_network() -> None:
    networks = (ip_network("127.0.0.0/8"), ip_network("fd00::/8"))
    assert open_to(canonical("127.0.0.1"), networks)
    assert open_to(canonical("::ffff:127.0.0.1"), networks)
    assert open_to(canonical("fd00::5"), networks)
    assert not open_to(canonical("10.0.0.1"), networks)
    assert not listed(canonical("223.5.5.5"), networks)
