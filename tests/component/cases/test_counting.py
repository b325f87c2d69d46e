"""Counting for the indicators on a real database: once each, whoever dies, and put right by a recount."""

from contextlib import suppress
from threading import Thread
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.act import Act
from cases.indicators.counting import count_what_waits
from cases.indicators.recount_store import RecountStore
from cases.indicators.store import COUNTERS, LINES, IndicatorStore
from cases.store import CaseStore
from chassis.errors import Refusal
from chassis.mongo import Home
from chassis.outbox import StaleVersion
from tests.component.cases.indicating import Kept, Stored, counters, move, recounted, scratch, waiting
from tests.unit.cases import play as stage
from tests.unit.cases.play import (
    DISPATCHER,
    ELECTRICIAN,
    OTHER_WORKER,
    RESIDENT,
    WORKER,
)


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
    database[COUNTERS].update_one({"cut": "open"}, {"$inc": {"n.problem": 7, "n.waiting": 1}})
    stray = {"cut": "full", "tenant": "360799", "day": "2025-01-01", "grid": "360799100001001"}
    database[COUNTERS].insert_one({"_id": "stray", **stray, "unit": None, "category": None, "n": {"due": 2}})
    assert counters(database) != right
    assert recounted(recounts) == {"cases": 2, "lines": 0, "counters": 4}
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
