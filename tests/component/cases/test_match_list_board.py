"""The board of an area (F31, form B): live sums that equal what is kept, its lists page by page, and no scan."""

from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from cases.match_lists.lists import List, Wanted
from cases.match_lists.store import COUNTED, MatchListStore, counting
from cases.service import CasesService
from chassis.caller import Caller
from chassis.mongo import Home
from tests.component.cases.match_list_desk import UNIT, Desk
from tests.component.cases.test_case_store import Overheard, overheard, stages_of
from tests.component.set_clock import SetClock
from tests.unit.cases.play import (
    ADMIN,
    AT,
    DISPATCHER,
    ELSEWHERE,
    GRID,
    RESIDENT,
    VOLUNTEER,
    WORKER,
    caller,
    code_of,
    refusal,
)

__all__ = ["overheard"]

COMMUNITY, DISTRICT = GRID[:12], GRID[:6]


@pytest.fixture
def desk(service: CasesService, clock: SetClock) -> Desk:
    return Desk(service, clock)


@pytest.fixture
def full(desk: Desk) -> Desk:
    """Five demands, four resources and three projects, in nearly every status, in two communities."""
    given_up, expiring, waiting = desk.ask(), desk.ask(until="2026-03-12"), desk.ask(tags=["elderly"], skills=["hr"])
    taken, far = desk.ask(), desk.ask(grid_code=ELSEWHERE, category="0803")
    desk.service.give_up_demand(RESIDENT.dump(), "give-up", given_up)
    here, wide, withdrawn = desk.offer(), desk.offer(serves=[DISTRICT], capacity=5), desk.offer(VOLUNTEER)
    desk.offer(serves=[GRID, "360704100002002"], kind="place")
    desk.service.withdraw_resource(VOLUNTEER.dump(), "withdraw", withdrawn)
    desk.plan(demands=[taken], resources=[here])
    desk.move(desk.plan(demands=[far, waiting], resources=[wide]), "cancel", reason_code="funds")
    desk.move(desk.plan(demands=[far], resources=[wide]), "complete")
    desk.clock.moment = AT + timedelta(days=1)
    desk.service.expire_demands()
    assert desk.demand(expiring)["status"] == "expired"
    return desk


TOTALS = {
    "demand": {"open": 1, "matched": 1, "met": 1, "unmet": 1, "expired": 1},
    "resource": {"offered": 2, "reserved": 1, "used_up": 0, "withdrawn": 1},
    "project": {"planned": 1, "running": 0, "completed": 1, "cancelled": 1},
}


def test_the_sums_of_an_area_equal_what_is_kept(full: Desk, database: Database[dict[str, Any]]) -> None:
    """F31, form B over the one model: the board counts each demand, resource and project in exactly one place."""
    found = full.board(DISTRICT)
    assert found["totals"] == TOTALS
    for name in List:
        assert sum(found["totals"][name.value].values()) == database[f"{name.value}s"].count_documents({})


@pytest.mark.parametrize("area", [DISTRICT, GRID[:9], COMMUNITY, GRID])
def test_the_parts_of_an_area_add_up_to_it(full: Desk, area: str) -> None:
    found = full.board(area)
    for name in List:
        for status, number in found["totals"][name.value].items():
            assert sum(part[name.value][status] for part in found["parts"]) == number, (name, status)


def test_what_spans_several_parts_stands_under_the_area_itself(full: Desk) -> None:
    parts = {part["area"]: part for part in full.board(DISTRICT)["parts"]}
    assert set(parts) == {DISTRICT, GRID[:9]}
    assert parts[DISTRICT]["resource"]["offered"] == 1
    communities = {part["area"]: part for part in full.board(GRID[:9])["parts"]}
    assert set(communities) == {GRID[:9], COMMUNITY, ELSEWHERE[:12]}
    assert communities[GRID[:9]]["project"] == {"planned": 0, "running": 0, "completed": 0, "cancelled": 1}


@pytest.mark.parametrize(
    ("list_", "filters", "number"),
    [
        ("demand", {}, 5),
        ("demand", {"status": "open"}, 1),
        ("demand", {"category": "0803"}, 1),
        ("demand", {"tag": "elderly"}, 1),
        ("demand", {"skill": "hr"}, 1),
        ("demand", {"source": "APP"}, 5),
        ("demand", {"source": "SESSION"}, 0),
        ("resource", {}, 4),
        ("resource", {"kind": "place"}, 1),
        ("resource", {"owner_id": "p-volunteer"}, 1),
        ("resource", {"skill": "hr", "status": "offered"}, 2),
        ("project", {"status": "completed"}, 1),
    ],
)
def test_a_list_is_filtered_and_the_sums_are_not(full: Desk, list_: str, filters: dict[str, Any], number: int) -> None:
    found = full.board(DISTRICT, list=list_, filters=filters)
    assert (len(found["items"]), found["totals"]) == (number, TOTALS)


