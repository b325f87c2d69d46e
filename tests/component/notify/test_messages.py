"""Messages on a real store: who takes over from whom, what is moot, what each try left in the log."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Lock
from typing import Any

import pytest
from pymongo.database import Database

from chassis.event import Event
from notify.channels.port import Parcel, Unavailable, Undeliverable
from notify.notices.notice import BULK
from notify.real_time import real_now
from notify.service import NotifyService
from tests.component.notify.samples import MembersStandIn, caller, event, person
from tests.component.notify.stores import NotifyStores
from tests.component.notify.test_service import XIE, titles
from tests.component.set_clock import SetClock

Stored = Database[dict[str, Any]]


class Provider:
    """A channel that does as it is told."""

    kind = "sms"
    address = "phone"

    def __init__(self, name: str, error: Exception | None = None) -> None:
        self.name, self.error = name, error
        self.took: list[Parcel] = []

    def send(self, parcel: Parcel) -> str:
        if self.error is not None:
            raise self.error
        self.took.append(parcel)
        return f"{self.name}-{len(self.took)}"


def log(database: Stored, template: str = "registered") -> dict[str, Any]:
    return database["messages"].find_one({"template": template}) or {}


def outcomes(database: Stored) -> list[tuple[str, str, str]]:
    return [(each["channel"], each["outcome"], each["answer"]) for each in log(database)["attempts"]]


def test_the_next_provider_takes_over_and_each_try_is_in_the_log(service: NotifyService, database: Stored) -> None:
    down, up = Provider("down", Unavailable("timeout")), Provider("up")
    service.channels = (down, up)
    service.tell(event("case.registered"))
    service.send_outside()
    assert outcomes(database) == [("down", "failed", "timeout"), ("up", "sent", "up-1")]
    assert log(database)["state"] == "sent"
    assert len(up.took) == 1


def test_the_key_is_the_same_on_every_try(service: NotifyService, clock: SetClock, database: Stored) -> None:
    provider = Provider("sms", Unavailable("timeout"))
    service.channels = (provider,)
    service.tell(event("case.registered"))
    service.send_outside()
    provider.error = None
    service.send_outside()
    assert provider.took == []
    clock.wait(minutes=1)
    service.send_outside()
    service.send_outside()
    assert [parcel.key for parcel in provider.took] == [log(database)["_id"]]
    assert outcomes(database) == [("sms", "failed", "timeout"), ("sms", "sent", "sms-1")]


def test_an_address_that_is_refused_on_every_way_is_called_by_hand_at_once(
    service: NotifyService, database: Stored
) -> None:
    service.channels = (Provider("sms", Undeliverable("no_such_number")),)
    service.tell(event("case.registered"))
    service.send_outside()
    assert (log(database)["state"], log(database)["why"]) == ("failed", "refused")
    assert database["notices"].count_documents({"template": "call_by_hand"}) == 1


class Choosy(Provider):
    """Refuses one phone for good, and takes whatever goes to others."""

    def __init__(self, name: str, refused: str) -> None:
        super().__init__(name)
        self._refused = refused

    def send(self, parcel: Parcel) -> str:
        if parcel.to == self._refused:
            raise Undeliverable("no_such_number")
        return super().send(parcel)


def test_who_calls_by_hand_hears_of_it_outside_too_and_whom_to_tell_what(
    service: NotifyService, members: MembersStandIn, database: Stored
) -> None:
    provider = Choosy("sms", members.people["p-xie"]["phone"])
    service.channels = (provider,)
    members.people["p-grid"] = person("p-grid", "12000000005", channels=["sms"], language="en")
    service.tell(event("case.registered"))
    for _ in range(2):
        service.send_outside()
    assert [(each.template, each.to) for each in provider.took] == [("call_by_hand", "12000000005")]
    [task] = service.inbox(caller("p-grid", "grid_worker"))["items"]
    assert task["unreached_id"] == "p-xie"
    said = task["texts"]
    assert "reaches who reported it or joined it" in said["en"]["body"]
    assert "is now a registered case" in said["en"]["body"]
    assert ("反映人" in said["zh-CN"]["body"], "已立案" in said["zh-CN"]["body"]) == (True, True)


def test_nobody_is_asked_to_call_whoever_is_to_call(
    service: NotifyService, members: MembersStandIn, database: Stored
) -> None:
    """Where nobody's phone takes anything, the task waits in the inbox, and is not passed on for ever."""
    service.channels = (Provider("sms", Undeliverable("no_such_number")),)
    members.people["p-grid"] = person("p-grid", "12000000005", channels=["sms"])
    service.tell(event("case.registered"))
    for _ in range(4):
        service.send_outside()
    assert log(database, "call_by_hand")["state"] == "failed"
    assert database["notices"].count_documents({"template": "call_by_hand"}) == 1


