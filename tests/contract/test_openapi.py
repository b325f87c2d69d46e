"""The specification: valid OpenAPI 3.1, complete, and true to what the application does."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from gateway.app import create_app
from gateway.identity import PUBLIC
from gateway.openapi import VERSION, WHO
from gateway.operations import EITHER_WAY
from gateway.problems import PROBLEMS
from gateway.settings import Settings
from gateway.webhooks import WEBHOOKS
from tests.unit.gateway.fakes import SEED, FakeServices

NOWHERE = ("http://127.0.0.1:9",)
UNDOCUMENTED = {"/", "/docs", "/openapi.json", "/events-docs", "/asyncapi.json", "/.well-known/jwks.json"}
OF_ANOTHER_STANDARD = "/open311/"
"""Routes that a standard describes itself."""


@pytest.fixture(scope="module")
def app() -> Flask:
    return create_app(FakeServices(), Settings("127.0.0.1", 8000, SEED, NOWHERE, NOWHERE, NOWHERE))


@pytest.fixture(scope="module")
def spec(app: Flask) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(app.test_client().get("/openapi.json").data)
    return document


def operations(spec: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in spec["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                yield path, method, operation


def resolved(spec: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in node:
        return node
    found: Any = spec
    for part in node["$ref"].removeprefix("#/").split("/"):
        found = found[part]
    return dict(found)


def test_it_is_valid_openapi_3_1(spec: dict[str, Any]) -> None:
    assert spec["openapi"].startswith("3.1")
    assert [error.message for error in OpenAPIV31SpecValidator(spec).iter_errors()] == []


def test_the_walk_through_a_service_day_calls_what_there_is(spec: dict[str, Any]) -> None:
    text = (Path(__file__).parents[2] / "docs/service-days.md").read_text(encoding="utf-8")
    served = {(method.upper(), path) for path, method, _ in operations(spec)}
    named = set(re.findall(r"(GET|POST) (/v1/[\w/{}.-]+)", text))
    assert len(named) > 10
    assert sorted(named - served) == []


def test_every_route_is_in_it(app: Flask, spec: dict[str, Any]) -> None:
    served = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule not in UNDOCUMENTED and not rule.rule.startswith(OF_ANOTHER_STANDARD)
    }
    assert served == {(path, method) for path, method, _ in operations(spec)}


def test_what_is_made_in_several_places_or_has_none_is_not_said_to_be_at_one(spec: dict[str, Any]) -> None:
    made = {
        each["operationId"]: each["responses"]["201"] for *_, each in operations(spec) if "201" in each["responses"]
    }
    unlocated = {id for id, response in made.items() if "Location" not in response["headers"]}
    assert {"import_units", "import_people", "open_grids", "record_points", "sign_in"} <= unlocated
    assert {"give_feedback", "open_calendar"} <= unlocated
    assert {"report", "register_unit", "register_person", "open_demand"} <= set(made) - unlocated
    assert [id for *_, each in operations(spec) for id in each if id.startswith("x-")] == []


LINKS: dict[str, dict[str, dict[str, str]]] = {
    "report": {"case": {"case_id": "$response.body#/case_id"}, "register_case": {"case_id": "$response.body#/case_id"}},
    "summon": {"one_summons": {"summons_id": "$response.body#/summons_id"}},
    "book_venue": {"cancel_booking": {"booking_id": "$response.body#/booking_id"}},
    "seat_in_party_group": {
        "unseat_in_party_group": {"grid_code": "$request.path.grid_code", "seat_id": "$response.body#/seat_id"},
    },
    "issue_certificate": {"certificate_paper": {"number": "$response.body#/number"}},
}
"""By operation some of those that it leads to, and with which parameters."""


def makers(spec: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each operation that makes something, with its answer."""
    for _, _, each in operations(spec):
        if "201" in each["responses"]:
            yield each["operationId"], each["responses"]["201"]


def test_what_was_made_leads_on_to_what_is_done_with_it(spec: dict[str, Any]) -> None:
    found = {
        id: {name: link["parameters"] for name, link in answer.get("links", {}).items()} for id, answer in makers(spec)
    }
    for id, wanted in LINKS.items():
        assert {name: found[id].get(name) for name in wanted} == wanted
    for id, other in (("report", "check_certificate"), ("open_intake_session", "end_session"), ("report", "cases")):
        assert other not in found[id]


def test_every_link_gives_an_operation_every_part_of_its_path(spec: dict[str, Any]) -> None:
    paths = {each["operationId"]: path for path, _, each in operations(spec)}
    for id, answer in makers(spec):
        for link in answer.get("links", {}).values():
            assert set(link["parameters"]) == set(re.findall(r"\{(\w+)\}", paths[link["operationId"]]))
            members = resolved(spec, answer["content"]["application/json"]["schema"])["properties"]
            for source in link["parameters"].values():
                kind, _, name = source.rpartition("." if "path" in source else "/")
                assert name in (members if kind == "$response.body#" else re.findall(r"\w+", paths[id])), source


