"""Who stands around a case, by their part in it; it knows ids and no more."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class To(StrEnum):
    """Who a notice is for, by their part in the case."""

    REPORTER = "reporter"
    FOLLOWERS = "followers"
    ASSIGNEES = "assignees"
    NEWLY_ASSIGNED = "newly_assigned"
    RELIEVED = "relieved"
    GRID_WORKERS = "grid_workers"
    COMMUNITY_WORKERS = "community_workers"
    DISPATCHERS = "dispatchers"
    AGENCY = "agency"
    OFFICE = "office"
    INSPECTORS = "inspectors"
    UNITS = "units"
    INITIATOR = "initiator"


STAFF = frozenset(
    {To.GRID_WORKERS, To.COMMUNITY_WORKERS, To.DISPATCHERS, To.AGENCY, To.OFFICE, To.INSPECTORS},
)
"""Recipients who follow from the grid, not from the case."""


@dataclass(frozen=True)
class Assignee:
    """A person or a unit that the case is given to."""

    id: str
    kind: str
    accepted: bool = False


@dataclass(frozen=True)
class CaseEvent:
    """What a notice needs of an event; `facts` are the codes and times that its text may use.

    Of a summons, `units` are those that the event concerns, `initiator_id` is who asked for it or called.
    """

    id: str
    type: str
    at: datetime
    case_id: str
    number: str
    grid_code: str | None = None
    reporter_id: str | None = None
    by_id: str | None = None
    complained_unit_id: str | None = None
    assignees: tuple[Assignee, ...] = ()
    relieved: tuple[str, ...] = ()
    followers: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    initiator_id: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Audience:
    """Who stands around a case besides those whom its event names: the staff of its grid."""

    grid_workers: tuple[str, ...] = ()
    community_workers: tuple[str, ...] = ()
    dispatchers: tuple[str, ...] = ()
    agency: tuple[str, ...] = ()
    office: tuple[str, ...] = ()
    inspectors: tuple[str, ...] = ()


def recipients(to: To, event: CaseEvent, audience: Audience) -> Iterator[str]:
    """Whom a row addresses; never the unit that the case complains of (docs/domain.md §5)."""
    for recipient in _candidates(to, event, audience):
        if recipient != event.complained_unit_id and not _need_not_be_told(to, recipient, event):
            yield recipient


def _candidates(to: To, event: CaseEvent, audience: Audience) -> tuple[str, ...]:
    found: dict[To, tuple[str, ...]] = {
        To.REPORTER: (event.reporter_id,) if event.reporter_id else (),
        To.FOLLOWERS: event.followers,
        To.ASSIGNEES: tuple(one.id for one in event.assignees),
        To.NEWLY_ASSIGNED: tuple(one.id for one in event.assignees if not one.accepted),
        To.RELIEVED: event.relieved,
        To.GRID_WORKERS: audience.grid_workers,
        To.COMMUNITY_WORKERS: audience.community_workers,
        To.DISPATCHERS: audience.dispatchers,
        To.AGENCY: audience.agency,
        To.OFFICE: audience.office,
        To.INSPECTORS: audience.inspectors,
        To.UNITS: event.units,
        To.INITIATOR: (event.initiator_id,) if event.initiator_id else (),
    }
    return found[to]


def _need_not_be_told(to: To, recipient: str, event: CaseEvent) -> bool:
    # A reporter gets a receipt of his own act too; whoever works on the case knows what he has just done.
    if to in {To.REPORTER, To.FOLLOWERS}:
        return False
    handles = to is To.INSPECTORS and any(one.id == recipient for one in event.assignees)
    return recipient == event.by_id or handles
