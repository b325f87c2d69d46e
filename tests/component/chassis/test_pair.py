"""What chassis promises, seen on two small services, a real broker and a real database."""

import os
import signal
import threading
import time
from contextlib import suppress
from typing import Any

import kombu
import pytest
from nameko.exceptions import RemoteError, RpcTimeout

from dev.servers import Mongod
from tests.component.chassis.running import Pair, eventually

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


def test_a_call_past_its_deadline_says_so_and_is_never_started(pair: Pair) -> None:
    pair.processes["taker"].stop()
    assert pair.call("giver", "ask_taker") == "deadline exceeded"
    with kombu.Connection(pair.broker.uri) as connection:
        channel = connection.default_channel
        assert eventually(lambda: channel.queue_declare("rpc-taker", passive=True).message_count == 0)


def test_what_was_answered_survives_a_kill_before_the_relay(pair: Pair) -> None:
    for n in range(20):
        assert pair.call("giver", "give", id=f"k{n}", value=1) == "kept"
    pair.processes["giver"].kill()
    pair.start("giver")
    assert eventually(lambda: all(pair.heard(f"k{n}") == [1] for n in range(20)))


def test_a_handler_that_kills_its_process_is_given_the_message_again(pair: Pair) -> None:
    pair.call("giver", "give", id="fatal", value="deadly")
    assert pair.processes["taker"].wait(15) == -signal.SIGKILL
    pair.start("taker")
    assert eventually(lambda: pair.heard("fatal")) == [1]


def test_an_event_that_no_queue_takes_stays_in_the_outbox_and_raises_an_alarm(pair: Pair) -> None:
    pair.processes["taker"].stop()
    with kombu.Connection(pair.broker.uri) as connection:
        for queue in ("taker:giver.all", "taker:thing.given"):
            connection.default_channel.queue_delete(queue)
    pair.call("giver", "give", id="lonely", value=1)
    assert eventually(lambda: "sandan_relay_unroutable 1.0" in pair.metrics("giver"))
    assert pair.database("giver")["things"].find_one({"_id": "lonely"})["unrelayed"]  # type: ignore[index]
    pair.start("taker")
    assert eventually(lambda: pair.heard("lonely")) == [1]


def test_nothing_acknowledged_is_lost_when_the_broker_is_killed(pair: Pair) -> None:
    kept: list[str] = []

    def give_all() -> None:
        for n in range(150):
            try:
                pair.call("giver", "give", id=f"n{n}", value=1)
            except Exception:  # noqa: BLE001 - not acknowledged, so nothing was promised
                continue
            kept.append(f"n{n}")

    client = threading.Thread(target=give_all)
    client.start()
    eventually(lambda: len(kept) > 30)
    pair.broker.kill()
    pair.broker.restart()
    client.join(90)
    assert len(kept) > 30
    assert eventually(lambda: all(pair.heard(id) == [1] for id in kept), 30)
    assert eventually(lambda: pair.probe("taker", "ready")[0] == 200)


def test_a_signal_ends_a_service_within_its_grace_period_also_while_the_broker_is_away(pair: Pair) -> None:
    pair.broker.kill()
    try:
        assert eventually(lambda: pair.probe("giver", "ready")[0] == 503)
        assert "broker link" in str(pair.probe("giver", "ready")[1]["faults"])
        assert pair.probe("giver", "live")[0] == 200
        os.kill(pair.processes["giver"].pid, signal.SIGTERM)
        assert pair.processes["giver"].wait(6) == 0
    finally:
        pair.broker.restart()


def test_a_service_that_hangs_is_cut_short_when_its_grace_period_is_over(pair: Pair) -> None:
    def stall() -> None:
        with suppress(RpcTimeout):
            pair.call("giver", "stall", seconds=30)

    caller = threading.Thread(target=stall)
    caller.start()
    assert eventually(lambda: "sandan_rpc_seconds" in pair.metrics("giver"))
    os.kill(pair.processes["giver"].pid, signal.SIGTERM)
    assert pair.processes["giver"].wait(6) in {0, 75}
    caller.join()


def test_a_database_that_stands_still_costs_no_attempt_and_no_event(pair: Pair, mongod: Mongod) -> None:
    for n in range(10):
        pair.call("giver", "give", id=f"p{n}", value=1)
    mongod.pause()
    try:
        time.sleep(3)
        assert pair.probe("taker", "live")[0] == 200
    finally:
        mongod.resume()
    assert pair.call("giver", "give", id="p10", value=1) == "kept"
    assert eventually(lambda: all(pair.heard(f"p{n}") == [1] for n in range(11)), 40)
    assert pair.letters() == []


def test_a_database_that_is_killed_under_its_handlers_gets_every_event_later(pair: Pair, mongod: Mongod) -> None:
    pair.call("giver", "give", id="d0", value=1)
    assert eventually(lambda: pair.heard("d0"))
    mongod.kill()
    mongod.restart()
    kept = [n for n in range(1, 11) if answered(pair, f"d{n}")]
    assert kept
    assert eventually(lambda: all(pair.heard(f"d{n}") == [1] for n in kept), 40)
    assert pair.letters() == []


def answered(pair: Pair, id: str, value: Any = 1) -> bool:
    try:
        return pair.call("giver", "give", seconds_allowed=1, id=id, value=value) in {"kept", "known"}
    except (RpcTimeout, RemoteError):
        return False


def test_two_instances_share_the_work_and_keep_the_order(pair: Pair) -> None:
    pair.start("giver.2", "taker.2")
    pair.call("giver", "give", id="o", value=0)
    for version in range(1, 60):
        pair.call("giver", "change", id="o", version=version, value=version)
        if version == 30:
            pair.processes["taker"].kill()
    in_line = pair.database("taker")["lined_up"]
    assert eventually(lambda: in_line.count_documents({"thing": "o"}) == 60, 30)
    order = [row["sequence"] for row in in_line.find({"thing": "o"}).sort([("position", 1), ("sequence", 1)])]
    assert order == list(range(1, 61))
    shares = [calls(pair, name) for name in ("giver", "giver.2")]
    assert min(shares) >= 0.3 * sum(shares)


def calls(pair: Pair, name: str) -> float:
    lines = [line for line in pair.metrics(name).splitlines() if line.startswith("sandan_rpc_requests_total{")]
    return sum(float(line.rpartition(" ")[2]) for line in lines)


@pytest.mark.parametrize(
    ("service", "point"),
    [
        ("giver", "before-write"),
        ("giver", "after-write"),
        ("giver", "after-confirm"),
        ("giver", "before-answer:7"),
        ("taker", "after-effect"),
        ("taker", "after-copy"),
        ("taker", "after-parking"),
    ],
)
def test_a_process_may_die_at_any_point(pair: Pair, service: str, point: str) -> None:
    pair.processes[service].stop()
    pair.start(service, CRASH_AT=point)
    answered(pair, "bad", value="poison")
    for n in range(12):
        answered(pair, f"c{n}")
    assert pair.processes[service].wait(20) == -signal.SIGKILL
    pair.start(service)
    repeated = [n for n in range(12) if answered(pair, f"c{n}")]
    assert repeated == list(range(12))
    assert eventually(lambda: all(pair.heard(f"c{n}") == [1] for n in range(12)), 30)
    answered(pair, "bad", value="poison")
    assert eventually(pair.letters, 20)
    assert [letter["error_type"] for letter in pair.letters()] == ["ValueError"]
