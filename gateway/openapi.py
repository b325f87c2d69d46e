"""The specification: OpenAPI 3.1, with every error of every operation, served and rendered without a network."""

import json
from collections.abc import Iterable, Mapping
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from typing import Any

from apispec import BasePlugin
from flask import render_template
from flask_smorest import Api
from flask_smorest.utils import prepare_response

from gateway import links
from gateway.operations import ACCEPT_LANGUAGE, IDEMPOTENCY_KEY, IF_MATCH, IF_NONE_MATCH, LAST_EVENT_ID
from gateway.problem_answers import PROBLEM_JSON
from gateway.problems import PROBLEMS, advised
from gateway.schemas.problem import ProblemSchema
from gateway.webhooks import SCHEMAS, WEBHOOKS

VERSION = "0.1.0-dev"
"""Of the API: the newest release of CHANGELOG.md, or the one to come with `-dev`."""

DESCRIPTION = """\
Residents report problems, the community dispatches them, members and partner units solve them, residents rate the
result. Times carry the offset +08:00. Lists are paged by cursor. A command may be repeated with the same
`Idempotency-Key`. Every error is a problem document (RFC 9457) with a stable `code`, worded in Chinese, or in English
with `Accept-Language: en`. A query parameter is given once. Long answers to GET come packed to who sends
`Accept-Encoding: gzip`."""

WHO: Mapping[str, str] = json.loads(Path(__file__).with_name("who.json").read_text(encoding="utf-8"))
"""Who may do an operation, by its id; made of the permission tables of the services, which are not known here."""

HEADERS: dict[str, dict[str, Any]] = {
    IDEMPOTENCY_KEY: {
        "name": "Idempotency-Key",
        "description": "Repeating the command with the same key and body gives the same answer; another one, 422.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[\\x21-\\x7E]+$"},
        "example": "5b0c7f0e-report-1",
    },
    IF_MATCH: {
        "name": "If-Match",
        "description": "The `ETag` of what the command is about, as last read, with its quotes: refused (412) when "
        "that has moved on. A weak tag matches nothing; with `*` any version will do.",
        "schema": {"type": "string", "pattern": r'^(\*|(W/)?"[^"]*"(, *(W/)?"[^"]*")*)$'},
        "example": '"v4.9f2c51d07ab36e18"',
    },
    IF_NONE_MATCH: {
        "name": "If-None-Match",
        "description": "An `ETag` that the caller has already: 304 when nothing has changed.",
        "schema": {"type": "string"},
    },
    LAST_EVENT_ID: {
        "name": "Last-Event-ID",
        "description": "The `id` that the stream said last: it goes on after it. It counts before `after`.",
        "schema": {"type": "string", "maxLength": 2000},
    },
    ACCEPT_LANGUAGE: {
        "name": "Accept-Language",
        "description": "In which language problems are worded: `zh-CN`, also when nothing is asked for, or `en`.",
        "schema": {"type": "string"},
        "example": "en",
    },
}

ANSWER_HEADERS: dict[str, dict[str, Any]] = {
    "X-Request-ID": {
        "description": "The id of the request, for questions about it.",
        "required": True,
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"},
    },
    "ETag": {
        "description": "The version of this answer.",
        "required": True,
        "schema": {"type": "string", "pattern": '^"[^"]+"$'},
    },
    "Location": {
        "description": "Where the new resource is.",
        "required": True,
        "schema": {"type": "string", "format": "uri-reference"},
    },
    "Content-Language": {
        "description": "The language of the wording.",
        "required": True,
        "schema": {"type": "string"},
    },
    "Link": {"description": "The next page (RFC 8288), if there is one.", "schema": {"type": "string"}},
    "Retry-After": {
        "description": "After how many seconds to try again, where that is known.",
        "schema": {"type": "integer", "minimum": 1},
    },
    "X-RateLimit-Limit": {"description": "How many requests the nearest rate allows.", "schema": {"type": "integer"}},
    "X-RateLimit-Remaining": {"description": "How many of them are left.", "schema": {"type": "integer"}},
    "X-RateLimit-Reset": {
        "description": "When it begins anew, in seconds since 1970.",
        "schema": {"type": "integer"},
    },
    "WWW-Authenticate": {
        "description": "How to sign in (RFC 6750 §3).",
        "required": True,
        "schema": {"type": "string", "pattern": "^(Bearer|Basic) realm="},
    },
}

