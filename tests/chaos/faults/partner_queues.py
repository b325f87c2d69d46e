"""Group 10: what befalls the queue of a partner at the broker: purged, full, deleted, unread, the broker killed."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from tests.chaos.faults.partners import await_state
from tests.chaos.partners.cast import QUEUE
from tests.chaos.partners.reader import VHOST, Reader
from tests.chaos.stage import Fault, Stage

TAKEN_BEFORE = timedelta(seconds=10)
"""What was logged so long before the partner left may still be in its queue."""
SMALL = ("set_policy", "-p", VHOST, "small", r"^partner\.", '{"max-length": 3}', "--apply-to", "queues")


def purge(stage: Stage, dice: random.Random) -> None:
    """The partner throws away what waits for it, against its own interest, and asks for all of it again."""
    reader, began = _reader(stage), datetime.now(UTC) - TAKEN_BEFORE
    with _away(reader):
        stage.expect("events in the queue", lambda: _waiting(stage, reader) > 0)
        if not reader.purge():
            stage.complain("there was nothing to purge")
        reader.lost.append((began, datetime.now(UTC)))
    _replay(stage, reader, began)


def delete(stage: Stage, dice: random.Random) -> None:
    """The queue goes with what is in it: the subscription is disabled with its reason, resumed, and replayed."""
    reader, began = _reader(stage), datetime.now(UTC) - TAKEN_BEFORE
    with _away(reader):
        stage.expect("events in the queue", lambda: _waiting(stage, reader) > 0)
        stage.servers.broker.control("delete_queue", "-p", VHOST, reader.queue)
        await_state(stage, reader, "disabled")
        reason = stage.sandan.partners.does("GET", reader).json()["disabled_reason"]
        if reason != "queue_missing":
            stage.complain(f"disabled since {reason}")
        stage.sandan.partners.does("POST", reader, "/resume")
        await_state(stage, reader, "active")
        for times in (reader.unheard, reader.lost):
            times.append((began, datetime.now(UTC)))
    _replay(stage, reader, began)


def fill(stage: Stage, dice: random.Random) -> None:
    """The queue takes no more while nobody reads it; what it refused comes when there is room again."""
    reader = _reader(stage)
    stage.servers.broker.control(*SMALL)
    try:
        with _away(reader):
            refused = {"subscription_id": reader.subscription, "state": "pending", "last.error": "queue_full"}
            deliveries = stage.sandan.database("notify")["deliveries"]
            stage.expect("an event that the full queue refused", lambda: deliveries.count_documents(refused) > 0)
    finally:
        stage.servers.broker.control("clear_policy", "-p", VHOST, "small")
    stage.healed()


def stay_away(stage: Stage, dice: random.Random) -> None:
    """Whoever reads the queue is away for a while: everything waits for it."""
    with _away(_reader(stage)):
        time.sleep(8)
    stage.healed()


def drop_unacknowledged(stage: Stage, dice: random.Random) -> None:
    """The partner is cut off while it has taken events and not acknowledged them: they come again."""
    reader = _reader(stage)
    held = _held(stage, reader)
    with _away(reader):
        reader.holding = False
    _expect_again(stage, reader, held)


def kill_broker(stage: Stage, dice: random.Random) -> None:
    """The broker is killed under a partner that has taken events and not acknowledged them."""
    reader = _reader(stage)
    held = _held(stage, reader)
    stage.servers.broker.kill()
    time.sleep(1)
    reader.holding = False
    stage.servers.broker.restart()
    stage.healed()
    _expect_again(stage, reader, held)


def _reader(stage: Stage) -> Reader:
    return stage.sandan.partners.reader(QUEUE)


@contextmanager
def _away(reader: Reader) -> Iterator[None]:
    reader.leave()
    try:
        yield
    finally:
        reader.come_back()


def _held(stage: Stage, reader: Reader) -> list[str]:
    """Ids that it has taken and does not acknowledge."""
    reader.held.clear()
    reader.holding = True
    stage.expect("events that are held", lambda: len(reader.held) >= 3)
    return list(reader.held)


def _expect_again(stage: Stage, reader: Reader, held: list[str]) -> None:
    def again() -> bool:
        came = [arrival.event for arrival in reader.arrivals()]
        return all(came.count(id) > 1 for id in held)

    stage.expect("what was not acknowledged to come again", again)


def _waiting(stage: Stage, reader: Reader) -> int:
    rows = stage.servers.broker.control("list_queues", "-p", VHOST, "--no-table-headers", "name", "messages")
    found = dict(line.split("\t") for line in rows.splitlines())
    return int(found.get(reader.queue, 0))


def _replay(stage: Stage, reader: Reader, since: datetime) -> None:
    """Ask for everything that was logged since then, page by page."""
    asked = {"since": since.isoformat()}
    while True:
        answer = stage.sandan.partners.does("POST", reader, "/replay", **asked).json()
        if not answer["next"]:
            break
        asked = {"after": answer["next"]}
    stage.healed()


FAULTS = (
    Fault(10, "partner purges its queue and replays", purge, short=True),
    Fault(10, "partner's queue deleted", delete),
    Fault(10, "partner's queue full", fill),
    Fault(10, "partner away from its queue for 8 s", stay_away),
    Fault(10, "partner cut off before it acknowledges", drop_unacknowledged),
    Fault(10, "broker killed under a reading partner", kill_broker),
)
