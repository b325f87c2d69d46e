"""Party groups: one for each grid, who sits in it in which capacity, its meetings, and who is told of it."""

from typing import Any

import pytest

from chassis.errors import Refusal
from chassis.event import Event
from members.organisations.store import UnitStore
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.small_district import ADMIN, GRID, SELF, MoveIn, refusal, settle, staff
from tests.component.members.staging import NOW

PARTY = {"id": "p-party", "grants": [{"role": "party_office", "scope": "360704100002"}], "unit": None}
WORKER = {"id": "p-worker", "grants": [{"role": "community_worker", "scope": GRID}], "unit": None}
FIRST = "2026-03-01"


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    settle(territory, organisations, move_in)
    move_in([(staff("p-police", "volunteer", "360704"), None)])


@pytest.fixture
def group(service: MembersService) -> MembersService:
    service.form_party_group(caller=PARTY, command_id="form", grid_code=GRID, since=FIRST)
    return service


def seat(service: MembersService, person: str, capacity: str, by: Any = PARTY, **changes: Any) -> dict[str, Any]:
    body = {"grid_code": GRID, "person_id": person, "capacity": capacity, "since": FIRST} | changes
    key = f"{person}-{capacity}-{sorted(changes.items())}"
    answer: dict[str, Any] = service.seat_in_party_group(caller=by, command_id=key, **body)
    return answer


def meet(service: MembersService, held_on: str, *attended: str, key: str = "meet") -> dict[str, Any]:
    answer: dict[str, Any] = service.record_party_group_meeting(
        caller=PARTY, command_id=f"{key}-{held_on}", grid_code=GRID, held_on=held_on, attended=list(attended)
    )
    return answer


def shown(service: MembersService, by: Any = PARTY, **asked: Any) -> dict[str, Any]:
    answer: dict[str, Any] = service.party_group(caller=by, grid_code=GRID, **asked)
    return answer


def codes(refused: Refusal) -> set[str]:
    return {fault["code"] for fault in refused.details["errors"]}


def test_a_grid_has_one_party_group(group: MembersService) -> None:
    again = {"caller": PARTY, "command_id": "again", "grid_code": GRID, "since": FIRST}
    assert refusal(group.form_party_group, **again).code == "party_group_exists"
    elsewhere = {"caller": PARTY, "command_id": "else", "grid_code": "360704100009001", "since": FIRST}
    assert refusal(group.form_party_group, **elsewhere).code == "not_permitted"
    nowhere = {"caller": PARTY, "command_id": "no", "grid_code": "360704100002999", "since": FIRST}
    assert refusal(group.form_party_group, **nowhere).code == "unknown_grid"
    assert refusal(group.party_group, caller=ADMIN, grid_code="360704100002002").code == "party_group_not_found"


def test_people_sit_in_capacities_and_one_leads(group: MembersService) -> None:
    receipt = seat(group, "p-near", "leader")
    assert receipt["seat_id"] == seat(group, "p-near", "leader")["seat_id"]
    seat(group, "p-near", "in_service_member")
    seat(group, "p-police", "police")
    found = shown(group)
    assert (found["leader_masked"], found["capacities"]["police"], found["capacities"]["medic"]) == ("李师傅", 1, 0)
    assert refusal(seat, service=group, person="p-police", capacity="leader").code == "leader_seated"
    assert refusal(seat, service=group, person="p-police", capacity="police", until="2026-09-01").code == "seat_taken"


def test_everything_that_is_wrong_with_a_seat_is_named_at_once(group: MembersService) -> None:
    wrong = {"person": "p-nobody", "capacity": "medic", "since": "2026-02-01", "until": "2026-01-01"}
    refused = refusal(seat, service=group, **wrong)
    assert codes(refused) == {"unknown_person", "seat_ends_too_early", "no_party_group_then"}
    assert sum(shown(group)["capacities"].values()) == 0


