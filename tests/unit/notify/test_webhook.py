from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from notify.webhooks.webhook import DELAYS, Answer, Meaning, asked_for, meaning, secret, signed_headers, wait

VECTOR = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NOW = datetime(2026, 3, 12, 11, 40, tzinfo=UTC)


def test_the_published_vector_is_signed_as_published() -> None:
    at = datetime.fromtimestamp(1614265330, UTC)
    headers = signed_headers("msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}', [VECTOR])
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_the_offset_of_the_clock_does_not_change_the_signature() -> None:
    at = datetime.fromtimestamp(1614265330, UTC)
    elsewhere = at.astimezone(datetime.strptime("+0800", "%z").tzinfo)
    assert signed_headers("m", at, b"{}", [VECTOR]) == signed_headers("m", elsewhere, b"{}", [VECTOR])


def test_while_a_secret_changes_either_one_verifies() -> None:
    old, new = secret(b"o" * 32), secret(b"n" * 32)
    headers = signed_headers("m", datetime.now(UTC), '{"名": 1}'.encode(), [new, old])
    for one in (old, new):
        assert Webhook(one).verify('{"名": 1}', headers) == {"名": 1}


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (200, Meaning.DELIVERED),
        (204, Meaning.DELIVERED),
        (299, Meaning.DELIVERED),
        (199, Meaning.FAILED),
        (301, Meaning.FAILED),
        (400, Meaning.FAILED),
        (410, Meaning.GONE),
        (429, Meaning.FAILED),
        (500, Meaning.FAILED),
        (None, Meaning.FAILED),
    ],
)
def test_only_2xx_is_success_and_410_is_the_end(status: int | None, expected: Meaning) -> None:
    assert meaning(Answer(status)) is expected


def test_the_waits_are_those_of_standard_webhooks() -> None:
    middle = [wait(tries, 0.5) for tries in range(1, 10)]
    assert middle == list(DELAYS[1:])
    assert wait(10, 0.5) is None


@given(tries=st.integers(1, 9), chance=st.floats(0, 1, exclude_max=True))
def test_a_wait_strays_by_a_fifth_at_most(tries: int, chance: float) -> None:
    found = wait(tries, chance)
    assert found is not None
    assert DELAYS[tries] * 0.799 <= found <= DELAYS[tries] * 1.201


def test_a_longer_wait_that_the_receiver_asks_for_is_kept() -> None:
    assert wait(1, 0.5, timedelta(minutes=1)) == timedelta(minutes=1)
    assert wait(2, 0.5, timedelta(minutes=1)) == timedelta(minutes=5)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, 0),
        ("120", 120),
        (" 7 ", 7),
        ("0", 0),
        ("-5", 0),
        ("soon", 0),
        ("99999999", 86400),
        ("9" * 40, 0),
        ("Thu, 12 Mar 2026 11:45:00 GMT", 300),
        ("Thu, 12 Mar 2020 11:45:00 GMT", 0),
        ("Thu, 12 Mar 2099 11:45:00 GMT", 86400),
    ],
)
def test_retry_after_is_read_as_seconds_or_date_and_clamped(header: str | None, seconds: int) -> None:
    assert asked_for(Answer(429, retry_after=header), NOW) == timedelta(seconds=seconds)


def test_a_secret_is_one_that_the_library_reads() -> None:
    assert secret(b"\x00" * 32).startswith("whsec_")
    assert Webhook(secret(b"\x01" * 24)).sign("m", NOW, "{}").startswith("v1,")
