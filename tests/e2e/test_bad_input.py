"""Bad input on the whole suite: each fault has its own documented problem, and changes nothing."""

from typing import Any

import pytest

from dev.client import Client
from dev.lamp import COMPOUND, Lamp
from tests.e2e.staged import StagedSuite

JSON = {"Content-Type": "application/json"}
REPORT: dict[str, Any] = {"text": "路灯不亮", "location": COMPOUND}


@pytest.fixture(scope="module")
def lamp(people: dict[str, Client]) -> Lamp:
    lamp = Lamp({**people, "resident": people["neighbour"]})
    assert lamp.report().ok
    return lamp


def stored(suite: StagedSuite) -> tuple[int, int]:
    """How much there is: cases, and entries in their histories."""
    cases = suite.database("cases")["cases"]
    return cases.count_documents({}), sum(case["version"] for case in cases.find({}, {"version": 1}))


@pytest.mark.parametrize(
    ("request_made", "status", "code"),
    [
        ({"json": {**REPORT, "colour": "red"}}, 422, "invalid"),
        ({"json": {**REPORT, "text": 7}}, 422, "invalid"),
        ({"json": {**REPORT, "location": {"lon": "east", "lat": 1}}}, 422, "invalid"),
        ({"json": {**REPORT, "text": "长" * 4001}}, 422, "invalid"),
        ({"json": {**REPORT, "category": "0199"}}, 422, "unknown_category"),
        ({"json": {**REPORT, "location": {"lon": 110.0, "lat": 20.0}}}, 422, "outside_all_grids"),
        ({"json": {"location": COMPOUND}}, 422, "text_or_photo_missing"),
        ({"json": {**REPORT, "photos": ["no-such-photo"]}}, 422, "unknown_photo"),
        ({"data": b"{", "headers": JSON}, 400, "body_not_json"),
        ({"data": b"text=lamp", "headers": {"Content-Type": "application/x-www-form-urlencoded"}}, 415, None),
        ({"data": b'"' + b"x" * 2_000_000 + b'"', "headers": JSON}, 413, None),
        ({"json": [REPORT]}, 422, "invalid"),
    ],
)
def test_a_bad_report_is_refused_with_its_own_problem(
    suite: StagedSuite,
    people: dict[str, Client],
    request_made: dict[str, Any],
    status: int,
    code: str | None,
) -> None:
    before = stored(suite)
    answer = people["neighbour"].post("/v1/cases", **request_made)
    assert answer.status_code == status, answer.text
    problem = answer.json()
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert problem["request_id"]
    assert problem["title"]
    assert code in {None, problem["code"]}
    assert stored(suite) == before


def test_a_fault_in_a_field_is_named_by_its_pointer(people: dict[str, Client]) -> None:
    problem = people["neighbour"].post("/v1/cases", json={**REPORT, "location": {"lon": 115}}).json()
    assert "/location/lat" in {fault["pointer"] for fault in problem["errors"]}


def test_an_illegal_move_and_a_stale_version_change_nothing(suite: StagedSuite, lamp: Lamp) -> None:
    before = stored(suite)
    illegal = lamp.act("inspector", "inspect-pass")
    assert (illegal.status_code, illegal.json()["code"]) == (409, "illegal_move")
    path = f"/v1/cases/{lamp.case_id}/register"
    stale = lamp.people["dispatcher"].post(path, json={"category": "0101"}, headers={"If-Match": '"99"'})
    assert stale.status_code == 412
    assert stored(suite) == before


def test_somebody_elses_case_is_not_shown_and_not_moved(suite: StagedSuite, people: dict[str, Client]) -> None:
    other = Lamp({**people, "resident": people["dispatcher"]})
    assert other.report().ok
    before = stored(suite)
    assert people["neighbour"].get(f"/v1/cases/{other.case_id}").status_code in {403, 404}
    withdrawn = people["neighbour"].post(f"/v1/cases/{other.case_id}/withdraw", json={})
    assert withdrawn.status_code in {403, 404}
    assert stored(suite) == before


@pytest.mark.parametrize("token", ["", "junk", "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
def test_a_forged_token_is_refused(suite: StagedSuite, token: str) -> None:
    before = stored(suite)
    answer = suite.client(token or None).post("/v1/cases", json=REPORT)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert stored(suite) == before


def test_a_token_that_was_tampered_with_is_refused(suite: StagedSuite, people: dict[str, Client]) -> None:
    header, claims, signature = str(people["worker"].headers["Authorization"]).removeprefix("Bearer ").split(".")
    swapped = f"{header}.{claims[:-2]}AA.{signature}"
    assert suite.client(swapped).get("/v1/me").status_code == 401


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        (b"this is no photo", "image/jpeg", 415),
        (b"%PDF-1.7", "application/pdf", 415),
        (b"\xff\xd8\xff" + b"\0" * (11 * 1024 * 1024), "image/jpeg", 413),
    ],
)
def test_a_photo_that_is_none_is_refused(
    suite: StagedSuite, people: dict[str, Client], body: bytes, media_type: str, status: int
) -> None:
    before = suite.database("cases")["photos"].count_documents({})
    answer = people["worker"].post("/v1/photos", data=body, headers={"Content-Type": media_type})
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert suite.database("cases")["photos"].count_documents({}) == before
