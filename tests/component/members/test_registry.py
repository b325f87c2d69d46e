"""Offices keep the register of people: roles from and until a moment, lists by scope, a phone with a reason."""

from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from members.organisations.store import UnitStore
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.small_district import ADMIN, GRID, SELF, MoveIn, refusal, settle
from tests.component.members.staging import NOW
from tests.component.set_clock import SetClock

NEWCOMER = {
    "name": "周测101",
    "phone": "12000000101",
    "compound_id": "c-dongyuan",
    "unit_id": "u-school",
    "skills": ["law"],
}


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    settle(territory, organisations, move_in)


def office(role: str, scope: str, unit: str | None = None) -> dict[str, Any]:
    return {"id": f"p-{role}", "grants": [{"role": role, "scope": scope}], "unit": unit}


PARTY = office("party_office", "360704")


def listed(service: MembersService, by: dict[str, Any], **filters: Any) -> list[str]:
    return [row["person_id"] for row in service.people_list(caller=by, filters=filters, limit=100)["items"]]


def test_an_office_registers_somebody_and_sees_them_at_once(service: MembersService) -> None:
    made = service.register_person(caller=PARTY, command_id="k", **NEWCOMER)
    assert service.register_person(caller=PARTY, command_id="k", **NEWCOMER) == made
    seen = service.person(caller=PARTY, person_id=made["person_id"])
    assert (seen["name"], seen["phone_masked"], seen["skills"]) == ("周测101", "120****0101", ["law"])
    assert made["person_id"] in listed(service, PARTY, skill="law", area=GRID)


def test_an_elder_without_a_phone_is_registered_by_the_worker_of_the_grid(service: MembersService) -> None:
    """F56: an elderly resident without a phone; a grid worker enters them, and the consent is noted."""
    worker = office("community_worker", GRID)
    elder = {"name": "赖测102", "compound_id": "c-dongyuan", "consent": {"how": "in_person", "text_version": "2026-01"}}
    made = service.register_person(caller=worker, command_id="k", **elder)
    seen = service.person(caller=PARTY, person_id=made["person_id"])
    assert seen["consent"] == {
        "how": "in_person",
        "text_version": "2026-01",
        "noted_by": "p-community_worker",
        "at": "2026-03-12T11:46:00Z",
    }
    assert seen["phone_masked"] is None
    assert refusal(service.register_person, caller=worker, command_id="l", **NEWCOMER).code == "consent_missing"


def test_a_field_that_cannot_be_read_hides_nothing_that_is_wrong_with_the_others(service: MembersService) -> None:
    wrong = {"name": "", "phone": "123", "skills": ["magic"], "born": "2020-12-01", "compound_id": "c-nowhere"}
    found = refusal(service.register_person, caller=PARTY, command_id="k", **{**NEWCOMER, **wrong, "unit_id": "u-no"})
    assert (found.code, {(each["pointer"], each.get("code")) for each in found.details["errors"]}) == (
        "invalid",
        {
            ("/name", None),
            ("/phone", None),
            ("/skills/0", None),
            ("/born", "under_age"),
            ("/compound_id", "unknown_compound"),
            ("/unit_id", "unknown_unit"),
        },
    )


def test_a_role_is_held_from_and_until_its_moments(service: MembersService, clock: SetClock) -> None:
    until = (NOW + timedelta(days=2)).isoformat()
    since = (NOW + timedelta(days=1)).isoformat()
    role = {"role": "volunteer", "scope": "360704100002"}
    service.grant_role(caller=PARTY, command_id="k", person_id="p-far", **role, since=since, until=until)
    held = []
    for _ in range(3):
        service.turn_roles()
        held.append("p-far" in listed(service, PARTY, role="volunteer"))
        clock.wait(days=1)
    assert held == [False, True, False]
    again = refusal(service.grant_role, caller=PARTY, command_id="l", person_id="p-far", **role, since=since)
    assert again.code == "role_held"


