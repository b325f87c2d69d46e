"""Periods that things are counted in: what is given, what is assumed, and what is refused."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.deadline import LOCAL
from cases.period import DAY, Parts, parted, spanning
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


MIDNIGHT = datetime(2026, 3, 13, tzinfo=LOCAL)
INSTANTS = st.datetimes(timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("period", "found"),
    [
        ((MIDNIGHT, MIDNIGHT + 2 * DAY), Parts((date(2026, 3, 13), date(2026, 3, 14)), ())),
        ((NOW, MIDNIGHT + 2 * DAY), Parts((date(2026, 3, 14), date(2026, 3, 14)), ((NOW, MIDNIGHT + DAY),))),
        (
            (NOW - 2 * DAY, NOW),
            Parts((date(2026, 3, 12), date(2026, 3, 12)), ((NOW - 2 * DAY, MIDNIGHT - DAY), (MIDNIGHT, NOW))),
        ),
        ((NOW, MIDNIGHT + DAY), Parts(None, ((NOW, MIDNIGHT + DAY),))),
        ((NOW - DAY, NOW), Parts(None, ((NOW - DAY, NOW),))),
    ],
)
def test_a_period_is_its_whole_local_days_and_the_rest(period: tuple[datetime, datetime], found: Parts) -> None:
    assert parted(period) == found


@given(INSTANTS, INSTANTS, INSTANTS)
def test_every_instant_of_a_period_lies_in_one_part_of_it(one: datetime, other: datetime, at: datetime) -> None:
    begins, ends = sorted((one, other))
    found = parted((begins, ends))
    in_rest = sum(first <= at < last for first, last in found.rest)
    day = at.astimezone(LOCAL).date() if at < datetime.max.replace(tzinfo=UTC) - DAY else None
    in_days = found.days is not None and day is not None and found.days[0] <= day <= found.days[1]
    assert in_rest + in_days == (begins <= at < ends)
