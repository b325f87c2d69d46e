"""F41, the half of members: whom a call is for, who may issue it, and live counts of who comes."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chassis.instant import written
from members.organisations.store import UnitStore
from members.people.person import CHANNELS, Residence
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.small_district import GRID, MoveIn, refusal, settle, staff
from tests.component.members.staging import NOW
from tests.component.set_clock import SetClock

OTHER = "360704100002002"
DESK = {"id": "p-desk", "grants": [{"role": "dispatcher", "scope": "360704"}], "unit": None}
CALL: dict[str, Any] = {
    "grids": [GRID, OTHER],
    "text": "咱们先把楼道清理干净！",
    "at": written(NOW + timedelta(hours=14)),
}


def member(n: int) -> dict[str, Any]:
    return {"id": f"p-{n}", "grants": [{"role": "volunteer", "scope": "360704"}], "unit": None}


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    settle(territory, organisations, move_in)
    home = {0: GRID, 1: OTHER}
    people = [
        replace(staff(f"p-{n}", "volunteer", "360704"), home=Residence("c-1", home[n % 2], (115.0, 25.86)))
        for n in range(30)
    ]
    people[0] = replace(people[0], declined=frozenset(CHANNELS))
    people[1] = replace(people[1], active=False)
    people[2] = replace(people[2], skills=frozenset({"cleaning"}))
    move_in((each, None) for each in people)


def called(service: MembersService, call_id: str) -> Iterable[str]:
    after: str | None = ""
    while after is not None:
        page = service.called_people(call_id=call_id, after=after, limit=10)
        yield from page["items"]
        after = page["next"]


def test_f41_who_is_called_answers_and_the_counts_are_live(service: MembersService, clock: SetClock) -> None:
    """F41: the members of two grids, without who has opted out; coming and not coming are counted live."""
    receipt = service.issue_call(caller=DESK, command_id="call", **CALL)
    assert service.issue_call(caller=DESK, command_id="call", **CALL) == receipt
    people = list(called(service, receipt["call_id"]))
    assert (
        receipt["called"]
        == len(people)
        == len(set(people))
        == service.call(caller=DESK, call_id=receipt["call_id"])["called"]
    )
    assert {"p-0", "p-1", "p-far"}.isdisjoint(people)
    assert {f"p-{n}" for n in range(2, 30)} | {"p-near"} == set(people)
    id = receipt["call_id"]
    for n, coming in ((2, True), (3, True), (4, False)):
        service.answer_call(caller=member(n), command_id="a", call_id=id, coming=coming)
    service.answer_call(caller=member(3), command_id="b", call_id=id, coming=False)
    seen = service.call(caller=DESK, call_id=id)
    assert (seen["coming"], seen["not_coming"]) == (1, 2)
    assert not [name for name in seen if "person" in name or "name" in name]
    assert refusal(service.answer_call, caller=member(0), command_id="a", call_id=id, coming=True).code == (
        "call_not_found"
    )
    clock.wait(hours=15)
    assert refusal(service.answer_call, caller=member(5), command_id="a", call_id=id, coming=True).code == "call_over"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"at": written(NOW)}, "call_in_the_past"),
        ({"at": written(NOW + timedelta(days=31))}, "call_too_far_ahead"),
        ({"grids": ["360704100099001"]}, "unknown_grid"),
        ({"grids": ["360703100002001"]}, "not_permitted"),
        ({"skills": ["law"], "grids": [OTHER]}, "nobody_to_call"),
        ({"text": ""}, "invalid"),
    ],
)
def test_a_call_is_for_somebody_of_the_own_scope_and_for_a_time_to_come(
    service: MembersService, changes: dict[str, Any], code: str
) -> None:
    assert refusal(service.issue_call, caller=DESK, command_id="x", **(CALL | changes)).code == code


def test_the_audience_is_a_number(service: MembersService) -> None:
    assert service.call_audience(caller=DESK, grids=[GRID], skills=["cleaning"]) == {"called": 1}
    assert refusal(service.call_audience, caller=member(2), grids=[GRID]).code == "not_permitted"
