"""A value is what JSON or a query says that it is: nothing that only looks so is a truth, a number or a time."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.unit.gateway.fakes import RECEIPT, FakeServices, said

CASES = "/v1/cases"


@pytest.fixture(autouse=True)
def _answers(services: FakeServices) -> None:
    services.outcomes |= {"cases.report": RECEIPT, "cases.move": RECEIPT, "cases.cases": {"items": [], "next": None}}


def pointed(response: Any) -> list[str]:
    """What a refusal of the content names."""
    assert response.status_code == 422, response.text
    return [each.get("pointer") or each["parameter"] for each in said(response)["errors"]]


@pytest.mark.parametrize("value", ["yes", "on", "true", "True", "t", "1", 1, 1.0, "false", "no", 0, "", [], {}])
def test_a_truth_in_json_is_true_or_false(client: FlaskClient, services: FakeServices, value: Any) -> None:
    assert pointed(client.post(CASES, json={"text": "x", "anonymous": value})) == ["/anonymous"]
    assert services.calls == []


def test_true_and_false_pass(client: FlaskClient, services: FakeServices) -> None:
    for value in (True, False):
        client.post(f"{CASES}/c-1/note", json={"text": "x", "internal": value})
        assert services.last["fields"]["internal"] is value


@pytest.mark.parametrize("value", ["yes", "on", "1", "True", "TRUE", "t", "0", "no", ""])
def test_a_truth_in_a_query_is_true_or_false(client: FlaskClient, value: str) -> None:
    assert pointed(client.get(CASES, query_string={"overdue": value})) == ["overdue"]


def test_a_query_may_say_true_or_false(client: FlaskClient, services: FakeServices) -> None:
    for written, meant in (("true", True), ("false", False)):
        assert client.get(CASES, query_string={"overdue": written}).status_code == 200
        assert services.last["filters"] == {"overdue": meant}


@pytest.mark.parametrize("value", ["٥", "５", "1_0", "+5", " 5", "5 ", "5.0", "0x5", "5\n", "-", ""])
def test_a_number_in_a_query_is_ascii_digits(client: FlaskClient, value: str) -> None:
    assert pointed(client.get(CASES, query_string={"limit": value})) == ["limit"]


@pytest.mark.parametrize("value", ["115.0", " 115", "1_1", "١١٥", True, 10**400])
def test_a_number_in_json_is_one(client: FlaskClient, value: Any) -> None:
    response = client.post(CASES, json={"text": "x", "location": {"lon": value, "lat": 25}})
    assert pointed(response) == ["/location/lon"]


@pytest.mark.parametrize("value", ["١١٥", "1_1", " 115", "1e2", "nan", "+115"])
def test_a_point_in_a_query_is_written_in_ascii_digits(client: FlaskClient, value: str) -> None:
    assert pointed(client.get("/v1/grids/locate", query_string={"lon": value, "lat": "25.8"})) == ["lon"]


INSTANTS = [
    "2026-W48-1T10:00:00+08:00",
    "20261126T100000+0800",
    "2026-11-26T10:00+08:00",
    "2026-11-26T10+08:00",
    "2026-11-26T10:00:00",
    "2026-11-26T10:00:00+08",
    "2026-11-26T10:00:00+08:00:30",
    "2026-11-26x10:00:00+08:00",
    "2026-11-26T24:00:00+08:00",
    "2026-02-30T10:00:00+08:00",
    "2026-11-26T10:00:00,5+08:00",
    "2026-11-26T10:00:00+08:00\n",
    "２０２６-11-26T10:00:00+08:00",
    "9999-12-31T23:59:59-01:00",
    "2026-11-26",
    "",
]


@pytest.mark.parametrize("value", INSTANTS)
def test_an_instant_is_rfc_3339(client: FlaskClient, services: FakeServices, value: str) -> None:
    body = {"reason_code": "parts", "until": value}
    assert set(pointed(client.post(f"{CASES}/c-1/extend", json=body))) == {"/until"}
    assert services.calls == []


@pytest.mark.parametrize("value", ["2026-11-26T10:00:00Z", "2026-11-26T10:00:00.123456+08:00"])
def test_an_instant_passes_as_it_came(client: FlaskClient, services: FakeServices, value: str) -> None:
    assert client.post(f"{CASES}/c-1/extend", json={"reason_code": "parts", "until": value}).status_code == 200
    assert services.last["fields"]["until"] == value


@pytest.mark.parametrize("value", ["2026-W48-1", "20261126", "2026-11-26\n", "٢٠٢٦-11-26", "2026-11-26T00:00:00Z"])
def test_a_day_is_a_day(client: FlaskClient, value: str) -> None:
    body = {"reason_code": "funds", "review_on": value}
    assert pointed(client.post(f"{CASES}/c-1/suspend", json=body)) == ["/review_on"]


@pytest.mark.parametrize("character", ["\x00", "\x07", "\x0b", "\r", "\x1b", "\x7f", "\x85", "\x9b"])
def test_a_text_has_no_control_characters(client: FlaskClient, services: FakeServices, character: str) -> None:
    said_ = f"灯{character}灭"
    assert pointed(client.post(CASES, json={"text": said_})) == ["/text"]
    assert pointed(client.post(f"{CASES}/c-1/note", json={"text": said_})) == ["/text"]
    other = {"name": said_, "phone": "12000000001", "consent": True}
    assert pointed(client.post(CASES, json={"text": "x", "on_behalf_of": other})) == ["/on_behalf_of/name"]
    assert pointed(client.post(CASES, json={"text": "x", "photos": [said_]})) == ["/photos/0"]
    assert services.calls == []


def test_a_text_may_have_lines_and_tabs_and_a_name_may_not(client: FlaskClient, services: FakeServices) -> None:
    assert client.post(CASES, json={"text": "灯\n\t灭 😀\u200d"}).status_code == 201
    assert services.last["text"] == "灯\n\t灭 😀\u200d"
    other = {"name": "a\nb", "phone": "12000000001", "consent": True}
    assert pointed(client.post(CASES, json={"text": "x", "on_behalf_of": other})) == ["/on_behalf_of/name"]


def test_a_phone_ends_with_its_last_digit(client: FlaskClient) -> None:
    other = {"name": "a", "phone": "12000000001\n", "consent": True}
    assert pointed(client.post(CASES, json={"text": "x", "on_behalf_of": other})) == ["/on_behalf_of/phone"]
