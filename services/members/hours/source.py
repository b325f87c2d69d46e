"""Where records come from: who came to an activity and went, and the time that a team spent on a case."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from members.activities.activity import Activity
from members.attendance.attendance import CONFIRMED_WITHIN, EARLY, LATE, Attendance
from members.hours.credit import Interval
from members.hours.record import Kind, Record, State
from members.patrols.patrol import Patrol

AROUND = timedelta(days=1)
"""How far from what was told of a case or a patrol a correction may put it (our decision)."""

PATROL = "安全巡查"
"""What a patrol is called in a record, which people read."""


def of_attendance(activity: Activity, attendance: Attendance, recorder: str, now: datetime) -> Record:
    """The record of somebody who came to an activity that is over.

    Whoever has not checked out is taken to have gone when it ended, which counts nothing until the organiser has said
    when it was (docs/domain.md §3.3).
    """
    presumed = attendance.inside
    told = ((stint.came, stint.left or activity.ends) for stint in attendance.stints)
    return Record(
        id=record_id(Kind.ACTIVITY, activity.id, attendance.person_id),
        kind=Kind.ACTIVITY,
        source_id=activity.id,
        person_id=attendance.person_id,
        grid_code=activity.grid_code,
        name=activity.title,
        place=activity.place,
        object=activity.compounds or (activity.grid_code,),
        content=activity.text,
        stints=tuple((came, left) for came, left in told if came < left),
        recorder=recorder,
        recorded_at=now,
        earliest=activity.begins - EARLY,
        latest=activity.ends + LATE,
        in_charge=activity.organiser_id,
        planned=int((activity.ends - activity.begins).total_seconds()) // 60,
        breaks=activity.breaks,
        state=State.UNVERIFIED if presumed else State.PENDING,
        confirm_until=activity.ends + CONFIRMED_WITHIN if presumed else None,
    )


def of_case(case: Mapping[str, Any], sequence: int, person_id: str, stints: Iterable[Interval], at: datetime) -> Record:
    """The record of the time that somebody of a team spent on a case, drawn up when the team says that it is done."""
    times = tuple(stints)
    return Record(
        id=record_id(Kind.CASE, f"{case['case_id']}\0{sequence}", person_id),
        kind=Kind.CASE,
        source_id=case["case_id"],
        person_id=person_id,
        grid_code=case["grid_code"],
        name=case["number"],
        place=case["compound_id"] or case["grid_code"],
        object=(case["compound_id"] or case["grid_code"],),
        content=case["category"],
        stints=times,
        recorder="cases",
        recorded_at=at,
        earliest=min(begins for begins, _ in times) - AROUND,
        latest=max(ends for _, ends in times) + AROUND,
    )


def of_patrol(patrol: Patrol, at: datetime) -> Record:
    """The record of the time that somebody was on patrol."""
    code, began, stopped = patrol.grid_code, patrol.started_at, patrol.over
    return Record(
        id=record_id(Kind.PATROL, patrol.id, patrol.person_id),
        kind=Kind.PATROL,
        source_id=patrol.id,
        person_id=patrol.person_id,
        grid_code=code,
        name=PATROL,
        place=code,
        object=(code,),
        content=PATROL,
        stints=((began, stopped),) if began < stopped else (),
        recorder="patrols",
        recorded_at=at,
        earliest=began - AROUND,
        latest=stopped + AROUND,
    )


def new_time(stints: Iterable[Interval], recorded: Iterable[Record]) -> tuple[Interval, ...]:
    """Those stints of a person on a case that no record of it has yet: after rework there are more than before.

    All have ended when the team says that it is done, so that a record has all that began before it was drawn up, also
    where it was corrected since.
    """
    since = max((each.recorded_at for each in recorded), default=None)
    return tuple(sorted(each for each in set(stints) if since is None or each[0] >= since))


def record_id(kind: Kind, source: str, person_id: str) -> str:
    """One source makes one record of a person, however often it is drawn up."""
    return sha256(f"{kind.value}\0{source}\0{person_id}".encode()).hexdigest()[:32]
