"""F12: what is announced of an activity, who may announce it, and what is wrong with one."""

from typing import Any

import pytest
from pymongo.database import Database

from members.organisations.store import UnitStore
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.clean_up import (
    BOARD,
    CLEANING,
    OFFICE,
    TOMORROW_9,
    WORKER,
    at,
    codes,
    populate,
    publish,
    volunteer,
)
from tests.component.members.small_district import ADMIN, GRID, SELF, MoveIn, refusal
from tests.component.members.staging import NOW
from tests.component.set_clock import SetClock

ANNOUNCED = (
    *("begins", "ends", "place", "text", "conditions"),
    *("capacity", "sign_up_way", "risks", "protection"),
)
"""Time, place, content, conditions, number, way to sign up, risks, protection (GB/T 40143 §6.1)."""


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    populate(territory, organisations, move_in, 1)


def test_what_is_published_is_seen_by_everybody_of_the_district(service: MembersService) -> None:
    id = publish(service, capacity=12, tasks=BOARD, compounds=["c-dongyuan"])
    assert publish(service, capacity=12, tasks=BOARD, compounds=["c-dongyuan"]) == id
    found = service.activity(caller=SELF, activity_id=id)
    assert {name: found[name] for name in ("title", "place", "capacity", "risks", "youngest")} == {
        **{name: CLEANING[name] for name in ("title", "place", "risks")},
        "capacity": 12,
        "youngest": 14,
    }
    assert (found["state"], found["day"], found["organiser_id"]) == ("published", "2026-03-13", "p-worker")
    assert (found["begins"], found["sign_up_until"]) == ("2026-03-13T01:00:00Z", "2026-03-13T01:00:00Z")
    assert [task["needed"] for task in found["open_tasks"]] == [2, 3, 2, 2, 1]
    foreign = {"id": "p-x", "grants": [{"role": "district_admin", "scope": "360703"}], "unit": None}
    assert refusal(service.activity, caller=foreign, activity_id=id).code == "activity_not_found"


@pytest.mark.parametrize("name", ANNOUNCED)
def test_all_that_has_to_be_announced_is_asked_for(service: MembersService, name: str) -> None:
    body = {key: value for key, value in CLEANING.items() if key != name}
    refused = refusal(service.publish_activity, caller=WORKER, command_id="k", **body)
    assert [each["pointer"] for each in refused.details["errors"]] == [f"/{name}"]


def test_no_phone_and_no_identity_number_is_passed_on(
    service: MembersService, database: Database[dict[str, Any]]
) -> None:
    """Neither in what others hear, nor anywhere else but a phone in the text that says whom to call."""
    phone, identity = "12000000001", "360704199001011234"
    id = publish(service, title=f"扮靓 {phone} {identity}", place=f"门口 {phone}", text=f"请致电 {phone}，{identity}")
    service.change_activity(caller=WORKER, command_id="c", activity_id=id, title=f"清扫 {identity} {phone}")
    service.cancel_activity(caller=WORKER, command_id="x", activity_id=id, reason=f"大雨，问 {phone}")
    found = service.activity(caller=SELF, activity_id=id)
    assert (found["title"], found["reason"]) == ("清扫 360704********1234 120****0001", "大雨，问 120****0001")
    assert found["text"] == "请致电 12000000001，360704********1234"
    everything = "".join(repr(each) for name in database.list_collection_names() for each in database[name].find())
    assert (everything.count(phone), everything.count(identity)) == (1, 0)


WRONG: tuple[tuple[dict[str, Any], str], ...] = (
    ({"begins": at(minutes=3)}, "not_on_five_minutes"),
    ({"begins": at(days=-2), "ends": at(days=-2, hours=2)}, "begins_in_the_past"),
    ({"ends": at()}, "ends_before_it_begins"),
    ({"ends": at(hours=20)}, "ends_on_another_day"),
    ({"breaks": 120}, "breaks_take_all"),
    ({"breaks": -5}, "breaks_negative"),
    ({"sign_up_until": at(hours=3)}, "signs_up_after_the_end"),
    ({"sign_up_until": at(days=-5)}, "signs_up_in_the_past"),
    ({"begins": at(days=400), "ends": at(days=400, hours=2)}, "too_far_ahead"),
    ({"grid_code": "360704100002099"}, "unknown_grid"),
    ({"muster": {"lon": 115.03, "lat": 25.85}}, "outside_its_grid"),
    ({"venue_id": "v-none"}, "unknown_venue"),
    ({"compounds": ["c-none"]}, "unknown_compound"),
    ({"capacity": -1}, "capacity_not_positive"),
    ({"capacity": 0}, "capacity_not_positive"),
    ({"tasks": BOARD}, "tasks_exceed_capacity"),
    ({"capacity": None, "tasks": [BOARD[0], BOARD[0]]}, "task_twice"),
    ({"tasks": [BOARD[0] | {"heads": -1}]}, "heads_not_positive"),
    ({"skills": ["flying"]}, "unknown_skill"),
    ({"youngest": 13}, "younger_than_allowed"),
)


@pytest.mark.parametrize(("changes", "code"), WRONG, ids=[code for _, code in WRONG])
def test_each_thing_that_is_wrong_has_a_code_of_its_own(
    service: MembersService, changes: dict[str, Any], code: str
) -> None:
    assert code in codes(refusal(publish, service=service, by=OFFICE, **changes))
    assert service.activities(caller=OFFICE)["items"] == []


