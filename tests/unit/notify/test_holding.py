"""When a lease is renewed: not for what is quickly through, and early enough for a try that takes its time."""

from datetime import UTC, datetime, timedelta

import pytest

from notify.messages.holding import LEASE, short

NOW = datetime(2026, 3, 12, 11, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "renewed"), [(LEASE, False), (LEASE / 2, False), (LEASE / 2 - timedelta(milliseconds=1), True)]
)
def test_a_lease_is_renewed_when_less_than_half_of_it_is_left(left: timedelta, renewed: bool) -> None:
    assert short(NOW + left, NOW) is renewed


@pytest.mark.parametrize("ago", [timedelta(0), LEASE])
def test_a_lease_that_has_lapsed_is_renewed_if_at_all(ago: timedelta) -> None:
    assert short(NOW - ago, NOW)
