"""F47 on a real database: rosters are drawn up from two pools, and give places that nobody has twice."""

from datetime import timedelta
from typing import Any

import pytest

from members.organisations.store import UnitStore
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.served import OFFICE, THURSDAY, WORKER, Serving, volunteer
from tests.component.members.small_district import MoveIn, refusal, settle, staff

NEXT = THURSDAY + timedelta(days=7)


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    settle(territory, organisations, move_in)
    move_in((staff(f"p-{n}", "volunteer", "360704100002"), None) for n in range(1, 5))
    move_in((staff(f"m-{n}", "in_service_member", "360704100002"), None) for n in range(1, 9))


@pytest.fixture
def serving(service: MembersService) -> Serving:
    return Serving(service)


def draw(service: MembersService, key: str = "roster", by: dict[str, Any] = WORKER, **body: Any) -> dict[str, Any]:
    wanted = {"activity_id": "a-1", "needed": 6, "area": "360704100002"} | body
    return service.draw_up_roster(caller=by, command_id=key, **wanted)


def seated(service: MembersService, activity_id: str = "a-1") -> set[str]:
    return {kept.item.person_id for kept in service.signups.of_activity(activity_id)}


def test_a_roster_gives_places_in_proportion_and_a_repetition_gives_no_more(
    service: MembersService, serving: Serving
) -> None:
    """F47: of nine members (with one of the lodge) and four volunteers six are asked."""
    serving.activity("a-1", day=NEXT)
    found = draw(service)
    assert (found["seated"], found["short"]) == (6, 0)
    assert {each["pool"]: each["share"] for each in found["pools"]} == {"in_service_member": 4, "volunteer": 2}
    assert {each["pool"]: each["seated"] for each in found["pools"]} == {"in_service_member": 4, "volunteer": 2}
    assert {each["name_masked"] for each in found["people"]} <= {"王**", "李师傅"}
    assert {each["person_id"] for each in found["people"]} == seated(service)
    assert len(seated(service)) == 6
    assert draw(service) == found
    assert len(seated(service)) == 6
    assert all(kept.item.by_roster for kept in service.signups.of_activity("a-1"))


def test_nobody_is_booked_twice_or_over_eight_hours(service: MembersService, serving: Serving) -> None:
    serving.activity("a-other", "10:00", "12:00", day=NEXT)
    serving.activity("a-long", "12:00", "20:00", day=NEXT)
    serving.activity("a-1", day=NEXT)
    for activity_id, n in (("a-other", 1), ("a-long", 2)):
        service.sign_up(caller=volunteer(n), command_id=f"s-{n}", activity_id=activity_id)
    found = draw(service, needed=50)
    assert {"p-1", "p-2"} & seated(service) == set()
    why = {each["why"]: each["people"] for each in found["left_out"]}
    assert (why["booked_elsewhere"], why["eight_hours_that_day"]) == (1, 1)
    assert found["short"] == 50 - found["seated"]


def test_a_plan_writes_nothing(service: MembersService, serving: Serving) -> None:
    serving.activity("a-1", day=NEXT)
    found = service.plan_roster(caller=WORKER, activity_id="a-1", needed=6, area="360704100002")
    assert (found["seated"], seated(service)) == (6, set())


def test_there_are_no_more_places_than_the_activity_has(service: MembersService, serving: Serving) -> None:
    serving.activity("a-1", day=NEXT, capacity=3)
    found = draw(service)
    assert (found["seated"], found["short"], len(seated(service))) == (3, 3, 3)
    assert sum(each["seated"] for each in found["pools"]) == 3
    assert [(each["why"], each["people"]) for each in found["left_out"]] == [("no_free_place", 9), ("not_free_then", 1)]


def test_whoever_came_last_time_is_not_asked_before_the_others(service: MembersService, serving: Serving) -> None:
    serving.activity("a-before", day=NEXT)
    serving.activity("a-1", day=NEXT + timedelta(days=7))
    first = {each["person_id"] for each in draw(service, "r-1", activity_id="a-before")["people"]}
    second = {each["person_id"] for each in draw(service, "r-2")["people"]}
    assert first & second == set()


def test_a_roster_is_drawn_up_by_the_organiser_or_the_office(service: MembersService, serving: Serving) -> None:
    serving.activity("a-1", day=NEXT)
    for other in ({**WORKER, "id": "p-other"}, volunteer(1)):
        assert refusal(draw, service=service, by=other).code == "not_permitted"
    assert draw(service, by=OFFICE)["seated"] == 6
    wrong = refusal(draw, service=service, key="x", area="360703100002")
    assert wrong.code == "area_outside_district"
    assert refusal(draw, service=service, key="y", task_id="t-none").code == "unknown_task"
    assert refusal(draw, service=service, key="s", skills=["luck"]).code == "unknown_skill"
    serving.activity("a-past")
    assert refusal(draw, service=service, key="z", activity_id="a-past").code == "activity_over"


def test_nobody_of_an_area_is_left_out_unseen(
    service: MembersService, serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F47: in proportion to the pools, whatever ids their people have; what is too wide is refused."""
    serving.activity("a-1", day=NEXT)
    monkeypatch.setattr("members.rosters.store.MOST_IN_POOLS", 13)
    sizes = {each["pool"]: each["size"] for each in draw(service)["pools"]}
    assert sizes == {"in_service_member": 8, "volunteer": 4}
    monkeypatch.setattr("members.rosters.store.MOST_IN_POOLS", 12)
    refused = refusal(draw, service=service, key="again")
    assert (refused.code, refused.details) == ("area_too_wide", {"most": 12})
    assert len(seated(service)) == 6
