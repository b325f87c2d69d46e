"""How an answer is written: JSON, local times, entity tags and the answer to a conditional request."""

import json
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from flask import Response, current_app, request, url_for

from gateway import compression
from gateway.calendar import worded
from gateway.cursors import next_link
from gateway.parsing import JSON
from gateway.settings import Settings
from gateway.times import shown

NOT_KEPT = {"Cache-Control": "no-store"}
"""What an answer says that no cache may keep."""


def answer(data: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """`data` as JSON."""
    return Response(encoded(data), status, headers, content_type=JSON)


def readable(data: Any, version: int | None = None, headers: Mapping[str, str] | None = None) -> Response:
    """`data` as JSON with its `ETag`, or 304 when the caller has it already.

    With a `version` the tag begins with it, so that `If-Match` on a command can name the version alone.
    """
    body = encoded(data)
    digest = blake2b(body, digest_size=8).hexdigest()
    return conditional(
        Response(body, 200, headers, content_type=JSON), digest if version is None else f"v{version}.{digest}"
    )


def conditional(response: Response, tag: str) -> Response:
    """The response with its tag, emptied to 304 when `If-None-Match` names it, packed or not (RFC 9110 §13.1.2)."""
    response.set_etag(tag)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Authorization, Accept-Language"
    compression.vary(response)
    known = compression.known_as(tag)
    if known is not None:
        response.set_etag(known)
        response.close()
        response.status_code = 304
        response.set_data(b"")
        del response.headers["Content-Type"]
    return response


def page(data: Mapping[str, Any], cursor: str | None, query: Mapping[str, Any]) -> Response:
    """One page of a list: `{items, next}` with a `Link` to the next one, if there is a next one."""
    links = {"Link": next_link(request.path, query, cursor)} if cursor else None
    return readable({**data, "next": cursor}, headers=links)


def attachment(content: bytes, media_type: str, name: str) -> Response:
    """A file to be saved under that name (RFC 6266); what is in it is as of now, and kept by nobody."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, 200, headers, content_type=media_type)


def our_address() -> str:
    """Where everybody reaches us, or else where this request came to, without a slash at the end."""
    settings: Settings = current_app.extensions["settings"]
    return (settings.public_url or request.host_url).rstrip("/")


def address_of(endpoint: str, **values: Any) -> str:
    """The whole address of a route of ours, to be printed, sent or followed elsewhere."""
    return our_address() + url_for(endpoint, **values)


def empty() -> Response:
    """Done, and there is nothing to say (204)."""
    return Response(status=204)


def encoded(data: Any) -> bytes:
    """`data` as compact JSON with local times, and what there is to say of the calendar in the caller's language."""
    return json.dumps(shown(worded(data)), ensure_ascii=False, separators=(",", ":")).encode()
