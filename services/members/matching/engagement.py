"""Which people have a case in their hands: read from the cases' own events, so that load counts in matching."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

IN_HAND = frozenset({"DISPATCHED", "ACCEPTED", "IN_PROGRESS", "SUSPENDED"})
"""Statuses in which an assignee still has something to do (docs/domain.md §2.2)."""

ENGAGING = (
    "case.dispatched",
    "case.accepted",
    "case.reassigned",
    "case.returned",
    "case.timed_out",
    "case.relieved",
    "case.passed_on",
    "case.resolved",
    "case.reworked",
    "case.merged",
    "case.withdrawn",
)
"""The events after which somebody may have a case in hand who had not, or the reverse."""


@dataclass(frozen=True)
class Engagement:
    """The people who had a case in hand after its event number `sequence`, at the time of that event."""

    case_id: str
    sequence: int
    people: tuple[str, ...]
    at: datetime


def after(case_id: str, sequence: int, status: str, assignees: Iterable[Mapping[str, Any]], at: datetime) -> Engagement:
    """The engagement that an event of the case leaves behind; units are not people and do not count."""
    people = [str(each["id"]) for each in assignees if each["kind"] == "person"]
    return Engagement(case_id, sequence, tuple(people) if status in IN_HAND else (), at)
