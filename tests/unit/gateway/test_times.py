"""Instants are shown on the local clock, and nothing else is touched."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask.testing import FlaskClient

from gateway.times import holds_time, shown
from tests.unit.gateway.fakes import said


def instants(schema: Mapping[str, Any], name: str = "") -> Iterator[str]:
    """The names of the fields that hold instants, by the description of the API."""
    if schema.get("format") == "date-time":
        yield name
    for key, each in schema.get("properties", {}).items():
        yield from instants(each, key)
    for each in ([schema["items"]] if "items" in schema else []) + schema.get("anyOf", []):
        yield from instants(each, name)


def test_every_instant_of_the_api_is_shown_on_the_local_clock(client: FlaskClient) -> None:
    schemas = said(client.get("/openapi.json"))["components"]["schemas"]
    names = {name for schema in schemas.values() for name in instants(schema)}
    assert len(names) > 50
    assert sorted(name for name in names if not holds_time(name)) == []


def test_instants_are_shown_with_the_local_offset() -> None:
    assert shown({"at": "2026-03-12T11:40:00Z"}) == {"at": "2026-03-12T19:40:00+08:00"}
    assert shown({"closed_at": "2026-03-12T11:40:00.250Z"}) == {"closed_at": "2026-03-12T19:40:00.250+08:00"}


def test_the_ends_of_a_period_are_instants_too() -> None:
    period = {"since": "2026-02-28T16:00:00Z", "until": "2026-03-31T16:00:00Z"}
    assert shown(period) == {"since": "2026-03-01T00:00:00+08:00", "until": "2026-04-01T00:00:00+08:00"}


def test_the_time_of_a_visit_is_an_instant_too() -> None:
    assert shown({"due_on_site": "2026-03-13T07:00:00Z"}) == {"due_on_site": "2026-03-13T15:00:00+08:00"}


def test_instants_are_found_in_lists_and_depths() -> None:
    found = shown({"items": [{"timeline": [{"at": "2026-12-31T16:00:00Z"}]}], "resolve_due": "2026-03-17T10:00:00Z"})
    assert found["items"][0]["timeline"][0]["at"] == "2027-01-01T00:00:00+08:00"
    assert found["resolve_due"] == "2026-03-17T18:00:00+08:00"


def test_when_to_be_on_the_spot_is_an_instant_too() -> None:
    assert shown({"due_on_site": "2026-03-13T07:00:00Z"}) == {"due_on_site": "2026-03-13T15:00:00+08:00"}


def test_a_text_that_looks_like_an_instant_stays() -> None:
    said = {"text": "2026-03-12T11:40:00Z", "at": "soon", "count": 3, "left_at": None}
    assert shown(said) == said


def test_when_a_grid_ends_is_told_like_when_it_begins() -> None:
    period = {"from": "2026-03-31T16:00:00Z", "to": "2026-04-01T16:00:00Z", "at_date": "2026-04-01T16:00:00Z"}
    ends = "2026-04-02T00:00:00+08:00"
    assert shown(period) == {"from": "2026-04-01T00:00:00+08:00", "to": ends, "at_date": ends}
