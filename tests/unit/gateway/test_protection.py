"""What protects on every answer of every route, whoever asks and however it ends; and which origins may read."""

import re
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from environs import Env, EnvError
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client import REGISTRY

from chassis.rpc import Unreachable
from gateway.app import create_app
from gateway.settings import Settings, read
from gateway.tokens import Tokens
from tests.unit.gateway.conftest import CALLER
from tests.unit.gateway.fakes import SEED, FakeServices, said

FRONT = "https://front.example"
FOREIGN = "https://front.example.evil"


def routes(app: Flask) -> Iterator[tuple[str, str]]:
    """Every method that the table knows for every path, and two that it knows for none."""
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<[^>]+>", "x-1", rule.rule)
        for method in sorted((rule.methods or set()) | {"TRACE", "PROPFIND"}):
            yield method, path


class Away(FakeServices):
    """Services of which none can be reached, whatever they are asked."""

    def __getattr__(self, name: str) -> Any:
        return self

    def __call__(self, **_: object) -> None:
        raise Unreachable("away")


@pytest.fixture
def deserted(app: Flask) -> Flask:
    """The application while every service is away: its routes are walked to their ends without one answer for each."""
    app.extensions["services"] = Away()
    return app


@pytest.fixture(params=["anybody", "somebody"])
def caller_of(request: pytest.FixtureRequest) -> dict[str, str]:
    token = Tokens(SEED, 900).issue("s-1", CALLER, time.time())
    return {"Authorization": f"Bearer {token}"} if request.param == "somebody" else {}


def check(headers: Any, *, is_page: bool) -> None:
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Resource-Policy"] == "same-site"
    assert headers["X-Request-ID"]
    assert headers["Cache-Control"]
    assert not {"Server", "X-Powered-By", "Set-Cookie", "Strict-Transport-Security"} & set(headers.keys())
    policy = {name: rest for name, _, rest in (each.strip().partition(" ") for each in policies(headers))}
    assert (policy["default-src"], policy["frame-ancestors"]) == ("'none'", "'none'")
    assert not {"script-src", "object-src"} & set(policy)
    if is_page:
        assert policy["base-uri"] == "'none'"
        assert policy["form-action"] in {"'none'", "'self'"}


def policies(headers: Any) -> list[str]:
    return str(headers["Content-Security-Policy"]).split(";")


def test_every_answer_of_every_route_is_protected(deserted: Flask, caller_of: dict[str, str]) -> None:
    client, pages = deserted.test_client(), 0
    statuses: set[int] = set()
    for method, path in routes(deserted):
        answer = client.open(path, method=method, headers={**caller_of, "Accept": "text/html, */*;q=0.1"}, json={})
        answer.close()
        is_page = answer.mimetype == "text/html"
        check(answer.headers, is_page=is_page)
        pages, statuses = pages + is_page, statuses | {answer.status_code}
    assert pages >= 2
    assert {200, 405} < statuses
    assert statuses & {401, 503}


def test_who_came_under_tls_is_told_to_stay_there(anyone: FlaskClient) -> None:
    for path in ("/", "/docs", "/nothing", "/v1/me"):
        told = anyone.get(path, base_url="https://sandan.example").headers
        assert told["Strict-Transport-Security"] == "max-age=31536000"
        assert "Strict-Transport-Security" not in anyone.get(path).headers


def test_a_proxy_of_ours_says_what_it_has_ended_and_nobody_else(services: FakeServices, settings: Settings) -> None:
    headers = {"X-Forwarded-Proto": "https"}
    trusting = create_app(services, replace(settings, proxies=1)).test_client()
    assert "Strict-Transport-Security" in trusting.get("/", headers=headers).headers
    assert (
        "Strict-Transport-Security"
        not in create_app(services, settings).test_client().get("/", headers=headers).headers
    )


def test_only_what_is_the_same_for_everybody_may_be_kept_by_anybody(deserted: Flask, client: FlaskClient) -> None:
    kept = set()
    for method, path in routes(deserted):
        if method == "GET":
            answer = client.get(path)
            answer.close()
            if "public" in answer.headers["Cache-Control"]:
                kept.add(path)
    assert kept == {"/", "/docs", "/openapi.json", "/asyncapi.json", "/events-docs", "/.well-known/jwks.json"}


def test_every_route_lets_the_listed_origins_read_and_no_other(settings: Settings) -> None:
    app = create_app(Away(), replace(settings, web_origins=(FRONT,)))
    client = app.test_client()
    for path in sorted({path for _, path in routes(app)}):
        for method, origin in (("GET", FRONT), ("GET", FOREIGN), ("OPTIONS", FRONT), ("OPTIONS", "null"), ("GET", "")):
            answer = client.open(path, method=method, headers={"Origin": origin} if origin else {})
            answer.close()
            allowed = answer.headers.get("Access-Control-Allow-Origin")
            assert allowed == (FRONT if origin == FRONT else None), (method, path, origin)
            assert "Access-Control-Allow-Credentials" not in answer.headers
            assert "Origin" in answer.vary, (method, path, origin)


def test_without_listed_origins_nothing_depends_on_one(anyone: FlaskClient) -> None:
    answer = anyone.get("/", headers={"Origin": FRONT})
    assert "Origin" not in answer.vary
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize(
    "origin",
    ["*", "https://front.example/", "front.example", "https://Front.example", "https://a b", "null", "https://"],
)
def test_what_no_browser_would_send_ends_the_start(monkeypatch: pytest.MonkeyPatch, origin: str) -> None:
    for name, value in {"TOKEN_KEY": SEED, **dict.fromkeys(("CASES_URL", "MEMBERS_URL", "NOTIFY_URL"), FRONT)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("WEB_ORIGINS", f"http://localhost:5173, {FRONT},http://[::1]:80")
    assert read(Env()).web_origins == ("http://localhost:5173", FRONT, "http://[::1]:80")
    monkeypatch.setenv("WEB_ORIGINS", f"{FRONT},{origin}")
    with pytest.raises(EnvError, match="WEB_ORIGINS"):
        read(Env())


@pytest.mark.parametrize("path", ["/v1/cases/%00", "/v1/cases/a%0d%0aX-A:%201", "/%7f", "/v1/cases/%1b%5b2J"])
def test_a_path_with_control_characters_is_refused(client: FlaskClient, services: FakeServices, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, said(answer)["code"]) == (400, "malformed_request")
    assert services.calls == []


def test_methods_that_clients_make_up_leave_no_trace_of_their_own(client: FlaskClient) -> None:
    for number in range(20):
        assert client.open("/nothing", method=f"MADE{number}").status_code in {404, 405}
    counted = [sample for metric in REGISTRY.collect() for sample in metric.samples if "sandan_http" in sample.name]
    assert {sample.labels["method"] for sample in counted} <= {
        *("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "other")
    }
