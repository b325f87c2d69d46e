"""The three lists of an area (F31): live views whose sums equal the case store, each line with what it has to say."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from pymongo.database import Database
from pymongo.errors import OperationFailure

from cases.act import Act
from cases.assignment import UNIT, Assignee, Assignment
from cases.indicators.store import COUNTERS
from cases.ledger import store
from cases.ledger.endings import Span
from cases.ledger.lists import List, wanted
from cases.service import CasesService
from cases.store import CaseStore, PlaceStore
from cases.store.cases import Step
from chassis.caller import Caller
from chassis.errors import Busy, Refusal
from chassis.mongo import Home
from chassis.rpc import Unreachable
from tests.component.cases.staging import MembersDouble
from tests.component.cases.test_case_store import Overheard, entry, indexes_of, kept, overheard, stages_of
from tests.component.set_clock import SetClock
from tests.unit.cases import play as stage
from tests.unit.cases.play import ADMIN, CONTACT, DISPATCHER, ELECTRICIAN, GRID, OTHER_WORKER, RESIDENT, Play, caller

__all__ = ["overheard"]

COMMUNITY = GRID[:12]
FAR = caller("p-far", "dispatcher", scope="360704100001")


@pytest.fixture
def ledger(service: CasesService, clock: SetClock) -> Callable[..., dict[str, Any]]:
    clock.moment = stage.opened().at("03-20 12:00").now

    def shown(who: Caller = DISPATCHER, area: str = GRID, **asked: Any) -> dict[str, Any]:
        return service.ledger(who.dump(), area=area, **asked)

    return shown


def keep(cases: CaseStore, *builds: Callable[[], Play]) -> list[Play]:
    plays = [build() for build in builds]
    for n, play in enumerate(plays):
        own = [replace(each, photos=tuple(f"{photo}-{n}" for photo in each.photos)) for each in play.case.remarks]
        play.case = replace(play.case, remarks=tuple(own))  # a photo belongs to one case
        kept(cases, play, f"command-{n}")
    return plays


TEN = (
    stage.registered,
    stage.dispatched,
    stage.in_progress,
    stage.suspended,
    *(stage.closed,) * 6,
)


def test_no_list_scans_the_cases_or_sorts_them_in_memory(
    cases: CaseStore, overheard: tuple[Overheard, Database[dict[str, Any]]]
) -> None:
    keep(cases, *TEN, *(stage.closed,) * 30)
    listener, database = overheard
    kept_, now = CaseStore(Home(database)), stage.opened().at("03-20 12:00").now
    period = (now - timedelta(days=30), now)
    for name in List:
        for after in (None, (now - timedelta(days=10), "case-9")):
            assert kept_.page(wanted(name, GRID[:6], period, {}, now, DISPATCHER), after, 10) or after
    assert len(listener.finds) == 6
    for find in listener.finds:
        plan = database.command({"explain": find, "verbosity": "queryPlanner"})["queryPlanner"]["winningPlan"]
        assert not {"COLLSCAN", "SORT"} & stages_of(plan), (find, plan)
        assert not indexes_of(plan) & {"area"}, plan  # it holds what ended long ago too


@pytest.mark.parametrize("area", [GRID, COMMUNITY, GRID[:9], GRID[:6]])
def test_the_sums_are_counted_from_indexes_alone(
    cases: CaseStore, ledger: Callable[..., dict[str, Any]], database: Database[dict[str, Any]], area: str
) -> None:
    keep(cases, *TEN, stage.opened, stage.rejected)
    now = stage.opened().at("03-20 12:00").now
    period = (now - timedelta(days=30), now)
    for pipeline, index in (
        (store.opened(area, now), store.OPEN),
        (store.overdue(area, now), store.OPEN),
        (store.ended(area, period), store.ENDED),
    ):
        command = {"aggregate": "cases", "pipeline": pipeline, "cursor": {}, "hint": index}
        plan = database.command({"explain": command, "verbosity": "queryPlanner"})
        assert not {"FETCH", "COLLSCAN", "SORT"} & stages_of(plan), plan
        assert index in indexes_of(plan)
    assert sum(ledger(area=area)["totals"][name] for name in ("waiting", "problem", "completion", "left")) == 12


def test_what_is_open_and_not_overdue_is_passed_over(
    service: CasesService, cases: CaseStore, database: Database[dict[str, Any]]
) -> None:
    """However much is open: what is read of the index grows with grids, statuses and what is overdue."""
    keep(cases, *(stage.registered,) * 40)
    early = stage.registered().now
    command = {"aggregate": "cases", "pipeline": store.overdue(GRID[:6], early), "cursor": {}, "hint": store.OPEN}
    told = database.command({"explain": command, "verbosity": "executionStats"})
    keys = [found["totalKeysExamined"] for found in parts_of(told) if "totalKeysExamined" in found]
    assert keys
    assert max(keys) < 10


def parts_of(told: Any) -> Iterator[dict[str, Any]]:
    if isinstance(told, list):
        for each in told:
            yield from parts_of(each)
    elif isinstance(told, dict):
        yield told
        yield from parts_of(list(told.values()))


def test_what_was_counted_is_read_by_day(
    service: CasesService, cases: CaseStore, database: Database[dict[str, Any]]
) -> None:
    keep(cases, *TEN)
    service.count_indicators()
    span = Span(GRID[:6], date(2026, 3, 1), date(2026, 3, 20))
    for pipeline in (store.counted(span), store.counted_open(GRID[:6])):
        command = {"aggregate": COUNTERS, "pipeline": pipeline, "cursor": {}, "hint": "by_day"}
        plan = database.command({"explain": command, "verbosity": "queryPlanner"})
        assert "by_day" in indexes_of(plan)
        assert not {"COLLSCAN", "SORT"} & stages_of(plan), plan


PERIODS: tuple[dict[str, str], ...] = (
    {},
    {"since": "2026-03-13T19:00:00+08:00", "until": "2026-03-13T19:15:00+08:00"},
    {"since": "2026-03-12T15:00:00+08:00", "until": "2026-03-13T19:10:00+08:00"},
    {"since": "2026-03-12T19:00:00+08:00", "until": "2026-03-16T01:00:00+08:00"},
    {"since": "2026-03-14T00:00:00+08:00", "until": "2026-03-20T00:00:00+08:00"},
    {"since": "0001-03-01T00:00:00Z", "until": "9999-12-30T23:59:59Z"},
)


def sums(ledger: Callable[..., dict[str, Any]]) -> list[Any]:
    """What ended, in each area and period."""
    found = [ledger(area=area, **period) for area in (GRID, GRID[:12], GRID[:6]) for period in PERIODS]
    return [(each["totals"], each["parts"]) for each in found]


def test_the_sums_are_the_same_before_and_after_everything_is_counted(
    service: CasesService,
    cases: CaseStore,
    ledger: Callable[..., dict[str, Any]],
    database: Database[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All is read from counters and from what waits to be counted; from the cases, when much waits."""

    def of_the_cases() -> list[Any]:
        with monkeypatch.context() as patched:
            patched.setattr(store, "MOST_WAITING", -1)
            return sums(ledger)

    plays = keep(cases, *TEN, stage.rejected, stage.merged, stage.withdrawn, stage.opened, stage.verifying)
    waiting = sums(ledger)
    service.count_indicators()
    counted = sums(ledger)
    assert waiting == counted == of_the_cases()
    assert counted[0][0]["completion"] == 6
    assert [found[0]["left"] for found in counted[:3]] == [3, 0, 3]
    assert [counted[0][0][name] for name in ("waiting", "problem", "unassigned")] == [2, 4, 1]
    for again in plays[4:6]:
        before = cases.load(again.case.id, None).case
        again.at("03-15 09:00").do(Act.REOPEN, RESIDENT)
        cases.save(Step(before, replace(again.case, number=before.number), entry(again, f"again-{before.id}")))
    moved = sums(ledger)
    assert moved == of_the_cases() != counted
    assert (moved[0][0]["completion"], moved[0][0]["problem"]) == (4, 6)
    service.count_indicators()
    assert sums(ledger) == moved
    for which in ({"cut": "open"}, {}):
        known = sums(ledger)
        database["indicator_counters"].delete_many(which)
        assert sums(ledger) != known, "they are read"


