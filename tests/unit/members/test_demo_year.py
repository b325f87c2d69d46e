"""The volunteers' year of the demo is what docs/domain.md §8.2 counts, and what the product's own rules make of it."""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from operator import itemgetter
from random import Random

import pytest

from members.activities import fault as activity_fault
from members.bookings import booking as bookings
from members.demo.coming import Coming, coming
from members.demo.district import District, district
from members.demo.service_year import ServiceYear, service_year
from members.disclosure import around
from members.hours.credit import credited, total
from members.hours.ledger import Row
from members.hours.record import Record, State
from members.hours.record import volunteers as serves_as_volunteer
from members.people.person import LOCAL
from members.posts.post import local_day
from members.rotation.turn import BOUND, Why
from members.series.recurrence import faults
from members.series.series import Fate, dates
from members.signups.settling import changes
from members.signups.signup import State as Place
from members.stations.funnel import Visitor, counted, once_each

NOW = datetime(2026, 3, 31, 18, tzinfo=LOCAL)
VOLUNTEER = "p-volunteer-0007"


@pytest.fixture(scope="module")
def demo() -> District:
    return district()


@pytest.fixture(scope="module")
def year(demo: District) -> ServiceYear:
    return service_year(demo, NOW)


def ahead(demo: District, now: datetime = NOW) -> Coming:
    return coming([each.person for each in demo.people], demo.venues, Random("a seed"), now)


def test_the_seed_makes_the_same_year_every_time(demo: District, year: ServiceYear) -> None:
    assert service_year(demo, NOW) == year
    assert service_year(demo, NOW, seed=1) != year


def test_36_of_39_thursdays_take_place_and_holidays_are_skipped_by_name(year: ServiceYear) -> None:
    found = dates(year.series)
    assert {each.day: each.holiday for each in found if each.fate is Fate.HOLIDAY} == {
        date(2025, 10, 2): "国庆节",
        date(2026, 1, 1): "元旦",
        date(2026, 2, 19): "春节",
    }
    held = [muster.activity.day for muster in year.musters]
    assert (len(found), len(held)) == (39, 36)
    assert held == [each.day for each in found if each.takes_place]
    assert (held[0], held[-1]) == (date(2025, 7, 3), date(2026, 3, 26))


def test_of_an_earlier_moment_nothing_is_told_that_has_not_happened_yet(demo: District, year: ServiceYear) -> None:
    now = datetime(2026, 3, 12, 19, 40, tzinfo=LOCAL)
    found = service_year(demo, now)
    assert [*found.musters, *found.plans] == [*year.musters[:34], *year.plans[:34]]
    assert max(found.series.published) == date(2026, 3, 12)
    assert found.series.next_at is not None
    assert found.series.next_at < now
    assert year.series.next_at is None
    told = [each.record.decided_at or each.record.recorded_at for each in found.recorded]
    told += [row.entered_at for each in found.recorded for row in each.rows]
    assert now - timedelta(days=7) < max(told) <= now
    assert max(use.day for use in found.uses) == date(2026, 3, 11)
    assert max([each.day for each in found.guests] + [each.on for each in found.points]) < now.date()
    assert service_year(demo, datetime(2025, 7, 1, 8, tzinfo=LOCAL)).recorded == []


def test_much_later_too_the_records_of_the_last_day_wait_for_the_office(demo: District, year: ServiceYear) -> None:
    found = service_year(demo, NOW + timedelta(days=400))
    waiting = [each.record for each in found.recorded if each.record.state is State.PENDING]
    assert {each.source_id for each in waiting} == {year.musters[-1].activity.id}


def test_about_95_people_come_each_time_most_with_a_place_and_some_do_not_come(year: ServiceYear) -> None:
    sizes = [len(muster.attendance) for muster in year.musters]
    assert sum(sizes) / len(sizes) == pytest.approx(95, abs=2)
    assert all(85 <= size <= 105 for size in sizes)
    for muster in year.musters:
        had = {each.person_id for each in muster.signups}
        came = Counter(each.person_id for each in muster.attendance)
        assert max(came.values()) == 1
        assert {each.person_id for each in muster.attendance if each.walk_in} == came.keys() - had
        assert had - came.keys()
        assert changes(muster.activity, muster.signups, muster.activity.begins - timedelta(days=1)) == []


def test_nobody_of_the_street_lamp_comes_and_nobody_on_duty(demo: District, year: ServiceYear) -> None:
    people = {each.person.id: each.person for each in demo.people}
    came = {each.person_id for muster in year.musters for each in muster.attendance}
    assert not came & {"p-member", "p-second-member", "p-worker", "p-second-worker", "p-party-office"}
    at, grid = year.musters[0].activity.begins, year.musters[0].activity.grid_code
    assert all(people[id].active and serves_as_volunteer(people[id], grid, at) for id in came)
    roles = Counter(grant.role for id in came for grant in people[id].grants)
    assert min(roles["in_service_member"], roles["volunteer"]) > 300


def test_every_compound_is_visited_in_any_12_service_days_by_teams_that_change(year: ServiceYear) -> None:
    visits = [{visit.compound_id for visit in day.visits} for day in year.served]
    assert {len(each) for each in visits} == {18}
    for n in range(len(visits) - BOUND + 1):
        assert len(set().union(*visits[n : n + BOUND])) == 140
    assert [set(muster.activity.compounds) for muster in year.musters] == visits
    assert not any(turn.same_team for plan in year.plans for turn in plan.made.turns)
    ordered = [
        (plan.day, turn.compound_id) for plan in year.plans for turn in plan.made.turns if turn.why is Why.ORDERED
    ]
    assert ordered == [(date(2026, 2, 12), "c-dongyuan")]


