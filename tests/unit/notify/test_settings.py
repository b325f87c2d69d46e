"""What notify could not work with ends its start, and names the variable."""

import pytest
from environs import Env, EnvError

from notify.settings import read


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_URL", "javascript:alert(1)"),
        ("MANAGEMENT_URL", "rabbitmq:15672"),
        ("PARTNER_AMQP_URL", "https://events.example"),
        ("WEBHOOK_NETWORKS", "10.0.0.0/8,foo"),
        ("WEBHOOK_NETWORKS", "10.0.0.1/8"),
    ],
)
def test_a_value_that_cannot_be_ends_the_start_with_its_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv("SECRET_KEY", "x")
    monkeypatch.setenv(name, value)
    with pytest.raises(EnvError, match=name):
        read(Env())


def test_each_of_them_may_be_empty_or_said(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {
        "PUBLIC_URL": "https://sandan.example.cn/",
        "MANAGEMENT_URL": "http://sandan:pw@rabbitmq:15672",
        "PARTNER_AMQP_URL": "amqps://events.example:5671/partners",
        "WEBHOOK_NETWORKS": "10.0.0.0/8, fd00::/8",
    }
    monkeypatch.setenv("SECRET_KEY", "x")
    for name in said:
        monkeypatch.setenv(name, "")
    assert not any((read(Env()).public_url, read(Env()).management_url, read(Env()).webhook_networks))
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    assert read(Env()).public_url == "https://sandan.example.cn"
    assert len(read(Env()).webhook_networks) == 2
