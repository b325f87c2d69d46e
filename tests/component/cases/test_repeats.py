"""The same matter again (F28), on a real database: what is counted, who is told of it, and that nothing is scanned."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from pymongo.database import Database

from cases.act import Act, Happening
from cases.case import Case
from cases.casework import Casework
from cases.place import Compound, Place, Point
from cases.repeat import OPEN_PROJECT
from cases.service import CasesService
from cases.store import CaseStore, PlaceStore
from chassis.caller import Caller
from chassis.command import Asked, digest
from chassis.mongo import Home
from tests.component.cases.test_case_store import Overheard, kept, overheard, stages_of
from tests.component.cases.test_merging import at_once
from tests.unit.cases import play as stage
from tests.unit.cases.play import ADMIN, AT, DISPATCHER, GRID, INSPECTOR, RESIDENT, WORKER, caller

__all__ = ["overheard"]

IN_COMPOUND = {"compound_id": "c-dongyuan"}
BY_THE_ROAD = {"location": {"lon": 115.0082, "lat": 25.8690}}


class Desk:
    """Reports and registers at any time, each under a command of its own."""

    def __init__(self, casework: Casework, cases: CaseStore) -> None:
        self.casework, self.cases, self._ids = casework, cases, count(1)

    def report(self, at: datetime, **fields: Any) -> str:
        body = {"text": "灯不亮", "category": "0101", **(fields or IN_COMPOUND)}
        return str(self.casework.report(self._asked(RESIDENT, at), body)["case_id"])

    def do(self, id: str, act: Act, at: datetime, who: Caller = DISPATCHER, /, **fields: Any) -> Case:
        self.casework.move(self._asked(who, at), id, act, fields)
        return self.case(id)

    def registered(self, at: datetime, **fields: Any) -> Case:
        return self.do(self.report(at, **fields), Act.REGISTER, at + timedelta(minutes=4))

    def case(self, id: str) -> Case:
        return self.cases.load(id, None).case

    def last(self, id: str) -> Happening:
        return self.cases.with_history(id, None)[1][-1]

    def _asked(self, who: Caller, at: datetime) -> Asked:
        return Asked(who, f"command-{next(self._ids)}", digest({}), at)


@pytest.fixture
def desk(casework: Casework, cases: CaseStore) -> Desk:
    return Desk(casework, cases)


def days_before(days: float) -> datetime:
    return AT - timedelta(days=days)


def number_of(case: Case) -> int | None:
    return case.repeat.count if case.repeat else None


def test_the_third_lamp_in_one_compound(desk: Desk, service: CasesService) -> None:
    """F28: the third lamp case within 90 days in one compound says "repeat: 3" and proposes a project."""
    first, second = desk.registered(days_before(89)), desk.registered(days_before(30))
    third = desk.registered(AT)
    assert [number_of(case) for case in (first, second, third)] == [1, 2, 3]
    told = desk.last(third.id)
    assert (told.type, told.data["repeat"], told.data["suggestion"]) == ("case.registered", 3, OPEN_PROJECT)
    seen = service.case(DISPATCHER.dump(), case_id=third.id)["repeat"]
    assert seen == {
        "count": 3,
        "earlier": [{"case_id": each.id, "number": each.number} for each in (second, first)],
        "suggestion": OPEN_PROJECT,
    }
    assert first.id not in str(told.data)


@pytest.mark.parametrize("who", [ADMIN, INSPECTOR, WORKER])
def test_who_oversees_the_place_sees_how_often_and_only_the_desk_is_offered_a_project(
    desk: Desk, service: CasesService, who: Caller
) -> None:
    for days in (20, 10):
        desk.registered(days_before(days))
    id = desk.registered(AT).id
    seen = service.case(who.dump(), case_id=id)["repeat"]
    assert (seen["count"], len(seen["earlier"]), seen["suggestion"]) == (3, 2, None)
    assert service.case(RESIDENT.dump(), case_id=id)["repeat"] is None


def test_an_earlier_case_elsewhere_is_not_named_to_who_does_not_oversee_it(
    desk: Desk, service: CasesService, places: PlaceStore
) -> None:
    desk.registered(days_before(2))
    moved = Compound("c-dongyuan", "东源胜景小区", stage.ELSEWHERE, Point(115.0058, 25.8600), True, False, None)
    places.put_compound(moved, 2)
    id = desk.registered(AT).id
    narrow = caller("p-narrow", "dispatcher", scope=stage.ELSEWHERE)
    seen = service.case(narrow.dump(), case_id=id)["repeat"]
    assert (seen["count"], seen["earlier"]) == (2, [])


@pytest.mark.parametrize(
    ("days", "fields"),
    [
        (91, {}),
        (10, {"category": "0102", **IN_COMPOUND}),
        (10, {"location": {"lon": 115.0058, "lat": 25.8672}}),
    ],
    ids=["longer ago", "of another category", "outside the compound"],
)
def test_what_is_not_the_same_does_not_count(desk: Desk, days: float, fields: dict[str, Any]) -> None:
    desk.registered(days_before(days), **fields)
    assert number_of(desk.registered(AT)) == 1


def test_what_came_to_nothing_does_not_count_nor_what_nobody_has_registered(desk: Desk) -> None:
    kept_open = desk.registered(days_before(9)).id
    desk.do(desk.report(days_before(8)), Act.REJECT, days_before(8), reason_code="not_found", text="未发现")
    desk.do(desk.registered(days_before(7)).id, Act.MERGE, days_before(7), target_case_id=kept_open)
    desk.do(desk.registered(days_before(6)).id, Act.WITHDRAW, days_before(6), RESIDENT)
    desk.report(days_before(5))
    assert number_of(desk.registered(AT)) == 2


def test_whichever_of_three_is_registered_last_is_the_third(desk: Desk) -> None:
    ids = [desk.report(days_before(days)) for days in (3, 2, 1)]
    numbers = [number_of(desk.do(id, Act.REGISTER, AT)) for id in reversed(ids)]
    assert numbers == [1, 2, 3]


def test_outside_compounds_the_same_spot_counts(desk: Desk) -> None:
    desk.registered(days_before(4), **BY_THE_ROAD)
    desk.registered(days_before(3), location={"lon": 115.0082, "lat": 25.8680})  # 111 m away
    assert number_of(desk.registered(AT, location={"lon": 115.0082, "lat": 25.8697})) == 2


def test_a_correction_is_compared_anew(desk: Desk) -> None:
    for days in (20, 10):
        desk.registered(days_before(days))
    case = desk.registered(AT, category="0102", **IN_COMPOUND)
    assert number_of(case) == 1
    corrected = desk.do(case.id, Act.CORRECT, AT, category="0101")
    told = desk.last(case.id).data
    assert (number_of(corrected), told["repeat"], told["suggestion"]) == (3, 3, OPEN_PROJECT)
    elsewhere = desk.do(case.id, Act.CORRECT, AT, DISPATCHER, **BY_THE_ROAD)
    told = desk.last(case.id).data
    assert (number_of(elsewhere), told["repeat"], told["suggestion"]) == (1, 1, None)


def test_of_many_that_are_registered_at_once_none_is_forgotten(desk: Desk) -> None:
    ids = [desk.report(days_before(1)) for _ in range(4)]
    found = at_once(*(lambda id=id: desk.do(id, Act.REGISTER, AT) for id in ids))
    assert all(number_of(case) for case in found)
    assert number_of(desk.registered(AT)) == 5


def test_comparing_reads_only_the_cases_that_count(
    cases: CaseStore, overheard: tuple[Overheard, Database[dict[str, Any]]]
) -> None:
    for n in range(30):
        kept(cases, stage.registered(category="0102" if n % 3 else "0101"), f"command-{n}")
    listener, database = overheard
    store, case = CaseStore(Home(database)), stage.registered().case
    for place in (stage.LAMP, Place(GRID, Point(115.0058, 25.8672))):
        assert len(store.like(case, "0101", place)) == 10
    for find in listener.finds:
        explained = database.command({"explain": find, "verbosity": "executionStats"})
        assert not {"COLLSCAN", "SORT"} & stages_of(explained["queryPlanner"]["winningPlan"]), find
        assert explained["executionStats"]["totalDocsExamined"] == 10
