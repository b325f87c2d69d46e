"""Links to photos: good for a quarter of an hour without a token, for one photo in one size, and for nothing else."""

import json
import time
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient

from chassis.errors import Refusal
from gateway.photo_links import LONGEST_SECONDS, PURPOSE, Link, PhotoLinks
from gateway.tokens import Tokens
from tests.unit.gateway.conftest import CALLER
from tests.unit.gateway.fakes import SEED, FakePort, FakeServices, said
from tests.unit.gateway.test_tokens import OTHER

PICTURE = b"\xff\xd8 the picture"
PERSON = {"id": "p-secret", "grants": [{"role": "resident", "scope": "360704"}], "unit": None}
LINK = Link("ph-1", "medium", PERSON, 1_000, "s-1", 0)
GONE = Refusal("photo_not_found", photo_id="ph-1")


@pytest.fixture(autouse=True)
def _answers(services: FakeServices, port: FakePort) -> None:
    services.outcomes["cases.check_photo"] = None
    services.outcomes["cases.photo_ticket"] = {"ticket": "t-1", "expires_at": "2026-03-12T11:41:00Z"}
    port.answers["GET", "/photos/t-1"] = (200, "image/jpeg", PICTURE)


@pytest.fixture
def links(tokens: Tokens) -> PhotoLinks:
    return PhotoLinks(tokens.secrets_for(PURPOSE))


def refused(links: PhotoLinks, sealed: str, now: float = 999) -> str:
    with pytest.raises(Refusal) as found:
        links.open(sealed, now)
    return found.value.code


def asked_for(client: FlaskClient, **body: str) -> dict[str, Any]:
    response = client.post("/v1/photos/ph-1/links", json=body)
    assert response.status_code == 200, response.data
    assert response.headers["Cache-Control"] == "no-store"
    return said(response)


def path_of(url: str) -> str:
    return urlsplit(url).path


def test_who_may_see_a_photo_gets_a_link_that_anybody_may_follow(
    client: FlaskClient, anyone: FlaskClient, services: FakeServices, caller: dict[str, Any]
) -> None:
    link = asked_for(client, size="thumbnail")
    assert services.last == {"caller": caller, "photo_id": "ph-1"}
    response = anyone.get(path_of(link["url"]), buffered=True)
    assert (response.status_code, response.content_type, response.data) == (200, "image/jpeg", PICTURE)
    told = {name: services.last[name] for name in ("caller", "intent", "photo_id", "size")}
    assert told == {"caller": caller, "intent": "download", "photo_id": "ph-1", "size": "thumbnail"}
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_link_has_a_tag_and_permission_is_asked_for_each_time(
    client: FlaskClient, anyone: FlaskClient, services: FakeServices, port: FakePort
) -> None:
    path = path_of(asked_for(client)["url"])
    tag = anyone.get(path, buffered=True).headers["ETag"]
    again = anyone.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.data, len(port.got)) == (304, b"", 1)
    assert [name for name, _ in services.calls].count("cases.photo_ticket") == 2


@pytest.mark.parametrize("ending", [{"id": "s-1", "narrowed": None}, {"id": CALLER["id"], "narrowed": 1}])
def test_a_link_ends_with_the_token_with_which_it_was_asked_for(
    client: FlaskClient, anyone: FlaskClient, services: FakeServices, ending: dict[str, Any]
) -> None:
    path = path_of(asked_for(client)["url"])
    assert anyone.get(path, buffered=True).status_code == 200
    services.endings.hear([ending])
    response = anyone.get(path)
    assert (response.status_code, said(response)["code"]) == (410, "photo_link_expired")


def test_who_may_not_see_a_photo_gets_no_link(client: FlaskClient, services: FakeServices) -> None:
    services.outcomes["cases.check_photo"] = GONE
    response = client.post("/v1/photos/ph-1/links", json={})
    assert (response.status_code, said(response)["code"]) == (404, "photo_not_found")


def test_a_link_shows_nothing_once_who_asked_for_it_may_see_the_photo_no_more(
    client: FlaskClient, anyone: FlaskClient, services: FakeServices, port: FakePort
) -> None:
    path = path_of(asked_for(client)["url"])
    tag = anyone.get(path, buffered=True).headers["ETag"]
    services.outcomes["cases.photo_ticket"] = GONE
    for headers in ({}, {"If-None-Match": tag}):
        response = anyone.get(path, headers=headers)
        assert (response.status_code, said(response)["code"]) == (404, "photo_not_found")
    assert len(port.got) == 1


