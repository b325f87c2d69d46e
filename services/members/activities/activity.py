"""An activity that people sign up for: what is announced of it, and what becomes of it (docs/domain.md §3.3, F12)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from chassis import instant
from chassis.errors import Refusal
from members.area import tenant_of
from members.people.person import LOCAL
from members.people.registration import YOUNGEST
from members.territory.compound import Point

PUBLISHED, CHANGED, CANCELLED = "activity.published", "activity.changed", "activity.cancelled"
EVENT_TYPES = (CHANGED, CANCELLED)
"""What others hear."""

SLOT_SECONDS = 300
"""Activities and bookings begin and end at marks of five minutes: what meets is found by the marks in between."""


class Kind(StrEnum):
    """Whether it stands for itself or is a day of a series (F43)."""

    ACTIVITY = "activity"
    SERVICE_DAY = "service_day"


class State(StrEnum):
    """Where it stands; OVER is never kept: it is what a published one is once it has ended (`Activity.at`)."""

    PUBLISHED = "published"
    CANCELLED = "cancelled"
    OVER = "over"


@dataclass(frozen=True)
class Task:
    """One task of the board: how many heads it takes, with which tools, and about how many minutes."""

    id: str
    name: str
    heads: int
    tools: tuple[str, ...] = ()
    minutes: int | None = None


@dataclass(frozen=True)
class Activity:
    """One activity; its times are aware and multiples of five minutes, `breaks` are minutes within them.

    `text`, `place`, `conditions`, `sign_up_way`, `risks` and `protection` are what GB/T 40143 §6.1 wants announced,
    beside the times and the number: `capacity`, None for as many as come. `muster` is a point in WGS84. `organiser_id`
    is who published it. Nobody signs up after `sign_up_until`; `skills` are those without which nobody does.
    """

    id: str
    kind: Kind
    title: str
    text: str
    grid_code: str
    organiser_id: str
    begins: datetime
    ends: datetime
    place: str
    muster: Point
    sign_up_until: datetime
    conditions: str
    sign_up_way: str
    risks: str
    protection: str
    capacity: int | None = None
    breaks: int = 0
    venue_id: str | None = None
    compounds: tuple[str, ...] = ()
    skills: frozenset[str] = frozenset()
    youngest: int = YOUNGEST
    tasks: tuple[Task, ...] = ()
    series_id: str | None = None
    state: State = State.PUBLISHED
    reason: str | None = None

    @property
    def tenant(self) -> str:
        """The district."""
        return tenant_of(self.grid_code)

    @property
    def day(self) -> date:
        """The local day on which it begins."""
        return self.begins.astimezone(LOCAL).date()

    @property
    def minutes(self) -> int:
        """How long it takes as it is planned, without its breaks."""
        return int((self.ends - self.begins).total_seconds()) // 60 - self.breaks

    @property
    def slots(self) -> tuple[int, ...]:
        """The marks of five minutes that it takes (see `slots`)."""
        return slots(self.begins, self.ends)

    def task(self, id: str) -> Task | None:
        """The task of that id."""
        return next((task for task in self.tasks if task.id == id), None)

    def at(self, now: datetime) -> State:
        """Where it stands at that moment."""
        return State.OVER if self.state is State.PUBLISHED and self.ends <= now else self.state

    def check_stands(self, now: datetime) -> None:
        """Refuses `activity_cancelled`, and `activity_over` once it has ended."""
        if self.state is State.CANCELLED:
            raise Refusal("activity_cancelled")
        if self.at(now) is State.OVER:
            raise Refusal("activity_over")


def slots(begins: datetime, ends: datetime) -> tuple[int, ...]:
    """The marks of five minutes from the one instant to the other, excluded, as numbers counted from 1970 on."""
    return tuple(range(int(begins.timestamp()) // SLOT_SECONDS, -(-int(ends.timestamp()) // SLOT_SECONDS)))


def changed(activity: Activity, fields: Mapping[str, Any], now: datetime) -> Activity:
    """The activity with what is told anew; refuses as `Activity.check_stands`, `activity_begun` and `nothing_changed`.

    Signing up that ends with its beginning does so still when it is moved.
    """
    activity.check_stands(now)
    if activity.begins <= now:
        raise Refusal("activity_begun")
    until_it_begins = "begins" in fields and activity.sign_up_until == activity.begins
    moved = {"sign_up_until": fields["begins"]} if until_it_begins else {}
    after = replace(activity, **{**moved, **fields})
    if after == activity:
        raise Refusal("nothing_changed")
    return after


def cancelled(activity: Activity, reason: str, now: datetime) -> Activity:
    """The activity when it does not take place; refuses as `Activity.check_stands`."""
    activity.check_stands(now)
    return replace(activity, state=State.CANCELLED, reason=reason)


def told(activity: Activity) -> dict[str, Any]:
    """What its events tell: ids, times and its title, of nobody anything."""
    return {
        "kind": activity.kind.value,
        "title": activity.title,
        "grid_code": activity.grid_code,
        "organiser_id": activity.organiser_id,
        "begins": instant.written(activity.begins),
        "ends": instant.written(activity.ends),
        "day": activity.day.isoformat(),
        "venue_id": activity.venue_id,
        "compounds": list(activity.compounds),
        "series_id": activity.series_id,
        "capacity": activity.capacity,
        "state": activity.state.value,
    }
