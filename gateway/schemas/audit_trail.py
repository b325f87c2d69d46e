"""The audit trail: what is looked for, and a row of it."""

from typing import Any

from marshmallow import Schema, fields, validate

from gateway.schemas.fields import day, id_, shown_instant
from gateway.schemas.ledgers import InBoth
from gateway.schemas.paging import PageQuery, next_cursor

SERVICES = ("cases", "members", "notify")
"""The services that have something to answer for, each in a trail of its own."""

ACT = {
    "description": "Such as `contact.revealed`; an act that there is not is refused, with those that there are.",
    "examples": ["contact.revealed"],
}
WHAT = {"description": "The id of what it was done to.", "examples": ["0198c0de-7a10-7000-8000-00000000000a"]}


WANTED: dict[str, fields.Field[Any]] = {
    "service": fields.String(required=True, validate=validate.OneOf(SERVICES)),
    "area": id_(metadata={"description": "Code of a district, town, community or grid."}),
    "from": day(metadata={"description": "The first local day."}),
    "to": day(metadata={"description": "The last local day."}),
    "act": id_(metadata=ACT),
    "who": id_(metadata={"description": "The id of who did it."}),
    "what": id_(metadata=WHAT),
}


class AuditTrailQuery(PageQuery.from_dict(WANTED)):  # type: ignore[misc]  # made
    """Which rows of which service."""


class AuditWhat(Schema):
    """What it was done to."""

    kind = fields.String(required=True, metadata={"examples": ["case"]})
    id = fields.String(required=True, allow_none=True)


class AuditRow(Schema):
    """A row: ids, codes, and a reason with phones and identity numbers masked."""

    id = fields.String(required=True)
    day = fields.String(required=True, metadata={"description": "The local day of the trail."})
    seq = fields.Integer(required=True, metadata={"description": "Its number on that day, from 1."})
    at = shown_instant(required=True)
    who = fields.String(required=True, metadata={"description": "The id of a person, or `clock` or `operator`."})
    role = fields.String(required=True, allow_none=True, metadata={"description": "The role in which it was done."})
    act = fields.String(required=True, metadata=ACT)
    called = fields.Nested(InBoth, required=True, metadata={"description": "What the act is called."})
    what = fields.Nested(AuditWhat, required=True)
    reason = fields.String(required=True, allow_none=True)
    details = fields.Dict(keys=fields.String(), required=True, metadata={"description": "Codes, ids and numbers."})
    request = fields.String(
        required=True, allow_none=True, metadata={"description": "The id by which logs and events name its request."}
    )
    hash = fields.String(
        required=True, validate=validate.Length(64, 64), metadata={"description": "SHA-256 of the row, hexadecimal."}
    )


class AuditTrail(Schema):
    """A page of the trail, the newest rows first."""

    items = fields.List(fields.Nested(AuditRow), required=True)
    next = next_cursor()