def test_nobody_is_asked_to_call_themselves(service: NotifyService, members: MembersStandIn, database: Stored) -> None:
    service.channels = (Provider("sms", Undeliverable("no_such_number")),)
    members.people["p-grid"] = person("p-grid", "12000000005", channels=["sms"])
    service.tell(event("case.verification_asked"))
    service.send_outside()
    assert log(database, "verify_please")["state"] == "failed"
    assert database["notices"].distinct("recipient", {"template": "call_by_hand"}) == ["p-desk"]


def test_who_is_to_call_by_hand_is_asked_though_members_is_away_for_a_while(
    service: NotifyService, members: MembersStandIn, database: Stored
) -> None:
    """A message has failed for good only once somebody is asked to call; what went out beside it goes out once."""

    def away(grid_code: str, not_of: str | None = None) -> dict[str, list[str]]:
        raise TimeoutError

    provider, there = Choosy("sms", members.people["p-xie"]["phone"]), members.responsible
    service.channels = (provider,)
    members.people["p-grid"] = person("p-grid", "12000000005", channels=["sms"])
    service.tell(event("case.registered"))
    service.tell(event("case.verification_asked", case="c-2"))
    members.responsible = away  # type: ignore[method-assign]
    with pytest.raises(TimeoutError):
        service.send_outside()
    members.responsible = there  # type: ignore[method-assign]
    database["messages"].update_many({}, {"$set": {"held_until": real_now()}})
    service.send_outside()
    assert database["notices"].count_documents({"template": "call_by_hand"}) == 1
    assert (log(database)["state"], len(provider.took)) == ("failed", 1)


@pytest.mark.parametrize("broken", ["provider", "facts"])
def test_what_nobody_foresaw_of_one_message_keeps_no_other_from_going_out(
    service: NotifyService, members: MembersStandIn, database: Stored, broken: str
) -> None:
    """Neither a provider's own mistake nor facts of which no text can be made."""

    class Odd(Provider):
        def send(self, parcel: Parcel) -> str:
            if broken == "provider" and parcel.template == "registered":
                raise ValueError(parcel.to)
            return super().send(parcel)

    provider = Odd("sms")
    service.channels = (provider,)
    members.people["p-grid"] = person("p-grid", "12000000005", channels=["sms"])
    service.tell(event("case.registered"))
    service.tell(event("case.verification_asked", case="c-2"))
    if broken == "facts":
        database["notices"].update_one({"template": "registered"}, {"$set": {"facts.resolve_due": "soon"}})
    service.send_outside()
    assert [parcel.template for parcel in provider.took] == ["verify_please"]
    assert (log(database)["state"], outcomes(database)) == ("due", [("sms", "failed", "ValueError")])


