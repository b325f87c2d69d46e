"""Registers that come as spreadsheets: looked at line by line, and kept whole or not at all."""

from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from chassis.errors import Refusal
from members.demo.enterprises import credit_code
from members.imports.schemas import MOST_LINES
from members.organisations.store import UnitStore
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.small_district import ADMIN, GRID, SELF, MoveIn, refusal, settle
from tests.component.members.staging import NOW

Stored = Database[dict[str, Any]]
SHUT = "360704100002002"


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn, database: Stored) -> None:
    settle(territory, organisations, move_in)
    database["grids"].update_one({"_id": SHUT}, {"$set": {"closed": NOW - timedelta(days=1)}})


def firm(number: int, **more: Any) -> dict[str, Any]:
    code = credit_code("91360704", number)
    return {"name": f"测试企业{number}", "unit_type": "ENTERPRISE", "credit_code": code, "grid_codes": [GRID], **more}


def resident(number: int, **more: Any) -> dict[str, Any]:
    return {
        "name": f"谢测{number}",
        "phone": f"120{number:08d}",
        "born": "1980-02-03",
        "compound_id": "c-dongyuan",
        **more,
    }


def told(found: Refusal) -> set[tuple[str, str]]:
    return {(each["pointer"].removeprefix("/items/"), each["code"]) for each in found.details["errors"]}


def everything(database: Stored) -> dict[str, list[dict[str, Any]]]:
    return {name: list(database[name].find().sort("_id")) for name in ("units", "people", "accounts", "imports")}


def test_the_units_of_all_lines_are_kept_with_their_events(service: MembersService, database: Stored) -> None:
    lines = [firm(1, **{"from": "2026-03-01"}), firm(2, grid_codes=[])]
    receipt = service.import_units(caller=ADMIN, command_id="k", items=lines)
    assert service.import_units(caller=ADMIN, command_id="k", items=lines) == receipt
    assert len(receipt["ids"]) == 2
    first = service.unit(caller=ADMIN, unit_id=receipt["ids"][0])
    assert (first["name"], first["ties"][0]["from"]) == ("测试企业1", "2026-02-28T16:00:00Z")
    assert database["units"].count_documents({"unit_type": "ENTERPRISE", "unrelayed": True}) == 2
    assert database["imports"].count_documents({}) == 1
    again = refusal(service.import_units, caller=ADMIN, command_id="k", items=[firm(3)])
    assert again.code == "command_id_reused"


def test_every_fault_of_every_line_is_told_at_once_and_nothing_is_half_done(
    service: MembersService, database: Stored
) -> None:
    service.import_units(caller=ADMIN, command_id="k", items=[firm(1)])
    before = everything(database)
    lines = [
        firm(1),
        firm(2),
        firm(2, name="测试企业贰"),
        firm(4, **{"from": "2026-02-30"}),
        firm(5, grid_codes=[SHUT, "360704100999001"]),
        firm(6, credit_code="91360704000000001X", unit_type="SHOP"),
        {"unit_type": "ENTERPRISE"},
        firm(8),
        firm(9, contact_id="p-nobody"),
    ]
    wanted = {
        ("0/credit_code", "credit_code_taken"),
        ("1/credit_code", "credit_code_repeated"),
        ("2/credit_code", "credit_code_repeated"),
        ("3/from", "impossible_date"),
        ("4/grid_codes/0", "grid_closed"),
        ("4/grid_codes/1", "unknown_grid"),
        ("5/credit_code", "credit_code_wrong"),
        ("5/unit_type", "not_valid"),
        ("6/name", "not_valid"),
        ("8/contact_id", "unknown_person"),
    }
    found = refusal(service.import_units, caller=ADMIN, command_id="l", items=lines)
    assert (found.code, told(found)) == ("lines_refused", wanted)
    looked = service.import_units(caller=ADMIN, command_id="m", items=lines, dry_run=True)
    assert looked == {"lines": 9, "faults": found.details["errors"]}
    assert everything(database) == before


