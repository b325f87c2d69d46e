"""What a case counts for in the indicators, and on which day: a pure function of it and its district's rules."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from cases.assignment import UNIT
from cases.case import ENDED, PROBLEMS, WAITING, Case, Source, Status
from cases.category import Severity
from cases.deadline import LOCAL
from cases.exclusion import Ground
from cases.level import Level
from cases.rating import SATISFIED, Rating, Solved, answered


class Cohort(StrEnum):
    """By the day of what a case counts: it is reported, due or closed on it (docs/domain.md §2.4).

    By the last one counts, too, what ends otherwise.
    """

    REPORTED = "reported"
    DUE = "due"
    CLOSED = "closed"


class Count(StrEnum):
    """What is counted; each is a set of cases, of which every one counts on the day of its cohort."""

    REPORTED = "reported"
    REGISTERED = "registered"
    EXTENDED = "extended"
    DISPATCHED = "dispatched"
    NOT_RETURNED = "not_returned"
    FOUND_ON_PATROL = "found_on_patrol"
    FOUND_BY_OTHERS = "found_by_others"

    DUE = "due"
    RUNNING = "running"
    DUE_CLOSED = "due_closed"
    IN_TIME = "in_time"
    LATE = "late"
    PENDING = "pending"
    HANDLED = "handled"
    HANDLED_IN_TIME = "handled_in_time"
    FED_BACK = "fed_back"
    REWORKED = "reworked"
    URGENT = "urgent"
    URGENT_CLOSED = "urgent_closed"

    CLOSED = "closed"
    ANSWERED_DIRECTLY = "answered_directly"
    EXCLUDED = "excluded"
    EXCLUDED_DUPLICATE = "excluded_duplicate"
    EXCLUDED_WITHDRAWN = "excluded_withdrawn"
    EXCLUDED_MALICIOUS = "excluded_malicious"
    EXCLUDED_OUT_OF_JURISDICTION = "excluded_out_of_jurisdiction"
    EXCLUDED_UNREASONABLE = "excluded_unreasonable"
    EXCLUDED_ANSWERED_DIRECTLY = "excluded_answered_directly"
    CONCLUDED = "concluded"
    RESPONDED = "responded"
    ANSWERED = "answered"
    SOLVED = "solved"
    PARTLY = "partly"
    SATISFIED = "satisfied"
    SETTLED = "settled"
    SETTLED_GRID = "settled_grid"
    SETTLED_COMMUNITY = "settled_community"
    SETTLED_AGENCY = "settled_agency"
    SETTLED_DISTRICT = "settled_district"
    LEFT = "left"


class Open(StrEnum):
    """What an open case counts for, as long as it stands so: no day is its day (docs/domain.md §2.1, form C)."""

    WAITING = "waiting"
    PROBLEM = "problem"
    UNASSIGNED = "unassigned"


AT_MOST: Mapping[Level, Count] = {
    Level.GRID: Count.SETTLED_GRID,
    Level.COMMUNITY: Count.SETTLED_COMMUNITY,
    Level.AGENCY: Count.SETTLED_AGENCY,
    Level.DISTRICT: Count.SETTLED_DISTRICT,
}
"""What a dispute counts for that was settled at this level or a lower one, the lowest first."""

EXCLUDED_FOR: Mapping[Ground, Count] = {ground: Count(f"excluded_{ground}") for ground in Ground}
"""What a case counts for besides `excluded`, by the ground on which it is left out."""

GIVEN = frozenset(
    {
        Status.DISPATCHED,
        Status.ACCEPTED,
        Status.IN_PROGRESS,
        Status.SUSPENDED,
        Status.RESOLVED,
        Status.REOPENED,
    }
)
"""Statuses that only a case has that was given to somebody."""

PRESSING = frozenset({Severity.EMERGENCY, Severity.URGENT})


@dataclass(frozen=True)
class Mark:
    """That a case counts, since then, for these."""

    at: datetime
    counts: frozenset[Count]

    @property
    def day(self) -> date:
        """The local day on which it counts."""
        return self.at.astimezone(LOCAL).date()


@dataclass(frozen=True)
class Tally:
    """What one case counts for: where, with which unit (None: people of the grid), of which category.

    `open` is what it counts for while it is open, nothing once it has ended.
    """

    grid_code: str
    unit: str | None
    category: str | None
    marks: Mapping[Cohort, Mark]
    open: frozenset[Open] = frozenset()


def tally(case: Case, grounds: Collection[Ground]) -> Tally:
    """What the case counts for, as it stands; a case that was reopened counts by its last round.

    `grounds` are those on which an approved exclusion leaves a case out, in its district on the day on which it was
    closed (docs/domain.md §2.4).
    """
    marks = {
        Cohort.REPORTED: Mark(case.reported_at, frozenset(_reported(case))),
        Cohort.DUE: _mark(case.dues.resolve_due if _is_due(case) else None, _due(case)),
        Cohort.CLOSED: _mark(case.ended_at, _ended(case, excluded_for(case, grounds))),
    }
    found = {cohort: mark for cohort, mark in marks.items() if mark is not None}
    standing = open_as(case.status, nobody=not case.assignment.assignees)
    return Tally(case.place.grid_code, lead_unit(case), case.category, found, standing)


def open_as(status: Status, *, nobody: bool) -> frozenset[Open]:
    """What a case counts for that is open, where `nobody` has it."""
    if status in WAITING:
        return frozenset({Open.WAITING})
    if status not in PROBLEMS:
        return frozenset()
    return frozenset({Open.PROBLEM, Open.UNASSIGNED}) if nobody else frozenset({Open.PROBLEM})


def counts_alike(one: Case, other: Case) -> bool:
    """Whether both count for the same, on whichever grounds cases are left out."""
    return all(tally(one, grounds) == tally(other, grounds) for grounds in (frozenset[Ground](), frozenset(Ground)))


def lead_unit(case: Case) -> str | None:
    """The unit that answers for it: the lead if that is a unit, else the first; None where people have it alone."""
    units = sorted((one for one in case.assignment.assignees if one.kind == UNIT), key=lambda one: not one.lead)
    return units[0].id if units else None


def excluded_for(case: Case, grounds: Collection[Ground]) -> Ground | None:
    """On which of these grounds the case is left out of the three rates; None where none was approved."""
    found = case.exclusion
    return found.reason if found is not None and found.holds and found.reason in grounds else None


def _mark(at: datetime | None, counts: Iterator[Count]) -> Mark | None:
    return None if at is None else Mark(at, frozenset(counts))


def _is_due(case: Case) -> bool:
    """Registered, and not ended otherwise than by being closed."""
    return case.status not in ENDED - {Status.CLOSED}


def _reported(case: Case) -> Iterator[Count]:
    yield Count.REPORTED
    if case.dues.resolve_rule is not None:
        yield Count.REGISTERED
        yield from _found(case)
    if case.extensions or any(one.dues.extended for one in case.rounds):
        yield Count.EXTENDED
    if case.status in GIVEN or case.tried or case.returns or case.rounds or case.dues.resolved_at:
        yield Count.DISPATCHED
        if not case.returns:
            yield Count.NOT_RETURNED


def _found(case: Case) -> Iterator[Count]:
    """Who came upon it (docs/domain.md §2.4); what people wish for in a session was there for no patrol to find."""
    if case.source is not Source.SESSION:
        yield Count.FOUND_ON_PATROL if case.source is Source.PATROL else Count.FOUND_BY_OTHERS


def _due(case: Case) -> Iterator[Count]:
    dues, due = case.dues, case.dues.resolve_due
    closed_at = dues.closed_at if case.status is Status.CLOSED else None
    if due is None:
        return
    yield Count.DUE
    if dues.suspended_at is None:
        yield Count.RUNNING
        if closed_at is None:
            yield Count.PENDING
    if closed_at is not None:
        yield from (Count.DUE_CLOSED, Count.IN_TIME if closed_at <= due else Count.LATE)
    yield from _handled(case, dues.resolved_at or closed_at, due)
    if case.severity in PRESSING:
        yield Count.URGENT
        if closed_at is not None:
            yield Count.URGENT_CLOSED


def _handled(case: Case, handled_at: datetime | None, due: datetime) -> Iterator[Count]:
    """The feedback that stands, also by the answer itself; and whether any was ever sent back."""
    if handled_at is not None:
        yield Count.HANDLED
        if handled_at <= due:
            yield Count.HANDLED_IN_TIME
    if case.dues.resolved_at or case.reworks or case.rounds:
        yield Count.FED_BACK
        if case.reworks:
            yield Count.REWORKED


def _ended(case: Case, ground: Ground | None) -> Iterator[Count]:
    if case.status is Status.CLOSED:
        yield from _closed(case, ground)
    else:
        yield Count.LEFT


def _closed(case: Case, ground: Ground | None) -> Iterator[Count]:
    yield Count.CLOSED
    level = case.mediation.level if case.mediation else None
    if level is not None:
        levels = list(AT_MOST)
        yield Count.SETTLED
        yield from (AT_MOST[each] for each in levels[levels.index(level) :])
    if case.dues.resolved_at is None:
        yield Count.ANSWERED_DIRECTLY
    elif ground is not None:
        yield from (Count.EXCLUDED, EXCLUDED_FOR[ground])
    else:
        yield from _concluded(case)


def _concluded(case: Case) -> Iterator[Count]:
    """A case of *A* (docs/domain.md §2.4), and of *V* where somebody answered."""
    dues, rating = case.dues, answered(case.ratings, case.round)
    yield Count.CONCLUDED
    if dues.respond_due and dues.responded_at and dues.responded_at <= dues.respond_due:
        yield Count.RESPONDED
    if rating is not None:
        yield from _valid(rating)


def _valid(rating: Rating) -> Iterator[Count]:
    yield Count.ANSWERED
    if rating.solved is Solved.YES:
        yield Count.SOLVED
    if rating.solved is Solved.PARTLY:
        yield Count.PARTLY
    if (rating.satisfaction or 0) >= SATISFIED:
        yield Count.SATISFIED


def _cohorts() -> Iterator[tuple[Count, Cohort]]:
    cohort = Cohort.REPORTED
    for count in Count:
        cohort = Cohort(count.value) if count.value in set(Cohort) else cohort
        yield count, cohort


COHORTS: Mapping[Count, Cohort] = dict(_cohorts())
"""The cohort of each count: each begins with the count that has its name."""
