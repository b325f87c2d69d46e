"""Photos on the whole suite: in three sizes, by links without a token, and released to everybody."""

import io
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image

from dev.client import Client
from tests.e2e.answers import ok
from tests.e2e.docket import Docket
from tests.e2e.staged import StagedSuite

LOOKED = {"free_of": ["faces", "plates", "house_numbers"]}


@pytest.fixture
def docket(suite: StagedSuite, people: dict[str, Client]) -> Docket:
    docket = Docket(suite, people)
    docket.set("2026-04-03T09:00:00+08:00")
    return docket


@pytest.fixture
def photo(docket: Docket) -> str:
    """A photo of 2,600 by 1,300 pixels in the report of a case that is registered."""
    out = io.BytesIO()
    Image.new("RGB", (2600, 1300), (20, 60, 90)).save(out, "JPEG")
    headers = {"Content-Type": "image/jpeg"}
    kept = ok(docket.people["resident"].post("/v1/photos", data=out.getvalue(), headers=headers), 201)
    docket.report("resident", text="路灯不亮", photos=[kept["photo_id"]])
    docket.act("dispatcher", "register", category="0101")
    return str(kept["photo_id"])


def path_of(url: str) -> str:
    return urlsplit(url).path


def size_of(answer: Any) -> tuple[int, int]:
    assert answer.status_code == 200, answer.text
    return Image.open(io.BytesIO(answer.content)).size


def test_a_photo_is_had_in_three_sizes_each_with_its_tag(docket: Docket, photo: str) -> None:
    desk, sizes, tags = docket.people["dispatcher"], {}, set()
    for size in ("full", "medium", "thumbnail", "medium"):
        answer = desk.get(f"/v1/photos/{photo}", params={"size": size})
        sizes[size] = size_of(answer)
        tags.add(answer.headers["ETag"])
    assert sizes == {"full": (2600, 1300), "medium": (1280, 640), "thumbnail": (434, 217)}
    assert len(tags) == 3


def test_a_link_shows_the_photo_without_a_token_as_long_as_who_asked_for_it_may_see_it(
    suite: StagedSuite, docket: Docket, photo: str
) -> None:
    link = ok(docket.people["worker"].post(f"/v1/photos/{photo}/links", json={"size": "thumbnail"}))
    anyone, path = suite.client(), path_of(link["url"])
    assert size_of(anyone.get(path)) == (434, 217)
    refused = docket.people["neighbour"].post(f"/v1/photos/{photo}/links", json={})
    assert (refused.status_code, refused.json()["code"]) == (404, "photo_not_found")
    docket.act("dispatcher", "correct", category="0806")
    gone = anyone.get(path)
    assert (gone.status_code, gone.json()["code"]) == (404, "photo_not_found")
    docket.act("dispatcher", "correct", category="0101")
    assert size_of(anyone.get(path)) == (434, 217)
    assert path.rpartition("/")[2] not in suite.logs()


def test_a_dispatcher_releases_a_photo_and_open311_shows_it_until_it_is_taken_back(
    suite: StagedSuite, docket: Docket, photo: str
) -> None:
    anyone, desk = suite.client(), docket.people["dispatcher"]
    number = docket.case()["number"]

    def media_url() -> str | None:
        [found] = anyone.get(f"/open311/v2/requests/{number}.json").json()
        url: str | None = found["media_url"]
        return url

    assert media_url() is None
    refused = docket.people["worker"].post(f"/v1/photos/{photo}/release", json=LOOKED)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")
    released = ok(desk.post(f"/v1/photos/{photo}/release", json=LOOKED))
    assert media_url() == released["url"]
    assert [each["released"] for each in docket.case("resident")["photos"]] == [True]
    assert size_of(anyone.get(path_of(released["url"]))) == (1280, 640)
    ok(desk.post(f"/v1/photos/{photo}/take-back"))
    assert media_url() is None
    assert anyone.get(path_of(released["url"])).status_code == 404
    rows = ok(docket.people["auditor"].get("/v1/audit-trail", params={"service": "cases", "what": photo}))["items"]
    assert [row["act"] for row in rows] == ["photo.taken_back", "photo.released"]
