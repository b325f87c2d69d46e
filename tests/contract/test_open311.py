"""Open311 held to the standard's definitions: what cases tells becomes documents of GeoReport v2, in both formats."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator, FormatChecker
from marshmallow import Schema

from cases.category import in_force
from cases.open311 import offer
from cases.open311.schemas import FilingSchema, RequestsSchema
from chassis.errors import Refusal
from chassis.schema import load
from gateway.app import create_app
from gateway.open311 import arguments, documents
from gateway.open311.errors import NAMES, errors_of
from gateway.open311.spark import as_json, as_xml
from gateway.settings import Settings
from tests.unit.cases import play as stage
from tests.unit.cases.play import AT, Play
from tests.unit.cases.test_open311 import read as as_anybody_reads
from tests.unit.gateway.fakes import SEED, FakeServices
from tests.unit.gateway.reading_xml import as_text, read

TEXT = {"type": "string", "minLength": 1}
MAYBE = {"type": ["string", "null"]}
INSTANT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$"}
NUMBER = {"type": ["number", "null"]}


def closed(properties: Mapping[str, Any], *optional: str) -> dict[str, Any]:
    """An object with these members, all of which have to be there but the optional ones."""
    required = [name for name in properties if name not in optional]
    return {
        "type": "object",
        "properties": dict(properties),
        "required": required,
        "additionalProperties": False,
    }


SERVICE = closed(
    {
        "service_code": TEXT,
        "service_name": TEXT,
        "description": MAYBE,
        "metadata": {"type": "boolean"},
        "type": {"enum": ["realtime", "batch", "blackbox"]},
        "keywords": MAYBE,
        "group": MAYBE,
    }
)
ATTRIBUTE = closed(
    {
        "variable": {"type": "boolean"},
        "code": TEXT,
        "datatype": {"enum": ["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]},
        "required": {"type": "boolean"},
        "datatype_description": MAYBE,
        "order": {"type": "integer", "minimum": 1},
        "description": TEXT,
        "values": {"type": "array", "items": closed({"key": TEXT, "name": TEXT})},
    }
)
DEFINITION = closed({"service_code": TEXT, "attributes": {"type": "array", "items": ATTRIBUTE}})
REQUEST = closed(
    {
        "service_request_id": TEXT,
        "status": {"enum": ["open", "closed"]},
        "status_notes": MAYBE,
        "service_name": MAYBE,
        "service_code": TEXT,
        "description": {"type": ["string", "null"], "maxLength": 4000},
        "agency_responsible": MAYBE,
        "service_notice": MAYBE,
        "requested_datetime": INSTANT,
        "updated_datetime": {"anyOf": [INSTANT, {"type": "null"}]},
        "expected_datetime": {"anyOf": [INSTANT, {"type": "null"}]},
        "address": MAYBE,
        "address_id": MAYBE,
        "zipcode": MAYBE,
        "lat": NUMBER,
        "long": NUMBER,
        "media_url": MAYBE,
        "notes": {"type": "array", "items": closed({"datetime": INSTANT, "description": TEXT, "type": TEXT})},
    },
    "notes",
)
FILED = closed({"service_request_id": TEXT, "service_notice": MAYBE, "account_id": MAYBE})
ENDPOINT = closed(
    {
        "specification": {"const": "http://wiki.open311.org/GeoReport_v2"},
        "url": {"type": "string", "pattern": "^https?://.*[^/]$"},
        "changeset": INSTANT,
        "type": {"enum": ["production", "test"]},
        "formats": {"type": "array", "items": {"enum": ["text/xml", "application/json"]}, "minItems": 1},
    }
)
DISCOVERY = closed(
    {"changeset": INSTANT, "contact": TEXT, "key_service": TEXT, "endpoints": {"type": "array", "items": ENDPOINT}}
)
"""What GeoReport v2 and its service discovery define, in our words."""

LANGUAGES = ("zh-CN", "en")


def listed(of: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": dict(of)}


def check(schema: Mapping[str, Any], root: str, value: Any) -> None:
    """The value is as the schema has it in JSON, and XML says the same."""
    told = json.loads(as_json(value))
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    assert [f"{error.json_path}: {error.message}" for error in validator.iter_errors(told)] == []
    assert read(as_xml(root, value)) == (root, as_text(told))


BUILDS = (
    *(stage.opened, stage.verifying, stage.registered, stage.dispatched, stage.accepted, stage.in_progress),
    *(stage.suspended, stage.resolved, stage.closed, stage.reopened, stage.rejected, stage.withdrawn, stage.merged),
)


def photo_at(photo_id: str) -> str:
    """Where everybody sees a photo."""
    return f"https://sandan.example/v1/released-photos/{photo_id}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("build", BUILDS, ids=lambda each: each.__name__)
def test_a_case_in_every_state_is_a_request_of_the_standard(build: Callable[[], Play], language: str) -> None:
    found = [as_anybody_reads(build())]
    check(listed(REQUEST), "service_requests", documents.requests(found, language, photo_at))
    check(listed(REQUEST), "service_requests", documents.requests(found, language, photo_at, extended=True))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_category_is_a_service_of_the_standard_with_its_definition(language: str) -> None:
    offered = offer.services(in_force(AT))
    check(listed(SERVICE), "services", documents.services(offered, language))
    for each in offered:
        found = documents.definition(each, language)
        check(DEFINITION, "service_definition", found)
        orders = [attribute["order"] for attribute in found["attributes"]]
        assert orders == list(range(1, len(orders) + 1))
        for attribute in found["attributes"]:
            assert bool(attribute["values"]) is attribute["datatype"].endswith("list")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_filed_and_what_is_discovered_is_as_the_standard_has_it(language: str) -> None:
    check(listed(FILED), "service_requests", documents.filed({"number": "360704-20260312-7K3F9Q"}, language))
    check(DISCOVERY, "discovery", documents.discovery("https://sandan.example.cn", language))


def test_the_gateway_asks_for_nothing_that_cases_does_not_take() -> None:
    asked = {*arguments.TEXTS.values(), *arguments.LISTS.values(), "page", "page_size", "with_history", "jurisdiction"}
    assert asked == set(RequestsSchema().fields)
    filed = {*arguments.FILED, *arguments.ATTRIBUTES, "lat", "long", "photos", "jurisdiction"}
    assert filed == set(FilingSchema().fields)
    assert set(NAMES) <= asked | filed


def test_every_attribute_of_a_definition_is_taken() -> None:
    offered = offer.services(in_force(AT))
    codes = {
        attribute["code"]
        for each in offered
        for attribute in documents.definition(each, "en")["attributes"]
        if attribute["variable"]
    }
    assert codes == set(arguments.ATTRIBUTES)


def described(schema: Schema, given: Mapping[str, Any]) -> set[str]:
    """What an answer says that refuses these arguments, as cases takes them."""
    with pytest.raises(Refusal) as refused:
        load(schema, {"jurisdiction": "360704", **given})
    told = {"status": 422, "errors": refused.value.details["errors"]}
    return {each["description"] for each in errors_of(told, "en")}


def test_what_cannot_be_read_is_told_with_all_other_faults_by_the_names_of_the_standard() -> None:
    odd = {"lat": "north", "long": "1e1", "attribute[colour]": "red", "phone": "1", "attribute[weighs_on][]": "all"}
    assert described(FilingSchema(), arguments.filed({name: [text] for name, text in odd.items()})) == {
        "service_code: Missing data for required field.",
        "lat: Not a valid number.",
        "long: Not a valid number.",
        "attribute[colour]: Unknown field.",
        "phone: Not a mobile phone number.",
        "attribute[weighs_on]: Must be one of: elderly, child, disabled.",
    }
    asked = {"page": "x", "page_size": "2000", "status": "done", "start_date": "2026-01-01T00:00:00 08:00"}
    assert described(RequestsSchema(), arguments.listed({name: [text] for name, text in asked.items()})) == {
        "page: Not a valid integer.",
        "page_size: Must be greater than or equal to 1 and less than or equal to 1000.",
        "status: Must be one of: open, closed.",
        "start_date: Not an RFC 3339 instant with offset. In an address the + of an offset is written %2B.",
    }


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    nowhere = ("http://127.0.0.1:9",)
    return create_app(FakeServices(), Settings("127.0.0.1", 8000, SEED, nowhere, nowhere, nowhere)).test_client()


def test_the_standards_routes_are_not_in_our_specification(client: FlaskClient) -> None:
    spec = json.loads(client.get("/openapi.json").data)
    assert [path for path in spec["paths"] if re.search("open311", path)] == []
