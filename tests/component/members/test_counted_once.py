"""Whoever was two entries is counted once: points, registrations, and what they have in hand."""

from datetime import date
from typing import Any

import pytest

from members.matching.engagement import Engagement
from members.matching.ranking import Task, eligible
from members.organisations.store import UnitStore
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.dual_service import (
    AT_GUANGCHANG,
    BUREAU,
    CONTACT,
    MEMBER,
    OFFICE,
    codes,
    registered,
    settle,
)
from tests.component.members.small_district import MoveIn, refusal
from tests.component.members.staging import NOW

CLEANED = {"on": "2026-03-12", "kind": "governance", "points": 3, "source": "activity:a-1"}


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    settle(territory, organisations, move_in)


def merged(service: MembersService, old: str = "p-2", into: str = "p-1") -> None:
    service.merge_people(caller=OFFICE, command_id="merge", person_id=old, into=into)


def rate(service: MembersService) -> dict[str, Any]:
    found: dict[str, Any] = service.registration_rate(caller=CONTACT, unit_id=BUREAU)
    return found


def test_a_service_that_both_entries_had_counts_once(service: MembersService) -> None:
    for who in ("p-1", "p-2"):
        registered(service, who)
        service.record_points(caller=AT_GUANGCHANG, command_id=who, person_id=who, **CLEANED)
    other = {**CLEANED, "source": "activity:a-2", "points": 5}
    service.record_points(caller=AT_GUANGCHANG, command_id="b", person_id="p-2", **other)
    before = rate(service)["registered"]
    merged(service)
    year = (date(2026, 1, 1), date(2026, 12, 31))
    sums = service.points_kept.tallies(service.people.whole(["p-1", "p-2"]), *year)
    assert {id: (each.points, each.services) for id, each in sums.items()} == {"p-1": (8, 2)}
    assert rate(service)["registered"] == before - 1
    assert len(service.points(caller=OFFICE, person_id="p-1")["items"]) == 3
    for who in ("p-1", "p-2"):
        again = refusal(service.record_points, caller=OFFICE, command_id=f"c-{who}", person_id=who, **other)
        assert codes(again) == {("/source", "already_counted")}


def test_who_was_registered_under_the_former_id_is_registered(service: MembersService) -> None:
    registered(service, "p-2")
    before = rate(service)["registered"]
    merged(service)
    assert rate(service)["registered"] == before
    own = service.registrations(caller={**MEMBER, "former": ["p-2"]})["items"]
    assert [each["person_id"] for each in own] == ["p-2"]
    again = refusal(registered, service=service, person_id="p-1")
    assert ("", "already_registered") in codes(again)


def test_what_either_entry_has_in_hand_is_ones_load(service: MembersService) -> None:
    for n, people in enumerate((("p-1",), ("p-2",), ("p-1", "p-2"))):
        service.engagements.note(Engagement(f"c-{n}", 1, people, NOW), NOW)
    service.engagements.note_asked("c-1", ["p-2"], NOW, NOW)
    merged(service)
    [helper] = service.engagements.helpers(service.people.people(["p-1"]))
    assert (helper.load, helper.last_asked) == (3, NOW)


def test_who_was_asked_under_the_former_id_is_not_asked_again(service: MembersService) -> None:
    merged(service)
    [person] = service.people.people(["p-1"])
    grid = "360704100007001"
    assert [eligible(Task(grid, NOW, exclude=frozenset({id})), person) for id in ("p-3", "p-2", "p-1")] == [
        True,
        False,
        False,
    ]
