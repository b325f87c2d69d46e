"""The register of fixed assets (F29) on a real database: kept once each, found by place, with what became of each."""

from typing import Any

import pytest
from pymongo.database import Database

from cases.act import Act
from cases.assets.store import AssetStore
from cases.case import Case
from cases.photo import Photo
from cases.place import Point
from cases.service import CasesService
from cases.store import CaseStore, PlaceStore
from chassis.caller import Caller
from chassis.errors import Refusal
from chassis.mongo import Home
from tests.component.cases.test_case_store import Overheard, overheard, stages_of
from tests.component.cases.test_merging import Office, at_once, office
from tests.unit.cases.play import (
    ADMIN,
    CONTACT,
    DISPATCHER,
    ELECTRICIAN,
    ELSEWHERE,
    GRID,
    NEIGHBOUR,
    OTHER_DISTRICT,
    OTHER_WORKER,
    RESIDENT,
    WORKER,
    caller,
    code_of,
)

__all__ = ["office", "overheard"]

LAMP: dict[str, Any] = {
    "number": "L-0007",
    "kind": "0118",
    "location": {"lon": 115.0058, "lat": 25.8672},
    "compound_id": "c-dongyuan",
    "owner_unit_id": "u-lighting",
}
FAR_DESK = caller("p-far", "dispatcher", "resident", scope=OTHER_DISTRICT[:6])


class Register:
    """Enters and changes assets, each under a command of its own."""

    def __init__(self, service: CasesService) -> None:
        self.service, self.commands = service, 0

    def add(self, who: Caller = DISPATCHER, /, command: str = "", **fields: Any) -> dict[str, Any]:
        self.commands += 1
        body = {name: value for name, value in {**LAMP, **fields}.items() if value is not None}
        return self.service.register_asset(who.dump(), command or f"asset-{self.commands}", **body)

    def change(self, id: str, who: Caller = DISPATCHER, /, **fields: Any) -> dict[str, Any]:
        self.commands += 1
        return self.service.change_asset(who.dump(), f"asset-{self.commands}", asset_id=id, **fields)

    def seen(self, id: str, who: Caller = DISPATCHER) -> dict[str, Any]:
        return self.service.asset(who.dump(), asset_id=id)

    def numbers(self, who: Caller = RESIDENT, limit: int = 100, **filters: Any) -> list[str]:
        found: list[str] = []
        after = None
        while True:
            page = self.service.assets(who.dump(), filters=filters, after=after, limit=limit)
            found += [item["number"] for item in page["items"]]
            after = page["next"]
            if after is None:
                return found


@pytest.fixture
def register(service: CasesService) -> Register:
    return Register(service)


def test_the_history_of_a_lamp_shows_the_case_and_what_it_has_done_good_for(
    office: Office, register: Register, cases: CaseStore, service: CasesService, database: Database[dict[str, Any]]
) -> None:
    """F29: given the lamp L-0007, when its case closes, then its history shows it and the outcome "night safety"."""
    lamp = register.add()["asset_id"]
    id = office.report(asset_id=lamp)
    assert office.do(id, Act.REGISTER, category="0101") == "REGISTERED"
    office.do(id, Act.DISPATCH)
    office.do(id, Act.ACCEPT, ELECTRICIAN)
    office.do(id, Act.ARRIVE, ELECTRICIAN)
    service.photos.add(
        "f-after", ELECTRICIAN.id, "upload", b"after", Photo("image/jpeg", b"content", b"thumbnail", 1, 1)
    )
    assert office.do(id, Act.FEEDBACK, ELECTRICIAN, text="已换灯", photos=["f-after"]) == "RESOLVED"
    assert office.do(id, Act.INSPECT_PASS, OTHER_WORKER, outcomes=["night_safety"]) == "CLOSED"
    seen = register.seen(lamp)
    [line] = seen["cases"]
    assert (seen["number"], line["case_id"], line["status"]) == ("L-0007", id, "CLOSED")
    assert line["outcomes"] == [{"code": "night_safety", "zh": "夜间出行", "en": "night safety"}]
    assert service.case(DISPATCHER.dump(), case_id=id)["asset_id"] == lamp
    assert office.told(id)[-1].data["outcomes"] == ["night_safety"]