def test_ten_cases_of_a_grid_of_which_six_are_closed(cases: CaseStore, ledger: Callable[..., dict[str, Any]]) -> None:
    """F31: problem 4, responsibility 4 with unit, person and due, completion 6 with evidence; sums equal the store."""
    keep(cases, *TEN)
    pages = {name: ledger(list=name.value) for name in List}
    assert {name.value: len(page["items"]) for name, page in pages.items()} == {
        "problem": 4,
        "responsibility": 4,
        "completion": 6,
    }
    totals = pages[List.PROBLEM]["totals"]
    assert totals == {"waiting": 0, "problem": 4, "unassigned": 1, "overdue": 3, "completion": 6, "left": 0}
    assert totals["waiting"] + totals["problem"] + totals["completion"] + totals["left"] == len(TEN)
    for line in pages[List.RESPONSIBILITY]["items"]:
        assert line["resolve_due"]
        assert line["unassigned"] or (line["people"] or line["units"])
    for line in pages[List.COMPLETION]["items"]:
        assert (line["evidence"], line["in_time"], line["closed_at"]) == (1, True, "2026-03-13T11:10:00Z")


def test_every_case_stands_in_exactly_one_place(cases: CaseStore, ledger: Callable[..., dict[str, Any]]) -> None:
    keep(cases, stage.opened, stage.verifying, stage.reopened, stage.resolved, stage.rejected, stage.merged, *TEN)
    for area in (GRID, COMMUNITY, GRID[:9], GRID[:6]):
        totals = ledger(area=area)["totals"]
        assert [totals[name] for name in ("waiting", "problem", "completion", "left")] == [2, 6, 6, 2], area


