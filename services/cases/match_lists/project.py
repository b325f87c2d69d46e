"""A project: demands and resources that were matched, the cases that it is about, and how far it has come."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from cases.match_lists.resource import smallest
from cases.place import tenant_of
from chassis.errors import Refusal
from chassis.privacy import without_identities


class Status(StrEnum):
    """Where a project stands (docs/domain.md §2.1)."""

    PLANNED = "planned"
    RUNNING = "running"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class Act(StrEnum):
    """What can be done with a project that is planned."""

    START = "start"
    COMPLETE = "complete"
    CANCEL = "cancel"


PLANNED = "project.planned"
STARTED = "project.started"
COMPLETED = "project.completed"
CANCELLED = "project.cancelled"
EVENT_TYPES = frozenset({PLANNED, STARTED, COMPLETED, CANCELLED})

ON = frozenset({Status.PLANNED, Status.RUNNING})

MOVES: Mapping[Act, tuple[frozenset[Status], Status, str]] = {
    Act.START: (frozenset({Status.PLANNED}), Status.RUNNING, STARTED),
    Act.COMPLETE: (ON, Status.COMPLETED, COMPLETED),
    Act.CANCEL: (ON, Status.CANCELLED, CANCELLED),
}
"""From where, to where, and the event that tells of it."""

CANCEL_REASONS = ("funds", "no_resource", "not_needed", "not_feasible", "other")


@dataclass(frozen=True)
class Project:
    """One project; `area` is the smallest that holds the grids of all its demands and cases."""

    id: str
    title: str
    area: str
    opened_by: str
    opened_at: datetime
    text: str | None = None
    demands: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    status: Status = Status.PLANNED
    reason_code: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def tenant(self) -> str:
        """The district."""
        return tenant_of(self.area)


def draft(id: str, fields: Mapping[str, Any], opened_by: str, grid_codes: tuple[str, ...], now: datetime) -> Project:
    """The project that would be planned; refuses `project_about_nothing` without a demand and without a case."""
    if not grid_codes:
        raise Refusal("project_about_nothing")
    text = fields.get("text")
    return Project(
        id=id,
        title=without_identities(fields["title"]),
        area=smallest(grid_codes),
        opened_by=opened_by,
        opened_at=now,
        text=without_identities(text) if text else None,
        demands=tuple(fields.get("demands") or ()),
        resources=tuple(fields.get("resources") or ()),
        cases=tuple(fields.get("cases") or ()),
    )


def moved(project: Project, act: Act, reason_code: str | None, now: datetime) -> Project:
    """The project after the act; refuses `project_has_moved_on`."""
    sources, target, _ = MOVES[act]
    if project.status not in sources:
        raise Refusal("project_has_moved_on", status=project.status.value)
    if act is Act.START:
        return replace(project, status=target, started_at=now)
    return replace(project, status=target, reason_code=reason_code, ended_at=now)
