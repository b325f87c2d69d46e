"""F47: two pools by their sizes, who has not come for the longest first, nobody twice, nobody over eight hours."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from chassis.caller import Grant
from members.activities.activity import Activity, Kind
from members.people.person import CHANNELS, LOCAL, FreeTime, Person
from members.rosters.roster import Candidate, Obstacle, Pool, explained, obstacle, planned, pool_of, shares

BEGINS = datetime(2026, 3, 19, 9, 0, tzinfo=LOCAL)  # a Thursday
ACTIVITY = Activity(
    id="a-1",
    kind=Kind.SERVICE_DAY,
    title="扮靓周四",
    text="清扫",
    grid_code="360704100002001",
    organiser_id="p-worker",
    begins=BEGINS,
    ends=BEGINS + timedelta(hours=2),
    place="小区门口",
    muster=(115.0, 25.8),
    sign_up_until=BEGINS,
    conditions="-",
    sign_up_way="-",
    risks="-",
    protection="-",
)
CLEANING = frozenset({"cleaning"})


def candidate(
    id: str, *roles: str, last: int | None = None, person: dict[str, Any] | None = None, **more: Any
) -> Candidate:
    grants = tuple(Grant(role, "360704") for role in roles or ("volunteer",))
    who = Person(id, "360704", "王测004", grants, **({"skills": CLEANING} | (person or {})))
    return Candidate(who, BEGINS - timedelta(days=last) if last is not None else None, **more)


def test_twenty_come_in_proportion_to_the_pools() -> None:
    """F47: need 20, skills cleaning."""
    people = [
        *(candidate(f"m-{n}", "in_service_member") for n in range(60)),
        *(candidate(f"v-{n}") for n in range(28)),
    ]
    plan = planned(20, people, ACTIVITY, CLEANING)
    assert plan.shares == {Pool.MEMBERS: 14, Pool.VOLUNTEERS: 6}
    assert len({each.person.id for each in plan.chosen}) == 20
    assert plan.short == 0


def test_what_is_left_over_goes_to_the_largest_remainder() -> None:
    assert shares(10, {Pool.MEMBERS: 17, Pool.VOLUNTEERS: 8}) == {Pool.MEMBERS: 7, Pool.VOLUNTEERS: 3}
    assert shares(1, {Pool.MEMBERS: 1, Pool.VOLUNTEERS: 2}) == {Pool.MEMBERS: 0, Pool.VOLUNTEERS: 1}


def test_too_few_all_come_and_the_rest_is_named() -> None:
    plan = planned(5, [candidate("v-1"), candidate("m-1", "in_service_member")], ACTIVITY, CLEANING)
    assert (len(plan.chosen), plan.short) == (2, 3)
    assert explained(plan, plan.chosen)["short"] == 3


def test_whoever_has_not_come_for_the_longest_is_first() -> None:
    people = [candidate("v-week", last=7), candidate("v-never"), candidate("v-month", last=30)]
    plan = planned(3, people, ACTIVITY, CLEANING)
    assert [each.person.id for each in plan.chosen] == ["v-never", "v-month", "v-week"]


def test_somebody_in_both_pools_is_counted_once() -> None:
    both = candidate("b-1", "volunteer", "in_service_member")
    plan = planned(2, [both, candidate("v-1")], ACTIVITY, CLEANING)
    assert plan.sizes == {Pool.MEMBERS: 1, Pool.VOLUNTEERS: 1}
    assert pool_of(both.person) is Pool.MEMBERS


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (candidate("v-1"), None),
        (candidate("v-1", signed_up=True), Obstacle.SIGNED_UP),
        (candidate("v-1", busy=True), Obstacle.BUSY),
        (candidate("v-1", minutes_that_day=360), None),
        (candidate("v-1", minutes_that_day=361), Obstacle.DAY_FULL),
        (candidate("v-1", person={"free_times": (FreeTime(3, time(9), time(11)),)}), None),
        (candidate("v-1", person={"free_times": (FreeTime(3, time(9), time(10, 59)),)}), Obstacle.NOT_FREE),
        (candidate("v-1", person={"free_times": (FreeTime(4, time(9), time(11)),)}), Obstacle.NOT_FREE),
        (candidate("v-1", person={"declined": frozenset(CHANNELS)}), Obstacle.UNREACHABLE),
        (candidate("v-1", person={"skills": frozenset({"law"})}), Obstacle.UNSKILLED),
    ],
)
def test_nobody_is_asked_who_cannot_come(found: Candidate, why: Obstacle | None) -> None:
    assert obstacle(found, ACTIVITY, CLEANING) is why


def test_the_reasons_of_those_left_out_are_counted() -> None:
    people = [candidate("v-1", busy=True), candidate("v-2", busy=True), candidate("v-3", signed_up=True)]
    assert planned(3, people, ACTIVITY, CLEANING).left_out == {"booked_elsewhere": 2, "signed_up_already": 1}


@given(some.integers(1, 300), some.integers(0, 200), some.integers(0, 200))
def test_shares_are_as_many_as_asked_or_as_there_are_and_within_one_of_the_proportion(
    needed: int, members: int, volunteers: int
) -> None:
    sizes = {Pool.MEMBERS: members, Pool.VOLUNTEERS: volunteers}
    found = shares(needed, sizes)
    assert sum(found.values()) == min(needed, members + volunteers)
    for pool, size in sizes.items():
        assert 0 <= found[pool] <= size
        if needed < members + volunteers:
            assert abs(found[pool] - needed * size / (members + volunteers)) < 1
