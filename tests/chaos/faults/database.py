"""Group 4: the database is killed and frozen, refuses writes, elects another primary, has no majority."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from tests.chaos.stage import Fault, Stage

ELECTION_LIMIT = 15.0
INTERRUPTED = 11_601
"""An error of a write that is neither a lost connection nor said to be retryable."""


@contextmanager
def failing(stage: Stage, namespace: str, **data: Any) -> Iterator[None]:
    """Writes to one collection fail, or are slow, as `data` says."""
    point = {"configureFailPoint": "failCommand"}
    told = {"failCommands": ["insert", "update", "findAndModify"], "namespace": namespace, **data}
    clients = [member.client() for member in stage.servers.databases()]
    for client in clients:
        client.admin.command({**point, "mode": "alwaysOn", "data": told})
    try:
        yield
    finally:
        for client in clients:
            client.admin.command({**point, "mode": "off"})
            client.close()


def kill(stage: Stage, dice: random.Random) -> None:
    """SIGKILL, and back."""
    stage.servers.mongod.kill()
    time.sleep(dice.uniform(0.5, 2))
    stage.servers.mongod.restart()
    stage.healed()


def freeze(stage: Stage, dice: random.Random, seconds: float) -> None:
    """SIGSTOP: connections stay open and nothing answers."""
    stage.servers.mongod.pause()
    time.sleep(seconds)
    stage.servers.mongod.resume()
    stage.healed()


def refuse(stage: Stage, dice: random.Random, namespace: str) -> None:
    """Writes to one collection fail for some seconds."""
    with failing(stage, namespace, errorCode=INTERRUPTED):
        time.sleep(4)
    stage.healed()


def elect(stage: Stage, dice: random.Random, depose: Callable[[Stage], None]) -> None:
    """The primary goes in some way, and answers have to come again after the election."""
    depose(stage)
    stage.healed()
    time.sleep(12)


def step_down(stage: Stage) -> None:
    """In order."""
    stage.servers.replicas.step_down()


def kill_primary(stage: Stage) -> None:
    """SIGKILL; it comes back as a secondary."""
    replicas = stage.servers.replicas
    first = replicas.await_primary(20)
    first.kill()
    replicas.await_primary(20)
    first.restart()


def freeze_primary(stage: Stage) -> None:
    """SIGSTOP until another is elected, and some more."""
    replicas = stage.servers.replicas
    first = replicas.await_primary(20)
    first.pause()
    others = [member for member in replicas.members if member is not first]
    replicas.await_primary(20, others)
    time.sleep(3)
    first.resume()


def lose_majority(stage: Stage, dice: random.Random, seconds: float) -> None:
    """Two members of three frozen: nothing may be acknowledged."""
    replicas = stage.servers.replicas
    replicas.await_primary(20)
    with replicas.without(replicas.secondaries()):
        time.sleep(seconds)
    replicas.await_primary(30)
    stage.healed()


clustered = partial(Fault, 4, needs="cluster", limit=ELECTION_LIMIT)
FAULTS = (
    Fault(4, "database killed", kill, short=True, stock=True),
    Fault(4, "database frozen for 8 s", partial(freeze, seconds=8), short=True, stock=True),
    Fault(4, "writes of effects fail for 4 s", partial(refuse, namespace="notify.notices"), short=True, stock=True),
    Fault(4, "writes of cases fail for 4 s", partial(refuse, namespace="cases.cases"), stock=True),
    Fault(4, "writes of the event log fail for 4 s", partial(refuse, namespace="notify.event_log")),
    clustered("primary steps down", partial(elect, depose=step_down)),
    clustered("primary killed", partial(elect, depose=kill_primary)),
    clustered("primary frozen", partial(elect, depose=freeze_primary)),
    clustered("majority lost for 30 s", partial(lose_majority, seconds=30)),
)