def test_what_cannot_be_judged_stays_and_keeps_no_other_from_going_out(
    service: NotifyService, members: MembersStandIn, database: Stored
) -> None:
    """A template that only a newer release knows, while both are running."""
    provider = Provider("sms")
    service.channels = (provider,)
    members.people["p-grid"] = person("p-grid", "12000000005", channels=["sms"])
    service.tell(event("case.registered"))
    service.tell(event("case.verification_asked", case="c-2"))
    database["notices"].update_one({"template": "registered"}, {"$set": {"template": "newer"}})
    service.send_outside()
    assert [parcel.template for parcel in provider.took] == ["verify_please"]
    assert (log(database, "verify_please")["state"], log(database, "newer")["state"]) == ("sent", "due")
    database["messages"].update_one(
        {"template": "newer"}, {"$set": {"template": "registered", "held_until": real_now()}}
    )
    database["notices"].update_one({"template": "newer"}, {"$set": {"template": "registered"}})
    service.send_outside()
    assert [parcel.template for parcel in provider.took] == ["verify_please", "registered"]


def later(type: str) -> Event:
    happened = event(type, sequence=2)
    return replace(happened, time=happened.time + timedelta(minutes=1))


def test_a_request_about_a_case_that_has_ended_meanwhile_is_not_sent(
    service: NotifyService, members: MembersStandIn, database: Stored
) -> None:
    provider = Provider("sms")
    service.channels = (provider,)
    members.people["p-grid"] = person("p-grid", "12000000005", channels=["sms"])
    service.tell(event("case.verification_asked"))
    service.keep_events([later("case.rejected")])
    service.send_outside()
    assert provider.took == []
    assert (log(database, "verify_please")["state"], log(database, "verify_please")["why"]) == ("skipped", "moot")


def test_a_request_that_comes_after_an_end_is_sent(service: NotifyService, members: MembersStandIn) -> None:
    """A case that was opened again asks anew, although the log holds its end."""
    provider = Provider("sms")
    service.channels = (provider,)
    members.people["p-grid"] = person("p-grid", "12000000005", channels=["sms"])
    service.keep_events([event("case.closed")])
    service.tell(later("case.verification_asked"))
    service.send_outside()
    assert [parcel.template for parcel in provider.took] == ["verify_please"]


def test_what_a_reporter_is_told_is_never_moot(service: NotifyService) -> None:
    provider = Provider("sms")
    service.channels = (provider,)
    service.tell(event("case.registered"))
    service.keep_events([later("case.closed")])
    service.send_outside()
    assert [parcel.template for parcel in provider.took] == ["registered"]


def test_whoever_has_left_meanwhile_is_not_written_to(
    service: NotifyService, members: MembersStandIn, clock: SetClock, database: Stored
) -> None:
    def nobody(ids: Sequence[str]) -> list[dict[str, Any]]:
        assert ids == ["p-xie"]
        return []

    service.channels = (Provider("sms", Unavailable("timeout")),)
    service.tell(event("case.registered"))
    service.send_outside()
    members.contacts = nobody  # type: ignore[method-assign]
    clock.wait(minutes=1)
    service.send_outside()
    assert (log(database)["state"], log(database)["why"]) == ("skipped", "left")


def test_whoever_speaks_for_the_unit_no_more_is_not_told_what_it_is_told(
    service: NotifyService, members: MembersStandIn, clock: SetClock, database: Stored
) -> None:
    provider = Provider("sms", Unavailable("timeout"))
    service.channels = (provider,)
    members.people["p-lamp"]["channels"] = ["sms"]
    service.tell(event("case.dispatched", assignees=[{"id": "u-lighting", "kind": "unit", "lead": True}]))
    service.send_outside()
    provider.error, members.people["p-lamp"]["unit_id"] = None, None
    clock.wait(minutes=1)
    service.send_outside()
    assert (log(database, "assigned")["state"], log(database, "assigned")["why"]) == ("skipped", "left")
    assert "assigned" not in [parcel.template for parcel in provider.took]


