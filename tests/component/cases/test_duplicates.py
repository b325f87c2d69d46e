"""What may have been reported before, on a real database: found by place, category and time, and merged."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from cases.act import Act
from cases.case import Status
from cases.duplicates import Duplicates
from cases.likeness import Sketch
from cases.place import Place, Point
from cases.service import CasesService
from cases.store import CaseStore
from chassis.caller import Caller
from chassis.errors import Refusal
from chassis.mongo import Home
from tests.component.cases.test_case_store import Overheard, kept, overheard, stages_of
from tests.component.cases.test_merging import Office, office
from tests.unit.cases import play as stage
from tests.unit.cases.play import (
    ADMIN,
    AT,
    DISPATCHER,
    GRID,
    LAMP,
    NEIGHBOUR,
    OTHER_WORKER,
    RESIDENT,
    WORKER,
    caller,
)

__all__ = ["office", "overheard"]


def suggested(service: CasesService, id: str, who: Caller = DISPATCHER) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = service.duplicates(who.dump(), case_id=id)["items"]
    return items


def test_a_suggested_duplicate_is_merged_and_its_reporter_hears_of_the_end(
    office: Office, service: CasesService
) -> None:
    target = office.resolved()
    joining = office.report(NEIGHBOUR, category="0801")
    [found] = suggested(service, joining)
    assert (found["case"]["case_id"], found["merge"]) == (target, {"into_it": True, "from_it": False})
    assert {reason["code"] for reason in found["reasons"]} == {"same_compound", "same_category", "same_day"}
    assert all(reason["zh"] and reason["en"] for reason in found["reasons"])
    assert office.merge(joining, found["case"]["case_id"]) == "MERGED"
    assert office.do(target, Act.INSPECT_PASS, OTHER_WORKER) == "CLOSED"
    last = office.told(target)[-1]
    assert (last.type, last.data["followers"]) == ("case.closed", [NEIGHBOUR.id])
    assert suggested(service, joining) == []


def test_the_way_that_a_suggestion_names_is_the_way_that_a_merge_takes(office: Office, service: CasesService) -> None:
    known, unknown = office.report(), office.report(NEIGHBOUR, category=None)
    [found] = suggested(service, known)
    assert found["merge"] == {"into_it": False, "from_it": True}
    assert office.merge(known, unknown) == "target_of_other_category"
    assert office.merge(unknown, known) == "MERGED"


def test_dispatchers_and_workers_of_the_place_are_shown_suggestions_and_nobody_else(
    office: Office, service: CasesService
) -> None:
    id, _ = office.report(text="电话12012345678"), office.report(NEIGHBOUR, text="电话12012345678")
    for who in (DISPATCHER, WORKER):
        [found] = suggested(service, id, who)
        assert "12012345678" not in str(found)
        assert NEIGHBOUR.id not in str(found)
    for who in (RESIDENT, ADMIN, caller("p-near", "community_worker", scope="360704100001")):
        with pytest.raises(Refusal) as refused:
            suggested(service, id, who)
        assert refused.value.code == "not_permitted"


def test_a_report_that_is_not_kept_yet_finds_what_was_reported_before(cases: CaseStore) -> None:
    here, grid_only = stage.opened(), stage.opened(place=Place(GRID))
    others = (
        stage.opened(place=Place(GRID, Point(115.0082, 25.8690))),
        stage.opened(category="0303"),
        stage.opened(at=AT - timedelta(days=15)),
        stage.closed(),
    )
    for n, play in enumerate((here, grid_only, *others)):
        play.case = replace(play.case, remarks=())  # a photo belongs to one case
        kept(cases, play, f"command-{n}")
    duplicates = Duplicates(cases)

    def found(place: Place, category: str | None = "0101") -> list[str]:
        return [each.case.id for each in duplicates.of(Sketch(place, AT, category))]

    assert found(LAMP) == found(Place(GRID, LAMP.point)) == [here.case.id, grid_only.case.id]
    assert found(LAMP, "0206") == []
    assert set(found(Place(GRID))) == {here.case.id, grid_only.case.id, others[0].case.id}
    assert found(Place(GRID), None) == []
    assert set(found(LAMP, None)) == {here.case.id, others[1].case.id}


def test_looking_for_duplicates_reads_only_what_lies_around(
    cases: CaseStore, overheard: tuple[Overheard, Database[dict[str, Any]]]
) -> None:
    far = Place(GRID, Point(115.0082, 25.8690))
    for n in range(40):
        kept(cases, stage.opened(place=LAMP if n % 4 == 0 else far), f"command-{n}")
    listener, database = overheard
    store = CaseStore(Home(database))
    assert len(store.around(Sketch(LAMP, AT, "0101"))) == 10
    [find] = listener.finds
    explained = database.command({"explain": find, "verbosity": "executionStats"})
    assert not {"COLLSCAN", "SORT"} & stages_of(explained["queryPlanner"]["winningPlan"])
    assert explained["executionStats"]["totalDocsExamined"] <= 20
    assert {case.status for case in store.around(Sketch(LAMP, AT))} == {Status.REPORTED}