def test_everybodys_hours_add_up(year: ServiceYear) -> None:
    """The book, the rows of the ledger and what all records of the person come to together are the same."""
    rows: defaultdict[str, list[Row]] = defaultdict(list)
    records: defaultdict[str, list[Record]] = defaultdict(list)
    for each in year.recorded:
        records[each.record.person_id].append(each.record)
        rows[each.record.person_id] += each.rows
    books = {book.person_id: book.minutes for book in year.books}
    assert len(books) > 900
    assert books == {id: sum(row.minutes for row in found) for id, found in rows.items() if found}
    for id, found in records.items():
        assert total(credited(record.served for record in found if record.counts)) == books.get(id, 0)


def test_records_are_as_they_come_to_be_and_nobody_decides_about_the_own(year: ServiceYear) -> None:
    states = Counter(each.record.state for each in year.recorded)
    assert states[State.APPROVED] > 3000
    assert min(states[each] for each in (State.PENDING, State.UNVERIFIED, State.REFUSED, State.REOPENED)) >= 5
    last = year.musters[-1].activity
    undecided = {each.record.source_id for each in year.recorded if each.record.state is State.PENDING}
    assert undecided == {last.id}
    assert not any(each.record.decided_by == each.record.person_id for each in year.recorded)
    corrected = [each for each in year.recorded if any(row.reverses for row in each.rows)]
    assert len(corrected) > 10
    for each in corrected:
        first, back, again = (row.minutes for row in each.rows)
        assert (back, again > 0) == (-first, True)
        assert again != first
    confirmed = [stint.how for muster in year.musters for each in muster.attendance for stint in each.stints]
    assert confirmed.count("confirmed") > 10


def test_who_comes_every_week_is_offered_a_star_and_some_are_on_the_public_list(year: ServiceYear) -> None:
    books = {book.person_id: book for book in year.books}
    assert (books[VOLUNTEER].minutes >= 6000, books[VOLUNTEER].offered) == (True, 1)
    accepted = [book for book in year.books if book.star == 1]
    assert (len(accepted), sum(book.public for book in year.books)) == (8, 5)
    assert Counter(each.person_id for muster in year.musters for each in muster.attendance)[VOLUNTEER] == 36


def test_every_station_is_used_and_120_are_served_of_whom_18_serve(demo: District, year: ServiceYear) -> None:
    """F13: 15.00 % in the last quarter of the demo."""
    stations = {venue.id for venue in demo.venues if venue.kind == "rest_station"}
    assert {use.station_id for use in year.uses} == stations
    assert {use.day.month for use in year.uses} == {7, 8, 9, 10, 11, 12, 1, 2, 3}
    assert len({use.id for use in year.uses}) == len(year.uses) > 10_000
    quarter = [each for each in year.guests if each.quarter == "2026Q1"]
    visitors: dict[str, Visitor] = once_each([(each.person_id, each.grid_code[:12], each.day) for each in quarter], {})
    attended = [
        (each.person_id, local_day(stint.came))
        for muster in year.musters
        for each in muster.attendance
        for stint in each.stints
    ]
    served = [*((each.person_id, each.on) for each in year.points), *attended]
    later = {id: day for id, day in sorted(served, key=itemgetter(1)) if day >= date(2026, 1, 1)}
    assert "360704" in around(each.grid_code for each in quarter)
    assert counted(visitors, later, "360704", "360704") == {"used": 120, "served": 18, "rate": 15.0}


@pytest.mark.parametrize(
    "now", [NOW, datetime(2026, 2, 15, 9, tzinfo=LOCAL), datetime(2026, 11, 27, 22, tzinfo=LOCAL)], ids=str
)
def test_what_is_to_come_is_as_anybody_might_announce_it(demo: District, now: datetime) -> None:
    found = ahead(demo, now)
    grids, venues = {grid.code: grid for grid in demo.grids}, {venue.id: venue for venue in demo.venues}
    assert faults(found.series.rule, now.date()) == []
    for each in found.activities:
        compounds = [compound for compound in demo.compounds if compound.id in each.compounds]
        around_it = activity_fault.Surroundings(grids[each.grid_code], venues.get(each.venue_id or ""), compounds)
        assert activity_fault.faults(each, around_it, now) == []
    for room in found.bookings:
        taken = [(other.begins, other.ends) for other in found.bookings if other.venue_id == room.venue_id != other.id]
        others = [span for span in taken if span != (room.begins, room.ends)]
        assert bookings.faults(room, venues[room.venue_id], now, others) == []


def test_newcomers_find_a_waiting_list_open_tasks_and_thursdays(demo: District) -> None:
    found = ahead(demo)
    by_activity = defaultdict(list)
    for each in found.signups:
        by_activity[each.activity_id].append(each)
    for activity in found.activities:
        assert changes(activity, sorted(by_activity[activity.id], key=lambda one: one.asked_at), NOW) == []
        seats = [each.seat for each in by_activity[activity.id] if each.seat]
        tasks = [(each.task_id, each.task_seat) for each in by_activity[activity.id] if each.task_seat]
        assert (len(set(seats)), len(set(tasks))) == (len(seats), len(tasks))
    states = Counter(each.state for each in by_activity["activity-demo-lesson"])
    assert states == {Place.IN: 30, Place.WAITING: 4}
    days = [each.day for each in found.activities if each.series_id]
    assert days == [date(2026, 4, 2), date(2026, 4, 9), date(2026, 4, 16), date(2026, 4, 23)]
    next_one = by_activity[found.activities[0].id]
    assert VOLUNTEER in {each.person_id for each in next_one}
    assert len({each.task_id for each in next_one}) == 5
    person_times = Counter((each.person_id, mark) for each in found.signups for mark in each.busy)
    assert max(person_times.values()) == 1
