"""Indicators on a real database: counted once each, audited case by case, put right by a recount."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.monitoring import CommandStartedEvent

from cases.act import Act
from cases.case import Case, Source
from cases.deadline import LOCAL
from cases.exclusion import Ground
from cases.indicators.counter import changed, difference
from cases.indicators.counting import count_what_waits
from cases.indicators.documents import counts_of, key_of
from cases.indicators.figure_store import FigureStore
from cases.indicators.recount_store import RecountStore
from cases.indicators.recounting import step
from cases.indicators.selection import By, Selection
from cases.indicators.store import COUNTERS, LINES, IndicatorStore
from cases.listing import OVERSEEING
from cases.place import Place
from cases.service import CasesService
from cases.store import CaseStore, PlaceStore
from cases.store.cases import Step
from cases.tally import Cohort, tally
from chassis.caller import Caller
from chassis.errors import Refusal
from chassis.mongo import Home
from chassis.outbox import StaleVersion
from chassis.setup import indexed
from tests.component.cases.staging import demo_grids
from tests.component.cases.test_case_store import Overheard, entry, indexes_of, stages_of
from tests.component.set_clock import SetClock
from tests.unit.cases import play as stage
from tests.unit.cases.play import (
    ADMIN,
    CONTACT,
    DISPATCHER,
    ELECTRICIAN,
    ELSEWHERE,
    GRID,
    OTHER_DISTRICT,
    OTHER_WORKER,
    RESIDENT,
    WORKER,
    Play,
    caller,
    code_of,
)

Stored = Database[dict[str, Any]]
Kept = Callable[..., Play]

AUDITOR = caller("p-auditor", "auditor", scope="360704")
PROVINCE = caller("p-province", "auditor", scope="36")
MARCH = {"area": "360704", "from": "2026-03-01", "to": "2026-03-31"}
THIRD = "360704100012002"
MONTH = "2026-03"
RATED = {"solved": "yes", "satisfaction": 4}


@pytest.fixture
def indicators(database: Stored) -> IndicatorStore:
    return indexed(database, IndicatorStore)


@pytest.fixture
def recounts(database: Stored, indicators: IndicatorStore) -> RecountStore:
    return RecountStore(Home(database))


@pytest.fixture
def keep(cases: CaseStore) -> Kept:
    """Keep the case of a play as it stands, with photos and number of its own."""

    def keep(play: Play, grid: str | None = None) -> Play:
        case = play.case
        remarks = tuple(replace(each, photos=(), before_photos=()) for each in case.remarks)
        place = Place(grid) if grid else case.place
        play.case = replace(case, number=f"number-{case.id}", remarks=remarks, place=place)
        cases.add(play.case, entry(play, f"command-{case.id}"))
        # As kept: what is added has one entry in its history, whatever was played before.
        play.case = cases.load(case.id, None).case
        return play

    return keep


def move(cases: CaseStore, play: Play, act: Act, who: Caller, **fields: Any) -> None:
    before = play.case
    play.do(act, who, **fields)
    cases.save(Step(before, play.case, entry(play, f"{act}-{play.last.id}")))


def counters(database: Stored) -> Any:
    return changed({key_of(each): counts_of(each) for each in database[COUNTERS].find()})


def scratch(*cases: Case) -> Any:
    """What counts if all is counted at once, under the version that comes with the service."""
    return difference([], [tally(case, frozenset(Ground)) for case in cases])


def waiting(database: Stored) -> int:
    return database.cases.count_documents({"uncounted": {"$exists": True}})


def recounted(store: RecountStore) -> dict[str, int]:
    sums, after = {"cases": 0, "lines": 0, "counters": 0}, ""
    while after is not None:
        found = step(store, after)
        sums, after = {name: n + found[name] for name, n in sums.items()}, found["next"]
    return sums


# Counting.


def test_a_move_that_changes_what_counts_waits_to_be_counted_and_no_other_does(
    cases: CaseStore, indicators: IndicatorStore, keep: Kept, database: Stored
) -> None:
    play = keep(stage.registered())
    assert waiting(database) == 1
    assert (count_what_waits(indicators), waiting(database)) == (1, 0)
    move(cases, play, Act.NOTE, DISPATCHER)
    assert (waiting(database), count_what_waits(indicators)) == (0, 0)
    move(cases, play, Act.DISPATCH, DISPATCHER)
    assert (waiting(database), count_what_waits(indicators)) == (1, 1)
    assert counters(database) == scratch(play.case)


def test_what_waits_says_since_when(cases: CaseStore, indicators: IndicatorStore, keep: Kept, database: Stored) -> None:
    assert indicators.waits_since() is None
    play = keep(stage.registered())
    first = play.last.at
    play.later(hours=3)
    move(cases, play, Act.DISPATCH, DISPATCHER)
    assert indicators.waits_since() == first


def test_counting_twice_adds_nothing(indicators: IndicatorStore, keep: Kept, database: Stored) -> None:
    """A process that died after counting, before it could say so, counts the same again."""
    play = keep(stage.closed())
    lot = indicators.waiting(10)
    assert indicators.count(lot) == 1
    assert waiting(database) == 1
    assert indicators.count(indicators.waiting(10)) == 0
    assert counters(database) == scratch(play.case)
    indicators.counted(lot)
    assert waiting(database) == 0


def test_a_case_that_moves_between_the_steps_waits_on(
    cases: CaseStore, indicators: IndicatorStore, keep: Kept, database: Stored
) -> None:
    play = keep(stage.registered())
    lot = indicators.waiting(10)
    indicators.count(lot)
    move(cases, play, Act.DISPATCH, DISPATCHER)
    indicators.counted(lot)
    assert waiting(database) == 1
    count_what_waits(indicators)
    assert (counters(database), waiting(database)) == (scratch(play.case), 0)


def test_an_older_version_never_takes_the_place_of_a_later_one(
    cases: CaseStore, indicators: IndicatorStore, keep: Kept, database: Stored
) -> None:
    play = keep(stage.registered())
    slow = indicators.waiting(10)
    move(cases, play, Act.DISPATCH, DISPATCHER)
    count_what_waits(indicators)
    assert indicators.count(slow) == 0
    assert counters(database) == scratch(play.case)


def test_of_two_who_count_the_same_at_once_one_is_turned_back(
    indicators: IndicatorStore, keep: Kept, database: Stored
) -> None:
    play = keep(stage.closed())
    lot, other = indicators.waiting(10), IndicatorStore(Home(database))
    with indicators.transaction() as session:
        indicators.add(scratch(play.case), session)
        with pytest.raises(StaleVersion):
            other.count(lot)
        session.abort_transaction()
    assert database[LINES].count_documents({}) == 0
    assert other.count(lot) == 1
    assert counters(database) == scratch(play.case)


def test_many_who_count_at_once_count_each_case_once(indicators: IndicatorStore, keep: Kept, database: Stored) -> None:
    plays = [keep(stage.closed()) for _ in range(12)]

    def count() -> None:
        for _ in range(6):
            count_what_waits(IndicatorStore(Home(database)))

    threads = [Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    count_what_waits(indicators)
    assert (counters(database), waiting(database)) == (scratch(*(play.case for play in plays)), 0)


ACTS = st.sampled_from(sorted(set(Act) - {Act.MERGE, Act.JOIN, Act.REPORT}))
CALLERS = st.sampled_from((RESIDENT, DISPATCHER, WORKER, OTHER_WORKER, ELECTRICIAN))
STEPS = st.lists(
    st.one_of(st.tuples(st.integers(0, 2), ACTS, CALLERS), st.sampled_from(["count", "die", "recount"])), max_size=30
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_counters_after_any_moves_and_deaths_are_those_of_a_recount_from_scratch(
    cases: CaseStore, indicators: IndicatorStore, recounts: RecountStore, keep: Kept, database: Stored, steps: Any
) -> None:
    for name in ("cases", LINES, COUNTERS):
        database[name].delete_many({})
    plays = [keep(start()) for start in (stage.opened, stage.in_progress, stage.closed)]
    for each in steps:
        match each:
            case "count":
                count_what_waits(indicators)
            case "die":
                indicators.count(indicators.waiting(2))
            case "recount":
                recounted(recounts)
            case (n, act, who):
                plays[n].later(hours=2)
                with suppress(Refusal):
                    move(cases, plays[n], act, who)
    count_what_waits(indicators)
    assert counters(database) == scratch(*(play.case for play in plays))
    assert recounted(recounts) == {"cases": 3, "lines": 0, "counters": 0}


# Recounting.


def test_a_recount_puts_right_a_spoilt_counter_and_says_so(
    indicators: IndicatorStore, recounts: RecountStore, keep: Kept, database: Stored
) -> None:
    plays = [keep(stage.closed()), keep(stage.registered())]
    count_what_waits(indicators)
    right = scratch(*(play.case for play in plays))
    database[COUNTERS].update_one({"day": "2026-03-13", "cut": "grid"}, {"$inc": {"n.closed": 5}})
    database[COUNTERS].delete_one({"day": "2026-03-12", "cut": "full"})
    stray = {"cut": "full", "tenant": "360799", "day": "2025-01-01", "grid": "360799100001001"}
    database[COUNTERS].insert_one({"_id": "stray", **stray, "unit": None, "category": None, "n": {"due": 2}})
    assert counters(database) != right
    assert recounted(recounts) == {"cases": 2, "lines": 0, "counters": 3}
    found = counters(database)
    assert {key: counts for key, counts in found.items() if key.tenant == "360704"} == right
    assert recounted(recounts)["counters"] == 0


def test_a_recount_puts_right_lines_that_are_spoilt_missing_or_of_no_case(
    indicators: IndicatorStore, recounts: RecountStore, keep: Kept, database: Stored
) -> None:
    plays = [keep(stage.closed()) for _ in range(3)]
    count_what_waits(indicators)
    database[LINES].update_one({"_id": plays[0].case.id}, {"$set": {"unit": "u-wrong"}})
    database[LINES].delete_one({"_id": plays[1].case.id})
    database.cases.delete_one({"_id": plays[2].case.id})
    assert recounted(recounts)["lines"] == 3
    # Lines were spoilt behind the counters' back: the second stage has put those right too.
    assert counters(database) == scratch(plays[0].case, plays[1].case)
    assert recounted(recounts) == {"cases": 2, "lines": 0, "counters": 0}


def test_cases_that_no_release_before_has_counted_are_counted_by_a_recount(
    recounts: RecountStore, keep: Kept, database: Stored
) -> None:
    play = keep(stage.closed())
    database.cases.update_many({}, {"$unset": {"uncounted": True}})
    assert recounted(recounts) == {"cases": 1, "lines": 1, "counters": 0}
    assert counters(database) == scratch(play.case)


def test_what_merely_waits_is_no_fault(recounts: RecountStore, keep: Kept, database: Stored) -> None:
    keep(stage.closed())
    assert recounted(recounts) == {"cases": 1, "lines": 0, "counters": 0}
    assert waiting(database) == 1


# Asking.


@pytest.fixture
def march(service: CasesService, keep: Kept, clock: SetClock) -> list[Play]:
    """Three closed cases, one of them in another grid; one open, one rejected; all of it counted."""
    rated = [stage.closed().do(Act.RATE, RESIDENT, **RATED) for _ in range(2)]
    plays = [*(keep(play) for play in rated), keep(stage.closed(), ELSEWHERE)]
    plays += [keep(stage.dispatched()), keep(stage.rejected())]
    service.count_indicators()
    clock.moment = datetime(2026, 3, 31, 18, tzinfo=LOCAL)
    return plays


def test_the_board_of_an_area(service: CasesService, march: list[Play]) -> None:
    """F54: counts, rates and coverage of an area, and of each of its parts."""
    found = service.indicators(DISPATCHER.dump(), **MARCH, by="grid")
    counts, rates = found["total"]["counts"], found["total"]["rates"]
    wanted = {"reported": 5, "registered": 4, "due": 4, "due_closed": 3, "in_time": 3, "concluded": 3, "answered": 2}
    assert {name: counts[name] for name in wanted} == wanted
    shown = ("registration", "closure", "coverage", "resolution", "overdue")
    assert {name: rates[name] for name in shown} == dict(zip(shown, (80.0, 75.0, 66.67, 100.0, 25.0), strict=True))
    parts = {part["of"]: part["counts"]["reported"] for part in found["parts"]}
    assert parts == {GRID: 4, ELSEWHERE: 1}
    assert found["names"][GRID] == "高新社区第一网格（东源胜景片）"
    assert found["counted_until"] == found["asked_at"] == "2026-03-31T10:00:00Z"
    assert found["scoring"] == {
        "response": 0.3,
        "resolution": 0.35,
        "satisfaction": 0.35,
        "partly": 0.0,
        "version": "2025.1",
        "basis": "district",
    }


@pytest.mark.parametrize(
    ("by", "parts"),
    [
        ("district", {"360704": 5}),
        ("community", {"360704100002": 4, "360704100007": 1}),
        ("category", {"0101": 5}),
        ("unit", {"": 5}),
        ("day", {f"2026-03-{day:02}": 5 if day == 12 else 0 for day in range(1, 32)}),
        ("month", {"2026-03": 5}),
    ],
)
def test_parts_are_told_apart(service: CasesService, march: list[Play], by: str, parts: dict[str, int]) -> None:
    found = service.indicators(DISPATCHER.dump(), **MARCH, by=by)
    assert {part["of"]: part["counts"]["reported"] for part in found["parts"]} == parts


def test_a_month_without_a_case_has_no_rate(service: CasesService, march: list[Play]) -> None:
    """A line over months has a gap there, and never falls to 0."""
    asked = {**MARCH, "from": "2026-01-31", "to": "2026-04-01", "by": "month"}
    for who, of in ((DISPATCHER, "due"), (RESIDENT, "registered")):
        parts = {part["of"]: part for part in service.indicators(who.dump(), **asked)["parts"]}
        assert list(parts) == ["2026-01", "2026-02", "2026-03", "2026-04"]
        assert {month: part["rates"]["closure"] for month, part in parts.items()} == {
            "2026-01": None,
            "2026-02": None,
            "2026-03": 75.0,
            "2026-04": None,
        }
        assert parts["2026-02"]["counts"][of] == 0


@pytest.mark.parametrize("area", ["360704", "360704100", "360704100002", GRID])
def test_a_category_is_counted_alike_however_wide_the_area(service: CasesService, march: list[Play], area: str) -> None:
    for which in ({"by": "category"}, {"category": "0101"}, {"category": "0101", "by": "grid"}):
        found = service.indicators(DISPATCHER.dump(), **{**MARCH, "area": area, **which})["total"]
        assert found == service.indicators(DISPATCHER.dump(), **{**MARCH, "area": area})["total"]


def test_a_case_is_overdue_from_its_hour_on(service: CasesService, march: list[Play], clock: SetClock) -> None:
    """Of the day on which it was due no counter tells the hour: the cases themselves do."""

    def overdue(**which: Any) -> list[int]:
        asked = {**MARCH, **which}
        listed = service.indicator_cases(DISPATCHER.dump(), **asked, count="overdue")
        total = service.indicators(DISPATCHER.dump(), **asked)["total"]["counts"]["overdue"]
        by_day = service.indicators(DISPATCHER.dump(), **asked, by="day")["parts"]
        return [total, len(listed["items"]), sum(part["counts"]["overdue"] for part in by_day)]

    due = datetime(2026, 3, 17, 18, tzinfo=LOCAL)
    for moment, wanted in ((due, 0), (due + timedelta(seconds=1), 1), (due + timedelta(hours=7), 1)):
        clock.moment = moment
        assert overdue() == [wanted] * 3
    assert overdue(**{"from": "2026-03-18"}) == [0, 0, 0]


def test_an_auditor_opens_a_published_number_and_sees_exactly_its_cases(
    service: CasesService, march: list[Play], clock: SetClock
) -> None:
    """F34: given a published count, when an auditor opens it, then exactly those masked case numbers, with the time."""
    published = service.indicators(AUDITOR.dump(), **MARCH)["total"]["counts"]["solved"]
    found = service.indicator_cases(AUDITOR.dump(), **MARCH, count="solved")
    assert (published, found["number"], found["next"]) == (2, 2, None)
    assert {row["number"] for row in found["items"]} == {play.case.number for play in march[:2]}
    assert found["asked_at"] == "2026-03-31T10:00:00Z"
    assert not any("reporter" in row or row["people"] for row in found["items"])
    assert all(RESIDENT.id not in str(row) for row in found["items"])


def test_every_number_has_as_many_cases_as_it_says(service: CasesService, march: list[Play]) -> None:
    """F34: every count of the board, page by page."""
    counts = service.indicators(AUDITOR.dump(), **MARCH)["total"]["counts"]
    for count, number in counts.items():
        seen: list[str] = []
        after = None
        while True:
            page = service.indicator_cases(AUDITOR.dump(), **MARCH, count=count, after=after, limit=2)
            seen += [row["case_id"] for row in page["items"]]
            after = page["next"]
            if after is None:
                break
        assert (count, len(seen), len(set(seen)), page["number"]) == (count, number, number, number)


def test_free_text_in_the_list_is_masked(service: CasesService, keep: Kept, clock: SetClock) -> None:
    keep(stage.closed(text="请打 12000000001 找谢测001"))
    service.count_indicators()
    clock.moment = datetime(2026, 3, 31, 18, tzinfo=LOCAL)
    [row] = service.indicator_cases(AUDITOR.dump(), **MARCH, count="closed")["items"]
    assert "12000000001" not in row["text"]
    assert row["text"].startswith("请打")


def test_a_unit_is_told_of_what_it_has_and_of_no_other(
    service: CasesService, cases: CaseStore, keep: Kept, clock: SetClock
) -> None:
    """The row "indicators" of docs/domain.md §5: a unit's contact has the own unit's figures."""
    keep(stage.registered().do(Act.DISPATCH, DISPATCHER, assignees=["u-lighting"]))
    keep(stage.registered().do(Act.DISPATCH, DISPATCHER, assignees=["u-property"]))
    service.count_indicators()
    clock.moment = datetime(2026, 3, 13, 18, tzinfo=LOCAL)
    own = {**MARCH, "unit_id": "u-lighting"}
    for by in (None, "category", "grid"):
        assert service.indicators(CONTACT.dump(), **own, by=by)["total"]["counts"]["dispatched"] == 1
    assert len(service.indicator_cases(CONTACT.dump(), **own, count="dispatched")["items"]) == 1
    by_unit = service.indicators(DISPATCHER.dump(), **MARCH, by="unit")
    assert [part["of"] for part in by_unit["parts"]] == ["u-lighting", "u-property"]
    with pytest.raises(Refusal, match="out_of_scope"):
        service.indicators(CONTACT.dump(), **{**own, "unit_id": "u-property"})


def test_everybody_is_told_the_public_set(service: CasesService, march: list[Play]) -> None:
    found = service.indicators(RESIDENT.dump(), **MARCH, by="community")
    assert (found["audience"], found["total"]["rates"]["registration"]) == ("public", 80.0)
    assert found["total"]["rates"]["satisfaction"] is None
    with pytest.raises(Refusal, match="out_of_scope"):
        service.indicator_cases(RESIDENT.dump(), **MARCH, count="closed")


@pytest.fixture
def opinions(service: CasesService, keep: Kept, clock: SetClock) -> None:
    """In March twelve answers in one grid of a community, three in another; in February ten; March is over."""
    at = {"2026-03": "03-13 12:00", "2026-02": "02-20 12:00"}
    for month, grid, n in ((MONTH, GRID, 12), (MONTH, f"{GRID[:12]}002", 3), ("2026-02", GRID, 10)):
        for _ in range(n):
            closed = stage.resolved().at(at[month]).do(Act.INSPECT_PASS, OTHER_WORKER)
            keep(closed.do(Act.RATE, RESIDENT, **RATED), grid)
    service.count_indicators()
    clock.moment = datetime(2026, 4, 1, 9, tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("which", "total", "parts"),
    [
        ({"by": "grid"}, 100.0, {GRID: None, f"{GRID[:12]}002": None}),
        ({"by": "community"}, 100.0, {GRID[:12]: 100.0}),
        ({"area": GRID}, None, {}),
        ({"from": "2026-02-01", "by": "month"}, 100.0, {"2026-02": 100.0, MONTH: 100.0}),
        ({"from": "2026-02-01", "by": "grid"}, 100.0, {GRID: None, f"{GRID[:12]}002": None}),
        ({"from": "2026-02-01", "to": "2026-02-28", "by": "grid"}, 100.0, {GRID: 100.0}),
        ({"from": "2026-02-21", "by": "month"}, None, {"2026-02": None, MONTH: 100.0}),
        ({"to": "2026-03-30"}, None, {}),
        ({"to": "2026-04-01", "by": "month"}, None, {MONTH: 100.0, "2026-04": None}),
    ],
)
def test_opinions_of_a_few_are_not_had_by_subtracting(
    service: CasesService, opinions: None, which: dict[str, str], total: float | None, parts: dict[str, float | None]
) -> None:
    """docs/domain.md §5, small groups: neither one grid from the whole, nor one day from the next."""
    found = service.indicators(RESIDENT.dump(), **{**MARCH, **which})
    assert found["total"]["rates"]["satisfaction"] == total
    assert {part["of"]: part["rates"]["satisfaction"] for part in found["parts"]} == parts
    everything = service.indicators(DISPATCHER.dump(), **{**MARCH, **which})
    assert everything["total"]["rates"]["satisfaction"] == 100.0


def test_everybody_is_told_how_opinions_have_changed_from_month_to_month(service: CasesService, opinions: None) -> None:
    [district] = service.indicator_ranking(RESIDENT.dump(), **MARCH, by="district")["items"]
    assert (district["value"], district["change"]) == (100.0, 0.0)
    hidden = service.indicator_ranking(RESIDENT.dump(), **MARCH, by="grid")["items"]
    assert {(each["value"], each["change"], each["coverage"]) for each in hidden} == {(None, None, 100.0)}


def test_a_province_sees_the_sums_of_two_districts_and_no_case_of_either(
    service: CasesService, march: list[Play], keep: Kept, places: PlaceStore
) -> None:
    """F57: given two districts, when the province opens the board, then sums and no personal data of either."""
    places.put_grid(replace(next(iter(demo_grids())), code=OTHER_DISTRICT), 1)
    keep(stage.closed(), OTHER_DISTRICT)
    service.count_indicators()
    asked = {**MARCH, "area": "36"}
    found = service.indicators(PROVINCE.dump(), **asked, by="district")
    assert {part["of"]: part["counts"]["closed"] for part in found["parts"]} == {"360702": 1, "360704": 3}
    assert (found["total"]["counts"]["closed"], found["total"]["rates"]["closure"]) == (4, 80.0)
    for play in march:
        assert not {play.case.number, play.case.id, RESIDENT.id} & set(str(found).split("'"))
    for area in ("36", "3607", "360704", "360702"):
        with pytest.raises(Refusal, match="out_of_scope"):
            service.indicator_cases(PROVINCE.dump(), **{**asked, "area": area}, count="closed")
    assert service.indicators(PROVINCE.dump(), **{**asked, "area": "360702"})["total"]["counts"]["closed"] == 1
    ranked = service.indicator_ranking(PROVINCE.dump(), **asked, by="district", rate="closure")["items"]
    assert [(each["of"], each["rank"], each["value"]) for each in ranked] == [("360702", 1, 100.0), ("360704", 2, 75.0)]
    # And a district sees nothing of the other.
    with pytest.raises(Refusal, match="out_of_scope"):
        service.indicators(ADMIN.dump(), **{**asked, "area": "360702"})


@pytest.mark.parametrize("role", OVERSEEING)
@pytest.mark.parametrize("scope", ["", "36", "3607"])
def test_nothing_smaller_than_a_district_is_told_to_who_oversees_several(
    service: CasesService, march: list[Play], role: str, scope: str
) -> None:
    """F57: sums by district alone: no part of one, no case, nobody."""
    who = caller("p-province", role, scope=scope).dump()
    for by in ("grid", "community", "unit"):
        assert code_of(service.indicators, who, **MARCH, by=by) == "out_of_scope"
        assert code_of(service.indicator_ranking, who, **MARCH, by=by) == "out_of_scope"
    assert code_of(service.indicators, who, **{**MARCH, "area": GRID}) == "out_of_scope"
    assert code_of(service.indicators, who, **MARCH, unit_id="u-lighting") == "out_of_scope"
    assert code_of(service.indicator_cases, who, **MARCH, count="closed") == "out_of_scope"
    assert service.trend(who, area="360704")["quarter"]["closed"] == 3
    assert code_of(service.trend, who, area=GRID) == "out_of_scope"
    for list_ in ("completion", "problem"):
        assert code_of(service.ledger, who, area="360704", list=list_) == "out_of_scope"
    for question in (service.intake_sessions_of, service.summons_scores, service.mechanisms):
        assert code_of(question, who, area="360704") == "out_of_scope"
    assert service.cases(who, filters={})["items"] == []
    assert code_of(service.case, who, march[0].case.id) == "case_not_found"


# Missed on patrol.


def found(source: Source, day: str = "03-12", category: str = "0101") -> Play:
    """Reported by that way on that day, and registered."""
    at = datetime.fromisoformat(f"2026-{day}T19:40").replace(tzinfo=LOCAL)
    play = stage.registered(at=at, category=category)
    play.case = replace(play.case, source=source)
    return play


@pytest.fixture
def patrolled(service: CasesService, keep: Kept, clock: SetClock) -> None:
    """A grid in which a patrol has found something in March, one in which none has, one of another district."""
    for source, grid, day in (
        (Source.PATROL, GRID, "03-12"),
        (Source.APP, GRID, "03-12"),
        (Source.HOTLINE, GRID, "03-20"),
        (Source.SESSION, GRID, "03-20"),
        (Source.APP, GRID, "02-10"),
        (Source.APP, ELSEWHERE, "03-12"),
        (Source.PATROL, ELSEWHERE, "02-10"),
        (Source.PATROL, OTHER_DISTRICT, "03-12"),
    ):
        keep(found(source, day), grid)
    keep(found(Source.APP, "03-20", "0601"), GRID)
    service.count_indicators()
    clock.moment = datetime(2026, 3, 31, 18, tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("which", "missed", "among"),
    [
        ({}, 3, 4),
        ({"area": GRID}, 3, 4),
        ({"area": ELSEWHERE}, 0, 0),
        ({"from": "2026-02-01", "to": "2026-02-28"}, 0, 1),
        # A grid that is patrolled in one month is so in a period of two.
        ({"from": "2026-02-01"}, 5, 7),
        ({"from": "2026-03-20"}, 0, 0),
        # By whichever kind the patrol's finding was, and whoever has it.
        ({"category": "0601"}, 1, 1),
        ({"category": "0601", "by": "grid"}, 1, 1),
        ({"category": "0101", "area": GRID}, 2, 3),
        ({"by": "category"}, 3, 4),
        ({"by": "unit"}, 3, 4),
    ],
)
def test_what_others_found_in_a_patrolled_grid_was_missed(
    service: CasesService, patrolled: None, which: dict[str, str], missed: int, among: int
) -> None:
    """漏报率 of docs/domain.md §2.4: every number of it can be opened, however wide the area and fine the parts."""
    asked = {**MARCH, **which}
    board = service.indicators(DISPATCHER.dump(), **asked)
    told, rates = board["total"]["counts"], board["total"]["rates"]
    assert (told["missed"], told["found"]) == (missed, among)
    assert rates["missed"] == (round(100 * missed / among, 2) if among else None)
    parts = board["parts"] or [board["total"]]
    assert sum(part["counts"]["missed"] for part in parts) == missed
    asked.pop("by", None)
    for count, number in (("missed", missed), ("found", among)):
        page = service.indicator_cases(AUDITOR.dump(), **asked, count=count)
        assert (page["number"], len(page["items"]), page["cohort"]) == (number, number, "reported")
        assert {row["grid_code"] for row in page["items"]} <= {GRID, ELSEWHERE}


def test_missed_is_told_by_grid_day_and_month(service: CasesService, patrolled: None) -> None:
    """Of a category in a whole district the days come from the cases, of all else from the counters."""

    def told(by: str, **which: str) -> dict[str, int]:
        board = service.indicators(DISPATCHER.dump(), **{**MARCH, **which}, by=by)
        return {part["of"]: missed for part in board["parts"] if (missed := part["counts"]["missed"])}

    assert told("grid") == {GRID: 3}
    assert told("day") == {"2026-03-12": 1, "2026-03-20": 2}
    assert told("day", category="0101") == {"2026-03-12": 1, "2026-03-20": 1}
    assert told("month", category="0101") == {"2026-03": 2}
    assert told("category") == {"0101": 2, "0601": 1}
    ranked = service.indicator_ranking(DISPATCHER.dump(), **{**MARCH, "from": "2026-02-01"}, by="grid", rate="missed")
    assert [(each["of"], each["rank"], each["value"]) for each in ranked["items"]] == [
        (ELSEWHERE, 1, 50.0),
        (GRID, 2, 80.0),
    ]


# Ranking.


def test_grids_are_ranked_with_coverage_beside_and_what_has_changed(
    service: CasesService, keep: Kept, clock: SetClock
) -> None:
    """F54: by the composite unless another rate is named, against the month before."""
    bad = {"solved": "no", "satisfaction": 1}
    for said, grid in ((RATED, None), (RATED, ELSEWHERE), (bad, ELSEWHERE)):
        keep(stage.closed().do(Act.RATE, RESIDENT, **said), grid)
    keep(stage.closed(), THIRD)
    # The grid has been worse in the days before.
    earlier = stage.resolved().at("02-20 12:00").do(Act.INSPECT_PASS, OTHER_WORKER).do(Act.RATE, RESIDENT, **bad)
    keep(earlier)
    service.count_indicators()
    clock.moment = datetime(2026, 3, 31, 18, tzinfo=LOCAL)
    found = service.indicator_ranking(DISPATCHER.dump(), **MARCH, by="grid")
    told = [(each["of"], each["rank"], each["value"], each["change"], each["coverage"]) for each in found["items"]]
    assert told == [
        (GRID, 1, 100.0, 70.0, 100.0),
        (ELSEWHERE, 2, 65.0, None, 100.0),
        (THIRD, None, None, None, 0.0),
    ]
    assert (found["rate"], found["lowest_first"], found["audience"]) == ("composite", False, "all")
    assert (found["before"]["from"], found["before"]["to"]) == ("2026-02-01", "2026-02-28")
    assert found["items"][0]["counts"]["closed"] == 1
    assert found["names"][GRID] == "高新社区第一网格（东源胜景片）"
    # Equal figures share a rank.
    closure = service.indicator_ranking(DISPATCHER.dump(), **MARCH, by="grid", rate="closure")
    assert [(each["of"], each["rank"]) for each in closure["items"]] == [
        (GRID, 1),
        (ELSEWHERE, 1),
        (THIRD, 1),
    ]


@pytest.mark.parametrize(
    ("by", "first"),
    [("community", "360704100002"), ("district", "360704"), ("category", "0101")],
)
def test_whatever_has_a_code_is_ranked(service: CasesService, march: list[Play], by: str, first: str) -> None:
    found = service.indicator_ranking(DISPATCHER.dump(), **MARCH, by=by, rate="coverage")
    assert (found["items"][0]["of"], found["items"][0]["rank"]) == (first, 1)
    assert "" not in {each["of"] for each in found["items"]}


def test_everybody_may_have_grids_ranked_by_what_is_public(service: CasesService, march: list[Play]) -> None:
    found = service.indicator_ranking(RESIDENT.dump(), **MARCH, by="grid", rate="closure")
    assert [(each["rank"], each["value"]) for each in found["items"]] == [(1, 100.0), (2, 66.67)]
    hidden = service.indicator_ranking(RESIDENT.dump(), **MARCH, by="grid")["items"]
    assert {(each["rank"], each["value"], each["rates"]["satisfaction"]) for each in hidden} == {(None, None, None)}
    for which in ({"by": "grid", "rate": "overdue"}, {"by": "unit"}, {"by": "category"}):
        with pytest.raises(Refusal, match="out_of_scope"):
            service.indicator_ranking(RESIDENT.dump(), **MARCH, **which)


@pytest.mark.parametrize(
    ("which", "refusal"),
    [
        ({"by": None}, "invalid"),
        ({"by": "day"}, "invalid"),
        ({"rate": "beauty"}, "invalid"),
        ({"from": "2026-03-05", "to": "2026-03-04"}, "period_reversed"),
        ({"from": "1999-01-01"}, "period_too_long"),
        ({"unit_id": "u-nobody"}, "unknown_unit"),
        ({"category": "9999"}, "unknown_category"),
        ({"area": "360704100099"}, "unknown_area"),
        ({"area": "360702"}, "out_of_scope"),
    ],
)
def test_a_bad_ranking_has_an_error_of_its_own(service: CasesService, which: dict[str, Any], refusal: str) -> None:
    with pytest.raises(Refusal, match=refusal):
        service.indicator_ranking(DISPATCHER.dump(), **{**MARCH, "by": "grid", **which})


# Scoring.


def score(service: CasesService, clock: SetClock, **body: Any) -> str:
    """Enter how the district makes its rates from 1 April on; the version."""
    clock.moment = datetime(2026, 3, 20, 9, tzinfo=LOCAL)
    said = {
        "area": "360704",
        "valid_from": "2026-04-01",
        "weights": {"response": 0.2, "resolution": 0.4, "satisfaction": 0.4},
        "partly": 0.5,
        "exclusions": ["duplicate"],
        "smallest_group": 5,
        **body,
    }
    return str(service.enter_case_scoring(ADMIN.dump(), f"score-{said['valid_from']}", **said)["policy_id"])


def closed_on(day: str, ground: str) -> Play:
    """Closed at noon of that day, and left out on that ground afterwards."""
    play = stage.resolved().at(f"{day} 12:00").do(Act.INSPECT_PASS, OTHER_WORKER).do(Act.RATE, RESIDENT, **RATED)
    return play.do(Act.PROPOSE_EXCLUSION, DISPATCHER, reason_code=ground, grounds="见附件").do(
        Act.APPROVE_EXCLUSION, ADMIN
    )


def test_a_district_is_told_its_figures_by_its_own_version_of_the_day(
    service: CasesService, keep: Kept, clock: SetClock
) -> None:
    """docs/domain.md §2.4: by the version that holds on the last day, never by one that is still to come."""
    partly = {"solved": "partly", "satisfaction": 4}
    for _ in range(5):
        keep(stage.closed().do(Act.RATE, RESIDENT, **partly))
    service.count_indicators()
    version = score(service, clock)
    year = {**MARCH, "to": "2026-12-31"}

    def asked(who: Caller = DISPATCHER, **which: Any) -> tuple[Any, ...]:
        found = service.indicators(who.dump(), **{**year, **which})
        rates = found["total"]["rates"]
        return found["scoring"]["version"], found["fewest_told"], rates["resolution"], rates["composite"]

    assert asked() == asked(to="2026-03-31") == ("2025.1", 10, 0.0, 65.0)
    clock.moment = datetime(2026, 4, 1, 9, tzinfo=LOCAL)
    assert asked() == (version, 5, 50.0, 80.0)
    assert asked(to="2026-03-31") == ("2025.1", 10, 0.0, 65.0)
    # A unit, a grid and a community are in the district.
    assert asked(area=GRID) == asked()
    # March stays as it was, and five answers are still too few for everybody there.
    [march] = [
        part for part in service.indicators(DISPATCHER.dump(), **year, by="month")["parts"] if part["of"] == MONTH
    ]
    assert (march["rates"]["resolution"], march["scoring"]["version"]) == (0.0, "2025.1")
    assert asked(RESIDENT, to="2026-03-31")[2:] == (None, None)
    # Over several districts one version holds for all of them.
    assert asked(PROVINCE, area="36") == ("2025.1", 10, 0.0, 65.0)
    assert service.indicators(PROVINCE.dump(), **{**year, "area": "36"})["scoring"]["basis"] == "shipped"


def test_a_case_is_left_out_by_the_version_of_the_day_on_which_it_was_closed(
    service: CasesService, keep: Kept, clock: SetClock, database: Stored, recounts: RecountStore
) -> None:
    """Also where the exclusion was approved later, and a recount finds the same."""
    score(service, clock)
    plays = [keep(closed_on(day, ground)) for day in ("03-31", "04-01") for ground in ("malicious", "duplicate")]
    service.count_indicators()
    clock.moment = datetime(2026, 5, 1, 9, tzinfo=LOCAL)

    def told(day: str) -> dict[str, int]:
        counts = service.indicators(DISPATCHER.dump(), **{**MARCH, "from": day, "to": day})["total"]["counts"]
        wanted = ("concluded", "answered", "excluded", "excluded_malicious", "excluded_duplicate")
        return {name: counts[name] for name in wanted}

    none = {"concluded": 0, "answered": 0, "excluded": 2, "excluded_malicious": 1, "excluded_duplicate": 1}
    assert told("2026-03-31") == none
    one = {"concluded": 1, "answered": 1, "excluded": 1, "excluded_malicious": 0, "excluded_duplicate": 1}
    assert told("2026-04-01") == one
    april = {**MARCH, "from": "2026-04-01", "to": "2026-04-30"}
    [row] = service.indicator_cases(AUDITOR.dump(), **april, count="excluded_duplicate")["items"]
    assert row["number"] == plays[3].case.number
    assert recounted(recounts) == {"cases": 4, "lines": 0, "counters": 0}


def test_an_exclusion_takes_a_case_out_that_was_counted_long_ago(
    service: CasesService, cases: CaseStore, keep: Kept, clock: SetClock, database: Stored
) -> None:
    play = keep(stage.closed().do(Act.RATE, RESIDENT, **RATED))
    service.count_indicators()
    move(cases, play.at("03-20 09:00"), Act.PROPOSE_EXCLUSION, DISPATCHER)
    assert waiting(database) == 0
    with pytest.raises(Refusal, match="own_exclusion"):
        service.move(DISPATCHER.dump(), "own", play.case.id, "approve_exclusion")
    move(cases, play, Act.APPROVE_EXCLUSION, ADMIN)
    assert waiting(database) == 1
    service.count_indicators()
    clock.moment = datetime(2026, 3, 31, 18, tzinfo=LOCAL)
    found = service.indicators(DISPATCHER.dump(), **MARCH)["total"]
    assert (found["counts"]["excluded"], found["counts"]["concluded"], found["rates"]["composite"]) == (1, 0, None)
    # Timeliness counts it as before (docs/domain.md §2.4).
    assert (found["counts"]["closed"], found["counts"]["in_time"]) == (1, 1)


def test_what_a_release_before_has_counted_is_put_right_by_a_recount(
    service: CasesService, keep: Kept, recounts: RecountStore, database: Stored, clock: SetClock
) -> None:
    """Before, an approved exclusion changed nothing; the upgrade needs a recount."""
    play = keep(closed_on("03-20", "malicious"))
    service.count_indicators()
    before = tally(play.case, ())
    counts = "|".join(sorted(before.marks[Cohort.CLOSED].counts))
    database[LINES].update_one({"_id": play.case.id}, {"$set": {"closed.counts": f"|{counts}|"}})
    database[COUNTERS].delete_many({"day": "2026-03-20"})
    assert recounted(recounts)["lines"] == 1
    assert counters(database) == scratch(play.case)
    assert recounted(recounts) == {"cases": 1, "lines": 0, "counters": 0}


@pytest.mark.parametrize(
    ("which", "refusal"),
    [
        ({"from": "2026-03-05", "to": "2026-03-04"}, "period_reversed"),
        ({"from": "1999-01-01"}, "period_too_long"),
        ({"from": "2026-02-30"}, "invalid"),
        ({"unit_id": "u-nobody"}, "unknown_unit"),
        ({"category": "9999"}, "unknown_category"),
        ({"area": "360704100099"}, "unknown_area"),
        ({"area": "360704100002999"}, "unknown_area"),
        ({"area": "36070"}, "invalid"),
        ({"by": "weather"}, "invalid"),
    ],
)
def test_bad_input_has_an_error_of_its_own(
    service: CasesService, places: Any, which: dict[str, Any], refusal: str
) -> None:
    with pytest.raises(Refusal, match=refusal):
        service.indicators(DISPATCHER.dump(), **{**MARCH, **which})


def test_the_old_code_of_a_grid_that_was_split_is_known_as_are_areas_above_a_district(
    service: CasesService, places: PlaceStore
) -> None:
    old = next(grid for grid in demo_grids() if grid.code == GRID)
    places.put_grid(replace(old, closed=datetime(2026, 1, 1, tzinfo=LOCAL)), 2)
    assert service.indicators(DISPATCHER.dump(), **{**MARCH, "area": GRID})["area"] == GRID
    for area in ("36", "3607"):
        assert service.indicators(PROVINCE.dump(), **{**MARCH, "area": area})["area"] == area
    assert code_of(service.indicators, caller("p-nation", "auditor", scope="").dump(), **{**MARCH, "area": "37"}) == (
        "unknown_area"
    )


class Questions(Overheard):
    """Keeps aggregations too."""

    def started(self, event: CommandStartedEvent) -> None:
        super().started(event)
        if event.command_name == "aggregate":
            wanted = ("aggregate", "pipeline", "cursor", "hint")
            self.finds.append({name: event.command[name] for name in wanted if name in event.command})


def test_indicators_are_read_by_their_indexes(
    march: list[Play], patrolled: None, mongo_uri: str, database: Stored
) -> None:
    listener, asked = Questions(), Selection("360704", date(2026, 3, 1), date(2026, 3, 31))
    with MongoClient[dict[str, Any]](mongo_uri, tz_aware=True, event_listeners=[listener]) as client:
        home = Home(client[database.name])
        store, figures = IndicatorStore(home), FigureStore(home)
        now = datetime(2026, 3, 17, 20, tzinfo=LOCAL)
        store.waiting(5)
        store.waits_since()
        by_category = replace(asked, by=By.CATEGORY)
        for which in (asked, replace(asked, by=By.UNIT), by_category, replace(asked, area="36", by=By.DISTRICT)):
            figures.sums(which, now)
        figures.answers("360704", asked.first, asked.last)
        page = figures.page(asked, "closed", now, None, 1)
        for count in ("closed", "overdue", "missed", "found"):
            figures.page(asked, count, now, (page[0]["at"], page[0]["_id"]), 5)
        recounted(RecountStore(home))
    assert len(listener.finds) > 20
    for question in listener.finds:
        plan = database.command({"explain": question, "verbosity": "queryPlanner"})
        assert (stages_of(plan) & {"COLLSCAN", "SORT"}, bool(indexes_of(plan))) == (set(), True), question
