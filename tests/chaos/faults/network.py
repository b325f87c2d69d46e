"""Group 2: the network between services and broker resets, swallows, delays and cuts."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from tests.chaos.proxy import Proxy, Way
from tests.chaos.stage import Fault, Stage

BEHIND = ("cases", "notify")
"""The services that reach the broker through the proxy: who publishes, and who consumes."""
CUT_SECONDS = 15.0


@contextmanager
def behind_proxy(stage: Stage) -> Iterator[None]:
    """Those services go through a proxy for a while."""
    instances = [name for service in BEHIND for name in stage.subject.instances(service)]
    with Proxy(stage.servers.broker.port) as proxy:
        stage.proxy = proxy
        _begin(stage, instances, {"AMQP_URI": f"amqp://guest:guest@127.0.0.1:{proxy.port}//"})
        try:
            yield
        finally:
            proxy.way = Way.PASS
            _begin(stage, instances, {})


def _begin(stage: Stage, instances: list[str], settings: dict[str, str]) -> None:
    for name in instances:
        stage.subject.begin(name, settings)
    stage.subject.revive()


def reset(stage: Stage, dice: random.Random) -> None:
    """Every connection is reset, three times."""
    for _ in range(3):
        time.sleep(dice.uniform(0.5, 2))
        stage.proxied.reset()
    stage.healed()


def spoil(stage: Stage, dice: random.Random, way: Way, seconds: float) -> None:
    """Bytes pass in another way for a while."""
    stage.proxied.way = way
    time.sleep(seconds)
    stage.proxied.way = Way.PASS
    stage.healed()


def cut(stage: Stage, dice: random.Random, times: int, arm: Callable[[Proxy, random.Random], None]) -> None:
    """Connections are cut at a chosen byte, several times."""
    proxy = stage.proxied
    for _ in range(times):
        before, deadline = proxy.cuts, time.monotonic() + CUT_SECONDS
        arm(proxy, dice)
        while proxy.cuts == before and time.monotonic() < deadline:
            time.sleep(0.02)
        if proxy.cuts == before:
            stage.complain("the cut never came")
    stage.healed()


def after_some_bytes(proxy: Proxy, dice: random.Random) -> None:
    """Anywhere in what is sent."""
    proxy.cut_after(dice.randrange(1, 4_000))


def before_confirm(proxy: Proxy, dice: random.Random) -> None:
    """After a publish, before its confirm."""
    proxy.cut_before_confirm()


behind = partial(Fault, 2, around=behind_proxy)
FAULTS = (
    behind("cut after publish, before confirm", partial(cut, times=4, arm=before_confirm), short=True, stock=True),
    behind("cut after any byte", partial(cut, times=10, arm=after_some_bytes), stock=True),
    behind("connections reset", reset, stock=True),
    behind("black hole for 20 s", partial(spoil, way=Way.HOLD, seconds=20), stock=True),
    behind("500 ms latency for 15 s", partial(spoil, way=Way.SLOW, seconds=15), stock=True),
    behind("1 kB/s for 15 s", partial(spoil, way=Way.TRICKLE, seconds=15), stock=True),
)
