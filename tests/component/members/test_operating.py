"""What operators do with members by `sandan`, beside the running service."""

import json
from collections.abc import Iterator

import pytest

from chassis.caller import Grant
from chassis.mongo import Home
from chassis.outbox import Entry
from dev.servers import Broker, Mongod
from members.people.person import Person
from members.people.store import PeopleStore
from tests.component.members.running import Running
from tests.component.members.staging import NOW


@pytest.fixture(scope="module")
def running(broker: Broker, mongod: Mongod, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """members with somebody of a district, and somebody of another."""
    with Running(broker, mongod, tmp_path_factory.mktemp("operating")) as running:
        assert running.sandan("setup", "members").returncode == 0
        people = PeopleStore(Home(running.database("members")))
        known = [("p-here", "360704"), ("p-elsewhere", "360702")]
        people.add(
            (Person(id, tenant, "谢测001", (Grant("resident", tenant),)), None, Entry(id, "person.registered", NOW, {}))
            for id, tenant in known
        )
        running.start("members")
        yield running


def test_the_people_of_an_area_leave_as_a_file_masked_and_in_the_trail(running: Running) -> None:
    done = running.sandan("export", "people", "--area", "360704", "--to", "-")
    assert (done.returncode, done.stderr) == (0, "members: people of 360704, lines: 1\n")
    [line] = map(json.loads, done.stdout.splitlines())
    assert (line["person_id"], line["name_masked"]) == ("p-here", "谢**")
    row = running.database("members")["audit"].find_one({"act": "file.downloaded"}) or {}
    assert (row["who"], row["role"], row["within"]) == ("operator", "auditor", ["360704"])
    assert "谢测001" not in done.stdout
    assert (row["what"], row["details"]["lines"]) == ({"kind": "people", "id": None}, 1)