def test_a_number_and_a_code_name_one_asset_of_a_district(register: Register) -> None:
    first = register.add(command="same", code="3607040118000007")
    assert register.add(command="same", code="3607040118000007") == first
    assert code_of(register.add) == "asset_number_taken"
    assert code_of(register.add, number="L-0008", code="3607040118000007") == "component_code_taken"
    assert code_of(register.add, command="same", number="L-0009") == "command_id_reused"
    other = register.add(number="L-0008")["asset_id"]
    assert code_of(register.change, other, number="L-0007") == "asset_number_taken"


def test_of_many_that_enter_one_number_at_once_one_does(register: Register) -> None:
    def enter(n: int) -> str:
        try:
            return str(register.service.register_asset(DISPATCHER.dump(), f"at-once-{n}", **LAMP)["number"])
        except Refusal as refused:
            return refused.code

    outcomes = at_once(*(lambda n=n: enter(n) for n in range(6)))
    assert sorted(outcomes) == ["L-0007", *["asset_number_taken"] * 5]


def test_only_who_keeps_the_assets_of_a_place_enters_and_changes_them(register: Register) -> None:
    lamp = register.add(ADMIN)["asset_id"]
    for who in (RESIDENT, WORKER, CONTACT):
        assert code_of(register.add, who, number="L-0009") == "not_permitted"
        assert code_of(register.change, lamp, who, label="x") == "not_permitted"
    narrow = caller("p-narrow", "dispatcher", scope=ELSEWHERE)
    assert code_of(register.add, narrow, number="L-0009") == "out_of_scope"
    assert code_of(register.change, lamp, FAR_DESK, label="x") == "asset_not_found"
    assert code_of(register.add, owner_unit_id="u-nobody", number="L-0009") == "unknown_unit"
    assert code_of(register.add, number="L-0009", location={"lon": 1, "lat": 1}) == "outside_all_grids"


def test_the_register_is_read_by_place_and_kind_page_by_page_and_in_the_own_district(register: Register) -> None:
    for n in range(5):
        register.add(number=f"L-{n:04}")
    register.add(number="B-0001", kind="0305", location={"lon": 115.0082, "lat": 25.8690}, compound_id=None)
    register.change(register.add(number="L-0009")["asset_id"], retired=True)
    lamps = [f"L-{n:04}" for n in range(5)]
    for limit in (1, 2, 100):
        assert register.numbers(limit=limit) == ["B-0001", *lamps]
        assert register.numbers(limit=limit, kind="0118") == lamps
        assert register.numbers(limit=limit, grid=GRID[:9], kind="0305") == ["B-0001"]
        assert register.numbers(limit=limit, compound_id="c-dongyuan", grid=GRID) == [*lamps]
    assert register.numbers(retired=True) == ["L-0009"]
    assert register.numbers(number="l-0003") == ["L-0003"]
    assert register.numbers(grid=ELSEWHERE) == register.numbers(FAR_DESK) == register.numbers(FAR_DESK, grid=GRID) == []
    assert code_of(register.seen, register.add(number="L-0010")["asset_id"], FAR_DESK) == "asset_not_found"


def test_the_nearest_are_offered_to_who_reports(register: Register, service: CasesService) -> None:
    register.add()
    register.add(number="L-0008", location={"lon": 115.0058, "lat": 25.8680})
    register.add(number="B-0001", kind="0305")
    register.add(number="L-0100", location={"lon": 115.0082, "lat": 25.8690})
    here = {"lon": 115.0058, "lat": 25.8673}

    def near(who: Caller, **asked: Any) -> list[tuple[str, int]]:
        items = service.assets_near(who.dump(), **here, **asked)["items"]
        return [(item["number"], item["distance_m"]) for item in items]

    assert near(RESIDENT) == [("B-0001", 11), ("L-0007", 11), ("L-0008", 78)]
    assert near(RESIDENT, kind="0118") == [("L-0007", 11), ("L-0008", 78)]
    assert near(FAR_DESK) == []