def test_many_at_once_wait_in_a_lane_of_their_own(
    service: NotifyService, store: NotifyStores, database: Stored
) -> None:
    provider = Provider("sms")
    service.channels = (provider,)
    service.tell(event("case.registered"))
    database["notices"].update_many({}, {"$set": {"lane": BULK}})
    service.send_outside()
    assert provider.took == []
    service.send_in_bulk()
    assert len(provider.took) == 1


def test_who_has_lost_a_message_cannot_settle_it(service: NotifyService, clock: SetClock, database: Stored) -> None:
    class Slow(Provider):
        def send(self, parcel: Parcel) -> str:
            database["messages"].update_one({}, {"$set": {"claim": "another"}})  # the lease has ended meanwhile
            return super().send(parcel)

    service.channels = (Slow("sms"),)
    service.tell(event("case.registered"))
    service.send_outside()
    assert log(database)["state"] == "due"
    assert titles(service, XIE) == ["registered"]
    database["messages"].update_one({}, {"$set": {"held_until": real_now()}})
    service.channels = (Provider("sms"),)
    service.send_outside()
    assert log(database)["state"] == "sent"


def test_a_code_goes_to_the_provider_that_takes_it(service: NotifyService) -> None:
    up = Provider("up")
    service.channels = (Provider("down", Unavailable("timeout")), up)
    assert service.send_code("12000000001", "123456", "2026-03-12T11:45:00Z") == {"sent": True}
    assert (up.took[0].to, up.took[0].facts["code"]) == ("12000000001", "123456")
    service.channels = (Provider("odd", ValueError("12000000001")), up)
    assert service.send_code("12000000001", "123456", "2026-03-12T11:45:00Z") == {"sent": True}


@pytest.mark.parametrize("lane", ["prompt", "bulk"])
def test_a_crash_after_the_message_was_made_sends_it_after_its_lease(
    service: NotifyService, database: Stored, lane: str
) -> None:
    class Killed(BaseException):
        pass

    class Dying(Provider):
        def send(self, parcel: Parcel) -> str:
            raise Killed

    rounds = {"prompt": service.send_outside, "bulk": service.send_in_bulk}
    service.tell(event("case.registered"))
    database["notices"].update_many({}, {"$set": {"lane": lane}})
    service.channels = (Dying("sms"),)
    with pytest.raises(Killed):
        rounds[lane]()
    up = Provider("sms")
    service.channels = (up,)
    rounds[lane]()
    assert up.took == []
    database["messages"].update_many({}, {"$set": {"held_until": real_now()}})
    rounds[lane]()
    assert len(up.took) == 1


def test_a_provider_that_takes_its_time_is_asked_for_several_people_at_once(
    service: NotifyService, members: MembersStandIn
) -> None:
    """Each of eight waits until all of them are under way: one after the other, none would ever go out."""
    together = Barrier(8, timeout=10)

    class Slow(Provider):
        def send(self, parcel: Parcel) -> str:
            together.wait()
            return super().send(parcel)

    provider = Slow("sms")
    service.channels = (provider,)
    for n in range(8):
        id = f"p-slow-{n}"
        members.people[id] = person(id, f"1200000001{n}", channels=["sms"])
        service.tell(event("case.registered", case=f"c-{n}", reporter_id=id))
    with ThreadPoolExecutor(8) as pool:
        service.at_once = lambda work, things: list(pool.map(work, things))
        service.send_outside()
    assert len(provider.took) == 8


def test_two_messages_to_one_person_go_one_after_the_other(service: NotifyService) -> None:
    busy = Lock()

    class Alone(Provider):
        def send(self, parcel: Parcel) -> str:
            assert busy.acquire(blocking=False)
            time.sleep(0.01)
            busy.release()
            return super().send(parcel)

    provider = Alone("sms")
    service.channels = (provider,)
    for n in range(5):
        service.tell(event("case.registered", case=f"c-{n}"))
    with ThreadPoolExecutor(8) as pool:
        service.at_once = lambda work, things: list(pool.map(work, things))
        service.send_outside()
    assert len(provider.took) == 5
