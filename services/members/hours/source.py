"""Where records come from: who came to an activity and went, and the time that a team spent on a case."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from members.activities.activity import Activity
from members.attendance.attendance import CONFIRMED_WITHIN, Attendance
from members.hours.credit import Interval
from members.hours.record import Kind, Record, State

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
        in_charge=activity.organiser_id,
        planned=int((activity.ends - activity.begins).total_seconds()) // 60,
        breaks=activity.breaks,
        state=State.UNVERIFIED if presumed else State.PENDING,
        confirm_until=activity.ends + CONFIRMED_WITHIN if presumed else None,
    )


def of_case(case: Mapping[str, Any], sequence: int, person_id: str, stints: Iterable[Interval], at: datetime) -> Record:
    """The record of the time that somebody of a team spent on a case, drawn up when the team says that it is done."""
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
        stints=tuple(stints),
        recorder="cases",
        recorded_at=at,
    )


def of_patrol(patrol: Mapping[str, Any], at: datetime) -> Record:
    """The record of the time that somebody was on patrol."""
    code = patrol["grid_code"]
    return Record(
        id=record_id(Kind.PATROL, patrol["patrol_id"], patrol["person_id"]),
        kind=Kind.PATROL,
        source_id=patrol["patrol_id"],
        person_id=patrol["person_id"],
        grid_code=code,
        name=PATROL,
        place=code,
        object=(code,),
        content=PATROL,
        stints=((patrol["started_at"], patrol["stopped_at"]),) if patrol["started_at"] < patrol["stopped_at"] else (),
        recorder="patrols",
        recorded_at=at,
    )


def new_time(stints: Iterable[Interval], recorded: Iterable[Record]) -> tuple[Interval, ...]:
    """Those stints of a person on a case that no record of it has yet: after rework there are more than before."""
    known = {stint for record in recorded for stint in record.stints}
    return tuple(sorted(set(stints) - known))


def record_id(kind: Kind, source: str, person_id: str) -> str:
    """One source makes one record of a person, however often it is drawn up."""
    return sha256(f"{kind.value}\0{source}\0{person_id}".encode()).hexdigest()[:32]