def test_a_report_may_name_the_asset_alone_and_none_that_is_unknown_elsewhere_or_out_of_use(
    office: Office, register: Register, database: Database[dict[str, Any]]
) -> None:
    lamp = register.add()["asset_id"]
    case = office.case(reported(office, asset_id=lamp))
    assert (case.asset_id, case.place.compound_id, case.place.grid_code) == (lamp, "c-dongyuan", GRID)
    assert code_of(reported, office, asset_id="a-nothing") == "unknown_asset"
    plain = office.report()
    assert office.do(plain, Act.REGISTER, category="0101", asset_id="a-nothing") == "unknown_asset"
    assert office.do(plain, Act.REGISTER, category="0101", asset_id=lamp) == "REGISTERED"
    register.change(lamp, retired=True)
    assert code_of(reported, office, asset_id=lamp) == "asset_retired"
    assert office.do(plain, Act.CORRECT, asset_id=lamp) == "asset_retired"
    abroad = {
        "grid_code": OTHER_DISTRICT,
        "areas": [OTHER_DISTRICT[:6]],
        "tenant": OTHER_DISTRICT[:6],
        "retired": False,
    }
    database.assets.update_one({"_id": lamp}, {"$set": abroad})
    assert code_of(reported, office, asset_id=lamp, compound_id="c-dongyuan") == "unknown_asset"
    assert office.do(plain, Act.CORRECT, asset_id=lamp) == "unknown_asset"


def reported(office: Office, **fields: Any) -> str:
    """A report with nothing but these fields."""
    office_fields = {"text": "灯不亮", **fields}
    return str(office.casework.report(office._asked(RESIDENT), office_fields)["case_id"])


def test_a_corrected_place_takes_an_asset_off_that_stands_elsewhere(office: Office, register: Register) -> None:
    lamp = register.add()["asset_id"]
    id = office.report(asset_id=lamp)
    office.do(id, Act.REGISTER, category="0101")
    assert office.do(id, Act.CORRECT, location={"lon": 115.0059, "lat": 25.8673}) == "REGISTERED"
    assert office.case(id).asset_id == lamp
    assert office.do(id, Act.CORRECT, location={"lon": 115.0082, "lat": 25.8690}) == "REGISTERED"
    told = office.told(id)[-1].data
    assert (office.case(id).asset_id, told["old"]["asset_id"], told["new"]["asset_id"]) == (None, lamp, None)
    assert register.seen(lamp)["cases"] == []


def test_of_the_cases_about_an_asset_each_sees_those_that_show_more_than_an_outline(
    office: Office, register: Register
) -> None:
    lamp = register.add()["asset_id"]
    mine, theirs = office.report(asset_id=lamp), office.report(NEIGHBOUR, asset_id=lamp, category="0801")
    assert {line["case_id"] for line in register.seen(lamp)["cases"]} == {mine, theirs}
    assert [line["case_id"] for line in register.seen(lamp, RESIDENT)["cases"]] == [mine]
    assert [line["case_id"] for line in register.seen(lamp, ADMIN)["cases"]] == [mine], "0801 is sensitive"
    assert NEIGHBOUR.id not in str(register.seen(lamp))


def test_no_question_about_assets_scans_the_register_or_sorts_it(
    register: Register, office: Office, overheard: tuple[Overheard, Database[dict[str, Any]]]
) -> None:
    lamp = ""
    for n in range(30):
        lamp = register.add(number=f"L-{n:04}")["asset_id"]
    office.report(asset_id=lamp)
    listener, database = overheard
    assets, home = AssetStore(Home(database)), Home(database)
    for filters in ({}, {"grid": GRID}, {"compound_id": "c-dongyuan"}, {"kind": "0118"}, {"number": "L-0001"}):
        for after in (None, ("L-0003", "a")):
            assert assets.page(["360704"], filters, after, 5) or after
    assert len(assets.around(["360704"], Point(115.0058, 25.8672), "0118")) == 30
    assets.records.load(lamp, ["360704"])
    cases: list[Case] = CaseStore(home).of_asset(lamp, 10)
    assert len(cases) == 1
    assert PlaceStore(home).asset(lamp)
    assert len(listener.finds) == 14
    for find in listener.finds:
        plan = database.command({"explain": find, "verbosity": "queryPlanner"})["queryPlanner"]["winningPlan"]
        assert not {"COLLSCAN", "SORT"} & stages_of(plan), (find, plan)
