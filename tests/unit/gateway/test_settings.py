"""What no gateway could work with ends its start, and names the variable."""

import pytest
from environs import Env, EnvError

from gateway.settings import Settings, read
from tests.unit.gateway.fakes import SEED

NEEDED = {
    "TOKEN_KEY": SEED,
    "CASES_URL": "http://c:8100",
    "MEMBERS_URL": "http://m:8100",
    "NOTIFY_URL": "http://n:8100",
}


def settings(monkeypatch: pytest.MonkeyPatch, **said: str) -> Settings:
    for name, value in {**NEEDED, **said}.items():
        monkeypatch.setenv(name, value)
    return read(Env())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GATEWAY_PORT", "99999"),
        ("TOKEN_KEY", "x"),
        ("TOKEN_KEY", f"{SEED},x"),
        ("CASES_URL", ""),
        ("CASES_URL", "foo"),
        ("CASES_URL", "http://cases:99999"),
        ("CASES_URL", " ,"),
        ("MEMBERS_URL", "ftp://members"),
        ("NOTIFY_URL", "http://"),
        ("ACCESS_SECONDS", "-5"),
        ("ACCESS_SECONDS", "31536000"),
        ("SIGN_IN_RATE", "abc"),
        ("READING_RATE", ""),
        ("STATION_USE_RATE", "-1 per minute"),
        ("ANONYMOUS_RATE", "60"),
        ("PERSON_RATE", "0 per minute"),
        ("ADDRESS_RATE", "60 per minute; 600 per hour"),
        ("RATE_STORE", "foo://x"),
        ("RATE_STORE", "memory"),
        ("PUBLIC_URL", "javascript:alert(1)"),
        ("PUBLIC_URL", "sandan.example.cn"),
        ("PUBLIC_URL", 'https://sandan.example.cn/"><b>'),
        ("STREAMS", "0"),
    ],
)
def test_a_value_that_cannot_be_ends_the_start_with_its_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    with pytest.raises(EnvError, match=name) as refused:
        settings(monkeypatch, **{name: value})
    assert SEED not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CASES_URL", "http://cases_1:8100"),
        ("CASES_URL", "https://[::1]:8100"),
        ("CASES_URL", "http://127.0.0.1"),
        ("ACCESS_SECONDS", "86400"),
        ("SIGN_IN_RATE", "10/second"),
        ("PERSON_RATE", "1000 per 5 minutes"),
        ("RATE_STORE", "mongodb://gateway:pw@mongodb:27017/?replicaSet=rs0"),
        ("PUBLIC_URL", ""),
        ("PUBLIC_URL", "https://例子.cn:8443/sandan"),
    ],
)
def test_what_a_gateway_can_work_with_is_taken(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    told = vars(settings(monkeypatch, **{name: value}))
    assert told.get(name.lower(), told["cases_urls"]) in {value, int(value) if value.isdecimal() else (value,)}


def test_of_several_addresses_none_has_a_stroke_at_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings(monkeypatch, CASES_URL="http://a:1/, http://b:2,").cases_urls == ("http://a:1", "http://b:2")
