"""Summons on a real database: commands that come twice, lists within the scope, counts, and the clock."""

from typing import Any

import pytest
from pymongo.database import Database

from cases.routing import Unit
from cases.service import CasesService
from cases.store import CaseStore
from cases.summons.store import SummonsStore, Wanted
from chassis.caller import Caller, Grant
from chassis.instant import written
from chassis.mongo import Home
from tests.component.cases.test_case_store import Overheard, indexes_of, kept, overheard, stages_of
from tests.component.set_clock import SetClock
from tests.unit.cases import play as stage
from tests.unit.cases.play import DISPATCHER, GRID, RESIDENT, WORKER, caller, code_of
from tests.unit.cases.whistle import CALL, HOUSING, POWER, UNITS, URBAN, VISIT

__all__ = ["overheard"]

BODY = CALL | {"due_on_site": written(VISIT)}


class Desk:
    """Asks the service as the gateway would, about summons for one registered case."""

    def __init__(self, service: CasesService, clock: SetClock, case_id: str) -> None:
        self.service, self.clock, self.case_id = service, clock, case_id
        self.summons_id, self.commands = "", 0

    def open(self, who: Caller = DISPATCHER, act: str = "summon", **body: Any) -> dict[str, Any]:
        receipt = self.service.open_summons(who.dump(), self._command(), self.case_id, act, **(BODY | body))
        self.summons_id = receipt["summons_id"]
        return receipt

    def do(self, who: Caller, act: str, **fields: Any) -> dict[str, Any]:
        return self.service.move_summons(who.dump(), self._command(), self.summons_id, act, fields)

    def seen(self, who: Caller) -> dict[str, Any]:
        return self.service.one_summons(who.dump(), self.summons_id)

    def listed(self, who: Caller, **page: Any) -> list[str]:
        return [item["summons_id"] for item in self.service.list_summons(who.dump(), **page)["items"]]

    def _command(self) -> str:
        self.commands += 1
        return f"command-{self.commands}"


@pytest.fixture
def desk(service: CasesService, clock: SetClock, cases: CaseStore) -> Desk:
    play = stage.registered().at("03-13 09:00")
    clock.moment = play.now
    kept(cases, play, "registered")
    return Desk(service, clock, play.case.id)


def test_a_command_that_comes_again_gets_its_receipt(desk: Desk) -> None:
    first = desk.open()
    again = desk.service.open_summons(DISPATCHER.dump(), "command-1", desk.case_id, "summon", **BODY)
    assert first == again
    assert (first["status"], first["act"], first["version"]) == ("called", "summon", 1)
    assert len(desk.listed(DISPATCHER)) == 1
    done = desk.do(POWER, "acknowledge_summons")
    assert desk.service.move_summons(POWER.dump(), "command-2", desk.summons_id, "acknowledge_summons", {}) == done


def test_what_was_opened_is_answered_again_when_it_could_not_be_opened_any_more(desk: Desk) -> None:
    first = desk.open()
    desk.clock.wait(days=2)  # the visit lies in the past by now
    again = desk.service.open_summons(DISPATCHER.dump(), "command-1", desk.case_id, "summon", **BODY)
    assert again == first


def test_who_sees_a_summons(desk: Desk) -> None:
    desk.open(text="门口集合")
    assert desk.seen(DISPATCHER)["text"] == desk.seen(HOUSING)["text"] == "门口集合"
    assert desk.listed(DISPATCHER) == desk.listed(WORKER) == desk.listed(HOUSING) == [desk.summons_id]
    assert desk.listed(HOUSING, filters={"case_id": "case-other"}) == []
    assert desk.listed(caller("p-lamp", "unit_contact", scope="360704", unit="u-lamp")) == []
    assert code_of(desk.seen, caller("p-lamp", "unit_contact", scope="360704", unit="u-lamp")) == "not_summoned"
    assert code_of(desk.seen, RESIDENT) == "not_permitted"
    assert code_of(desk.listed, RESIDENT) == "not_permitted"
    assert code_of(desk.seen, caller("p-far", "dispatcher", scope="360702")) == "summons_not_found"
    assert desk.listed(caller("p-far", "dispatcher", scope="360704100007")) == []


