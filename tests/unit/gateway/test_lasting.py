"""What is the same for everybody is written once, however often anybody asks for it."""

import gzip

import pytest
from flask import Flask
from flask.testing import FlaskClient

from gateway.lasting import LastingText

PACKED = {"Accept-Encoding": "gzip"}
TEXT = "一呼百应 " * 1_000


@pytest.fixture
def written() -> list[str]:
    """The text once for each time that it was written."""
    return []


@pytest.fixture
def reader(written: list[str]) -> FlaskClient:
    """Somebody who reads it at `/lasting`."""

    def write() -> str:
        written.append(TEXT)
        return TEXT

    app = Flask("lasting")
    lasting = LastingText(write, "text/plain; charset=utf-8", {"Content-Language": "zh-CN"})
    app.add_url_rule("/lasting", view_func=lasting.answer)
    return app.test_client()


def test_it_is_written_once(reader: FlaskClient, written: list[str]) -> None:
    first, again, packed = reader.get("/lasting"), reader.get("/lasting"), reader.get("/lasting", headers=PACKED)
    assert first.text == again.text == gzip.decompress(packed.data).decode() == TEXT
    assert first.headers["Content-Language"] == "zh-CN"
    assert (first.headers["Vary"], first.headers["Cache-Control"]) == ("Accept-Encoding", "public, max-age=300")
    assert len(written) == 1


@pytest.mark.parametrize("coding", [{}, PACKED])
def test_who_has_it_is_told_so(reader: FlaskClient, coding: dict[str, str]) -> None:
    tag = reader.get("/lasting", headers=coding).headers["ETag"]
    assert reader.get("/lasting", headers={**coding, "If-None-Match": tag}).status_code == 304
    assert reader.get("/lasting", headers={**coding, "If-None-Match": '"another"'}).status_code == 200


@pytest.mark.parametrize("path", ["/docs", "/openapi.json", "/events-docs", "/asyncapi.json"])
def test_the_specifications_last(anyone: FlaskClient, path: str) -> None:
    assert anyone.get(path).headers["ETag"] == anyone.get(path).headers["ETag"]
