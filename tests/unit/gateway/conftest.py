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
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def services() -> FakeServices:
    return FakeServices()


@pytest.fixture
def port() -> Iterator[FakePort]:
    with fake_port() as started:
        yield started


@pytest.fixture
def settings(port: FakePort) -> Settings:
    return Settings("127.0.0.1", 8000, SEED, port.url, port.url, port.url)


@pytest.fixture
def app(services: FakeServices, settings: Settings) -> Flask:
    return create_app(services, settings)


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
    token = tokens.issue("s-1", CALLER, time.time())
    signed_in.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return signed_in


@pytest.fixture
def caller() -> dict[str, Any]:
    return CALLER
