"""Group 5: processes die at any point of their work."""

import random
import time
from functools import partial

from tests.chaos.faults.database import INTERRUPTED, failing
from tests.chaos.faults.poisons import poison
from tests.chaos.stage import Fault, Stage

DEATH_SECONDS = 60.0
"""Its start counts in, which alone takes fifteen on a busy machine."""

POINTS = {
    "before-write": "cases",
    "after-write": "cases",
    "after-publish": "cases",
    "after-confirm": "cases",
    "before-answer": "cases",
    "after-effect": "notify",
    "after-copy": "notify",
    "after-parking": "notify",
}
"""Each named point with the service whose processes pass it under this load."""


def die_at(stage: Stage, dice: random.Random, points: list[str], rounds: int) -> None:
    """One instance after the other dies at a point that it passes for the n-th time, and is started again."""
    for _ in range(rounds):
        for point in points:
            instance = dice.choice(stage.subject.instances(POINTS[point]))
            stage.subject.begin(instance, {"CRASH_AT": f"{point}:{dice.randint(1, 4)}"})
            _await_death(stage, instance, point)
            stage.subject.begin(instance)
    stage.healed()


def _await_death(stage: Stage, instance: str, point: str) -> None:
    deadline = time.monotonic() + DEATH_SECONDS
    while stage.subject.alive(instance) and time.monotonic() < deadline:
        _provoke(stage, point)
        time.sleep(0.5)
    if stage.subject.alive(instance):
        stage.complain(f"{instance} never came to {point}")


def _provoke(stage: Stage, point: str) -> None:
    """Some points are passed only when something goes wrong."""
    if point == "after-copy":
        with failing(stage, "notify.notices", errorCode=INTERRUPTED):
            time.sleep(0.5)
    if point == "after-parking":
        poison(stage, stage.subject.event_queues[0], "bad JSON")


def some_points(stage: Stage, dice: random.Random) -> None:
    """Three points, by the dice."""
    die_at(stage, dice, dice.sample(sorted(POINTS), 3), 1)


def kill_any(stage: Stage, dice: random.Random, times: int) -> None:
    """SIGKILL at any moment."""
    for _ in range(times):
        time.sleep(dice.uniform(0.2, 1.5))
        instance = dice.choice(stage.subject.instances(dice.choice(("gateway", "cases", "notify"))))
        stage.subject.kill(instance)
        stage.subject.begin(instance)
    stage.healed()


FAULTS = (
    Fault(5, "three processes killed", partial(kill_any, times=3), short=True, stock=True),
    Fault(5, "three random crash points", some_points, short=True),
    *(Fault(5, f"killed {point}, 3 rounds", partial(die_at, points=[point], rounds=3)) for point in POINTS),
    Fault(5, "twelve processes killed", partial(kill_any, times=12), stock=True),
)
