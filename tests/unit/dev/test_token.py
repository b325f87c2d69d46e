"""A token that was kept is given out again as long as the gateway takes it."""

import base64
import json
import time
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
import requests

from dev import running, token
from dev.client import Client
from dev.running import Running

SUITE = Running("http://127.0.0.1:1", "amqp://127.0.0.1:2//", "mongodb://127.0.0.1:3/")


def lasting(seconds: float) -> str:
    claims = base64.urlsafe_b64encode(json.dumps({"exp": time.time() + seconds}).encode()).decode()
    return f"head.{claims.rstrip('=')}.signature"


HALF = lasting(900)[:30]


@pytest.mark.parametrize(
    ("was", "status", "kept"),
    [
        (lasting(900), HTTPStatus.OK, True),
        (lasting(900), HTTPStatus.NOT_FOUND, True),
        (lasting(900), HTTPStatus.UNAUTHORIZED, False),
        (lasting(200), HTTPStatus.OK, False),
        ("", HTTPStatus.OK, False),
        (HALF, HTTPStatus.OK, False),
    ],
    ids=["good", "of nobody here", "ended", "soon over", "empty", "half"],
)
def test_what_was_kept_is_given_out_while_it_lasts_and_its_session_does(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, was: str, status: HTTPStatus, kept: bool
) -> None:
    def answer(self: Client, path: str, **kwargs: Any) -> requests.Response:
        answered = requests.Response()
        answered.status_code = status
        return answered

    monkeypatch.setattr(running, "find", lambda: SUITE)
    monkeypatch.setattr(token, "LOCAL", tmp_path)
    monkeypatch.setattr(token, "_signed_in", lambda *_: "fresh")
    monkeypatch.setattr(Client, "get", answer)
    (tmp_path / "tokens").mkdir()
    (tmp_path / "tokens" / "admin").write_text(was)
    assert (token.token("admin") != "fresh") is kept
    assert ((tmp_path / "tokens" / "admin").read_text() != "fresh") is kept
