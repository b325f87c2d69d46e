"""The pair of services, running: shared by the tests that do it no harm, and one of their own for the others."""

from collections.abc import Iterator

import pytest

from dev.servers import Broker, Mongod
from tests.component.chassis.running import Pair


@pytest.fixture(scope="module")
def shared_pair(broker: Broker, mongod: Mongod, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    with Pair(broker, mongod, tmp_path_factory.mktemp("pair")) as pair:
        pair.start("giver", "taker")
        yield pair


@pytest.fixture
def pair(shared_pair: Pair) -> Pair:
    """The shared pair, with nothing kept and nothing heard so far."""
    shared_pair.forget()
    return shared_pair


@pytest.fixture
def own_pair(broker: Broker, mongod: Mongod, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """A pair that a test may kill."""
    with Pair(broker, mongod, tmp_path_factory.mktemp("pair")) as pair:
        pair.start("giver", "taker")
        yield pair
