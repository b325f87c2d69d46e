"""Periods that things are counted in: what is given, what is assumed, and what is refused."""

from datetime import UTC, datetime, timedelta

import pytest

from cases.deadline import LOCAL
from cases.period import spanning
from chassis.errors import Refusal

NOW = datetime(2026, 3, 13, 9, tzinfo=LOCAL)
FIRST = datetime.min.replace(tzinfo=UTC)


def test_the_last_thirty_days_until_the_end_of_today_unless_others_are_named() -> None:
    tonight = datetime(2026, 3, 14, tzinfo=LOCAL)
    assert spanning(None, None, NOW) == (tonight - timedelta(days=30), tonight)
    assert spanning(None, NOW, NOW) == (NOW - timedelta(days=30), NOW)
    assert spanning(NOW, None, NOW) == (NOW, tonight)


@pytest.mark.parametrize("until", [FIRST, FIRST + timedelta(days=29)])
def test_what_ends_in_the_first_days_of_the_calendar_is_refused(until: datetime) -> None:
    with pytest.raises(Refusal, match="invalid"):
        spanning(None, until, NOW)
