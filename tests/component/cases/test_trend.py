"""Two quarters compared (F19, the half of cases): median handling time and the three rates, each with its delta."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from cases.act import Act
from cases.service import CasesService
from cases.store import CaseStore
from cases.trend.quarter import named
from cases.trend.store import TrendStore
from chassis.errors import Refusal
from chassis.mongo import Home
from tests.component.cases.test_case_store import Overheard, indexes_of, kept, overheard, stages_of
from tests.component.set_clock import SetClock
from tests.unit.cases import play as stage
from tests.unit.cases.play import ADMIN, DISPATCHER, GRID, RESIDENT, Play

__all__ = ["overheard"]


def earlier(build: Any, n: int, *, days: int) -> Play:
    """A case as it would have gone so many days before."""
    play: Play = build()
    case, length = play.case, timedelta(days=days)
    dues = case.dues
    moved = {
        name: getattr(dues, name) - length for name in ("respond_due", "resolve_rule", "responded_at", "closed_at")
    }
    remarks = tuple(replace(each, photos=tuple(f"{photo}-{n}" for photo in each.photos)) for each in case.remarks)
    play.case = replace(case, reported_at=case.reported_at - length, dues=replace(dues, **moved), remarks=remarks)
    return play


def test_a_quarter_stands_beside_the_one_before(cases: CaseStore, service: CasesService, clock: SetClock) -> None:
    """F19: two quarters compared: median handling time and three rates, each with its delta."""
    rated = [lambda: stage.closed().do(Act.RATE, RESIDENT, solved="yes", satisfaction=4)] * 2
    for n, build in enumerate([*rated, stage.closed]):
        kept(cases, earlier(build, n, days=0), f"now-{n}")
    kept(cases, earlier(stage.closed, 9, days=90), "before")
    service.count_indicators()
    clock.moment = stage.opened().at("03-31 18:00").now
    found = service.trend(DISPATCHER.dump(), area=GRID)
    assert (found["quarter"]["name"], found["against"]["name"]) == ("2026Q1", "2025Q4")
    assert {name: found["quarter"][name] for name in ("closed", "resolution", "satisfaction", "coverage")} == {
        "closed": 3,
        "resolution": 100.0,
        "satisfaction": 100.0,
        "coverage": 66.67,
    }
    assert found["quarter"]["median_minutes"] == found["against"]["median_minutes"] == 1410
    assert (found["deltas"]["closed"], found["deltas"]["coverage"], found["deltas"]["resolution"]) == (2, 66.67, None)


def test_a_case_that_is_left_out_is_in_no_rate(cases: CaseStore, service: CasesService, clock: SetClock) -> None:
    rated = stage.closed().do(Act.RATE, RESIDENT, solved="no", satisfaction=1)
    kept(cases, rated.do(Act.PROPOSE_EXCLUSION, DISPATCHER), "waiting")
    service.count_indicators()
    clock.moment = stage.opened().at("03-31 18:00").now
    assert service.trend(DISPATCHER.dump(), area=GRID)["quarter"]["resolution"] == 0.0
    service.move(ADMIN.dump(), "approve", rated.case.id, "approve_exclusion")
    service.count_indicators()
    found = service.trend(DISPATCHER.dump(), area=GRID)["quarter"]
    assert (found["dispatched"], found["excluded"], found["resolution"], found["coverage"]) == (1, 1, None, None)


def test_a_trend_is_for_those_who_oversee_the_area(service: CasesService) -> None:
    with pytest.raises(Refusal, match="out_of_scope"):
        service.trend(RESIDENT.dump(), area=GRID)
    with pytest.raises(Refusal, match="invalid"):
        service.trend(DISPATCHER.dump(), area=GRID, quarter="2026Q7")


@pytest.mark.parametrize("area", ["360704100099", "360704100002999"])
def test_an_area_that_there_is_not_has_no_zeros(service: CasesService, area: str) -> None:
    with pytest.raises(Refusal, match="unknown_area") as refused:
        service.trend(DISPATCHER.dump(), area=area)
    assert refused.value.details == {"area": area}
    with pytest.raises(Refusal, match="out_of_scope"):
        service.trend(RESIDENT.dump(), area=area)


def test_a_quarter_is_read_by_what_ended_in_it(
    cases: CaseStore, overheard: tuple[Overheard, Database[dict[str, Any]]]
) -> None:
    for n in range(5):
        kept(cases, earlier(stage.closed, n, days=90 * n), f"c-{n}")
    listener, database = overheard
    assert TrendStore(Home(database)).minutes(GRID, named("2026Q1")) == [1410]
    plan = database.command({"explain": listener.finds[0], "verbosity": "queryPlanner"})["queryPlanner"]["winningPlan"]
    assert (stages_of(plan) & {"COLLSCAN", "SORT"}, indexes_of(plan)) == (set(), {"ended"})
