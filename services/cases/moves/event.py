"""What an event of a case says: ids, codes, states and times; never a name, a phone or anybody's words."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from cases.act import Attempt, Change, Happening
from cases.assignment import Assignee
from cases.case import Case
from cases.moves.saying import actor_id
from cases.timer import Timer
from chassis.caller import CLOCK
from chassis.instant import written, written_or_none

NO_CATEGORY = "0000"
"""Stands in the routing key while a case has no category."""

COPIED = (
    "case_id",
    "version",
    "status",
    "category",
    "severity",
    "grid_code",
    "compound_id",
    "near_compound_id",
    "service_day_id",
    "complained_unit_id",
    "assignees",
)
"""What another service keeps of a case."""


def happening(attempt: Attempt, change: Change, after: Case, type: str) -> Happening:
    """The event of an act, once the case stands as `after`."""
    by = {"id": actor_id(attempt), "role": attempt.role}
    usual = {**standing(after), "act": attempt.act.value, "at": written(attempt.now), "by": by}
    return Happening(
        id=attempt.command.event_id,
        type=type,
        at=attempt.now,
        data={**usual, **change.data},
        key=f"{after.place.grid_code}.{after.category or NO_CATEGORY}",
        by=by,
    )


CONTACT_CORRECTED = "case.contact_corrected"
"""Stands in the history alone: which fields of the contact were put right, never what they say."""

FORGOTTEN = "case.forgotten"
"""Stands in the history alone: that what was personal went."""


def forgotten(before: Case, after: Case, now: datetime) -> dict[str, Any]:
    """What the history says of it, in the version after `before`."""
    by = {"id": None, "role": CLOCK}
    return {**standing(after), "version": before.version + 1, "act": "forget", "at": written(now), "by": by}


def contact_corrected(after: Case, by: Mapping[str, Any], fields: Iterable[str], now: datetime) -> dict[str, Any]:
    """What the history says of a contact that was put right."""
    return {**standing(after), "act": "correct_contact", "at": written(now), "by": by, "fields": sorted(fields)}


def standing(case: Case) -> dict[str, Any]:
    """Where the case stands, as every event of it says."""
    return {
        "case_id": case.id,
        "number": case.number,
        "version": case.version,
        "status": case.status.value,
        "category": case.category,
        "severity": case.severity.value if case.severity else None,
        "grid_code": case.place.grid_code,
        "compound_id": case.place.compound_id,
        "near_compound_id": case.place.near_compound_id,
        "reporter_id": case.reporter.id,
        "callback": case.reporter.called_by_hand,
        "follower_callbacks": list(case.follower_callbacks),
        "followers": list(case.follower_ids),
        "assignees": [_assignee(one) for one in case.assignment.assignees],
        "respond_due": written_or_none(case.dues.respond_due),
        "resolve_due": written_or_none(case.dues.resolve_due),
        "accept_due": written_or_none(case.timers.get(Timer.ACCEPT)),
        "service_day_id": case.service_day_id,
        "restricted": case.restricted,
        "complained_unit_id": case.complained_unit_id,
        "round": case.round,
    }


def copied(case: Case) -> dict[str, Any]:
    """The case as whoever keeps a copy of where cases stand would have it from its events."""
    told = standing(case)
    return {**{name: told[name] for name in COPIED}, "at": written(case.quiet_since or case.reported_at)}


def receipt(case: Case, act: str, at: datetime, event_id: str) -> Mapping[str, Any]:
    """What the command answers, now and whenever it is repeated."""
    return {
        "case_id": case.id,
        "number": case.number,
        "version": case.version,
        "status": case.status.value,
        "act": act,
        "at": written(at),
        "event_id": event_id,
        "category": case.category,
        "grid_code": case.place.grid_code,
        "respond_due": written_or_none(case.dues.respond_due),
        "resolve_due": written_or_none(case.dues.resolve_due),
        "presumed_years": list(case.dues.presumed_years),
    }


def _assignee(one: Assignee) -> dict[str, Any]:
    return {"id": one.id, "kind": one.kind, "lead": one.lead, "accepted": one.accepted}
