"""What the score of a compound is made of: the numbers of docs/domain.md §4, one by one."""

import pytest

from members.rotation.score import score, terms
from members.rotation.turn import BOUND, Waiting


def needing(*severities: str, waited: int = 1) -> Waiting:
    return Waiting("c", waited, needs={f"k-{n}": severity for n, severity in enumerate(severities)})


@pytest.mark.parametrize(("severity", "points"), [("E", 80), ("U", 60), ("N", 40), ("L", 20)])
def test_each_severity_has_its_points(severity: str, points: int) -> None:
    (_, need) = terms(needing(severity))
    assert (need.name, need.count, need.points) == ("need", 1, points)


def test_needs_add_up_to_so_many_points_and_no_more() -> None:
    assert [(term.count, term.points) for term in terms(needing("E", "U"))] == [(1, 10), (2, 140)]
    assert [(term.count, term.points) for term in terms(needing("E", "E", "E"))] == [(1, 10), (3, 160)]


def test_each_day_of_waiting_and_having_given_way_count() -> None:
    assert score(Waiting("c", 7)) == 70
    assert [(term.name, term.count, term.points) for term in terms(Waiting("c", 3, displaced=True))] == [
        ("waited", 3, 30),
        ("displaced", 1, 50),
    ]


def test_what_gives_no_points_is_not_named() -> None:
    assert terms(Waiting("c", 0)) == ()


def test_three_normal_cases_outweigh_every_wait_within_the_bound() -> None:
    """F46: so three open 0303 cases move a compound up whoever else waits, but for those at the bound."""
    assert score(needing("N", "N", "N")) > score(Waiting("c", BOUND))
    assert score(needing("N", "N")) < score(Waiting("c", BOUND))
