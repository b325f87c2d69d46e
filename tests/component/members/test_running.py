"""members as a process: it announces the territory, answers requests, counts load, and says no secret in its log."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import kombu
import pytest
from cryptography.fernet import Fernet
from nameko.exceptions import RemoteError

from chassis import topology
from dev.servers import Broker, Mongod
from members.matching.engagement import ENGAGING
from tests.component.members.running import Listener, Running
from tests.waiting import eventually

GRID = "360704100002001"
LAMP: dict[str, Any] = {
    "grid_code": GRID,
    "location": {"lon": 115.0058, "lat": 25.8672},
    "skills": ["electrician"],
    "certificates": ["low_voltage_electrician"],
    "at": "2026-03-12T11:46:00Z",
}


PLACES = frozenset({"area", "grid", "compound", "unit"})


@pytest.fixture(scope="module")
def running(broker: Broker, mongod: Mongod, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """members with the demo loaded and everything announced; the tests leave it as they found it."""
    with Running(broker, mongod, tmp_path_factory.mktemp("members")) as running:
        running.module("chassis", "setup", "members")
        yield running


SPLIT = "grid/360704100007228"
"""The base grid that the demo splits."""


@pytest.fixture(scope="module")
def announced(broker: Broker, running: Running) -> list[tuple[str, dict[str, Any]]]:
    """Every place and organisation that a freshly loaded members announces by itself."""
    listener = Listener(broker)
    running.module("members.demo")
    running.start("members")
    found: list[tuple[str, dict[str, Any]]] = []

    def complete() -> bool:
        # It tells of the plans of service days too, those that have been and those that it makes meanwhile.
        found.extend(each for each in listener.heard() if each[0].partition("/")[0] in PLACES)
        return len({subject for subject, _ in found}) >= running.places()

    assert eventually(complete)
    listener.close()
    return found


def dispatched(sequence: int, status: str) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": f"e-{sequence}",
        "source": "/services/cases",
        "type": "case.dispatched",
        "subject": "case/k-1",
        "time": "2026-03-12T11:46:00Z",
        "sequence": sequence,
        "data": {
            "case_id": "k-1",
            "status": status,
            "assignees": [{"id": "p-member", "kind": "person", "lead": True, "accepted": False}],
        },
    }


def test_the_whole_territory_is_announced_once(running: Running, announced: list[tuple[str, dict[str, Any]]]) -> None:
    told = Counter(subject for subject, _ in announced)
    assert len(told) == running.places()
    # That it came and that it was split.
    assert {subject for subject, times in told.items() if times > 1} <= {SPLIT}
    assert dict(announced)["compound/c-dongyuan"]["has_property_mgmt"] is False
    assert dict(announced)[f"grid/{GRID}"]["level"] == "SERVICE"


@pytest.mark.usefixtures("announced")
def test_a_case_in_hand_counts_until_it_is_resolved(running: Running) -> None:
    assert running.call("members", "locate", lon=115.0058, lat=25.8672)["grid_code"] == GRID
    best = running.call("members", "candidates", **LAMP, limit=1)[0]
    assert (best["person_id"], best["busy"]) == ("p-member", False)
    running.publish(dispatched(3, "DISPATCHED"))
    assert eventually(lambda: running.call("members", "candidates", **LAMP, limit=1)[0]["busy"])
    running.publish(dispatched(6, "RESOLVED"))
    assert eventually(lambda: not running.call("members", "candidates", **LAMP, limit=1)[0]["busy"])


@pytest.mark.usefixtures("announced")
def test_signing_in_leaves_no_secret_in_the_log(running: Running) -> None:
    session = running.call("members", "sign_in_with_password", login="dispatcher", password=running.password)
    assert session["caller"]["grants"] == [{"role": "dispatcher", "scope": "360704100"}]
    begun = running.call("members", "request_code", phone="12000000001")
    assert begun["expires_in"] == 300
    with pytest.raises(RemoteError, match="session_ended"):
        running.call("members", "refresh", refresh_token="made.0.up")
    secrets = ("1200000", "测", running.password, session["refresh_token"].rpartition(".")[2], begun["sign_in_id"])
    assert not [secret for secret in secrets if secret in running.logs()]


@pytest.mark.usefixtures("announced")
def test_the_code_of_a_sign_in_is_sent_before_the_process_ends(broker: Broker, running: Running) -> None:
    members = running.processes["members"]
    with kombu.Connection(broker.uri) as connection:
        asked = notify_stands_in(connection)
        running.call("members", "request_code", phone="12000000002")
        members.ask_to_stop()
        assert eventually(lambda: ("notify.send_code", "12000000002") in asked())
    assert members.wait(10) == 0
    running.start("members")


def notify_stands_in(connection: kombu.Connection) -> Callable[[], list[tuple[str, str]]]:
    """In the place of notify while the line is up: each look answers what came, and says whom something was sent."""
    channel, seen = connection.channel(), list[tuple[str, str]]()
    exchange = kombu.Exchange(topology.RPC_EXCHANGE, "topic", durable=True)
    queue = kombu.Queue("notify-stands-in", exchange, "notify.*", exclusive=True, durable=False)(channel)
    queue.declare()

    def asked() -> list[tuple[str, str]]:
        while message := queue.get(no_ack=True):
            seen.append((message.delivery_info["routing_key"], json.loads(message.body)["kwargs"]["phone"]))
            to, name = message.properties["reply_to"], message.properties["correlation_id"]
            answer = {"result": None, "error": None}
            kombu.Producer(channel).publish(answer, exchange="", routing_key=to, correlation_id=name)
        return seen

    return asked


def test_every_event_that_counts_has_its_queue(broker: Broker, running: Running) -> None:
    with kombu.Connection(broker.uri) as connection:
        for type in ENGAGING:
            name = topology.event_queue("members", type)
            assert connection.channel().queue_declare(queue=name, passive=True).queue == name


def test_without_its_keys_it_does_not_start(broker: Broker, mongod: Mongod, tmp_path: Path) -> None:
    with Running(broker, mongod, tmp_path) as keyless:
        keyless.start("members", ready=False, PERSON_KEY="")
        assert eventually(lambda: not keyless.processes["members"].alive())
        assert not keyless.is_ready("members")


def test_with_keys_that_do_not_open_its_database_it_does_not_start_and_says_so(
    broker: Broker, mongod: Mongod, tmp_path: Path
) -> None:
    with Running(broker, mongod, tmp_path) as running:
        running.module("chassis", "setup", "members")
        running.start("members")
        running.start("members.2", ready=False, PERSON_KEY=Fernet.generate_key().decode())
        assert eventually(lambda: "PERSON_KEY: none of these keys opens" in running.logs())


def test_with_a_file_of_identity_providers_that_is_wrong_it_does_not_start_and_says_why(
    broker: Broker, mongod: Mongod, tmp_path: Path
) -> None:
    file = tmp_path / "identity-providers.json"
    file.write_text('[{"id": "district", "client_secret": "kept from everybody", "issuer": "http://id.example.cn"}]')
    with Running(broker, mongod, tmp_path) as running:
        running.module("chassis", "setup", "members")
        running.start("members", ready=False, IDENTITY_PROVIDERS_FILE=str(file))
        assert eventually(lambda: not running.processes["members"].alive())
        assert "is not https" in running.logs()
        assert str(file) in running.logs()
        assert "kept from everybody" not in running.logs()
