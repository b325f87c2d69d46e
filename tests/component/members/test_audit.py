"""The trail of members: who was told a phone or shown a track, whose roles were changed, and who was deleted."""

from typing import Any

import pytest
from pymongo.database import Database

from chassis.audit.debts import Debts
from members.demo.territory import areas, service_grids
from members.organisations.store import UnitStore
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.small_district import ADMIN, MoveIn, refusal, settle
from tests.component.set_clock import SetClock

AUDITOR = {"id": "p-auditor", "grants": [{"role": "auditor", "scope": "360704"}], "unit": None}
OFFICE = {"id": "p-office", "grants": [{"role": "party_office", "scope": "360704"}], "unit": None}
FAR = {"id": "p-far", "grants": [{"role": "auditor", "scope": "360703"}], "unit": None}

Row = dict[str, Any]


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    settle(territory, organisations, move_in)


def trail(service: MembersService, by: Row = AUDITOR, /, **asked: Any) -> list[Row]:
    return [row for row in service.audit_trail(by, **asked)["items"] if row["act"] != "audit.read"]


def test_a_phone_that_was_told_or_taken_away_is_in_the_trail(service: MembersService) -> None:
    asked: Row = {"caller": ADMIN, "command_id": "k", "person_id": "p-near", "reason": "核对报到信息"}
    service.reveal_phone(**asked)
    service.reveal_phone(**asked)
    service.release_phone(**asked | {"command_id": "other"})
    told = [(row["act"], row["role"], row["what"], row["reason"]) for row in trail(service)]
    person = {"kind": "person", "id": "p-near"}
    assert told == [
        ("phone.released", "district_admin", person, "核对报到信息"),
        ("phone.revealed", "district_admin", person, "核对报到信息"),
    ]
    assert trail(service, FAR) == []


def test_an_act_of_another_service_is_refused(service: MembersService) -> None:
    refused = refusal(service.audit_trail, caller=AUDITOR, act="contact.revealed")
    assert (refused.code, "phone.revealed" in refused.details["known"]) == ("unknown_act", True)


def test_an_auditor_who_reads_of_a_person_is_in_the_trail_once_a_day_and_nobody_else(
    service: MembersService, clock: SetClock
) -> None:
    for who in (ADMIN, OFFICE, AUDITOR, AUDITOR):
        service.person(caller=who, person_id="p-near")
    assert refusal(service.person, caller=FAR, person_id="p-near").code == "person_not_found"
    own = {"id": "p-near", "grants": AUDITOR["grants"], "unit": None}
    service.person(caller=own, person_id="p-near")
    [row] = trail(service, act="person.audited")
    assert (row["who"], row["role"], row["what"]["id"]) == ("p-auditor", "auditor", "p-near")
    clock.wait(days=1)
    service.person(caller=AUDITOR, person_id="p-near")
    assert len(trail(service, act="person.audited")) == 2
    assert trail(service, FAR) == []


def test_no_row_is_left_by_who_is_refused(service: MembersService, database: Database[Row]) -> None:
    asked: Row = {"caller": AUDITOR, "command_id": "k", "person_id": "p-near", "reason": "核对"}
    assert refusal(service.reveal_phone, **asked).code == "not_permitted"
    assert database["audit"].count_documents({}) == 0
    office = {"id": "p-o", "grants": [{"role": "party_office", "scope": "360704"}], "unit": None}
    assert refusal(service.audit_trail, caller=office).code == "not_permitted"


def entered(service: MembersService) -> list[tuple[str, str, Row]]:
    """What histories owe, entered: act, whom it was done to, and what is told of it."""
    outboxes = [service.people.records.outbox, service.policies_kept.records.outbox]
    Debts(service.audit, outboxes).enter(100)
    return [(row["act"], row["what"]["id"], row["details"]) for row in reversed(trail(service, limit=100))]


def test_whoever_is_given_or_loses_a_role_is_in_the_trail(service: MembersService) -> None:
    held = {"role": "volunteer", "scope": "360704100002"}
    service.grant_role(caller=ADMIN, command_id="k", person_id="p-near", **held)
    service.grant_role(caller=ADMIN, command_id="k", person_id="p-near", **held)
    service.revoke_role(caller=ADMIN, command_id="k2", person_id="p-near", **held)
    assert entered(service) == [
        ("person.role_granted", "p-near", held),
        ("person.role_revoked", "p-near", held),
    ]
    assert [row["who"] for row in trail(service)] == ["p-admin", "p-admin"]
    assert entered(service)[2:] == []


def test_roles_that_come_with_an_entry_are_in_the_trail_and_other_entries_are_not(service: MembersService) -> None:
    newcomer: Row = {"name": "周测101", "phone": "12000000101", "compound_id": "c-dongyuan"}
    service.register_person(caller=ADMIN, command_id="k", **newcomer)
    assert entered(service) == []
    roles = [{"role": "volunteer", "scope": "360704"}]
    newcomer |= {"phone": "12000000102", "roles": roles}
    made = service.register_person(caller=ADMIN, command_id="k2", **newcomer)
    assert entered(service) == [("person.registered", made["person_id"], {"roles": ["volunteer 360704"]})]


def test_who_was_deleted_is_in_the_trail_by_id_alone(service: MembersService, database: Database[Row]) -> None:
    service.delete_person(caller=ADMIN, command_id="k", person_id="p-near")
    assert entered(service) == [("person.left", "p-near", {}), ("person.erased", "p-near", {})]
    assert {row["who"] for row in trail(service)} == {"p-admin"}
    assert "12000000003" not in str(list(database["audit"].find()))


def test_a_policy_that_is_entered_is_in_the_trail(service: MembersService, territory: TerritoryStore) -> None:
    found = areas(service_grids())
    territory.add_areas(found, found[0].opened)
    policy: Row = {"area": "360704", "metric": "points", "period": "year", "minimum": 12, "effect": "fails"}
    made = service.enter_member_policy(caller=OFFICE, command_id="k", valid_from="2025-01-01", **policy)
    assert entered(service) == [
        ("policy.entered", made["policy_id"], {"policy_id": made["policy_id"], "terms": made["terms"]})
    ]


def test_a_file_and_a_copy_are_in_the_trail(service: MembersService) -> None:
    service.note_download(caller=ADMIN, kind="people", format="csv", lines=3)
    service.own_data(caller={"id": "p-near", "grants": [{"role": "resident", "scope": "360704"}], "unit": None})
    told = [(row["act"], row["who"], row["role"], row["details"]) for row in trail(service)]
    assert told == [
        ("own_data.copied", "p-near", "resident", {}),
        ("file.downloaded", "p-admin", "district_admin", {"format": "csv", "lines": 3}),
    ]
    assert {row["role"] for row in service.audit_trail(AUDITOR)["items"] if row["act"] == "audit.read"} == {"auditor"}
    again = service.own_data(caller={"id": "p-near", "grants": [{"role": "resident", "scope": "360704"}], "unit": None})
    assert [row["act"] for row in again["trail"]] == ["own_data.copied"], "what they did, and nobody else"


@pytest.mark.parametrize(("unit", "role"), [("u-power", "unit_contact"), ("u-other", "party_office")])
def test_a_file_about_a_unit_is_in_the_trail_with_the_role_in_which_it_may_be_read(
    service: MembersService, unit: str, role: str
) -> None:
    grants = [{"role": held, "scope": "360704"} for held in ("unit_contact", "party_office")]
    who = {"id": "p-both", "grants": grants, "unit": "u-power"}
    service.note_download(caller=who, kind="registrations", format="csv", lines=3, id=unit)
    assert [row["role"] for row in trail(service)] == [role]
