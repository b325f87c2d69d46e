"""What chassis promises while nothing is killed, seen on two small services and real servers."""

from typing import Any

import kombu
import pytest

from tests.component.chassis.running import Pair
from tests.waiting import eventually

pytestmark = pytest.mark.timeout(120)


def publish(uri: str, exchange: str, key: str, body: bytes, **properties: Any) -> None:
    with kombu.Connection(uri) as connection:
        producer = connection.Producer()
        producer.publish(body, exchange=exchange, routing_key=key, content_encoding="binary", **properties)


def test_an_event_reaches_each_subscription_once(pair: Pair) -> None:
    assert pair.call("giver", "give", id="a", value=1) == "kept"
    assert eventually(lambda: pair.heard("a")) == [1]
    assert eventually(lambda: pair.database("taker")["lined_up"].count_documents({"thing": "a"})) == 1
    document = eventually(lambda: pair.database("giver")["things"].find_one({"_id": "a", "unrelayed": False}))
    assert document["relayed"] == document["version"] == 1


def test_a_refusal_reaches_the_caller_with_its_code(pair: Pair) -> None:
    with pytest.raises(Exception, match="not_now"):
        pair.call("giver", "refuse")


def test_the_events_of_one_document_arrive_in_order(pair: Pair) -> None:
    pair.call("giver", "give", id="b", value=0)
    for version in range(1, 10):
        pair.call("giver", "change", id="b", version=version, value=version)
    in_line = pair.database("taker")["lined_up"]
    assert eventually(lambda: in_line.count_documents({"thing": "b"}) == 10)
    order = [row["sequence"] for row in in_line.find({"thing": "b"}).sort("position")]
    assert order == list(range(1, 11))


def test_a_message_that_always_fails_is_parked_with_its_reason_and_harms_nobody(pair: Pair) -> None:
    pair.call("giver", "give", id="bad", value="poison")
    pair.call("giver", "give", id="good", value=1)
    assert eventually(lambda: pair.heard("good")) == [1]
    letter = eventually(pair.database("taker")["dead_letters"].find_one)
    assert letter["queue"] == "taker:thing.given"
    assert (letter["error_type"], letter["error"]) == ("ValueError", "this cannot be swallowed")
    assert letter["attempts"] == 2
    assert pair.call("taker", "list_parked")[0]["_id"] == letter["_id"]


def test_a_parked_letter_can_be_replayed(pair: Pair) -> None:
    pair.call("giver", "give", id="bad", value="poison")
    letter = eventually(pair.database("taker")["dead_letters"].find_one)
    pair.database("taker")["dead_letters"].update_one(
        {"_id": letter["_id"]}, {"$set": {"body": b'{"id":"bad","value":"mended"}'}}
    )
    assert pair.call("taker", "replay_parked", id=letter["_id"]) is True
    assert eventually(lambda: pair.heard("bad")) == [1]


@pytest.mark.parametrize(
    ("body", "properties"),
    [
        (b"{", {"content_type": "application/json", "headers": {"ce-type": "thing.given"}}),
        (b"", {}),
        (b"{}", {"content_type": "text/plain", "headers": {"ce-specversion": "1.0"}}),
        (b"[" * 100_000, {"content_type": "application/json", "headers": {"ce-specversion": "1.0"}}),
    ],
)
def test_garbage_on_an_event_queue_is_parked_and_the_service_goes_on(
    pair: Pair, body: bytes, properties: dict[str, Any]
) -> None:
    publish(pair.broker.uri, "giver.events", "thing.given.k", body, **properties)
    assert eventually(lambda: len(pair.letters()) == 2)
    assert {letter["error_type"] for letter in pair.letters()} == {"Malformed"}
    pair.call("giver", "give", id="after", value=1)
    assert eventually(lambda: pair.heard("after")) == [1]


@pytest.mark.parametrize("properties", [{}, {"reply_to": "nobody"}])
def test_a_request_that_cannot_be_read_is_parked_and_the_service_goes_on(
    pair: Pair, properties: dict[str, Any]
) -> None:
    publish(pair.broker.uri, "nameko-rpc", "giver.give", b"junk", content_type="application/json", **properties)
    letter = eventually(pair.database("giver")["dead_letters"].find_one)
    assert (letter["queue"], letter["error_type"]) == ("rpc-giver", "Malformed")
    assert pair.call("giver", "give", id="still", value=1) == "kept"