def test_what_every_answer_has_is_promised(spec: dict[str, Any]) -> None:
    always = {name for name, header in spec["components"]["headers"].items() if header.get("required")}
    assert always == {"X-Request-ID", "ETag", "Location", "Content-Language", "WWW-Authenticate"}
    for path, method, operation in operations(spec):
        for status, response in operation["responses"].items():
            named = resolved(spec, response).get("headers", {})
            assert "X-Request-ID" in named or status == "default", (path, method, status)
            assert ("WWW-Authenticate" in named) is (status == "401"), (path, method, status)
            assert ("Retry-After" in named) is (status in {"429", "503"}), (path, method, status)


def test_every_error_is_a_problem_document(spec: dict[str, Any]) -> None:
    for path, method, operation in operations(spec):
        errors = {status: each for status, each in operation["responses"].items() if status[0] in "45d"}
        assert {"400", "500", "default"} <= set(errors), (path, method)
        for status, response in errors.items():
            content = resolved(spec, response)["content"]
            assert set(content) == {"application/problem+json"}, (path, method, status)
            assert content["application/problem+json"]["schema"] == {"$ref": "#/components/schemas/Problem"}


def test_every_operation_says_whether_it_needs_a_sign_in(app: Flask, spec: dict[str, Any]) -> None:
    assert spec["security"] == [{"bearer": []}]
    assert spec["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    adapter = app.url_map.bind("localhost")
    for path, method, operation in operations(spec):
        endpoint, _ = adapter.match(path.replace("{", "").replace("}", ""), method.upper())
        is_public = getattr(app.view_functions[endpoint], PUBLIC)
        assert (operation.get("security") in ([], EITHER_WAY)) is is_public, (path, method)
        assert is_public or "401" in operation["responses"]


def test_every_operation_that_needs_a_sign_in_says_who_may_do_it(spec: dict[str, Any]) -> None:
    said = {each["operationId"] for _, _, each in operations(spec) if "Who may: " in each.get("description", "")}
    needed = {each["operationId"] for _, _, each in operations(spec) if "security" not in each}
    assert said == needed == set(WHO)


def test_only_signing_in_and_looking_around_is_public(app: Flask) -> None:
    public = {name for name, view in app.view_functions.items() if getattr(view, PUBLIC, False)}
    assert public == {
        "root",
        "docs",
        "openapi",
        "events",
        "events_docs",
        "keys",
        "health.live",
        "health.ready",
        "sessions.request_code",
        "sessions.sign_in",
        "sessions.refresh",
        "identity-providers.identity_providers",
        "identity-providers.begin_provider_sign_in",
        "cases.categories",
        "certificate-checks.check_certificate",
        "compounds.compound_page",
        "open311.discovery",
        "open311.discovery_of_version",
        "open311.file_request",
        "open311.service_definition",
        "open311.service_request",
        "open311.service_requests",
        "open311.services",
        "open311.token",
        "programs.issue_token",
        "station_uses.use_station",
        "calendar_feeds.area_calendar",
        "calendar_feeds.own_calendar",
        "photo-links.linked_photo",
        "public-photos.public_photo",
        "anonymous_reports.report_anonymously",
        "anonymous_reports.upload_anonymously",
        "tracking.tracked_report",
        "tracking.answer_by_link",
        "tracking.answer_on_page",
        "unsubscribing.unsubscribe_page",
        "unsubscribing.unsubscribe_by_link",
        "words.words",
    }


WITHOUT_KEY = {
    "plan_roster",
    "call_audience",
    "check_intake_session",
    "upload_scans",
    "upload_points",
    "list_attendance",
    "unsubscribe_by_link",
    "answer_on_page",
    "preview_template",
    "photo_link",
    "issue_token",
    "begin_second_factor",
    "confirm_second_factor",
    "end_second_factor",
    "begin_provider_sign_in",
    "begin_linking",
    "link_identity",
}
"""Questions, of which nothing is written, lists of which each line has a key of its own, what programs of others
and the forms of our pages send, and what holds a password or a code, of which nothing is kept to recognise a
repetition."""


def test_every_command_may_be_repeated(spec: dict[str, Any]) -> None:
    without = set()
    for _, method, operation in operations(spec):
        if method == "post" and operation["tags"] != ["sessions"]:
            key = {"$ref": "#/components/parameters/IdempotencyKey"} in operation.get("parameters", ())
            without |= set() if key else {operation["operationId"]}
    assert without == WITHOUT_KEY


def test_every_path_is_plain(spec: dict[str, Any]) -> None:
    for path in spec["paths"]:
        # Programs that keep calendars know one by the end of its address.
        assert re.fullmatch(r"(/v1|/health)(/[a-z]+(-[a-z]+)*|/\{[a-z_]+\})+(\.ics)?", path), path


def test_every_operation_is_described_and_named_once(spec: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in operations(spec)]
    assert len(set(names)) == len(names)
    assert all(operation["summary"].endswith(".") for _, _, operation in operations(spec))


def test_every_operation_takes_the_language(spec: dict[str, Any]) -> None:
    for path, _, operation in operations(spec):
        assert {"$ref": "#/components/parameters/AcceptLanguage"} in operation["parameters"], path
    assert "`en`" in spec["components"]["parameters"]["AcceptLanguage"]["description"]


def test_what_a_newcomer_has_to_know_is_said(spec: dict[str, Any]) -> None:
    view = spec["components"]["schemas"]["CaseView"]["properties"]
    assert "inspect-pass" in view["acts"]["description"]
    assert all(f"`{code}`" in view["sight"]["description"] for code in view["sight"]["enum"])
    photos = spec["paths"]
    assert "--data-binary" in photos["/v1/photos"]["post"]["description"]
    assert "Authorization" in photos["/v1/photos/{photo_id}"]["get"]["description"]
    for name in ("CodeRequest", "OnBehalfOf"):
        phone = spec["components"]["schemas"][name]["properties"]["phone"]
        assert "11 digits" in phone["description"]
        assert re.fullmatch(phone["pattern"], "12000000001")


GEOJSON = {"/v1/grids/import"}
"""Bodies of a format that lets programs write members of their own (RFC 7946 §6.1)."""


def test_every_body_is_closed_to_unknown_fields(spec: dict[str, Any]) -> None:
    for path, _, operation in operations(spec):
        schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        if schema is not None:
            assert resolved(spec, schema)["additionalProperties"] is (path in GEOJSON), path


def test_every_text_and_every_list_that_is_sent_is_bounded(spec: dict[str, Any]) -> None:
    def unbounded(schema: dict[str, Any], where: str) -> Iterator[str]:
        schema = resolved(spec, schema)
        for name, each in schema.get("properties", {}).items():
            yield from unbounded(each, f"{where}/{name}")
        if schema.get("type") == "array":
            yield from unbounded(schema["items"], f"{where}/*")
            if "maxItems" not in schema:
                yield where
        if schema.get("type") == "string" and not schema.keys() & {"maxLength", "enum", "pattern"}:
            yield where

    found = [
        where
        for path, _, operation in operations(spec)
        for content in operation.get("requestBody", {}).get("content", {}).values()
        if content["schema"].get("format") != "binary"
        for where in unbounded(content["schema"], path)
    ]
    assert found == []


def test_every_example_fits_its_schema(spec: dict[str, Any]) -> None:
    checked = 0
    for path, _, operation in operations(spec):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            examples = [content["example"]] if "example" in content else []
            examples += [each["value"] for each in content.get("examples", {}).values()]
            for example in examples:
                validator = Draft202012Validator({**content["schema"], "components": spec["components"]})
                assert [error.message for error in validator.iter_errors(example)] == [], path
                checked += 1
    assert checked > 20


def test_deliveries_to_partners_are_in_it(spec: dict[str, Any]) -> None:
    assert spec["webhooks"] == WEBHOOKS


def test_no_schema_is_left_over(spec: dict[str, Any]) -> None:
    used = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(spec)))
    assert set(spec["components"]["schemas"]) == used