def test_who_is_to_speak_for_a_unit_is_of_it(service: MembersService) -> None:
    """Else they could choose afterwards for which, by registering with it."""
    speaker: dict[str, Any] = {"caller": ADMIN, "role": "unit_contact", "scope": "360704"}
    for n, (person, unit, code) in enumerate(
        (
            ("p-worker", None, "unit_missing"),
            ("p-worker", "u-nowhere", "unknown_unit"),
            ("p-near", "u-lamps", "person_not_of_unit"),
        )
    ):
        assert refusal(service.grant_role, command_id=f"k-{n}", person_id=person, unit_id=unit, **speaker).code == code
    with_unit = {**speaker, "role": "volunteer", "unit_id": "u-lamps"}
    assert refusal(service.grant_role, command_id="v", person_id="p-worker", **with_unit).code == "invalid"
    service.grant_role(command_id="g", person_id="p-worker", unit_id="u-lamps", **speaker)
    seen = service.person(caller=ADMIN, person_id="p-worker")
    assert (seen["unit_id"], {"role": "unit_contact", "scope": "360704"} in seen["roles"]) == ("u-lamps", True)
    other = {**speaker, "person_id": "p-worker", "unit_id": "u-school"}
    assert refusal(service.grant_role, command_id="o", **other).code == "speaks_for_another_unit"
    assert refusal(service.grant_role, command_id="h", **{**other, "unit_id": "u-lamps"}).code == "role_held"
    newcomer = {**NEWCOMER, "unit_id": None, "roles": [{"role": "unit_contact", "scope": "360704"}]}
    del newcomer["unit_id"]
    assert refusal(service.register_person, caller=ADMIN, command_id="n", **newcomer).code == "unit_missing"


def test_a_role_is_taken_at_once(service: MembersService) -> None:
    role = {"role": "in_service_member", "scope": "360704"}
    service.revoke_role(caller=PARTY, command_id="k", person_id="p-near", **role)
    assert "p-near" not in listed(service, PARTY, role="in_service_member")
    assert (
        refusal(service.revoke_role, caller=PARTY, command_id="l", person_id="p-near", **role).code == "role_not_held"
    )


def test_the_key_of_a_grant_takes_no_role_and_that_of_a_taking_grants_none(service: MembersService) -> None:
    """Both say no more than a role and a scope: the one must not be answered with what became of the other."""
    role: dict[str, Any] = {"caller": PARTY, "person_id": "p-far", "role": "volunteer", "scope": "360704"}
    service.grant_role(command_id="k", **role)
    assert refusal(service.revoke_role, command_id="k", **role).code == "command_id_reused"
    assert "p-far" in listed(service, PARTY, role="volunteer")
    service.revoke_role(command_id="l", **role)
    assert refusal(service.grant_role, command_id="l", **role).code == "command_id_reused"
    assert "p-far" not in listed(service, PARTY, role="volunteer")


@pytest.mark.parametrize(
    ("by", "role", "scope", "code"),
    [
        (PARTY, "dispatcher", "360704100", "role_above_own"),
        (office("party_office", "360704100002"), "volunteer", "360704100", "out_of_scope"),
        (office("district_admin", "36"), "volunteer", "360704100", "out_of_scope"),
        (SELF, "volunteer", "360704100", "not_permitted"),
        (ADMIN, "grid_worker", "360704100999001", "unknown_grid"),
    ],
)
def test_nobody_gives_a_role_beyond_their_own(
    service: MembersService, by: dict[str, Any], role: str, scope: str, code: str
) -> None:
    found = refusal(service.grant_role, caller=by, command_id="k", person_id="p-far", role=role, scope=scope)
    assert found.code == code


@pytest.mark.parametrize(
    ("by", "columns"),
    [
        (office("grid_worker", GRID), set()),
        (office("dispatcher", "360704100"), {"skills", "certificates", "free_times"}),
        (office("unit_contact", "360704", "u-school"), {"roles", "unit_id", "registered_with", "skills"}),
    ],
)
def test_each_reader_sees_the_columns_of_the_own_role(
    service: MembersService, by: dict[str, Any], columns: set[str]
) -> None:
    row = next(row for row in service.people_list(caller=by, limit=100)["items"] if row["person_id"] == "p-near")
    assert set(row) == {"person_id", "name_masked", "active"} | columns
    assert service.person(caller=by, person_id="p-near") == row


def test_lists_end_at_the_scope_of_who_reads(service: MembersService) -> None:
    assert "p-far" not in listed(service, office("grid_worker", GRID))
    assert listed(service, office("unit_contact", "360704", "u-lamps")) == ["p-lamps"]
    assert listed(service, office("union_leader", GRID)) == []
    assert refusal(service.people_list, caller=SELF).code == "not_permitted"
    assert refusal(service.people_list, caller=office("dispatcher", "360704"), filters={"tag": "veteran"}).code == (
        "not_permitted"
    )
    elsewhere = office("party_office", "360703")
    assert listed(service, elsewhere) == []
    assert refusal(service.person, caller=elsewhere, person_id="p-near").code == "person_not_found"


