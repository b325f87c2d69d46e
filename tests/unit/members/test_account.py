"""Wrong passwords are put up with five times in a quarter of an hour; passwords are kept as argon2id."""

from datetime import UTC, datetime, timedelta

import pytest

from chassis.errors import Refusal
from members.accounts import password
from members.accounts.account import FROM_ONE_ADDRESS, check_failures, limits

NOW = datetime(2026, 3, 12, 11, 40, tzinfo=UTC)


def test_four_failures_are_put_up_with_and_a_fifth_is_not() -> None:
    failures = [NOW - timedelta(minutes=minutes) for minutes in (14, 10, 5, 1)]
    check_failures(failures, FROM_ONE_ADDRESS, NOW)
    with pytest.raises(Refusal, match="too_many_sign_ins") as refusal:
        check_failures([*failures, NOW], FROM_ONE_ADDRESS, NOW)
    assert refusal.value.details == {"retry_after": 60}


def test_failures_are_forgotten_after_a_quarter_of_an_hour() -> None:
    check_failures([NOW - timedelta(minutes=15)] * 9, FROM_ONE_ADDRESS, NOW)


def test_only_strangers_are_counted_together() -> None:
    assert [limit.print for limit in limits("login", "place", familiar=False)] == ["place", "login"]
    assert [limit.print for limit in limits("login", "place", familiar=True)] == ["place"]


def test_a_password_is_kept_as_argon2id_and_recognised() -> None:
    kept = password.hashed("correct horse")
    assert kept.startswith("$argon2id$")
    assert password.matches(kept, "correct horse")
    assert not password.matches(kept, "wrong horse")


def test_no_password_belongs_to_nobody() -> None:
    assert not password.matches(None, "the account that nobody has")


def test_a_damaged_hash_matches_nothing() -> None:
    assert not password.matches("no hash at all", "correct horse")
