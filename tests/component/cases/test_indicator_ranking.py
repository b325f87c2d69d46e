"""The parts of an area ranked by a rate, on a real database."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from cases.act import Act
from cases.deadline import LOCAL
from cases.service import CasesService
from cases.store import PlaceStore
from chassis.errors import Refusal
from tests.component.cases.indicating import GRIDS, MARCH, RATED, THIRD, Kept
from tests.component.cases.staging import demo_grids
from tests.component.set_clock import SetClock
from tests.unit.cases import play as stage
from tests.unit.cases.play import (
    DISPATCHER,
    ELSEWHERE,
    GRID,
    OTHER_WORKER,
    RESIDENT,
    Play,
)


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
    assert told[:2] + [each for each in told if each[0] == THIRD] == [
        (GRID, 1, 100.0, 70.0, 100.0),
        (ELSEWHERE, 2, 65.0, None, 100.0),
        (THIRD, None, None, None, 0.0),
    ]
    # The others have no case, and no rank either; they stand by their codes.
    assert [each[0] for each in told[2:]] == sorted(set(GRIDS) - {GRID, ELSEWHERE})
    assert {each[1:] for each in told[2:] if each[0] != THIRD} == {(None, None, None, None)}
    assert (found["rate"], found["lowest_first"], found["audience"]) == ("composite", False, "all")
    assert (found["before"]["from"], found["before"]["to"]) == ("2026-02-01", "2026-02-28")
    assert found["items"][0]["counts"]["closed"] == 1
    assert found["names"][GRID] == "高新社区第一网格（东源胜景片）"
    # Equal figures share a rank.
    closure = service.indicator_ranking(DISPATCHER.dump(), **MARCH, by="grid", rate="closure")
    assert [(each["of"], each["rank"]) for each in closure["items"] if each["rank"]] == [
        (GRID, 1),
        (ELSEWHERE, 1),
        (THIRD, 1),
    ]


def test_a_grid_is_told_of_in_periods_in_which_it_was_in_force(
    service: CasesService, places: PlaceStore, clock: SetClock
) -> None:
    """The old one to its last day and the new one from its first; grids of other levels never."""
    clock.moment = datetime(2026, 3, 31, 18, tzinfo=LOCAL)
    old, new, small = (f"{GRID[:12]}{n}" for n in ("001", "003", "901"))
    turn, grid = datetime(2026, 3, 1, tzinfo=LOCAL), next(each for each in demo_grids() if each.code == old)
    places.put_grid(replace(grid, closed=turn), 2)
    places.put_grid(replace(grid, code=new, opened=turn), 1)
    places.put_grid(replace(grid, code=small, level="MICRO"), 1)

    def told(first: str, last: str, by: str = "grid") -> list[str]:
        asked = {"area": GRID[:12], "from": first, "to": last, "by": by}
        return [each["of"] for each in service.indicators(DISPATCHER.dump(), **asked)["parts"]]

    other = f"{GRID[:12]}002"
    assert told("2026-02-01", "2026-02-28") == [old, other]
    assert told("2026-03-01", "2026-03-31") == [other, new]
    assert told("2026-02-28", "2026-03-01") == [old, other, new]
    assert told("2026-02-01", "2026-02-28", "community") == [GRID[:12]]


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
    assert [(each["rank"], each["value"]) for each in found["items"] if each["rank"]] == [(1, 100.0), (2, 66.67)]
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
