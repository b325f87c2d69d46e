"""Group 8: the same message many times, instances that come and go."""

import random
import time
from functools import partial

import kombu

from tests.chaos.stage import Fault, Stage

TIMES = 50
GRACE_SECONDS = 12.0


def repeat(stage: Stage, dice: random.Random) -> None:
    """One event that has been handled is given out fifty times more, all at once."""
    with kombu.Connection(stage.servers.broker.uri) as connection:
        producer = connection.Producer()
        for queue, body, properties in stage.subject.copies():
            encoded = {"content_encoding": "binary", **properties}
            for _ in range(TIMES):
                producer.publish(body, exchange="", routing_key=queue, delivery_mode=2, **encoded)
    time.sleep(2)
    stage.healed()


def roll(stage: Stage, dice: random.Random, services: int | None = None) -> None:
    """SIGTERM to one process after the other, as a new version is rolled out: of some services, by the dice, or all."""
    found = sorted({name.partition(".")[0] for name in stage.subject.sizes()})
    for service in dice.sample(found, services or len(found)):
        for name in stage.subject.instances(service):
            retire(stage, name)
            stage.subject.begin(name)
            stage.subject.revive()
    stage.healed()


def scale(stage: Stage, dice: random.Random) -> None:
    """From two instances of a service to four, to one, and back to two."""
    for service, spares in stage.subject.spares.items():
        for name in spares:
            stage.subject.begin(name)
        stage.subject.revive()
        time.sleep(2)
        for name in (*spares, f"{service}.2"):
            retire(stage, name)
        time.sleep(2)
        stage.subject.begin(f"{service}.2")
        stage.subject.revive()
    stage.healed()


def retire(stage: Stage, name: str) -> None:
    """SIGTERM has to end a process within its grace period."""
    began = time.monotonic()
    code = stage.subject.retire(name)
    if code is None or time.monotonic() - began > GRACE_SECONDS:
        stage.complain(f"{name} did not end within {GRACE_SECONDS:.0f} s of SIGTERM")


FAULTS = (
    Fault(8, "one event given out 50 times more", repeat, short=True, stock=True),
    Fault(8, "rolling SIGTERM of one service", partial(roll, services=1), short=True),
    Fault(8, "rolling SIGTERM of all", roll, stock=True),
    Fault(8, "2, 4, 1 and 2 instances", scale, stock=True),
)
