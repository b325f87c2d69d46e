"""Server-sent events as they are written (WHATWG HTML §9.2); knows nothing of who reads them."""

import json
from collections.abc import Mapping
from typing import Any

from gateway.times import shown

MEDIA_TYPE = "text/event-stream"

BEAT = b":\n\n"
"""A comment, by which both sides see that the other is still there."""


def written(update: Mapping[str, Any]) -> bytes:
    """An update, its times on the local clock, with the cursor by which a reader goes on after it."""
    return _event(update["type"], shown(update["data"]), update["cursor"])


def begun(cursor: str, retry_seconds: float) -> bytes:
    """The first words of a stream: where it begins, and after how long to come back when it breaks off."""
    return b"retry: %d\n" % int(retry_seconds * 1000) + _event("begin", {}, cursor)


def passed(cursor: str) -> bytes:
    """A sign of life with a cursor: a reader keeps it, and hears nothing (§9.2.6: an event without data is none)."""
    return f":\nid: {cursor}\n\n".encode()


def ended(reason: str) -> bytes:
    """The last words of a stream."""
    return _event("end", {"reason": reason})


def _event(type: str, data: Mapping[str, Any], cursor: str | None = None) -> bytes:
    id = f"id: {cursor}\n" if cursor else ""
    said = json.dumps(data, ensure_ascii=False, separators=(",", ":"))  # without an end of line in it
    return f"{id}event: {type}\ndata: {said}\n\n".encode()
