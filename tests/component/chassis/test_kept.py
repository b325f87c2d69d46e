"""Answered means kept: what no majority has journaled is not acknowledged, seen on three members of a replica set."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pymongo.errors import PyMongoError

from chassis.ids import new_id
from chassis.mongo import Home, connect
from chassis.outbox import Entry, Outbox
from chassis.settings import settings
from dev.clusters import ReplicaSet

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def members(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReplicaSet]:
    members = ReplicaSet(tmp_path_factory.mktemp("members"))
    try:
        members.start()
        yield members
    finally:
        members.stop()


@pytest.fixture
def outbox(members: ReplicaSet) -> Iterator[Outbox]:
    with connect(replace(settings, mongo_uri=members.uri), "kept") as client:
        yield Home(client["kept"]).outbox("things", subject="thing", published=set())


def entry() -> Entry:
    return Entry(new_id(), "thing.given", datetime.now(UTC), {})


def test_a_write_that_no_majority_has_is_not_acknowledged(members: ReplicaSet, outbox: Outbox) -> None:
    outbox.create({"_id": "before"}, [entry()])
    with members.without(members.secondaries()), pytest.raises(PyMongoError):
        outbox.create({"_id": "alone"}, [entry()])
    members.await_primary(30)
    outbox.create({"_id": "after"}, [entry()])
