"""The order of priority (F27) on a real database: page by page, kept with every move, from an index."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from cases.act import Act
from cases.priority import priority
from cases.service import CasesService
from cases.showing.listing import PRIORITY, wanted
from cases.store import CaseStore
from cases.store.cases import Step
from chassis.caller import Caller
from chassis.mongo import Home
from tests.component.cases.test_case_store import Overheard, entry, kept, overheard, stages_of
from tests.component.cases.test_merging import Office, office
from tests.unit.cases import play as stage
from tests.unit.cases.play import AT, DISPATCHER, ELSEWHERE, GRID, WORKER, Play

__all__ = ["office", "overheard"]


def queue(service: CasesService, who: Caller = DISPATCHER, limit: int = 100, **filters: Any) -> list[str]:
    """The ids of the cases in the order of priority, read page by page."""
    found: list[str] = []
    after = None
    while True:
        page = service.cases(who.dump(), filters={"order": PRIORITY, **filters}, after=after, limit=limit)
        found += [item["case_id"] for item in page["items"]]
        after = page["next"]
        if after is None:
            return found


def test_of_two_equal_cases_the_tagged_one_comes_first(office: Office, service: CasesService) -> None:
    """F27: of two equal cases that wait the one with the tag `elderly` comes first, and no due time changes."""
    plain, tagged = office.report(), office.report(tags=["elderly"])
    for id in (plain, tagged):
        assert office.do(id, Act.REGISTER, category="0101") == "REGISTERED"
    assert queue(service) == [tagged, plain]
    assert service.cases(DISPATCHER.dump())["items"][0]["case_id"] in {plain, tagged}
    assert office.case(tagged).dues == office.case(plain).dues


def assorted(cases: CaseStore) -> list[Play]:
    """Open cases of every urgency and status, and closed ones, in two grids."""
    builds = (stage.opened, stage.registered, stage.dispatched, stage.in_progress, stage.resolved, stage.closed)
    plays = [
        build(category=category, at=AT - timedelta(days=n % 3))
        for n, (build, category) in enumerate(
            (build, category) for build in builds for category in ("0101", "0202", "0304")
        )
    ]
    plays += [stage.opened(place=replace(stage.LAMP, grid_code=ELSEWHERE)), stage.registered(tags=["elderly"])]
    for n, play in enumerate(plays):
        play.case = replace(play.case, remarks=())  # a photo belongs to one case
        kept(cases, play, f"command-{n}")
    return plays


def expected(plays: list[Play]) -> list[str]:
    waiting = [play.case for play in plays if play.case.is_open]
    return [case.id for case in sorted(waiting, key=lambda case: (priority(case).key, case.id))]


@pytest.mark.parametrize("limit", [1, 4, 100])
def test_a_queue_is_read_page_by_page(cases: CaseStore, service: CasesService, limit: int) -> None:
    plays = assorted(cases)
    assert queue(service, limit=limit) == expected(plays)
    here = [play for play in plays if play.case.place.grid_code == GRID]
    assert queue(service, limit=limit, grid=GRID) == queue(service, WORKER, limit=limit) == expected(here)
    taken = [play for play in here if play.case.status.value == "DISPATCHED"]
    assert queue(service, limit=limit, status="DISPATCHED") == expected(taken)


def test_the_ledger_s_problems_stand_in_the_same_order(cases: CaseStore, service: CasesService) -> None:
    plays = assorted(cases)
    problems = [play for play in plays if play.case.status.value not in {"REPORTED", "CLOSED"}]
    found: list[str] = []
    after = None
    while True:
        page = service.ledger(DISPATCHER.dump(), area=GRID[:6], filters={"order": PRIORITY}, after=after, limit=3)
        found += [line["case_id"] for line in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert found == expected(problems)


def test_every_move_keeps_the_place_in_the_queue(cases: CaseStore, service: CasesService) -> None:
    play, other = stage.registered(), stage.registered(tags=["elderly"])
    for n, each in enumerate((play, other)):
        kept(cases, each, f"command-{n}")
    assert queue(service) == [other.case.id, play.case.id]
    before = cases.load(play.case.id, None).case
    play.case = before
    cases.save(Step(before, play.do(Act.CORRECT, DISPATCHER, category="0103").case, entry(play, "correct")))
    assert queue(service) == [play.case.id, other.case.id]
    before = play.case
    cases.save(Step(before, play.do(Act.WITHDRAW, stage.RESIDENT).case, entry(play, "withdraw")))
    assert queue(service) == [other.case.id]


def test_a_queue_comes_from_its_index(cases: CaseStore, overheard: tuple[Overheard, Database[dict[str, Any]]]) -> None:
    assorted(cases)
    listener, database = overheard
    store, by_priority = CaseStore(Home(database)), {"order": PRIORITY}
    for filters in (by_priority, {**by_priority, "status": "REGISTERED"}, {**by_priority, "overdue": True}):
        for after in (None, (priority(stage.registered().case).key, "case-1")):
            store.page(wanted(filters, DISPATCHER, AT), after, 3)
    assert len(listener.finds) == 6
    for find in listener.finds:
        explained = database.command({"explain": find, "verbosity": "executionStats"})
        assert not {"COLLSCAN", "SORT"} & stages_of(explained["queryPlanner"]["winningPlan"]), find
    first = database.command({"explain": listener.finds[0], "verbosity": "executionStats"})
    assert first["executionStats"]["totalDocsExamined"] <= 4
