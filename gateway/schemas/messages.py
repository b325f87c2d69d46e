"""The log of messages to people outside: what is looked for, what became of each, and what is sent once more."""

from typing import Any

from marshmallow import Schema, fields, validate

from gateway.schemas.fields import Strict, id_, instant, one_of, shown_instant
from gateway.schemas.paging import PageQuery, next_cursor

STATES = ("due", "sent", "skipped", "failed")
CHANNELS = ("app", "wechat", "email", "sms", "console")
OUTCOMES = ("sent", "failed", "refused")
STATE = {"description": "`failed`: for good, and somebody calls by hand; `skipped`: see `why`."}
WHY = {
    "description": "Of what was skipped: `moot` (its case has ended), `no_way` (nothing that the person has not "
    "declined), `left`, `forgotten`; of what failed: `refused`, `used_up`; of what waits: `unavailable`, `quiet`, "
    "`gathered`, `capped`."
}


def _wanted() -> dict[str, fields.Field[Any]]:
    return {
        "person_id": id_(),
        "case_id": id_(),
        "channel": one_of(*CHANNELS),
        "template": id_(metadata={"examples": ["registered"]}),
        "since": instant(metadata={"description": "Made from then on."}),
        "until": instant(metadata={"description": "Made before then."}),
    }


MessagesWanted = Strict.from_dict(_wanted(), name="MessagesWanted")


class MessageQuery(PageQuery.from_dict({"state": one_of(*STATES), **_wanted()})):  # type: ignore[misc]  # made
    """Which messages."""


class MessageAttempt(Schema):
    """One try through one provider; `answer` is what it calls the message, or a code of what is wrong."""

    at = shown_instant(required=True)
    channel = fields.String(required=True)
    provider = fields.String(required=True)
    outcome = fields.String(required=True, validate=validate.OneOf(OUTCOMES))
    answer = fields.String(required=True)


class Message(Schema):
    """One notice on its way to one person; no name, address or text."""

    message_id = fields.String(required=True)
    notice_id = fields.String(required=True)
    person_id = fields.String(required=True)
    case_id = fields.String(required=True, allow_none=True)
    template = fields.String(required=True)
    mandatory = fields.Boolean(required=True)
    urgent = fields.Boolean(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES), metadata=STATE)
    why = fields.String(required=True, allow_none=True, metadata=WHY)
    channel = fields.String(
        required=True, allow_none=True, metadata={"description": "Which was tried last; null before the first try."}
    )
    made_at = shown_instant(required=True)
    due_at = shown_instant(required=True, allow_none=True)
    sent_at = shown_instant(required=True, allow_none=True)
    resent_at = shown_instant(required=True, allow_none=True)
    attempts = fields.List(fields.Nested(MessageAttempt), required=True)


class MessageList(Schema):
    """A page of messages, newest first."""

    items = fields.List(fields.Nested(Message), required=True)
    next = next_cursor()


class MessageStates(Schema):
    """How many messages are where."""

    due = fields.Integer(required=True)
    sent = fields.Integer(required=True)
    skipped = fields.Integer(required=True)
    failed = fields.Integer(required=True)


class Resending(Schema):
    """How far it has come."""

    resending_id = fields.String(required=True)
    asked_at = shown_instant(required=True)
    messages = fields.Integer(required=True, metadata={"description": "How many are sent once more, at most 1,000."})
    left = fields.Boolean(required=True, metadata={"description": "Whether more fit than that; ask again for them."})
    states = fields.Nested(MessageStates, required=True)
    done = fields.Boolean(required=True, metadata={"description": "Whether none of them is under way any more."})