def test_the_version_is_that_of_the_changelog() -> None:
    """The newest release; while there is one to come, that one with `-dev`."""
    changelog = (Path(__file__).parents[2] / "CHANGELOG.md").read_text(encoding="utf-8")
    released = re.findall(r"^## \[(\d+\.\d+\.\d+)\]", changelog, re.MULTILINE)
    number, dev, _ = VERSION.partition("-dev")
    assert number not in released if dev else released[0] == number


def test_every_code_has_its_example_under_its_status(spec: dict[str, Any]) -> None:
    shown = {
        code
        for response in spec["components"]["responses"].values()
        for code in response.get("content", {}).get("application/problem+json", {}).get("examples", {})
    }
    used = {
        int(status) for _, _, operation in operations(spec) for status in operation["responses"] if status.isdigit()
    }
    assert shown == {code for code, row in PROBLEMS.items() if row.status in used}


def test_the_page_needs_no_network_and_leaves_nothing_out(app: Flask, spec: dict[str, Any]) -> None:
    response = app.test_client().get("/docs")
    page = response.get_data(as_text=True)
    assert response.content_type.startswith("text/html")
    assert not re.search(r"(?:src|href)=\"?(?:https?:)?//|<script|@import|url\(", page)
    for path, _, operation in operations(spec):
        assert path in page
        assert f'id="{operation["operationId"]}"' in page
    for code in PROBLEMS:
        assert f'id="problem-{code}"' in page
    assert "东源胜景小区3栋旁路灯不亮" in page
    assert not re.search(r"\\u[0-9a-fA-F]{4}", page)
    assert not re.search(r"(?:to|at least|at most|–)\s+character", page)
    links = set(re.findall(r'href="#([\w-]+)"', page))
    assert links <= set(re.findall(r'id="([\w-]+)"', page))


def test_every_operation_may_be_asked_too_often_and_says_how_many_are_left(spec: dict[str, Any]) -> None:
    for path, method, operation in operations(spec):
        assert "429" in operation["responses"], (method, path)
    told = spec["components"]["responses"]["TOO_MANY_REQUESTS"]["headers"]
    assert {"Retry-After", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"} <= set(told)