def test_a_list_goes_on_page_by_page(service: MembersService) -> None:
    pages, after = [], None
    while True:
        page = service.people_list(caller=ADMIN, after=after, limit=3)
        pages += [row["person_id"] for row in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert pages == sorted(set(pages)) == listed(service, ADMIN)


def test_a_phone_is_told_with_a_reason_that_is_written_down_first(
    service: MembersService, database: Database[dict[str, Any]]
) -> None:
    ask: dict[str, Any] = {"caller": ADMIN, "command_id": "k", "person_id": "p-near", "reason": "核对报到信息"}
    assert service.reveal_phone(**ask) == {"person_id": "p-near", "phone": "12000000003"}
    service.reveal_phone(**ask)
    [kept] = list(database["reveals"].find())
    assert (kept["by"], kept["reason"], kept["at"], kept["tenant"]) == ("p-admin", "核对报到信息", NOW, "360704")
    assert refusal(service.reveal_phone, **{**ask, "reason": "别的"}).code == "command_id_reused"
    for none in ("", " ", "\u200b", None):
        assert refusal(service.reveal_phone, **{**ask, "reason": none}).code == "reason_missing", none
    dispatcher = office("dispatcher", "360704")
    assert refusal(service.reveal_phone, **{**ask, "caller": dispatcher}).code == "not_permitted"
    assert refusal(service.reveal_phone, **{**ask, "person_id": "p-worker"}).code == "nobody_to_ask"


def test_the_trace_of_a_phone_names_the_role_in_which_it_was_told(
    service: MembersService, database: Database[dict[str, Any]]
) -> None:
    grants = [{"role": "party_office", "scope": "360704100009001"}, {"role": "district_admin", "scope": "360704"}]
    both = {"id": "p-both", "grants": grants, "unit": None}
    service.reveal_phone(caller=both, command_id="k", person_id="p-near", reason="核对报到信息")
    assert [each["role"] for each in database["reveals"].find()] == ["district_admin"]


def test_a_list_answers_no_question_about_a_column_that_its_reader_does_not_see(service: MembersService) -> None:
    worker, dispatcher = office("community_worker", GRID), office("dispatcher", "360704")
    of_the_grid = listed(service, worker)
    assert of_the_grid
    asked = {"role": "in_service_member", "skill": "law", "unit_id": "u-school", "registered_with": GRID[:12]}
    for name, value in {**asked, "tag": "veteran"}.items():
        hidden = refusal(service.people_list, caller=worker, filters={name: value})
        assert hidden.code == "not_permitted"
    assert listed(service, PARTY, role="in_service_member")
    assert (
        refusal(service.people_list, caller=dispatcher, filters={"role": "in_service_member"}).code == "not_permitted"
    )
    assert listed(service, worker, area=GRID, active=True) == of_the_grid


def test_a_phone_is_released_only_by_who_reaches_all_that_is_theirs(service: MembersService) -> None:
    service.grant_role(caller=ADMIN, command_id="g", person_id="p-near", role="volunteer", scope="360704100003")
    narrow = office("party_office", GRID)
    ask = {"command_id": "k", "person_id": "p-near", "reason": "号码已停用"}
    assert refusal(service.release_phone, caller=narrow, **ask).code == "not_permitted"
    assert service.person(caller=PARTY, person_id="p-near")["phone_masked"] == "120****0003"


def test_a_unit_that_came_along_with_the_role_goes_with_the_last_of_it(
    service: MembersService, clock: SetClock
) -> None:
    def unit_of(person: str) -> str | None:
        found: str | None = service.person(caller=ADMIN, person_id=person)["unit_id"]
        return found

    whole: dict[str, Any] = {"caller": ADMIN, "role": "unit_contact", "scope": "360704"}
    part = {**whole, "scope": GRID}
    service.grant_role(command_id="g", person_id="p-worker", unit_id="u-lamps", **whole)
    service.grant_role(command_id="h", person_id="p-worker", **part)
    service.revoke_role(command_id="r", person_id="p-worker", **whole)
    assert unit_of("p-worker") == "u-lamps"
    ends = (clock.now() + timedelta(days=1)).isoformat()
    service.revoke_role(command_id="s", person_id="p-worker", **part, until=ends)
    assert unit_of("p-worker") == "u-lamps"
    clock.wait(days=1)
    service.turn_roles()
    assert unit_of("p-worker") is None
    service.grant_role(command_id="i", person_id="p-worker", unit_id="u-school", **whole)
    assert unit_of("p-worker") == "u-school"
    service.revoke_role(command_id="t", person_id="p-lamps", **whole)
    assert unit_of("p-lamps") == "u-lamps"  # the own one, as whom they were entered


def test_a_contact_of_another_district_reads_nobody_of_a_unit_with_the_same_id(service: MembersService) -> None:
    [near] = [row for row in service.people_list(caller=PARTY, limit=100)["items"] if row["person_id"] == "p-near"]
    contact, stranger = (office("unit_contact", code, near["unit_id"]) for code in ("360704", "360703"))
    assert service.person(caller=contact, person_id="p-near")["person_id"] == "p-near"
    assert refusal(service.person, caller=stranger, person_id="p-near").code == "person_not_found"
    assert listed(service, stranger) == []
