"""What chassis promises while processes and servers are killed, seen on two small services."""

import os
import signal
import socket
import threading
import time
from contextlib import suppress
from typing import Any

import kombu
import pytest
from nameko.exceptions import RemoteError, RpcTimeout

from chassis.launcher import CUT_SHORT
from dev.ports import free_port
from dev.servers import Broker, Mongod
from tests.component.chassis.running import Pair
from tests.waiting import eventually

pytestmark = pytest.mark.timeout(120)


QUEUE_AGE_SECONDS = 5
"""RabbitMQ 3.10 forgets a quorum queue that was declared in the last seconds before a kill."""


def test_a_call_past_its_deadline_says_so_and_is_never_started(own_pair: Pair) -> None:
    own_pair.processes["taker"].stop()
    assert own_pair.call("giver", "ask_taker") == "deadline exceeded"
    with kombu.Connection(own_pair.broker.uri) as connection:
        channel = connection.default_channel
        assert eventually(lambda: channel.queue_declare("rpc-taker", passive=True).message_count == 0)


def test_what_was_answered_survives_a_kill_before_the_relay(own_pair: Pair) -> None:
    for n in range(20):
        assert own_pair.call("giver", "give", id=f"k{n}", value=1) == "kept"
    own_pair.processes["giver"].kill()
    own_pair.start("giver")
    assert eventually(lambda: all(own_pair.heard(f"k{n}") == [1] for n in range(20)))


def test_a_handler_that_kills_its_process_is_given_the_message_again(own_pair: Pair) -> None:
    own_pair.call("giver", "give", id="fatal", value="deadly")
    assert own_pair.processes["taker"].wait(15) == -signal.SIGKILL
    own_pair.start("taker")
    assert eventually(lambda: own_pair.heard("fatal")) == [1]


def test_nothing_acknowledged_is_lost_when_the_broker_is_killed(own_pair: Pair) -> None:
    kept: list[str] = []

    def give_all() -> None:
        for n in range(150):
            try:
                own_pair.call("giver", "give", id=f"n{n}", value=1)
            except Exception:  # noqa: BLE001 - not acknowledged, so nothing was promised
                continue
            kept.append(f"n{n}")

    time.sleep(QUEUE_AGE_SECONDS)
    client = threading.Thread(target=give_all)
    client.start()
    assert eventually(lambda: len(kept) > 30)
    own_pair.broker.kill()
    own_pair.broker.restart()
    client.join(90)
    assert len(kept) > 30
    assert eventually(lambda: all(own_pair.heard(id) == [1] for id in kept), 30)
    assert eventually(lambda: own_pair.probe("taker", "ready")[0] == 200)


def test_a_signal_ends_a_service_within_its_grace_period_also_while_the_broker_is_away(own_pair: Pair) -> None:
    own_pair.broker.kill()
    try:
        assert eventually(lambda: own_pair.probe("giver", "ready")[0] == 503)
        assert "broker link" in str(own_pair.probe("giver", "ready")[1]["faults"])
        assert own_pair.probe("giver", "live")[0] == 200
        os.kill(own_pair.processes["giver"].pid, signal.SIGTERM)
        assert own_pair.processes["giver"].wait(6) == 0
    finally:
        own_pair.broker.restart()


def test_a_service_that_hangs_is_cut_short_when_its_grace_period_is_over(own_pair: Pair) -> None:
    def stall() -> None:
        with suppress(RpcTimeout):
            own_pair.call("giver", "stall", seconds=30)

    caller = threading.Thread(target=stall)
    caller.start()
    assert eventually(lambda: "stalling" in own_pair.log("giver"))
    os.kill(own_pair.processes["giver"].pid, signal.SIGTERM)
    assert own_pair.processes["giver"].wait(20) == CUT_SHORT
    caller.join()


def test_a_broker_that_goes_silent_is_noticed_and_taken_back(own_pair: Pair, broker: Broker) -> None:
    own_pair.call("giver", "give", id="s0", value=1)
    broker.pause()
    try:
        assert eventually(lambda: "gone silent" in str(own_pair.probe("taker", "ready")), 40)
        assert eventually(lambda: "gone silent" in own_pair.log("giver"), 40)
        assert own_pair.probe("taker", "live")[0] == 200
    finally:
        broker.resume()
    assert eventually(lambda: answered(own_pair, "s1"), 40)
    assert eventually(lambda: own_pair.heard("s0") == own_pair.heard("s1") == [1], 40)
    assert own_pair.letters() == []


def test_a_database_that_stands_still_costs_no_attempt_and_no_event(own_pair: Pair, mongod: Mongod) -> None:
    for n in range(10):
        own_pair.call("giver", "give", id=f"p{n}", value=1)
    mongod.pause()
    try:
        time.sleep(3)
        assert own_pair.probe("taker", "live")[0] == 200
    finally:
        mongod.resume()
    assert own_pair.call("giver", "give", id="p10", value=1) == "kept"
    assert eventually(lambda: all(own_pair.heard(f"p{n}") == [1] for n in range(11)), 40)
    assert own_pair.letters() == []


