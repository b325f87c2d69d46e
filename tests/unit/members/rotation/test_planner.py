"""Whose turn it is: by waiting, by need, by order."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from members.rotation.bound import queued, shortfall, turns_needed
from members.rotation.planner import after, broken_by, planned, planned_ahead
from members.rotation.turn import BOUND, DayAhead, DayPlan, Order, Team, Waiting, Why

DAY = date(2026, 3, 26)
NEXT = DAY + timedelta(days=7)


def teams(count: int, people: int = 5) -> list[Team]:
    return [Team(f"t{n:02}", f"{n} 队", people) for n in range(1, count + 1)]


def district(count: int = 140, per_day: int = 12) -> list[Waiting]:
    """Compounds as they stand when so many a day are visited in turn; c000 has waited the least."""
    return [Waiting(f"c{n:03}", 1 + n // per_day) for n in range(count)]


def with_need(compounds: list[Waiting], id: str, *severities: str) -> list[Waiting]:
    needs = {f"case-{n}": severity for n, severity in enumerate(severities)}
    return [
        Waiting(each.compound_id, each.waited, needs=needs) if each.compound_id == id else each for each in compounds
    ]


def planned_on(
    compounds: Sequence[Waiting], crew: Sequence[Team], orders: Sequence[Order] = (), later: int | None = None
) -> DayPlan:
    """The plan of the day; as many teams come afterwards unless another number is given."""
    usual = sum(team.size > 0 for team in crew) if later is None else later
    return planned(DayAhead(DAY, crew, orders), compounds, usual)


def broken(compounds: Sequence[Waiting], crew: Sequence[Team], order: Order, days: int = 1) -> dict[str, int]:
    """What an order on the first of the days breaks."""
    plain = [DayAhead(DAY + timedelta(days=7 * n), crew) for n in range(days)]
    return broken_by(plain, [replace(plain[0], orders=[order]), *plain[1:]], compounds, len(crew))


def visited(plan: DayPlan) -> set[str]:
    return {turn.compound_id for turn in plan.turns}


def test_eighteen_teams_go_to_those_who_have_waited_longest() -> None:
    plan = planned_on(district(), teams(18))
    assert visited(plan) == {*(f"c{n:03}" for n in range(132, 140)), *(f"c{n:03}" for n in range(120, 130))}
    assert len({turn.team_id for turn in plan.turns}) == 18
    assert not plan.displaced
    assert plan.shortfall is None


def test_need_moves_a_compound_up_and_who_is_displaced_heads_the_next_week() -> None:
    """F46: three open 0303 cases move a compound up; whoever it displaces heads the next week."""
    compounds = with_need(district(), "c003", "N", "N", "N")
    days = [DayAhead(day, teams(18)) for day in (DAY, NEXT)]
    first, second = (made for made, _ in planned_ahead(days, compounds, 18))
    came = next(turn for turn in first.turns if turn.compound_id == "c003")
    assert came.why is Why.NEED
    assert [(term.name, term.count, term.points) for term in came.terms] == [("waited", 1, 10), ("need", 3, 120)]
    assert came.case_ids == ("case-0", "case-1", "case-2")
    (out,) = first.displaced
    assert (out.compound_id, out.by, out.why) == ("c129", "c003", Why.NEED)
    assert out.compound_id not in visited(first)
    assert (second.turns[0].compound_id, second.turns[0].why) == ("c129", Why.HEAD)


def test_at_most_six_turns_go_to_need() -> None:
    compounds = district()
    for n in range(40):
        compounds = with_need(compounds, f"c{n:03}", "N", "N", "N", "N")
    plan = planned_on(compounds, teams(18))
    assert sum(turn.why is Why.NEED for turn in plan.turns) == 6
    assert len(plan.displaced) == 6


def test_at_most_six_turns_go_to_need_however_many_teams_there_are() -> None:
    compounds = [Waiting(f"c{n:02}", 2, needs={"k": "E"} if n >= 30 else {}) for n in range(40)]
    regular = [replace(each, waited=3) if n < 30 else each for n, each in enumerate(compounds)]
    assert len(planned_on(regular, teams(30)).displaced) == 6


def test_the_greatest_need_comes_first_and_the_lowest_score_gives_way() -> None:
    queue = [Waiting("a", 6), Waiting("d", 5), Waiting("b", 4, needs={"k-1": "N"})]
    plan = planned_on(
        [*queue, Waiting("n", 1, needs={"k-2": "E"}), Waiting("m", 1, needs={"k-3": "E", "k-4": "E"})], teams(3)
    )
    assert [(each.by, each.compound_id) for each in plan.displaced] == [("m", "d"), ("n", "b")]


@pytest.mark.parametrize(("severity", "comes"), [("L", False), ("N", False), ("U", True)])
def test_only_who_scores_higher_displaces(severity: str, comes: bool) -> None:
    """Five days of waiting are 50 points: as many as one with a normal case."""
    queue = [Waiting("a", 6), Waiting("b", 5), Waiting("n", 1, needs={"k": severity})]
    assert ("n" in visited(planned_on(queue, teams(2)))) is comes


def test_with_fewer_teams_overrides_are_cut_first() -> None:
    needy = with_need(district(), "c000", "N", "N", "N", "N")
    for count, overrides in ((14, 1), (13, 1), (12, 0)):
        plan = planned_on(needy, teams(count))
        assert sum(turn.why is Why.NEED for turn in plan.turns) == overrides
        assert plan.shortfall is None


def test_nobody_at_the_bound_is_displaced() -> None:
    compounds = [Waiting(f"c{n:02}", BOUND) for n in range(18)] + [Waiting("zz", 1, needs={"a": "E", "b": "E"})]
    plan = planned_on(compounds, teams(18))
    assert visited(plan) == {f"c{n:02}" for n in range(18)}
    assert {turn.why for turn in plan.turns} == {Why.AT_BOUND}


def test_of_those_that_waited_equally_long_who_was_visited_less_often_comes_first() -> None:
    compounds = [Waiting("a", 3, visits=4), Waiting("b", 3, visits=2), Waiting("c", 3, visits=4)]
    assert visited(planned_on(compounds, teams(1))) == {"b"}
    assert visited(planned_on([*compounds, Waiting("d", 3, displaced=True, visits=9)], teams(1))) == {"d"}
    assert visited(planned_on(compounds, teams(2))) == {"a", "b"}


def test_nobody_is_displaced_by_need_twice() -> None:
    heads = [Waiting(f"h{n}", 3, displaced=True) for n in range(4)]
    needy = [Waiting(f"n{n}", 1, needs={"a": "N", "b": "N", "c": "N", "d": "N"}) for n in range(9)]
    plan = planned_on([*heads, *needy], teams(5))
    assert {each.compound_id for each in heads} <= visited(plan)


def test_below_twelve_teams_the_plan_says_which_bound_breaks_and_from_when() -> None:
    """F45: below 12 teams for 140 compounds the plan reports which bound it breaks."""
    fresh = [Waiting(f"c{n:03}", 1) for n in range(140)]
    found = planned_on(fresh, teams(11)).shortfall
    assert found is not None
    assert (found.teams, found.teams_needed, found.keeps, found.breaks_in) == (11, 12, 13, 12)
    assert found.compound_ids == tuple(f"c{n:03}" for n in range(132, 140))
    assert planned_on(fresh, teams(12)).shortfall is None


def test_a_day_with_few_people_breaks_nothing_that_the_days_after_it_can_make_good() -> None:
    compounds = district()
    assert planned_on(compounds, teams(6), later=18).shortfall is not None, "ten of the longest waiting are due now"
    fresh = [Waiting(f"c{n:03}", 1) for n in range(140)]
    plan = planned_on(fresh, teams(1), later=18)
    assert (len(plan.turns), plan.shortfall) == (1, None)
    assert planned_on(fresh, teams(1), later=12).shortfall is not None


def test_a_day_with_many_people_does_not_make_good_for_the_days_after_it() -> None:
    fresh = [Waiting(f"c{n:03}", 1) for n in range(140)]
    found = planned_on(fresh, teams(18), later=11).shortfall
    assert found is not None
    assert (found.teams, found.teams_needed, found.keeps) == (11, 12, 13)
    round_again = planned_on(fresh, teams(30), later=11).shortfall
    assert round_again is not None
    assert (round_again.breaks_in, round_again.compound_ids) == (BOUND, ()), "this time all come in time, and not again"
    assert planned_on(fresh[:1], teams(1), later=0).shortfall is not None


def test_without_teams_nobody_is_visited_and_the_plan_says_so() -> None:
    found = planned_on([Waiting("c", 5)], teams(3, people=0))
    assert not found.turns
    assert found.shortfall is not None
    assert (found.shortfall.breaks_in, found.shortfall.compound_ids, found.shortfall.keeps) == (8, ("c",), None)


def test_what_is_too_late_already_is_named_first() -> None:
    in_turn = [Waiting(f"c{n:03}", 1 + n // 11) for n in range(140)]
    found = shortfall(queued(in_turn), 7, 7)
    assert found is not None
    assert (found.breaks_in, found.compound_ids) == (0, tuple(f"c{n}" for n in range(132, 140)))


def test_larger_teams_go_to_higher_scores_and_ties_are_broken_by_id() -> None:
    crew = [Team("a", "a", 3), Team("b", "b", 9), Team("c", "c", 3), Team("d", "d", 0)]
    plan = planned_on([Waiting("x", 2), Waiting("y", 5), Waiting("z", 2)], crew)
    assert {turn.compound_id: turn.team_id for turn in plan.turns} == {"y": "b", "x": "a", "z": "c"}
    assert plan == planned_on([Waiting("z", 2), Waiting("x", 2), Waiting("y", 5)], list(reversed(crew)))


def test_no_team_comes_twice_in_a_row_unless_it_is_the_only_one() -> None:
    swapped = planned_on([Waiting("x", 5), Waiting("y", 2, last_team="t02")], teams(2))
    assert {turn.compound_id: turn.team_id for turn in swapped.turns} == {"x": "t02", "y": "t01"}
    assert not any(turn.same_team for turn in swapped.turns)
    (alone,) = planned_on([Waiting("x", 5, last_team="t01")], teams(1)).turns
    assert alone.same_team


def test_teams_are_swapped_only_where_both_come_anew() -> None:
    compounds = [Waiting("x", 5, last_team="t03"), Waiting("y", 2, last_team="t03"), Waiting("z", 4)]
    swapped = planned_on(compounds, teams(3))
    assert {turn.compound_id: turn.team_id for turn in swapped.turns} == {"x": "t01", "y": "t02", "z": "t03"}
    assert not any(turn.same_team for turn in swapped.turns)


def test_an_organiser_orders_a_turn_and_names_who_gives_way() -> None:
    order = Order("c001", "c139", "检查前清理")
    plan = planned_on(district(), teams(18), [order])
    assert [turn.compound_id for turn in plan.turns if turn.why is Why.ORDERED] == ["c001"]
    assert [(each.compound_id, each.by, each.why) for each in plan.displaced] == [("c139", "c001", Why.ORDERED)]


def test_who_gives_way_to_an_order_is_else_the_lowest_score() -> None:
    plan = planned_on(district(), teams(18), [Order("c001", None, "检查前清理")])
    assert [each.compound_id for each in plan.displaced] == ["c120"]


def test_orders_displace_one_each_and_nobody_who_is_ordered_too() -> None:
    orders = [Order("c120", None, "x"), Order("c001", None, "x"), Order("c002", None, "x")]
    plan = planned_on(district(), teams(18), orders)
    assert {"c120", "c001", "c002"} <= visited(plan)
    assert [(each.by, each.compound_id) for each in plan.displaced] == [("c001", "c121"), ("c002", "c122")]


def test_who_is_at_the_bound_gives_way_to_an_order_last_of_all() -> None:
    compounds = [Waiting("a", BOUND), Waiting("b", BOUND - 1, needs={"k-1": "E", "k-2": "E"}), Waiting("c", 1)]
    plan = planned_on(compounds, teams(2), [Order("c", None, "x")])
    assert [each.compound_id for each in plan.displaced] == ["b"]


def test_an_order_that_breaks_the_bound_is_seen() -> None:
    assert broken(district(), teams(18), Order("c001", "c139", "x")) == {"c139": 0}
    assert broken(district(), teams(18), Order("c001", "c125", "x")) == {}


def test_an_order_that_breaks_the_bound_on_the_next_day_is_seen_too() -> None:
    """Two due at the next service day and one team alone: whoever gives way today comes too late."""
    compounds = [Waiting("a", BOUND - 1), Waiting("b", BOUND - 1), Waiting("c", 1)]
    assert broken(compounds, teams(1), Order("c", None, "x")) == {"b": 1}


@pytest.mark.parametrize("days", [1, 4])
def test_an_order_that_breaks_the_bound_in_many_days_is_seen_too(days: int) -> None:
    """One team and as many compounds as the bound has days: all who come after the ordered one slip by a day."""
    one_to_spare = [Waiting(f"c{n:02}", BOUND - 1 - n) for n in range(10)]
    compounds = [*one_to_spare, Waiting("c10", 2), Waiting("x", 1)]
    assert broken(compounds, teams(1), Order("x", None, "x"), days) == {"c10": 10}
    nothing_to_spare = [Waiting(f"c{n:02}", BOUND - n) for n in range(BOUND)]
    late = broken(nothing_to_spare, teams(1), Order("c11", None, "x"), days)
    assert late == {f"c{n:02}": n for n in range(11)}


def test_what_breaks_without_the_order_is_not_its_fault() -> None:
    compounds = [Waiting("a", BOUND), Waiting("b", BOUND), Waiting("c", 1)]
    assert broken(compounds, teams(1), Order("c", "a", "x")) == {"a": 0}


def test_who_is_not_late_once_those_before_it_were_visited_is_not_named() -> None:
    """What the orders of later days do is counted in."""
    compounds = [Waiting("a", BOUND - 1), Waiting("b", 1), Waiting("c", 1)]
    crew = teams(1)
    plain = [DayAhead(DAY, crew), DayAhead(NEXT, crew, [Order("c", None, "x")])]
    ordered = [replace(plain[0], orders=[Order("b", None, "x")]), plain[1]]
    assert broken_by(plain, ordered, compounds, 1) == {"a": 1}


def test_what_is_ordered_is_not_displaced_by_need() -> None:
    compounds = with_need(district(), "c000", "N", "N", "N", "N")
    plan = planned_on(compounds, teams(18), [Order("c120", None, "x")])
    assert "c120" in visited(plan)


def test_who_gave_way_keeps_its_place_until_it_is_visited() -> None:
    compounds = [Waiting("a", BOUND), Waiting("b", 3, displaced=True)]
    plan = planned_on(compounds, teams(1))
    assert {each.compound_id: each.displaced for each in after(compounds, plan)} == {"a": False, "b": True}


def test_after_a_day_who_was_visited_begins_anew() -> None:
    compounds = with_need(district(), "c000", "N", "N", "N", "N")
    plan = planned_on(compounds, teams(18))
    later = {each.compound_id: each for each in after(compounds, plan)}
    team = next(turn.team_id for turn in plan.turns if turn.compound_id == "c139")
    assert later["c139"] == Waiting("c139", 1, last_team=team, visits=1)
    assert later["c000"].needs == {}
    assert later["c050"].waited == 6
    assert turns_needed(queued(list(later.values()))) <= 12
