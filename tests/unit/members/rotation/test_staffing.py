"""Who comes on a service day: the people who have a place in it fill the teams."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.rotation.crews import available
from members.rotation.staffing import Expected, staffed
from members.rotation.turn import Team

CREW = [Team("a", "一队", 6), Team("b", "二队", 3), Team("c", "三队", 1), Team("d", "四队", 0)]


def coming(signed_up: int, *, settled: bool = True) -> list[int | None]:
    return [team.coming for team in staffed(CREW, Expected(signed_up, settled))]


@pytest.mark.parametrize(
    ("signed_up", "expected"),
    [
        (1, [1, 0, 0, 0]),
        (2, [1, 1, 0, 0]),
        (3, [1, 1, 1, 0]),
        (6, [3, 2, 1, 0]),
        (10, [6, 3, 1, 0]),
        (99, [6, 3, 1, 0]),
    ],
)
def test_people_are_spread_in_proportion_and_each_team_has_somebody_first(signed_up: int, expected: list[int]) -> None:
    assert coming(signed_up) == expected


def test_before_it_is_settled_and_where_nobody_signed_up_the_entered_numbers_hold() -> None:
    assert coming(3, settled=False) == coming(0) == [None] * 4
    assert [team.size for team in staffed(CREW, Expected())] == [6, 3, 1, 0]
    assert not Expected(0, settled=True).counts


@given(
    people=st.lists(st.integers(0, 40), min_size=1, max_size=30),
    signed_up=st.integers(1, 500),
)
def test_nobody_is_lost_and_no_team_has_more_than_were_entered(people: list[int], signed_up: int) -> None:
    teams = [Team(f"t{n:02}", f"{n}", many) for n, many in enumerate(people)]
    found = staffed(teams, Expected(signed_up, settled=True))
    assert sum(team.size for team in found) == min(signed_up, sum(people))
    assert all(team.size <= team.people for team in found)
    assert len(available(found)) == min(signed_up, len(available(teams)))
    assert [team.id for team in available(found)] == [team.id for team in available(teams)][: len(available(found))]
