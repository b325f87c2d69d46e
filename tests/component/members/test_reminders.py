"""F12: reminders go out once, however many look, and what is said afterwards stays without a name."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from members.organisations.store import UnitStore
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.clean_up import OFFICE, TOMORROW_9, WORKER, at, populate, publish, sign_up, volunteer
from tests.component.members.small_district import SELF, MoveIn, refusal
from tests.component.set_clock import SetClock

VOLUNTEERS = 6


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    populate(territory, organisations, move_in, VOLUNTEERS)


def reminded(database: Database[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    found = [entry["data"] for each in database["reminders"].find() for entry in each["history"]]
    return sorted((each["when"], sorted(each["people"])) for each in found)


def test_whoever_has_a_place_is_reminded_once_of_each_by_however_many_instances(
    service: MembersService, database: Database[dict[str, Any]], clock: SetClock
) -> None:
    """F12: at 18:00 on the day before and an hour before, once, and not who only waits."""
    clock.moment = TOMORROW_9 - timedelta(hours=15, minutes=2)  # 17:58 in China
    id = publish(service, capacity=2)
    for n in range(3):
        sign_up(service, id, n)
    service.remind_of_activities()
    assert reminded(database) == []
    clock.moment = TOMORROW_9 - timedelta(hours=15)
    with ThreadPoolExecutor(8) as many:
        list(many.map(lambda _: service.remind_of_activities(), range(24)))
    evening = ("evening_before", ["p-0", "p-1"])
    assert reminded(database) == [evening]
    service.leave_activity(caller=volunteer(0), command_id="l", activity_id=id)
    clock.moment = TOMORROW_9 - timedelta(hours=1)
    for _ in range(2):
        service.remind_of_activities()
    assert reminded(database) == [evening, ("hour_before", ["p-1", "p-2"])]
    clock.moment = TOMORROW_9
    service.remind_of_activities()
    assert len(reminded(database)) == 2


def test_nobody_is_reminded_of_what_is_called_off_and_all_are_of_its_new_time(
    service: MembersService, database: Database[dict[str, Any]], clock: SetClock
) -> None:
    id = publish(service, capacity=2)
    off = publish(service, "off", capacity=2, begins=at(hours=3), ends=at(hours=5))
    sign_up(service, id, 0)
    sign_up(service, off, 1)
    service.cancel_activity(caller=WORKER, command_id="c", activity_id=off, reason="下雨")
    clock.moment = TOMORROW_9 - timedelta(hours=2)
    service.remind_of_activities()
    service.change_activity(caller=WORKER, command_id="m", activity_id=id, begins=at(minutes=30))
    service.remind_of_activities()
    assert reminded(database) == [("evening_before", ["p-0"])] * 2


def attended(service: MembersService, clock: SetClock) -> str:
    id = publish(service, capacity=5)
    for n in range(5):
        sign_up(service, id, n)
    service.leave_activity(caller=volunteer(4), command_id="l", activity_id=id)
    clock.moment = TOMORROW_9 + timedelta(hours=3)
    return id


def say(service: MembersService, id: str, n: int, mark: int, text: str | None = None) -> None:
    key = f"say-{n}"
    service.give_feedback(caller=volunteer(n), command_id=key, activity_id=id, mark=mark, text=text)


def test_who_was_there_says_it_once_and_the_organiser_sees_averages_without_names(
    service: MembersService, clock: SetClock
) -> None:
    """F12: feedback after the end, by who was there; hidden below three; phones in it are masked."""
    id = attended(service, clock)
    say(service, id, 0, 5, "很好，联系12000000001")
    say(service, id, 1, 4)
    say(service, id, 0, 5, "很好，联系12000000001")
    few = service.feedback(caller=WORKER, activity_id=id)
    assert (few["answers"], few["average"], few["texts"]) == (2, None, [])
    say(service, id, 2, 5, "下次早点")
    found = service.feedback(caller=OFFICE, activity_id=id)
    assert (found["answers"], found["average"]) == (3, 4.67)
    assert sorted(found["texts"]) == sorted(["下次早点", "很好，联系120****0001"])
    assert not {"p-0", "p-1"} & set(str(found).split("'"))
    again = {"command_id": "again", "activity_id": id, "mark": 1}
    assert refusal(service.give_feedback, caller=volunteer(0), **again).code == "feedback_given"
    for gone in (volunteer(4), volunteer(5)):
        assert refusal(service.give_feedback, caller=gone, **again).code == "was_not_there"
    assert refusal(service.feedback, caller=SELF, activity_id=id).code == "not_permitted"


def test_nothing_is_said_of_an_activity_before_its_end(service: MembersService, clock: SetClock) -> None:
    id = attended(service, clock)
    clock.moment = TOMORROW_9 + timedelta(hours=1)
    early = {"caller": volunteer(0), "command_id": "early", "activity_id": id, "mark": 3}
    refused = refusal(service.give_feedback, **early)
    assert (refused.code, refused.details["ends"][-1]) == ("activity_not_over", "Z")


def test_who_is_deleted_leaves_the_mark_and_no_words(service: MembersService, clock: SetClock) -> None:
    id = attended(service, clock)
    for n in range(3):
        say(service, id, n, 5, f"说法{n}")
    copy = service.own_data(caller=volunteer(0))["feedback"]
    assert [(each["mark"], each["text"]) for each in copy] == [(5, "说法0")]
    service.delete_own_data(caller=volunteer(0), command_id="d")
    found = service.feedback(caller=WORKER, activity_id=id)
    assert (found["answers"], sorted(found["texts"])) == (3, ["说法1", "说法2"])
