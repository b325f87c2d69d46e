"""Ready means that every service says so."""

import pytest
from flask.testing import FlaskClient

from gateway.app import create_app
from gateway.settings import Settings
from tests.unit.gateway.fakes import FakePort, FakeServices, said

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def _ready(port: FakePort) -> None:
    port.answers["GET", "/health/ready"] = (200, "application/json", b"{}")


def test_ready_when_all_are(anyone: FlaskClient) -> None:
    response = anyone.get("/health/ready")
    assert response.status_code == 200
    assert said(response)["services"] == {"cases": "ready", "members": "ready", "notify": "ready"}


def test_who_is_not_ready_is_named(services: FakeServices, settings: Settings) -> None:
    elsewhere = Settings(**{**vars(settings), "members_urls": (NOWHERE,)})
    response = create_app(services, elsewhere).test_client().get("/health/ready")
    assert (response.status_code, said(response)["code"]) == (503, "not_ready")
    assert said(response)["details"]["services"] == {"members": "unreachable"}
    assert response.headers["Retry-After"]


def test_one_ready_instance_of_each_is_enough(services: FakeServices, settings: Settings) -> None:
    more = Settings(**{**vars(settings), "members_urls": (NOWHERE, *settings.members_urls)})
    assert create_app(services, more).test_client().get("/health/ready").status_code == 200


def test_a_service_that_says_no_is_not_ready(anyone: FlaskClient, port: FakePort) -> None:
    port.answers["GET", "/health/ready"] = (503, "application/json", b'{"faults": ["mongo: AutoReconnect"]}')
    assert said(anyone.get("/health/ready"))["details"]["services"]["cases"] == "not_ready (mongo: AutoReconnect)"


def test_a_service_that_says_no_without_a_reason_is_not_ready(anyone: FlaskClient, port: FakePort) -> None:
    port.answers["GET", "/health/ready"] = (503, "text/html", b"<html>")
    assert said(anyone.get("/health/ready"))["details"]["services"]["cases"] == "not_ready"


def test_the_gateways_own_faults_count_too(anyone: FlaskClient, services: FakeServices) -> None:
    services.troubles.append("broker link rpc-client: not connected yet")
    response = anyone.get("/health/ready")
    assert response.status_code == 503
    assert said(response)["details"]["gateway"] == services.troubles