def test_the_parts_of_an_area_add_up_to_it(cases: CaseStore, ledger: Callable[..., dict[str, Any]]) -> None:
    keep(cases, *TEN)
    found = ledger(area=COMMUNITY)
    assert [part["area"] for part in found["parts"]] == [GRID]
    assert {name: found["parts"][0][name] for name in found["totals"]} == found["totals"]
    assert ledger(area=GRID[:6])["parts"][0]["area"] == GRID[:9]


def test_a_period_begins_with_its_first_instant_and_ends_before_its_last(
    cases: CaseStore, ledger: Callable[..., dict[str, Any]]
) -> None:
    [play] = keep(cases, stage.closed)
    closed_at = (play.case.dues.closed_at or play.now).isoformat()
    from_then = ledger(list="completion", since=closed_at, until="2026-03-20T00:00:00+08:00")
    till_then = ledger(list="completion", since="2026-03-01T00:00:00+08:00", until=closed_at)
    counted = [(len(found["items"]), found["totals"]["completion"]) for found in (from_then, till_then)]
    assert counted == [(1, 1), (0, 0)]


def test_what_was_closed_outside_the_period_is_not_listed(
    cases: CaseStore, ledger: Callable[..., dict[str, Any]]
) -> None:
    keep(cases, *TEN)
    later = ledger(list="completion", since="2026-03-14T00:00:00+08:00", until="2026-03-20T00:00:00+08:00")
    assert (later["items"], later["totals"]["completion"], later["totals"]["problem"]) == ([], 0, 4)
    with pytest.raises(Refusal) as refused:
        ledger(since="2026-03-20T00:00:00+08:00", until="2026-03-20T00:00:00+08:00")
    assert refused.value.code == "invalid"
    with pytest.raises(Refusal, match="invalid"):
        ledger(until="0001-01-05T00:00:00Z")


def test_what_is_offered_and_taken_by_nobody_yet_is_unassigned_in_the_sums_and_in_its_line(
    cases: CaseStore, ledger: Callable[..., dict[str, Any]]
) -> None:
    keep(cases, stage.offered, stage.dispatched)
    found = ledger(list="responsibility")
    assert sum(line["unassigned"] for line in found["items"]) == found["totals"]["unassigned"] == 1


