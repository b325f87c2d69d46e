"""Everything that is wrong with an activity, told at once: times, places, numbers, tasks and skills."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from chassis.fault import Fault
from members.activities.activity import SLOT_SECONDS, Activity
from members.area import tenant_of
from members.bookings.booking import FURTHEST
from members.people.person import LOCAL
from members.people.registration import YOUNGEST
from members.people.skill import SKILLS
from members.territory.compound import Compound
from members.territory.grid import Grid
from members.venues.venue import Venue


@dataclass(frozen=True)
class Surroundings:
    """What an activity is held against: its grid, its venue and its compounds, as far as there are such."""

    grid: Grid | None
    venue: Venue | None
    compounds: Collection[Compound]


def faults(activity: Activity, around: Surroundings, now: datetime) -> list[Fault]:
    """Everything that is wrong with an activity that is announced or changed now."""
    return [
        *_times(activity, now),
        *_place(activity, around),
        *_compounds(activity, around.compounds),
        *_numbers(activity),
        *_tasks(activity),
        *_asked_of(activity),
    ]


def signing_up_is_over(activity: Activity, now: datetime) -> Iterator[Fault]:
    """Whether nobody could sign up any more for what is announced now, or has a new end of signing up."""
    if activity.sign_up_until <= now < activity.begins:
        yield Fault("/sign_up_until", "signs_up_in_the_past")


def _times(activity: Activity, now: datetime) -> Iterator[Fault]:
    for name in ("begins", "ends"):
        if getattr(activity, name).timestamp() % SLOT_SECONDS:
            yield Fault(f"/{name}", "not_on_five_minutes")
    if activity.begins <= now:
        yield Fault("/begins", "begins_in_the_past")
    elif activity.begins - now > FURTHEST:
        yield Fault("/begins", "too_far_ahead", {"days": FURTHEST.days})
    if activity.ends <= activity.begins:
        yield Fault("/ends", "ends_before_it_begins")
    elif activity.ends.astimezone(LOCAL).date() != activity.day:
        yield Fault("/ends", "ends_on_another_day")
    elif activity.minutes <= 0:
        yield Fault("/breaks", "breaks_take_all")
    if activity.begins < activity.ends < activity.sign_up_until:
        yield Fault("/sign_up_until", "signs_up_after_the_end")


def _place(activity: Activity, around: Surroundings) -> Iterator[Fault]:
    grid, venue = around.grid, around.venue
    if grid is None:
        yield Fault("/grid_code", "unknown_grid", {"grid_codes": [activity.grid_code]})
    elif activity.begins < grid.opened or (grid.closed is not None and grid.closed <= activity.begins):
        yield Fault("/grid_code", "grid_closed", {"grid_codes": [activity.grid_code]})
    elif not grid.holds(*activity.muster):
        yield Fault("/muster", "outside_its_grid")
    if activity.venue_id is None:
        return
    if venue is None:
        yield Fault("/venue_id", "unknown_venue", {"venue_id": activity.venue_id})
    elif not venue.open_on(activity.day):
        yield Fault("/venue_id", "venue_closed")


def _compounds(activity: Activity, known: Collection[Compound]) -> Iterator[Fault]:
    there = {each.id for each in known if tenant_of(each.grid_code) == activity.tenant}
    for n, id in enumerate(activity.compounds):
        if id not in there:
            yield Fault(f"/compounds/{n}", "unknown_compound", {"compound_id": id})


def _numbers(activity: Activity) -> Iterator[Fault]:
    if activity.capacity is not None and activity.capacity < 1:
        yield Fault("/capacity", "capacity_not_positive")
    elif activity.capacity is not None and sum(task.heads for task in activity.tasks) > activity.capacity:
        yield Fault("/tasks", "tasks_exceed_capacity")
    if activity.breaks < 0:
        yield Fault("/breaks", "breaks_negative")


def _tasks(activity: Activity) -> Iterator[Fault]:
    seen: set[str] = set()
    for n, task in enumerate(activity.tasks):
        if task.id in seen:
            yield Fault(f"/tasks/{n}/task_id", "task_twice", {"task_id": task.id})
        if task.heads < 1:
            yield Fault(f"/tasks/{n}/heads", "heads_not_positive")
        seen.add(task.id)


def _asked_of(activity: Activity) -> Iterator[Fault]:
    for skill in sorted(activity.skills - SKILLS.keys()):
        yield Fault("/skills", "unknown_skill", {"skill": skill})
    if activity.youngest < YOUNGEST:
        yield Fault("/youngest", "younger_than_allowed", {"youngest": YOUNGEST})
