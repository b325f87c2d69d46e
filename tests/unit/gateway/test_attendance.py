"""Scans and lists over HTTP: each line is answered by itself, and the code of the day is drawn."""

from collections.abc import Mapping
from typing import Any

from defusedxml.ElementTree import fromstring
from flask.testing import FlaskClient

from gateway.routes.attendance import drawn
from tests.unit.gateway.fakes import FakeServices, said

RECEIPT = {
    "attendance_id": "a-1:p-1",
    "version": 1,
    "activity_id": "a-1",
    "act": "in",
    "marked_at": "2026-03-19T01:02:00Z",
    "walk_in": False,
    "at": "2026-03-19T01:02:00Z",
    "event_id": "e-1",
}


def test_a_scan_is_sent_on_with_what_it_does(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["members.scan_muster_code"] = RECEIPT
    for path, act in (("check-in", "in"), ("check-out", "out")):
        response = client.post(f"/v1/activities/a-1/{path}", json={"code": "M1.a.b.c"})
        assert (response.status_code, said(response)["marked_at"]) == (200, "2026-03-19T09:02:00+08:00")
        assert services.calls[-1][1]["act"] == act


def test_each_scan_of_several_is_answered_by_itself_in_the_callers_language(
    client: FlaskClient, services: FakeServices
) -> None:
    """F44: one bad scan does not lose the others."""

    def uploaded(caller: Any, items: list[Mapping[str, Any]]) -> dict[str, Any]:
        refused = {"code": "code_of_another_day", "details": {"day": "2026-03-12"}}
        return {
            "items": [
                {"command_id": items[0]["command_id"], "receipt": RECEIPT},
                {"command_id": items[1]["command_id"], "refusal": refused},
            ]
        }

    services.outcomes["members.upload_scans"] = uploaded
    scans = [{"scan_id": "s-1", "activity_id": "a-1", "act": "in", "code": "M1"}, {"scan_id": "s-2"}]
    response = client.post("/v1/attendance/scans", json={"scans": scans}, headers={"Accept-Language": "en"})
    first, second = said(response)["items"]
    assert (first["scan_id"], first["receipt"]["act"]) == ("s-1", "in")
    assert (second["scan_id"], second["problem"]["code"]) == ("s-2", "code_of_another_day")
    assert second["problem"]["title"] == "The code is of another day"
    assert second["problem"]["details"] == {"day": "2026-03-12"}


def test_a_scan_sent_by_itself_and_among_others_is_the_same_command(
    client: FlaskClient, services: FakeServices
) -> None:
    services.outcomes["members.scan_muster_code"] = RECEIPT
    services.outcomes["members.upload_scans"] = {"items": [{"receipt": RECEIPT}]}
    client.post("/v1/activities/a-1/check-in", json={"code": "M1"}, headers={"Idempotency-Key": "s-1"})
    client.post("/v1/attendance/scans", json={"scans": [{"scan_id": "s-1", "code": "M1"}]})
    alone, among = (arguments for _, arguments in services.calls)
    assert alone["command_id"] == among["items"][0]["command_id"]


def test_a_list_without_keys_or_with_too_many_lines_is_refused_as_a_whole(client: FlaskClient) -> None:
    for lines in ([], [{"act": "in"}], [{"line_id": "两 行"}], [{"line_id": "x"}] * 201):
        assert client.post("/v1/activities/a-1/attendance", json={"lines": lines}).status_code == 422


def test_the_code_of_the_day_is_drawn_as_svg(client: FlaskClient, services: FakeServices) -> None:
    code = "M1.0198a1b2-7c3d-7e4f-8a5b-6c7d8e9f0a1b.20260319.u3TqzH1n0bJcVx2YwK4e"
    services.outcomes["members.muster_code"] = {"activity_id": "a-1", "day": "2026-03-19", "code": code}
    response = client.get("/v1/activities/a-1/muster-code/svg")
    assert (response.status_code, response.content_type) == (200, "image/svg+xml")
    assert response.headers["Cache-Control"] == "no-store"
    assert fromstring(response.data).tag == "{http://www.w3.org/2000/svg}svg"
    assert response.data == drawn(code) != drawn(code[:-1] + "f")
