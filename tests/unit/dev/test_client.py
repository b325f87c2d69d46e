"""What the tools say when the gateway refuses, and how a demo that cannot sign in ends."""

import json
from collections.abc import Mapping
from http import HTTPStatus

import pytest
import requests

from dev import demo
from dev.client import Client, SignInFailed, told

AWAY = {"title": "The service is away for a moment", "detail": "Try again shortly.", "code": "unavailable"}
TOO_MANY = {"title": "Too many codes were asked for", "detail": "Try again in 42 s.", "code": "too_many_codes"}


def refusal(status: HTTPStatus, body: str, **headers: str) -> requests.Response:
    answer = requests.Response()
    answer.status_code, answer.reason, answer._content = status, status.phrase, body.encode()
    answer.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return answer


def problem(status: HTTPStatus, document: Mapping[str, object], **headers: str) -> requests.Response:
    return refusal(status, json.dumps(document), Content_Type="application/problem+json", **headers)


def test_a_refusal_says_what_is_wrong_and_when_to_try_again() -> None:
    answer = problem(HTTPStatus.SERVICE_UNAVAILABLE, AWAY, Retry_After="2")
    assert told(answer) == "The service is away for a moment. Try again shortly (try again in 2 s)."


def test_when_to_try_again_is_said_once_where_the_refusal_says_it() -> None:
    answer = problem(HTTPStatus.TOO_MANY_REQUESTS, TOO_MANY, Retry_After="42")
    assert told(answer) == "Too many codes were asked for. Try again in 42 s."


def test_a_refusal_of_fields_names_them() -> None:
    faults = [{"pointer": "/category", "detail": "No such category."}, {"parameter": "limit", "detail": "Too high."}]
    answer = problem(HTTPStatus.UNPROCESSABLE_ENTITY, {"title": "Invalid", "detail": "Correct it.", "errors": faults})
    assert told(answer) == "Invalid. Correct it. /category: No such category. limit: Too high."


def test_an_answer_that_is_no_problem_document_is_told_by_its_status() -> None:
    assert told(refusal(HTTPStatus.BAD_GATEWAY, "<html>", Content_Type="text/html")) == "502 Bad Gateway"


def test_the_tools_ask_for_english() -> None:
    with Client("http://127.0.0.1:1") as client:
        assert client.headers["Accept-Language"] == "en"


def test_a_demo_that_cannot_sign_in_says_why_and_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(who: str) -> Client:
        raise SignInFailed("Too many codes were asked for.")

    monkeypatch.setattr(demo, "sign_in", refused)
    assert demo.main() == 1
    assert capsys.readouterr().out == "Too many codes were asked for.\n"
