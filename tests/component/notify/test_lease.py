"""A provider that takes longer than a lease: what another process may take over, and what goes out once."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from notify.channels.port import Parcel, Unavailable, Undeliverable
from notify.messages.holding import LEASE
from notify.real_time import real_now
from notify.service import NotifyService
from tests.component.notify.samples import MembersStandIn, caller, event, person
from tests.component.notify.test_messages import Provider, Stored
from tests.component.set_clock import SetClock

WORKER = caller("p-worker", "grid_worker")


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """The clock by which sending goes, later than anything of the test is stored."""
    world = SetClock(real_now() + timedelta(hours=1))
    for module in ("holding", "messenger"):
        monkeypatch.setattr(f"notify.messages.{module}.real_now", world.now)
    return world


class Slow(Provider):
    """Takes `seconds` for each of the addresses, in which another process, that has a quick way, does its rounds."""

    def __init__(self, service: NotifyService, world: SetClock, seconds: float, to: str = "12000000001") -> None:
        super().__init__("slow")
        self.began: list[str] = []
        self._service, self._world, self._seconds, self._to = service, world, seconds, to
        self._meanwhile = False

    def send(self, parcel: Parcel) -> str:
        self.began.append(parcel.key)
        if parcel.to == self._to and not self._meanwhile:
            self._world.wait(seconds=self._seconds)
            self._meanwhile = True
            self._service.send_outside()
            self._meanwhile = False
        return super().send(parcel)


def states(database: Stored, **which: str) -> list[tuple[str, int]]:
    """Of every such message, its state and how often it was tried."""
    return [(each["state"], len(each["attempts"])) for each in database["messages"].find(which)]


def keys(provider: Provider) -> list[str]:
    return sorted(parcel.key for parcel in provider.took)


def reported(service: NotifyService, number: int, reporter: str = "p-xie") -> None:
    for n in range(number):
        service.tell(event("case.registered", case=f"c-{reporter}-{n}", reporter_id=reporter))


def test_a_lot_that_takes_longer_than_its_lease_goes_out_once_and_each_try_is_in_the_log(
    service: NotifyService, members: MembersStandIn, world: SetClock, database: Stored
) -> None:
    """Twelve to one person take 144 s; what went to another in the first moment is noted before it is free again."""
    slow = Slow(service, world, seconds=12)
    service.channels = (slow,)
    members.people["p-a"] = person("p-a", "12000000006", channels=["sms"])
    reported(service, 1, "p-a")
    reported(service, 12)
    service.send_outside()
    assert states(database) == [("sent", 1)] * 13
    assert keys(slow) == sorted(each["_id"] for each in database["messages"].find())


def test_what_is_not_come_to_in_time_stays_and_is_sent_by_the_next_round(
    service: NotifyService, world: SetClock, database: Stored
) -> None:
    """Nobody else is there: one round leaves what it was too slow for, and the next one looks at everything anew."""

    class Alone(Provider):
        def send(self, parcel: Parcel) -> str:
            world.wait(seconds=25)
            return super().send(parcel)

    provider = Alone("sms")
    service.channels = (provider,)
    reported(service, 5)
    messenger = service._messenger()
    messenger.hand_on("prompt")
    assert sorted(states(database)) == [("due", 0)] * 2 + [("sent", 1)] * 3
    messenger.send_due("prompt")
    assert states(database) == [("sent", 1)] * 5
    assert len(provider.took) == 5


def test_the_next_way_is_tried_while_the_message_is_still_held(
    service: NotifyService, world: SetClock, database: Stored
) -> None:
    """Three ways of 25 s each are longer than a lease."""

    class Down(Slow):
        def send(self, parcel: Parcel) -> str:
            super().send(parcel)
            raise Unavailable("timeout")

    first, second, up = Down(service, world, 25), Down(service, world, 25), Slow(service, world, 25)
    service.channels = (first, second, up)
    reported(service, 1)
    service.send_outside()
    assert states(database) == [("sent", 3)]
    assert [len(each.began) for each in (first, second, up)] == [1, 1, 1]


def test_no_further_way_is_tried_of_what_another_has_by_now(
    service: NotifyService, world: SetClock, database: Stored
) -> None:
    """A single try that takes longer than a lease: what was taken over meanwhile is sent by whoever has it."""

    class Down(Provider):
        def send(self, parcel: Parcel) -> str:
            world.wait(seconds=61)
            database["messages"].update_many({}, {"$set": {"claim": "another"}})
            raise Unavailable("timeout")

    up = Provider("up")
    service.channels = (Down("down"), up)
    reported(service, 1)
    service._messenger().hand_on("prompt")
    assert up.took == []
    assert states(database) == [("due", 0)]


def test_what_has_failed_for_good_is_held_until_somebody_is_asked_to_call(
    service: NotifyService, members: MembersStandIn, world: SetClock, database: Stored
) -> None:
    """It is known at once that nothing reaches this person; the lot takes 144 s, and nobody tries again meanwhile."""

    class Choosy(Slow):
        def send(self, parcel: Parcel) -> str:
            if parcel.to == "12000000006":
                self.began.append(parcel.key)
                raise Undeliverable("no_such_number")
            return super().send(parcel)

    slow = Choosy(service, world, seconds=12)
    service.channels = (slow,)
    members.people["p-a"] = person("p-a", "12000000006", channels=["sms"])
    reported(service, 1, "p-a")
    reported(service, 12)
    service.send_outside()
    assert sorted(states(database)) == [("failed", 1)] + [("sent", 1)] * 12
    assert len(slow.began) == 13
    assert database["notices"].count_documents({"template": "call_by_hand"}) == 1


@pytest.mark.parametrize(("taken", "titles"), [(1, ["2 messages of today"]), (3, [])], ids=["one", "all"])
def test_a_digest_leaves_out_what_another_has_by_now(
    service: NotifyService,
    members: MembersStandIn,
    world: SetClock,
    clock: SetClock,
    database: Stored,
    taken: int,
    titles: list[str],
) -> None:
    """Looking up what it needs took more than half of the lease, and somebody else holds some of it since."""
    provider = Provider("sms")
    service.channels = (provider,)
    service.choose(WORKER, gathered=["task"], digest_at="20:00")
    members.people["p-worker"]["channels"] = ["sms"]
    for n in range(3):
        service.tell(
            event("case.dispatched", case=f"c-{n}", assignees=[{"id": "p-worker", "kind": "person", "lead": True}])
        )
    service.send_outside()
    clock.wait(hours=12)
    contacts = members.contacts

    def slowly(ids: Sequence[str]) -> list[dict[str, Any]]:
        world.wait(seconds=40)
        for each in list(database["messages"].find({"lane": "digest"}).limit(taken)):
            lost = {"claim": "another", "held_until": world.now() + LEASE}
            database["messages"].update_one({"_id": each["_id"]}, {"$set": lost})
        return contacts(ids)

    members.contacts = slowly  # type: ignore[method-assign]
    service._messenger().send_digests()
    assert sorted(states(database, lane="digest")) == [("due", 0)] * taken + [("sent", 1)] * (3 - taken)
    assert [parcel.title for parcel in provider.took] == titles


def test_a_lot_that_is_quickly_through_is_noted_together_and_renewed_never(
    service: NotifyService, members: MembersStandIn, world: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a lease is left when the last of ten is sent: nothing was written for any one of them."""
    asked: list[str] = []

    def watched(name: str) -> Callable[..., Any]:
        does = getattr(service.messages_kept, name)

        def noted(*args: Any) -> Any:
            asked.append(name)
            return does(*args)

        return noted

    for name in ("renew", "settle"):
        monkeypatch.setattr(service.messages_kept, name, watched(name))
    provider = Slow(service, world, seconds=3)
    service.channels = (provider,)
    reported(service, 10)
    service.send_outside()
    assert len(provider.took) == 10
    assert asked.count("renew") == 0
    assert asked.count("settle") == 1
