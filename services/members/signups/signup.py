"""Somebody's place in an activity: asked for, had, waited for, given back (docs/domain.md §3.3, F12 and F42)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from chassis import instant
from members.activities.activity import Activity, slots

SIGNED_UP, WAITING_BEGUN, TASK_TAKEN = "signup.signed_up", "signup.waiting", "signup.task_taken"
SEATED, UNSEATED, MOVED, TASK_LOST = "signup.seated", "signup.unseated", "signup.moved", "signup.task_lost"
LEFT, CALLED_OFF, RENUMBERED = "signup.left", "signup.called_off", "signup.renumbered"
HANDED_ON = "signup.handed_on"
"""After a merge, to whom the person turned out to be; an entry of histories."""
ASKED = (SIGNED_UP, WAITING_BEGUN, LEFT)
"""After which the service looks again at the sign-ups, should whoever was to do it at once have broken off."""
UNASKED = (SEATED, UNSEATED, MOVED, TASK_LOST, CALLED_OFF)
"""What a person is told of, for it happens without their asking."""


class State(StrEnum):
    """IN has a place, WAITING would like one, LEFT gave it back or lost it."""

    IN = "in"
    WAITING = "waiting"
    LEFT = "left"


class Reason(StrEnum):
    """Why somebody has left: by the own wish, with the activity, for another at the same time, or for good."""

    BY_PERSON = "by_person"
    ACTIVITY_CANCELLED = "activity_cancelled"
    OVERLAPS = "overlaps"
    PERSON_LEFT = "person_left"


@dataclass(frozen=True)
class Signup:
    """One person's sign-up for one activity; whoever leaves and comes again has the same one.

    `begins`, `ends` and `place` are what the person was told. `seat` (1 to the capacity) is None where the activity
    takes as many as come, `task_seat` (1 to the task's heads) where there is no task; the `task_id` of one who waits
    is the task wished for. Of those who wait the first comes first, by `asked_at` and id.
    """

    id: str
    activity_id: str
    tenant: str
    person_id: str
    begins: datetime
    ends: datetime
    place: str
    state: State
    asked_at: datetime
    seat: int | None = None
    task_id: str | None = None
    task_seat: int | None = None
    by_roster: bool = False
    reason: Reason | None = None

    @property
    def live(self) -> bool:
        """Whether the person still wants to come."""
        return self.state is not State.LEFT

    @property
    def busy(self) -> tuple[int, ...]:
        """The marks of five minutes for which the person is taken: none without a place."""
        return slots(self.begins, self.ends) if self.state is State.IN else ()


def signup_id(activity_id: str, person_id: str) -> str:
    """Nobody signs up twice for one activity, however often it is asked for."""
    return sha256(f"{activity_id}\0{person_id}".encode()).hexdigest()[:32]


def asked_for(activity: Activity, person_id: str, now: datetime, *, by_roster: bool = False) -> Signup:
    """The sign-up of somebody who asks now, in the state of one who waits."""
    return Signup(
        id=signup_id(activity.id, person_id),
        activity_id=activity.id,
        tenant=activity.tenant,
        person_id=person_id,
        begins=activity.begins,
        ends=activity.ends,
        place=activity.place,
        state=State.WAITING,
        asked_at=now,
        by_roster=by_roster,
    )


def seated(signup: Signup, seat: int | None, task: tuple[str, int] | None) -> Signup:
    """The sign-up with a place, and with one in a task if there is one."""
    return with_task(replace(signup, state=State.IN, seat=seat, reason=None), task)


def with_task(signup: Signup, task: tuple[str, int] | None) -> Signup:
    """The sign-up with a place in that task, or in none."""
    task_id, task_seat = task or (None, None)
    return replace(signup, task_id=task_id, task_seat=task_seat)


def waiting(signup: Signup, task_id: str | None) -> Signup:
    """The sign-up without a place, with the task that is wished for."""
    return replace(signup, state=State.WAITING, seat=None, task_id=task_id, task_seat=None, reason=None)


def left(signup: Signup, reason: Reason) -> Signup:
    """The sign-up when its place is given back, and why."""
    return replace(signup, state=State.LEFT, seat=None, task_seat=None, reason=reason)


def meet(one: Signup, other: Signup) -> bool:
    """Whether both are for one activity, or have places at one time."""
    inside = one.state is State.IN and other.state is State.IN
    return one.activity_id == other.activity_id or (inside and one.begins < other.ends and other.begins < one.ends)


def free_of(taken: Iterable[int], places: int) -> list[int]:
    """The numbers from 1 to so many places that nobody has."""
    had = set(taken)
    return [number for number in range(1, places + 1) if number not in had]


def told(signup: Signup, activity: Activity) -> dict[str, Any]:
    """What its events tell: whose it is by id, and of which activity, when and in which grid."""
    return {
        "activity_id": activity.id,
        "person_id": signup.person_id,
        "grid_code": activity.grid_code,
        "title": activity.title,
        "begins": instant.written(activity.begins),
        "ends": instant.written(activity.ends),
        "state": signup.state.value,
        "task_id": signup.task_id,
        "reason": signup.reason.value if signup.reason else None,
    }


def open_tasks(activity: Activity, seats: Mapping[str, Collection[int]]) -> list[dict[str, Any]]:
    """The tasks that still need people, those that lack the most of their heads first (F42).

    `seats` are the places that are taken in each.
    """
    lacking = [(task, task.heads - len(seats.get(task.id, ()))) for task in activity.tasks]
    rows = sorted((row for row in lacking if row[1] > 0), key=lambda row: (-row[1] / row[0].heads, row[0].id))
    return [
        {"task_id": task.id, "name": task.name, "tools": list(task.tools), "minutes": task.minutes, "needed": needed}
        for task, needed in rows
    ]
