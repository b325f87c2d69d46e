"""Events whose queue was gone: the subscriber asks the publisher for them, seen on two small services."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import kombu
import pytest

from chassis import wire
from chassis.event import packed
from chassis.ids import new_id
from chassis.mongo import Home
from chassis.outbox import Entry, event_of
from tests.component.chassis.running import Pair
from tests.waiting import eventually

pytestmark = pytest.mark.timeout(120)

QUEUES = ("taker:thing.given", "taker:giver.all")


def delete(pair: Pair, *queues: str) -> None:
    with kombu.Connection(pair.broker.uri) as connection:
        for queue in queues:
            connection.default_channel.queue_delete(queue)


def lined_up(pair: Pair, thing: str) -> list[int]:
    """The sequences of the events of a thing, in the order in which they were handled in line."""
    found = pair.database("taker")["lined_up"].find({"thing": thing}).sort("position")
    return [each["sequence"] for each in found]


def attachment(pair: Pair, queue: str) -> dict[str, Any]:
    return pair.database("taker")["attachments"].find_one({"_id": queue}) or {}


@pytest.mark.parametrize("lost", QUEUES)
def test_what_one_queue_did_not_get_while_it_was_gone_is_handled(own_pair: Pair, lost: str) -> None:
    own_pair.processes["taker"].stop()
    delete(own_pair, lost)
    own_pair.call("giver", "give", id="missed", value=1)  # the other queue takes it, so it counts as sent
    assert eventually(lambda: not own_pair.database("giver")["things"].count_documents({"unrelayed": True}))
    own_pair.start("taker")
    assert eventually(lambda: own_pair.heard("missed") == [1])
    assert eventually(lambda: lined_up(own_pair, "missed") == [1])


def test_what_waited_in_a_deleted_queue_is_handled(own_pair: Pair) -> None:
    own_pair.processes["taker"].stop()
    own_pair.call("giver", "give", id="waited", value=1)
    assert eventually(lambda: not own_pair.database("giver")["things"].count_documents({"unrelayed": True}))
    delete(own_pair, *QUEUES)
    own_pair.start("taker")
    assert eventually(lambda: own_pair.heard("waited") == lined_up(own_pair, "waited") == [1])


def test_a_queue_deleted_under_its_consumer_loses_nothing_and_keeps_the_order(own_pair: Pair) -> None:
    things = [f"t{n}" for n in range(10)]
    for version in range(8):
        for thing in things:
            if version == 0:
                own_pair.call("giver", "give", id=thing, value=1)
            else:
                own_pair.call("giver", "change", id=thing, version=version, value=version)
        if version in (2, 5):
            delete(own_pair, *QUEUES)
    every = list(range(1, 9))
    assert eventually(lambda: all(sorted(own_pair.heard(thing)) == every for thing in things))
    assert eventually(lambda: all(lined_up(own_pair, thing) == every for thing in things))


def publish(pair: Pair, thing: str, entry: Entry) -> None:
    """Do the giver's work while it is away: write a second event and send it, as its relay would."""
    things = Home(pair.database("giver")).outbox("things", subject="thing", published={"thing.given"})
    things.append(thing, 1, [entry], {"$set": {"relayed": 2, "unrelayed": False}})
    document = things.collection.find_one({"_id": thing}) or {}
    event = event_of("giver", "thing", thing, document["history"][1])
    with amqp_channel(pair) as channel:
        wire.publish(channel, packed(event), "giver.events", event.routing_key, mandatory=True)


@contextmanager
def amqp_channel(pair: Pair) -> Iterator[Any]:
    with kombu.Connection(pair.broker.uri) as connection:
        yield connection.default_channel


def test_what_comes_meanwhile_waits_until_what_was_missed_can_be_asked_for(own_pair: Pair) -> None:
    own_pair.processes["taker"].stop()
    delete(own_pair, "taker:giver.all")
    own_pair.call("giver", "give", id="a", value=1)
    assert eventually(lambda: not own_pair.database("giver")["things"].count_documents({"unrelayed": True}))
    own_pair.processes["giver"].stop()
    own_pair.start("taker")
    publish(own_pair, "a", Entry(new_id(), "thing.given", datetime.now(UTC), {"id": "a", "value": 2}, key="k"))
    assert eventually(lambda: own_pair.heard("a") == [1, 2])
    assert lined_up(own_pair, "a") == []
    assert "sandan_queues_behind 1.0" in own_pair.metrics("taker")
    own_pair.start("giver")
    assert eventually(lambda: lined_up(own_pair, "a") == [1, 2])
    assert eventually(lambda: "sandan_queues_behind 0.0" in own_pair.metrics("taker"))


