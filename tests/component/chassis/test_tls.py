"""The pair with a broker and a database that speak TLS alone, and let in nobody who does not show a certificate."""

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import requests

from dev.ports import HOST, free_port
from dev.servers import Broker, Mongod
from tests.certificates import Authority
from tests.component.chassis.running import Pair
from tests.conftest import started
from tests.waiting import eventually

pytestmark = pytest.mark.timeout(180)


def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory)


@pytest.fixture(scope="module")
def strangers(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """An authority that nobody believes."""
    return authority(tmp_path_factory)


@pytest.fixture(scope="module")
def broker(ours: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    directory, files = tmp_path_factory.mktemp("rabbitmq"), ours.files(HOST, asks_for_one=True)
    yield from started(Broker(directory, free_port(), free_port(), free_port(), tls=files))


@pytest.fixture(scope="module")
def mongod(ours: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mongod]:
    files = ours.files(HOST, asks_for_one=True)
    yield from started(Mongod(tmp_path_factory.mktemp("mongod"), free_port(), testing=True, tls=files))


def fault(pair: Pair, name: str, sign: str) -> str:
    """What the instance says of itself, once that has the sign in it."""
    said = eventually(lambda: sign in str(pair.probe(name, "ready")[1]))
    assert said, pair.probe(name, "ready")
    assert pair.probe(name, "ready")[0] == 503
    return str(pair.probe(name, "ready")[1]["faults"])


def test_requests_and_events_go_their_way(own_pair: Pair) -> None:
    assert own_pair.call("giver", "ask_taker") == "[]"
    for n in range(50):
        assert own_pair.call("giver", "give", id=f"t{n}", value="x" * 20_000 if n % 10 == 0 else n) == "kept"
    assert eventually(lambda: all(own_pair.heard(f"t{n}") == [1] for n in range(50)))


def test_operators_have_their_commands(own_pair: Pair) -> None:
    assert own_pair.sandan("setup", "giver").returncode == 0
    asked = own_pair.sandan("parked", "giver")
    assert (asked.returncode, asked.stderr) == (0, "nothing parked\n")


def test_a_node_that_shows_the_certificate_of_another_is_passed_over(own_pair: Pair) -> None:
    port = own_pair.broker.port
    own_pair.environment["AMQP_URI"] = f"amqps://guest:guest@localhost:{port}//;{own_pair.broker.uri}"
    done = own_pair.sandan("setup", "giver")
    assert done.returncode == 0, done.stderr
    assert own_pair.sandan("parked", "giver").returncode == 0


def test_a_broker_that_nobody_vouches_for_is_none(own_pair: Pair, strangers: Authority) -> None:
    own_pair.processes["giver"].stop()
    own_pair.start("giver", ready=False, AMQP_CA_FILE=str(strangers.file))
    fault(own_pair, "giver", "CERTIFICATE_VERIFY_FAILED")
    done = own_pair.sandan("setup", "giver", AMQP_CA_FILE=str(strangers.file))
    assert done.returncode == 1
    assert "The broker that AMQP_URI names cannot be used" in done.stderr
    assert "CERTIFICATE_VERIFY_FAILED" in done.stderr


def test_a_certificate_of_another_host_is_none(own_pair: Pair) -> None:
    own_pair.processes["giver"].stop()
    own_pair.start("giver", ready=False, AMQP_URI=f"amqps://guest:guest@localhost:{own_pair.broker.port}//")
    assert "localhost" in fault(own_pair, "giver", "CERTIFICATE_VERIFY_FAILED")


def test_who_shows_no_certificate_is_not_let_in(own_pair: Pair) -> None:
    own_pair.processes["giver"].stop()
    own_pair.start("giver", ready=False, AMQP_CERT_FILE="", AMQP_KEY_FILE="")
    fault(own_pair, "giver", "broker link")


def test_a_database_that_nobody_vouches_for_is_none(own_pair: Pair, mongod: Mongod, strangers: Authority) -> None:
    uri = mongod.uri.replace(own_pair.broker.trust["AMQP_CA_FILE"].replace("/", "%2F"), str(strangers.file))
    assert uri != mongod.uri
    own_pair.processes["giver"].stop()
    own_pair.start("giver", ready=False, MONGO_URI=uri)
    fault(own_pair, "giver", "mongo: ServerSelectionTimeoutError")


@pytest.mark.parametrize(
    ("setting", "value", "told"),
    [
        ("MONGO_URI", "mongodb://127.0.0.1/?tls=true&tlsCAFile={file}", "MONGO_URI: [Errno 2] No such file"),
        ("AMQP_CA_FILE", "{file}", "AMQP_CA_FILE, AMQP_CERT_FILE, AMQP_KEY_FILE: {file} cannot be read"),
    ],
    ids=["of the database", "of the broker"],
)
def test_a_file_that_is_not_there_ends_the_start_with_its_name(
    own_pair: Pair, tmp_path: Path, setting: str, value: str, told: str
) -> None:
    own_pair.processes["giver"].stop()
    file = str(tmp_path / "missing.pem")
    own_pair.start("giver", ready=False, **{setting: value.format(file=file)})
    assert own_pair.processes["giver"].wait(120) not in {0, None}
    log = own_pair.log("giver")
    assert told.format(file=file) in log
    assert file in log.replace("%2F", "/")


def test_a_broker_that_goes_silent_is_noticed_and_taken_back(own_pair: Pair, broker: Broker) -> None:
    own_pair.call("giver", "give", id="s0", value=1)
    broker.pause()
    try:
        fault(own_pair, "taker", "gone silent")
    finally:
        broker.resume()
    assert eventually(lambda: own_pair.is_ready("giver") and own_pair.is_ready("taker"), 40)
    assert own_pair.call("giver", "give", id="s1", value=1) == "kept"
    assert eventually(lambda: own_pair.heard("s0") == own_pair.heard("s1") == [1], 40)
    assert own_pair.letters() == []


def test_a_process_takes_no_leave_of_a_broker_that_does_not_answer(own_pair: Pair, broker: Broker) -> None:
    broker.pause()
    try:
        os.kill(own_pair.processes["giver"].pid, signal.SIGTERM)
        assert own_pair.processes["giver"].wait(20) == 0
    finally:
        broker.resume()


def test_the_internal_port_may_be_under_tls_and_outlives_who_is_not(own_pair: Pair, ours: Authority) -> None:
    chain = str(ours.chain(HOST))
    own_pair.start("giver.2", ready=False, INTERNAL_CERT_FILE=chain, INTERNAL_KEY_FILE=chain)
    address = (HOST, own_pair.ports["giver.2"])

    def is_ready() -> bool:
        with suppress(requests.ConnectionError):
            return requests.get("https://{}:{}/health/ready".format(*address), verify=str(ours.file), timeout=10).ok
        return False

    assert eventually(is_ready)
    for sent in (b"GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01", b""):
        with socket.create_connection(address, timeout=10) as connection:
            connection.sendall(sent)
    with socket.create_connection(address, timeout=10):
        assert is_ready()
    assert own_pair.processes["giver.2"].alive()
    assert "internal connection failed" in own_pair.log("giver.2")
