"""The pair of services, running."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dev.servers import Broker, Mongod
from tests.component.chassis.running import Pair


@pytest.fixture
def pair(broker: Broker, mongod: Mongod, tmp_path: Path) -> Iterator[Pair]:
    pair = Pair(broker, mongod, tmp_path)
    try:
        pair.start("giver", "taker")
        yield pair
    finally:
        pair.stop()
