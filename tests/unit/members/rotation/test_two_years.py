"""Two simulated years of service days under arbitrary demand: the bound, the fairness, and that nobody is forgotten."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from members.rotation.bound import queued, turns_needed
from members.rotation.planner import after, planned
from members.rotation.turn import BOUND, MOST_OVERRIDES, DayAhead, DayPlan, Team, Waiting, Why

SERVICE_DAYS = 104
FIRST = date(2026, 1, 8)

Demand = Callable[[int, Sequence[str]], Mapping[str, Mapping[str, str]]]
"""The open cases of each compound on the n-th day."""


@dataclass
class Course:
    """What happened: the plans, the longest wait that each compound had, and how often it was visited."""

    plans: list[DayPlan] = field(default_factory=list)
    longest: Counter[str] = field(default_factory=Counter)
    visits: Counter[str] = field(default_factory=Counter)
    displaced_in_a_row: int = 0
    kept_waiting: int = 0
    displaced_at_bound: int = 0
    needlessly_same_team: int = 0


def crew(count: int) -> list[Team]:
    return [Team(f"t{n:02}", f"{n} 队", 1 + n % 7) for n in range(count)]


def fresh(count: int) -> list[Waiting]:
    return [Waiting(f"c{n:04}", 1) for n in range(count)]


def days(
    compounds: list[Waiting], demand: Demand, teams: Callable[[int], int]
) -> Iterator[tuple[list[Waiting], DayPlan]]:
    """Each day before it is carried out, and its plan; `compounds` may be changed in between."""
    for n in range(SERVICE_DAYS):
        needs = demand(n, [each.compound_id for each in compounds])
        compounds[:] = [replace(each, needs=needs.get(each.compound_id, {})) for each in compounds]
        plan = planned(DayAhead(FIRST + timedelta(days=7 * n), crew(teams(n))), compounds, teams(n))
        yield list(compounds), plan
        compounds[:] = after(compounds, plan)


def lived(compounds: list[Waiting], demand: Demand, teams: Callable[[int], int]) -> Course:
    course, before = Course(), set[str]()
    for standing, plan in days(compounds, demand, teams):
        course.plans.append(plan)
        for each in standing:
            course.longest[each.compound_id] = max(course.longest[each.compound_id], each.waited)
        course.visits.update(turn.compound_id for turn in plan.turns)
        chosen = {turn.compound_id for turn in plan.turns}
        last = {each.last_team for each in standing if each.compound_id in chosen}
        course.needlessly_same_team += any(turn.same_team for turn in plan.turns) and len(last) > 1
        displaced = {each.compound_id for each in plan.displaced}
        course.displaced_in_a_row += len(before & displaced)
        course.kept_waiting += len((before & {each.compound_id for each in standing}) - chosen)
        course.displaced_at_bound += sum(each.left <= 1 for each in standing if each.compound_id in displaced)
        before = displaced
    return course


def arbitrary(seed: int, share: float) -> Demand:
    """Cases anywhere, at random, more of them at some times than at others."""
    chance = Random(seed)

    def demand(n: int, ids: Sequence[str]) -> dict[str, dict[str, str]]:
        burst = share * (4 if n % 13 < 2 else 1)
        return {
            id: {f"{id}-{k}": chance.choice("EUNL") for k in range(chance.randint(1, 5))}
            for id in ids
            if chance.random() < burst
        }

    return demand


def always_the_same(count: int) -> Demand:
    """An adversary: the same compounds are in the greatest need on every day."""
    return lambda _, ids: {id: {f"{id}-{k}": "E" for k in range(5)} for id in ids[:count]}


demands = st.one_of(
    st.builds(arbitrary, st.integers(0, 2**32), st.sampled_from((0.0, 0.05, 0.3, 1.0))),
    st.builds(always_the_same, st.integers(1, 60)),
)


@settings(max_examples=12)
@given(count=st.integers(1, 150), teams=st.integers(1, 30), demand=demands)
def test_the_bound_is_kept_whatever_is_asked_for(count: int, teams: int, demand: Demand) -> None:
    """F45: each compound within 12 service days or, with too few teams, within as many as so few can keep."""
    course = lived(fresh(count), demand, lambda _: teams)
    kept = -(-count // teams)
    assert max(course.longest.values()) <= max(BOUND, kept)
    assert all((plan.shortfall is None) == (kept <= BOUND) for plan in course.plans[:1])
    for plan in course.plans:
        overrides = [turn for turn in plan.turns if turn.why is Why.NEED]
        assert len(overrides) == len(plan.displaced) <= max(0, min(MOST_OVERRIDES, teams - -(-count // BOUND)))
        assert len({turn.team_id for turn in plan.turns}) == len(plan.turns) == min(teams, count)
    assert course.displaced_in_a_row == course.kept_waiting == 0, "who gave way heads the next day"
    assert course.displaced_at_bound == 0
    assert course.needlessly_same_team == 0


@settings(max_examples=8)
@given(demand=demands)
def test_a_hundred_and_forty_compounds_and_eighteen_teams(demand: Demand) -> None:
    """F45: 140 compounds, 18 teams, two years: at most 12 service days between visits, and everybody has a share."""
    course = lived(fresh(140), demand, lambda _: 18)
    assert max(course.longest.values()) <= BOUND
    assert min(course.visits[f"c{n:04}"] for n in range(140)) >= SERVICE_DAYS // BOUND
    assert sum(course.visits.values()) == SERVICE_DAYS * 18


@settings(max_examples=8)
@given(demand=demands, crews=st.lists(st.integers(18, 24), min_size=SERVICE_DAYS, max_size=SERVICE_DAYS))
def test_eighteen_teams_or_more_as_it_happens(demand: Demand, crews: list[int]) -> None:
    """F45: as many teams as come on a day, 18 at least: the bound holds, and who is at it is never displaced."""
    course = lived(fresh(140), demand, lambda n: crews[n])
    assert max(course.longest.values()) <= BOUND
    assert course.displaced_at_bound == 0
    assert max(len(plan.displaced) for plan in course.plans) <= MOST_OVERRIDES
    assert [len(plan.turns) for plan in course.plans] == crews


@settings(max_examples=8)
@given(count=st.integers(1, 150), teams=st.integers(1, 30))
def test_without_need_all_are_visited_equally_often(count: int, teams: int) -> None:
    course = lived(fresh(count), lambda _, __: {}, lambda _: teams)
    visits = [course.visits[f"c{n:04}"] for n in range(count)]
    assert max(visits) - min(visits) <= 1


@settings(max_examples=8)
@given(favoured=st.integers(1, 60))
def test_whom_nobody_favours_is_treated_alike(favoured: int) -> None:
    """Whoever is in need may come more often; among all the others none has three visits more than another."""
    course = lived(fresh(140), always_the_same(favoured), lambda _: 18)
    others = [course.visits[f"c{n:04}"] for n in range(favoured, 140)]
    assert max(others) - min(others) <= 2


@settings(max_examples=12)
@given(
    count=st.integers(1, 120),
    demand=demands,
    crews=st.lists(st.integers(1, 30), min_size=SERVICE_DAYS, max_size=SERVICE_DAYS),
)
def test_what_is_not_foretold_does_not_happen(count: int, demand: Demand, crews: list[int]) -> None:
    """However the number of teams changes: nobody is late unless the day on which it was due reported it."""
    compounds = fresh(count)
    for standing, plan in days(compounds, demand, lambda n: crews[n]):
        visited = {turn.compound_id for turn in plan.turns}
        missed = {each.compound_id for each in standing if each.left <= 1} - visited
        if missed:
            assert plan.shortfall is not None
            assert plan.shortfall.breaks_in <= 1
        needed = turns_needed(queued(standing))
        assert (plan.shortfall is None) == (needed <= crews[(plan.day - FIRST).days // 7])


@settings(max_examples=12)
@given(count=st.integers(1, 150), teams=st.integers(1, 30))
def test_the_bound_breaks_on_the_day_that_was_foretold(count: int, teams: int) -> None:
    compounds = fresh(count)
    foretold, broken_on = None, None
    for n, (standing, plan) in enumerate(days(compounds, lambda _, __: {}, lambda _: teams)):
        if n == 0:
            foretold = plan.shortfall.breaks_in if plan.shortfall else None
        visited = {turn.compound_id for turn in plan.turns}
        if broken_on is None and any(each.waited >= BOUND and each.compound_id not in visited for each in standing):
            broken_on = n + 1
    assert broken_on == foretold


@settings(max_examples=12)
@given(seed=st.integers(0, 2**32), start=st.integers(1, 140), demand=demands)
def test_compounds_come_and_go(seed: int, start: int, demand: Demand) -> None:
    """While compounds are registered and closed at any time, up to what 18 teams can carry, nobody waits too long."""
    chance = Random(seed)
    compounds, made = fresh(start), start
    for _, plan in days(compounds, demand, lambda _: 18):
        assert plan.shortfall is None
        visited = {turn.compound_id for turn in plan.turns}
        # What happens between two service days: `days` goes on with what is left here.
        gone = {each.compound_id for each in compounds if chance.random() < 0.05 and each.compound_id not in visited}
        compounds[:] = [each for each in compounds if each.compound_id not in gone]
        come = chance.randint(0, 12) if len(compounds) < 200 else 0
        compounds += [Waiting(f"n{made + k:05}", 1) for k in range(come)]
        made += come
        assert all(each.waited <= BOUND for each in compounds)


def test_the_same_input_gives_the_same_plan() -> None:
    once = lived(fresh(140), arbitrary(7, 0.3), lambda _: 18)
    again = lived(list(reversed(fresh(140))), arbitrary(7, 0.3), lambda _: 18)
    assert len(once.plans) == len(again.plans) == SERVICE_DAYS
    backwards = DayAhead(FIRST, list(reversed(crew(9))))
    assert planned(DayAhead(FIRST, crew(9)), fresh(40), 9) == planned(backwards, list(reversed(fresh(40))), 9)
