"""One-time codes: six digits, five minutes, five tries, one a minute and five an hour."""

from datetime import UTC, datetime, timedelta

import pytest

from chassis.errors import Refusal
from members.one_time_code import OneTimeCode, check, hashed, issue, text_of

NOW = datetime(2026, 3, 12, 11, 40, tzinfo=UTC)
KEY = b"a key for tests"
RIGHT = hashed(KEY, "print", "123456")
WRONG = hashed(KEY, "print", "123457")


def code(tries: int = 1) -> OneTimeCode:
    return OneTimeCode("print", RIGHT, NOW + timedelta(minutes=5), (NOW,), tries)


def test_a_code_has_six_digits_also_when_the_number_is_small() -> None:
    assert text_of(42) == "000042"


def test_the_hash_depends_on_key_phone_and_code() -> None:
    hashes = {RIGHT, WRONG, hashed(KEY, "other", "123456"), hashed(b"other", "print", "123456")}
    assert len(hashes) == 4
    assert "123456" not in RIGHT


def test_the_right_code_passes() -> None:
    check(code(), RIGHT, NOW + timedelta(minutes=4, seconds=59))


def test_a_wrong_code_is_refused_with_the_tries_that_are_left() -> None:
    with pytest.raises(Refusal, match="bad_code") as refusal:
        check(code(tries=2), WRONG, NOW)
    assert refusal.value.details == {"tries_left": 3}


def test_the_sixth_try_is_refused_although_the_code_is_right() -> None:
    check(code(tries=5), RIGHT, NOW)
    with pytest.raises(Refusal, match="too_many_tries"):
        check(code(tries=6), RIGHT, NOW)


def test_a_code_expires_after_five_minutes() -> None:
    with pytest.raises(Refusal, match="code_expired"):
        check(code(), RIGHT, NOW + timedelta(minutes=5))


def test_a_phone_without_a_code_is_refused_like_a_wrong_code() -> None:
    with pytest.raises(Refusal, match="bad_code"):
        check(None, RIGHT, NOW)


def test_a_new_code_lives_five_minutes_and_has_no_tries_yet() -> None:
    fresh = issue("print", RIGHT, [], NOW)
    assert (fresh.expires_at, fresh.sent, fresh.tries) == (NOW + timedelta(minutes=5), (NOW,), 0)


def test_a_second_code_within_a_minute_is_refused_with_the_seconds_to_wait() -> None:
    with pytest.raises(Refusal, match="too_many_codes") as refusal:
        issue("print", RIGHT, [NOW - timedelta(seconds=20.5)], NOW)
    assert refusal.value.details == {"retry_after": 40}
    assert issue("print", RIGHT, [NOW - timedelta(seconds=60)], NOW).sent[-1] == NOW


def test_the_sixth_code_within_an_hour_is_refused_until_the_first_is_an_hour_old() -> None:
    sent = [NOW - timedelta(minutes=minutes) for minutes in (50, 40, 30, 20, 10)]
    with pytest.raises(Refusal, match="too_many_codes") as refusal:
        issue("print", RIGHT, sent, NOW)
    assert refusal.value.details == {"retry_after": 600}
    assert issue("print", RIGHT, sent, NOW + timedelta(minutes=10)).sent[0] == sent[1]
