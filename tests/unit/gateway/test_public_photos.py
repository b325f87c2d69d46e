"""Releasing a photo over HTTP, and fetching it as anybody: small, cached for a minute, at a limited rate."""

import json
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from chassis.errors import Refusal
from gateway.app import create_app
from gateway.settings import Settings
from tests.unit.gateway.fakes import FakePort, FakeServices, said
from tests.unit.gateway.open311_samples import REQUEST

PICTURE = b"\xff\xd8 small"
LOOKED = ["faces", "plates", "house_numbers"]
SINCE = "2026-03-12T11:40:00Z"
PATH = "/v1/public-photos/ph-1"


@pytest.fixture(autouse=True)
def _answers(services: FakeServices, port: FakePort) -> None:
    services.outcomes["cases.release_photo"] = {"photo_id": "ph-1", "released_at": SINCE}
    services.outcomes["cases.take_back_photo"] = {"photo_id": "ph-1", "released_at": None}
    services.outcomes["cases.public_photo_ticket"] = {"ticket": "t-1", "expires_at": SINCE}
    port.answers["GET", "/photos/t-1"] = (200, "image/jpeg", PICTURE)


def test_who_releases_a_photo_is_told_where_everybody_sees_it(client: FlaskClient, services: FakeServices) -> None:
    response = client.post("/v1/photos/ph-1/release", json={"free_of": LOOKED}, headers={"Idempotency-Key": "k"})
    assert response.status_code == 200
    told = said(response)
    assert told == {
        "photo_id": "ph-1",
        "released_at": "2026-03-12T19:40:00+08:00",
        "url": f"http://localhost{PATH}",
    }
    assert (services.last["photo_id"], services.last["free_of"]) == ("ph-1", LOOKED)
    assert services.last["command_id"]


def test_who_takes_it_back_is_told_that_nobody_sees_it(client: FlaskClient) -> None:
    told = said(client.post("/v1/photos/ph-1/take-back"))
    assert told == {"photo_id": "ph-1", "released_at": None, "url": None}


@pytest.mark.parametrize("body", [{}, {"free_of": "faces"}, {"free_of": ["cats"]}, {"free_of": LOOKED, "why": "x"}])
def test_what_is_not_well_formed_is_refused_before_cases_is_asked(
    client: FlaskClient, services: FakeServices, body: dict[str, Any]
) -> None:
    assert client.post("/v1/photos/ph-1/release", json=body).status_code == 422
    assert services.calls == []


def test_why_a_photo_is_not_for_everybody_is_said_in_both_languages(
    client: FlaskClient, services: FakeServices
) -> None:
    services.outcomes["cases.release_photo"] = Refusal("photo_not_for_everybody", photo_id="ph-1")
    for language, word in (("zh-CN", "敏感"), ("en", "sensitive")):
        headers = {"Accept-Language": language}
        response = client.post("/v1/photos/ph-1/release", json={"free_of": LOOKED}, headers=headers)
        assert (response.status_code, said(response)["code"]) == (409, "photo_not_for_everybody")
        assert word in said(response)["detail"]


def test_what_was_not_looked_for_is_told_in_chinese_too(client: FlaskClient, services: FakeServices) -> None:
    fault = {"pointer": "/free_of", "detail": "Look for these too: plates."}
    services.outcomes["cases.release_photo"] = Refusal("invalid", errors=[fault])
    response = client.post("/v1/photos/ph-1/release", json={"free_of": ["faces", "house_numbers"]})
    assert said(response)["errors"][0]["detail"] == "还须检查：plates。"


def test_anybody_gets_a_released_photo(anyone: FlaskClient, services: FakeServices) -> None:
    response = anyone.get(f"{PATH}?size=thumbnail", buffered=True)
    assert (response.status_code, response.content_type, response.data) == (200, "image/jpeg", PICTURE)
    assert services.last == {"photo_id": "ph-1", "size": "thumbnail"}
    assert response.headers["Cache-Control"] == "public, max-age=60"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Vary" not in response.headers
    again = anyone.get(f"{PATH}?size=thumbnail", headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.headers["Cache-Control"]) == (304, "public, max-age=60")


def test_without_a_size_it_is_the_medium_one_and_never_the_full_one(
    anyone: FlaskClient, services: FakeServices
) -> None:
    anyone.get(PATH, buffered=True)
    assert services.last["size"] == "medium"
    assert anyone.get(f"{PATH}?size=full").status_code == 422


def test_what_is_not_released_is_404_also_for_who_has_it_from_before(
    anyone: FlaskClient, services: FakeServices
) -> None:
    tag = anyone.get(PATH, buffered=True).headers["ETag"]
    services.outcomes["cases.public_photo_ticket"] = Refusal("photo_not_found", photo_id="ph-1")
    response = anyone.get(PATH, headers={"If-None-Match": tag})
    assert (response.status_code, said(response)["code"]) == (404, "photo_not_found")
    assert "public" not in response.headers["Cache-Control"]


def test_anybody_is_limited(services: FakeServices, settings: Settings) -> None:
    app = create_app(services, replace(settings, reading_rate="2 per minute"))
    codes = [app.test_client().get(PATH, buffered=True).status_code for _ in range(3)]
    assert codes == [200, 200, 429]


@pytest.mark.parametrize("form", ["json", "xml"])
def test_open311_leads_to_the_photo_that_was_released_last(
    anyone: FlaskClient, services: FakeServices, form: str
) -> None:
    where = {"jurisdiction_id": "360704"}
    for media, url in (([], None), (["ph-2", "ph-1"], "http://localhost/v1/public-photos/ph-2")):
        services.outcomes["cases.public_request"] = {**REQUEST, "media": media}
        answer = anyone.get(f"/open311/v2/requests/{REQUEST['number']}.{form}", query_string=where)
        if form == "json":
            assert json.loads(answer.data)[0]["media_url"] == url
        else:
            assert (url or "<media_url/>") in answer.text