def test_what_is_only_asked_for_no_unit_sees(desk: Desk) -> None:
    desk.open(WORKER, "ask_summons")
    assert desk.listed(HOUSING) == []
    assert code_of(desk.seen, HOUSING) == "not_summoned"
    assert desk.listed(WORKER, filters={"status": "asked"}) == [desk.summons_id]


def test_a_unit_that_the_case_complains_of_meanwhile_sees_it_no_more(desk: Desk, cases: CaseStore) -> None:
    desk.open()
    cases._cases.update_one({"_id": desk.case_id}, {"$set": {"complained_unit_id": "u-power"}})
    assert desk.listed(POWER) == []
    assert code_of(desk.seen, POWER) == "summons_not_found"
    assert desk.listed(URBAN) == [desk.summons_id]


def of_two_places(unit: str) -> Caller:
    """Somebody who oversees a community in which nothing is, and speaks for the unit in all of the district."""
    return Caller("p-both", (Grant("community_worker", "360704100007002"), Grant("unit_contact", "360704")), unit)


def test_who_oversees_one_place_and_speaks_for_a_unit_lists_both(desk: Desk) -> None:
    desk.open()
    both = of_two_places("u-power")
    assert desk.seen(both)["units"]
    assert desk.listed(both) == [desk.summons_id]
    assert desk.listed(both, filters={"area": GRID}) == [desk.summons_id]
    assert desk.listed(both, filters={"area": "360704100007"}) == []
    assert desk.listed(of_two_places("u-lamp")) == []
    assert desk.listed(caller("p-both", "unit_contact", scope="360704100007002", unit="u-power")) == []


