"""Group 3: the broker runs short of memory, queues go or are not as declared, permissions are taken."""

import random
import time
from collections.abc import Callable

import kombu

from tests.chaos.stage import Fault, Stage

NOTICED_SECONDS = 20.0
CLASSIC = {"x-queue-type": "classic"}


def alarm(stage: Stage, dice: random.Random) -> None:
    """A memory alarm: the broker takes no publishes."""
    stage.servers.broker.control("set_vm_memory_high_watermark", "absolute", "1MB")
    time.sleep(5)
    stage.servers.broker.control("set_vm_memory_high_watermark", "absolute", "512MB")
    stage.healed()


def forbid(stage: Stage, dice: random.Random) -> None:
    """The services' user may do nothing, and every connection is closed, for a while."""
    control = stage.servers.broker.control
    control("clear_permissions", "guest")
    control("close_all_connections", "permissions are being changed")
    time.sleep(5)
    control("set_permissions", "guest", ".*", ".*", ".*")
    stage.healed()


def delete_queue(stage: Stage, dice: random.Random) -> None:
    """A queue goes while its consumer is on it."""
    queue = dice.choice(stage.subject.event_queues)
    with kombu.Connection(stage.servers.broker.uri) as connection:
        connection.default_channel.queue_delete(queue)
    stage.healed()


def mismatch(stage: Stage, dice: random.Random) -> None:
    """Somebody declares a queue with other arguments: the service is not ready until it is as declared again."""
    queue = dice.choice(stage.subject.event_queues)
    with kombu.Connection(stage.servers.broker.uri) as connection:
        channel = connection.default_channel
        channel.queue_delete(queue)
        channel.queue_declare(queue, durable=True, auto_delete=False, arguments=CLASSIC)
        if not _within(NOTICED_SECONDS, lambda: not stage.subject.ready()):
            stage.complain("nothing was unready while a queue was not as declared")
        channel.queue_delete(queue)
    stage.healed()


def _within(seconds: float, check: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not (found := check()) and time.monotonic() < deadline:
        time.sleep(0.2)
    return found


FAULTS = (
    Fault(3, "memory alarm at the broker for 5 s", alarm, short=True, stock=True),
    Fault(3, "permissions taken for 5 s", forbid, stock=True),
    Fault(3, "queue deleted under its consumer", delete_queue, short=True, stock=True),
    Fault(3, "queue declared with other arguments", mismatch),
)
