"""Indicators of an area on a real database: who is told what, and each number case by case."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from cases.act import Act
from cases.deadline import LOCAL
from cases.service import CasesService
from cases.showing.listing import OVERSEEING
from cases.store import CaseStore, PlaceStore
from chassis.errors import Refusal
from tests.component.cases.indicating import AUDITOR, MARCH, MONTH, PROVINCE, RATED, Kept, each_of
from tests.component.cases.staging import demo_grids
from tests.component.set_clock import SetClock
from tests.unit.cases import play as stage
from tests.unit.cases.play import (
    ADMIN,
    CONTACT,
    DISPATCHER,
    ELSEWHERE,
    GRID,
    OTHER_DISTRICT,
    OTHER_WORKER,
    RESIDENT,
    Play,
    caller,
    code_of,
)


def test_the_board_of_an_area(service: CasesService, march: list[Play]) -> None:
    """F54: counts, rates and coverage of an area, and of each of its parts."""
    found = service.indicators(DISPATCHER.dump(), **MARCH, by="grid")
    counts, rates = found["total"]["counts"], found["total"]["rates"]
    wanted = {"reported": 5, "registered": 4, "due": 4, "due_closed": 3, "in_time": 3, "concluded": 3, "answered": 2}
    assert {name: counts[name] for name in wanted} == wanted
    shown = ("registration", "closure", "coverage", "resolution", "overdue")
    assert {name: rates[name] for name in shown} == dict(zip(shown, (80.0, 75.0, 66.67, 100.0, 25.0), strict=True))
    parts = {part["of"]: part["counts"]["reported"] for part in found["parts"]}
    assert parts == each_of({GRID: 4, ELSEWHERE: 1}, 0)
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
        ("community", each_of({"360704100002": 4, "360704100007": 1}, 0, 12)),
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
    """The row "indicators" of docs/domain.md §5: a unit's contact has the own unit's figures, within the own scope."""
    contact = caller("p-contact", "unit_contact", scope="360704", unit="u-lighting").dump()
    keep(stage.registered().do(Act.DISPATCH, DISPATCHER, assignees=["u-lighting"]))
    keep(stage.registered().do(Act.DISPATCH, DISPATCHER, assignees=["u-property"]))
    service.count_indicators()
    clock.moment = datetime(2026, 3, 13, 18, tzinfo=LOCAL)
    own = {**MARCH, "unit_id": "u-lighting"}
    for by in (None, "category", "grid"):
        assert service.indicators(contact, **own, by=by)["total"]["counts"]["dispatched"] == 1
    assert len(service.indicator_cases(contact, **own, count="dispatched")["items"]) == 1
    by_unit = service.indicators(DISPATCHER.dump(), **MARCH, by="unit")
    assert [part["of"] for part in by_unit["parts"]] == ["u-lighting", "u-property"]
    with pytest.raises(Refusal, match="out_of_scope"):
        service.indicators(contact, **{**own, "unit_id": "u-property"})
    with pytest.raises(Refusal, match="out_of_scope"):
        service.indicators(CONTACT.dump(), **own)


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
        ({"by": "grid"}, 100.0, each_of({}, None)),
        ({"by": "community"}, 100.0, each_of({GRID[:12]: 100.0}, None, 12)),
        ({"area": GRID}, None, {}),
        ({"from": "2026-02-01", "by": "month"}, 100.0, {"2026-02": 100.0, MONTH: 100.0}),
        ({"from": "2026-02-01", "by": "grid"}, 100.0, each_of({}, None)),
        ({"from": "2026-02-01", "to": "2026-02-28", "by": "grid"}, 100.0, each_of({GRID: 100.0}, None)),
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
    assert {(each["value"], each["change"], each["coverage"]) for each in hidden} == {
        (None, None, 100.0),
        (None, None, None),
    }


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
