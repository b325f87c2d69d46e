"""What the relay does with events that no queue takes, seen on two small services."""

from datetime import UTC, datetime
from typing import Any

import kombu
import pytest

from chassis.mongo import Home
from chassis.outbox import Entry, Outbox
from chassis.relay import BATCH
from tests.component.chassis.running import Pair
from tests.waiting import eventually

pytestmark = pytest.mark.timeout(120)

LONG_AGO = datetime(2026, 3, 12, 11, 40, tzinfo=UTC)


@pytest.fixture
def half_deaf(own_pair: Pair) -> Pair:
    """The pair without the taker's process and without its queue that takes everything in order."""
    own_pair.processes["taker"].stop()
    delete_queue(own_pair, "taker:giver.all")
    return own_pair


def delete_queue(pair: Pair, name: str) -> None:
    with kombu.Connection(pair.broker.uri) as connection:
        connection.default_channel.queue_delete(name)


def unroutable(pair: Pair, collection: str) -> float | None:
    """What the giver says; None before its first sweep."""
    name = f'sandan_relay_unroutable{{collection="{collection}"}} '
    lines = pair.metrics("giver").splitlines()
    return next((float(line.removeprefix(name)) for line in lines if line.startswith(name)), None)


def written_at_once(outbox: Outbox, type: str, ids: list[str]) -> None:
    """Documents with one event each, all of them written in the same millisecond."""
    sealed = [outbox.sealed({"_id": id}, [Entry(id, type, LONG_AGO, {"id": id, "value": 1}, key="k")]) for id in ids]
    outbox.collection.insert_many([{**document, "written_at": LONG_AGO} for document in sealed])


def waiting(outbox: Outbox) -> int:
    return outbox.collection.count_documents({"unrelayed": True})


def test_an_event_that_no_queue_takes_stays_in_the_outbox_and_raises_an_alarm(half_deaf: Pair) -> None:
    delete_queue(half_deaf, "taker:thing.given")
    half_deaf.call("giver", "give", id="lonely", value=1)
    assert eventually(lambda: unroutable(half_deaf, "things") == 1)
    lonely: dict[str, Any] = half_deaf.database("giver")["things"].find_one({"_id": "lonely"}) or {}
    assert lonely["unrelayed"]
    half_deaf.start("taker")
    assert eventually(lambda: half_deaf.heard("lonely") == [1])
    assert eventually(lambda: unroutable(half_deaf, "things") == 0)


def test_the_alarm_stays_while_other_events_leave_and_while_the_broker_is_away(half_deaf: Pair) -> None:
    half_deaf.call("giver", "give", id="lonely", value=1, type="thing.unheard")
    assert eventually(lambda: unroutable(half_deaf, "things") == 1)
    for n in range(20):
        half_deaf.call("giver", "give", id=f"heard-{n}", value=1)
        assert unroutable(half_deaf, "things") == 1
    half_deaf.broker.kill()
    try:
        assert eventually(lambda: not half_deaf.is_ready("giver"))
        assert not eventually(lambda: unroutable(half_deaf, "things") != 1, 4)
    finally:
        half_deaf.broker.restart()


def test_the_sweep_passes_whole_batches_of_one_instant_that_cannot_leave(half_deaf: Pair) -> None:
    half_deaf.processes["giver"].stop()
    home = Home(half_deaf.database("giver"))
    things = home.outbox("things", subject="thing", published={"thing.given", "thing.unheard"})
    parcels = home.outbox("parcels", subject="parcel", published={"parcel.sent"})
    stuck = [f"t{n:04}" for n in range(2 * BATCH + 100)]
    written_at_once(things, "thing.unheard", stuck)
    written_at_once(things, "thing.given", ["t0499-behind", "t1099-last"])
    written_at_once(parcels, "parcel.sent", ["a", "b"])
    half_deaf.start("giver")
    assert eventually(lambda: waiting(things) == len(stuck))
    assert eventually(lambda: unroutable(half_deaf, "things") == len(stuck))
    assert unroutable(half_deaf, "parcels") == 2
    assert f"sandan_relay_backlog {len(stuck) + 2}.0" in half_deaf.metrics("giver")
    half_deaf.start("taker")
    assert eventually(lambda: waiting(things) + waiting(parcels) == 0)
    assert eventually(lambda: half_deaf.heard("t0499-behind") == half_deaf.heard("t1099-last") == [1])
    assert eventually(lambda: unroutable(half_deaf, "things") == unroutable(half_deaf, "parcels") == 0)
