"""F45, F46, F48 and H8: service days are planned by need and by turn, ordered otherwise, recorded, and counted."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from chassis.event import Event
from chassis.instant import written
from members.activities.activity import Activity, Kind
from members.activities.store import ActivityStore
from members.organisations.store import UnitStore
from members.people.person import LOCAL
from members.rotation.hygiene import TOLD_BY
from members.service import MembersService
from members.territory.compound import Compound, standing
from members.territory.store import TerritoryStore
from tests.component.members.small_district import ADMIN, GRID, LODGE, MoveIn, refusal, settle
from tests.component.members.staging import NOW
from tests.component.set_clock import SetClock

Stored = Database[dict[str, Any]]

AGENCY = "360704100"
JINTAN = "360704100003001"
WORKER = {"id": "p-worker", "grants": [{"role": "community_worker", "scope": GRID}], "unit": None}
STRANGER = {"id": "p-other", "grants": [{"role": "community_worker", "scope": "360704100002002"}], "unit": None}
FIRST = date(2026, 3, 19)
COMPOUNDS = 24
TEAMS = [{"name": f"{n} 队", "people": 10 - n} for n in range(1, 5)]


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    made = [Compound(f"c-{n:02}", f"金滩{n:02}小区", JINTAN, (115.022, 25.866)) for n in range(1, COMPOUNDS)]
    long_ago = NOW - timedelta(days=400)
    territory.compounds.add([standing(each, long_ago) for each in (LODGE, *made)], long_ago)
    settle(territory, organisations, move_in)


@pytest.fixture
def activities(service: MembersService) -> ActivityStore:
    return service.activities_kept


def thursday(n: int) -> date:
    return FIRST + timedelta(days=7 * n)


def service_day(day: date, grid_code: str = GRID) -> Activity:
    begins = datetime.combine(day, time(8, 30), LOCAL)
    return Activity(
        id=f"a-{day:%m%d}-{grid_code}",
        kind=Kind.SERVICE_DAY,
        title="扮靓周四",
        text="清扫楼道",
        grid_code=grid_code,
        organiser_id="p-worker",
        begins=begins,
        ends=begins + timedelta(hours=2),
        place="社区门口",
        muster=(115.0058, 25.8672),
        sign_up_until=begins,
        conditions="无",
        sign_up_way="本页",
        risks="无",
        protection="手套",
    )


def prepare(service: MembersService, days: int = 4, teams: list[dict[str, Any]] = TEAMS) -> None:
    service.activities_kept.add([service_day(thursday(n)) for n in range(days)], NOW)
    service.enter_teams(caller=ADMIN, command_id="teams", area=AGENCY, teams=teams)
    service.plan_service_days()


def plan(service: MembersService, day: date) -> dict[str, Any]:
    return service.rotation_plan(caller=WORKER, area=AGENCY, day=day.isoformat())


def turns(service: MembersService, day: date) -> list[str]:
    return [turn["compound_id"] for turn in plan(service, day)["turns"]]


def case_event(type: str, status: str, version: int, case: str = "k-1", **fields: Any) -> Event:
    data = {
        "case_id": case,
        "version": version,
        "status": status,
        "category": "0303",
        "severity": "N",
        "grid_code": GRID,
        "compound_id": "c-dongyuan",
        "by": {"id": "p-desk", "role": "dispatcher"},
        **fields,
    }
    return Event("e", type, "/services/cases", f"case/{case}", version, NOW, None, data, b"", "")


def record(service: MembersService, day: date, *ids: str, key: str = "record", by: dict[str, Any] = WORKER) -> Any:
    visits = [{"compound_id": id} for id in ids]
    return service.record_served(caller=by, command_id=key, activity_id=f"a-{day:%m%d}-{GRID}", visits=visits)


def h8(service: MembersService, as_of: date) -> dict[str, Any]:
    report = service.coverage(caller=ADMIN, area=AGENCY, as_of=as_of.isoformat(), most=1000)
    return next(each for each in report["checks"] if each["id"] == "H8")


def test_the_next_service_days_are_planned_ahead_and_told_to_their_activities(service: MembersService) -> None:
    """F45: the cycle runs; everybody has a turn before anybody has a second one."""
    prepare(service)
    found = [turns(service, thursday(n)) for n in range(4)]
    assert [len(each) for each in found] == [4, 4, 4, 4]
    assert len({id for each in found for id in each}) == 16
    activity = service.activities_kept.one(f"a-{FIRST:%m%d}-{GRID}", None).item
    assert list(activity.compounds) == sorted(found[0])
    assert service.rotation(caller=WORKER, area=AGENCY)["plans"][0]["keeps_bound"] is True


def test_planning_again_changes_nothing_while_nothing_has_changed(service: MembersService) -> None:
    prepare(service)
    for _ in range(3):
        service.plan_service_days()
    assert [each["version"] for each in service.rotation(caller=WORKER, area=AGENCY)["plans"]] == [1, 1, 1, 1]


def test_each_compound_goes_to_the_activity_that_is_nearest(service: MembersService) -> None:
    service.activities_kept.add([service_day(FIRST, JINTAN)], NOW)
    prepare(service)
    for event in (case_event("case.registered", "REGISTERED", 2, f"k-{n}") for n in range(3)):
        service.note_hygiene_case(event.data)
    service.plan_service_days()
    at_home = service.activities_kept.one(f"a-{FIRST:%m%d}-{GRID}", None).item
    at_jintan = service.activities_kept.one(f"a-{FIRST:%m%d}-{JINTAN}", None).item
    assert at_home.compounds == ("c-dongyuan",)
    assert len(at_jintan.compounds) == 3


def test_three_open_cases_move_a_compound_up_and_who_gives_way_heads_the_next_week(service: MembersService) -> None:
    """F46: next Thursday plans 金滩 compound A; three open 0303 cases appear at 东源胜景小区; it moves up, A keeps its
    place at the head of the next week, the reason is shown."""
    prepare(service)
    before = turns(service, FIRST)
    assert "c-dongyuan" not in before
    for n in range(3):
        service.note_hygiene_case(case_event("case.registered", "REGISTERED", 2, f"k-{n}").data)
    service.plan_service_days()
    first, second = plan(service, FIRST), plan(service, thursday(1))
    came = next(turn for turn in first["turns"] if turn["compound_id"] == "c-dongyuan")
    assert (came["why"], came["case_ids"]) == ("need", ["k-0", "k-1", "k-2"])
    assert {"name": "need", "count": 3, "points": 120}.items() <= came["terms"][1].items()
    assert came["terms"][1]["zh"] == "未结卫生类案件 3 件，+120 分"
    (out,) = first["displaced"]
    assert out["compound_id"] in before
    assert out["reason"]["zh"].startswith("“东源胜景小区”有未结卫生类案件（130 分，高于 10 分）")
    assert (second["turns"][0]["compound_id"], second["turns"][0]["why"]) == (out["compound_id"], "head")
    assert [(each["compound_id"], each["gained"], each["why"]) for each in first["changes"]] == [
        ("c-dongyuan", True, "need"),
        (out["compound_id"], False, "need"),
    ]
    history = service.rotation_history(caller=WORKER, area=AGENCY, day=FIRST.isoformat())["items"]
    assert [(each["version"], each["role"]) for each in history] == [(1, "clock"), (2, "clock")]


def test_what_cases_tell_counts_once_and_in_whichever_order_it_comes(service: MembersService) -> None:
    told = [
        case_event("case.registered", "REGISTERED", 2),
        case_event("case.resolved", "RESOLVED", 7),
        case_event("case.registered", "REGISTERED", 2),
    ]
    for event in told:
        service.note_hygiene_case(event.data)
    assert service.rotation_kept.needs(AGENCY) == {}
    service.note_hygiene_case(case_event("case.reworked", "IN_PROGRESS", 8).data)
    assert service.rotation_kept.needs(AGENCY) == {"c-dongyuan": {"k-1": "N"}}
    service.note_hygiene_case(case_event("case.corrected", "IN_PROGRESS", 9, category="0101").data)
    assert service.rotation_kept.needs(AGENCY) == {}


def test_no_plan_and_no_record_that_everybody_reads_names_a_complaint_about_a_unit(service: MembersService) -> None:
    service.note_hygiene_case(case_event("case.registered", "REGISTERED", 2, "k-later").data)
    about = {"complained_unit_id": "u-housing"}
    service.note_hygiene_case(case_event("case.corrected", "REGISTERED", 3, "k-later", **about).data)
    service.note_hygiene_case(case_event("case.registered", "REGISTERED", 2, "k-out", **about, compound_id=None).data)
    service.note_hygiene_case(case_event("case.resolved", "RESOLVED", 8, "k-on", **about, service_day_id="a-1").data)
    kept = service.rotation_kept
    assert (kept.needs(AGENCY), kept.unplaced(AGENCY, ()), kept.resolved_on("a-1")) == ({}, [], [])


def test_a_case_at_no_compound_is_visited_where_its_point_lies_or_told_of(service: MembersService) -> None:
    for n in range(3):
        near = {"compound_id": None, "near_compound_id": "c-dongyuan"}
        service.note_hygiene_case(case_event("case.registered", "REGISTERED", 2, f"k-{n}", **near).data)
    service.note_hygiene_case(case_event("case.registered", "REGISTERED", 2, "k-nowhere", compound_id=None).data)
    service.note_hygiene_case(case_event("case.registered", "REGISTERED", 2, "k-gone", compound_id="c-gone").data)
    prepare(service)
    found = plan(service, FIRST)
    (turn,) = [turn for turn in found["turns"] if turn["compound_id"] == "c-dongyuan"]
    assert (turn["why"], turn["case_ids"]) == ("need", ["k-0", "k-1", "k-2"])
    assert found["unplaced"]["case_ids"] == ["k-gone", "k-nowhere"]
    assert found["unplaced"]["zh"] == "2 件未结卫生类案件不在任何小区，未计入安排"
    service.note_hygiene_case(case_event("case.resolved", "RESOLVED", 3, "k-nowhere", compound_id=None).data)
    service.note_hygiene_case(case_event("case.corrected", "REGISTERED", 3, "k-gone").data)
    assert plan(service, FIRST)["unplaced"] is None


class CasesKept:
    """Cases as the service `cases` tells of them page by page; `meanwhile` happens while it is asked."""

    def __init__(self, *pages: list[dict[str, Any]], meanwhile: Callable[[], None] = lambda: None) -> None:
        self.pages, self.meanwhile = pages, meanwhile

    def standings(self, after: str) -> dict[str, Any]:
        self.meanwhile()
        n = int(after or 0)
        return {"items": self.pages[n], "next": str(n + 1) if n + 1 < len(self.pages) else None}


def standing_at(case: str, status: str, version: int, **fields: Any) -> dict[str, Any]:
    """A case as `cases` tells where it stands."""
    assignees = [{"id": "p-worker", "kind": "person", "lead": True, "accepted": True}]
    told = case_event("", status, version, case, near_compound_id=None, assignees=assignees, at=written(NOW), **fields)
    return dict(told.data)


def test_the_copy_of_cases_can_be_made_anew_page_by_page(service: MembersService, database: Stored) -> None:
    events = [case_event("case.registered", "REGISTERED", 2, f"k-{n}", assignees=[]) for n in range(4)]
    for event in (*events, case_event("case.closed", "CLOSED", 7, "k-3", assignees=[])):
        service.hear_of_case(event)
    kept = database["hygiene_cases"]
    before = list(kept.find().sort("_id"))
    assert len(before) == 4
    kept.delete_many({})
    assert service.rotation_kept.needs(AGENCY) == {}
    standing = [standing_at(f"k-{n}", "REGISTERED", 2) for n in range(3)]
    service.cases = CasesKept(standing, [standing_at("k-3", "CLOSED", 7)])
    assert service.copy_cases() == "1"
    assert service.copy_cases("1") is None
    assert list(kept.find().sort("_id")) == before
    assert service.rotation_kept.needs(AGENCY) == {"c-dongyuan": {"k-0": "N", "k-1": "N", "k-2": "N"}}


def test_what_an_event_tells_while_the_copy_is_made_is_neither_lost_nor_set_back(
    service: MembersService, database: Stored
) -> None:
    """A page that was read before an event comes after it; an event that waited comes after the page."""
    resolved = case_event("case.resolved", "RESOLVED", 8, assignees=[], by={"id": "p", "role": "r"}, stays=[])

    def meanwhile() -> None:
        service.note_hygiene_case(resolved.data)
        service.note_engagement(resolved)

    page = [standing_at("k-1", "IN_PROGRESS", 7), standing_at("k-2", "IN_PROGRESS", 7)]
    service.cases = CasesKept(page, meanwhile=meanwhile)
    service.copy_cases()
    assert service.rotation_kept.needs(AGENCY) == {"c-dongyuan": {"k-2": "N"}}
    in_hand = {each["_id"]: each["people"] for each in database["engagements"].find()}
    assert in_hand == {"k-1": [], "k-2": ["p-worker"]}
    service.note_hygiene_case(case_event("case.registered", "REGISTERED", 2, "k-2", category="0101").data)
    assert service.rotation_kept.needs(AGENCY) == {"c-dongyuan": {"k-2": "N"}}
    service.note_hygiene_case(case_event("case.resolved", "RESOLVED", 8, "k-2").data)
    assert service.rotation_kept.needs(AGENCY) == {}


def test_unserved_for_thirteen_service_days_it_fails_and_is_planned_next(
    service: MembersService, clock: SetClock
) -> None:
    """F48: a compound is unserved for 13 service days; H8 fails and it enters the next plan."""
    days = 16
    clock.moment = NOW
    prepare(service, days)
    others = [f"c-{n:02}" for n in range(1, COMPOUNDS)]
    for n in range(13):
        clock.moment = datetime.combine(thursday(n), time(18), LOCAL)
        served = others if n else [*others, "c-dongyuan"]
        record(service, thursday(n), *served, key=f"r{n}")
    assert h8(service, thursday(11))["passes"] is True
    failed = h8(service, thursday(12))
    assert (failed["passes"], failed["numerator"], failed["denominator"]) == (False, COMPOUNDS - 1, COMPOUNDS)
    assert [each["id"] for each in failed["failing"]] == ["c-dongyuan"]
    clock.moment = datetime.combine(thursday(13), time(18), LOCAL)
    record(service, thursday(13), *others, key="r13")
    service.plan_service_days()
    found = plan(service, thursday(14))
    assert (found["turns"][0]["compound_id"], found["turns"][0]["why"]) == ("c-dongyuan", "overdue")
    assert found["turns"][0]["reason"]["zh"] == "已超过 12 个服务日未服务"


def test_where_no_visit_was_recorded_h8_says_so(service: MembersService) -> None:
    prepare(service)
    assert h8(service, FIRST)["reason"]["code"] == "nothing_recorded"


def test_a_plan_counts_as_carried_out_until_somebody_records_the_day(service: MembersService, clock: SetClock) -> None:
    prepare(service)
    first = turns(service, FIRST)
    clock.moment = datetime.combine(FIRST, time(18), LOCAL)
    service.plan_service_days()
    assert not set(first) & set(turns(service, thursday(1)))
    record(service, FIRST, *first[1:])
    service.plan_service_days()
    assert first[0] in turns(service, thursday(1))


def test_too_few_teams_are_reported_with_the_day_on_which_the_bound_breaks(service: MembersService) -> None:
    """F45: with too few teams the plan reports which bound it breaks, and from when."""
    prepare(service, 16, TEAMS[:1])
    found = plan(service, FIRST)
    assert found["keeps_bound"] is False
    short = found["shortfall"]
    assert (short["teams"], short["teams_needed"], short["keeps"]) == (1, 2, 24)
    assert short["breaks_in"] == 12
    assert "1 支队伍无法保证每个小区 12 个服务日内得到服务" in short["reason"]["zh"]


def order(service: MembersService, day: date, by: dict[str, Any] = WORKER, key: str = "order", **body: Any) -> Any:
    given = {"compound_id": "c-dongyuan", "reason": "周末检查", **body}
    return service.order_turn(caller=by, command_id=key, area=AGENCY, day=day.isoformat(), **given)


def test_an_organiser_orders_a_turn_with_a_reason_and_takes_it_back(service: MembersService) -> None:
    prepare(service)
    gives_way = turns(service, FIRST)[-1]
    receipt = order(service, FIRST, instead_of=gives_way)
    assert order(service, FIRST, instead_of=gives_way) == receipt
    found = plan(service, FIRST)
    ordered = next(turn for turn in found["turns"] if turn["compound_id"] == "c-dongyuan")
    assert (ordered["why"], ordered["order"]) == ("ordered", "周末检查")
    assert [each["compound_id"] for each in found["displaced"]] == [gives_way]
    lost = [each for each in found["changes"] if not each["gained"]]
    assert [(each["compound_id"], each["zh"]) for each in lost] == [
        (gives_way, "由组织者指定让出，顺延至下一个服务日最前")
    ]
    service.plan_service_days()
    assert plan(service, FIRST)["version"] == found["version"]
    assert turns(service, thursday(1))[0] == gives_way
    service.withdraw_turn(
        caller=WORKER, command_id="back", area=AGENCY, day=FIRST.isoformat(), compound_id="c-dongyuan"
    )
    assert gives_way in turns(service, FIRST)
    assert "c-dongyuan" not in turns(service, FIRST)


def test_an_order_that_breaks_the_bound_is_refused_unless_that_is_wanted(
    service: MembersService, clock: SetClock
) -> None:
    prepare(service, 16, TEAMS[:2])
    due = {f"c-{n:02}" for n in range(1, COMPOUNDS)}
    clock.moment = datetime.combine(thursday(11), time(18), LOCAL)
    for n in range(12):
        record(service, thursday(n), *sorted(due)[2 * n : 2 * n + 2], *(["c-dongyuan"] if n == 11 else []), key=f"r{n}")
    service.plan_service_days()
    assert turns(service, thursday(12)) == ["c-01", "c-02"]
    refused = refusal(order, service=service, day=thursday(12), instead_of="c-02")
    assert (refused.code, refused.details["compound_ids"]) == (
        "bound_would_break",
        [f"c-{n:02}" for n in range(2, COMPOUNDS, 2)],
    ), "two teams have no turn to spare: who comes later slips by a day as well"
    broken, *others = refused.details["breaks"]
    assert [each["breaks_in"] for each in others] == list(range(1, 11))
    assert (broken["breaks_in"], broken["breaks_on"]) == (0, thursday(12).isoformat())
    assert broken["zh"] == f"“金滩02小区”到 {thursday(12)} 仍无法安排，将超过 12 个服务日未服务"
    assert turns(service, thursday(12)) == ["c-01", "c-02"]
    told = order(service, thursday(12), key="anyway", instead_of="c-02", break_bound=True)
    assert told["breaks_bound_for"] == refused.details["compound_ids"]
    assert told["breaks"] == [broken, *others]
    assert set(turns(service, thursday(12))) == {"c-01", "c-dongyuan"}


def test_an_order_that_breaks_the_bound_on_a_later_day_is_refused_with_that_day(
    service: MembersService, clock: SetClock
) -> None:
    """Two teams for 24 compounds have no turn to spare: who gives way now takes it from the last of the queue."""
    prepare(service, 16, TEAMS[:2])
    twice = turns(service, FIRST)[0]
    refused = refusal(order, service=service, day=thursday(1), compound_id=twice)
    assert refused.code == "bound_would_break"
    (late,) = refused.details["breaks"]
    assert [late["compound_id"]] == refused.details["compound_ids"]
    assert (late["breaks_in"], late["breaks_on"]) == (10, None), "the twelfth day; four are known"
    assert "其后第 10 个服务日" in late["zh"]
    order(service, thursday(1), key="anyway", compound_id=twice, break_bound=True)
    last = turns(service, thursday(3))[-1]
    order(service, thursday(1), key="later", compound_id=last)


def sign_up(database: Stored, day: date, people: int) -> None:
    """So many people have a place on that day."""
    activity_id = f"a-{day:%m%d}-{GRID}"
    database["signups"].insert_many(
        {"_id": f"{activity_id}:{n}", "activity_id": activity_id, "person_id": f"p-{n}", "state": "in"}
        for n in range(people)
    )


def test_who_signed_up_fills_the_teams_once_sign_up_has_closed(
    service: MembersService, clock: SetClock, database: Stored
) -> None:
    closes = datetime.combine(FIRST - timedelta(days=1), time(18), LOCAL)
    prepare(service, 4, TEAMS)
    database["activities"].update_one({"_id": f"a-{FIRST:%m%d}-{GRID}"}, {"$set": {"sign_up_until": closes}})
    sign_up(database, FIRST, 3)
    service.plan_service_days()
    early = plan(service, FIRST)
    assert (len(early["turns"]), early["people"]["entered"], early["people"]["signed_up"]) == (4, 30, 3)
    assert early["people"]["zh"] == "报名尚未截止（已报 3 人），按登记的 30 人安排"
    assert sorted(turn["people"] for turn in early["turns"]) == [6, 7, 8, 9]
    clock.moment = closes
    service.plan_service_days()
    late = plan(service, FIRST)
    assert (len(late["turns"]), late["people"]["counted"], late["keeps_bound"]) == (3, True, True)
    assert {turn["people"] for turn in late["turns"]} == {1}
    assert [len(turns(service, thursday(n))) for n in (1, 2, 3)] == [4, 4, 4]
    assert [(each["gained"], each["why"]) for each in late["changes"]] == [(False, "others_first")]
    nobody = plan(service, thursday(1))["people"]
    assert nobody["zh"] == "没有人报名，按登记的 30 人安排"


def test_a_roster_settles_who_comes_before_sign_up_closes(service: MembersService, database: Stored) -> None:
    prepare(service, 4, TEAMS)
    sign_up(database, FIRST, 2)
    activity_id = f"a-{FIRST:%m%d}-{GRID}"
    database["rosters"].insert_one({"_id": "r-1", "activity_id": activity_id, "filled": None})
    service.plan_service_days()
    assert len(turns(service, FIRST)) == 4
    database["rosters"].update_one({"_id": "r-1"}, {"$set": {"filled": {"seated": 2}}})
    service.plan_service_days()
    assert len(turns(service, FIRST)) == 2
    assert plan(service, FIRST)["people"]["counted"]


def test_all_that_is_wrong_with_an_order_is_told_at_once(service: MembersService, clock: SetClock) -> None:
    prepare(service)
    refused = refusal(order, service=service, day=FIRST, compound_id="c-none", instead_of="c-none")
    assert {fault["code"] for fault in refused.details["errors"]} == {"unknown_compound", "no_turn_to_give"}
    planned = turns(service, FIRST)[0]
    assert refusal(order, service=service, day=FIRST, compound_id=planned).code == "turn_planned_already"
    assert refusal(order, service=service, day=FIRST, by=STRANGER).code == "not_permitted"
    assert refusal(order, service=service, day=FIRST + timedelta(days=1)).code == "plan_not_found"
    clock.moment = datetime.combine(FIRST, time(7), LOCAL)
    assert refusal(order, service=service, day=FIRST).code == "service_day_begun"


def test_a_day_is_recorded_by_its_organiser_once_it_is_over(service: MembersService, clock: SetClock) -> None:
    prepare(service)
    assert refusal(record, service=service, day=FIRST).code == "service_day_not_over"
    clock.moment = datetime.combine(FIRST, time(18), LOCAL)
    assert refusal(record, service=service, day=FIRST, by=STRANGER).code == "not_permitted"
    refused = service.record_served
    found = refusal(
        refused,
        caller=WORKER,
        command_id="bad",
        activity_id=f"a-{FIRST:%m%d}-{GRID}",
        visits=[{"compound_id": "c-x"}, {"compound_id": "c-01", "team_id": "none"}, {"compound_id": "c-01"}],
    )
    assert [fault["code"] for fault in found.details["errors"]] == [
        "unknown_compound",
        "unknown_team",
        "compound_named_twice",
    ]
    assert (
        refusal(service.day_served, caller=WORKER, activity_id=f"a-{FIRST:%m%d}-{GRID}").code == "service_day_not_found"
    )
    receipt = record(service, FIRST, "c-01", "c-02")
    assert record(service, FIRST, "c-01", "c-02") == receipt
    record(service, FIRST, "c-01", key="corrected")
    shown = service.day_served(caller=WORKER, activity_id=f"a-{FIRST:%m%d}-{GRID}")
    assert ([each["compound_id"] for each in shown["visits"]], shown["version"]) == (["c-01"], 2)


def test_a_day_that_is_recorded_names_the_cases_that_it_was_for(service: MembersService, clock: SetClock) -> None:
    """F51, the half of members: the day and the cases for which it came belong together."""
    for n in range(3):
        service.note_hygiene_case(case_event("case.registered", "REGISTERED", 2, f"k-{n}").data)
    prepare(service)
    clock.moment = datetime.combine(FIRST, time(18), LOCAL)
    record(service, FIRST, "c-dongyuan")
    (visit,) = service.day_served(caller=WORKER, activity_id=f"a-{FIRST:%m%d}-{GRID}")["visits"]
    assert visit["case_ids"] == ["k-0", "k-1", "k-2"]
    assert visit["team_id"] is not None


def asked_for_day(service: MembersService, n: int, by: dict[str, Any] = WORKER) -> dict[str, Any]:
    activity_id = f"a-{thursday(n):%m%d}-{GRID}"
    return dict(service.service_day(caller=by, activity_id=activity_id))


def test_its_organiser_alone_is_told_what_a_service_day_serves(service: MembersService, clock: SetClock) -> None:
    """F51, the half of members: the compounds of the day's plan and those that were visited."""
    prepare(service)
    planned = turns(service, FIRST)
    assert asked_for_day(service, 0) == {
        "activity_id": f"a-{FIRST:%m%d}-{GRID}",
        "begun": False,
        "compound_ids": sorted(planned),
    }
    assert refusal(asked_for_day, service=service, n=0, by=STRANGER).code == "not_permitted"
    assert refusal(asked_for_day, service=service, n=8).code == "unknown_activity"
    walk = replace(service_day(FIRST), id=f"a-{thursday(6):%m%d}-{GRID}", kind=Kind.ACTIVITY)
    service.activities_kept.add([walk], NOW)
    assert refusal(asked_for_day, service=service, n=6).code == "not_a_service_day"
    service.cancel_activity(caller=WORKER, command_id="off", activity_id=f"a-{thursday(1):%m%d}-{GRID}", reason="大雨")
    assert refusal(asked_for_day, service=service, n=1).code == "activity_cancelled"
    clock.moment = datetime.combine(FIRST, time(18), LOCAL)
    other = next(id for id in (f"c-{n:02}" for n in range(1, COMPOUNDS)) if id not in planned)
    record(service, FIRST, planned[0], other)
    now = asked_for_day(service, 0)
    assert (now["begun"], now["compound_ids"]) == (True, sorted([*planned, other]))


