"""What the hotline transfers (docs/domain.md §8.5): arriving twice, under one number of its own, it counts once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pymongo.database import Database

from cases.service import CasesService
from cases.store import PlaceStore
from cases.store.cases import CaseStore
from chassis.caller import Caller
from chassis.errors import Refusal
from chassis.mongo import Home
from tests.component.cases.test_case_store import Overheard, indexes_of, overheard
from tests.unit.cases.play import DISPATCHER, GRID, RESIDENT, WORKER, caller

__all__ = ["overheard"]

NUMBER = "GZ20260312-00017"
TRANSFER = {"text": "路灯不亮", "grid_code": GRID, "source": "12345", "external_number": NUMBER}
FAR = caller("p-far", "dispatcher", scope="360702")


def transfer(service: CasesService, key: str, who: Caller = DISPATCHER, **fields: Any) -> dict[str, Any]:
    return service.report(who.dump(), key, **{**TRANSFER, **fields})


def test_a_transfer_that_arrives_twice_is_one_case(service: CasesService, database: Database[dict[str, Any]]) -> None:
    first = transfer(service, "k-1")
    again = transfer(service, "k-2", text="催办：路灯仍不亮")
    assert again == {**first, "arrived_before": True}
    assert "arrived_before" not in first
    assert transfer(service, "k-1") == first
    assert database["cases"].count_documents({}) == 1


def test_what_a_register_has_brought_is_known_when_it_is_transferred(
    service: CasesService, database: Database[dict[str, Any]]
) -> None:
    row = {"text": "路灯不亮", "category": "0101", "grid_code": GRID, "external_number": NUMBER}
    held = {"kind": "register", "area": GRID, "held_at": "2026-03-12T09:00:00+08:00", "source": "12345"}
    [brought] = service.open_intake_session(DISPATCHER.dump(), "k-1", items=[row], **held)["items"]
    again = transfer(service, "k-2")
    assert (again["case_id"], again["number"], again["arrived_before"]) == (brought["id"], brought["number"], True)
    assert (again["act"], again["version"], again["category"]) == ("report", 1, "0101")
    assert database["cases"].count_documents({}) == 1


def test_of_many_arrivals_at_once_one_opens_the_case(service: CasesService, database: Database[dict[str, Any]]) -> None:
    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(lambda n: transfer(service, f"k-{n}"), range(20)))
    assert len({answer["case_id"] for answer in answers}) == database["cases"].count_documents({}) == 1
    assert sum("arrived_before" not in answer for answer in answers) == 1


def test_each_district_has_numbers_of_its_own(service: CasesService, places: PlaceStore) -> None:
    elsewhere = "360702100001001"
    ring = ((110.0, 20.0), (110.1, 20.0), (110.1, 20.1), (110.0, 20.1), (110.0, 20.0))
    grid = places.grid(GRID)
    assert grid is not None
    places.put_grid(type(grid)(elsewhere, "外区", "外", "SERVICE", ring), 1)
    here, there = transfer(service, "k-1"), transfer(service, "k-2", FAR, grid_code=elsewhere)
    assert here["case_id"] != there["case_id"]
    assert "arrived_before" not in there


@pytest.mark.parametrize("source", ["APP", "PHONE"])
def test_only_a_transfer_has_a_number_of_its_own(service: CasesService, source: str) -> None:
    with pytest.raises(Refusal, match="external_number_not_expected"):
        transfer(service, "k-1", source=source)


@pytest.mark.parametrize("who", [RESIDENT, WORKER])
def test_the_hotline_is_the_desks_source(service: CasesService, who: Caller) -> None:
    with pytest.raises(Refusal, match="source_not_permitted"):
        transfer(service, "k-1", who)


def test_a_transfer_is_found_by_its_number_and_by_an_index(
    service: CasesService, cases: CaseStore, overheard: tuple[Overheard, Database[dict[str, Any]]]
) -> None:
    transfer(service, "k-1")
    transfer(service, "k-2", external_number="another")
    listener, database = overheard
    service.cases_kept = CaseStore(Home(database))
    [line] = service.cases(DISPATCHER.dump(), filters={"external_number": NUMBER})["items"]
    assert service.case(DISPATCHER.dump(), line["case_id"])["external_number"] == NUMBER
    plan = database.command({"explain": listener.finds[0], "verbosity": "queryPlanner"})["queryPlanner"]
    assert indexes_of(plan["winningPlan"]) == {"external"}
