"""What schemathesis is told of this suite: who sends, what files look like, and what has to hold besides its checks."""

import json
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import requests
import schemathesis
from hypothesis import strategies as st

from gateway.problems import PROBLEMS
from gateway.routes.photos import MEDIA_TYPES
from tests.fuzz.cast import Cast
from tests.fuzz.files import photo, sheets

CAST_FILE = "FUZZ_CAST"
CAST = Cast.read(Path(os.environ[CAST_FILE]))
WHO_MAY = re.compile(r"Who may: (.*)\.$", re.DOTALL)
STREAMS = "/v1/streams/"
SECONDS = 30

Case = schemathesis.Case[Any]


@schemathesis.auth(refresh_interval=None)
class Sender:
    """Signs each request, or does not, as the cast has it."""

    def get(self, case: Case, ctx: schemathesis.AuthContext) -> str | None:
        """The token of whoever sends this."""
        found = WHO_MAY.search(ctx.operation.definition.raw.get("description", ""))
        person = CAST.sender(found[1] if found else "", content(case))
        if person is None:
            return None
        return CAST.brief(person) if case.path.startswith(STREAMS) else person.token

    def set(self, case: Case, data: str, ctx: schemathesis.AuthContext) -> None:
        """Put it into the header."""
        case.headers["Authorization"] = f"Bearer {data}"


def content(case: Case) -> str:
    """Everything in a request that was drawn, as one text."""
    drawn = [case.method, case.path, case.path_parameters, case.query, dict(case.headers or {}), case.body]
    return json.dumps(drawn, default=lambda other: type(other).__name__, sort_keys=True)


for media_type in MEDIA_TYPES:
    schemathesis.openapi.media_type(media_type, st.one_of(st.just(photo(media_type)), st.binary(max_size=64)))
for media_type, content_of in sheets().items():
    schemathesis.openapi.media_type(media_type, st.one_of(st.sampled_from(content_of), st.binary(max_size=64)))


@schemathesis.check
def status_is_written_down(ctx: schemathesis.CheckContext, response: schemathesis.Response, case: Case) -> None:
    """Each status by itself: `default`, which every operation has, says nothing."""
    if response.request.method == case.operation.method.upper():
        written = case.operation.definition.raw["responses"]
        assert str(response.status_code) in written, f"{response.status_code} is not among {', '.join(written)}"


@schemathesis.check
def error_is_of_the_table(ctx: schemathesis.CheckContext, response: schemathesis.Response, case: Case) -> None:
    """Every error is a problem with a code of the table, its status and the id of the request."""
    [id] = response.headers["x-request-id"]
    if response.status_code < 400 or response.request.method == "HEAD":
        return
    assert response.headers["content-type"] == ["application/problem+json"]
    problem = json.loads(response.content)
    assert (problem["status"], problem["request_id"]) == (response.status_code, id)
    row = PROBLEMS.get(problem["code"])
    assert row is not None, problem["code"]
    assert row.status == response.status_code or problem["code"] == "malformed_request"


@schemathesis.check
def what_was_made_is_there(ctx: schemathesis.CheckContext, response: schemathesis.Response, case: Case) -> None:
    """Whoever made something finds it where the answer says that it is."""
    if response.status_code != 201 or "location" not in response.headers:
        return
    where = urljoin(str(response.request.url), response.headers["location"][0])
    signed = {"Authorization": response.request.headers["Authorization"]}
    found = requests.get(where, headers=signed, timeout=SECONDS)
    assert found.status_code != 404, where
    assert found.status_code < 500, (where, found.text)
