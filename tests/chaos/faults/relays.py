"""Group 6: several relays on the same documents, and clocks that are wrong."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager

import kombu

from tests.chaos.stage import Fault, Stage

HOUR = 3_600


def no_queue(stage: Stage, dice: random.Random) -> None:
    """Nobody listens and no queue is there; then there is, and all relays find the same backlog."""
    listeners = [name for service in stage.subject.listeners for name in stage.subject.instances(service)]
    with stage.subject.silence():
        time.sleep(1)  # for what is in the queues
        for name in listeners:
            stage.subject.retire(name)
        with kombu.Connection(stage.servers.broker.uri) as connection:
            for queue in stage.servers.broker.queues():
                if queue.startswith(("evt-", *stage.subject.listeners)):
                    connection.default_channel.queue_delete(queue)
    time.sleep(5)
    stage.subject.come_back(listeners)
    stage.healed()


@contextmanager
def skewed(stage: Stage) -> Iterator[None]:
    """Of each service one instance is an hour early and the other an hour late."""
    instances = [name for service in ("cases", "notify") for name in stage.subject.instances(service)]
    for name in instances:
        seconds = HOUR if name.endswith("1") else -HOUR
        stage.subject.begin(name, {"SKEW_SECONDS": str(seconds)})
    stage.subject.revive()
    try:
        yield
    finally:
        for name in instances:
            stage.subject.begin(name)
        stage.subject.revive()


def run_on(stage: Stage, dice: random.Random) -> None:
    """Nothing more than the load."""
    time.sleep(8)


FAULTS = (
    Fault(6, "no queue takes events for 5 s", no_queue, short=True, stock=True),
    Fault(6, "clocks an hour early and late", run_on, around=skewed),
)
