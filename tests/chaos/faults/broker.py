"""Group 1: the broker is stopped, killed, frozen and away, in the middle of publishes, handlers and requests."""

import random
import time
from functools import partial

from tests.chaos.stage import Fault, Stage


def kill(stage: Stage, dice: random.Random, away: float = 1.0) -> None:
    """SIGKILL, as a power cut; back after some seconds."""
    stage.servers.broker.kill()
    time.sleep(away)
    stage.servers.broker.restart()
    stage.healed()


def stop(stage: Stage, dice: random.Random) -> None:
    """A clean stop and start."""
    stage.servers.broker.restart()
    stage.healed()


def freeze(stage: Stage, dice: random.Random, seconds: float) -> None:
    """SIGSTOP: connections stay open and nothing answers."""
    stage.servers.broker.pause()
    time.sleep(seconds)
    stage.servers.broker.resume()
    stage.healed()


def kill_node(stage: Stage, dice: random.Random) -> None:
    """One node of three dies and comes back: what hangs on it moves on."""
    node = dice.choice(stage.servers.brokers.nodes)
    node.kill()
    time.sleep(8)
    node.restart()
    stage.healed()


def freeze_node(stage: Stage, dice: random.Random, seconds: float) -> None:
    """One node of three is silent for a while."""
    node = dice.choice(stage.servers.brokers.nodes)
    node.pause()
    time.sleep(seconds)
    node.resume()
    stage.healed()


def roll_nodes(stage: Stage, dice: random.Random) -> None:
    """Each node is stopped and started, as for a new version."""
    for node in stage.servers.brokers.nodes:
        node.restart()
    stage.healed()


clustered = partial(Fault, 1, needs="cluster")
FAULTS = (
    Fault(1, "broker killed", kill, short=True, stock=True),
    Fault(1, "broker frozen for 8 s", partial(freeze, seconds=8), short=True),
    Fault(1, "broker stopped and started", stop, stock=True),
    Fault(1, "broker frozen for 20 s", partial(freeze, seconds=20), stock=True),
    Fault(1, "broker away for 60 s", partial(kill, away=60), stock=True),
    clustered("one broker node of three killed", kill_node),
    clustered("one broker node of three frozen for 20 s", partial(freeze_node, seconds=20)),
    clustered("broker nodes restarted by turns", roll_nodes),
)