@pytest.mark.parametrize("name", [each.value for each in List])
def test_a_list_is_read_page_by_page(cases: CaseStore, ledger: Callable[..., dict[str, Any]], name: str) -> None:
    keep(cases, *TEN)
    whole = [line["case_id"] for line in ledger(list=name)["items"]]
    found: list[str] = []
    after = None
    while True:
        page = ledger(list=name, limit=1, after=after)
        found += [line["case_id"] for line in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert found == whole
    assert len(whole) == len(set(whole)) >= 4


def test_as_many_lines_are_overdue_as_the_sum_says_also_where_feedback_came_late(
    cases: CaseStore, ledger: Callable[..., dict[str, Any]]
) -> None:
    late = [lambda: stage.in_progress().at("03-18 09:00").do(Act.FEEDBACK, ELECTRICIAN)]
    keep(cases, *TEN, *late)
    page = ledger(list="problem")
    overdue = [line["case_id"] for line in page["items"] if line["overdue"]]
    assert len(overdue) == page["totals"]["overdue"] == 3
    assert [line["case_id"] for line in ledger(list="problem", filters={"overdue": True})["items"]] == overdue


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({"category": "0101"}, 4),
        ({"category": "0102"}, 0),
        ({"compound_id": "c-dongyuan"}, 4),
        ({"unassigned": True}, 1),
        ({"overdue": True}, 3),
        ({"unit_id": "u-lighting"}, 0),
        ({"tag": "elderly"}, 0),
    ],
)
def test_a_list_is_filtered_and_the_sums_are_not(
    cases: CaseStore, ledger: Callable[..., dict[str, Any]], filters: dict[str, Any], count: int
) -> None:
    keep(cases, *TEN)
    found = ledger(list="responsibility", filters=filters)
    assert (len(found["items"]), found["totals"]["problem"]) == (count, 4)


def test_people_are_named_only_to_those_who_work_with_them(
    cases: CaseStore, ledger: Callable[..., dict[str, Any]]
) -> None:
    keep(cases, stage.dispatched)
    [mine] = ledger(OTHER_WORKER, list="responsibility")["items"]
    [theirs] = ledger(ADMIN, list="responsibility")["items"]
    assert (mine["people"], mine["lead"]) == (["p-worker", "p-electrician"], "p-worker")
    assert (theirs["people"], theirs["lead"]) == ([], None)


def test_of_a_sensitive_matter_a_line_says_nothing_to_those_who_only_oversee(
    cases: CaseStore, ledger: Callable[..., dict[str, Any]]
) -> None:
    keep(cases, lambda: stage.registered(category="0801"))
    words = [ledger(who)["items"][0]["text"] for who in (DISPATCHER, OTHER_WORKER, ADMIN)]
    assert words == ["路灯闪烁", None, None]


def test_of_the_place_of_a_sensitive_matter_a_line_tells_the_grid_alone_and_no_unit(
    cases: CaseStore, ledger: Callable[..., dict[str, Any]]
) -> None:
    def given_to_a_unit() -> Play:
        play = stage.registered(category="0801")
        unit = Assignment((Assignee("u-lighting", UNIT, lead=True),))
        return replace(play, case=replace(play.case, assignment=unit))

    keep(cases, given_to_a_unit)
    told = [ledger(who, list="responsibility")["items"][0] for who in (DISPATCHER, OTHER_WORKER, ADMIN)]
    assert [(line["compound_id"], line["units"]) for line in told] == [
        ("c-dongyuan", ["u-lighting"]),
        (None, []),
        (None, []),
    ]
    assert {line["grid_code"] for line in told} == {GRID}


def test_a_line_says_what_it_is_about_and_the_page_what_its_codes_are_called(
    cases: CaseStore, ledger: Callable[..., dict[str, Any]]
) -> None:
    keep(cases, stage.dispatched)
    found = ledger(list="responsibility", area=GRID[:12])
    [line] = found["items"]
    assert line["category_name"] == {"zh": "路灯不亮/闪烁", "en": "Street lamp out or flickering"}
    assert line["text"] == "路灯闪烁"
    assert found["names"] == {
        GRID: "高新社区第一网格（东源胜景片）",
        GRID[:12]: "高新社区",
        "c-dongyuan": "东源胜景小区",
        "p-worker": "w**",
        "p-electrician": "e**",
    }


