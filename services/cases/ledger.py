"""The three lists of the ledger: problems, who answers for them, what is done; views of cases, nothing kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from cases.assignment import UNIT
from cases.case import OPEN, Case, Status
from cases.dues import is_overdue
from cases.instant import written, written_or_none
from cases.place import AREA_DIGITS
from cases.rating import answered


class List(StrEnum):
    """A list of the ledger (docs/domain.md §2.1, form C)."""

    PROBLEM = "problem"
    RESPONSIBILITY = "responsibility"
    COMPLETION = "completion"


PROBLEMS = OPEN - {Status.REPORTED, Status.VERIFYING}
"""Registered and open: what leaves only by being closed, merged, rejected or withdrawn."""

STATUSES: Mapping[List, frozenset[Status]] = {
    List.PROBLEM: PROBLEMS,
    List.RESPONSIBILITY: PROBLEMS,
    List.COMPLETION: frozenset({Status.CLOSED}),
}
"""Which cases stand in which list."""


@dataclass(frozen=True)
class Period:
    """From an instant on, and before another."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True)
class Count:
    """How many cases of an area stand where; `waiting` are not registered yet, `left` ended without being done."""

    area: str
    waiting: int = 0
    problem: int = 0
    unassigned: int = 0
    overdue: int = 0
    completion: int = 0
    left: int = 0


def part_of(area: str) -> int | None:
    """How many digits the codes of the next smaller areas have; None below a grid."""
    return next((digits for digits in AREA_DIGITS if digits > len(area)), None)


def line(list_: List, case: Case, now: datetime, *, named: bool) -> dict[str, Any]:
    """One line of a list, in codes and times; no words and no reporter, and people only to those who work with them."""
    found = {**_problem(case, now), **LINES[list_](case)}
    hidden: dict[str, Any] = {} if named else {"people": [], "lead": None}
    return {**found, **{name: nobody for name, nobody in hidden.items() if name in found}}


def _problem(case: Case, now: datetime) -> dict[str, Any]:
    return {
        "case_id": case.id,
        "number": case.number,
        "status": case.status.value,
        "category": case.category,
        "severity": case.severity.value if case.severity else None,
        "grid_code": case.place.grid_code,
        "compound_id": case.place.compound_id,
        "reported_at": written(case.reported_at),
        "resolve_due": written_or_none(case.dues.resolve_due),
        "overdue": case.is_open and is_overdue(case.dues, now),
    }


def _nothing(case: Case) -> dict[str, Any]:
    return {}


def _responsibility(case: Case) -> dict[str, Any]:
    """The unit and the person; without either the office answers (docs/domain.md §2.2)."""
    return {
        "units": [one.id for one in case.assignment.assignees if one.kind == UNIT],
        "people": [one.id for one in case.assignment.assignees if one.kind != UNIT],
        "lead": next((one.id for one in case.assignment.assignees if one.lead), None),
        "unassigned": not case.assignment.assignees,
    }


def _completion(case: Case) -> dict[str, Any]:
    rating = answered(case.ratings, case.round)
    return {
        **_responsibility(case),
        "closed_at": written_or_none(case.dues.closed_at),
        "in_time": None if case.dues.resolve_due is None else _in_time(case),
        "evidence": len(case.photos),
        "solved": rating.solved.value if rating and rating.solved else None,
        "satisfaction": rating.satisfaction if rating else None,
    }


def _in_time(case: Case) -> bool | None:
    due, closed = case.dues.resolve_due, case.dues.closed_at
    return None if due is None or closed is None else closed <= due


LINES = {List.PROBLEM: _nothing, List.RESPONSIBILITY: _responsibility, List.COMPLETION: _completion}
