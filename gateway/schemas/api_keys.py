"""Keys of programs, which file reports or speak for a unit: how they are opened and shown."""

from marshmallow import Schema, fields

from gateway.schemas.case_views import Open
from gateway.schemas.fields import Strict, id_, shown_instant, word
from gateway.schemas.paging import PageQuery, next_cursor

DISTRICT = {"description": "A district, 6 digits.", "examples": ["360704"]}


class NewApiKey(Strict):
    """A key of a district, for a program of one of its units or of somebody else."""

    district = id_(required=True, metadata=DISTRICT)
    name = word(100, required=True, metadata={"description": "What the office calls it: which program, whose."})
    unit_id = id_(allow_none=True, metadata={"description": "The unit whose program it is for, if it is for one."})
    area = id_(
        allow_none=True,
        metadata={
            "description": "Where the program speaks for the unit: a district, agency, community or grid. Without it "
            "reports are filed with the key, and nothing else."
        },
    )


class ApiKeyReceipt(Open):
    """What was done with a key."""

    api_key_id = fields.String(required=True)
    version = fields.Integer(required=True)
    at = shown_instant(required=True)
    event_id = fields.String(required=True)


class ApiKeyOpened(ApiKeyReceipt):
    """A new key with its secret."""

    secret = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "What the program sends as `api_key`; never shown again, and null where the command is "
            "repeated. Whoever has lost it ends the key and opens another."
        },
    )


class ApiKeyQuery(PageQuery):
    """Whose keys: those of one district, or of all in which the caller administers."""

    district = id_(metadata=DISTRICT)


class ApiKeyShown(Open):
    """A key, without its secret."""

    api_key_id = fields.String(required=True)
    name = fields.String(required=True)
    district = fields.String(required=True)
    unit_id = fields.String(required=True, allow_none=True)
    area = fields.String(required=True, allow_none=True)
    opened_at = shown_instant(required=True)
    opened_by = fields.String(required=True)
    ended_at = shown_instant(required=True, allow_none=True)
    ended_by = fields.String(required=True, allow_none=True)


class ApiKeyList(Schema):
    """A page of keys, as they were opened."""

    items = fields.List(fields.Nested(ApiKeyShown), required=True)
    next = next_cursor()