def test_an_area_and_its_parts_are_named_as_members_tells(
    cases: CaseStore, places: PlaceStore, ledger: Callable[..., dict[str, Any]]
) -> None:
    for code, name in ((GRID[:6], "赣县区"), (GRID[:9], "城市社区管委会"), (GRID[:12], "高新第一社区")):
        places.put_area(code, name, 1)
    keep(cases, stage.dispatched)
    district, agency = (ledger(ADMIN, area=GRID[:digits])["names"] for digits in (6, 9))
    assert (district[GRID[:6]], district[GRID[:9]]) == ("赣县区", "城市社区管委会")
    assert (agency[GRID[:9]], agency[GRID[:12]]) == ("城市社区管委会", "高新第一社区"), "not as its grids have it"


def test_phones_in_the_words_of_a_line_are_masked_for_everybody(
    cases: CaseStore, ledger: Callable[..., dict[str, Any]]
) -> None:
    play = stage.dispatched()
    first, *others = play.case.remarks
    play.case = replace(play.case, remarks=(replace(first, text="打12000000001"), *others))
    kept(cases, play, "command")
    for who in (DISPATCHER, ADMIN):
        assert ledger(who)["items"][0]["text"] == "打120****0001"


def test_while_members_is_away_a_ledger_lacks_the_names_of_people_only(
    cases: CaseStore, ledger: Callable[..., dict[str, Any]], members: MembersDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(**_: Any) -> None:
        raise Unreachable("members")

    monkeypatch.setattr(members, "names", away)
    keep(cases, stage.dispatched)
    assert set(ledger(list="responsibility")["names"]) == {GRID, "c-dongyuan"}


@pytest.mark.parametrize("who", [RESIDENT, CONTACT, FAR])
def test_only_who_oversees_an_area_sees_its_ledger(ledger: Callable[..., dict[str, Any]], who: Caller) -> None:
    with pytest.raises(Refusal) as refused:
        ledger(who)
    assert refused.value.code == "out_of_scope"


@pytest.mark.parametrize(("code", "times", "end"), [(239, 2, None), (239, 9, Busy), (13, 1, OperationFailure)])
def test_a_moment_that_is_over_is_another_try(
    cases: CaseStore,
    ledger: Callable[..., dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    code: int,
    times: int,
    end: type[Exception] | None,
) -> None:
    keep(cases, *TEN)
    right, failures, overdue = ledger()["totals"], iter(range(times)), store.overdue

    def late(*given: Any) -> Any:
        for _ in failures:
            raise OperationFailure("over", code)
        return overdue(*given)

    monkeypatch.setattr(store, "overdue", late)
    if end is None:
        assert ledger()["totals"] == right
        return
    with pytest.raises(end):
        ledger()


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ({"area": "360704100099"}, "unknown_area"),
        ({"filters": {"unit_id": "u-nobody"}}, "unknown_unit"),
        ({"filters": {"category": "9999"}}, "unknown_category"),
    ],
)
def test_of_what_there_is_not_no_ledger_is_empty(
    ledger: Callable[..., dict[str, Any]], asked: dict[str, Any], refusal: str
) -> None:
    with pytest.raises(Refusal, match=refusal):
        ledger(**asked)
    assert ledger(filters={"unit_id": "u-lighting", "category": "0101"})["items"] == []


def test_counts_of_grids_are_those_of_their_ledgers_zeros_too(
    service: CasesService, ledger: Callable[..., dict[str, Any]], cases: CaseStore
) -> None:
    keep(cases, *TEN)
    span = {"since": "2026-03-01T00:00:00Z", "until": "2026-03-21T00:00:00Z"}
    other = f"{GRID[:-3]}999"
    counts = service.counts_of_grids(grids=[GRID, other], **span)["counts"]
    assert counts[GRID] == ledger(**span)["totals"]
    assert (counts[GRID]["problem"], counts[GRID]["completion"]) == (4, 6)
    assert set(counts[other].values()) == {0}
    wrongs: tuple[dict[str, Any], ...] = ({"grids": []}, {"grids": [GRID], "until": span["since"]})
    for wrong in wrongs:
        with pytest.raises(Refusal, match="invalid"):
            service.counts_of_grids(**{**span, **wrong})
