"""One-time codes: six digits, five minutes, five tries; one a minute and five an hour for who asks from one place."""

from datetime import UTC, datetime, timedelta

import pytest

from chassis.errors import Refusal
from members.accounts.one_time_code import FOR_STRANGERS, OneTimeCode, check, check_quota, hashed, quotas, text_of

NOW = datetime(2026, 3, 12, 11, 40, tzinfo=UTC)
KEY = b"a key for tests"
RIGHT = hashed(KEY, "begun", "123456")
WRONG = hashed(KEY, "begun", "123457")
[OWN, ALL] = quotas("phone", "place", familiar=False)


def code(tries: int = 1) -> OneTimeCode:
    return OneTimeCode("begun", "phone", RIGHT, NOW + timedelta(minutes=5), tries)


def test_a_code_has_six_digits_also_when_the_number_is_small() -> None:
    assert text_of(42) == "000042"


def test_the_hash_depends_on_key_sign_in_and_code() -> None:
    hashes = {RIGHT, WRONG, hashed(KEY, "other", "123456"), hashed(b"other", "begun", "123456")}
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


def test_a_sign_in_that_nobody_began_is_refused_like_a_wrong_code() -> None:
    with pytest.raises(Refusal, match="bad_code"):
        check(None, RIGHT, NOW)


def test_a_second_code_within_a_minute_is_refused_with_the_seconds_to_wait() -> None:
    with pytest.raises(Refusal, match="too_many_codes") as refusal:
        check_quota(OWN, [NOW - timedelta(seconds=20.5)], NOW)
    assert refusal.value.details == {"retry_after": 40}
    check_quota(OWN, [NOW - timedelta(seconds=60)], NOW)


def test_the_sixth_code_within_an_hour_is_refused_until_the_first_is_an_hour_old() -> None:
    sent = [NOW - timedelta(minutes=minutes) for minutes in (50, 40, 30, 20, 10)]
    with pytest.raises(Refusal, match="too_many_codes") as refusal:
        check_quota(OWN, sent, NOW)
    assert refusal.value.details == {"retry_after": 600}
    check_quota(OWN, sent, NOW + timedelta(minutes=10))


def test_strangers_together_get_so_many_codes_for_a_phone_without_a_pause() -> None:
    check_quota(ALL, [NOW] * (FOR_STRANGERS - 1), NOW)
    with pytest.raises(Refusal, match="too_many_codes") as refusal:
        check_quota(ALL, [NOW] * FOR_STRANGERS, NOW)
    assert refusal.value.details == {"retry_after": 3600}


def test_a_familiar_place_has_a_quota_of_its_own_alone() -> None:
    assert quotas("phone", "place", familiar=True) == (OWN,)
