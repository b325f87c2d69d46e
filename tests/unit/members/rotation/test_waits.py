"""How long compounds have waited, told from what was recorded on the service days that were held."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.working_days import public_holiday
from members.rotation.planner import after, planned
from members.rotation.turn import BOUND, DayAhead, Team, Waiting
from members.rotation.waits import Seen, Site, waiting

FIRST, LAST = date(2026, 1, 1), date(2027, 12, 30)
WEEK = timedelta(days=7)


def thursdays() -> list[date]:
    """Every Thursday of two years that is no public holiday."""
    weeks = (LAST - FIRST) // WEEK
    return [day for n in range(weeks + 1) if public_holiday(day := FIRST + n * WEEK) is None]


def held(*weeks: int) -> list[date]:
    return [FIRST + n * WEEK for n in weeks]


def one(
    site: Site, seen: Sequence[Seen] = (), displaced: Sequence[Seen] = (), days: Sequence[date] = (), week: int = 0
) -> Waiting:
    (found,) = waiting([site], seen, displaced, days, FIRST + week * WEEK)
    return found


NEW = Site("c", FIRST - WEEK, {})


def test_who_was_never_visited_has_waited_since_it_was_there() -> None:
    assert one(NEW).waited == 1
    assert one(NEW, days=held(0, 1, 2), week=3).waited == 4
    late = replace(NEW, since=FIRST + WEEK)
    assert one(late, days=held(0, 1, 2), week=3).waited == 2, "on the day that it came it could not be visited any more"


def test_a_thursday_that_is_skipped_is_no_wait() -> None:
    seen = [Seen("c", FIRST, "t1")]
    assert one(NEW, seen, days=held(0, 1, 2), week=3).waited == 3
    assert one(NEW, seen, days=held(0, 2), week=3).waited == 2


def test_days_to_come_are_no_wait() -> None:
    assert one(NEW, days=held(0, 1, 2, 3), week=2).waited == 3


def test_the_last_visit_counts_in_whatever_order_visits_were_recorded() -> None:
    seen = [Seen("c", FIRST + WEEK, "t2"), Seen("c", FIRST, "t1"), Seen("other", FIRST + 2 * WEEK, "t3")]
    found = one(NEW, seen, days=held(0, 1, 2), week=3)
    assert (found.waited, found.last_team, found.visits) == (2, "t2", 2)


def test_who_gave_way_is_displaced_until_the_next_visit() -> None:
    away = [Seen("c", FIRST), Seen("c", FIRST + WEEK)]
    assert one(NEW, displaced=away, days=held(0, 1), week=2).displaced
    assert one(NEW, displaced=list(reversed(away)), days=held(0, 1), week=2).displaced
    seen = [Seen("c", FIRST)]
    assert one(NEW, seen, away, held(0, 1), 2).displaced
    assert one(NEW, seen, list(reversed(away)), held(0, 1), 2).displaced
    assert not one(NEW, [Seen("c", FIRST + WEEK)], away, held(0, 1), 2).displaced


def test_needs_are_in_an_order_of_their_own() -> None:
    found = one(replace(NEW, needs={"k-2": "N", "k-1": "E"}))
    assert list(found.needs) == ["k-1", "k-2"]


@settings(max_examples=10)
@given(seed=st.integers(0, 2**32), crew=st.integers(8, 24), share=st.sampled_from((0.0, 0.1, 0.5)))
def test_two_years_of_thursdays_by_the_calendar(seed: int, crew: int, share: float) -> None:
    """F45, F48: holidays are skipped, compounds come and go; with 18 teams or more no one of 140 waits longer than 12
    service days, and what is read from the records is what the planner foresaw."""
    chance = Random(seed)
    sites = [Site(f"c-{n:03}", FIRST - WEEK, {}) for n in range(140 if crew >= 18 else 11 * crew)]
    seen: list[Seen] = []
    displaced: list[Seen] = []
    foreseen: dict[str, Waiting] = {}
    days = thursdays()
    assert date(2026, 1, 1) not in days
    assert date(2026, 2, 19) not in days
    for n, day in enumerate(days):
        needs = {site.id: {f"{site.id}-{n}": chance.choice("EUNL")} for site in sites if chance.random() < share}
        sites = [replace(site, needs=needs.get(site.id, {})) for site in sites]
        standing = waiting(sites, seen, displaced, days[:n], day)
        for each in standing:
            if each.compound_id in foreseen:
                assert replace(each, needs={}) == replace(foreseen[each.compound_id], needs={})
        teams = [Team(f"t{k:02}", f"{k} 队", 5) for k in range(crew)]
        plan = planned(DayAhead(day, teams), standing, crew)
        assert plan.shortfall is None
        assert max(each.waited for each in standing) <= BOUND
        visited = {turn.compound_id for turn in plan.turns}
        seen += [Seen(turn.compound_id, day, turn.team_id) for turn in plan.turns]
        displaced += [Seen(each.compound_id, day) for each in plan.displaced]
        foreseen = {each.compound_id: each for each in after(standing, plan)}
        gone = {site.id for site in sites if site.id in visited and chance.random() < 0.02}
        sites = [site for site in sites if site.id not in gone]
        sites += [Site(f"n-{n:03}-{k}", day, {}) for k in range(len(gone))]
