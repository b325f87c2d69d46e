"""Who has a case in hand, by its status and its assignees."""

from datetime import UTC, datetime

import pytest

from members.matching.engagement import ASKING, ENGAGING, after, asked

AT = datetime(2026, 3, 12, 11, 46, tzinfo=UTC)
TEAM = [
    {"id": "p-1", "kind": "person", "lead": True, "accepted": True},
    {"id": "u-1", "kind": "unit", "lead": False, "accepted": False},
    {"id": "p-2", "kind": "person", "lead": False, "accepted": False},
]


@pytest.mark.parametrize("status", ["DISPATCHED", "ACCEPTED", "IN_PROGRESS", "SUSPENDED"])
def test_the_people_of_the_team_have_an_open_case_in_hand_and_its_units_do_not_count(status: str) -> None:
    assert after("k-1", 5, status, TEAM, AT).people == ("p-1", "p-2")


@pytest.mark.parametrize("status", ["REGISTERED", "RESOLVED", "CLOSED", "MERGED", "WITHDRAWN", "REOPENED"])
def test_nobody_has_a_case_in_hand_that_waits_or_has_ended(status: str) -> None:
    assert after("k-1", 5, status, TEAM, AT).people == ()


@pytest.mark.parametrize(
    ("type", "people"), [("case.dispatched", ("p-2",)), ("case.accepted", ()), ("case.returned", ())]
)
def test_asked_is_who_is_given_a_case_and_has_not_taken_it(type: str, people: tuple[str, ...]) -> None:
    assert asked(type, TEAM) == people


def test_every_event_that_asks_somebody_is_listened_to() -> None:
    assert set(ENGAGING) > ASKING
