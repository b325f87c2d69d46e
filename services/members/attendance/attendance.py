"""Who came to an activity and went, as told by scans and lists; what is credited for it, `hours` decides (F44)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from chassis import instant
from chassis.errors import Refusal
from members.activities.activity import Activity, Kind, State
from members.attendance.muster_code import MusterCode
from members.people.person import LOCAL

CAME, WENT = "attendance.came", "attendance.went"
"""Entries of histories; nobody outside hears of them."""

EARLY, LATE = timedelta(hours=1), timedelta(hours=2)
"""How long before the beginning somebody may come, and how long after the end somebody may still go."""

AHEAD = timedelta(minutes=5)
"""How far the clock of a phone may be ahead."""

UPLOADED_WITHIN = timedelta(hours=72)
"""How old a scan may be that a phone kept while it had no network."""

CONFIRMED_WITHIN = timedelta(days=7)
"""How long after the end the organiser may say when somebody went (docs/domain.md §3.3)."""

MOST_STINTS = 20
"""How often somebody may come and go at one activity."""


class Act(StrEnum):
    """What a scan or a line of a list tells."""

    IN = "in"
    OUT = "out"


class How(StrEnum):
    """How the end of a stint was told or, while it has none, its beginning: by a scan, on the organiser's list, or by
    the organiser after the activity, as for who forgot to check out.
    """

    SCAN = "scan"
    LIST = "list"
    CONFIRMED = "confirmed"


class Stint(NamedTuple):
    """From when until when somebody was there; without `left` nobody has told yet."""

    came: datetime
    left: datetime | None
    how: str


@dataclass(frozen=True)
class Attendance:
    """One person at one activity, with each stint there, the earliest first.

    A `walk_in` had no place when first checked in, which a service day allows.
    """

    id: str
    activity_id: str
    person_id: str
    tenant: str
    walk_in: bool = False
    stints: tuple[Stint, ...] = ()

    @property
    def inside(self) -> bool:
        """Whether somebody came and has not been told to have gone."""
        return bool(self.stints) and self.stints[-1].left is None


@dataclass(frozen=True)
class Mark:
    """One check-in or check-out as it is told: when it was, and how it is known."""

    act: Act
    at: datetime
    how: How


def attendance_id(activity_id: str, person_id: str) -> str:
    """Nobody is twice at one activity."""
    return f"{activity_id}:{person_id}"


def first_of(activity: Activity, person_id: str, *, has_place: bool) -> Attendance:
    """The attendance of somebody who has not come yet; refuses `not_signed_up`: only a service day takes walk-ins."""
    if not has_place and activity.kind is not Kind.SERVICE_DAY:
        raise Refusal("not_signed_up")
    id = attendance_id(activity.id, person_id)
    return Attendance(id, activity.id, person_id, activity.tenant, walk_in=not has_place)


def check_takes_place(activity: Activity) -> None:
    """Refuses `activity_cancelled`."""
    if activity.state is State.CANCELLED:
        raise Refusal("activity_cancelled")


def check_code(code: MusterCode, activity: Activity, at: datetime) -> None:
    """Refuses `code_of_another_day`, and `code_of_another_activity` of that day."""
    last = (activity.ends + LATE).astimezone(LOCAL).date()
    if code.day != activity.day or not activity.day <= at.astimezone(LOCAL).date() <= last:
        raise Refusal("code_of_another_day", day=code.day.isoformat())
    if code.activity_id != activity.id:
        raise Refusal("code_of_another_activity")


def check_told(mark: Mark, activity: Activity, now: datetime) -> None:
    """Refuses `activity_cancelled`, `scanned_in_the_future`, and what is told too late: `scan_too_old`, or
    `confirmation_too_late` for what an organiser tells of somebody's going.
    """
    check_takes_place(activity)
    if mark.at > now + AHEAD:
        raise Refusal("scanned_in_the_future")
    if mark.act is Act.OUT and mark.how is not How.SCAN:
        if now > activity.ends + CONFIRMED_WITHIN:
            raise Refusal("confirmation_too_late")
    elif mark.at < now - UPLOADED_WITHIN:
        raise Refusal("scan_too_old")


def marked(attendance: Attendance, mark: Mark, activity: Activity) -> Attendance:
    """The attendance after a check-in or a check-out; refuses as `came` and `went`."""
    return MARKS[mark.act](attendance, mark, activity)


def came(attendance: Attendance, mark: Mark, activity: Activity) -> Attendance:
    """Somebody is there.

    Refuses `check_in_too_early`, `check_in_too_late`, `already_checked_in`, `check_in_overlaps` for a moment at which
    they were there already, and `too_many_stints`.
    """
    if mark.at < activity.begins - EARLY:
        raise Refusal("check_in_too_early")
    if mark.at > activity.ends:
        raise Refusal("check_in_too_late")
    if attendance.inside:
        raise Refusal("already_checked_in")
    if any(stint.left and mark.at < stint.left for stint in attendance.stints):
        raise Refusal("check_in_overlaps")
    if len(attendance.stints) >= MOST_STINTS:
        raise Refusal("too_many_stints")
    return replace(attendance, stints=(*attendance.stints, Stint(mark.at, None, mark.how.value)))


def went(attendance: Attendance, mark: Mark, activity: Activity) -> Attendance:
    """Somebody has gone.

    Refuses `not_checked_in`, `already_checked_out`, `check_out_before_check_in`, and `check_out_too_late`.
    """
    if not attendance.stints:
        raise Refusal("not_checked_in")
    if not attendance.inside:
        raise Refusal("already_checked_out")
    *before, last = attendance.stints
    if mark.at <= last.came:
        raise Refusal("check_out_before_check_in", came_at=instant.written(last.came))
    if mark.at > activity.ends + LATE:
        raise Refusal("check_out_too_late")
    return replace(attendance, stints=(*before, Stint(last.came, mark.at, mark.how.value)))


MARKS: Mapping[Act, Callable[[Attendance, Mark, Activity], Attendance]] = {Act.IN: came, Act.OUT: went}


def listed(act: Act, at: datetime, activity: Activity, now: datetime) -> Mark:
    """What an organiser tells: somebody's going, once the activity is over, is thereby confirmed."""
    after = act is Act.OUT and now > activity.ends
    return Mark(act, at, How.CONFIRMED if after else How.LIST)


def unverified(attendance: Attendance, activity: Activity, now: datetime) -> bool:
    """Whether the end of the last stint is only presumed: the planned one, since nobody has told another."""
    return attendance.inside and now > activity.ends


def shown(attendance: Attendance, activity: Activity, now: datetime) -> dict[str, Any]:
    """The attendance as its person and the organiser see it."""
    presumed = unverified(attendance, activity, now)
    return {
        "activity_id": attendance.activity_id,
        "person_id": attendance.person_id,
        "walk_in": attendance.walk_in,
        "stints": shown_stints(attendance),
        "inside": attendance.inside and not presumed,
        "unverified": presumed,
        "presumed_left_at": instant.written(activity.ends) if presumed else None,
        "confirm_until": instant.written(activity.ends + CONFIRMED_WITHIN) if presumed else None,
    }


def shown_stints(attendance: Attendance) -> list[dict[str, Any]]:
    """From when until when the person was there, and how that is known."""
    return [
        {"came_at": instant.written(stint.came), "left_at": instant.written_or_none(stint.left), "how": stint.how}
        for stint in attendance.stints
    ]
