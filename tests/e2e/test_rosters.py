"""Rosters over HTTP: both pools in proportion, who has not come for the longest first, nobody twice (F47)."""

from datetime import date, timedelta
from typing import Any

import pytest

from dev.client import Client
from tests.e2e.serving import Serving, done
from tests.e2e.staged import StagedSuite

SATURDAY = date(2025, 11, 22)
"""On Saturdays most of the demo's people are free in the morning."""

AREA = "360704100"
WANTED: dict[str, Any] = {"needed": 20, "skills": ["cleaning"], "area": AREA}
POOLS = {"in_service_member", "volunteer"}


@pytest.fixture
def serving(suite: StagedSuite, people: dict[str, Client]) -> Serving:
    return Serving(suite, people)


def left_out(found: dict[str, Any]) -> dict[str, int]:
    return {each["why"]: each["people"] for each in found["left_out"]}


def ids(found: dict[str, Any]) -> list[str]:
    return [each["person_id"] for each in found["people"]]


def test_a_roster_of_twenty_is_drawn_up_from_both_pools(
    serving: Serving, people: dict[str, Client], suite: StagedSuite
) -> None:
    """F47: need 20 with the skill of cleaning; proportional, least recently used first, none booked or over 8 h."""
    id = serving.planned(SATURDAY, "09:00", "11:00")
    worker = people["worker"]
    plan = done(worker, f"/v1/activities/{id}/roster-plan", **WANTED)
    sizes = {each["pool"]: each["size"] for each in plan["pools"]}
    skilled = {"areas": AREA, "skills": "cleaning", "active": True, "grants.role": {"$in": sorted(POOLS)}}
    everybody = suite.database("members")["people"].count_documents(skilled)
    assert sum(sizes.values()) + sum(left_out(plan).values()) == everybody
    assert sizes.keys() == POOLS
    assert all(size > 10 for size in sizes.values()), sizes

    booked, tired = ids(plan)[0], ids(plan)[-1]
    other = serving.planned(SATURDAY, "10:00", "12:00")
    long = serving.planned(SATURDAY, "12:00", "19:00")
    role = {each["person_id"]: each["pool"] for each in plan["people"]}
    done(serving.person(booked, role[booked]), f"/v1/activities/{other}/signups")
    done(serving.person(tired, role[tired]), f"/v1/activities/{long}/signups")

    found = done(worker, f"/v1/activities/{id}/roster", **WANTED)
    assert (found["seated"], found["short"], len(set(ids(found)))) == (20, 0, 20)
    total = sum(each["size"] for each in found["pools"])
    for each in found["pools"]:
        assert abs(each["share"] - 20 * each["size"] / total) < 1
        assert each["seated"] == each["share"]
        assert sum(one["pool"] == each["pool"] for one in found["people"]) == each["share"]
    assert not {booked, tired} & set(ids(found))
    before, after = left_out(plan), left_out(found)
    for why in ("booked_elsewhere", "eight_hours_that_day"):
        assert after[why] == before.get(why, 0) + 1
    seated = {each["person_id"] for each in worker.get(f"/v1/activities/{id}/signups?limit=100").json()["items"]}
    assert seated == set(ids(found))

    again = done(worker, f"/v1/activities/{id}/roster", **(WANTED | {"needed": 5}))
    assert not set(ids(again)) & seated, "nobody has two places in it"


def test_who_came_last_time_is_asked_after_the_others(serving: Serving, people: dict[str, Client]) -> None:
    """F47: least recently used first."""
    worker = people["worker"]
    saturdays = [SATURDAY + timedelta(days=7 * n) for n in (2, 3)]
    days = [serving.planned(day, "09:00", "11:00") for day in reversed(saturdays)][::-1]
    first, second = (done(worker, f"/v1/activities/{id}/roster", **WANTED) for id in days)
    assert (len(ids(first)), len(ids(second))) == (20, 20)
    assert not set(ids(first)) & set(ids(second))