def test_a_database_that_is_killed_under_its_handlers_gets_every_event_later(own_pair: Pair, mongod: Mongod) -> None:
    own_pair.call("giver", "give", id="d0", value=1)
    assert eventually(lambda: own_pair.heard("d0"))
    mongod.kill()
    mongod.restart()
    kept = [n for n in range(1, 11) if answered(own_pair, f"d{n}")]
    assert kept
    assert eventually(lambda: all(own_pair.heard(f"d{n}") == [1] for n in kept), 40)
    assert own_pair.letters() == []


def answered(pair: Pair, id: str, value: Any = 1) -> bool:
    try:
        return pair.call("giver", "give", seconds_allowed=1, id=id, value=value) in {"kept", "known"}
    except (RpcTimeout, RemoteError):
        return False


def test_two_instances_share_the_work_and_keep_the_order(own_pair: Pair) -> None:
    own_pair.start("giver.2", "taker.2")
    own_pair.call("giver", "give", id="o", value=0)
    for version in range(1, 60):
        own_pair.call("giver", "change", id="o", version=version, value=version)
        if version == 30:
            own_pair.processes["taker"].kill()
    in_line = own_pair.database("taker")["lined_up"]
    assert eventually(lambda: in_line.count_documents({"thing": "o"}) == 60, 30)
    order = [row["sequence"] for row in in_line.find({"thing": "o"}).sort([("position", 1), ("sequence", 1)])]
    assert order == list(range(1, 61))
    shares = [calls(own_pair, name) for name in ("giver", "giver.2")]
    assert min(shares) >= 0.3 * sum(shares)


def test_events_that_wait_in_line_are_handled_together_and_one_that_fails_alone_is_given_up(own_pair: Pair) -> None:
    own_pair.processes["taker"].stop()
    own_pair.call("giver", "give", id="l", value=0)
    for version in range(1, 30):
        own_pair.call("giver", "change", id="l", version=version, value="too big" if version == 9 else version)
    own_pair.start("taker")
    in_line = own_pair.database("taker")["lined_up"]
    assert eventually(lambda: in_line.count_documents({"thing": "l"}) == 29, 30)
    rows = list(in_line.find({"thing": "l"}).sort("position"))
    assert [row["sequence"] for row in rows] == [n for n in range(1, 31) if n != 10]
    assert max(row["together"] for row in rows) > 1
    letters = eventually(own_pair.letters)
    assert [letter["queue"] for letter in letters] == ["taker:giver.all"]


def calls(pair: Pair, name: str) -> float:
    lines = [line for line in pair.metrics(name).splitlines() if line.startswith("sandan_rpc_requests_total{")]
    return sum(float(line.rpartition(" ")[2]) for line in lines)


@pytest.mark.parametrize(
    ("service", "point"),
    [
        ("giver", "before-write"),
        ("giver", "after-write"),
        ("giver", "after-publish"),
        ("giver", "after-confirm"),
        ("giver", "before-answer:7"),
        ("taker", "after-effect"),
        ("taker", "after-copy"),
        ("taker", "after-parking"),
    ],
)
def test_a_process_may_die_at_any_point(own_pair: Pair, service: str, point: str) -> None:
    own_pair.processes[service].stop()
    own_pair.start(service, CRASH_AT=point)
    answered(own_pair, "bad", value="poison")
    for n in range(12):
        answered(own_pair, f"c{n}")
    assert own_pair.processes[service].wait(20) == -signal.SIGKILL
    own_pair.start(service)
    repeated = [n for n in range(12) if answered(own_pair, f"c{n}")]
    assert repeated == list(range(12))
    assert eventually(lambda: all(own_pair.heard(f"c{n}") == [1] for n in range(12)), 30)
    answered(own_pair, "bad", value="poison")
    assert eventually(own_pair.letters, 20)
    assert [letter["error_type"] for letter in own_pair.letters()] == ["ValueError"]


def test_nodes_of_the_broker_that_are_away_are_passed_over(own_pair: Pair) -> None:
    own_pair.stop_processes()
    away = [f"amqp://guest:guest@127.0.0.1:{free_port()}//" for _ in range(2)]
    nodes = ";".join([*away, own_pair.broker.uri])
    own_pair.environment["AMQP_URI"] = nodes
    own_pair.module("chassis", "setup", "giver")
    own_pair.start("giver", "taker", AMQP_URI=nodes)
    assert own_pair.call("giver", "give", id="far", value=1) == "kept"
    assert eventually(lambda: own_pair.heard("far")) == [1]


def test_a_process_whose_port_is_taken_ends_at_once(own_pair: Pair) -> None:
    with socket.create_server(("127.0.0.1", free_port())) as taken:
        own_pair.start("taker.2", ready=False, INTERNAL_PORT=str(taken.getsockname()[1]))
        assert own_pair.processes["taker.2"].wait(15) not in {None, 0}
    own_pair.start("taker.3", ready=False, INTERNAL_PORT=str(own_pair.ports["taker"]))
    assert own_pair.processes["taker.3"].wait(15) not in {None, 0}
    assert "Address already in use" in own_pair.log("taker.3")


def test_what_is_handled_in_line_is_handled_by_one_instance_at_a_time(own_pair: Pair) -> None:
    own_pair.start("taker.2")
    for n in range(40):
        own_pair.call("giver", "give", id=f"line-{n}", value=1)
    line = own_pair.database("taker")["lined_up"]
    assert eventually(lambda: line.count_documents({}) == 40)
    assert len(line.distinct("by")) == 1
