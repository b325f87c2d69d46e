"""The whole suite as subprocesses on real servers, with a clock that the test sets."""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from dev.client import Client
from dev.ports import free_port
from dev.servers import Broker, Mongod
from dev.suite import DISTRICT
from tests.conftest import private_broker
from tests.contract.openapi_conformance import Conformance
from tests.e2e.cast import ACCOUNTS, cast
from tests.e2e.staged import StagedSuite
from tests.identity_provider import CLIENT, PAGE, SECRET, IdentityProvider, providing

SuiteMaker = Callable[..., StagedSuite]

INSTANCES = dict.fromkeys(("gateway", "cases", "members", "notify"), int(os.environ.get("INSTANCES", "1")))
"""Of the shared suite: what one instance of each does, several together have to do as well."""


@pytest.fixture(scope="session")
def identity_provider() -> Iterator[IdentityProvider]:
    """A house that vouches for people of the shared suite."""
    with providing() as provider:
        yield provider


@pytest.fixture(scope="session")
def suite(
    managed_broker: Broker,
    mongod: Mongod,
    tmp_path_factory: pytest.TempPathFactory,
    identity_provider: IdentityProvider,
) -> Iterator[StagedSuite]:
    """One suite, shared by all tests that do it no lasting harm; it offers partners queues, as `make run` does."""
    directory = tmp_path_factory.mktemp("suite")
    # Everybody signs in once, and a busy machine takes longer than an access token lives.
    settings = {**managed_broker.settings, "ACCESS_SECONDS": "86400", **_listed(identity_provider, directory)}
    suite = StagedSuite(directory, managed_broker, mongod, INSTANCES, settings)
    try:
        suite.prepare()
        suite.start()
        yield suite
    finally:
        suite.stop()


def _listed(provider: IdentityProvider, directory: Path) -> dict[str, str]:
    """The settings with which members knows the provider, whose secret stands outside of the file."""
    entry = {
        "id": "district",
        "names": {"zh-CN": "赣县区统一身份认证", "en": "District sign-in"},
        "issuer": provider.issuer,
        "client_id": CLIENT,
        "client_secret_env": "DISTRICT_SECRET",
        "redirect_uris": [PAGE],
    }
    file = directory / "identity-providers.json"
    file.write_text(json.dumps([entry], ensure_ascii=False), "utf-8")
    return {"IDENTITY_PROVIDERS_FILE": str(file), "DISTRICT_SECRET": SECRET}


@pytest.fixture(scope="module")
def new_suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SuiteMaker]:
    """Makes suites on servers of their own: `new_suite(instances={"cases": 2}, settings={...})`, started.

    With `demo=WITH_CASES` they have the cases of the demo, too, as `make run` has.
    """
    with ExitStack() as stack:

        def make(
            instances: Mapping[str, int] | None = None,
            settings: Mapping[str, str] | None = None,
            demo: Sequence[str] = DISTRICT,
        ) -> StagedSuite:
            tmp_path = tmp_path_factory.mktemp("suite")
            broker = private_broker(tmp_path / "rabbitmq")
            mongod = Mongod(tmp_path / "mongod", free_port(), testing=True)
            for server in (broker, mongod):
                stack.callback(server.stop)
                server.start()
            suite = StagedSuite(tmp_path, broker, mongod, instances, settings)
            stack.callback(suite.stop)
            suite.prepare(demo=demo)
            suite.start()
            return suite

        yield make


@pytest.fixture(scope="session")
def people(suite: StagedSuite) -> dict[str, Client]:
    """Every demo person, signed in once to the shared suite; each answer is held to the specification."""
    conforms = Conformance(suite.client().get("/openapi.json").json())
    signed_in = cast(suite, ACCOUNTS)
    for client in signed_in.values():
        client.hooks["response"].append(conforms)
    return signed_in
