"""Somebody's place in an activity: asked for, had, waited for, given back (docs/domain.md §3.3, F12 and F42)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from chassis import instant
from members.activities.activity import Activity

SIGNED_UP, WAITING_BEGUN = "signup.signed_up", "signup.waiting"
SEATED, MOVED, TASKED = "signup.seated", "signup.moved", "signup.tasked"
LEFT, CALLED_OFF = "signup.left", "signup.called_off"


class State(StrEnum):
    """IN has a place, WAITING would like one, LEFT gave it back or lost it."""

    IN = "in"
    WAITING = "waiting"
    LEFT = "left"


@dataclass(frozen=True)
class Signup:
    """One person's sign-up for one activity; whoever leaves and comes again has the same one.

    `seat` (1 to the capacity) is None where the activity takes as many as come, `task_seat` (1 to the task's heads)
    where there is no task. `busy` are the marks of five minutes that its person is taken, none unless IN. Of those who
    wait the first comes first, by `asked_at` and id. `task_id` of one who waits is the task wished for.
    """

    id: str
    activity_id: str
    tenant: str
    person_id: str
    begins: datetime
    state: State
    asked_at: datetime
    seat: int | None = None
    task_id: str | None = None
    task_seat: int | None = None
    busy: tuple[int, ...] = field(default=())
    by_roster: bool = False
    reason: str | None = None

    @property
    def live(self) -> bool:
        """Whether the person still wants to come."""
        return self.state is not State.LEFT


def signup_id(activity_id: str, person_id: str) -> str:
    """Nobody signs up twice for one activity, however often it is asked for."""
    return sha256(f"{activity_id}\0{person_id}".encode()).hexdigest()[:32]


def asked_for(activity: Activity, person_id: str, now: datetime, *, by_roster: bool = False) -> Signup:
    """The sign-up of somebody who asks now, in the state of one who waits."""
    id = signup_id(activity.id, person_id)
    return Signup(id, activity.id, activity.tenant, person_id, activity.begins, State.WAITING, now, by_roster=by_roster)


def seated(signup: Signup, activity: Activity, seat: int | None, task: tuple[str, int] | None) -> Signup:
    """The sign-up with a place, and with one in a task if there is one."""
    task_id, task_seat = task or (None, None)
    timed = replace(signup, state=State.IN, begins=activity.begins, busy=activity.slots, reason=None)
    return replace(timed, seat=seat, task_id=task_id, task_seat=task_seat)


def waiting(signup: Signup, task_id: str | None) -> Signup:
    """The sign-up without a place, with the task that is wished for."""
    return replace(signup, state=State.WAITING, seat=None, task_id=task_id, task_seat=None, busy=(), reason=None)


def left(signup: Signup, reason: str) -> Signup:
    """The sign-up when its place is given back, and why."""
    return replace(signup, state=State.LEFT, seat=None, task_seat=None, busy=(), reason=reason)


def free_of(taken: Iterable[int], places: int) -> list[int]:
    """The numbers from 1 that nobody has; none as soon as so many are taken, whichever they are."""
    had = set(taken)
    return [number for number in range(1, places + 1) if number not in had] if len(had) < places else []


def told(signup: Signup, activity: Activity) -> dict[str, Any]:
    """What its events tell: whose it is by id, and of which activity when and where."""
    return {
        "activity_id": activity.id,
        "person_id": signup.person_id,
        "grid_code": activity.grid_code,
        "title": activity.title,
        "place": activity.place,
        "begins": instant.written(activity.begins),
        "ends": instant.written(activity.ends),
        "state": signup.state.value,
        "reason": signup.reason,
    }


def open_tasks(activity: Activity, seats: Mapping[str, Collection[int]]) -> list[dict[str, Any]]:
    """The tasks that still need people, those that lack the most first; `seats` are the places had of each (F42)."""
    needed = [(task, task.heads - len(seats.get(task.id, ()))) for task in activity.tasks]
    short = sorted((row for row in needed if row[1] > 0), key=lambda row: (-row[1] / row[0].heads, row[0].id))
    return [{"task_id": task.id, "name": task.name, "minutes": task.minutes, "needed": n} for task, n in short]
