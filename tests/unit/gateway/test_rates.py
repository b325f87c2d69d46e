"""How often one person and one address may ask at all: counted in memory, told with each answer, refused above it."""

import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest
from flask import url_for
from flask.testing import FlaskClient
from limits import parse

from gateway.app import create_app
from gateway.identity import PUBLIC
from gateway.rates import Tally
from gateway.routes import (
    anonymous_reports,
    calendar_feeds,
    cases,
    certificate_checks,
    compound_pages,
    health,
    identity_providers,
    open311,
    photo_links,
    programs,
    public_photos,
    sessions,
    station_uses,
    tracking,
    unsubscribing,
    words,
)
from gateway.settings import Settings
from gateway.tokens import Tokens
from tests.unit.gateway.conftest import CALLER
from tests.unit.gateway.fakes import FakePort, FakeServices, said

Make = Callable[..., FlaskClient]


@pytest.fixture
def limited(services: FakeServices, settings: Settings) -> Make:
    """A client of an application with these rates."""
    services.outcomes |= {"cases.cases": {"items": [], "next": None}, "cases.categories": {"items": []}}

    def make(**rates: str) -> FlaskClient:
        return create_app(services, Settings(**{**vars(settings), **rates})).test_client()

    return make


def signed_in(tokens: Tokens, person: str = "p-1", session: str = "s-1", address: str = "192.0.2.1") -> dict[str, Any]:
    token = tokens.issue(session, {**CALLER, "id": person}, time.time())
    return {"headers": {"Authorization": f"Bearer {token}"}, "environ_base": {"REMOTE_ADDR": address}}


def test_a_tally_counts_each_in_windows_and_forgets_with_each_window() -> None:
    now = [120.0]
    tally = Tally(parse("2 per minute"), lambda: now[0])
    assert [tally.hit("a").left for _ in range(3)] == [1, 0, -1]
    assert (tally.hit("b").left, tally.hit("b").reset) == (1, 180.0)
    now[0] = 179.9
    assert tally.hit("a").left == -2
    now[0] = 180.0
    assert (tally.hit("a").left, tally.hit("a").reset) == (1, 240.0)
    assert list(tally._counts) == ["a"]


def test_one_person_asks_so_often_whatever_the_session_or_the_address(limited: Make, tokens: Tokens) -> None:
    client = limited(person_rate="2 per minute")
    first = client.get("/v1/cases", **signed_in(tokens))
    assert (first.status_code, first.headers["X-RateLimit-Limit"], first.headers["X-RateLimit-Remaining"]) == (
        200,
        "2",
        "1",
    )
    assert client.get("/v1/cases", **signed_in(tokens, session="s-2", address="192.0.2.9")).status_code == 200
    refused = client.get("/v1/cases", **signed_in(tokens))
    assert (refused.status_code, said(refused)["code"]) == (429, "too_many_requests")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["X-RateLimit-Remaining"] == "0"
    assert client.get("/v1/cases", **signed_in(tokens, person="p-2")).status_code == 200


def test_who_is_refused_reaches_no_service(limited: Make, services: FakeServices, tokens: Tokens) -> None:
    client = limited(person_rate="1 per minute")
    for _ in range(3):
        client.get("/v1/cases", **signed_in(tokens))
    assert len(services.calls) == 1


def test_one_address_asks_so_often_whoever_it_is(limited: Make, tokens: Tokens) -> None:
    client = limited(address_rate="3 per minute")
    asked = [client.get("/v1/cases", **signed_in(tokens, person=f"p-{n}")).status_code for n in range(4)]
    assert asked == [200, 200, 200, 429]
    assert client.get("/v1/categories", environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code == 429
    assert client.get("/v1/cases", **signed_in(tokens, address="192.0.2.2")).status_code == 200


def test_a_flood_of_bad_tokens_is_stopped_before_anybody_looks_at_them(limited: Make) -> None:
    client = limited(address_rate="2 per minute")
    bad = {"headers": {"Authorization": "Bearer x.y.z"}}
    assert [client.get("/v1/cases", **bad).status_code for _ in range(3)] == [401, 401, 429]


def test_what_nobody_answers_counts_too(limited: Make) -> None:
    client = limited(address_rate="1 per minute")
    assert [client.get("/v1/nothing").status_code for _ in range(2)] == [404, 429]


def test_whether_the_suite_is_healthy_can_always_be_asked(limited: Make, port: FakePort) -> None:
    client = limited(address_rate="1 per minute")
    assert [client.get("/health/live").status_code for _ in range(3)] == [200, 200, 200]


def test_of_several_rates_the_nearest_to_its_end_is_told(limited: Make, tokens: Tokens) -> None:
    client = limited(address_rate="10 per minute", person_rate="5 per minute")
    assert client.get("/v1/cases", **signed_in(tokens)).headers["X-RateLimit-Limit"] == "5"
    client = limited(address_rate="3 per minute", person_rate="5 per minute")
    assert client.get("/v1/cases", **signed_in(tokens)).headers["X-RateLimit-Limit"] == "3"


SIGN_IN, READING, STATION_USE, ANONYMOUS = "3", "4", "5", "6"
OF_ITS_OWN: dict[str | None, str] = {
    **{each.routes.name: SIGN_IN for each in (sessions, identity_providers, programs)},
    **{each.routes.name: READING for each in (compound_pages, calendar_feeds, certificate_checks, open311)},
    **{each.routes.name: READING for each in (public_photos, unsubscribing, tracking, words)},
    station_uses.routes.name: STATION_USE,
    anonymous_reports.routes.name: ANONYMOUS,
}
"""How often one address may ask what needs no account, by the group of the view, at the rates of the test below."""

OF_ADDRESSES = {cases.routes.name, photo_links.routes.name, None}
"""Groups of which what needs no account has the rate of every address alone: codes, links for minutes, documents."""


def test_what_needs_no_account_has_the_rate_of_its_kind(limited: Make) -> None:
    rates = {"sign_in_rate": SIGN_IN, "reading_rate": READING, "station_use_rate": STATION_USE}
    rates |= {"anonymous_rate": ANONYMOUS, "address_rate": "9"}
    client = limited(**{name: f"{most} per minute" for name, most in rates.items()})
    app = client.application
    told: dict[str | None, set[str | None]] = defaultdict(set)
    for n, rule in enumerate(app.url_map.iter_rules()):
        if not getattr(app.view_functions[rule.endpoint], PUBLIC, False):
            continue
        with app.test_request_context():
            values: dict[str, Any] = dict.fromkeys(rule.arguments, "json")
            url = url_for(rule.endpoint, **values)
        [method] = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        answer = client.open(url, method=method, environ_base={"REMOTE_ADDR": f"192.0.2.{n}"})
        told[rule.endpoint.rpartition(".")[0] or None].add(answer.headers.get("X-RateLimit-Limit"))
    of_addresses = dict.fromkeys(OF_ADDRESSES, "9")
    assert told == {group: {most} for group, most in (OF_ITS_OWN | of_addresses | {health.routes.name: None}).items()}


def test_a_rate_that_cannot_be_read_ends_the_start(limited: Make) -> None:
    for name in ("person_rate", "address_rate", "anonymous_rate"):
        with pytest.raises(ValueError, match="couldn't parse"):
            limited(**{name: "often"})
