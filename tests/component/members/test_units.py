"""The register of units: entered, changed and closed, with every fault of an entry told at once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from members.demo.enterprises import credit_code
from members.organisations.store import UnitStore
from members.service import MembersService
from members.territory.compound import Compound
from members.territory.store import TerritoryStore
from tests.component.members.small_district import ADMIN, GRID, SELF, MoveIn, refusal, settle
from tests.component.members.staging import NOW
from tests.component.set_clock import SetClock

NEXT, FAR_OFF = "360704100002002", "360704100009002"
CODE = credit_code("91360704", 900)
FIRM: dict[str, Any] = {
    "name": "测试企业甲",
    "unit_type": "ENTERPRISE",
    "credit_code": CODE,
    "grid_codes": [GRID],
    "party_organisation": "测试企业甲党支部",
    "contact_id": "p-near",
}


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    settle(territory, organisations, move_in)


def registered(service: MembersService, key: str = "k", **changes: Any) -> str:
    return str(service.register_unit(caller=ADMIN, command_id=key, **FIRM | changes)["unit_id"])


def pointers(found: Any) -> set[tuple[str, str]]:
    return {(each["pointer"], each["code"]) for each in found.details["errors"]}


def test_a_registered_unit_is_kept_with_its_event_and_shown(
    service: MembersService, database: Database[dict[str, Any]]
) -> None:
    answer = service.register_unit(caller=ADMIN, command_id="k", **FIRM)
    shown = service.unit(caller=ADMIN, unit_id=answer["unit_id"])
    assert {name: shown[name] for name in FIRM} == FIRM
    assert shown["ties"] == [{"grid_code": GRID, "from": "2026-03-12T11:46:00Z", "to": None}]
    [kept] = database["units"].find({"_id": answer["unit_id"]})
    assert (kept["history"][0]["type"], kept["unrelayed"]) == ("unit.registered", True)
    assert "p-near" not in str(kept["history"][0]["data"])
    assert service.register_unit(caller=ADMIN, command_id="k", **FIRM) == answer
    assert database["units"].count_documents({"credit_code": CODE}) == 1


def test_a_credit_code_is_one_units_in_a_district_while_it_is_open(service: MembersService) -> None:
    first = registered(service)
    assert refusal(registered, service=service, key="l").code == "credit_code_taken"
    service.close_unit(caller=ADMIN, command_id="c", unit_id=first)
    assert registered(service, "m") != first


def test_of_two_who_enter_the_same_code_at_once_one_is_refused(
    service: MembersService, organisations: UnitStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered(service)
    monkeypatch.setattr(UnitStore, "codes_taken", lambda *_: set())
    assert refusal(registered, service=service, key="l").code == "credit_code_taken"


def test_everything_that_is_wrong_with_an_entry_is_told_at_once_and_nothing_is_kept(
    service: MembersService, territory: TerritoryStore, database: Database[dict[str, Any]]
) -> None:
    registered(service)
    close_grid(database, NEXT)
    before = list(database["units"].find())
    codes = [GRID, NEXT, "360704100999001"]
    wrong = {"grid_codes": codes, "contact_id": "p-nobody"}
    found = refusal(registered, service=service, key="l", **wrong)
    assert found.code == "invalid"
    assert pointers(found) == {
        ("/grid_codes/1", "grid_closed"),
        ("/grid_codes/2", "unknown_grid"),
        ("/credit_code", "credit_code_taken"),
        ("/contact_id", "unknown_person"),
    }
    assert list(database["units"].find()) == before


def test_what_is_wrong_with_the_form_of_an_entry_hides_nothing_that_rules_find(
    service: MembersService, database: Database[dict[str, Any]]
) -> None:
    kept = registered(service)
    before = list(database["units"].find())
    wrong = {"credit_code": CODE[:-1] + "!", "grid_codes": [GRID, "360704100999001"], "contact_id": "p-nobody"}
    expected = {"/credit_code", "/grid_codes/1", "/contact_id"}
    faults = {("/grid_codes/1", "unknown_grid"), ("/contact_id", "unknown_person")}
    new = refusal(registered, service=service, key="l", name="", unit_type="CLUB", **wrong)
    changed = refusal(service.change_unit, caller=ADMIN, command_id="m", unit_id=kept, **wrong)
    for found, form in ((new, {"/name", "/unit_type"}), (changed, set())):
        assert found.code == "invalid"
        assert {each["pointer"] for each in found.details["errors"]} == expected | form
        assert {(each["pointer"], each["code"]) for each in found.details["errors"] if "code" in each} == faults
    stranger = refusal(service.register_unit, caller=SELF, command_id="n", **FIRM | wrong)
    roles = [{"role": "district_admin", "scope": scope} for scope in ("360704", "360705")]
    nowhere = {name: value for name, value in (FIRM | wrong).items() if name != "grid_codes"}
    wide = refusal(service.register_unit, caller=ADMIN | {"grants": roles}, command_id="o", **nowhere)
    assert {each["pointer"] for each in wide.details["errors"]} == {"/credit_code", "/district"}
    assert (stranger.code, stranger.details.get("errors")) == ("not_permitted", None)
    assert list(database["units"].find()) == before


@pytest.mark.parametrize("code", ["91360704000000001X", "9136070400000000", "I1360704000000900X", CODE[:-1] + "!"])
def test_a_credit_code_whose_check_character_is_wrong_is_refused(service: MembersService, code: str) -> None:
    found = refusal(registered, service=service, credit_code=code)
    assert (found.code, found.details["errors"][0]["pointer"]) == ("invalid", "/credit_code")


def test_a_unit_is_tied_to_no_closed_grid_and_to_none_before_it_opened(
    service: MembersService, database: Database[dict[str, Any]]
) -> None:
    long_ago = "2000-01-01T00:00:00Z"
    assert refusal(registered, service=service, **{"from": long_ago}).code == "grid_closed"
    close_grid(database, GRID)
    assert refusal(registered, service=service).code == "grid_closed"


def test_the_ties_of_the_past_stay_when_the_grids_change(service: MembersService, clock: SetClock) -> None:
    id = registered(service)
    clock.moment = NOW + timedelta(days=10)
    service.change_unit(caller=ADMIN, command_id="l", unit_id=id, grid_codes=[NEXT])
    shown = service.unit(caller=ADMIN, unit_id=id)
    assert shown["grid_codes"] == [NEXT]
    assert shown["ties"] == [
        {"grid_code": GRID, "from": "2026-03-12T11:46:00Z", "to": "2026-03-22T11:46:00Z"},
        {"grid_code": NEXT, "from": "2026-03-22T11:46:00Z", "to": None},
    ]


def test_what_was_named_for_a_later_moment_is_told_when_it_comes(
    service: MembersService, clock: SetClock, database: Database[dict[str, Any]]
) -> None:
    id = registered(service)
    later = NOW + timedelta(days=3)
    service.change_unit(caller=ADMIN, command_id="l", unit_id=id, grid_codes=[NEXT], **{"from": later.isoformat()})
    service.close_unit(caller=ADMIN, command_id="m", unit_id=id, at=(later + timedelta(days=1)).isoformat())
    assert service.unit(caller=ADMIN, unit_id=id)["grid_codes"] == [GRID]
    service.turn_units()
    assert last_event(database, id) == ("unit.changed", [GRID], True)
    clock.moment = later
    service.turn_units()
    assert last_event(database, id) == ("unit.changed", [NEXT], True)
    clock.moment = later + timedelta(days=1)
    service.turn_units()
    service.turn_units()
    assert last_event(database, id) == ("unit.closed", [], False)
    assert service.unit(caller=ADMIN, unit_id=id)["version"] == 5


def test_a_unit_that_closes_later_than_was_named_serves_its_grids_until_then(
    service: MembersService, clock: SetClock, database: Database[dict[str, Any]]
) -> None:
    id = registered(service)
    service.close_unit(caller=ADMIN, command_id="l", unit_id=id, at=(NOW + timedelta(days=3)).isoformat())
    service.close_unit(caller=ADMIN, command_id="m", unit_id=id, at=(NOW + timedelta(days=9)).isoformat())
    clock.moment = NOW + timedelta(days=6)
    service.turn_units()
    assert service.unit(caller=ADMIN, unit_id=id)["grid_codes"] == [GRID]
    clock.moment = NOW + timedelta(days=9)
    service.turn_units()
    assert last_event(database, id) == ("unit.closed", [], False)


def test_a_closed_unit_serves_nothing_and_is_changed_no_more(
    service: MembersService, database: Database[dict[str, Any]]
) -> None:
    id = registered(service)
    answer = service.close_unit(caller=ADMIN, command_id="l", unit_id=id)
    assert service.close_unit(caller=ADMIN, command_id="l", unit_id=id) == answer
    assert last_event(database, id) == ("unit.closed", [], False)
    assert refusal(service.close_unit, caller=ADMIN, command_id="m", unit_id=id).code == "unit_closed"
    assert refusal(service.change_unit, caller=ADMIN, command_id="n", unit_id=id, name="x").code == "unit_closed"
    [row] = service.assignees(ids=[id], tenant="360704")
    assert (row["active"], row["grid_codes"]) == (False, [])


def test_the_grids_of_a_property_company_are_those_of_its_compounds(
    service: MembersService, territory: TerritoryStore, database: Database[dict[str, Any]], clock: SetClock
) -> None:
    territory.compounds.add([Compound("c-far", "甲小区", FAR_OFF, (115.03, 25.85))], NOW)
    id = registered(service, unit_type="PROPERTY", grid_codes=[], contact_id=None)
    manage(service, "c-dongyuan", id, "a")
    manage(service, "c-far", id, "b")
    assert last_event(database, id) == ("unit.changed", [GRID, FAR_OFF], True)
    clock.moment = NOW + timedelta(days=1)
    manage(service, "c-dongyuan", "u-homes", "c")
    assert last_event(database, id) == ("unit.changed", [FAR_OFF], True)
    assert last_event(database, "u-homes")[1] == [GRID]
    told = service.unit_totals(caller=ADMIN, area="360704", at=NOW.isoformat())
    [first, far] = [each for each in told["by_grid"] if each["grid_code"] in {GRID, FAR_OFF}]
    assert first["by_type"]["PROPERTY"] == 2
    assert far["by_type"] == {"PROPERTY": 1}
    assert told["by_type"]["PROPERTY"] == 2


def test_compound_and_company_change_together_or_not_at_all(
    service: MembersService, database: Database[dict[str, Any]]
) -> None:
    id = registered(service, unit_type="PROPERTY", grid_codes=[], contact_id=None)
    service.close_unit(caller=ADMIN, command_id="l", unit_id=id)
    before = database["compounds"].find_one({"_id": "c-dongyuan"})
    found = refusal(
        service.change_compound, caller=ADMIN, command_id="m", compound_id="c-dongyuan", property_company_id=id
    )
    assert found.code == "unit_closed"
    assert database["compounds"].find_one({"_id": "c-dongyuan"}) == before


def test_a_property_company_chooses_no_grids_and_does_not_close_over_its_compounds(service: MembersService) -> None:
    found = refusal(service.change_unit, caller=ADMIN, command_id="k", unit_id="u-homes", grid_codes=[GRID])
    assert found.code == "grids_follow_compounds"
    manage(service, "c-dongyuan", "u-homes", "a")
    left = refusal(service.close_unit, caller=ADMIN, command_id="l", unit_id="u-homes")
    assert (left.code, left.details) == ("unit_manages_compounds", {"compound_ids": ["c-dongyuan"]})


def test_lists_are_bound_to_the_scope_and_filtered(service: MembersService) -> None:
    registered(service)
    worker = {"id": "p-w", "grants": [{"role": "community_worker", "scope": NEXT}], "unit": None}
    assert names(service, worker) == []
    assert names(service, {**worker, "grants": [{"role": "grid_worker", "scope": GRID}]}) == [
        "测试企业甲",
        "测试物业01公司",
        "赣县区测试小学",
        "赣县区路灯管理所",
    ]
    assert names(service, ADMIN, unit_type="ENTERPRISE") == names(service, ADMIN, name="企业") == ["测试企业甲"]
    assert names(service, ADMIN, active=False) == []
    assert refusal(service.units, caller=worker, filters={"grid": GRID}).code == "out_of_scope"
    assert refusal(service.units, caller=SELF).code == "not_permitted"
    other = {**ADMIN, "grants": [{"role": "district_admin", "scope": "360703"}]}
    assert names(service, other) == ["测试物业02公司"]


def test_pages_of_the_list_go_on_where_the_last_one_ended(service: MembersService) -> None:
    found = service.units(caller=ADMIN, limit=2)
    rest = service.units(caller=ADMIN, limit=2, after=found["next"])
    assert [each["name"] for each in found["items"] + rest["items"]] == names(service, ADMIN)
    assert rest["next"] is None


def test_who_speaks_for_a_unit_sees_it_and_others_of_the_street_do_not(service: MembersService) -> None:
    assert service.unit(caller=SELF, unit_id="u-school")["name"] == "赣县区测试小学"
    assert refusal(service.unit, caller=SELF, unit_id="u-lamps").code == "not_permitted"
    assert refusal(service.unit, caller=ADMIN, unit_id="u-homes-elsewhere").code == "unit_not_found"


def names(service: MembersService, caller: dict[str, Any], **filters: Any) -> list[str]:
    return [each["name"] for each in service.units(caller=caller, filters=filters)["items"]]


def manage(service: MembersService, compound: str, company: str, key: str) -> None:
    service.change_compound(caller=ADMIN, command_id=key, compound_id=compound, property_company_id=company)


def close_grid(database: Database[dict[str, Any]], code: str) -> None:
    database["grids"].update_one({"_id": code}, {"$set": {"closed": datetime(2026, 3, 12, 11, 46, tzinfo=UTC)}})


def last_event(database: Database[dict[str, Any]], id: str) -> tuple[str, list[str], bool]:
    [kept] = database["units"].find({"_id": id})
    entry = kept["history"][-1]
    return entry["type"], entry["data"]["grid_codes"], entry["data"]["active"]
