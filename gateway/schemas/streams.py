"""Streams of what happens, as they are asked for and as their lines are described."""

from typing import Any

from marshmallow import fields, validate

from gateway.live.writing import MEDIA_TYPE
from gateway.schemas.fields import Strict, id_
from gateway.schemas.paging import CURSOR_LIMIT


class StreamQuery(Strict):
    """From where on; for clients that cannot send `Last-Event-ID`."""

    after = fields.String(
        validate=validate.Length(1, CURSOR_LIMIT),
        metadata={"description": "The `id` that the stream said last: it goes on after it. Without it, from now on."},
    )


class DeskStreamQuery(StreamQuery):
    """Which part of the scope."""

    area = id_(
        metadata={
            "description": "A grid code of 15 digits, or its first 6 (district), 9 (town) or 12 (community); without "
            "it the whole scope.",
            "examples": ["360704100"],
        }
    )


def stream(example: str) -> dict[str, Any]:
    """How a stream is described, with what may come over it."""
    described = "Server-sent events, until the token ends: `begin`, then what happens, at last `end` with a `reason`."
    content = {MEDIA_TYPE: {"schema": {"type": "string"}, "example": example}}
    return {"200": {"description": described, "content": content}}


CASE_STREAM = stream(
    "retry: 2150\n"
    "id: MTI0LjA1ZjA3ZTkxYzJkYjNhNDguYWZ0ZXI\n"
    "event: begin\n"
    "data: {}\n\n"
    "id: MTI1LmE4ODFjNDVlYjFjNjYyMDEuYWZ0ZXI\n"
    "event: case.dispatched\n"
    'data: {"id":"0195f3c0-0000-7000-8000-000000000003","type":"case.dispatched","time":"2026-03-12T19:46:00+08:00",'
    '"case_id":"0195f3c0-0000-7000-8000-000000000000","number":"360704-20260312-7K3F9Q","version":3,'
    '"act":"dispatch","status":"DISPATCHED","category":"0101","severity":"N","grid_code":"360704100002001",'
    '"restricted":false,"respond_due":null,"resolve_due":"2026-03-17T18:00:00+08:00",'
    '"accept_due":"2026-03-12T20:16:00+08:00","round":1}\n\n'
    "event: end\n"
    'data: {"reason":"token_ended"}\n\n'
)

INBOX_STREAM = stream(
    "id: NDEuM2Y1OGQyYTQ3Y2IwZTE2OS5hZnRlcg\n"
    "event: notice.added\n"
    'data: {"type":"notice.added","time":"2026-03-12T19:46:00+08:00",'
    '"notice_id":"0195f3c0-0000-7000-8000-000000000003:0195f3c0-0000-7000-8000-00000000000a:dispatched",'
    '"template":"dispatched","case_id":"0195f3c0-0000-7000-8000-000000000000","number":"360704-20260312-7K3F9Q",'
    '"mandatory":true}\n\n'
)
