"""Pulse surveys on a real database (F14, F52): nobody counts twice, no answer is kept, and few are never told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from pymongo.database import Database

from cases.deadline import LOCAL
from cases.place import Grid
from cases.service import CasesService
from cases.store import PlaceStore
from cases.surveys.scale import Scale
from cases.surveys.store import Mark, SurveyStore, Wanted
from chassis.caller import THE_CLOCK, Caller
from chassis.errors import Refusal
from chassis.mongo import Home
from tests.component.cases.test_case_store import Overheard, indexes_of, overheard, stages_of
from tests.component.set_clock import SetClock
from tests.unit.cases.play import (
    ADMIN,
    DISPATCHER,
    ELSEWHERE,
    GRID,
    INSPECTOR,
    OTHER_DISTRICT,
    RESIDENT,
    WORKER,
    caller,
    code_of,
    refusal,
)

__all__ = ["overheard"]

Answer = dict[str, Any]

DISTRICT, COMMUNITY = GRID[:6], GRID[:12]
SECOND = f"{COMMUNITY}002"
PARTY = caller("p-party", "party_office", scope=COMMUNITY)
STRANGER = caller("p-stranger", "resident", scope=OTHER_DISTRICT[:6])
GOOD = dict.fromkeys(Scale, 4)
BODY: Answer = {
    "area": COMMUNITY,
    "title": {"zh": "高新社区民情调查", "en": "Gaoxin community"},
    "method": {"zh": "自愿在线填写，不记名", "en": "Online and without a name, whoever wants to"},
    "first_day": "2026-06-01",
    "last_day": "2026-06-14",
}
COLLECTIONS = ("surveys", "survey_counts", "survey_marks")


def person(n: int) -> Caller:
    return caller(f"p-{n}", "resident", scope=DISTRICT)


class Desk:
    """Asks the service as the gateway would, about the survey that was drafted last."""

    def __init__(self, service: CasesService, clock: SetClock) -> None:
        self.service, self.clock = service, clock
        self.survey_id, self.commands = "", 0

    def at(self, text: str) -> "Desk":
        self.clock.moment = datetime.fromisoformat(f"2026-{text}").replace(tzinfo=LOCAL)
        return self

    def draft(self, who: Caller = DISPATCHER, **body: Any) -> Answer:
        receipt = self.service.draft_survey(who.dump(), self.command(), **(BODY | body))
        self.survey_id = receipt["survey_id"]
        return receipt

    def change(self, who: Caller = DISPATCHER, if_version: int | None = None, **body: Any) -> Answer:
        return self.service.change_survey(who.dump(), self.command(), self.survey_id, if_version, **body)

    def move(self, act: str, who: Caller = DISPATCHER, if_version: int | None = None) -> Answer:
        return self.service.move_survey(who.dump(), self.command(), self.survey_id, act, if_version)

    def open(self, **body: Any) -> "Desk":
        self.draft(**body)
        self.move("open")
        return self

    def answer(self, who: Caller = RESIDENT, command: str | None = None, **body: Any) -> Answer:
        said = {"scores": GOOD, "grid_code": GRID} | body
        return self.service.answer_survey(who.dump(), command or self.command(), self.survey_id, **said)

    def answers(self, many: int, start: int = 0, **body: Any) -> "Desk":
        for n in range(start, start + many):
            self.answer(person(n), **body)
        return self

    def seen(self, who: Caller = DISPATCHER) -> Answer:
        return self.service.survey(who.dump(), self.survey_id)

    def results(self, who: Caller = DISPATCHER) -> Answer:
        return self.service.survey_results(who.dump(), self.survey_id)

    def listed(self, who: Caller = DISPATCHER, **asked: Any) -> list[str]:
        return [each["survey_id"] for each in self.service.surveys(who.dump(), **asked)["items"]]

    def tick(self) -> None:
        self.service.see_to_surveys()

    def command(self) -> str:
        self.commands += 1
        return f"command-{self.commands}"


@pytest.fixture
def desk(service: CasesService, clock: SetClock) -> Desk:
    return Desk(service, clock).at("06-01T09:00")


def kept(database: Database[Answer]) -> Answer:
    return {name: list(database[name].find()) for name in COLLECTIONS}


def told(found: Answer) -> dict[str, int | None]:
    """How many answered, by place, as it is told."""
    return {each["area"]: each["answers"] for each in (found["whole"], *found["communities"], *found["grids"])}


# The way of a survey


def test_a_quarter_is_asked_and_told_with_sample_method_and_trend(desk: Desk) -> None:
    """F52: the second survey of a community stands beside the first; F14: a grid with 9 answers is hidden."""
    desk.open(first_day="2026-06-01", last_day="2026-06-07")
    desk.answers(12, scores={"sense_of_gain": 3}).answers(10, 12, grid_code=SECOND, scores={"sense_of_gain": 2})
    desk.move("close")
    desk.move("publish")
    first = desk.survey_id

    desk.at("09-01T09:00").open(first_day="2026-09-01", last_day="2026-09-14")
    desk.answers(30, scores={"sense_of_gain": 5}).answers(9, 30, grid_code=SECOND).answers(4, 39, grid_code=None)
    desk.at("09-15T00:00").tick()
    assert desk.seen()["status"] == "closed"
    assert code_of(desk.results, RESIDENT) == "survey_not_published"
    before_publishing = desk.results()
    desk.move("publish")
    found = desk.results(RESIDENT)
    assert found == before_publishing | {"status": "published"}

    assert told(found) == {COMMUNITY: 43, GRID: 30, SECOND: None}, "9 and 4 without a grid are 13 together"
    gain = found["whole"]["figures"][0]
    assert (gain["n"], gain["mean"], gain["before"], gain["change"]) == (43, 4.7, {"n": 22, "mean": 2.55}, 2.15)
    safety = found["whole"]["figures"][3]
    assert (safety["n"], safety["mean"], safety["before"], safety["change"]) == (13, 4.0, None, None)
    hidden = next(each for each in found["grids"] if each["area"] == SECOND)
    assert (hidden["hidden"], [each["n"] for each in hidden["figures"]]) == (True, [None] * 4)
    [past] = found["trend"]
    assert (past["survey_id"], found["compared_with"], past["answers"]) == (first, first, 22)
    assert past["method"] == found["method"] == BODY["method"]
    assert found["names"][GRID] == "高新社区第一网格（东源胜景片）"


def test_a_survey_is_earlier_when_it_has_ended_earlier_whatever_was_planned(desk: Desk) -> None:
    """Of two with one last day the one that was closed first, and one that was closed long before its last day."""
    ids = {}
    for name, last_day, closed in (
        ("early", "2026-06-30", "06-03T09:00"),
        ("first", "2026-06-14", "06-10T09:00"),
        ("second", "2026-06-14", "06-12T09:00"),
    ):
        desk.at("06-01T09:00").open(last_day=last_day).at(closed).move("close")
        desk.move("publish")
        ids[name] = desk.survey_id
    found = desk.results(RESIDENT)
    assert [each["survey_id"] for each in found["trend"]] == [ids["first"], ids["early"]]
    assert (found["compared_with"], found["closed_at"]) == (ids["first"], "2026-06-12T01:00:00Z")
    past = found["trend"][1]
    assert (past["last_day"], past["closed_at"]) == ("2026-06-30", "2026-06-03T01:00:00Z")
    desk.survey_id = ids["early"]
    assert desk.results(RESIDENT)["trend"] == []


def test_a_survey_that_is_not_published_or_of_another_area_is_in_no_trend(desk: Desk) -> None:
    for area in (COMMUNITY, DISTRICT):
        desk.open(area=area).move("close")
    desk.move("publish")
    desk.at("09-01T09:00").open(first_day="2026-09-01", last_day="2026-09-14").move("close")
    assert desk.results()["trend"] == []


def test_while_it_is_open_no_more_is_told_than_how_many_have_answered(desk: Desk) -> None:
    desk.open().answers(12)
    assert (desk.seen()["answers"], desk.seen(ADMIN)["answers"]) == (12, 12)
    assert (desk.seen(RESIDENT)["answers"], desk.seen(INSPECTOR)["answers"]) == (None, None)
    assert code_of(desk.results) == "survey_not_closed"
    assert code_of(desk.results, RESIDENT) == "survey_not_published"


def test_the_smallest_group_is_what_the_district_had_decided_when_it_was_opened(desk: Desk) -> None:
    scoring = {
        "area": DISTRICT,
        "weights": {"response": 0.2, "resolution": 0.4, "satisfaction": 0.4},
        "partly": 0,
        "exclusions": [],
    }
    enter = desk.service.enter_case_scoring
    enter(ADMIN.dump(), desk.command(), **scoring, valid_from="2026-06-03", smallest_group=20)
    enter(ADMIN.dump(), desk.command(), **scoring, valid_from="2026-06-05", smallest_group=5)
    desk.draft()
    desk.at("06-03T09:00").move("open")
    desk.answers(19)
    desk.at("06-05T09:00").move("close")
    assert desk.results()["smallest_group"] == 20
    assert told(desk.results()) == {COMMUNITY: None, GRID: None}


def test_commands_come_twice_and_versions_are_held_to(desk: Desk) -> None:
    receipt = desk.service.draft_survey(DISPATCHER.dump(), "once", **BODY)
    desk.at("06-20T09:00")
    assert desk.service.draft_survey(DISPATCHER.dump(), "once", **BODY) == receipt, "also when its days are over"
    desk.at("06-01T09:00").survey_id = receipt["survey_id"]
    assert desk.change(if_version=1, last_day="2026-06-21")["version"] == 2
    assert code_of(desk.change, if_version=1, last_day="2026-06-10") == "stale_version"
    assert code_of(desk.move, "open", if_version=1) == "stale_version"
    assert desk.seen()["last_day"] == "2026-06-21"
    opened = desk.service.move_survey(DISPATCHER.dump(), "open-it", desk.survey_id, "open", 2)
    assert desk.service.move_survey(DISPATCHER.dump(), "open-it", desk.survey_id, "open", 2) == opened
    assert (opened["status"], opened["version"], desk.seen()["version"]) == ("open", 3, 3)


def test_a_survey_ends_by_itself_and_who_has_answered_is_forgotten(desk: Desk, database: Database[Answer]) -> None:
    desk.open().answers(3)
    desk.at("06-14T23:59:59").tick()
    desk.answer(person(3))
    assert (desk.seen(person(3))["answered"], desk.seen(person(4))["answered"]) == (True, False)
    desk.at("06-15T00:00:00")
    assert refusal(desk.answer, person(4)).details["status"] == "open", "not even before the clock has ended it"
    desk.tick()
    assert (desk.seen()["status"], desk.seen(person(3))["answered"]) == ("closed", None)
    assert database.surveys.find_one({}, {"history.by": 1})["history"][-1]["by"]["id"] == THE_CLOCK.id  # type: ignore[index]
    assert database.survey_marks.count_documents({}) == 4
    desk.tick()
    assert database.survey_marks.count_documents({}) == 0
    assert (desk.seen()["answers"], desk.seen()["version"]) == (4, 3)
    desk.tick()
    desk.move("publish")
    desk.tick()
    assert desk.seen()["status"] == "published"


# Answers


def test_nobody_answers_twice_under_whichever_id(desk: Desk, database: Database[Answer]) -> None:
    desk.open().answer(RESIDENT)
    before = kept(database)
    assert code_of(desk.answer, RESIDENT) == "already_answered"
    assert code_of(desk.answer, RESIDENT, scores={"sense_of_gain": 1}, grid_code=None) == "already_answered"
    merged = replace(caller("p-left", "resident"), former=(RESIDENT.id,))
    assert code_of(desk.answer, merged) == "already_answered"
    assert kept(database) == before
    desk.answer(caller("p-left", "resident"))
    assert desk.seen()["answers"] == 2


def test_a_program_feels_nothing_and_a_contact_of_the_same_unit_does(desk: Desk) -> None:
    contact = caller("p-lamps", "unit_contact", scope=DISTRICT)
    desk.open()
    assert code_of(desk.answer, replace(contact, id="k-1", program=True)) == "not_permitted"
    desk.answer(contact)
    assert desk.seen()["answers"] == 1


def test_the_same_command_counts_once(desk: Desk, database: Database[Answer]) -> None:
    desk.open()
    first = desk.answer(RESIDENT, "mine")
    before = kept(database)
    assert desk.answer(RESIDENT, "mine") == first == {"survey_id": desk.survey_id, "answered": True}
    merged = replace(caller("p-left", "resident"), former=(RESIDENT.id,))
    assert desk.answer(merged, "mine") == first
    assert kept(database) == before


def test_an_answer_to_one_survey_says_nothing_of_another(desk: Desk, database: Database[Answer]) -> None:
    desk.open().answer(RESIDENT)
    desk.open(area=DISTRICT).answer(RESIDENT)
    marks = list(database.survey_marks.find())
    assert len({each["_id"] for each in marks}) == 2


def test_no_answer_is_kept_and_a_mark_tells_neither_who_nor_when_nor_what(
    desk: Desk, database: Database[Answer]
) -> None:
    desk.open().answer(RESIDENT, "mine", scores={"sense_of_gain": 2, "sense_of_safety": 5})
    desk.answer(person(1), scores={"sense_of_gain": 2}, grid_code=None)
    [counts] = database.survey_counts.find()
    one = {"answers": 1, "sense_of_gain": {"2": 1}}
    assert counts == {
        "_id": desk.survey_id,
        "open": True,
        "n": {GRID: {**one, "sense_of_safety": {"5": 1}}, COMMUNITY: one},
    }
    marks = list(database.survey_marks.find())
    assert {frozenset(each) for each in marks} == {frozenset({"_id", "command", "survey_id"})}
    assert not any(RESIDENT.id in text or "mine" in text for each in marks for text in each.values())
    for name in set(database.list_collection_names()) - {"survey_marks"}:
        assert RESIDENT.id not in str(list(database[name].find())), name


def test_thirty_who_answer_at_once_are_all_counted_once(desk: Desk, database: Database[Answer]) -> None:
    desk.open()
    start = Barrier(30)

    def answer(n: int) -> str:
        start.wait()
        try:
            desk.answer(person(n % 20), f"command-of-{n}", grid_code=GRID if n % 2 else SECOND)
        except Refusal as refused:
            return refused.code
        return "counted"

    with ThreadPoolExecutor(30) as pool:
        outcomes = list(pool.map(answer, range(30)))
    assert sorted(outcomes) == ["already_answered"] * 10 + ["counted"] * 20
    assert desk.seen()["answers"] == database.survey_marks.count_documents({}) == 20


@pytest.mark.parametrize(
    ("act", "code"),
    [("none", "survey_not_found"), ("close", "survey_not_open"), ("publish", "survey_not_open")],
)
def test_a_survey_that_is_not_open_takes_no_answer(desk: Desk, database: Database[Answer], act: str, code: str) -> None:
    desk.draft()
    for step in ("open", "close", "publish")[: ("none", "open", "close", "publish").index(act)]:
        desk.move(step)
    before = kept(database)
    assert code_of(desk.answer, RESIDENT) == code
    assert kept(database) == before


def test_before_its_first_day_it_takes_none(desk: Desk) -> None:
    desk.open(first_day="2026-06-03")
    assert refusal(desk.answer, RESIDENT).details == {
        "status": "open",
        "first_day": "2026-06-03",
        "last_day": "2026-06-14",
    }
    desk.at("06-03T00:00").answer(RESIDENT)
    assert desk.seen()["answers"] == 1


def test_an_answer_on_its_way_when_the_survey_is_closed_counts_before_or_not_at_all(
    desk: Desk, database: Database[Answer]
) -> None:
    desk.open().answers(2)
    store = SurveyStore(Home(database))
    desk.service.surveys_kept.stop_counting(desk.survey_id)
    with pytest.raises(Refusal, match="survey_not_open"):
        store.count(desk.survey_id, Mark("a-mark", "a-command"), GRID, {Scale.GAIN: 1})
    assert database.survey_marks.count_documents({"_id": "a-mark"}) == 0, "the mark went with it"
    assert desk.move("close")["status"] == "closed", "whoever was killed in between can do it again"
    assert desk.seen()["answers"] == 2


# What is refused


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"area": "360799"}, {"/area": "unknown_area"}),
        ({"first_day": "2026-05-31"}, {"/first_day": "survey_begins_in_the_past"}),
        ({"last_day": "2026-05-31"}, {"/last_day": "survey_ends_before_it_begins"}),
        (
            {"area": "360704999", "first_day": "2026-05-31", "last_day": "2026-12-31"},
            {"/area": "unknown_area", "/first_day": "survey_begins_in_the_past", "/last_day": "survey_too_long"},
        ),
        (
            {"title": {"zh": "甲"}, "first_day": "2026-05-31", "area": "1"},
            {"/title/en": None, "/area": None, "/first_day": "survey_begins_in_the_past"},
        ),
    ],
)
def test_all_that_is_wrong_with_a_draft_is_told_at_once_and_nothing_is_kept(
    desk: Desk, database: Database[Answer], body: Answer, pointers: dict[str, str | None]
) -> None:
    admin = caller("p-admin", "district_admin", scope="360704")
    everywhere = caller("p-admin", "district_admin", scope="360799") if body.get("area") == "360799" else admin
    found = refusal(desk.draft, everywhere, **body)
    assert {each["pointer"]: each.get("code") for each in found.details["errors"]} == pointers
    assert kept(database) == {name: [] for name in COLLECTIONS}


def test_all_that_is_wrong_with_an_answer_is_told_at_once_and_nothing_counts(
    desk: Desk, database: Database[Answer]
) -> None:
    desk.open()
    before = kept(database)
    wrong = refusal(desk.answer, scores={"sense_of_gain": 6, "sense_of_safety": 0}, grid_code=ELSEWHERE)
    assert {each["pointer"]: each["code"] for each in wrong.details["errors"]} == {
        "/scores/sense_of_gain": "score_out_of_range",
        "/scores/sense_of_safety": "score_out_of_range",
        "/grid_code": "grid_outside_survey",
    }
    unread = refusal(desk.answer, scores={"sense_of_gain": "5", "happiness": 3}, grid_code=f"{COMMUNITY}999")
    assert {each["pointer"]: each.get("code") for each in unread.details["errors"]} == {
        "/scores/sense_of_gain": None,
        "/scores/happiness": None,
        "/grid_code": "unknown_grid",
    }
    assert code_of(desk.answer, scores={}) == "nothing_answered"
    assert code_of(desk.answer, scores=GOOD, name="谢测001") == "invalid"
    assert kept(database) == before


def test_a_grid_that_is_in_force_no_more_takes_none(desk: Desk, places: PlaceStore) -> None:
    desk.open()
    gone = places.grid(SECOND)
    assert isinstance(gone, Grid)
    places.put_grid(replace(gone, closed=desk.clock.moment - timedelta(days=1)), 2)
    assert code_of(desk.answer, grid_code=SECOND) == "grid_closed"
    desk.answer(grid_code=None)


@pytest.mark.parametrize(
    ("step", "acts"),
    [
        (0, {"close": "survey_not_open", "publish": "survey_not_closed"}),
        (1, {"open": "survey_not_draft", "publish": "survey_not_closed"}),
        (2, {"open": "survey_not_draft", "close": "survey_not_open"}),
        (3, {"open": "survey_not_draft", "close": "survey_not_open", "publish": "survey_not_closed"}),
    ],
)
def test_a_step_out_of_turn_is_refused_and_changes_nothing(
    desk: Desk, database: Database[Answer], step: int, acts: dict[str, str]
) -> None:
    desk.draft()
    for act in ("open", "close", "publish")[:step]:
        desk.move(act)
    before = kept(database)
    assert {act: code_of(desk.move, act) for act in acts} == acts
    if step:
        assert code_of(desk.change, last_day="2026-06-20") == "survey_not_draft"
    assert kept(database) == before
    assert code_of(desk.move, "burn") == "invalid"


def test_the_days_of_a_draft_are_looked_at_when_they_change(desk: Desk) -> None:
    desk.draft()
    assert code_of(desk.change, last_day="2026-05-01") == "survey_ends_before_it_begins"
    desk.at("06-05T09:00").change(title={"zh": "甲", "en": "A"})
    assert code_of(desk.change, last_day="2026-06-20") == "survey_begins_in_the_past"
    desk.change(first_day="2026-06-05", last_day="2026-06-20")
    desk.at("06-21T09:00")
    assert code_of(desk.move, "open") == "survey_period_over"
    assert desk.seen()["status"] == "draft"


# Who sees and does what


@pytest.mark.parametrize("who", [DISPATCHER, ADMIN, PARTY])
def test_the_office_keeps_surveys(desk: Desk, who: Caller) -> None:
    desk.draft(who)
    desk.change(who, last_day="2026-06-10")
    desk.move("open", who)
    desk.answer(RESIDENT)
    desk.move("close", who)
    assert desk.results(who)["status"] == "closed"
    desk.move("publish", who)
    assert desk.results(RESIDENT)["status"] == "published"


@pytest.mark.parametrize("who", [RESIDENT, WORKER, INSPECTOR])
def test_nobody_else_does(desk: Desk, who: Caller) -> None:
    assert code_of(desk.draft, who) == "not_permitted"
    desk.draft()
    for refused in (desk.change, lambda who: desk.move("open", who), desk.seen):
        assert code_of(refused, who) == "survey_not_found", "not even that there is a draft"
    desk.move("open")
    for act in ("close", "publish"):
        assert code_of(desk.move, act, who) == "not_permitted"
    assert desk.seen(who)["status"] == "open"


def test_nobody_reaches_beyond_their_scope_or_district(desk: Desk) -> None:
    assert code_of(desk.draft, PARTY, area=DISTRICT) == "out_of_scope"
    desk.open(area=DISTRICT)
    assert code_of(desk.move, "close", PARTY) == "out_of_scope"
    for question in (desk.seen, desk.answer, desk.results):
        ask: Callable[..., Any] = question
        assert code_of(ask, STRANGER) == "survey_not_found"
    assert code_of(desk.listed, STRANGER, area=DISTRICT) == "out_of_scope"
    assert desk.listed(STRANGER) == []


def test_lists_hold_drafts_for_the_office_alone_and_go_on_page_after_page(desk: Desk) -> None:
    ids = []
    for n, area in enumerate((COMMUNITY, DISTRICT, ELSEWHERE[:12])):
        desk.at(f"06-0{n + 1}T09:00").draft(area=area, first_day="2026-06-05")
        ids.append(desk.survey_id)
    desk.move("open")
    assert desk.listed() == ids[::-1]
    assert desk.listed(area=COMMUNITY) == ids[:1]
    assert desk.listed(status="draft") == ids[1::-1]
    assert (desk.listed(RESIDENT), desk.listed(RESIDENT, status="draft")) == (ids[2:], [])
    assert (desk.listed(PARTY), desk.listed(PARTY, area=COMMUNITY)) == (ids[2:], ids[:1])
    first = desk.service.surveys(DISPATCHER.dump(), limit=2)
    assert [each["survey_id"] for each in first["items"]] == ids[:0:-1]
    assert desk.listed(after=first["next"]) == ids[:1]
    assert first["names"][ELSEWHERE[:12]] == "广场社区"


# The database


def test_no_query_scans_a_collection_or_sorts_in_memory(
    desk: Desk, overheard: tuple[Overheard, Database[Answer]]
) -> None:
    for _ in range(20):
        desk.open().answers(2).move("close")
    listener, database = overheard
    store, now = SurveyStore(Home(database)), desk.clock.moment
    for after in (None, (now, "zzz")):
        for drafts, status in ((True, None), (False, None), (True, "draft"), (False, "open")):
            store.page(Wanted((DISTRICT,), (DISTRICT,), drafts, status), after, 10)
        store.page(Wanted((DISTRICT, "360702"), (DISTRICT, "360702"), drafts=False), after, 10)
    store.earlier(store.records.load(desk.survey_id, None).item, 8)
    assert store.due(now + timedelta(days=30), 10)
    store.marked(["a", "b"])
    store.counts(desk.survey_id)
    store.counts_of([desk.survey_id])
    assert len(listener.finds) == 16
    for find in listener.finds:
        plan = database.command({"explain": find, "verbosity": "queryPlanner"})["queryPlanner"]["winningPlan"]
        assert not {"COLLSCAN", "SORT"} & stages_of(plan), (find, plan)
        assert indexes_of(plan) <= {"area", "of_area", "due", "_id_"}
    deletion = {"delete": "survey_marks", "deletes": [{"q": {"survey_id": "s"}, "limit": 0}]}
    plan = database.command({"explain": deletion, "verbosity": "queryPlanner"})["queryPlanner"]["winningPlan"]
    assert indexes_of(plan) == {"survey"}