def test_a_seat_is_given_up_from_a_day_on(group: MembersService) -> None:
    id = seat(group, "p-police", "police")["seat_id"]
    ending = {"caller": PARTY, "command_id": "end", "grid_code": GRID, "seat_id": id, "on": "2026-03-10"}
    group.unseat_in_party_group(**ending)
    assert [shown(group, as_of=day)["capacities"]["police"] for day in ("2026-03-09", "2026-03-10")] == [1, 0]
    for on, code in (("2026-03-11", "seat_has_ended"), ("2026-02-01", "seat_ends_too_early")):
        assert refusal(group.unseat_in_party_group, **ending | {"command_id": on, "on": on}).code == code
    assert refusal(group.unseat_in_party_group, **ending | {"command_id": "x", "seat_id": "x"}).code == "seat_not_found"


def test_a_meeting_is_recorded_once_with_those_who_were_there(group: MembersService) -> None:
    seat(group, "p-near", "leader")
    meet(group, "2026-03-05", "p-near")
    assert [(each["held_on"], each["attendance"]) for each in shown(group)["meetings"]] == [("2026-03-05", 1)]
    assert refusal(meet, service=group, held_on="2026-03-05", key="twice").code == "invalid"
    strangers = refusal(lambda: meet(group, "2026-04-01", "p-far", "p-near"))
    assert codes(strangers) == {"meeting_to_come", "not_of_the_group"}
    assert refusal(lambda: meet(group, "2026-03-05", "p-near", key="twice")).code == "meeting_recorded"
    assert refusal(lambda: meet(group, "2026-02-05", "p-near")).code == "invalid"


def test_who_sits_in_it_is_for_the_offices_and_all_others_see_how_many(group: MembersService) -> None:
    """Whom some capacities are given to has a special identity, which is not shown (docs/domain.md §5)."""
    seat(group, "p-near", "in_service_member")
    seat(group, "p-near", "leader")
    meet(group, "2026-03-05", "p-near")
    seen = shown(group, WORKER)
    assert (seen["seats"], seen["meetings"][0]["attended"]) == ([], [])
    assert (seen["capacities"]["in_service_member"], seen["leader_masked"]) == (1, "李师傅")
    assert {each["name_masked"] for each in shown(group, ADMIN)["seats"]} == {"李师傅"}
    assert refusal(shown, service=group, by=SELF).code == "not_permitted"
    assert [each["seats"] for each in group.party_groups_of(caller=WORKER)["items"]] == [[]]


def test_whoever_leaves_sits_in_no_group_and_a_grid_that_is_closed_has_none(group: MembersService) -> None:
    seat(group, "p-police", "police")
    left = Event(
        "e",
        "person.left",
        "s",
        "person/p-police",
        2,
        NOW,
        None,
        {"person_id": "p-x", "former_ids": ["p-police"]},
        b"",
        "",
    )
    for _ in range(2):
        group.unseat_leaver(left)
    assert [shown(group, as_of=day)["capacities"]["police"] for day in ("2026-03-11", "2026-03-12")] == [1, 0]
    closing = {"grid_code": GRID, "to": "2026-03-19T16:00:00Z"}
    group.dissolve_party_group(Event("f", "grid.closed", "s", "grid/x", 3, NOW, None, closing, b"", ""))
    pages = [
        group.party_groups_of(caller=ADMIN, filters={"as_of": day})["items"] for day in ("2026-03-19", "2026-03-20")
    ]
    assert [len(page) for page in pages] == [1, 0]


def test_a_seat_stands_in_the_own_copy_with_the_meetings(group: MembersService) -> None:
    seat(group, "p-near", "in_service_member")
    meet(group, "2026-03-05", "p-near")
    [held] = group.own_data(caller=SELF)["seats"]
    assert (held["grid_code"], held["capacity"], held["attended"]) == (GRID, "in_service_member", ["2026-03-05"])