HEADERS_OF_ERRORS: dict[int, tuple[str, ...]] = {
    401: ("WWW-Authenticate",),
    429: ("Retry-After", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"),
    503: ("Retry-After",),
}
"""What a problem of this status has besides the headers of every problem."""

PAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The Content-Security-Policy of pages: they need nothing but themselves."""

ALWAYS = (400, 408, 414, 429, 431, 500)
SIGNED_IN = (401, 403, 503, 504)
WITH_BODY = (413, 415, 422)


class Outcomes(BasePlugin):
    """Writes into each operation who may do it, the headers of its answer and the errors that it can end with."""

    def operation_helper(self, path: str | None = None, operations: dict[str, Any] | None = None, **_: Any) -> None:
        """Called by apispec for each path."""
        for method, operation in (operations or {}).items():
            operation["description"] = described(operation)
            found = {str(status): each for status, each in operation["responses"].items()}
            for status, header in answer_headers(operation):
                found[status].setdefault("headers", {})[header] = {"$ref": f"#/components/headers/{header}"}
            for error in statuses(path or "", method, operation):
                found.setdefault(str(error), HTTPStatus(error).name)
            if operation.pop("x-faults", 422) != 422:
                del found["422"]
            operation["responses"] = dict(sorted(found.items()))


def described(operation: dict[str, Any]) -> str:
    """The description, and who may do it; nothing is added to one that is open to everyone."""
    who = WHO.get(operation["operationId"])
    found = [operation.get("description", ""), f"Who may: {who}." if who else ""]
    return "\n\n".join(part for part in found if part)


def answer_headers(operation: dict[str, Any]) -> Iterable[tuple[str, str]]:
    """The headers of the successful answers, by status."""
    successes = [status for status in map(str, operation["responses"]) if status[0] in "23"]
    yield from ((status, "X-Request-ID") for status in successes)
    success = successes[0]
    if IF_NONE_MATCH in operation.get("parameters", ()):
        yield success, "ETag"
    if operation.pop("x-located", True) and success in {"201", "303"}:
        yield success, "Location"
    paged = any(isinstance(each, dict) and each.get("name") == "after" for each in operation.get("parameters", ()))
    if paged and LAST_EVENT_ID not in operation["parameters"]:
        yield success, "Link"


def statuses(path: str, method: str, operation: dict[str, Any]) -> Iterable[int]:
    """The statuses besides success of an operation, which follow from what it takes."""
    yield from ALWAYS
    yield from operation.pop("x-errors", ())
    if "security" not in operation:
        yield from SIGNED_IN
    if "requestBody" in operation:
        yield from WITH_BODY
    elif any(isinstance(each, dict) or each == IDEMPOTENCY_KEY for each in operation.get("parameters", ())):
        yield 422
    if "{" in path:
        yield 404
    if method == "post" and "{" in path:
        yield 409
    if IF_MATCH in operation.get("parameters", ()):
        yield 412
    if IF_NONE_MATCH in operation.get("parameters", ()):
        yield 304


class Specification(Api):  # type: ignore[misc]  # flask-smorest is untyped
    """flask-smorest's specification, with problem documents and without its pages, which need a network."""

    def _register_error_handlers(self) -> None:
        """None: gateway.problem_answers has them all."""

    def _register_responses(self) -> None:
        for status in HTTPStatus:
            if status < 400 and status != HTTPStatus.NOT_MODIFIED:
                continue
            response: dict[str, Any] = {"description": status.phrase}
            names: tuple[str, ...] = ("X-Request-ID", "ETag")
            if status >= 400:
                response |= {"schema": ProblemSchema, "examples": examples(status)}
                names = ("X-Request-ID", "Content-Language", *HEADERS_OF_ERRORS.get(status, ()))
            response["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
            prepare_response(response, self.spec, PROBLEM_JSON)
            self.spec.components.response(status.name, response, lazy=True)
        default = {"description": "Any other error", "schema": ProblemSchema}
        prepare_response(default, self.spec, PROBLEM_JSON)
        self.spec.components.response("DEFAULT_ERROR", default, lazy=True)
        for name, header in HEADERS.items():
            self.spec.components.parameter(name, "header", header, lazy=True)
        for name, header in ANSWER_HEADERS.items():
            self.spec.components.header(name, header)

    def _register_pagination_header(self) -> None:
        """None: pages are told by `next` and the header `Link`."""

    @cached_property
    def document(self) -> dict[str, Any]:
        """The whole specification, once all routes are registered."""
        found: dict[str, Any] = self.spec.to_dict()
        links.link(found)
        return found

    def text(self) -> str:
        """The specification as JSON."""
        return json.dumps(self.document, ensure_ascii=False, indent=1)

    def page(self) -> str:
        """The specification and the table of problems as HTML."""
        return render_template("docs.html", spec=self.document, problems=PROBLEMS, advised=advised, readable=readable)


def readable(value: Any) -> str:
    """JSON for human eyes: in the order in which it was written, and every character as itself."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def examples(status: HTTPStatus) -> dict[str, Any]:
    """An example of each code that answers with this status."""
    return {
        code: {
            "summary": row.title.en,
            "value": {
                "type": f"/docs#problem-{code}",
                "title": row.title.zh,
                "status": row.status,
                "detail": advised(row, "zh-CN"),
                "code": code,
                "request_id": "0198c0de-0000-7000-8000-000000000000",
            },
        }
        for code, row in PROBLEMS.items()
        if row.status == status
    }


CONFIGURATION = {
    "API_TITLE": "Sandan",
    "API_VERSION": VERSION,
    "OPENAPI_VERSION": "3.1.0",
    "API_SPEC_OPTIONS": {
        "info": {
            "description": DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}],
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
            "schemas": SCHEMAS,
        },
        "webhooks": WEBHOOKS,
    },
}
