"""Which client a request comes from: one line to the network, whatever addresses it has."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from gateway.app import create_app
from gateway.client import line_of
from gateway.settings import Settings
from tests.unit.gateway.fakes import FakeServices

PHONE = {"phone": "12000000001"}


@pytest.mark.parametrize(
    ("address", "line"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:DB8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
        ("192.0.2.1:50001", "192.0.2.1:50001"),
        ("unknown", "unknown"),
        ("", ""),
    ],
)
def test_an_address_stands_for_one_line(address: str, line: str) -> None:
    assert line_of(address) == line


def crowd(ask: Callable[[str], int]) -> list[int]:
    """What is answered to three addresses of one network, and to one of the next."""
    return [ask(address) for address in ("2001:db8::1", "2001:db8::2:1", "2001:db8::ffff:3", "2001:db8:0:1::1")]


@pytest.mark.parametrize(
    "rates", [{"sign_in_rate": "2 per minute"}, {"address_rate": "2 per minute"}], ids=["sign-in", "all"]
)
def test_a_rate_counts_all_addresses_of_a_network_together(
    services: FakeServices, settings: Settings, rates: dict[str, Any]
) -> None:
    services.outcomes["members.request_code"] = {"sign_in_id": "begun", "expires_in": 300}
    anyone = create_app(services, replace(settings, proxies=1, **rates)).test_client()

    def ask(address: str) -> int:
        return anyone.post("/v1/sign-in/code", json=PHONE, headers={"X-Forwarded-For": address}).status_code

    assert crowd(ask) == [202, 202, 429, 202]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v1/sign-in/code", PHONE),
        ("POST", "/v1/sessions", {"login": "dispatcher", "password": "x"}),
        ("POST", "/v1/sessions", {"sign_in_id": "x", "code": "123456"}),
        ("POST", "/v1/me/phone/code", PHONE),
        ("PUT", "/v1/me/password", {"current_password": "x", "new_password": "y"}),
        ("POST", "/v1/me/second-factor", {"password": "x"}),
    ],
)
def test_members_counts_guesses_by_the_same(
    client: FlaskClient, services: FakeServices, method: str, path: str, body: dict[str, str]
) -> None:
    client.open(path, method=method, json=body, environ_base={"REMOTE_ADDR": "2001:db8::1"})
    assert services.last["client"] == "2001:db8::/64"
