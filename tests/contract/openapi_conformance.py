"""Whether an answer is what the specification says: usable as a response hook of requests, on any running suite."""

import json
import re
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import requests
from jsonschema import Draft202012Validator


def check_protection(response: requests.Response) -> None:
    """Raise AssertionError unless an answer has the headers that protect, and says whether it may be kept."""
    headers = response.headers
    assert headers["X-Content-Type-Options"] == "nosniff", response.url
    assert headers["Content-Security-Policy"].startswith("default-src 'none'"), response.url
    assert headers["Referrer-Policy"] == "no-referrer", response.url
    kept = headers["Cache-Control"]
    assert kept.startswith(("no-store", "private", "public")), (response.url, kept)


class Conformance:
    """Checks answers against one OpenAPI document; `seen` tells which operations and statuses were met."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        # A path without a placeholder is matched before those with one (OpenAPI 3.1, Paths Object).
        self._paths = {path: _pattern(path) for path in sorted(document["paths"], key=lambda each: each.count("{"))}
        self.seen: set[tuple[str, str, int]] = set()

    def __call__(self, response: requests.Response, **_: Any) -> None:
        """`session.hooks["response"].append(conformance)`: an answer that deviates fails the test."""
        method, path = str(response.request.method), urlsplit(str(response.url)).path
        media_type = response.headers.get("Content-Type", "")
        self.check(method, path, response.status_code, media_type, response.content)
        check_protection(response)
        if response.status_code == 201:
            self.check_location(method, path, located="Location" in response.headers)

    def check_location(self, method: str, path: str, *, located: bool) -> None:
        """Raise AssertionError unless what was made is told to be somewhere exactly where that is written."""
        template = next(each for each, pattern in self._paths.items() if pattern.fullmatch(path))
        written = self._document["paths"][template][method.lower()]["responses"]["201"].get("headers", {})
        assert ("Location" in written) == located, f"{method} {template}: Location"

    def check(self, method: str, path: str, status: int, media_type: str, body: bytes) -> None:
        """Raise AssertionError unless status, type and body of an answer are as written."""
        template = next((each for each, pattern in self._paths.items() if pattern.fullmatch(path)), None)
        operation = self._document["paths"].get(template, {}).get(method.lower())
        if template is None or operation is None:
            assert status in {404, 405, 414, *range(200, 300)}, (method, path, status)
            return
        where = f"{method} {template} {status}"
        self.seen.add((method, template, status))
        assert str(status) in operation["responses"], f"{where} is not written down"
        content = self._resolved(operation["responses"][str(status)]).get("content", {})
        written = content.get(media_type) or content.get(media_type.partition(";")[0])
        assert bool(written) == bool(content), f"{where}: {media_type} is not written down"
        if written and "json" in media_type:
            schema = json.dumps({**written["schema"], "components": self._document["components"]})
            faults = [
                f"{error.json_path}: {error.message}" for error in _validator(schema).iter_errors(json.loads(body))
            ]
            assert faults == [], f"{where}: {faults}"

    def _resolved(self, node: dict[str, Any]) -> dict[str, Any]:
        found: Any = self._document if "$ref" in node else node
        for part in node.get("$ref", "").removeprefix("#/").split("/") if "$ref" in node else ():
            found = found[part]
        return dict(found)


@cache
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema), format_checker=Draft202012Validator.FORMAT_CHECKER)


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)))
