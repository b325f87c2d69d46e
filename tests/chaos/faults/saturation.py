"""Group 9: handlers so slow that their queue fills, while the same processes go on answering requests."""

import random
import time

import requests

from tests.chaos.faults.database import failing
from tests.chaos.stage import Fault, Stage

SLOW_MILLISECONDS = 1_500
SECONDS = 10.0
P99_SECONDS = 2.0
"""Generous: both the load and everything under test share two cores."""


def slow_handlers(stage: Stage, dice: random.Random) -> None:
    """Each notice takes a second and a half to write; whoever asks for an inbox must not feel it."""
    took: list[float] = []
    with failing(stage, "notify.notices", blockConnection=True, blockTimeMS=SLOW_MILLISECONDS):
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            took.append(_asked(stage))
            time.sleep(0.05)
    stage.healed()
    p99 = sorted(took)[int(len(took) * 0.99)]
    if p99 > P99_SECONDS:
        stage.complain(f"inbox while handlers are slow: p99 {p99:.1f} s of {len(took)} requests")


def _asked(stage: Stage) -> float:
    began = time.monotonic()
    try:
        if not stage.sandan.asks():
            stage.complain("an inbox was not answered while handlers were slow")
    except requests.RequestException as error:
        stage.complain(f"an inbox was not answered while handlers were slow: {type(error).__name__}")
    return time.monotonic() - began


FAULTS = (Fault(9, "handlers slow for 10 s", slow_handlers, short=True),)
