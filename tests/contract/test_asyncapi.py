"""/asyncapi.json is AsyncAPI 3 by its makers' own schema, and tells of every event that a partner can get."""

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft7Validator, Draft202012Validator

from gateway.app import create_app
from gateway.asyncapi import ASKED, document
from gateway.settings import Settings
from gateway.webhooks import TYPES
from notify.events.logged_event import cloud_event, cloud_headers, partner_body
from notify.partners.schemas import EVENT_TYPES
from notify.partners.subscription import EVERYTHING
from tests.contract.test_openapi import NOWHERE
from tests.contract.test_openapi_webhooks import SAMPLES, logged
from tests.unit.docs.pages import ROOT, rows, section
from tests.unit.gateway.fakes import SEED, FakeServices

SCHEMA = Draft7Validator(json.loads((Path(__file__).parent / "schemas/asyncapi-3.0.0.json").read_text("utf-8")))
PAGE = ROOT / "docs/events.md"


@pytest.fixture(scope="module")
def anyone() -> FlaskClient:
    return create_app(FakeServices(), Settings("127.0.0.1", 8000, SEED, NOWHERE, NOWHERE, NOWHERE)).test_client()


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        value = list(value.values())
    for each in value if isinstance(value, list) else ():
        yield from references(each)


def found(spec: dict[str, Any], reference: str) -> Any:
    for part in reference.removeprefix("#/").split("/"):
        spec = spec[part]
    return spec


def test_it_is_asyncapi_3() -> None:
    assert [error.message for error in SCHEMA.iter_errors(document())] == []


@pytest.mark.parametrize("section_of_it", ["servers", "channels", "operations"])
def test_the_schema_sees_what_is_wrong(section_of_it: str) -> None:
    spec = copy.deepcopy(document())
    next(iter(spec[section_of_it].values()))["surprise"] = True
    assert list(SCHEMA.iter_errors(spec))


def test_every_reference_leads_somewhere() -> None:
    spec = document()
    assert len({str(found(spec, each)) for each in references(spec)}) > len(TYPES)


def test_each_message_of_an_operation_is_one_of_its_channel() -> None:
    spec = document()
    for operation in spec["operations"].values():
        channel = found(spec, operation["channel"]["$ref"])
        assert channel["messages"], operation["title"]


def test_every_type_that_a_partner_may_ask_for_is_told() -> None:
    assert set(TYPES) == set(EVENT_TYPES) - {EVERYTHING}
    catalogue = {row[0].strip("`"): row[2] for row in rows(section(PAGE, "## Events of cases")) if len(row) == 4}
    assert catalogue == TYPES


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_each_event_is_as_its_message_says(path: Path) -> None:
    spec = document()
    event = logged(json.loads(path.read_text(encoding="utf-8")))
    message = spec["components"]["messages"][event.type]
    body = json.loads(partner_body(event))
    headers = {name: value for name, value in cloud_headers(event).items() if name.startswith("ce-")}
    for schema, told in ((found(spec, message["payload"]["$ref"]), body), (message["headers"], headers)):
        assert [each.message for each in Draft202012Validator(schema).iter_errors(told)] == []


def test_a_page_of_the_feed_is_as_its_message_says() -> None:
    spec = document()
    event = logged(json.loads(SAMPLES[0].read_text(encoding="utf-8")))
    batch = {"components": spec["components"], **spec["components"]["messages"]["page"]["payload"]}
    valid = Draft202012Validator(batch)
    assert [each.message for each in valid.iter_errors([json.loads(cloud_event(event))])] == []
    assert list(valid.iter_errors([{}]))


def test_the_feed_is_asked_as_the_api_says(anyone: FlaskClient) -> None:
    operation = anyone.get("/openapi.json").get_json()["paths"]["/v1/events"]["get"]
    assert {each["name"] for each in operation["parameters"] if each.get("in") == "query"} == set(ASKED)


def test_it_is_served_to_everyone_as_data_and_as_a_page(anyone: FlaskClient) -> None:
    data = anyone.get("/asyncapi.json")
    assert (data.status_code, data.content_type, data.json) == (200, "application/json", document())
    page = anyone.get("/events-docs")
    text = page.get_data(as_text=True)
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'unsafe-inline'; ")
    assert all(f'id="message-{name}"' in text for name in document()["components"]["messages"])
    assert set(re.findall(r'href="([^"]*)"', text)) - {"/asyncapi.json", "/docs"} <= {
        f"#{each}" for each in re.findall(r'id="([^"]*)"', text)
    }
    assert not re.search(r"<script|src=|https?://(?!\{)", text)