def test_everything_that_is_wrong_is_named_at_once(service: MembersService) -> None:
    wrong: dict[str, Any] = {"ends": at(), "capacity": -1, "compounds": ["c-none"], "skills": ["flying"]}
    assert codes(refusal(publish, service=service, **wrong)) == {
        *("ends_before_it_begins", "capacity_not_positive", "unknown_compound", "unknown_skill"),
    }


def test_who_organises_is_who_may_record_and_approve_hours(service: MembersService) -> None:
    """docs/domain.md §5: grid and community workers, union leaders and cadres, the party office."""
    for role in ("grid_worker", "community_worker", "union_leader", "union_cadre"):
        by = {"id": f"p-{role}", "grants": [{"role": role, "scope": "360704100002002"}], "unit": None}
        publish(service, key=role, by=by)
    elsewhere = {"id": "p-x", "grants": [{"role": "grid_worker", "scope": "360704100007001"}], "unit": None}
    contact = {"id": "p-lamps", "grants": [{"role": "unit_contact", "scope": "360704"}], "unit": "u-lamps"}
    others: list[dict[str, Any]] = [elsewhere, contact, ADMIN, SELF]
    for by in others:
        assert refusal(publish, service=service, by=by).code == "not_permitted"


def test_an_activity_is_changed_by_its_organiser_or_the_office_until_it_begins(
    service: MembersService, clock: SetClock
) -> None:
    id = publish(service)
    moved: dict[str, Any] = {"activity_id": id, "begins": at(hours=1), "ends": at(hours=3)}
    service.change_activity(caller=WORKER, command_id="c", **moved)
    found = service.activity(caller=WORKER, activity_id=id)
    assert (found["sign_up_until"], found["version"]) == ("2026-03-13T02:00:00Z", 2)
    assert refusal(service.change_activity, caller=OFFICE, command_id="d", **moved).code == "nothing_changed"
    colleague = WORKER | {"id": "p-other"}
    title: dict[str, Any] = {"activity_id": id, "title": "清扫"}
    assert refusal(service.change_activity, caller=colleague, command_id="c", **title).code == "not_permitted"
    wrong = refusal(service.change_activity, caller=WORKER, command_id="e", activity_id=id, ends=at(minutes=30))
    assert wrong.code == "ends_before_it_begins"
    clock.moment = TOMORROW_9.replace(hour=2)
    assert refusal(service.change_activity, caller=WORKER, command_id="f", **title).code == "activity_begun"
    clock.moment = TOMORROW_9.replace(hour=4)
    assert service.activity(caller=WORKER, activity_id=id)["state"] == "over"
    assert refusal(service.change_activity, caller=WORKER, command_id="g", **title).code == "activity_over"
    ending: dict[str, Any] = {"activity_id": id, "reason": "暴雨"}
    assert refusal(service.cancel_activity, caller=WORKER, command_id="h", **ending).code == "activity_over"


def test_what_is_called_off_stays_so_and_says_why(service: MembersService) -> None:
    id = publish(service)
    service.cancel_activity(caller=OFFICE, command_id="c", activity_id=id, reason="暴雨")
    found = service.activity(caller=SELF, activity_id=id)
    assert (found["state"], found["reason"]) == ("cancelled", "暴雨")
    again: dict[str, Any] = {"caller": WORKER, "activity_id": id, "reason": "暴雨"}
    assert refusal(service.cancel_activity, command_id="d", **again).code == "activity_cancelled"


def test_activities_are_listed_by_area_kind_and_day_the_earliest_first(service: MembersService) -> None:
    late = publish(service, key="late", begins=at(days=1), ends=at(days=1, hours=1))
    early = publish(service, key="early")
    same = publish(service, key="same")

    def listed(limit: int = 20, **filters: Any) -> list[str]:
        items: list[str] = []
        after = None
        while True:
            page = service.activities(caller=SELF, filters=filters, limit=limit, after=after)
            items += [each["activity_id"] for each in page["items"]]
            if (after := page["next"]) is None:
                return items

    assert listed() == listed(limit=1) == [*sorted((early, same)), late]
    assert listed(area=GRID, first_day="2026-03-14") == listed(kind="activity", last_day="2026-03-14")[2:] == [late]
    assert listed(limit=1, first_day="2026-03-13", last_day="2026-03-13") == sorted((early, same))
    assert listed(area="360704100007") == listed(kind="service_day") == []
    assert refusal(service.activities, caller=volunteer(0), filters={"area": "360703"}).code == "not_permitted"


def test_what_is_told_anew_once_signing_up_is_over_may_be_so(service: MembersService, clock: SetClock) -> None:
    id = publish(service, sign_up_until=at(hours=-12))
    clock.moment = NOW.replace(hour=23)
    change: dict[str, Any] = {"caller": WORKER, "activity_id": id}
    service.change_activity(**change, command_id="title", title="改名")
    late: dict[str, Any] = {"command_id": "late", "sign_up_until": at(hours=-11)}
    assert refusal(service.change_activity, **change, **late).code == "signs_up_in_the_past"
    service.change_activity(**change, command_id="again", sign_up_until=at())
