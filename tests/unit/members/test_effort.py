"""F19: what the force of an area gave in a quarter, against another."""

import pytest

from members.force.effort import Effort, deltas, effort


def test_f19_each_person_counts_once_and_hours_are_by_the_residents() -> None:
    """F19: 125 + 60 + 60 minutes of two people, one under two ids, among 9,800 residents."""
    found = effort({"p-1": 125, "p-2": 60, "p-old": 60}, {"p-1": ["p-1"], "p-2": ["p-2", "p-old"]}, 9800)
    assert found == Effort(2, 245, 9800, 0.42)


@pytest.mark.parametrize(("minutes", "residents", "hours"), [(0, 100, 0.0), (60, 0, None), (3, 10_000, 0.01)])
def test_f19_nothing_is_divided_by_nobody(minutes: int, residents: int, hours: float | None) -> None:
    """F19: null where there is nothing to divide by."""
    assert effort({"p": minutes}, {}, residents).hours_per_1000 == hours


def test_f19_changes_are_null_where_one_side_is_not_known() -> None:
    """F19: two quarters with deltas."""
    now, before = Effort(12, 600, 0, None), Effort(10, 630, 100, 105.0)
    assert deltas(now, before) == {"active": 2, "minutes": -30, "residents": -100, "hours_per_1000": None}
