"""The gateway and its neighbour, running."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dev.servers import Broker, Mongod
from tests.component.gateway.running import Running


@pytest.fixture(scope="module")
def running(broker: Broker, mongod: Mongod, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with Running(broker, mongod, tmp_path_factory.mktemp("gateway")) as started:
        started.start("cases", "gateway")
        yield started


@pytest.fixture
def fresh(broker: Broker, mongod: Mongod, tmp_path: Path) -> Iterator[Running]:
    """A gateway that a test may stop."""
    with Running(broker, mongod, tmp_path) as started:
        started.start("cases", "gateway")
        yield started
