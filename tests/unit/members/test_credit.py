"""What services count: docs/domain.md §3.3, by its own examples and by what holds for any of them."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from members.hours.credit import (
    MOST_A_DAY,
    Served,
    credited,
    first_of,
    length,
    merged,
    shown_hours,
    total,
    without,
)
from members.people.person import LOCAL

THURSDAY = date(2026, 3, 12)
FRIDAY = THURSDAY + timedelta(days=1)
MINUTE = timedelta(minutes=1)
TWO_HOURS = timedelta(hours=2)


def at(clock: str, day: date = THURSDAY) -> datetime:
    hour, minute = (int(each) for each in clock.split(":"))
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LOCAL)


def served(*times: str, id: str = "a", planned: timedelta | None = None, breaks: int = 0) -> Served:
    """The service with the stints named as `09:00-11:00`, on Thursday."""
    pairs = tuple((at(each[:5]), at(each[6:])) for each in times)
    return Served(id, pairs, planned, timedelta(minutes=breaks))


def minutes(*services: Served) -> int:
    return total(credited(services))


def test_from_two_past_nine_until_five_past_eleven_are_123_minutes_shown_as_two_hours() -> None:
    """F44: planned 09:00–11:00."""
    found = minutes(served("09:02-11:05", planned=TWO_HOURS))
    assert (found, shown_hours(found)) == (123, 2.0)


def test_the_electrician_of_the_lamp_has_125_minutes_on_two_days() -> None:
    lamp = Served("case", ((at("20:20"), at("20:55")), (at("17:00", FRIDAY), at("18:30", FRIDAY))))
    found = credited([lamp])
    assert found == {("case", THURSDAY): 35, ("case", FRIDAY): 90}
    assert shown_hours(total(found)) == 2.0


def test_a_service_counts_half_an_hour_more_than_planned_at_most() -> None:
    assert minutes(served("09:00-12:00", planned=TWO_HOURS)) == 150
    assert minutes(served("09:00-11:30", planned=TWO_HOURS)) == 150
    assert minutes(served("09:00-12:00")) == 180


def test_less_than_a_quarter_of_an_hour_counts_nothing() -> None:
    assert minutes(served("09:00-09:14")) == 0
    assert minutes(served("09:00-09:15")) == 15
    assert minutes(served("09:00-09:30", breaks=16)) == 0


def test_breaks_do_not_count_and_who_was_out_has_had_them() -> None:
    assert minutes(served("09:00-12:00", breaks=30)) == 150
    assert minutes(served("09:00-10:00", "10:30-12:00", breaks=30)) == 150
    assert minutes(served("09:00-10:00", "10:10-12:00", breaks=30)) == 150
    assert minutes(served("09:00-10:00", breaks=90)) == 0


def test_what_two_services_share_counts_once_for_the_one_that_began_first() -> None:
    first, second = served("09:00-11:00", id="b"), served("10:00-12:00", id="a")
    assert credited([first, second]) == {("b", THURSDAY): 120, ("a", THURSDAY): 60}


def test_a_service_that_counts_nothing_takes_nothing_from_another() -> None:
    short, long = served("09:00-09:10", id="short"), served("09:05-10:00", id="long")
    assert credited([short, long]) == {("long", THURSDAY): 55}


def test_what_was_cut_off_one_service_may_count_for_another() -> None:
    over, other = served("09:00-12:00", id="over", planned=timedelta(hours=1)), served("11:00-12:00", id="other")
    assert credited([over, other]) == {("over", THURSDAY): 90, ("other", THURSDAY): 60}


def test_of_one_day_eight_hours_count_at_most_over_all_services() -> None:
    found = credited([served("06:00-12:00", id="a"), served("12:00-16:00", id="b"), served("18:00-19:00", id="c")])
    assert found == {("a", THURSDAY): 360, ("b", THURSDAY): 120}


def test_a_stint_over_midnight_counts_on_both_days() -> None:
    night = Served("a", ((at("23:50"), at("00:10", FRIDAY)),), timedelta(minutes=20))
    assert credited([night]) == {("a", THURSDAY): 10, ("a", FRIDAY): 10}


def test_the_day_is_the_local_one() -> None:
    early = Served("a", ((datetime(2026, 3, 11, 16, 0, tzinfo=UTC), datetime(2026, 3, 11, 17, 0, tzinfo=UTC)),))
    assert credited([early]) == {("a", THURSDAY): 60}


def test_hours_are_cut_to_one_decimal_and_never_rounded_up() -> None:
    assert [shown_hours(each) for each in (0, 5, 6, 119, 125, 1475)] == [0.0, 0.0, 0.1, 1.9, 2.0, 24.5]


moments = some.integers(min_value=0, max_value=4 * 24 * 3600).map(
    lambda seconds: datetime(2026, 3, 10, tzinfo=UTC) + timedelta(seconds=seconds)
)
intervals = some.tuples(moments, some.integers(min_value=0, max_value=20 * 3600)).map(
    lambda pair: (pair[0], pair[0] + timedelta(seconds=pair[1]))
)
lengths = some.integers(min_value=0, max_value=600).map(lambda minutes: timedelta(minutes=minutes))
services = some.lists(
    some.builds(
        Served,
        some.uuids().map(str),
        some.lists(intervals, max_size=4).map(tuple),
        some.none() | lengths,
        some.just(timedelta(0)) | lengths,
    ),
    max_size=6,
)


@given(services)
def test_no_day_has_more_than_eight_hours(given_services: list[Served]) -> None:
    days: defaultdict[date, int] = defaultdict(int)
    for (_, day), found in credited(given_services).items():
        assert found > 0
        days[day] += found
    assert all(each <= MOST_A_DAY for each in days.values())


@given(services)
def test_no_day_has_more_than_the_union_of_its_stints(given_services: list[Served]) -> None:
    union = merged(each for served in given_services for each in served.stints)
    found = credited(given_services)
    for day in {day for _, day in found}:
        begins = datetime(day.year, day.month, day.day, tzinfo=LOCAL)
        outside = without(union, [(begins, begins + timedelta(days=1))])
        on_day = sum(each for (_, of), each in found.items() if of == day)
        assert on_day * MINUTE <= length(union) - length(outside)


@given(services)
def test_no_service_counts_more_than_its_own_time_less_breaks_or_than_planned_and_half_an_hour(
    given_services: list[Served],
) -> None:
    found = credited(given_services)
    for served in given_services:
        own = sum(each for (id, _), each in found.items() if id == served.id) * MINUTE
        spans = [*served.stints]
        last = max((ends for _, ends in spans), default=None)
        first = min((begins for begins, _ in spans), default=None)
        assert own <= length(merged(spans))
        assert last is None or first is None or own <= max(last - first - served.breaks, timedelta(0))
        assert served.planned is None or own <= served.planned + timedelta(minutes=30)


@given(services, some.randoms())
def test_the_order_of_services_and_stints_does_not_matter(given_services: list[Served], chance: object) -> None:
    shuffled = [
        Served(each.id, tuple(reversed(each.stints)), each.planned, each.breaks) for each in reversed(given_services)
    ]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert credited(shuffled) == credited(given_services)


@given(services)
def test_whoever_serves_twice_at_once_has_no_more_than_once(given_services: list[Served]) -> None:
    doubled = [
        *given_services,
        *(Served(f"{each.id}-again", each.stints, each.planned, each.breaks) for each in given_services),
    ]
    assert total(credited(doubled)) <= length(merged(i for each in given_services for i in each.stints)) / MINUTE


@given(some.lists(intervals, max_size=5), some.lists(intervals, max_size=5))
def test_what_is_left_and_what_is_taken_make_the_whole(
    left: list[tuple[datetime, datetime]], taken: list[tuple[datetime, datetime]]
) -> None:
    assert length(without(left, taken)) == length(merged([*left, *taken])) - length(merged(taken))


@given(some.lists(intervals, max_size=5), lengths)
def test_the_first_of_some_time_is_as_long_as_asked_or_all(
    found: list[tuple[datetime, datetime]], most: timedelta
) -> None:
    own = merged(found)
    assert length(first_of(own, most)) == min(length(own), most)
