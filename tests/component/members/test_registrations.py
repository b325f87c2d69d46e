"""Dual registration on a real database: both links hold, slips have numbers, and what follows changes with it."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from members.organisations.store import UnitStore
from members.people.store import PeopleStore
from members.registrations.registration import EVENT_TYPES, Kind
from members.registrations.store import RegistrationStore
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.dual_service import (
    AT_GAOXIN,
    AT_GUANGCHANG,
    BUREAU,
    CONTACT,
    GAOXIN,
    GUANGCHANG,
    JINTAN,
    MEMBER,
    OFFICE,
    STRANGER,
    caller,
    codes,
    registered,
    settle,
)
from tests.component.members.owed import entered
from tests.component.members.small_district import ADMIN, MoveIn, refusal
from tests.component.members.staging import NOW
from tests.component.set_clock import SetClock

Stored = Database[dict[str, Any]]
SAMPLES = Path(__file__).parents[2] / "contract" / "events"
TODAY = date(2026, 3, 12)
UNIT_FORM = {
    "unit_id": BUREAU,
    "community": GAOXIN,
    "posts": ["legal"],
    "resources": ["会议室"],
    "agreement": "每季一次",
}


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    settle(territory, organisations, move_in)


@pytest.fixture
def registrations(service: MembersService) -> RegistrationStore:
    return service.registrations_kept


def test_dual_registration(service: MembersService, people: PeopleStore) -> None:
    """F15: 区住建局 with 高新社区, its member with the home community 广场社区: both hold, the slip has a number."""
    unit = service.submit_unit_registration(caller=CONTACT, command_id="u", contact_id="p-contact", **UNIT_FORM)
    accepted = service.accept_registration(caller=AT_GAOXIN, command_id="ua", registration_id=unit["registration_id"])
    assert accepted["slip"] == f"BD-{GAOXIN}-2026-000001"
    mine = service.submit_member_registration(caller=MEMBER, command_id="m", posts=["safety"])
    assert (mine["status"], mine["community"]) == ("submitted", GUANGCHANG)
    slip = service.accept_registration(caller=AT_GUANGCHANG, command_id="ma", registration_id=mine["registration_id"])[
        "slip"
    ]
    assert slip == f"BD-{GUANGCHANG}-2026-000001"
    person = people.person("p-1")
    assert person is not None
    assert (person.registered_with, person.unit_id) == (GUANGCHANG, BUREAU)
    rate = service.registration_rate(caller=CONTACT, unit_id=BUREAU)
    assert (rate["community"], rate["slip"]) == (GAOXIN, accepted["slip"])
    assert (rate["members"], rate["registered"], rate["registration_rate"]) == (4, 1, 25.0)
    assert (rate["served"], rate["completion_rate"]) == (None, None), "it would tell of the one"
    returned = service.return_slip(caller=CONTACT, command_id="back", registration_id=mine["registration_id"])
    assert (returned["status"], returned["slip"]) == ("returned", slip)


def test_who_is_accepted_as_a_member_of_the_unit_that_came_along_with_a_role_stays_of_it(
    service: MembersService, people: PeopleStore, database: Stored
) -> None:
    speaker: dict[str, Any] = {"caller": ADMIN, "person_id": "p-1", "role": "unit_contact", "scope": "360704"}
    service.grant_role(command_id="g", **speaker)
    database["people"].update_one({"_id": "p-1"}, {"$set": {"unit_along": True}})
    mine = service.submit_member_registration(caller=MEMBER, command_id="m", posts=["safety"])
    service.accept_registration(caller=AT_GUANGCHANG, command_id="ma", registration_id=mine["registration_id"])
    service.revoke_role(command_id="r", **speaker)
    person = people.person("p-1")
    assert person is not None
    assert person.unit_id == BUREAU


def test_what_an_acceptance_changes_about_a_person_is_in_the_trail_and_what_they_change_themselves_is_not(
    service: MembersService, people: PeopleStore
) -> None:
    service.change_profile(caller=MEMBER, command_id="own", language="en")
    mine = service.submit_member_registration(caller=MEMBER, command_id="m", posts=["safety"])
    service.accept_registration(caller=AT_GUANGCHANG, command_id="ma", registration_id=mine["registration_id"])
    [row] = entered(service, people.records.outbox)
    assert (row["act"], row["who"], row["what"]["id"]) == ("person.corrected", AT_GUANGCHANG["id"], "p-1")
    assert row["details"] == {"fields": ["registered_with", "unit_id"]}


def test_the_rate_of_a_past_day_stays_as_it_was(service: MembersService, clock: SetClock) -> None:
    before = service.registration_rate(caller=CONTACT, unit_id=BUREAU)
    assert (before["community"], before["slip"], before["members"]) == (None, None, 4)
    clock.moment = NOW + timedelta(days=30)
    unit = service.submit_unit_registration(caller=CONTACT, command_id="u", **UNIT_FORM)
    service.accept_registration(caller=AT_GAOXIN, command_id="ua", registration_id=unit["registration_id"])
    registered(service, "p-1")
    new = service.register_person(
        caller=OFFICE,
        command_id="new",
        name="邓测021",
        unit_id=BUREAU,
        roles=[{"role": "in_service_member", "scope": "360704"}],
    )["person_id"]
    now = service.registration_rate(caller=CONTACT, unit_id=BUREAU)
    assert (now["community"], now["members"], now["registered"]) == (GAOXIN, 5, 1)
    for left in (new, "p-2", "p-3"):
        service.record_leaving(caller=OFFICE, command_id=left, person_id=left)
    assert service.registration_rate(caller=CONTACT, unit_id=BUREAU)["members"] == 2
    day = before["as_of"]
    assert service.registration_rate(caller=CONTACT, unit_id=BUREAU, as_of=day) == before


def test_the_unit_sees_its_own_members_masked_and_a_member_the_own_registration(service: MembersService) -> None:
    registered(service, "p-1")
    registered(service, "p-4")
    seen = service.registrations(caller=CONTACT, filters={"unit_id": BUREAU})["items"]
    assert [(each["person_id"], each["person_name"]) for each in seen] == [("p-1", "谢**")]
    assert "谢测" not in json.dumps(seen, ensure_ascii=False)
    assert refusal(service.registrations, caller=CONTACT, filters={"unit_id": "u-school"}).code == "not_permitted"
    assert refusal(service.registrations, caller=CONTACT, filters={"area": GUANGCHANG}).code == "not_permitted"
    assert [each["person_id"] for each in service.registrations(caller=MEMBER)["items"]] == ["p-1"]
    assert refusal(service.registrations, caller=MEMBER, filters={"person_id": "p-4"}).code == "not_permitted"
    assert len(service.registrations(caller=OFFICE, filters={"area": "360704"})["items"]) == 2
    assert refusal(service.registration_rate, caller=STRANGER, unit_id=BUREAU).code == "unit_not_found"
    other = seen[0]["registration_id"]
    assert refusal(service.registration, caller=STRANGER, registration_id=other).code == "registration_not_found"
    rival = caller("p-rival", "unit_contact", unit="u-school")
    assert refusal(service.registration, caller=rival, registration_id=other).code == "not_permitted"


def test_a_list_goes_on_where_the_page_before_ended(service: MembersService) -> None:
    for number in (1, 2, 3):
        registered(service, f"p-{number}")
    pages, after = [], None
    while True:
        page = service.registrations(caller=OFFICE, filters={"area": GUANGCHANG}, after=after, limit=2)
        pages.append([each["person_id"] for each in page["items"]])
        after = page["next"]
        if after is None:
            break
    assert [len(each) for each in pages] == [2, 1]
    assert sorted(id for page in pages for id in page) == ["p-1", "p-2", "p-3"]


def test_without_a_known_home_it_is_the_community_of_the_unit(service: MembersService) -> None:
    missing = refusal(service.submit_member_registration, caller=OFFICE, command_id="a", person_id="p-5")
    assert codes(missing) == {("/community", "community_missing")}
    unit = service.submit_unit_registration(caller=OFFICE, command_id="u", **UNIT_FORM)
    service.accept_registration(caller=OFFICE, command_id="ua", registration_id=unit["registration_id"])
    assert service.submit_member_registration(caller=OFFICE, command_id="b", person_id="p-5")["community"] == GAOXIN


def test_every_fault_is_listed_at_once(service: MembersService, database: Stored) -> None:
    form = {
        "person_id": "p-4",
        "unit_id": "u-closed",
        "community": "360704100099",
        "signed_on": "2026-03-13",
    }
    assert codes(refusal(service.submit_member_registration, caller=OFFICE, command_id="k", **form)) == {
        ("/unit_id", "unit_closed"),
        ("/person_id", "person_not_of_unit"),
        ("/community", "unknown_community"),
        ("/signed_on", "date_in_the_future"),
    }
    of_unit = {"unit_id": "u-nobody", "community": GAOXIN, "contact_id": "p-nobody"}
    assert codes(refusal(service.submit_unit_registration, caller=OFFICE, command_id="l", **of_unit)) == {
        ("/unit_id", "unknown_unit"),
        ("/contact_id", "unknown_person"),
    }
    contact = refusal(
        service.submit_unit_registration, caller=OFFICE, command_id="n", **{**UNIT_FORM, "contact_id": "p-4"}
    )
    assert codes(contact) == {("/contact_id", "person_not_of_unit")}
    nobody = refusal(
        service.submit_member_registration, caller=OFFICE, command_id="o", person_id="p-contact", community=GAOXIN
    )
    assert codes(nobody) == {("/person_id", "not_in_service")}
    assert database["registrations"].count_documents({}) == 0


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"community": "3607"}, "/community"),
        ({"posts": ["dancing"]}, "/posts/0"),
        ({"signed_on": "2026-02-30"}, "/signed_on"),
        ({"slip": "BD-1"}, "/slip"),
    ],
)
def test_what_a_form_cannot_say_is_refused(service: MembersService, body: dict[str, Any], pointer: str) -> None:
    found = refusal(service.submit_member_registration, caller=MEMBER, command_id="k", **body)
    assert (found.code, [each["pointer"] for each in found.details["errors"]]) == ("invalid", [pointer])


def test_a_community_that_is_closed_takes_nobody(service: MembersService, database: Stored) -> None:
    database["areas"].update_one({"_id": JINTAN}, {"$set": {"closed": NOW - timedelta(days=1)}})
    found = refusal(service.submit_member_registration, caller=MEMBER, command_id="k", community=JINTAN)
    assert codes(found) == {("/community", "community_closed")}


def test_nobody_registers_twice(service: MembersService) -> None:
    service.submit_member_registration(caller=MEMBER, command_id="a")
    again = refusal(service.submit_member_registration, caller=MEMBER, command_id="b")
    assert codes(again) == {("", "already_submitted")}
    made = service.submit_member_registration(caller=MEMBER, command_id="a")
    service.accept_registration(caller=AT_GUANGCHANG, command_id="c", registration_id=made["registration_id"])
    assert codes(refusal(service.submit_member_registration, caller=MEMBER, command_id="d")) == {
        ("", "already_registered")
    }


def test_a_repeated_command_gets_the_first_answer_and_no_second_slip(service: MembersService, database: Stored) -> None:
    made = service.submit_member_registration(caller=MEMBER, command_id="a")
    assert service.submit_member_registration(caller=MEMBER, command_id="a") == made
    accept = {"caller": AT_GUANGCHANG, "command_id": "b", "registration_id": made["registration_id"]}
    first = service.accept_registration(**accept)
    assert service.accept_registration(**accept) == first
    assert database["registrations"].count_documents({}) == 1
    reused = {**accept, "command_id": "a", "caller": MEMBER}
    assert refusal(service.end_registration, reason_code="withdrawn", **reused).code == "command_id_reused"


def test_only_the_community_decides_and_nobody_on_their_own(service: MembersService) -> None:
    made = service.submit_member_registration(caller=MEMBER, command_id="a")["registration_id"]
    for who in (AT_GAOXIN, CONTACT, MEMBER):
        found = refusal(service.accept_registration, caller=who, command_id="b", registration_id=made)
        assert found.code == "not_permitted"
    both = {"id": "p-1", "grants": [{"role": "community_worker", "scope": f"{GUANGCHANG}001"}], "unit": BUREAU}
    own = refusal(service.accept_registration, caller=both, command_id="c", registration_id=made)
    assert own.code == "own_registration"
    refused = service.refuse_registration(
        caller=AT_GUANGCHANG, command_id="d", registration_id=made, reason_code="other_community"
    )
    assert (refused["status"], refused["slip"]) == ("refused", None)
    closed = refusal(service.accept_registration, caller=AT_GUANGCHANG, command_id="e", registration_id=made)
    assert closed.code == "registration_not_open"
    assert service.submit_member_registration(caller=MEMBER, command_id="f")["status"] == "submitted"


def test_a_transfer_ends_what_held_once_the_other_community_accepts(
    service: MembersService, registrations: RegistrationStore, people: PeopleStore, clock: SetClock
) -> None:
    before = registered(service, "p-1")["registration_id"]
    clock.moment = NOW + timedelta(days=10)
    moved = service.transfer_registration(caller=MEMBER, command_id="t", registration_id=before, community=GAOXIN)[
        "registration_id"
    ]
    assert registrations.members_on(BUREAU, TODAY + timedelta(days=10)) == {"p-1"}
    assert [each.id for each in registrations.in_community_on(GUANGCHANG, Kind.MEMBER, TODAY)] == [before]
    clock.moment = NOW + timedelta(days=12)
    service.accept_registration(caller=AT_GAOXIN, command_id="ta", registration_id=moved)
    day = TODAY + timedelta(days=12)
    assert [each.id for each in registrations.in_community_on(GAOXIN, Kind.MEMBER, day)] == [moved]
    assert registrations.in_community_on(GUANGCHANG, Kind.MEMBER, day) == []
    # A report as of a past day stays as it was.
    assert [each.id for each in registrations.in_community_on(GUANGCHANG, Kind.MEMBER, TODAY)] == [before]
    person = people.person("p-1")
    assert person is not None
    assert person.registered_with == GAOXIN
    ended = service.registration(caller=MEMBER, registration_id=before)
    assert (ended["status"], ended["reason_code"], ended["ended_on"]) == ("ended", "moved", "2026-03-24")
    late = refusal(
        service.transfer_registration, caller=MEMBER, command_id="x", registration_id=before, community=JINTAN
    )
    assert late.code == "registration_not_open"
    same = refusal(
        service.transfer_registration, caller=MEMBER, command_id="y", registration_id=moved, community=GAOXIN
    )
    assert codes(same) == {("", "already_registered")}


def test_who_withdraws_is_registered_nowhere(
    service: MembersService, registrations: RegistrationStore, people: PeopleStore, clock: SetClock
) -> None:
    made = registered(service, "p-1")["registration_id"]
    clock.moment = NOW + timedelta(days=1)
    service.end_registration(caller=CONTACT, command_id="e", registration_id=made, reason_code="left_unit")
    person = people.person("p-1")
    assert person is not None
    assert person.registered_with is None
    assert registrations.members_on(BUREAU, TODAY) == {"p-1"}
    assert registrations.members_on(BUREAU, TODAY + timedelta(days=1)) == frozenset()
    assert registered(service, "p-1", key="again")["slip"] == f"BD-{GUANGCHANG}-2026-000002"


def test_what_has_become_wrong_meanwhile_is_not_accepted(
    service: MembersService, database: Stored, people: PeopleStore
) -> None:
    made = service.submit_unit_registration(caller=CONTACT, command_id="u", **UNIT_FORM)["registration_id"]
    database["units"].update_one({"_id": BUREAU}, {"$set": {"active": False}})
    found = refusal(service.accept_registration, caller=AT_GAOXIN, command_id="a", registration_id=made)
    assert codes(found) == {("/unit_id", "unit_closed")}
    assert database["slips"].count_documents({}) == 0


def test_the_units_that_are_registered_on_a_day_are_counted_for_the_check(
    service: MembersService, registrations: RegistrationStore
) -> None:
    """H9: reporting units registered among those obliged, as of a day."""
    made = service.submit_unit_registration(caller=OFFICE, command_id="u", **{**UNIT_FORM, "unit_id": "u-school"})
    assert registrations.units_on("360704", TODAY) == frozenset()
    service.accept_registration(caller=OFFICE, command_id="a", registration_id=made["registration_id"])
    assert registrations.units_on("360704", TODAY) == {"u-school"}
    assert registrations.units_on("360704", TODAY - timedelta(days=1)) == frozenset()
    assert registrations.units_on("360703", TODAY) == frozenset()


def test_events_tell_ids_and_codes_as_the_samples_show(service: MembersService, database: Stored) -> None:
    made = registered(service, "p-1")["registration_id"]
    service.return_slip(caller=CONTACT, command_id="back", registration_id=made)
    service.end_registration(caller=MEMBER, command_id="e", registration_id=made, reason_code="withdrawn")
    refused = service.submit_member_registration(caller=MEMBER, command_id="s")["registration_id"]
    service.refuse_registration(caller=OFFICE, command_id="r", registration_id=refused, reason_code="duplicate")
    everything = [entry for found in database["registrations"].find() for entry in found["history"]]
    entries = [entry for entry in everything if entry["type"] in EVENT_TYPES]
    assert {entry["type"] for entry in entries} == {path.stem for path in SAMPLES.glob("registration.*.json")}
    for entry in entries:
        sample = json.loads((SAMPLES / f"{entry['type']}.json").read_text(encoding="utf-8"))
        assert set(entry["data"]) == set(sample["data"])
        assert "测" not in json.dumps(entry["data"], ensure_ascii=False)
    assert all(found["unrelayed"] for found in database["registrations"].find())


def test_nobody_decides_on_the_registration_of_the_own_unit(service: MembersService) -> None:
    made = service.submit_unit_registration(caller=CONTACT, command_id="k", unit_id=BUREAU, community=GAOXIN)
    own = {**AT_GAOXIN, "unit": BUREAU}
    one = {"registration_id": made["registration_id"]}
    assert refusal(service.accept_registration, caller=own, command_id="a", **one).code == "own_registration"
    refused = refusal(service.refuse_registration, caller=own, command_id="b", **one, reason_code="incomplete")
    assert refused.code == "own_registration"
    assert service.accept_registration(caller=AT_GAOXIN, command_id="c", **one)["status"] == "accepted"


def test_of_the_registrations_of_two_entries_of_one_person_the_older_stays(
    service: MembersService, people: PeopleStore, registrations: RegistrationStore, clock: SetClock
) -> None:
    older = registered(service, "p-2")["registration_id"]
    clock.moment = NOW + timedelta(days=1)
    newer = registered(service, "p-1")["registration_id"]
    service.merge_people(caller=OFFICE, command_id="merge", person_id="p-2", into="p-1")
    ended = registrations.records.load(newer, None).item
    assert (ended.status.value, ended.ended_on) == ("ended", TODAY + timedelta(days=1))
    assert registrations.records.load(older, None).item.status.value == "accepted"
    person = people.person("p-1")
    assert person is not None
    assert person.registered_with == GUANGCHANG


def test_what_one_entry_waits_for_ends_where_the_other_is_registered(
    service: MembersService, registrations: RegistrationStore
) -> None:
    holds = registered(service, "p-1")["registration_id"]
    waits = service.submit_member_registration(caller=OFFICE, command_id="w", person_id="p-2")["registration_id"]
    service.merge_people(caller=OFFICE, command_id="merge", person_id="p-2", into="p-1")
    ended = registrations.records.load(waits, None).item
    assert (ended.status.value, ended.ended_on, ended.slip) == ("ended", TODAY, None)
    assert registrations.records.load(holds, None).item.status.value == "accepted"
    moved = service.transfer_registration(caller=MEMBER, command_id="t", registration_id=holds, community=GAOXIN)
    assert moved["status"] == "submitted", "nothing that waits stands in the way"


def test_what_both_entries_wait_for_is_decided_once(service: MembersService, registrations: RegistrationStore) -> None:
    made = [
        service.submit_member_registration(caller=OFFICE, command_id=id, person_id=id)["registration_id"]
        for id in ("p-2", "p-1")
    ]
    service.merge_people(caller=OFFICE, command_id="merge", person_id="p-2", into="p-1")
    assert [registrations.records.load(id, None).item.status.value for id in made] == ["submitted", "ended"]
    accepted = service.accept_registration(caller=AT_GUANGCHANG, command_id="a", registration_id=made[0])
    assert accepted["status"] == "accepted"
