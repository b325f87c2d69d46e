"""Which people have a case in their hands, and who was asked to take it: read from the cases' own events."""

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


ASKING = frozenset({"case.dispatched", "case.reassigned", "case.timed_out", "case.passed_on"})
"""The events with which somebody is asked to take a case; claiming an open place is nobody's being asked."""


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


def asked(type: str, assignees: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """The people who are asked to take the case with an event of this type: those who have not accepted it."""
    if type not in ASKING:
        return ()
    return tuple(str(each["id"]) for each in assignees if each["kind"] == "person" and not each["accepted"])