@pytest.mark.parametrize("list_", [each.value for each in List])
def test_a_list_is_read_page_by_page_the_newest_first(full: Desk, list_: str) -> None:
    whole = [each[f"{list_}_id"] for each in full.board(DISTRICT, list=list_)["items"]]
    found: list[str] = []
    after = None
    while True:
        page = full.board(DISTRICT, list=list_, limit=1, after=after)
        found += [each[f"{list_}_id"] for each in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert found == whole == sorted(whole, reverse=True)
    assert len(whole) >= 3


def test_a_filter_that_the_list_does_not_have_is_named(full: Desk) -> None:
    refused = refusal(full.board, list="project", filters={"skill": "hr", "status": "open"})
    assert refused.code == "invalid"
    assert [each["pointer"] for each in refused.details["errors"]] == ["/filters/skill", "/filters/status"]
    assert code_of(full.board, "36070") == "invalid"


@pytest.mark.parametrize("who", [DISPATCHER, WORKER, ADMIN, caller("p-a", "auditor", scope="360704")])
def test_who_oversees_an_area_sees_its_board(full: Desk, who: Caller) -> None:
    assert full.board(COMMUNITY, who)["totals"]["demand"]["matched"] == 1


@pytest.mark.parametrize(
    ("who", "code"),
    [(RESIDENT, "not_permitted"), (UNIT, "not_permitted"), (WORKER, "out_of_scope")],
)
def test_nobody_else_does(full: Desk, who: Caller, code: str) -> None:
    assert code_of(full.board, DISTRICT, who) == code


def test_everybody_reads_what_is_their_own(full: Desk) -> None:
    own = full.service.own_demands(RESIDENT.dump())["items"]
    assert len(own) == 5
    assert full.service.own_demands(caller("p-other", "resident", scope="360704").dump())["items"] == []
    assert len(full.service.own_resources(UNIT.dump())["items"]) == 3
    assert len(full.service.own_resources(VOLUNTEER.dump())["items"]) == 1
    page = full.service.own_demands(RESIDENT.dump(), limit=2)
    following = full.service.own_demands(RESIDENT.dump(), limit=100, after=page["next"])
    assert [each["demand_id"] for each in own] == [each["demand_id"] for each in (*page["items"], *following["items"])]


def test_the_resources_that_suit_a_demand_come_best_first_with_reasons(desk: Desk) -> None:
    demand = desk.ask()
    wide, near = desk.offer(serves=[DISTRICT]), desk.offer()
    other_skill, elsewhere = desk.offer(skills=["cleaning"]), desk.offer(serves=[ELSEWHERE])
    found = desk.service.matches_of_demand(WORKER.dump(), demand)["items"]
    assert [each["resource_id"] for each in found] == [near, wide]
    assert not {other_skill, elsewhere} & {each["resource_id"] for each in found}
    assert found[0]["score"] == 100.0
    assert {each["code"] for each in found[0]["reasons"]} == {"skill", "same_grid", "available", "idle"}
    desk.plan(demands=[desk.ask()], resources=[near])
    assert [each["resource_id"] for each in desk.service.matches_of_demand(WORKER.dump(), demand)["items"]] == [wide]
    assert code_of(desk.service.matches_of_demand, RESIDENT.dump(), demand) == "not_permitted"


def test_the_demands_that_a_resource_suits_are_those_of_the_callers_scope(desk: Desk) -> None:
    resource = desk.offer(serves=[DISTRICT])
    here, there = desk.ask(), desk.ask(grid_code=ELSEWHERE)
    found = desk.service.matches_of_resource(DISPATCHER.dump(), resource)["items"]
    assert {each["demand_id"] for each in found} == {here, there}
    mine = desk.service.matches_of_resource(WORKER.dump(), resource)["items"]
    assert [each["demand_id"] for each in mine] == [here]


def test_no_question_scans_or_sorts_in_memory(
    full: Desk, overheard: tuple[Overheard, Database[dict[str, Any]]]
) -> None:
    for _ in range(30):
        full.ask()
        full.offer()
    listener, database = overheard
    store, tenants, after = MatchListStore(Home(database)), (DISTRICT,), (AT, "x")
    for name in List:
        for filters in ({}, {"status": "open" if name is List.DEMAND else "offered"}):
            for position in (None, after):
                store.page(Wanted(name, tenants, area=COMMUNITY, filters=filters), position, 10)
                store.page(Wanted(name, tenants, own=("p-xie", "u-lighting")), position, 10)
    some = store.demands.find({"status": "open"}, limit=1)[0].item
    offer = store.resources.find({"status": "offered"}, limit=1)[0].item
    del listener.finds[-2:]
    store.offered_for(some)
    store.open_in(offer.serves, tenants)
    store.expiring(AT + timedelta(days=200), 10)
    assert len(listener.finds) == 27
    for find in listener.finds:
        plan = database.command({"explain": find, "verbosity": "queryPlanner"})["queryPlanner"]["winningPlan"]
        assert not {"COLLSCAN", "SORT"} & stages_of(plan), (find, plan)
    for name in List:
        counted = {"aggregate": f"{name.value}s", "pipeline": counting(COMMUNITY), "cursor": {}, "hint": COUNTED}
        stages = stages_of(database.command({"explain": counted, "verbosity": "queryPlanner"}))
        assert "IXSCAN" in stages, stages
        assert not {"FETCH", "COLLSCAN", "SORT"} & stages, stages


def test_who_offers_it_is_no_filter_for_whoever_is_not_told(full: Desk) -> None:
    def offered(who: Caller, owner: str) -> int:
        return len(full.board(COMMUNITY, who, list="resource", filters={"owner_id": owner})["items"])

    assert (offered(WORKER, "p-volunteer"), offered(ADMIN, "p-volunteer")) == (1, 0)
    assert offered(ADMIN, "u-lighting") == offered(WORKER, "u-lighting") > 0
