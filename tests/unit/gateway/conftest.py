"""The application over fake services, and a client that is signed in."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gateway.app import create_app
from gateway.settings import Settings
from gateway.tokens import Tokens
from tests.unit.gateway.fakes import SEED, FakePort, FakeServices, fake_port

CALLER = {"id": "p-1", "grants": [{"role": "resident", "scope": "360704"}], "unit": None}


@pytest.fixture
def services() -> FakeServices:
    return FakeServices()


@pytest.fixture(scope="session")
def _port() -> Iterator[FakePort]:
    with fake_port() as started:
        yield started


@pytest.fixture
def port(_port: FakePort) -> FakePort:
    """The internal HTTP of all three services, with nothing to say yet."""
    _port.answers.clear()
    _port.got.clear()
    return _port


@pytest.fixture(scope="session")
def settings(_port: FakePort) -> Settings:
    urls = (_port.url,)
    return Settings("127.0.0.1", 8000, SEED, urls, urls, urls, sign_in_rate="100000 per minute")


@pytest.fixture(scope="session")
def _app(settings: Settings) -> Flask:
    return create_app(FakeServices(), settings)  # writing the specification takes longer than most tests


@pytest.fixture
def app(_app: Flask, services: FakeServices, port: FakePort) -> Flask:
    _app.extensions["services"] = services
    return _app


@pytest.fixture
def tokens() -> Tokens:
    return Tokens(SEED, 900)


@pytest.fixture
def anyone(app: Flask) -> FlaskClient:
    """A client without a token."""
    return app.test_client()


@pytest.fixture
def client(app: Flask, tokens: Tokens) -> FlaskClient:
    """A client with the token of CALLER."""
    signed_in = app.test_client()
    token = tokens.issue("s-1", CALLER, time.time(), signed_in_at=int(time.time()))
    signed_in.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return signed_in


@pytest.fixture
def caller() -> dict[str, Any]:
    return CALLER
