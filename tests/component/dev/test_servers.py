"""The private servers: they keep data over a crash, freeze, name a taken port and leave nothing behind."""

import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import kombu
import psutil
import pytest
from pymongo.database import Database

from dev import run
from dev.ports import PortTaken, free_port, is_free
from dev.processes import Process, StartFailed
from dev.servers import Broker, Mongod
from tests.component.dev.homes import at_home
from tests.conftest import private_broker
from tests.waiting import eventually

# RabbitMQ 3.10 writes the name of a new quorum queue to disk only some seconds after it is declared: killed
# before that, the queue never answers again. Queues are declared at setup, so only a test can meet this.
RABBITMQ_FORGETS_NEW_QUEUES = 5


def test_a_message_survives_the_killing_of_the_broker(broker: Broker) -> None:
    kept = kombu.Queue("survivors", queue_arguments={"x-queue-type": "quorum"})
    with kombu.Connection(broker.uri, transport_options={"confirm_publish": True}) as connection:
        connection.Producer().publish({"kept": True}, routing_key="survivors", declare=[kept])
    time.sleep(RABBITMQ_FORGETS_NEW_QUEUES)
    broker.kill()
    assert not broker.answers()
    broker.restart()
    with kombu.Connection(broker.uri) as connection:
        assert connection.SimpleQueue(kept).get(timeout=10).payload == {"kept": True}
        kept(connection).delete()


def test_a_paused_broker_is_silent_until_it_is_resumed(broker: Broker) -> None:
    broker.pause()
    assert not broker.answers()
    broker.resume()
    assert broker.answers()


def test_a_document_survives_the_killing_of_mongod(mongod: Mongod, database: Database[dict[str, Any]]) -> None:
    database["kept"].insert_one({"_id": 1})
    mongod.kill()
    mongod.restart()
    assert database["kept"].find_one() == {"_id": 1}


def test_data_stays_when_the_port_changes(tmp_path: Path) -> None:
    first = Mongod(tmp_path, free_port())
    first.start()
    with first.client() as client:
        client.x.kept.insert_one({"_id": 1})
    first.stop()
    moved = Mongod(tmp_path, free_port())
    moved.start()
    with moved.client() as client:
        assert client.x.kept.find_one() == {"_id": 1}
    moved.stop()


def test_a_taken_port_is_named_with_advice(tmp_path: Path) -> None:
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", port := free_port()))
        squatter.listen()
        with pytest.raises(PortTaken, match=f"Port {port}, wanted by MongoDB, is taken. Choose another"):
            Mongod(tmp_path, port).start("Choose another one.")


def runs(home: Path) -> bool:
    """Whether both the node and its port mapper have been started."""
    return {"beam.smp", "epmd"} <= {name for name, _ in at_home(home)}


def test_nothing_is_left_of_a_stopped_broker(tmp_path: Path) -> None:
    broker = private_broker(tmp_path)
    broker.start()
    assert runs(tmp_path)
    broker.stop()
    assert eventually(lambda: not at_home(tmp_path), 10)


def test_only_the_broker_starts_a_port_mapper_so_that_it_can_end_it(tmp_path: Path) -> None:
    broker = Broker(tmp_path, free_port(), free_port(), mapper_port := free_port())
    try:
        broker.start()
        [mapper] = [process for name, process in at_home(tmp_path) if name == "epmd"]
        mapper.kill()
        with pytest.raises(subprocess.CalledProcessError):
            broker.queues()
        assert is_free(mapper_port), "neither the node nor rabbitmqctl has started one"
        broker.restart()
        assert broker.queues() == {}
    finally:
        broker.stop()
    assert eventually(lambda: not at_home(tmp_path), 10)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("seconds", [0, 1])
def test_nothing_is_left_of_a_broker_whose_start_was_interrupted(
    tmp_path: Path, number: signal.Signals, seconds: float
) -> None:
    # A shell lets what it starts in the background ignore SIGINT, and so would these tests' children.
    script = "import dev.servers, pathlib, signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    script += f"dev.servers.Broker(pathlib.Path('{tmp_path}'), {free_port()}, {free_port()}, {free_port()}).start()"
    runner = Process("runner", ["python", "-c", script], tmp_path / "runner.log")
    runner.start()
    runner.wait_until(lambda: runs(tmp_path), 30)
    time.sleep(seconds)
    runner.signal(number)
    assert runner.wait(10) == -number
    assert eventually(lambda: not at_home(tmp_path), 30)


def test_a_process_tells_how_it_ended(tmp_path: Path) -> None:
    process = Process("sleeper", ["sleep", "60"], tmp_path / "log")
    process.start()
    assert process.end() == "has not ended"
    process.kill()
    assert process.end() == "was killed by SIGKILL"
    process = Process("failer", ["sh", "-c", "exit 3"], tmp_path / "log")
    process.start()
    process.wait(10)
    assert process.end() == "has ended with exit code 3"


def test_what_ends_is_started_again_and_what_ends_again_ends_the_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    process = Process("mongod", ["sh", "-c", "exit 3"], tmp_path / "log")
    process.start()
    process.wait(10)
    starts: list[str] = []

    def restart() -> None:
        starts.append("again")
        process.start()
        process.wait(10)

    with pytest.raises(StartFailed, match="mongod has ended with exit code 3 again"):
        run.watch({process: restart})
    assert starts == ["again"]
    assert "! mongod has ended with exit code 3; it is started again." in capsys.readouterr().out


def test_a_process_that_ends_at_start_shows_its_last_words(tmp_path: Path) -> None:
    process = Process("talker", ["bash", "-c", "echo no such luck; exit 3"], tmp_path / "log")
    process.start()
    with pytest.raises(StartFailed, match="no such luck"):
        process.wait_until(lambda: False, 10)


def test_the_last_words_are_of_this_start_and_of_none_before(tmp_path: Path) -> None:
    for words in ("first", "second"):
        process = Process("talker", ["bash", "-c", f"echo {words}"], tmp_path / "log")
        process.start()
        process.wait(10)
    assert (process.tail(), process.log.read_text()) == ("    second", "first\nsecond\n")


@pytest.mark.parametrize(("command", "signal"), [("sleep 60", "TERM"), ("trap '' TERM; sleep 60 & wait", "KILL")])
def test_a_child_ends_when_its_parent_is_killed(tmp_path: Path, command: str, signal: str) -> None:
    run = ["sh", "-c", command]
    script = "import dev.processes, pathlib, time; "
    script += f"child = dev.processes.Process('child', {run}, pathlib.Path('{{}}'), orphaned='{signal}'); "
    script += "child.start(); print(child.pid, flush=True); time.sleep(60)"
    log = tmp_path / "parent"
    parent = Process("parent", ["python", "-c", script.format(tmp_path / "child")], log)
    parent.start()
    parent.wait_until(lambda: log.read_text().endswith("\n"), 10)
    child = psutil.Process(int(log.read_text()))
    parent.kill()
    assert psutil.wait_procs([child], timeout=5)[1] == []
