"""F19: what the force of an area gave in a quarter, against another."""

import pytest

from members.force.effort import Effort, Service, deltas, effort

DISTRICT, HERE, NEXT, THERE = "360704", "360704100002001", "360704100002002", "360704100007001"
NOTHING = (None, None, None)


def people(number: int, grid: str = HERE, of: str = "p") -> list[Service]:
    return [(f"{of}-{n}", grid, 60) for n in range(number)]


def told(found: Effort) -> tuple[int | None, int | None, float | None]:
    return found.active, found.minutes, found.hours_per_1000


def test_f19_each_person_counts_once_and_hours_are_by_the_residents() -> None:
    """F19: ten people, one of them under two ids, with 665 minutes among 9,800 residents."""
    services = [*people(9), ("q", HERE, 60), ("q-old", NEXT, 65)]
    found = effort(services, {"q": ["q", "q-old"]}, 9800, DISTRICT, HERE[:12])
    assert found == Effort(10, 665, 9800, 1.13)


@pytest.mark.parametrize(
    ("minutes", "residents", "hours"), [(10, 100_000, 0.0), (600, 0, None), (30, 10_000, 0.05), (10, 6_667, 0.02)]
)
def test_f19_nothing_is_divided_by_nobody(minutes: int, residents: int, hours: float | None) -> None:
    """F19: null where there is nothing to divide by; halves of a hundredth are rounded up."""
    services = [(f"p-{n}", HERE, minutes // 10) for n in range(10)]
    assert told(effort(services, {}, residents, DISTRICT, HERE)) == (10, minutes, hours)


@pytest.mark.parametrize("number", [0, 1, 9])
def test_f19_of_few_who_served_neither_number_nor_hours_are_told(number: int) -> None:
    """F19: the minutes of one person would be theirs, and that nobody served would tell of everybody."""
    assert effort(people(number), {}, 100, DISTRICT, DISTRICT) == Effort(None, None, 100, None)


def test_f19_nobody_learns_of_a_few_by_subtracting_a_neighbour() -> None:
    """F19: 40 here and 3 there: who may ask for the district is told of it alone."""
    services = people(40) + people(3, THERE, "few")
    assert told(effort(services, {}, 0, DISTRICT, DISTRICT))[:2] == (43, 2580)
    assert told(effort(services, {}, 0, DISTRICT, HERE[:12])) == NOTHING
    assert told(effort(services, {}, 0, DISTRICT, THERE)) == NOTHING
    assert told(effort(people(40), {}, 0, HERE[:12], HERE[:12]))[0] == 40


def test_f19_changes_are_null_where_one_side_is_not_told() -> None:
    """F19: two quarters with deltas."""
    now, before = Effort(12, 600, 0, None), Effort(10, 630, 100, 105.0)
    assert deltas(now, before) == {"active": 2, "minutes": -30, "residents": -100, "hours_per_1000": None}
    few = Effort(None, None, 100, None)
    assert deltas(now, few) == {"active": None, "minutes": None, "residents": -100, "hours_per_1000": None}
