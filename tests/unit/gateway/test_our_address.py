"""Links that are given out lead to our public address, whatever a request says that it came to."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from gateway.app import create_app
from gateway.settings import Settings
from tests.drawn_code import read_off_picture
from tests.unit.gateway.fakes import RECEIPT, FakeServices, said

PUBLIC = "https://suite.example"
REPORT = {"text": "路灯不亮", "location": {"lon": 115.0058, "lat": 25.8672}}


@pytest.fixture
def public(services: FakeServices, settings: Settings, client: FlaskClient) -> FlaskClient:
    """A client that names another host than ours, and is signed in."""
    made = create_app(services, replace(settings, public_url=f"{PUBLIC}/")).test_client()
    made.environ_base |= client.environ_base | {"HTTP_HOST": "elsewhere.example"}
    return made


def test_the_link_of_an_anonymous_report_leads_to_us(public: FlaskClient, services: FakeServices) -> None:
    told = {**RECEIPT, "tracking_token": "secret"}
    services.outcomes |= {"cases.report": told, "cases.report_by_anybody": told}
    for path, body in (("/v1/anonymous-reports", REPORT), ("/v1/cases", {**REPORT, "anonymous": True})):
        url = said(public.post(path, json=body))["tracking"]["url"]
        assert url == f"{PUBLIC}/v1/tracked-reports/secret"


def test_the_link_of_a_calendar_leads_to_us(public: FlaskClient, services: FakeServices) -> None:
    services.outcomes["members.open_calendar"] = {"calendar_id": "c-1", "token": "secret"}
    assert said(public.post("/v1/calendars"))["url"] == f"{PUBLIC}/v1/calendars/secret.ics"


def test_the_code_of_a_station_leads_to_us(public: FlaskClient, services: FakeServices) -> None:
    services.outcomes["members.station_code"] = {"station_id": "v-1", "code": "secret"}
    read = read_off_picture(public.get("/v1/stations/v-1/code").data)
    assert read == [f"{PUBLIC}/v1/stations/v-1/uses#secret"]


@pytest.mark.parametrize(
    ("scheme", "begins"),
    [
        ("https", "https://localhost/"),
        ("http", "http://localhost/"),
        ("https, http", "http://localhost/"),
        ("javascript", "http://localhost/"),
        ("https://elsewhere.example/?", "http://localhost/"),
        ("", "http://localhost/"),
    ],
)
def test_behind_a_proxy_an_address_is_of_http_or_https(
    services: FakeServices, settings: Settings, scheme: str, begins: str
) -> None:
    behind = create_app(services, replace(settings, proxies=1)).test_client()
    headers = {"X-Forwarded-Proto": scheme, "X-Forwarded-Host": "elsewhere.example"}
    found = behind.get("/open311/v2/discovery.json", headers=headers).get_json()
    assert all(each["url"].startswith(begins) for each in found["endpoints"])
    assert found["endpoints"]