def test_a_link_is_over_after_a_quarter_of_an_hour_and_no_later_than_the_token(
    client: FlaskClient, app: Flask, tokens: Tokens, links: PhotoLinks, caller: dict[str, Any]
) -> None:
    def until(authorization: str | None = None) -> int:
        headers = {"Authorization": authorization} if authorization else {}
        url = said(client.post("/v1/photos/ph-1/links", json={}, headers=headers))["url"]
        return links.open(path_of(url).rpartition("/")[2], time.time()).until

    now = int(time.time())
    assert LONGEST_SECONDS - 5 <= until() - now <= LONGEST_SECONDS + 5
    short = Tokens(SEED, 60).issue("s-1", caller, now)
    assert until(f"Bearer {short}") == now + 60
    long = Tokens(SEED, 86_400).issue("s-1", caller, now)
    assert until(f"Bearer {long}") - now <= LONGEST_SECONDS + 5


def test_a_link_that_is_over_is_410_and_cases_is_not_asked(
    anyone: FlaskClient, services: FakeServices, links: PhotoLinks
) -> None:
    over = links.seal(replace(LINK, until=int(time.time())))
    response = anyone.get(f"/v1/photo-links/{over}")
    assert (response.status_code, said(response)["code"]) == (410, "photo_link_expired")
    assert services.calls == []


def test_a_link_works_until_the_second_in_which_it_ends(links: PhotoLinks) -> None:
    assert links.open(links.seal(LINK), 999.9) == LINK
    assert refused(links, links.seal(LINK), 1_000) == "photo_link_expired"


def test_a_link_that_was_changed_is_none(links: PhotoLinks) -> None:
    sealed = links.seal(LINK)
    for at in range(0, len(sealed) - 1, 7):
        changed = f"{sealed[:at]}{'A' if sealed[at] != 'A' else 'B'}{sealed[at + 1 :]}"
        assert refused(links, changed) == "photo_link_not_found", at
    for other in ("", "x", "é", sealed[:-1], f"{sealed}A", f"{sealed}.."):
        assert refused(links, other) == "photo_link_not_found", other


def test_no_link_is_a_token_and_no_token_is_a_link(
    client: FlaskClient, anyone: FlaskClient, tokens: Tokens, caller: dict[str, Any]
) -> None:
    sealed = path_of(asked_for(client)["url"]).rpartition("/")[2]
    response = anyone.get("/v1/photos/ph-1", headers={"Authorization": f"Bearer {sealed}"})
    assert (response.status_code, said(response)["code"]) == (401, "token_invalid")
    token = tokens.issue("s-1", caller, time.time())
    response = anyone.get(f"/v1/photo-links/{token}")
    assert (response.status_code, said(response)["code"]) == (404, "photo_link_not_found")


def test_what_another_secret_of_ours_has_sealed_is_no_link(tokens: Tokens, links: PhotoLinks) -> None:
    assert refused(links, PhotoLinks(tokens.secrets_for("cursors")).seal(LINK)) == "photo_link_not_found"


def test_a_link_outlives_a_change_of_keys(links: PhotoLinks) -> None:
    changed = PhotoLinks(Tokens(f"{OTHER},{SEED}", 900).secrets_for(PURPOSE))
    over = PhotoLinks(Tokens(OTHER, 900).secrets_for(PURPOSE))
    assert changed.open(links.seal(LINK), 999) == LINK
    assert refused(over, links.seal(LINK)) == "photo_link_not_found"


def test_nothing_can_be_read_in_a_link(links: PhotoLinks) -> None:
    sealed = links.seal(LINK)
    assert "ph-1" not in sealed
    assert "p-secret" not in sealed
    assert sealed.replace("-", "").replace("_", "").isalnum()


def test_no_log_holds_a_link(client: FlaskClient, anyone: FlaskClient, caller: dict[str, Any]) -> None:
    with structlog.testing.capture_logs() as lines:
        path = path_of(asked_for(client)["url"])
        assert anyone.get(path, buffered=True).status_code == 200
    assert [each["route"] for each in lines] == ["/v1/photos/<photo_id>/links", "/v1/photo-links/<link>"]
    assert path.rpartition("/")[2] not in json.dumps(lines)


def test_a_link_bears_the_public_address(app: Flask, client: FlaskClient) -> None:
    assert asked_for(client)["url"].startswith("http://localhost/v1/photo-links/")
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, public_url="https://suite.example/")
    try:
        assert asked_for(client)["url"].startswith("https://suite.example/v1/photo-links/")
    finally:
        app.extensions["settings"] = settings