def test_lists_go_page_by_page(desk: Desk) -> None:
    for _ in range(5):
        desk.open()
        desk.clock.wait(minutes=1)
    whole = desk.listed(DISPATCHER)
    found: list[str] = []
    after = None
    while True:
        page = desk.service.list_summons(DISPATCHER.dump(), limit=2, after=after)
        found += [item["summons_id"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert found == whole
    assert len(set(found)) == 5


def test_places_and_units_are_named(desk: Desk) -> None:
    desk.service.places.put_unit(Unit("u-housing", "住建局", "HOUSING_BUREAU", (GRID,)), 1)
    desk.open()
    listed = desk.service.list_summons(DISPATCHER.dump())
    scores = desk.service.summons_scores(DISPATCHER.dump(), area=GRID[:12])
    for found in (desk.seen(DISPATCHER), listed, scores):
        assert found["names"]["u-housing"] == "住建局"
    assert desk.seen(DISPATCHER)["names"][GRID] == listed["names"][GRID]
    assert GRID[:12] in scores["names"]


def test_the_turnout_of_units_is_counted_with_the_mean_of_their_scores(desk: Desk) -> None:
    """F40: acknowledged, arrived, absent and the mean score of each unit, over a period."""
    for score in (5, 4):
        desk.open()
        desk.do(HOUSING, "acknowledge_summons")
        desk.do(URBAN, "excuse_from_summons", reason_code="no_capacity")
        desk.do(WORKER, "arrive_at_summons", unit_id="u-housing")
        desk.do(WORKER, "score_summons", unit_id="u-housing", score=score)
    area = GRID[:12]
    found = {row["unit_id"]: row for row in desk.service.summons_scores(DISPATCHER.dump(), area=area)["items"]}
    assert list(found) == sorted(UNITS)
    assert found["u-housing"] == {
        "unit_id": "u-housing",
        "summoned": 2,
        "acknowledged": 2,
        "arrived": 2,
        "absent": 0,
        "scored": 2,
        "mean_score": 4.5,
    }
    assert (found["u-urban"]["absent"], found["u-urban"]["mean_score"]) == (2, None)
    only = desk.service.summons_scores(DISPATCHER.dump(), area=area, unit_id="u-power")["items"]
    assert [row["unit_id"] for row in only] == ["u-power"]
    before = {"since": "2026-03-01T00:00:00+08:00", "until": "2026-03-12T00:00:00+08:00"}
    assert desk.service.summons_scores(DISPATCHER.dump(), area=area, **before)["items"] == []
    assert code_of(desk.service.summons_scores, HOUSING.dump(), area=area) == "out_of_scope"


def test_the_clock_reminds_once_however_often_it_looks(desk: Desk, database: Database[dict[str, Any]]) -> None:
    desk.open()
    desk.do(POWER, "acknowledge_summons")
    desk.clock.wait(hours=3)
    for _ in range(3):
        desk.service.sweep_summons()
    [found] = database.summons.find()
    told = [entry["data"]["unit_ids"] for entry in found["history"] if entry["type"] == "summons.reminded"]
    assert told == [["u-housing", "u-urban"]]
    desk.clock.wait(days=3)
    for _ in range(3):
        desk.service.sweep_summons()
    [found] = database.summons.find()
    assert [entry["type"] for entry in found["history"]].count("summons.reminded") == 2
    assert found["bell_at"] is None


def test_two_instances_that_look_at_the_same_instant_remind_once(desk: Desk) -> None:
    desk.open()
    desk.clock.wait(hours=3)
    store: SummonsStore = desk.service.summons_kept
    both = store.rings(desk.clock.moment, 10)
    desk.service.sweep_summons()
    late = store.rings
    store.rings = lambda *_: both  # type: ignore[method-assign]  # it had looked before the first one wrote
    desk.service.sweep_summons()
    store.rings = late  # type: ignore[method-assign]
    assert store.records.load(desk.summons_id, None).version == 2


def test_people_and_whoever_members_does_not_know_are_not_called(desk: Desk) -> None:
    assert code_of(desk.open, units=["p-worker"], lead_unit_id="p-worker") == "not_a_unit"
    assert code_of(desk.open, units=["u-nobody"], lead_unit_id="u-nobody") == "unknown_assignee"
    assert desk.listed(DISPATCHER) == []


@pytest.mark.parametrize(
    "fields", [{"units": []}, {"units": ["u-power", "u-power"]}, {"kind": "party"}, {"due_on_site": "x"}]
)
def test_what_cannot_be_read_is_named(desk: Desk, fields: dict[str, Any]) -> None:
    assert code_of(desk.open, **fields) == "invalid"


def test_no_list_scans_the_summons_or_sorts_them_in_memory(
    desk: Desk, overheard: tuple[Overheard, Database[dict[str, Any]]]
) -> None:
    for _ in range(30):
        desk.open()
    listener, database = overheard
    store, now = SummonsStore(Home(database)), desk.clock.moment
    position = (now, "zzz")
    for after in (None, position):
        assert store.page(Wanted(("360704",), (GRID,), None), after, 10)
        assert store.page(Wanted(("360704",), (), "u-power"), after, 10)
        assert store.page(Wanted(("360704",), (), "u-power", within=GRID[:12]), after, 10)
        assert store.page(Wanted(("360704",), (GRID, "360704100007"), "u-power"), after, 10)
        assert store.page(Wanted(("360704",), (GRID,), None, case_id=desk.case_id), after, 10)
    desk.clock.wait(hours=3)
    assert store.rings(desk.clock.moment, 10)
    assert len(listener.finds) == 11
    for find in listener.finds:
        plan = database.command({"explain": find, "verbosity": "queryPlanner"})["queryPlanner"]["winningPlan"]
        assert not {"COLLSCAN", "SORT"} & stages_of(plan), (find, plan)
        assert indexes_of(plan) & {"area", "unit", "case", "bell"}
