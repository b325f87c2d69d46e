"""The three lists of the ledger: problems, who answers for them, what is done; views of cases, nothing kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from cases.assignment import UNIT
from cases.case import ENDED, PROBLEMS, Case, Status
from cases.period import Period
from cases.place import AREA_DIGITS, tenant_of
from cases.rating import answered
from cases.showing.listing import PRIORITY, RUNNING, Order, Part, Wanted, reach
from cases.showing.sight import Sight
from cases.showing.view import outline
from chassis.caller import Caller
from chassis.errors import Refusal
from chassis.instant import written_or_none
from chassis.privacy import masked_text


class List(StrEnum):
    """A list of the ledger (docs/domain.md §2.1, form C)."""

    PROBLEM = "problem"
    RESPONSIBILITY = "responsibility"
    COMPLETION = "completion"


LEFT = ENDED - {Status.CLOSED}

STATUSES: Mapping[List, frozenset[Status]] = {
    List.PROBLEM: PROBLEMS,
    List.RESPONSIBILITY: PROBLEMS,
    List.COMPLETION: frozenset({Status.CLOSED}),
}
"""Which cases stand in which list."""

HEAD = (
    "case_id",
    "number",
    "status",
    "category",
    "severity",
    "grid_code",
    "compound_id",
    "reported_at",
    "resolve_due",
    "overdue",
)
"""What every line repeats of the outline of its case."""


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


def totals(counts: Iterable[Count]) -> dict[str, int]:
    """The sums of all parts."""
    parts = [vars(each) for each in counts]
    return {one.name: sum(part[one.name] for part in parts) for one in fields(Count) if one.name != "area"}


def part_of(area: str) -> int:
    """How many digits the codes of the parts of an area have; a grid is its own only part."""
    return next((digits for digits in AREA_DIGITS if digits > len(area)), len(area))


def wanted(list_: List, area: str, period: Period, filters: Mapping[str, Any], now: datetime, caller: Caller) -> Wanted:
    """The cases of a list: what was reported first comes first, or what presses most, or what was closed last.

    None is about the unit of the caller, nor found by what its outline does not show, where the caller is told no more
    (docs/domain.md §5). Refuses `invalid` when what is done is to go by what presses.
    """
    overdue, unit, done = filters.get("overdue"), filters.get("unit_id"), list_ is List.COMPLETION
    statuses = STATUSES[list_] & RUNNING if overdue else STATUSES[list_]
    return Wanted(
        tenants=(tenant_of(area),),
        areas=(area,),
        not_about=caller.unit,
        reach=reach(filters, caller),
        statuses=tuple(sorted(each.value for each in statuses)),
        category=filters.get("category"),
        compound_id=filters.get("compound_id"),
        tag=filters.get("tag"),
        assigned=Part(assigned=(unit,)) if unit else None,
        unassigned=bool(filters.get("unassigned")),
        overdue_at=now if overdue else None,
        ended=period if done else None,
        order=_order(filters.get("order") == PRIORITY, done=done),
    )


def _order(by_priority: bool, *, done: bool) -> Order:
    if by_priority and done:
        fault = {"pointer": "/order", "detail": "Nothing presses any more of what is done."}
        raise Refusal("invalid", errors=[fault])
    if done:
        return Order.ENDED_LAST
    return Order.PRIORITY if by_priority else Order.OLDEST


def line(list_: List, case: Case, now: datetime, seen: Sight) -> dict[str, Any]:
    """One line of a list: no reporter; masked words for who may read them, people for who works with them."""
    outlined = outline(case, now, seen)
    found = {**{name: outlined[name] for name in HEAD}, **_words(case, seen), **LINES[list_](case)}
    hidden: dict[str, Any] = {} if seen is Sight.FULL else {"people": [], "lead": None}
    if seen <= Sight.OUTLINE:
        hidden["units"] = []
    return {**found, **{name: nobody for name, nobody in hidden.items() if name in found}}


def _words(case: Case, seen: Sight) -> dict[str, Any]:
    """What it is about: the category by its names, and what was reported; a list is printed, so always masked."""
    kind = case.kind
    return {
        "category_name": {"zh": kind.zh, "en": kind.en} if kind else None,
        "text": masked_text(case.text) if case.text and seen >= Sight.MASKED else None,
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
        "in_time": _in_time(case),
        "evidence": len(case.photos),
        "solved": rating.solved.value if rating and rating.solved else None,
        "satisfaction": rating.satisfaction if rating else None,
    }


def _in_time(case: Case) -> bool | None:
    due, closed = case.dues.resolve_due, case.dues.closed_at
    return None if due is None or closed is None else closed <= due


LINES = {List.PROBLEM: _nothing, List.RESPONSIBILITY: _responsibility, List.COMPLETION: _completion}
