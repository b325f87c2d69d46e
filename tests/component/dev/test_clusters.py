"""The private clusters: a node less stops nothing, a majority less stops writes, and nothing is left behind."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kombu
import pymongo
import pytest
from pymongo.errors import PyMongoError
from pymongo.write_concern import WriteConcern

from dev.clusters import BrokerCluster, ReplicaSet
from tests.component.dev.homes import at_home
from tests.waiting import eventually

pytestmark = pytest.mark.timeout(180)

QUORUM = {"x-queue-type": "quorum"}


@pytest.fixture(scope="module")
def brokers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrokerCluster]:
    cluster = BrokerCluster(tmp_path_factory.mktemp("brokers"))
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture(scope="module")
def members(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReplicaSet]:
    members = ReplicaSet(tmp_path_factory.mktemp("members"))
    try:
        members.start()
        yield members
    finally:
        members.stop()


def test_a_quorum_queue_outlives_the_node_that_its_client_was_on(brokers: BrokerCluster) -> None:
    kept = kombu.Queue("survivors", queue_arguments=QUORUM)
    with kombu.Connection(brokers.nodes[0].uri, transport_options={"confirm_publish": True}) as connection:
        connection.Producer().publish({"kept": True}, routing_key="survivors", declare=[kept])
    assert brokers.nodes[1].control("list_queues", "--no-table-headers", "name", "members").count("@localhost") == 3
    brokers.nodes[0].kill()
    with kombu.Connection(brokers.nodes[1].uri) as connection:
        assert connection.SimpleQueue(kept).get(timeout=20).payload == {"kept": True}
    brokers.nodes[0].restart()
    assert set(brokers.running()) == {"one", "two", "three"}


def write(members: ReplicaSet) -> None:
    with pymongo.MongoClient[dict[str, Any]](members.uri, serverSelectionTimeoutMS=2_000) as client:
        kept = WriteConcern(w="majority", wtimeout=2_000)
        client.x.get_collection("kept", write_concern=kept).insert_one({})


def test_another_member_takes_writes_when_the_primary_is_killed(members: ReplicaSet) -> None:
    write(members)
    first = members.await_primary(20)
    first.kill()
    assert members.await_primary(20) is not first
    write(members)
    first.restart()


def test_a_primary_that_steps_down_is_followed_by_another(members: ReplicaSet) -> None:
    first = members.await_primary(20)
    members.step_down()
    assert members.await_primary(20) is not first


def test_without_a_majority_no_write_is_kept(members: ReplicaSet) -> None:
    members.await_primary(20)
    with members.without(members.secondaries()), pytest.raises(PyMongoError):
        write(members)
    members.await_primary(20)
    write(members)


def test_nothing_is_left_of_stopped_clusters(tmp_path: Path) -> None:
    cluster = BrokerCluster(tmp_path)
    cluster.start()
    assert [name for name, _ in at_home(tmp_path)].count("beam.smp") == 3
    cluster.stop()
    assert eventually(lambda: not at_home(tmp_path), 10)
