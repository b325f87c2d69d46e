"""What becomes of sign-ups when their activity changes or places are free: pure, and done in rounds until it is so.

An activity can be called off, moved or made smaller at the very moment at which somebody gets a place in it: whoever
has just signed up, and whoever has just changed the activity, looks here once more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from members.activities.activity import Activity
from members.activities.activity import State as Standing
from members.signups.signup import (
    CALLED_OFF,
    MOVED,
    RENUMBERED,
    SEATED,
    TASK_LOST,
    UNSEATED,
    Reason,
    Signup,
    State,
    free_of,
    left,
    seated,
    waiting,
    with_task,
)


@dataclass(frozen=True)
class Change:
    """What becomes of a sign-up, and the type of the event that tells of it."""

    before: Signup
    after: Signup
    type: str


def changes(activity: Activity, live: Sequence[Signup], now: datetime) -> list[Change]:
    """What has to become of the sign-ups, given all that are live, the first to ask first; of each at most one thing.

    Whatever frees a place comes before what gives one: the round after finds it free.
    """
    if activity.state is Standing.CANCELLED:
        return [Change(each, left(each, Reason.ACTIVITY_CANCELLED), CALLED_OFF) for each in live]
    if activity.at(now) is Standing.OVER:
        return []
    inside = [each for each in live if each.state is State.IN]
    steps = (
        _losing(activity, inside),
        _moved(activity, live),
        _reseated(activity, inside),
        _renumbered(activity, inside),
    )
    found = next((each for each in map(list, steps) if each), [])
    if found or now >= max(activity.begins, activity.sign_up_until):
        return found
    return list(_moving_up(activity, inside, [each for each in live if each.state is State.WAITING]))


def missed_a_change(activity: Activity, signup: Signup, now: datetime) -> bool:
    """Whether a live sign-up was made of the activity as it was before, and has to follow it."""
    return signup.live and any(change.type != SEATED for change in changes(activity, [signup], now))


def _losing(activity: Activity, inside: Sequence[Signup]) -> Iterator[Change]:
    """Of more than there are places for the last to ask wait, and those of a task lose it likewise."""
    places = len(inside) if activity.capacity is None else activity.capacity
    for each in inside[places:]:
        yield Change(each, waiting(each, each.task_id), UNSEATED)
    had: dict[str, int] = {}
    for each in inside[:places]:
        if each.task_seat is None or each.task_id is None:
            continue
        had[each.task_id] = had.get(each.task_id, 0) + 1
        task = activity.task(each.task_id)
        if task is None or had[task.id] > task.heads:
            yield Change(each, with_task(each, None), TASK_LOST)


def _moved(activity: Activity, live: Sequence[Signup]) -> Iterator[Change]:
    """Everybody is told when it is held at another time or place."""
    for each in live:
        after = replace(each, begins=activity.begins, ends=activity.ends, place=activity.place)
        if after != each:
            yield Change(each, after, MOVED)


def _reseated(activity: Activity, inside: Sequence[Signup]) -> Iterator[Change]:
    """Whoever has a seat beyond those that there are gets one of them; nobody is told, for the place stays."""
    if activity.capacity is None:
        return
    free = iter(free_of([each.seat or 0 for each in inside], activity.capacity))
    for each in inside:
        if each.seat is None or each.seat > activity.capacity:
            yield Change(each, replace(each, seat=next(free)), RENUMBERED)


def _renumbered(activity: Activity, inside: Sequence[Signup]) -> Iterator[Change]:
    """The same for the places of each task."""
    for task in activity.tasks:
        having = [each for each in inside if each.task_id == task.id]
        free = iter(free_of([each.task_seat or 0 for each in having], task.heads))
        for each in having:
            if each.task_seat and each.task_seat > task.heads:
                yield Change(each, replace(each, task_seat=next(free)), RENUMBERED)


def _moving_up(activity: Activity, inside: Sequence[Signup], queue: Sequence[Signup]) -> Iterator[Change]:
    """As many of those who wait as there are free places; who wished for a task has it if it still needs somebody."""
    seats = free_of([each.seat or 0 for each in inside], activity.capacity or 0)
    places = len(queue) if activity.capacity is None else activity.capacity - len(inside)
    tasks = {
        task.id: free_of([each.task_seat or 0 for each in inside if each.task_id == task.id], task.heads)
        for task in activity.tasks
    }
    for n, each in enumerate(queue[:places]):
        seat = None if activity.capacity is None else seats[n]
        wished = each.task_id
        task = (wished, tasks[wished].pop()) if wished is not None and tasks.get(wished) else None
        yield Change(each, seated(each, seat, task), SEATED)