def test_the_record_of_a_day_lists_the_cases_that_it_dealt_with(service: MembersService, clock: SetClock) -> None:
    prepare(service)
    clock.moment = datetime.combine(FIRST, time(18), LOCAL)
    record(service, FIRST, "c-dongyuan")
    activity_id = f"a-{FIRST:%m%d}-{GRID}"
    for n, day in enumerate((activity_id, activity_id, "a-other", None)):
        service.note_hygiene_case(case_event("case.resolved", "RESOLVED", 8, f"k-{n}", service_day_id=day).data)
    service.note_hygiene_case(case_event("case.resolved", "RESOLVED", 9, "k-1", service_day_id=None).data)
    assert service.day_served(caller=WORKER, activity_id=activity_id)["resolved_case_ids"] == ["k-0"]


def test_a_service_day_that_is_called_off_has_no_turns(service: MembersService) -> None:
    prepare(service)
    service.cancel_activity(caller=WORKER, command_id="off", activity_id=f"a-{FIRST:%m%d}-{GRID}", reason="大雨")
    service.plan_service_days()
    found = plan(service, FIRST)
    assert (found["called_off"], found["turns"]) == (True, [])
    assert {each["why"] for each in found["changes"]} == {"called_off"}
    assert refusal(order, service=service, day=FIRST, by=ADMIN).code == "plan_called_off"


