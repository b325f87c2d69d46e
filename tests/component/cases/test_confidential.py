"""What is sensitive, and what is about a unit: every reader by every way of reading cases (docs/domain.md §5)."""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from cases.indicators.counting import count_what_waits
from cases.ledger.lists import List
from cases.service import CasesService
from chassis.caller import Caller
from chassis.errors import Refusal
from gateway.sheets.ledger import listed
from gateway.sheets.spreadsheet import text
from gateway.sheets.table import Reader
from tests.component.cases.test_service import SPOT, Desk
from tests.component.set_clock import SetClock
from tests.unit.cases.play import (
    ADMIN,
    CONTACT,
    DISPATCHER,
    ELECTRICIAN,
    GRID,
    INSPECTOR,
    NEIGHBOUR,
    OTHER_WORKER,
    RESIDENT,
    VOLUNTEER,
    WORKER,
    caller,
)

SECRETS = {
    "words": "桂花暗号",
    "reporter": RESIDENT.id,
    "point": str(SPOT["lon"]),
    "photo": "the photo",
    "note": "兰花记录",
}
ALL, WORDS = frozenset(SECRETS), frozenset({"words", "note"})
NOTHING = frozenset[str]()
ORDINARY, SENSITIVE = "0303", "0806"
PHONE = "12012345678"

GRID_WORKER = caller("p-grid-worker", "grid_worker")
LEADER = caller("p-leader", "union_leader")
CADRE = caller("p-cadre", "union_cadre")
PARTY = caller("p-party", "party_office", scope="360704")
AUDITOR = caller("p-auditor", "auditor", scope="360704")
RIDER = caller("p-rider", "rider")

READERS: Mapping[str, tuple[Caller, frozenset[str], frozenset[str]]] = {
    "reporter": (RESIDENT, ALL, ALL),
    "dispatcher": (DISPATCHER, ALL, ALL),
    "inspector": (INSPECTOR, ALL, ALL),
    "assignee": (OTHER_WORKER, ALL, ALL),
    "worker": (WORKER, ALL, NOTHING),
    "grid_worker": (GRID_WORKER, ALL, NOTHING),
    "union_leader": (LEADER, WORDS, NOTHING),
    "union_cadre": (CADRE, WORDS, NOTHING),
    "party_office": (PARTY, WORDS, NOTHING),
    "district_admin": (ADMIN, WORDS, NOTHING),
    "auditor": (AUDITOR, WORDS, NOTHING),
    "member": (ELECTRICIAN, NOTHING, NOTHING),
    "volunteer": (VOLUNTEER, NOTHING, NOTHING),
    "unit_contact": (CONTACT, NOTHING, NOTHING),
    "neighbour": (NEIGHBOUR, NOTHING, NOTHING),
    "rider": (RIDER, NOTHING, NOTHING),
}
"""Who reads; what they may learn of an ordinary case, and of one of a sensitive category."""

MARCH = {"from": "2026-03-01", "to": "2026-03-31"}
ZH = Reader("zh-CN", {})


