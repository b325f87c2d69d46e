"""Demands, resources and projects on a real database: all together or nothing, once each, and who is refused."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from pymongo.database import Database

from cases.casework import Casework
from cases.match_lists.asking import Demands
from cases.match_lists.store import MatchListStore
from cases.service import CasesService
from cases.store import CaseStore
from chassis.caller import Caller
from chassis.command import Asked, digest
from chassis.errors import Refusal
from chassis.records import carried_out
from tests.component.cases.match_list_desk import RIDER, UNIT, Desk
from tests.component.cases.test_case_store import kept
from tests.component.set_clock import SetClock
from tests.unit.cases import play as stage
from tests.unit.cases.play import (
    ADMIN,
    AT,
    DISPATCHER,
    ELECTRICIAN,
    ELSEWHERE,
    GRID,
    NEIGHBOUR,
    RESIDENT,
    VOLUNTEER,
    WORKER,
    caller,
    code_of,
    refusal,
)

Stored = Database[dict[str, Any]]
PLAZA = "360704100007001"
KNOCKED: dict[str, Any] = {
    "source_id": "visit-1",
    "compound_id": "c-dongyuan",
    "asker": {"nickname": "王测阿姨", "phone": "12000000009", "consent": True},
    "needs": [
        {"text": "希望有人教用手机", "category": "0804"},
        {"text": "想量血压", "category": "0803"},
        {"text": "想有人陪着去办社保", "category": "0806"},
    ],
}


@pytest.fixture
def desk(service: CasesService, clock: SetClock) -> Desk:
    return Desk(service, clock)


def stored(database: Stored) -> list[tuple[str, int, int]]:
    """How much there is: records of each kind, and entries in their histories."""
    names = ("demands", "resources", "projects")
    rows = {name: [each["version"] for each in database[name].find({}, {"version": 1})] for name in names}
    return [(name, len(versions), sum(versions)) for name, versions in rows.items()]


def events_of(database: Stored, name: str, id: str) -> list[str]:
    return [entry["type"] for entry in (database[name].find_one({"_id": id}) or {})["history"]]


def test_a_project_takes_its_demands_and_resources_and_gives_them_an_end(desk: Desk, database: Stored) -> None:
    """F31, form B: needs and resources are matched into a project; completed, the needs are met."""
    demands, resource = [desk.ask(), desk.ask(NEIGHBOUR)], desk.offer()
    project = desk.plan(demands=demands, resources=[resource])
    assert [desk.demand(each)["status"] for each in demands] == ["matched", "matched"]
    assert (desk.resource(resource)["status"], desk.resource(resource)["in_use"]) == ("reserved", 1)
    assert desk.project(project)["status"] == "planned"
    assert desk.move(project, "start")["status"] == "running"
    assert desk.move(project, "complete")["status"] == "completed"
    assert [desk.demand(each)["status"] for each in demands] == ["met", "met"]
    assert {desk.demand(each)["project_id"] for each in demands} == {project}
    assert desk.resource(resource)["status"] == "used_up"
    assert events_of(database, "demands", demands[0]) == ["demand.opened", "demand.matched", "demand.met"]
    assert events_of(database, "resources", resource) == ["resource.offered", "resource.reserved", "resource.used"]
    assert events_of(database, "projects", project) == ["project.planned", "project.started", "project.completed"]


def test_a_project_that_is_cancelled_gives_everything_back(desk: Desk, database: Stored) -> None:
    demand, resource = desk.ask(), desk.offer()
    project = desk.plan(demands=[demand], resources=[resource])
    assert desk.move(project, "cancel", reason_code="funds")["status"] == "cancelled"
    assert (desk.demand(demand)["status"], desk.demand(demand)["project_id"]) == ("open", None)
    assert (desk.resource(resource)["status"], desk.resource(resource)["in_use"]) == ("offered", 0)
    assert desk.project(project)["reason_code"] == "funds"
    assert events_of(database, "demands", demand)[-1] == "demand.reopened"
    again = desk.plan(demands=[demand], resources=[resource])
    assert desk.demand(demand)["project_id"] == again


@pytest.mark.parametrize("contested", ["demand", "resource"])
def test_of_twenty_projects_at_once_one_gets_what_all_want(desk: Desk, database: Stored, contested: str) -> None:
    shared = {"demands": [desk.ask()]} if contested == "demand" else {"resources": [desk.offer()]}
    wanted = [
        {"demands": [desk.ask()], **shared} if contested == "resource" else {"resources": [desk.offer()], **shared}
        for _ in range(20)
    ]
    before, start = stored(database), Barrier(20)

    def plan(fields: dict[str, Any]) -> str:
        start.wait()
        try:
            return desk.plan(**fields)
        except Refusal as refused:
            return refused.code

    with ThreadPoolExecutor(20) as pool:
        outcomes = list(pool.map(plan, wanted))
    assert outcomes.count(f"{contested}_taken") == 19, outcomes
    [winner] = [each for each in outcomes if each != f"{contested}_taken"]
    assert desk.project(winner)["status"] == "planned"
    # One project, one demand and one resource moved on: nothing is left of the others.
    after = stored(database)
    assert [now[2] - then[2] for now, then in zip(after, before, strict=True)] == [1, 1, 1]
    assert after[2][1] == 1


def test_a_resource_serves_as_many_projects_as_its_capacity(desk: Desk) -> None:
    resource = desk.offer(capacity=2)
    first, second = (desk.plan(demands=[desk.ask()], resources=[resource]) for _ in range(2))
    assert code_of(desk.plan, demands=[desk.ask()], resources=[resource]) == "resource_taken"
    desk.move(first, "cancel", reason_code="other")
    third = desk.plan(demands=[desk.ask()], resources=[resource])
    desk.move(second, "complete")
    assert desk.resource(resource)["status"] == "reserved"
    desk.move(third, "complete")
    assert (desk.resource(resource)["status"], desk.resource(resource)["used"]) == ("used_up", 2)


def test_a_repeated_command_answers_the_same_and_changes_nothing(
    desk: Desk, service: CasesService, database: Stored
) -> None:
    body = {"title": "手机课堂", "demands": [desk.ask()], "resources": [desk.offer()]}
    first = service.plan_project(DISPATCHER.dump(), "plan", **body)
    again = {"act": "complete", "project_id": first["project_id"]}
    done = service.move_project(DISPATCHER.dump(), "done", **again)
    before = stored(database)
    assert service.plan_project(DISPATCHER.dump(), "plan", **body) == first
    assert service.move_project(DISPATCHER.dump(), "done", **again) == done
    assert (
        code_of(service.plan_project, DISPATCHER.dump(), "plan", **{**body, "title": "另一个"}) == "command_id_reused"
    )
    assert stored(database) == before


@pytest.mark.parametrize("what", ["ask", "offer", "plan"])
def test_the_same_command_ten_times_at_once_is_carried_out_once(desk: Desk, database: Stored, what: str) -> None:
    demand = desk.ask()
    commands: dict[str, Callable[[int], Any]] = {
        "ask": lambda _: desk.service.open_demand(
            RESIDENT.dump(), "same", text="想量血压", category="0803", grid_code=GRID
        ),
        "offer": lambda _: desk.service.offer_resource(UNIT.dump(), "same", kind="goods", text="血压计", serves=[GRID]),
        "plan": lambda _: desk.service.plan_project(DISPATCHER.dump(), "same", title="量血压", demands=[demand]),
    }
    before = sum(number for _, number, _ in stored(database))
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(commands[what], range(10)))
    assert all(answer == answers[0] for answer in answers)
    assert sum(number for _, number, _ in stored(database)) == before + 1


def test_a_visit_sent_twice_counts_once(service: CasesService, database: Stored) -> None:
    """F07: each stated need of a visit becomes one demand item; a visit that is sent twice counts once."""
    worker = WORKER.dump()
    first = service.open_demands_of_visit(worker, "sent", **KNOCKED)
    assert len(set(first["demands"])) == 3
    assert first["demand_id"] == first["demands"][0]
    kept_ones = [service.demand(worker, each) for each in first["demands"]]
    assert [(each["category"], each["source"], each["source_id"]) for each in kept_ones] == [
        ("0804", "DOOR_KNOCK", "visit-1"),
        ("0803", "DOOR_KNOCK", "visit-1"),
        ("0806", "DOOR_KNOCK", "visit-1"),
    ]
    assert {each["asker"]["contact"]["nickname"] for each in kept_ones} == {"王**"}
    before = stored(database)
    assert service.open_demands_of_visit(worker, "sent", **KNOCKED) == first
    assert service.open_demands_of_visit(worker, "sent again later", **KNOCKED) == first
    fewer = {**KNOCKED, "needs": KNOCKED["needs"][:1]}
    assert code_of(service.open_demands_of_visit, worker, "other", **fewer) == "needs_already_listed"
    assert stored(database) == before


def test_a_visit_that_is_sent_ten_times_at_once_counts_once(service: CasesService, database: Stored) -> None:
    """F07: also when a telephone sends what it kept several times over, each with a key of its own."""

    def send(n: int) -> Any:
        return service.open_demands_of_visit(WORKER.dump(), f"sent-{n}", **KNOCKED)

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(send, range(10)))
    assert all(answer == answers[0] for answer in answers)
    assert stored(database)[0] == ("demands", 3, 3)


def test_of_a_visit_with_a_bad_need_nothing_is_listed(service: CasesService, database: Stored) -> None:
    """F07: all needs of a visit or none."""
    bad = {**KNOCKED, "needs": [*KNOCKED["needs"], {"text": "别的", "category": "0899"}]}
    assert code_of(service.open_demands_of_visit, WORKER.dump(), "bad", **bad) == "unknown_category"
    assert stored(database)[0] == ("demands", 0, 0)


RIDING: dict[str, Any] = {
    "source": "RIDER",
    "grid_code": PLAZA,
    "text": "夜间充电",
    "asker": {"nickname": "小测", "platform": "某外卖平台", "consent": True},
}


@pytest.mark.parametrize("who", [RIDER, caller("p-desk-2", "community_worker", scope=PLAZA[:12])])
def test_a_rider_asks_with_a_nickname_and_no_id(service: CasesService, who: Caller) -> None:
    """F08: nickname, platform, grid and the need "夜间充电" are enough; it is taken for code 0901."""
    receipt = service.open_demand(who.dump(), "ask", **RIDING)
    assert (receipt["status"], receipt["category"]) == ("open", "0901")
    seen = service.demand(who.dump(), receipt["demand_id"])
    assert (seen["source"], seen["text"], seen["grid_code"]) == ("RIDER", "夜间充电", PLAZA)
    contact = seen["asker"]["contact"]
    assert (contact["nickname"], contact["platform"]) == ("小**", "某外卖平台")


@pytest.mark.parametrize("where", ["asker", "demand"])
def test_a_field_for_an_identity_number_is_refused(service: CasesService, database: Stored, where: str) -> None:
    """F08: no ID field exists."""
    number = {"id_number": "999999199001010016"}
    body = {**RIDING, **number} if where == "demand" else {**RIDING, "asker": {**RIDING["asker"], **number}}
    refused = refusal(service.open_demand, RIDER.dump(), "ask", **body)
    assert refused.code == "invalid"
    pointers = {each["pointer"] for each in refused.details["errors"]}
    assert pointers == {"/id_number" if where == "demand" else "/asker/id_number"}
    assert stored(database)[0] == ("demands", 0, 0)


def test_an_identity_number_in_the_words_is_not_even_kept(desk: Desk, database: Stored) -> None:
    """F08: 18 digits in the words are masked before they are written."""
    number = "999999199001010016"
    demand = desk.ask(text=f"我的身份证 {number}，电话 12000000001，夜间充电")
    desk.offer(text=f"联系人 {number}")
    project = desk.plan(title="充电柜", text=f"经办 {number}", demands=[demand])
    desk.move(project, "complete")
    for name in ("demands", "resources", "projects"):
        assert number not in str(list(database[name].find()))
    assert "999999********0016" in desk.demand(demand, RESIDENT)["text"]
    assert "12000000001" in desk.demand(demand, RESIDENT)["text"]
    assert "12000000001" not in desk.demand(demand, WORKER)["text"]


def test_no_event_of_the_match_lists_carries_words_names_or_phones(desk: Desk, database: Stored) -> None:
    demand = desk.ask(
        WORKER,
        source="DOOR_KNOCK",
        text="希望有人教用手机",
        asker={"nickname": "王测", "phone": "12000000009", "consent": True},
    )
    desk.move(desk.plan(demands=[demand], resources=[desk.offer()]), "cancel", reason_code="other")
    told = str(
        [
            entry["data"]
            for name in ("demands", "resources", "projects")
            for each in database[name].find()
            for entry in each["history"]
        ]
    )
    assert not [text for text in ("手机", "王测", "12000000009") if text in told]


def test_an_asker_with_a_phone_and_no_account_is_to_be_called(desk: Desk, database: Stored) -> None:
    asker = {"nickname": "王测", "phone": "12000000009", "consent": True}
    demand = desk.ask(WORKER, source="DOOR_KNOCK", asker=asker)
    [entry] = (database.demands.find_one({"_id": demand}) or {})["history"]
    assert (entry["data"]["asker_id"], entry["data"]["callback"]) == (None, "voice")
    for none in ({}, {"reason": ""}, {"reason": "\u200b"}):
        with pytest.raises(Refusal, match="reason_missing"):
            desk.service.asker_contact(WORKER.dump(), "reveal", demand, **none)
    told = desk.service.asker_contact(WORKER.dump(), "reveal", demand, reason="电话告知")
    assert told == {"name": "王测", "phone": "12000000009", "callback": "voice"}
    [row] = database.reveals.find()
    assert (row["demand_id"], row["by"], row["reason"]) == (demand, "p-worker", "电话告知")
    [entered] = database.audit.find({"act": "contact.revealed"})
    told_of = (entered["what"], entered["who"], entered["reason"])
    assert told_of == ({"kind": "demand", "id": demand}, "p-worker", "电话告知")


def test_nobody_is_told_a_contact_without_a_place_in_it(desk: Desk, database: Stored) -> None:
    own, nobodys = desk.ask(), desk.ask(WORKER, source="COMMUNITY")
    ask = desk.service.asker_contact
    assert code_of(ask, WORKER.dump(), "c-1", nobodys, reason="x") == "nobody_to_ask"
    assert code_of(ask, RESIDENT.dump(), "c-2", own, reason="x") == "not_permitted"
    assert code_of(ask, ADMIN.dump(), "c-3", own, reason="x") == "not_permitted"
    assert code_of(ask, WORKER.dump(), "c-4", own) == "reason_missing"
    assert database.reveals.count_documents({}) == 0
    assert ask(WORKER.dump(), "c-5", own, reason="x")["phone"] == "12000000001"


def test_a_demand_runs_out_when_its_last_day_is_over(desk: Desk, database: Stored) -> None:
    today, later = desk.ask(until="2026-03-12"), desk.ask(until="2026-03-13")
    desk.clock.moment = AT + timedelta(hours=4, minutes=19)
    desk.service.expire_demands()
    assert desk.demand(today)["status"] == "open"
    desk.clock.moment = AT + timedelta(hours=4, minutes=21)
    for _ in range(3):
        desk.service.expire_demands()
    assert (desk.demand(today)["status"], desk.demand(later)["status"]) == ("expired", "open")
    assert events_of(database, "demands", today) == ["demand.opened", "demand.expired"]


def test_a_demand_of_a_project_does_not_run_out_until_the_project_gives_it_back(desk: Desk) -> None:
    demand = desk.ask(until="2026-03-12")
    project = desk.plan(demands=[demand])
    desk.clock.moment = AT + timedelta(days=2)
    desk.service.expire_demands()
    assert desk.demand(demand)["status"] == "matched"
    desk.move(project, "cancel", reason_code="other")
    desk.service.expire_demands()
    assert desk.demand(demand)["status"] == "expired"


def test_a_demand_is_given_up_by_its_asker_and_found_unmet_by_the_community(desk: Desk) -> None:
    own, other = desk.ask(), desk.ask()
    service = desk.service
    assert code_of(service.give_up_demand, NEIGHBOUR.dump(), "c-1", own) == "not_permitted"
    assert service.give_up_demand(RESIDENT.dump(), "c-2", own)["status"] == "unmet"
    assert (
        code_of(service.find_demand_unmet, RESIDENT.dump(), "c-3", other, reason_code="no_resource") == "not_permitted"
    )
    assert service.find_demand_unmet(WORKER.dump(), "c-4", other, reason_code="no_resource")["status"] == "unmet"
    assert [desk.demand(each)["reason_code"] for each in (own, other)] == ["given_up", "no_resource"]
    assert code_of(service.give_up_demand, RESIDENT.dump(), "c-5", own) == "demand_not_open"


def test_a_project_can_be_about_cases_alone(desk: Desk, cases: CaseStore) -> None:
    """F28: what a third lamp case suggests can be planned from the cases."""
    play = stage.registered()
    kept(cases, play)
    project = desk.project(desk.plan(title="更换路灯线路", cases=[play.case.id]))
    assert (project["cases"], project["area"]) == ([play.case.id], GRID)


BAD_PLANS: list[tuple[dict[str, Any], str]] = [
    ({}, "project_about_nothing"),
    ({"demands": ["no-such"]}, "unknown_demand"),
    ({"demands": ["open"], "resources": ["no-such"]}, "unknown_resource"),
    ({"demands": ["open"], "cases": ["no-such"]}, "unknown_case"),
    ({"demands": ["open"], "resources": ["elsewhere"]}, "resource_elsewhere"),
    ({"demands": ["open"], "resources": ["withdrawn"]}, "resource_taken"),
    ({"demands": ["given-up"]}, "demand_taken"),
    ({"demands": ["open", "open"]}, "invalid"),
    ({"demands": ["open"], "title": "长" * 101}, "invalid"),
    ({"demands": ["open"], "title": ""}, "invalid"),
]


@pytest.mark.parametrize(("fields", "code"), BAD_PLANS)
def test_a_plan_that_is_refused_changes_nothing(
    desk: Desk, database: Stored, fields: dict[str, Any], code: str
) -> None:
    named = {
        "open": desk.ask(),
        "given-up": desk.ask(),
        "elsewhere": desk.offer(serves=[ELSEWHERE]),
        "withdrawn": desk.offer(),
    }
    desk.service.give_up_demand(RESIDENT.dump(), "give-up", named["given-up"])
    desk.service.withdraw_resource(UNIT.dump(), "withdraw", named["withdrawn"])
    lists = {name: [named.get(id, id) for id in ids] for name, ids in fields.items() if name != "title"}
    before = stored(database)
    assert code_of(desk.plan, **{**fields, **lists}) == code
    assert stored(database) == before


def test_what_has_ended_is_not_moved_again(desk: Desk, database: Stored) -> None:
    project = desk.plan(demands=[desk.ask()])
    assert code_of(desk.move, project, "cancel") == "invalid"
    desk.move(project, "complete")
    before = stored(database)
    for act, more in (("start", {}), ("complete", {}), ("cancel", {"reason_code": "funds"})):
        assert code_of(desk.move, project, act, **more) == "project_has_moved_on"
    assert code_of(desk.move, "no-such", "start") == "project_not_found"
    assert stored(database) == before


BAD_DEMANDS: list[tuple[dict[str, Any], str]] = [
    ({"category": None}, "invalid"),
    ({"category": "0899"}, "unknown_category"),
    ({"grid_code": "360704100002999"}, "unknown_grid"),
    ({"until": "2026-03-11"}, "demand_until_past"),
    ({"until": "2027-04-11"}, "demand_until_too_far"),
    ({"text": "   "}, "invalid"),
    ({"text": "长" * 4001}, "invalid"),
    ({"source": "DOOR_KNOCK"}, "not_permitted"),
    ({"source": "RIDER"}, "source_not_permitted"),
    ({"asker": {"nickname": "王测", "consent": True}}, "not_permitted"),
    ({"asker": {"nickname": "王测", "consent": False}}, "invalid"),
    ({"asker": {"nickname": "王测"}}, "invalid"),
    ({"location": {"lon": 110.0, "lat": 20.0}, "grid_code": GRID}, "outside_all_grids"),
]


@pytest.mark.parametrize(("fields", "code"), BAD_DEMANDS)
def test_a_demand_that_is_refused_is_not_kept(desk: Desk, database: Stored, fields: dict[str, Any], code: str) -> None:
    assert code_of(desk.ask, **fields) == code
    assert stored(database)[0] == ("demands", 0, 0)


def test_a_demand_needs_a_category_unless_a_rider_asks(service: CasesService) -> None:
    asked = {"text": "充电", "grid_code": GRID}
    assert code_of(service.open_demand, RESIDENT.dump(), "c-1", **asked) == "category_missing"
    assert service.open_demand(RIDER.dump(), "c-2", source="RIDER", **asked)["category"] == "0901"


def test_an_account_that_somebody_else_writes_down_has_to_exist(desk: Desk) -> None:
    told = {"source": "PHONE", "asker": {"person_id": "p-xie", "consent": True}}
    assert desk.demand(desk.ask(WORKER, **told))["asker"]["id"] == "p-xie"
    for id in ("p-nobody", "p-gone", "u-lighting"):
        assert code_of(desk.ask, WORKER, **{**told, "asker": {"person_id": id, "consent": True}}) == "unknown_person"


def test_a_worker_writes_down_what_is_asked_for_in_his_scope_only(desk: Desk) -> None:
    assert desk.ask(WORKER, source="DOOR_KNOCK")
    assert code_of(desk.ask, WORKER, source="DOOR_KNOCK", grid_code=ELSEWHERE) == "out_of_scope"
    far = caller("p-far", "resident", scope="360702")
    assert code_of(desk.ask, far) == "outside_your_district"


def test_units_and_members_offer_change_and_withdraw_what_is_theirs(desk: Desk) -> None:
    units, members_own = desk.offer(), desk.offer(ELECTRICIAN, kind="skill", skills=["electrician"])
    service = desk.service
    colleague = caller("p-colleague", "unit_contact", scope="360704", unit="u-lighting")
    assert service.change_resource(colleague.dump(), "c-1", units, capacity=3, until="2026-04-30")["version"] == 2
    assert desk.resource(units)["capacity"] == 3
    assert code_of(service.change_resource, ELECTRICIAN.dump(), "c-2", units, capacity=9) == "not_permitted"
    assert code_of(service.withdraw_resource, UNIT.dump(), "c-3", members_own) == "not_permitted"
    assert service.withdraw_resource(ELECTRICIAN.dump(), "c-4", members_own)["status"] == "withdrawn"
    assert code_of(service.change_resource, ELECTRICIAN.dump(), "c-5", members_own, capacity=2) == "resource_withdrawn"
    assert code_of(desk.offer, RESIDENT) == "not_permitted"
    assert code_of(desk.offer, serves=["360702"]) == "outside_your_district"
    mine = service.own_resources(UNIT.dump())["items"]
    assert [each["resource_id"] for each in mine] == [units]


def test_what_a_project_has_is_neither_withdrawn_nor_cut_below_it(desk: Desk) -> None:
    resource = desk.offer(capacity=3)
    project = desk.plan(demands=[desk.ask()], resources=[resource])
    service = desk.service
    assert code_of(service.withdraw_resource, UNIT.dump(), "c-1", resource) == "resource_in_use"
    desk.move(project, "complete")
    desk.plan(demands=[desk.ask()], resources=[resource])
    refused = refusal(service.change_resource, UNIT.dump(), "c-2", resource, capacity=1)
    assert (refused.code, refused.details) == ("capacity_spoken_for", {"least": 2})


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"since": "2026-04-02", "until": "2026-04-01"}, "offer_ends_before_it_begins"),
        ({"until": "2026-03-11"}, "offer_is_over"),
        ({"serves": []}, "invalid"),
        ({"serves": ["3607"]}, "invalid"),
        ({"kind": "person"}, "invalid"),
        ({"capacity": 0}, "invalid"),
    ],
)
def test_an_offer_that_is_refused_is_not_kept(desk: Desk, database: Stored, fields: dict[str, Any], code: str) -> None:
    assert code_of(desk.offer, **fields) == code
    assert stored(database)[1] == ("resources", 0, 0)


def test_only_planners_of_the_place_make_projects(desk: Desk) -> None:
    here, there = desk.ask(), desk.ask(DISPATCHER, grid_code=ELSEWHERE, source="PHONE")
    assert desk.plan(WORKER, demands=[here])
    assert code_of(desk.plan, WORKER, demands=[there]) == "out_of_scope"
    assert code_of(desk.plan, RESIDENT, demands=[there]) == "not_permitted"
    assert desk.project(desk.plan(demands=[there, desk.ask()]))["area"] == "360704100"


def test_who_may_not_see_a_demand_or_a_resource_is_refused(desk: Desk) -> None:
    demand, resource = desk.ask(category="0801"), desk.offer(VOLUNTEER)
    assert code_of(desk.demand, demand, NEIGHBOUR) == "not_permitted"
    assert code_of(desk.demand, demand, caller("p-w", "community_worker", scope=ELSEWHERE[:12])) == "out_of_scope"
    assert code_of(desk.demand, demand, caller("p-d", "dispatcher", scope="360702")) == "demand_not_found"
    assert code_of(desk.resource, resource, NEIGHBOUR) == "not_permitted"
    seen = desk.demand(demand, ADMIN)
    assert (seen["text"], seen["asker"], seen["location"]) == (None, None, None)
    assert desk.resource(resource, ADMIN)["owner"] == {"id": None, "kind": "person"}
    assert desk.resource(resource, WORKER)["owner"] == {"id": "p-volunteer", "kind": "person"}


def test_another_desk_opens_demands_together_with_what_it_keeps(
    match_lists: MatchListStore, casework: Casework, database: Stored
) -> None:
    """F30: needs of a session are written with the session, or not at all."""
    demands = Demands(match_lists, casework)
    asked = Asked(WORKER, "session", digest({}), AT)
    lines = [
        {"text": "想量血压", "category": "0803", "grid_code": GRID, "source": "SESSION", "source_id": "session-1"}
        for _ in range(2)
    ]
    carried_out(demands.openings(asked, lines, along=True))
    assert stored(database)[0] == ("demands", 2, 2)
    assert {each["source_id"] for each in database.demands.find()} == {"session-1"}
    assert database.demands.count_documents({"commands": {"$exists": True}}) == 0
