"""Somebody leaves the service: nobody signs in as them any more, and one event tells it, once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pymongo.database import Database

from members.service import MembersService
from tests.component.members.entrants import begun, signed_in
from tests.component.members.small_district import ADMIN, GRID, SELF, refusal
from tests.component.members.staging import Messenger
from tests.component.set_clock import SetClock

pytestmark = pytest.mark.usefixtures("district_of_xie")


def office(role: str, scope: str) -> dict[str, Any]:
    return {"id": "p-office", "grants": [{"role": role, "scope": scope}], "unit": None}


def leave(service: MembersService, who: str, by: dict[str, Any] = ADMIN, key: str = "k") -> dict[str, Any]:
    return service.record_leaving(caller=by, command_id=key, person_id=who)


def told(database: Database[dict[str, Any]], who: str) -> list[dict[str, Any]]:
    found = database["people"].find_one({"_id": who})
    assert found
    return [entry for entry in found["history"] if entry["type"] == "person.left"]


def test_one_event_tells_who_has_left_and_no_more(service: MembersService, database: Database[dict[str, Any]]) -> None:
    assert leave(service, "p-near") == {"person_id": "p-near", "version": 2}
    [entry] = told(database, "p-near")
    assert entry["data"] == {"person_id": "p-near", "former_ids": [], "tenant": "360704"}
    kept = database["people"].find_one({"_id": "p-near"})
    assert kept
    assert (kept["active"], kept["unrelayed"]) == (False, True)
    assert service.assignees(ids=["p-near"])[0]["active"] is False


def test_nobody_is_told_anything_at_the_phone_or_address_of_who_has_left(service: MembersService) -> None:
    service.change_profile(caller=SELF, command_id="a", addresses={"email": "li.ce@example.org"})
    assert service.contacts(ids=["p-near"])[0]["phone"] == "12000000003"
    leave(service, "p-near")
    assert service.contacts(ids=["p-near"]) == []


def test_who_has_left_is_told_of_once_however_often_and_by_whomever(
    service: MembersService, database: Database[dict[str, Any]]
) -> None:
    with ThreadPoolExecutor(4) as offices:
        answers = list(offices.map(lambda n: leave(service, "p-near", key=f"k-{n % 2}"), range(8)))
    assert answers == [{"person_id": "p-near", "version": 2}] * 8
    assert len(told(database, "p-near")) == 1


def test_whoever_has_left_has_no_session_and_cannot_sign_in(
    service: MembersService, messenger: Messenger, present: SetClock
) -> None:
    session = signed_in(service, messenger)
    present.wait(minutes=2)
    waiting = begun(service, messenger)
    leave(service, "p-xie")
    assert refusal(service.refresh, refresh_token=session["refresh_token"]).code == "session_ended"
    assert refusal(service.sign_in_with_code, **waiting, client="").code == "bad_code"


def test_whoever_has_left_is_no_candidate_and_on_no_duty(service: MembersService) -> None:
    for who in ("p-worker", "p-desk"):
        leave(service, who)
    found = service.responsible(grid_code=GRID)
    assert (found["grid_workers"], found["community_workers"], found["dispatchers"]) == ([], ["p-other"], [])


def test_nobody_of_the_unit_that_a_case_is_about_is_on_its_duty(
    service: MembersService, database: Database[dict[str, Any]]
) -> None:
    database.people.update_one({"_id": "p-worker"}, {"$set": {"unit_id": "u-lamps"}})
    whole = service.responsible(grid_code=GRID)
    assert "p-worker" in str(whole)
    found = service.responsible(grid_code=GRID, not_of="u-lamps")
    assert "p-worker" not in str(found)
    assert found["dispatchers"] == whole["dispatchers"] != []


def test_whoever_has_left_speaks_for_no_unit_any_more(service: MembersService) -> None:
    assert [contact["id"] for contact in service.contacts(ids=["u-lamps"])] == ["p-lamps"]
    leave(service, "p-lamps")
    assert service.contacts(ids=["u-lamps"]) == []
    assert service.holders(ids=["u-lamps", "p-lamps"]) == []


def test_only_the_office_in_whose_scope_all_of_it_lies_lets_somebody_leave(service: MembersService) -> None:
    assert refusal(leave, service=service, who="p-worker", by=SELF).code == "not_permitted"
    assert (
        refusal(leave, service=service, who="p-desk", by=office("party_office", "360704100002")).code == "not_permitted"
    )
    assert (
        refusal(leave, service=service, who="p-worker", by=office("district_admin", "360703")).code
        == "person_not_found"
    )
    assert refusal(leave, service=service, who="p-nobody").code == "person_not_found"
    assert leave(service, "p-worker", by=office("party_office", "360704100002"))["version"] == 2


def test_a_party_office_lets_no_admin_go_nor_who_becomes_one_tomorrow(service: MembersService) -> None:
    above: dict[str, Any] = {"by": office("party_office", "360704"), "service": service}
    assert refusal(leave, who="p-admin", **above).code == "role_above_own"
    role = {"role": "district_admin", "scope": "360704", "since": "2026-03-20T00:00:00Z"}
    service.grant_role(caller=ADMIN, command_id="g", person_id="p-far", **role)
    assert refusal(leave, who="p-far", **above).code == "role_above_own"
    asked = {"caller": above["by"], "command_id": "d", "person_id": "p-far"}
    assert refusal(service.delete_person, **asked).code == "role_above_own"
    assert refusal(service.release_phone, **asked, reason="号码已停用").code == "role_above_own"
    assert service.person(caller=ADMIN, person_id="p-far")["phone_masked"] == "120****0004"
    assert leave(service, "p-far")["version"] == 3
