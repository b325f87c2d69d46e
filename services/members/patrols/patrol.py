"""A patrol: begun by who goes, ended by them or by its bound; nothing is kept of where anybody is outside of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from chassis import instant
from chassis.errors import Refusal

STARTED, STOPPED = "patrol.started", "patrol.stopped"
"""Entries of histories; that one has ended is published, for what was given to it."""

LONGEST = timedelta(hours=4)
"""After which a patrol ends by itself (our decision): whoever forgets to stop is followed no longer."""

AHEAD = timedelta(minutes=5)
"""How far the clock of a phone may be ahead."""

UPLOADED_WITHIN = timedelta(hours=72)
"""How long a phone without a network may keep what it tells of a patrol (our decision, as for scans)."""

TRACK_KEPT = timedelta(days=30)
"""How long the track of a patrol is kept as it is (docs/domain.md §5)."""


class Ended(StrEnum):
    """How a patrol ended: its person said so, its time was up, or the person left."""

    TOLD = "told"
    BOUND = "bound"
    LEFT = "left"


@dataclass(frozen=True)
class Patrol:
    """One person's patrol in one grid; without `stopped_at` they are still on it.

    Its person agreed to the text of that version to be followed meanwhile. `cells` are what is left of an old track.
    """

    id: str
    person_id: str
    grid_code: str
    tenant: str
    started_at: datetime
    text_version: str
    stopped_at: datetime | None = None
    ended: Ended | None = None
    cells: tuple[tuple[int, int], ...] = ()
    reduced: bool = False

    @property
    def running(self) -> bool:
        """Whether nobody has ended it yet."""
        return self.stopped_at is None

    @property
    def bound(self) -> datetime:
        """When it ends by itself."""
        return self.started_at + LONGEST

    @property
    def over(self) -> datetime:
        """Until when something may belong to it."""
        return self.stopped_at or self.bound


def begun(patrol: Patrol, earlier: Patrol | None, now: datetime) -> Patrol:
    """The patrol as it may begin, `earlier` being the person's latest.

    Refuses `patrol_in_the_future`, `patrol_too_long_ago`, `already_on_patrol` and `patrol_overlaps`.
    """
    if patrol.started_at > now + AHEAD:
        raise Refusal("patrol_in_the_future")
    if patrol.started_at < now - UPLOADED_WITHIN:
        raise Refusal("patrol_too_long_ago")
    if earlier is not None:
        if earlier.running:
            raise Refusal("already_on_patrol", patrol_id=earlier.id)
        if patrol.started_at < earlier.over:
            raise Refusal("patrol_overlaps", patrol_id=earlier.id)
    return patrol


def stopped(patrol: Patrol, at: datetime, now: datetime) -> Patrol:
    """The patrol after its person has ended it, at its bound where they say so later.

    Where it has ended by itself, whoever had no network says afterwards when it really was. Refuses
    `stopped_in_the_future`, `stop_before_start` and `patrol_over`.
    """
    if at > now + AHEAD:
        raise Refusal("stopped_in_the_future")
    if at < patrol.started_at:
        raise Refusal("stop_before_start")
    corrects = patrol.ended is Ended.BOUND and at < patrol.over and now <= patrol.over + UPLOADED_WITHIN
    if not patrol.running and not corrects:
        raise Refusal("patrol_over")
    return replace(patrol, stopped_at=min(at, patrol.bound), ended=Ended.TOLD)


def lapsed(patrol: Patrol, now: datetime) -> Patrol:
    """The patrol after it has ended by itself; refuses `patrol_over` for one that goes on or has ended."""
    if not patrol.running or now < patrol.bound:
        raise Refusal("patrol_over")
    return replace(patrol, stopped_at=patrol.bound, ended=Ended.BOUND)


def abandoned(patrol: Patrol, now: datetime) -> Patrol:
    """The patrol after its person has left; refuses `patrol_over`."""
    if not patrol.running:
        raise Refusal("patrol_over")
    return replace(patrol, stopped_at=max(patrol.started_at, min(now, patrol.bound)), ended=Ended.LEFT)


def told(patrol: Patrol) -> dict[str, Any]:
    """What others hear of a patrol that has ended: whose, where and from when until when, and not which way."""
    return {
        "person_id": patrol.person_id,
        "grid_code": patrol.grid_code,
        "started_at": instant.written(patrol.started_at),
        "stopped_at": instant.written(patrol.over),
    }


def shown(patrol: Patrol) -> dict[str, Any]:
    """The patrol as its person and the office see it, without where anybody was."""
    return {
        "patrol_id": patrol.id,
        "person_id": patrol.person_id,
        "grid_code": patrol.grid_code,
        "started_at": instant.written(patrol.started_at),
        "stopped_at": instant.written_or_none(patrol.stopped_at),
        "ended": patrol.ended.value if patrol.ended else None,
        "ends_by": instant.written(patrol.bound),
        "reduced": patrol.reduced,
    }


def revealed(trace: Mapping[str, Any]) -> dict[str, Any]:
    """Who was shown a track, as the person whose it is reads it: in which role, when and why."""
    return {
        "patrol_id": trace["patrol_id"],
        "at": instant.written(trace["at"]),
        "role": trace["role"],
        "reason": trace["reason"],
    }
