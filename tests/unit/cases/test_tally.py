"""What a case counts for, at every stage of its life (docs/domain.md §2.4)."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date

import pytest

from cases.act import Act
from cases.case import Source
from cases.exclusion import Ground
from cases.policies.scoring import scoring, shipped
from cases.tally import COHORTS, EXCLUDED_FOR, Cohort, Count, Open, counts_alike, lead_unit, tally
from tests.unit.cases import play as stage
from tests.unit.cases.play import (
    ADMIN,
    CONTACT,
    DISPATCHER,
    ELECTRICIAN,
    GRID,
    OTHER_WORKER,
    RESIDENT,
    WORKER,
    Play,
)

REPORTED = {Count.REPORTED}
REGISTERED = {*REPORTED, Count.REGISTERED, Count.FOUND_BY_OTHERS}
GIVEN = {*REGISTERED, Count.DISPATCHED, Count.NOT_RETURNED}
OPEN = {Count.DUE, Count.RUNNING, Count.PENDING}
DONE = {Count.HANDLED, Count.HANDLED_IN_TIME, Count.FED_BACK}
ENDED = {Count.DUE, Count.RUNNING, Count.DUE_CLOSED, Count.IN_TIME, *DONE}
CONCLUDED = {Count.CLOSED, Count.CONCLUDED, Count.RESPONDED}


GROUNDS = scoring(shipped()).exclusions


def counts(play: Play, grounds: Collection[Ground] = GROUNDS) -> dict[str, set[Count]]:
    return {cohort.value: set(mark.counts) for cohort, mark in tally(play.case, grounds).marks.items()}


@pytest.mark.parametrize(
    ("build", "reported", "due", "closed"),
    [
        (stage.opened, REPORTED, None, None),
        (stage.verifying, REPORTED, None, None),
        (stage.rejected, REPORTED, None, {Count.LEFT}),
        (stage.merged, REPORTED, None, {Count.LEFT}),
        (stage.withdrawn, REPORTED, None, {Count.LEFT}),
        (stage.registered, REGISTERED, OPEN, None),
        (stage.dispatched, GIVEN, OPEN, None),
        (stage.offered, GIVEN, OPEN, None),
        (stage.in_progress, GIVEN, OPEN, None),
        (stage.suspended, GIVEN, {Count.DUE}, None),
        (stage.resolved, GIVEN, {*OPEN, *DONE}, None),
        (stage.closed, GIVEN, ENDED, CONCLUDED),
        (stage.reopened, GIVEN, {*OPEN, Count.FED_BACK}, None),
    ],
)
def test_a_case_counts_by_where_it_stands(
    build: Callable[[], Play], reported: set[Count], due: set[Count] | None, closed: set[Count] | None
) -> None:
    wanted = {"reported": reported, "due": due, "closed": closed}
    assert counts(build()) == {cohort: marks for cohort, marks in wanted.items() if marks is not None}


@pytest.mark.parametrize(
    ("build", "standing"),
    [
        (stage.opened, {Open.WAITING}),
        (stage.verifying, {Open.WAITING}),
        (stage.registered, {Open.PROBLEM, Open.UNASSIGNED}),
        (stage.offered, {Open.PROBLEM, Open.UNASSIGNED}),
        (stage.dispatched, {Open.PROBLEM}),
        (stage.suspended, {Open.PROBLEM}),
        (stage.resolved, {Open.PROBLEM}),
        (stage.reopened, {Open.PROBLEM, Open.UNASSIGNED}),
        *((each, set()) for each in (stage.closed, stage.rejected, stage.merged, stage.withdrawn)),
    ],
)
def test_an_open_case_counts_in_the_ledger_as_long_as_it_stands_so(
    build: Callable[[], Play], standing: set[Open]
) -> None:
    """docs/domain.md §2.1, form C."""
    assert tally(build().case, GROUNDS).open == standing


def test_a_registered_case_that_is_withdrawn_or_merged_was_registered_and_is_not_due() -> None:
    withdrawn = counts(stage.registered().do(Act.WITHDRAW, RESIDENT))
    assert (withdrawn["reported"], "due" in withdrawn) == (REGISTERED, False)


def test_each_cohort_counts_on_its_own_local_day() -> None:
    marks = tally(stage.closed().case, GROUNDS).marks
    days = {cohort.value: mark.day for cohort, mark in marks.items()}
    assert days == {"reported": date(2026, 3, 12), "due": date(2026, 3, 17), "closed": date(2026, 3, 13)}
    # 23:30 in UTC is the next morning here.
    late = stage.opened(at=stage.AT.replace(hour=0, minute=10))
    assert tally(late.case, GROUNDS).marks[Cohort.REPORTED].day == date(2026, 3, 12)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (Source.PATROL, {Count.FOUND_ON_PATROL}),
        (Source.APP, {Count.FOUND_BY_OTHERS}),
        (Source.SNAP, {Count.FOUND_BY_OTHERS}),
        (Source.HOTLINE, {Count.FOUND_BY_OTHERS}),
        (Source.PHONE, {Count.FOUND_BY_OTHERS}),
        (Source.SESSION, set()),
    ],
)
def test_a_registered_case_was_found_on_patrol_or_by_others(source: Source, found: set[Count]) -> None:
    """docs/domain.md §2.4, missed: what is wished for in a session was there for no patrol to find."""
    for play, wanted in ((stage.registered(), found), (stage.opened(), set())):
        play.case = replace(play.case, source=source)
        assert counts(play)["reported"] & {Count.FOUND_ON_PATROL, Count.FOUND_BY_OTHERS} == wanted


def test_what_is_closed_late_is_late_and_what_was_sent_back_reworked() -> None:
    play = stage.resolved().at("03-13 19:00").do(Act.REWORK, OTHER_WORKER)
    assert counts(play)["due"] == {*OPEN, Count.FED_BACK, Count.REWORKED}
    play.at("03-19 09:00").do(Act.FEEDBACK, ELECTRICIAN).at("03-19 10:00").do(Act.INSPECT_PASS, OTHER_WORKER)
    done = {Count.LATE, Count.HANDLED, Count.FED_BACK, Count.REWORKED, Count.DUE_CLOSED, Count.DUE, Count.RUNNING}
    assert counts(play)["due"] == done


def test_what_is_resolved_in_time_and_inspected_late_is_closed_late() -> None:
    play = stage.resolved().at("03-18 09:00").do(Act.INSPECT_PASS, OTHER_WORKER)
    assert counts(play)["due"] == {Count.DUE, Count.RUNNING, Count.DUE_CLOSED, Count.LATE, *DONE}


def test_an_extension_moves_the_day_and_is_counted_also_of_an_earlier_round() -> None:
    play = stage.in_progress().at("03-13 09:00").do(Act.EXTEND, DISPATCHER)
    found = tally(play.case, GROUNDS)
    assert (found.marks[Cohort.DUE].day, Count.EXTENDED in found.marks[Cohort.REPORTED].counts) == (
        date(2026, 3, 19),
        True,
    )
    play.at("03-13 18:30").do(Act.FEEDBACK, ELECTRICIAN).do(Act.INSPECT_PASS, OTHER_WORKER).do(Act.REOPEN, RESIDENT)
    assert Count.EXTENDED in counts(play)["reported"]


def test_a_case_that_was_handed_back_was_not_rightly_dispatched() -> None:
    assert counts(stage.handed_back())["reported"] == {*REGISTERED, Count.DISPATCHED}


def test_an_urgent_case_is_due_and_closed_as_such() -> None:
    urgent = stage.registered(category="0601")
    assert urgent.case.severity in {"E", "U"}
    assert Count.URGENT in counts(urgent)["due"]
    assert Count.URGENT not in counts(stage.registered())["due"]


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ({"solved": "yes", "satisfaction": 4}, {Count.ANSWERED, Count.SOLVED, Count.SATISFIED}),
        ({"solved": "yes", "satisfaction": 3}, {Count.ANSWERED, Count.SOLVED, Count.SATISFIED}),
        ({"solved": "partly", "satisfaction": 2}, {Count.ANSWERED, Count.PARTLY}),
        ({"solved": "no", "satisfaction": 1}, {Count.ANSWERED}),
    ],
)
def test_a_valid_answer_counts_in_v(said: dict[str, object], wanted: set[Count]) -> None:
    assert counts(stage.closed().do(Act.RATE, RESIDENT, **said))["closed"] == {*CONCLUDED, *wanted}


def test_no_answer_is_never_satisfied() -> None:
    """Nobody reached is in A and not in V; nor does time make a good mark of it (docs/domain.md §2.2)."""
    unreached = stage.closed().at("03-14 09:30").do(Act.RATE, DISPATCHER, contacted=False, channel="phone")
    assert unreached.case.ratings[-1].result == "NO_ANSWER"
    assert counts(unreached)["closed"] == CONCLUDED
    assert counts(unreached.wait_until("03-30 18:00"))["closed"] == CONCLUDED


def test_a_late_first_contact_is_no_response() -> None:
    play = stage.accepted().at("03-13 10:00").do(Act.ARRIVE, ELECTRICIAN).at("03-13 18:30")
    play.do(Act.FEEDBACK, ELECTRICIAN).do(Act.INSPECT_PASS, OTHER_WORKER)
    assert counts(play)["closed"] == {Count.CLOSED, Count.CONCLUDED}


def test_what_is_answered_directly_is_closed_and_outside_the_three_rates() -> None:
    play = stage.registered(category="1001").do(Act.ANSWER_DIRECTLY, DISPATCHER)
    assert counts(play)["closed"] == {Count.CLOSED, Count.ANSWERED_DIRECTLY}
    assert counts(play)["due"] >= {Count.DUE, Count.DUE_CLOSED, Count.IN_TIME, Count.HANDLED}


def excluded(play: Play, ground: Ground = Ground.MALICIOUS) -> Play:
    return play.do(Act.PROPOSE_EXCLUSION, DISPATCHER, reason_code=ground.value, grounds="见附件").do(
        Act.APPROVE_EXCLUSION, ADMIN
    )


@pytest.mark.parametrize("ground", list(Ground))
def test_what_is_excluded_is_counted_as_such_and_outside_the_three_rates(ground: Ground) -> None:
    """docs/domain.md §2.4: an exclusion is reported itself, by its ground."""
    rated = stage.closed().do(Act.RATE, RESIDENT)
    assert Count.CONCLUDED in counts(rated)["closed"]
    assert counts(excluded(rated, ground))["closed"] == {Count.CLOSED, Count.EXCLUDED, EXCLUDED_FOR[ground]}


def test_an_exclusion_counts_when_it_is_approved_and_not_before() -> None:
    waiting = stage.closed().do(Act.PROPOSE_EXCLUSION, DISPATCHER)
    assert counts(waiting)["closed"] == CONCLUDED
    assert counts(waiting.do(Act.REFUSE_EXCLUSION, ADMIN))["closed"] == CONCLUDED


def test_what_was_excluded_on_the_way_is_so_once_it_is_closed_in_whichever_round() -> None:
    play = excluded(stage.resolved())
    assert "closed" not in counts(play)
    gone = {Count.CLOSED, Count.EXCLUDED, Count.EXCLUDED_MALICIOUS}
    assert counts(play.do(Act.INSPECT_PASS, OTHER_WORKER))["closed"] == gone
    play.at("03-15 09:00").do(Act.REOPEN, RESIDENT)
    assert "closed" not in counts(play)


def test_a_ground_that_the_district_does_not_name_leaves_nothing_out() -> None:
    play = excluded(stage.closed().do(Act.RATE, RESIDENT, solved="yes", satisfaction=4))
    wanted = {*CONCLUDED, Count.ANSWERED, Count.SOLVED, Count.SATISFIED}
    assert counts(play, {Ground.DUPLICATE})["closed"] == counts(play, ())["closed"] == wanted


def test_what_is_answered_directly_is_outside_already() -> None:
    play = excluded(stage.registered(category="1001")).do(Act.ANSWER_DIRECTLY, DISPATCHER)
    assert counts(play)["closed"] == {Count.CLOSED, Count.ANSWERED_DIRECTLY}


def test_cases_count_alike_only_if_they_do_on_whichever_grounds() -> None:
    """What waits to be counted must not depend on what a district has decided."""
    closed = stage.closed()
    before = closed.case
    proposed = closed.do(Act.PROPOSE_EXCLUSION, DISPATCHER).case
    assert counts_alike(before, proposed)
    approved = closed.do(Act.APPROVE_EXCLUSION, ADMIN).case
    assert not counts_alike(proposed, approved)
    # A rating changes something only where the ground does not count.
    assert not counts_alike(approved, closed.do(Act.RATE, RESIDENT).case)


def test_a_dispute_counts_for_its_level_and_all_above() -> None:
    """F36: settled by the grid party group is settled at the grid, and therefore also within the district."""
    play = stage.quarrel().at("03-14 09:00").do(Act.MEET, WORKER).do(Act.SETTLE, WORKER)
    play.do(Act.FEEDBACK, WORKER).do(Act.INSPECT_PASS, OTHER_WORKER)
    grid = {Count.SETTLED, Count.SETTLED_GRID, Count.SETTLED_COMMUNITY, Count.SETTLED_AGENCY, Count.SETTLED_DISTRICT}
    assert counts(play)["closed"] == {*CONCLUDED, *grid}


def test_the_unit_is_the_lead_and_people_alone_have_none() -> None:
    both = stage.registered().do(Act.DISPATCH, DISPATCHER, assignees=["u-power", "u-lighting"], lead="u-lighting")
    assert lead_unit(both.case) == tally(both.case, GROUNDS).unit == "u-lighting"
    led = stage.registered().do(Act.DISPATCH, DISPATCHER, assignees=["p-worker", "u-lighting"], lead="p-worker")
    assert lead_unit(led.do(Act.ACCEPT, CONTACT).case) == "u-lighting"
    assert lead_unit(stage.in_progress().case) is None


def test_where_and_what_it_is() -> None:
    found = tally(stage.registered().case, GROUNDS)
    assert (found.grid_code, found.category) == (GRID, "0101")


def test_every_count_belongs_to_the_cohort_it_stands_under() -> None:
    assert set(COHORTS.values()) == set(Cohort)
    assert (COHORTS[Count.NOT_RETURNED], COHORTS[Count.URGENT_CLOSED], COHORTS[Count.SETTLED_DISTRICT]) == (
        Cohort.REPORTED,
        Cohort.DUE,
        Cohort.CLOSED,
    )