def test_what_is_misformed_in_a_line_hides_nothing_else_of_it(service: MembersService, database: Stored) -> None:
    before = everything(database)
    units = [firm(1, **{"from": "2026-02-30"}, grid_codes=[SHUT], contact_id="p-nobody"), {"grid_codes": [SHUT]}]
    found = refusal(service.import_units, caller=ADMIN, command_id="l", items=units)
    assert told(found) == {
        ("0/from", "impossible_date"),
        ("0/grid_codes/0", "grid_closed"),
        ("0/contact_id", "unknown_person"),
        ("1/name", "not_valid"),
        ("1/unit_type", "not_valid"),
        ("1/grid_codes/0", "grid_closed"),
    }
    child = resident(903, phone="13", born="2026-02-30", unit_id="u-none", registered_with="360704100999")
    people = [child | {"roles": [{"role": "volunteer", "scope": SHUT}]}, {"born": "2014-03-13", "consent": 1}]
    found = refusal(service.import_people, caller=ADMIN, command_id="m", items=people)
    assert told(found) == {
        ("0/phone", "not_valid"),
        ("0/born", "impossible_date"),
        ("0/unit_id", "unknown_unit"),
        ("0/registered_with", "unknown_community"),
        ("0/roles/0/scope", "grid_closed"),
        ("1/name", "not_valid"),
        ("1/consent", "not_valid"),
        ("1/born", "under_age"),
    }
    assert everything(database) == before


def test_a_dry_run_keeps_nothing(service: MembersService, database: Stored) -> None:
    before = everything(database)
    looked = service.import_units(caller=ADMIN, command_id="m", items=[firm(1)], dry_run=True)
    assert looked == {"lines": 1, "faults": []}
    assert everything(database) == before


def test_people_of_all_lines_get_accounts_and_no_day_of_birth_is_kept(
    service: MembersService, database: Stored
) -> None:
    lines = [resident(901), resident(902, phone=None) | {"unit_id": "u-school"}]
    lines[1].pop("phone")
    receipt = service.import_people(caller=ADMIN, command_id="k", items=lines)
    assert service.import_people(caller=ADMIN, command_id="k", items=lines) == receipt
    kept = list(database["people"].find({"_id": {"$in": receipt["ids"]}}))
    assert len(kept) == 2
    assert "1980" not in str([{**each, "written_at": None} for each in kept])
    assert database["accounts"].count_documents({"person_id": {"$in": receipt["ids"]}}) == 1


def test_every_fault_of_people_is_told_at_once_and_nothing_is_half_done(
    service: MembersService, database: Stored
) -> None:
    service.import_people(caller=ADMIN, command_id="k", items=[resident(901)])
    before = everything(database)
    lines = [
        resident(901),
        resident(902, born="2014-03-13"),
        resident(903, born="2026-02-30"),
        resident(904, roles=[{"role": "volunteer", "scope": SHUT}]),
        resident(905),
        resident(905, name="李测"),
        resident(906, phone="13"),
        resident(907),
    ]
    found = refusal(service.import_people, caller=ADMIN, command_id="l", items=lines)
    assert (found.code, told(found)) == (
        "lines_refused",
        {
            ("0/phone", "phone_taken"),
            ("1/born", "under_age"),
            ("2/born", "impossible_date"),
            ("3/roles/0/scope", "grid_closed"),
            ("4/phone", "phone_repeated"),
            ("5/phone", "phone_repeated"),
            ("6/phone", "not_valid"),
        },
    )
    assert everything(database) == before


def test_who_keeps_no_register_imports_none(service: MembersService) -> None:
    for imports in (service.import_units, service.import_people):
        assert refusal(imports, caller=SELF, command_id="k", items=[firm(1)]).code == "not_permitted"


def test_a_code_that_somebody_else_takes_meanwhile_is_told_of_its_line(
    service: MembersService, database: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.import_units(caller=ADMIN, command_id="k", items=[firm(2)])
    before = everything(database)
    taken = UnitStore.codes_taken
    monkeypatch.setattr(UnitStore, "codes_taken", _blind_once(taken))
    found = refusal(service.import_units, caller=ADMIN, command_id="l", items=[firm(1), firm(2)])
    assert told(found) == {("1/credit_code", "credit_code_taken")}
    assert everything(database) == before


def _blind_once(taken: Any) -> Any:
    calls = iter([True])
    return lambda self, codes, tenant: set() if next(calls, False) else taken(self, codes, tenant)


def test_what_one_transaction_cannot_hold_is_refused(service: MembersService) -> None:
    too_many = [firm(1)] * (MOST_LINES + 1)
    assert refusal(service.import_units, caller=ADMIN, command_id="k", items=too_many).code == "invalid"