def test_who_is_killed_before_it_has_asked_leaves_a_note_to_its_successor(own_pair: Pair) -> None:
    own_pair.processes["taker"].stop()
    own_pair.call("giver", "give", id="noted", value=1)
    assert eventually(lambda: not own_pair.database("giver")["things"].count_documents({"unrelayed": True}))
    with kombu.Connection(own_pair.broker.uri) as connection:
        connection.default_channel.queue_purge("taker:thing.given")
    notes = own_pair.database("taker")["attachments"]
    notes.update_one({"_id": "taker:thing.given"}, {"$set": {"lost": new_id()}})
    own_pair.start("taker")
    assert eventually(lambda: own_pair.heard("noted") == [1])
    assert eventually(lambda: attachment(own_pair, "taker:thing.given")["lost"] is None)


def test_the_set_up_declares_a_lost_queue_and_leaves_a_note(own_pair: Pair) -> None:
    own_pair.processes["taker"].stop()
    own_pair.call("giver", "give", id="set-up", value=1)
    assert eventually(lambda: not own_pair.database("giver")["things"].count_documents({"unrelayed": True}))
    delete(own_pair, *QUEUES)
    own_pair.module("chassis", "setup", "taker")
    assert attachment(own_pair, "taker:thing.given")["lost"]
    own_pair.start("taker")
    assert eventually(lambda: own_pair.heard("set-up") == lined_up(own_pair, "set-up") == [1])


def test_an_event_that_fails_when_it_is_caught_up_with_is_tried_again_and_parked(own_pair: Pair) -> None:
    own_pair.processes["taker"].stop()
    own_pair.call("giver", "give", id="bad", value="poison")
    own_pair.call("giver", "give", id="huge", value="too big")
    own_pair.call("giver", "give", id="good", value=1)
    assert eventually(lambda: not own_pair.database("giver")["things"].count_documents({"unrelayed": True}))
    delete(own_pair, *QUEUES)
    own_pair.start("taker")
    assert eventually(lambda: own_pair.heard("good") == lined_up(own_pair, "good") == [1])
    parked = [("taker:giver.all", "ValueError"), ("taker:thing.given", "ValueError")]
    assert eventually(lambda: sorted((each["queue"], each["error_type"]) for each in own_pair.letters()) == parked)


def test_the_set_up_notes_a_lost_waiting_queue_too(own_pair: Pair) -> None:
    own_pair.processes["taker"].stop()
    delete(own_pair, "taker.retry.5s")
    own_pair.module("chassis", "setup", "taker")
    assert attachment(own_pair, "taker:thing.given")["lost"]
    assert attachment(own_pair, "taker:giver.all")["lost"]


def test_a_letter_that_waited_in_a_deleted_waiting_queue_is_handled_again(own_pair: Pair) -> None:
    own_pair.processes["taker"].stop()
    own_pair.start("taker", ATTEMPTS="8")
    own_pair.call("giver", "give", id="bad", value="poison")
    assert eventually(lambda: own_pair.broker.queues().get("taker.retry.5s") == 1, 30)
    delete(own_pair, "taker.retry.5s")
    own_pair.processes["taker"].stop()
    own_pair.start("taker")
    assert eventually(lambda: [each["queue"] for each in own_pair.letters()] == ["taker:thing.given"], 30)


def test_a_new_subscription_asks_for_nothing(own_pair: Pair) -> None:
    own_pair.processes["taker"].stop()
    own_pair.call("giver", "give", id="before", value=1)
    assert eventually(lambda: not own_pair.database("giver")["things"].count_documents({"unrelayed": True}))
    own_pair.database("taker")["attachments"].delete_one({"_id": "taker:thing.given"})
    delete(own_pair, "taker:thing.given")
    own_pair.start("taker")
    assert eventually(lambda: attachment(own_pair, "taker:thing.given") == {"_id": "taker:thing.given", "lost": None})
    own_pair.call("giver", "give", id="after", value=1)
    assert eventually(lambda: own_pair.heard("after") == [1])
    assert own_pair.heard("before") == []
