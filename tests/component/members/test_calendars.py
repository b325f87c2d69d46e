"""Calendars on a real database: what an area announces, and what somebody signed up for, by a link alone."""

from typing import Any

import pytest

from members.organisations.store import UnitStore
from members.service import MembersService
from members.territory.area import Area
from members.territory.store import TerritoryStore
from tests.component.members.clean_up import WORKER, at, populate, publish, sign_up, volunteer
from tests.component.members.small_district import ADMIN, GRID, MoveIn, refusal
from tests.component.members.staging import NOW


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    populate(territory, organisations, move_in, 3)


def opened(service: MembersService, n: int = 0, key: str = "open") -> dict[str, Any]:
    return dict(service.open_calendar(caller=volunteer(n), command_id=key))


def by_uid(found: dict[str, Any]) -> dict[str, tuple[str, int]]:
    return {each["uid"].removeprefix("activity-"): (each["status"], each["sequence"]) for each in found["items"]}


def test_what_is_called_off_stays_as_cancelled_with_its_uid_and_a_higher_sequence(service: MembersService) -> None:
    """F43: UID stable, SEQUENCE grows, CANCELLED where it does not take place; nothing tells of anybody."""
    id = publish(service, title="扮靓周四，联系12000000001")
    gone = publish(service, "gone", begins=at(hours=3), ends=at(hours=5))
    assert by_uid(service.area_calendar(area=GRID)) == {id: ("CONFIRMED", 0), gone: ("CONFIRMED", 0)}
    service.change_activity(caller=WORKER, command_id="m", activity_id=id, begins=at(minutes=30))
    service.cancel_activity(caller=WORKER, command_id="c", activity_id=gone, reason="下雨")
    found = service.area_calendar(area="360704")
    assert by_uid(found) == {id: ("CONFIRMED", 1), gone: ("CANCELLED", 1)}
    [first, _] = found["items"]
    assert first["title"] == "扮靓周四，联系120****0001"
    assert not {"organiser_id", "people"} & set(first)
    assert service.area_calendar(area="360704100007")["items"] == []


def test_the_calendar_of_an_area_is_called_as_the_area_is(service: MembersService, territory: TerritoryStore) -> None:
    assert service.area_calendar(area=GRID[:12])["name"] is None
    territory.add_areas([Area(GRID[:12], "高新社区", NOW)], NOW)
    assert service.area_calendar(area=GRID[:12])["name"] == "高新社区"
    assert "网格" in service.area_calendar(area=GRID)["name"]


def test_ones_own_calendar_has_what_one_signed_up_for_and_in_which_way(service: MembersService) -> None:
    id = publish(service, capacity=1)
    for n in range(2):
        sign_up(service, id, n)
    publish(service, "other", begins=at(hours=3), ends=at(hours=5))
    mine, waits = (opened(service, n)["token"] for n in range(2))
    assert by_uid(service.own_calendar(token=mine)) == {id: ("CONFIRMED", 0)}
    assert by_uid(service.own_calendar(token=waits)) == {id: ("TENTATIVE", 0)}
    service.leave_activity(caller=volunteer(0), command_id="l", activity_id=id)
    assert by_uid(service.own_calendar(token=mine)) == {id: ("CANCELLED", 1)}
    assert by_uid(service.own_calendar(token=waits)) == {id: ("CONFIRMED", 1)}


def test_a_link_is_made_once_and_leads_nowhere_once_it_is_revoked(service: MembersService) -> None:
    made = opened(service)
    assert opened(service) == made
    assert opened(service, key="another")["token"] != made["token"]
    id = made["calendar_id"]
    foreign = {"caller": volunteer(1), "command_id": "f", "calendar_id": id}
    assert refusal(service.revoke_calendar, **foreign).code == "calendar_not_found"
    service.revoke_calendar(caller=volunteer(0), command_id="r", calendar_id=id)
    assert refusal(service.own_calendar, token=made["token"]).code == "calendar_not_found"
    again = {"caller": volunteer(0), "command_id": "again", "calendar_id": id}
    assert refusal(service.revoke_calendar, **again).code == "calendar_revoked"
    shown = service.calendars(caller=volunteer(0))["items"]
    assert [each["revoked_at"] is None for each in shown] == [False, True]
    assert made["token"] not in str(shown)


@pytest.mark.parametrize("token", ["", "x", "-", "0195f3c0-0000-7000-8000-0000000000d1-" + "0" * 32, "c-1-码"])
def test_a_link_that_was_not_made_here_leads_nowhere(service: MembersService, token: str) -> None:
    assert refusal(service.own_calendar, token=token).code in {"calendar_not_found", "invalid"}


def test_who_knows_which_calendars_there_are_does_not_know_their_links(service: MembersService) -> None:
    made = opened(service)
    for secret in ("0" * 32, made["token"].rpartition("-")[2][:-1]):
        refused = refusal(service.own_calendar, token=f"{made['calendar_id']}-{secret}")
        assert refused.code == "calendar_not_found"


def test_nobody_has_more_links_than_ten_and_who_is_deleted_has_none(service: MembersService) -> None:
    made = [opened(service, key=f"k-{n}") for n in range(10)]
    refused = refusal(service.open_calendar, caller=volunteer(0), command_id="more")
    assert (refused.code, refused.details["most"]) == ("too_many_calendars", 10)
    assert len(service.own_data(caller=volunteer(0))["calendars"]) == 10
    service.delete_own_data(caller=volunteer(0), command_id="d")
    assert refusal(service.own_calendar, token=made[0]["token"]).code == "calendar_not_found"


def test_a_link_of_who_has_left_leads_nowhere_and_one_of_who_was_merged_leads_to_the_person(
    service: MembersService,
) -> None:
    id, made = publish(service), [opened(service, n) for n in range(2)]
    sign_up(service, id, 1)
    assert by_uid(service.own_calendar(token=made[0]["token"])) == {}
    person = [volunteer(n)["id"] for n in range(2)]
    service.merge_people(caller=ADMIN, command_id="m", person_id=person[0], into=person[1])
    assert by_uid(service.own_calendar(token=made[0]["token"])) == {id: ("CONFIRMED", 0)}
    service.record_leaving(caller=ADMIN, command_id="l", person_id=person[1])
    for each in made:
        assert refusal(service.own_calendar, token=each["token"]).code == "calendar_not_found"