class Matter:
    """One case, and everything that can be asked about it."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.service = desk, desk.service
        self.photo = desk.upload(RESIDENT)["photo_id"]
        told = self.service.register_asset(DISPATCHER.dump(), "asset", number="L-0007", kind="0118", location=SPOT)
        self.asset_id, self.case_id, self.other_id, self.project_id = told["asset_id"], "", "", ""

    def reported(self, category: str, **fields: Any) -> "Matter":
        """One that another of its kind is beside."""
        said = f"{SECRETS['words']}，电话{PHONE}"
        self.desk.report(RESIDENT, text=said, category=category, photos=[self.photo], asset_id=self.asset_id, **fields)
        self.case_id = self.desk.case_id
        planned = {"title": "共建楼道", "text": "一起做", "cases": [self.case_id]}
        told = self.service.plan_project(DISPATCHER.dump(), f"plan-{self.case_id}", **planned)
        self.project_id = told["project_id"]
        self.desk.report(NEIGHBOUR, text="又来一件", category=category)
        self.other_id, self.desk.case_id = self.desk.case_id, self.case_id
        return self

    def in_hand(self, category: str, **fields: Any) -> "Matter":
        """One that a worker has, who has noted something."""
        self.reported(category, **fields)
        self.desk.do(DISPATCHER, "register", category=category)
        self.desk.do(DISPATCHER, "dispatch", assignees=["p-worker-2"])
        self.desk.do(OTHER_WORKER, "accept")
        self.desk.do(OTHER_WORKER, "note", text=SECRETS["note"])
        count_what_waits(self.service.indicators_kept)
        return self

    def asked(self, who: Caller, way: str) -> Any:
        return WAYS[way](self, who.dump())

    def learned(self, who: Caller, way: str) -> frozenset[str]:
        """What of the secrets an answer tells; nothing of it is told by a refusal."""
        try:
            answer = self.asked(who, way)
        except Refusal as refused:
            answer = refused.dump() if way != "photo" else None  # which repeats what was asked for
        said = json.dumps(answer, ensure_ascii=False, default=str).replace(self.photo, SECRETS["photo"])
        return frozenset(name for name, secret in SECRETS.items() if secret in said)

    def ledger(self, who: dict[str, Any], list_: List) -> dict[str, Any]:
        return self.service.ledger(who, area=GRID, list=list_.value)

    def sheets(self, who: dict[str, Any]) -> list[Any]:
        return [listed(each.value, self.ledger(who, each)["items"], ZH) for each in List]

    def photos(self, who: dict[str, Any]) -> str:
        self.service.photo_ticket(who, "k", intent="download", photo_id=self.photo, size="full")
        return SECRETS["photo"]


Way = Callable[[Matter, dict[str, Any]], Any]


def _ledger_of(list_: List) -> Way:
    return lambda it, who: it.ledger(who, list_)


WAYS: Mapping[str, Way] = {
    "one case": lambda it, who: it.service.case(who, it.case_id),
    "timeline": lambda it, who: it.service.case(who, it.case_id)["timeline"],
    "list": lambda it, who: it.service.cases(who),
    "desk": lambda it, who: it.service.cases(who, filters={"order": "priority"}),
    "board of overdue": lambda it, who: it.service.cases(who, filters={"overdue": True}),
    "offers": lambda it, who: it.service.cases(who, filters={"offered": True}),
    "found by number": lambda it, who: it.service.cases(who, filters={"grid": GRID, "category": SENSITIVE}),
    **{f"ledger of {each.value}": _ledger_of(each) for each in List},
    "export as csv": lambda it, who: [text(each).decode() for each in it.sheets(who)],
    "export as xlsx": lambda it, who: [list(each.rows) for each in it.sheets(who)],
    "drill-down": lambda it, who: it.service.indicator_cases(who, area=GRID, count="registered", **MARCH),
    "indicators": lambda it, who: it.service.indicators(who, area=GRID, **MARCH),
    "duplicates": lambda it, who: it.service.duplicates(who, it.case_id),
    "duplicates of another": lambda it, who: it.service.duplicates(who, it.other_id),
    "page of the compound": lambda it, _: it.service.compound_page(compound_id="c-dongyuan"),
    "history of the asset": lambda it, who: it.service.asset(who, it.asset_id)["cases"],
    "project": lambda it, who: it.service.project(who, it.project_id),
    "board of projects": lambda it, who: it.service.match_list(who, area=GRID, list="project"),
    "photo": lambda it, who: it.photos(who),
    "proposal": lambda it, who: it.service.proposal(who, it.case_id),
}


@pytest.fixture
def desk(service: CasesService, clock: SetClock) -> Desk:
    return Desk(service, clock)


@pytest.mark.parametrize("category", [ORDINARY, SENSITIVE], ids=["ordinary", "sensitive"])
def test_what_is_sensitive_is_told_to_those_who_handle_it_and_to_nobody_else_by_whatever_way(
    desk: Desk, category: str
) -> None:
    matter = Matter(desk).in_hand(category)
    wrong: list[tuple[str, str, list[str]]] = []
    for name, (who, *allowed) in READERS.items():
        may = allowed[category == SENSITIVE]
        told = {way: matter.learned(who, way) for way in WAYS}
        wrong += [(name, way, sorted(each - may)) for way, each in told.items() if not each <= may]
        if told["one case"] | told["photo"] != may:
            wrong.append((name, "one case", ["too little", *sorted(told["one case"])]))
    assert wrong == []


@pytest.mark.parametrize("category", [ORDINARY, SENSITIVE], ids=["ordinary", "sensitive"])
def test_no_way_tells_a_phone_that_stands_in_words_but_to_who_wrote_it(desk: Desk, category: str) -> None:
    matter = Matter(desk).in_hand(category)
    told = {
        (name, way)
        for name, (who, *_) in READERS.items()
        for way in WAYS
        if PHONE in _said(matter, who, way) and name != "reporter"
    }
    assert told == set()
    assert PHONE in _said(matter, RESIDENT, "one case")


def _said(matter: Matter, who: Caller, way: str) -> str:
    with suppress(Refusal):
        return json.dumps(matter.asked(who, way), ensure_ascii=False, default=str)
    return ""


def test_a_worker_is_not_told_how_near_a_sensitive_case_is_to_another(desk: Desk) -> None:
    matter = Matter(desk).in_hand(SENSITIVE)
    for way in ("duplicates", "duplicates of another"):
        with pytest.raises(Refusal, match="not_permitted"):
            matter.asked(WORKER, way)
    assert [each["case"]["case_id"] for each in matter.asked(DISPATCHER, "duplicates of another")["items"]] == [
        matter.case_id
    ]


UNIT = "u-lighting"
PEOPLE = {
    role: caller("p-lamplighter", role, scope="360704", unit=UNIT)
    for role in (
        *("dispatcher", "inspector", "grid_worker", "community_worker", "union_leader", "union_cadre"),
        *("party_office", "district_admin", "auditor", "unit_contact", "in_service_member", "volunteer"),
    )
}
"""People of the unit, in every role that oversees something or takes cases."""

SOME = frozenset({"dispatcher", "community_worker", "unit_contact"})
"""Those of them who are looked at in every story."""


def complained(it: Matter) -> None:
    it.in_hand(ORDINARY, complained_unit_id=UNIT)


def named_when_registered(it: Matter) -> None:
    it.reported(ORDINARY)
    it.desk.do(DISPATCHER, "register", category=ORDINARY, complained_unit_id=UNIT)


def named_later(it: Matter) -> None:
    it.in_hand(ORDINARY)
    it.desk.do(DISPATCHER, "correct", complained_unit_id=UNIT)


def corrected_in_category(it: Matter) -> None:
    complained(it)
    it.desk.do(DISPATCHER, "correct", category="0304")


def given_to_others(it: Matter) -> None:
    complained(it)
    it.desk.do(DISPATCHER, "reassign", assignees=["p-worker"], reason_code="other")


def joined_by_another(it: Matter) -> None:
    complained(it)
    it.desk.report(NEIGHBOUR, text="同样的投诉", category=ORDINARY, complained_unit_id=UNIT)
    it.desk.do(DISPATCHER, "merge", target_case_id=it.case_id)


def merged_into_another(it: Matter) -> None:
    it.reported(ORDINARY, complained_unit_id=UNIT)
    it.desk.report(NEIGHBOUR, text="同样的投诉", category=ORDINARY, complained_unit_id=UNIT)
    it.desk.do(DISPATCHER, "register", category=ORDINARY)
    target, it.desk.case_id = it.desk.case_id, it.case_id
    it.desk.do(DISPATCHER, "merge", target_case_id=target)


def handled_by_it_before(it: Matter) -> None:
    it.reported("1001")
    it.desk.do(DISPATCHER, "register", category="1001")
    it.desk.do(DISPATCHER, "dispatch", assignees=[UNIT])
    contact = replace(CONTACT, unit=UNIT)
    for act, said in (("accept", {}), ("start", {"contact": "phone"}), ("feedback", {"text": "已答复"})):
        it.desk.do(contact, act, **said)
    it.desk.do(DISPATCHER, "inspect_pass")
    it.desk.do(RESIDENT, "reopen", reason_code="not_solved")
    it.desk.do(DISPATCHER, "correct", complained_unit_id=UNIT)


STORIES = (
    *(complained, named_when_registered, named_later, corrected_in_category, given_to_others),
    *(joined_by_another, merged_into_another, handled_by_it_before),
)


@pytest.mark.parametrize("story", STORIES, ids=lambda each: each.__name__)
def test_a_unit_sees_nothing_of_a_case_about_it_by_whatever_way(desk: Desk, story: Callable[[Matter], None]) -> None:
    matter = Matter(desk)
    story(matter)
    count_what_waits(desk.service.indicators_kept)
    number = desk.service.case(DISPATCHER.dump(), matter.case_id)["number"]
    traces = (matter.case_id, number, RESIDENT.id, SECRETS["words"])
    told = [
        (role, way)
        for role, who in PEOPLE.items()
        if story is complained or role in SOME
        for way in (*WAYS, "drill-down of the own unit")
        if any(trace in _of_own(matter, who, way) for trace in traces)
    ]
    assert told == []
    others = replace(PEOPLE["dispatcher"], unit="u-committee")
    assert {"one case", "list"} <= {way for way in WAYS if number in _said(matter, others, way)}
    assert {"project", "board of projects"} <= {way for way in WAYS if matter.case_id in _said(matter, others, way)}


def _of_own(matter: Matter, who: Caller, way: str) -> str:
    if way in WAYS:
        return _said(matter, who, way)
    with suppress(Refusal):
        found = matter.service.indicator_cases(who.dump(), area=GRID, unit_id=UNIT, count="registered", **MARCH)
        return json.dumps(found, default=str)
    return ""


PAGES: Mapping[str, Way] = {
    "drill-down": lambda it, who: it.service.indicator_cases(who, area=GRID, count="registered", limit=1, **MARCH),
    "list": lambda it, who: it.service.cases(who, limit=1),
    "summons": lambda it, who: it.service.list_summons(who, limit=1),
}


@pytest.mark.parametrize("way", PAGES)
def test_no_page_ends_at_a_case_about_the_own_unit(desk: Desk, way: str) -> None:
    matter, called = Matter(desk), {"kind": "joint_enforcement", "units": ["u-property", "u-housing"]}
    complained(matter)
    desk.case_id = matter.other_id
    desk.do(DISPATCHER, "register", category=ORDINARY)
    count_what_waits(desk.service.indicators_kept)
    for case_id in (matter.case_id, matter.other_id):
        desk.service.open_summons(
            DISPATCHER.dump(), case_id, case_id, "summon", **called, due_on_site="2026-03-13T15:00:00+08:00"
        )
    page = PAGES[way](matter, PEOPLE["dispatcher"].dump())
    assert [row["case_id"] for row in page["items"]] == [matter.other_id]
    assert matter.case_id not in json.dumps(page, default=str)
    if way != "list":  # of which the database leaves out what is not seen
        assert page["next"] is None
        others = PAGES[way](matter, DISPATCHER.dump())
        assert others["next"] is not None


def test_behind_a_number_everybody_is_told_the_same_of_what_is_not_listed(desk: Desk) -> None:
    def asked(who: Caller) -> tuple[int, int, list[str]]:
        page = desk.service.indicator_cases(who.dump(), area=GRID, count="registered", **MARCH)
        return page["number"], len(page["items"]), [each["code"] for each in page["unlisted"]]

    said = ["about_own_unit", "sensitive_by_unit"]
    mine, others = PEOPLE["auditor"], replace(PEOPLE["auditor"], unit=None)
    assert asked(mine) == asked(others) == (0, 0, said)
    complained(Matter(desk))
    assert (asked(mine), asked(others)) == ((1, 0, said), (1, 1, said))


@pytest.mark.parametrize("filters", [{"assignee": "me"}, {}], ids=["assigned", "own"])
def test_who_joins_the_unit_later_has_no_page_that_ends_at_a_case_about_it(desk: Desk, filters: dict[str, str]) -> None:
    matter = Matter(desk).in_hand(ORDINARY)
    desk.do(DISPATCHER, "correct", complained_unit_id=UNIT)
    for unit, number in ((None, 1), (UNIT, 0)):
        who = caller(OTHER_WORKER.id, "volunteer", scope="360704", unit=unit)
        page = desk.service.cases(who.dump(), filters=filters, limit=1)
        assert (len(page["items"]), page["next"]) == (number, None)
    assert desk.service.cases(DISPATCHER.dump(), limit=1)["next"][1] in {matter.case_id, matter.other_id}


def test_a_unit_is_not_told_by_the_sums_of_a_ledger_that_something_is_left_out(desk: Desk) -> None:
    matter = Matter(desk)
    complained(matter)
    mine, others = (
        desk.service.ledger(replace(PEOPLE["auditor"], unit=unit).dump(), area=GRID)["totals"]
        for unit in (UNIT, "u-committee")
    )
    assert (mine["problem"], mine["waiting"]) == (0, 1)
    assert (others["problem"], others["waiting"]) == (1, 1)
    week = {"grids": [GRID], "since": "2026-03-09T00:00:00+08:00", "until": "2026-03-16T00:00:00+08:00"}
    told = [desk.service.counts_of_grids(**week, not_of=unit)["counts"][GRID] for unit in (UNIT, None)]
    assert told == [mine, others]


def test_nobody_of_the_unit_moves_a_case_about_it(desk: Desk) -> None:
    matter = Matter(desk)
    complained(matter)
    for act, said in (("correct", {"complained_unit_id": None}), ("note", {"text": "无"}), ("reassign", {})):
        with pytest.raises(Refusal):
            desk.do(PEOPLE["dispatcher"], act, **said)
    assert desk.seen(DISPATCHER)["complained_unit_id"] == UNIT
