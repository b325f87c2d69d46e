"""The rules of activities and sign-ups, without any store: what is told, and what has to become of sign-ups."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from members.activities import activity as activities
from members.activities.activity import Activity, Kind, Task, slots
from members.activities.activity import State as Standing
from members.signups.settling import changes
from members.signups.signup import (
    CALLED_OFF,
    MOVED,
    SEATED,
    SIGNED_UP,
    TASK_LOST,
    UNSEATED,
    WAITING_BEGUN,
    Reason,
    Signup,
    State,
    asked_for,
    left,
    open_tasks,
    seated,
    told,
    waiting,
    with_task,
)

SAMPLES = Path(__file__).parents[2] / "contract" / "events"
NOW = datetime(2026, 3, 12, 11, 46, tzinfo=UTC)
NINE = datetime(2026, 3, 19, 1, tzinfo=UTC)
CLEAN_UP = Activity(
    id="0195f3c0-0000-7000-8000-0000000000d1",
    kind=Kind.ACTIVITY,
    title="扮靓周四：清扫楼道",
    text="清扫楼道",
    grid_code="360704100002001",
    organiser_id="p-worker",
    begins=NINE,
    ends=NINE + timedelta(hours=2),
    place="东源胜景小区门口",
    muster=(115.0058, 25.8672),
    sign_up_until=NINE,
    conditions="年满十四周岁",
    sign_up_way="在本页报名",
    risks="楼梯湿滑",
    protection="提供手套",
    capacity=30,
    compounds=("c-dongyuan",),
    tasks=(Task("sweep", "清扫楼道", 2), Task("wipe", "擦扶手", 1)),
)
ASKED = asked_for(CLEAN_UP, "p-member", NOW)
INSIDE = seated(ASKED, 1, ("sweep", 1))


def sample(type: str) -> dict[str, Any]:
    """What the sample tells beside what every record does."""
    found: dict[str, Any] = json.loads((SAMPLES / f"{type}.json").read_text("utf-8"))["data"]
    return {name: value for name, value in found.items() if name not in {"version", "at", "by", "signup_id"}}


def test_what_is_told_of_an_activity_is_what_the_samples_show() -> None:
    own = {"activity_id": CLEAN_UP.id}
    assert own | activities.told(CLEAN_UP) == sample("activity.changed")
    off = activities.cancelled(CLEAN_UP, "暴雨", NOW)
    assert own | activities.told(off) == sample("activity.cancelled")


def test_what_is_told_of_a_signup_is_what_the_samples_show() -> None:
    assert told(INSIDE, CLEAN_UP) == sample(SIGNED_UP) == sample(SEATED) == sample(MOVED)
    assert told(waiting(INSIDE, "sweep"), CLEAN_UP) == sample(UNSEATED) == sample(WAITING_BEGUN)
    assert told(with_task(INSIDE, None), CLEAN_UP) == sample(TASK_LOST)
    assert told(left(INSIDE, Reason.ACTIVITY_CANCELLED), CLEAN_UP) == sample(CALLED_OFF)
    assert told(left(INSIDE, Reason.BY_PERSON), CLEAN_UP) == sample("signup.left")


def test_the_marks_of_an_activity_meet_those_of_another_only_when_they_overlap() -> None:
    first = slots(NINE, NINE + timedelta(hours=2))
    assert len(first) == 24
    assert not set(first) & set(slots(NINE + timedelta(hours=2), NINE + timedelta(hours=3)))
    assert set(first) & set(slots(NINE + timedelta(minutes=115), NINE + timedelta(hours=3)))


def test_tasks_that_lack_the_most_of_their_heads_come_first() -> None:
    found = open_tasks(CLEAN_UP, {"sweep": {1}})
    assert [(row["task_id"], row["needed"]) for row in found] == [("wipe", 1), ("sweep", 1)]
    assert open_tasks(CLEAN_UP, {"sweep": {1, 2}, "wipe": {1}}) == []


def settled(activity: Activity, live: Sequence[Signup]) -> tuple[list[Signup], list[str]]:
    """The sign-ups after all that has to become of them, in few rounds, and what is told of it."""
    by_id, types = {each.id: each for each in live}, list[str]()
    for _ in range(6):
        asking = [each for each in by_id.values() if each.live]
        found = changes(activity, sorted(asking, key=lambda each: (each.asked_at, each.id)), NOW)
        if not found:
            return sorted(by_id.values(), key=lambda each: (each.asked_at, each.id)), types
        assert len({change.after.id for change in found}) == len(found)
        assert all(by_id[change.after.id] == change.before for change in found)
        by_id |= {change.after.id: change.after for change in found}
        types += [change.type for change in found]
        seats = [each.seat for each in by_id.values() if each.seat is not None]
        assert len(seats) == len(set(seats)), "a round takes a seat that another round has yet to free"
    raise AssertionError("it never comes to rest")


@st.composite
def crowds(draw: st.DrawFn) -> list[Signup]:
    """Sign-ups as they may stand while the activity was another: places beyond the capacity, tasks that are gone."""
    count = draw(st.integers(0, 12))
    seats = draw(st.permutations(range(1, 21)))
    tasks = {"sweep": iter(range(1, 20)), "wipe": iter(range(1, 20)), "gone": iter(range(1, 20))}
    found = []
    for n in range(count):
        each = asked_for(CLEAN_UP, f"p-{n}", NOW + timedelta(seconds=draw(st.integers(0, 5))))
        task = draw(st.sampled_from([None, "sweep", "wipe", "gone"]))
        if draw(st.booleans()):
            seat = draw(st.sampled_from([None, seats[n]]))
            found.append(seated(each, seat, (task, next(tasks[task])) if task else None))
        else:
            found.append(waiting(each, task))
    return found


@given(crowds(), st.one_of(st.none(), st.integers(1, 15)))
def test_whatever_has_changed_it_comes_to_rest_with_the_first_inside(crowd: list[Signup], capacity: int | None) -> None:
    """Of those with places the last to ask lose them, of those without the first move up; no number is given twice."""
    activity = replace(CLEAN_UP, capacity=capacity)
    after, _ = settled(activity, crowd)
    inside = [each for each in after if each.state is State.IN]
    places = len(crowd) if capacity is None else min(capacity, len(crowd))
    assert len(inside) == places
    if capacity is not None:
        assert len({each.seat for each in inside}) == len(inside)
        assert all(each.seat and 1 <= each.seat <= capacity for each in inside)
    had = [each for each in crowd if each.state is State.IN]
    kept = sorted(had, key=lambda each: (each.asked_at, each.id))[: len(crowd) if capacity is None else capacity]
    assert {each.id for each in kept} <= {each.id for each in inside}
    for task in activity.tasks:
        doing = [each.task_seat for each in inside if each.task_id == task.id]
        assert len(doing) == len(set(doing)) <= task.heads
        assert all(number and 1 <= number <= task.heads for number in doing)
    assert all(each.task_id in {None, "sweep", "wipe"} for each in inside)


def test_whoever_has_a_place_is_told_of_what_was_not_asked_for() -> None:
    moved = replace(CLEAN_UP, begins=NINE + timedelta(hours=1))
    after, types = settled(moved, [INSIDE])
    assert (types, after[0].begins, len(after[0].busy)) == ([MOVED], moved.begins, 12)
    off = replace(CLEAN_UP, state=Standing.CANCELLED)
    after, types = settled(off, [INSIDE, waiting(asked_for(CLEAN_UP, "p-2", NOW), None)])
    assert (types, {each.state for each in after}, after[0].busy) == ([CALLED_OFF] * 2, {State.LEFT}, ())


def test_nobody_moves_up_once_it_has_begun_and_nobody_can_sign_up_any_more() -> None:
    begun = replace(CLEAN_UP, begins=NOW - timedelta(hours=1), sign_up_until=NOW - timedelta(hours=1))
    late = waiting(asked_for(begun, "p-2", NOW - timedelta(days=1)), None)
    assert changes(begun, [late], NOW) == []
    walk_in = replace(begun, sign_up_until=NOW + timedelta(minutes=30))
    assert [change.type for change in changes(walk_in, [late], NOW)] == [SEATED]
    over = replace(walk_in, ends=NOW)
    assert changes(over, [replace(late, ends=NOW)], NOW) == []