def test_where_every_compound_stands_is_shown_with_its_next_day(service: MembersService) -> None:
    prepare(service)
    items = service.rotation_standing(caller=WORKER, area=AGENCY)["items"]
    assert len(items) == COMPOUNDS
    assert items[0]["next_day"] == FIRST.isoformat()
    assert {item["waited"] for item in items} == {1}


def test_a_compound_that_was_served_today_has_another_day_next(service: MembersService, clock: SetClock) -> None:
    prepare(service)
    served = turns(service, FIRST)[0]
    clock.moment = datetime.combine(FIRST, time(18), LOCAL)
    record(service, FIRST, served)
    items = service.rotation_standing(caller=WORKER, area=AGENCY)["items"]
    [found] = [each for each in items if each["compound_id"] == served]
    assert (found["last_visit"], found["next_day"] == FIRST.isoformat()) == (FIRST.isoformat(), False)


def test_teams_are_entered_by_the_office_alone(service: MembersService) -> None:
    entered = service.enter_teams(caller=ADMIN, command_id="t", area=AGENCY, teams=TEAMS)
    again = [{"team_id": entered["team_ids"][0], "name": "一队", "people": 3}]
    service.enter_teams(caller=ADMIN, command_id="u", area=AGENCY, teams=again)
    assert service.rotation(caller=WORKER, area=AGENCY)["teams"] == [
        {"team_id": entered["team_ids"][0], "name": "一队", "people": 3}
    ]
    twice = [{"team_id": "x", "name": "一队", "people": 3}, {"name": "一队", "people": 3}]
    refused = refusal(service.enter_teams, caller=ADMIN, command_id="v", area=AGENCY, teams=twice)
    assert [fault["code"] for fault in refused.details["errors"]] == ["unknown_team", "team_named_twice"]
    assert refusal(service.enter_teams, caller=WORKER, command_id="w", area=AGENCY, teams=TEAMS).code == "not_permitted"


def test_the_service_listens_to_what_makes_a_need_begin_or_end() -> None:
    (subscription,) = MembersService.hear_of_case.nameko_entrypoints
    assert set(TOLD_BY) <= set(subscription.types)


def test_what_others_need_of_a_case_too_is_heard_by_all_of_them(service: MembersService) -> None:
    service.hear_of_case(case_event("case.registered", "REGISTERED", 2))
    assert service.rotation_kept.needs(AGENCY) == {"c-dongyuan": {"k-1": "N"}}
    service.hear_of_case(case_event("case.reworked", "IN_PROGRESS", 3, assignees=[]))
    assert service.rotation_kept.needs(AGENCY) == {"c-dongyuan": {"k-1": "N"}}
    service.hear_of_case(case_event("case.withdrawn", "WITHDRAWN", 4, assignees=[]))
    assert service.rotation_kept.needs(AGENCY) == {}
