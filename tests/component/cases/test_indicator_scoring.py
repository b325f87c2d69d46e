"""Figures by the version of the scoring that holds, and cases that are left out, on a real database."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.monitoring import CommandStartedEvent

from cases.act import Act
from cases.deadline import LOCAL
from cases.indicators.figure_store import FigureStore
from cases.indicators.recount_store import RecountStore
from cases.indicators.selection import By, Selection
from cases.indicators.store import COUNTERS, LINES, IndicatorStore
from cases.service import CasesService
from cases.store import CaseStore, PlaceStore
from cases.tally import Cohort, tally
from chassis.caller import Caller
from chassis.errors import Refusal
from chassis.mongo import Home
from tests.component.cases.indicating import (
    AUDITOR,
    MARCH,
    MONTH,
    PROVINCE,
    RATED,
    Kept,
    Stored,
    counters,
    move,
    recounted,
    scratch,
    waiting,
)
from tests.component.cases.staging import demo_grids
from tests.component.cases.test_case_store import Overheard, indexes_of, stages_of
from tests.component.set_clock import SetClock
from tests.unit.cases import play as stage
from tests.unit.cases.play import (
    ADMIN,
    DISPATCHER,
    GRID,
    OTHER_WORKER,
    RESIDENT,
    Play,
    caller,
    code_of,
)


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
    assert (row["exclusion"]["reason"]["code"], row["exclusion"]["reason"]["zh"]) == ("duplicate", "重复反映")
    assert row["exclusion"]["proposed_by"] != row["exclusion"]["decided_by"]
    assert not {"text", "answer"} & row["exclusion"].keys()
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
