"""Calls to action: whom they are for, what for, and who comes."""

from marshmallow import fields, validate

from gateway.schemas.case_views import Open
from gateway.schemas.fields import Strict, Truth, id_, ids, instant, shown_instant, word

MOST_GRIDS, MOST_SKILLS = 50, 24


class CallAudience(Strict):
    """Who: of these grids, with one of these skills if any is named."""

    grids = fields.List(id_(), required=True, validate=validate.Length(1, MOST_GRIDS))
    skills = ids(MOST_SKILLS)


class NewCall(CallAudience):
    """Who is called, what for, and when they are to come."""

    text = word(200, required=True)
    at = instant(required=True)
    emergency = Truth(load_default=False, metadata={"description": "Whether quiet hours do not hold."})


class CallReply(Strict):
    """Whether somebody comes."""

    coming = Truth(required=True)


class CallReach(Open):
    """How many a call would be for."""

    called = fields.Integer(required=True)


class CallReceipt(Open):
    """A call that was issued."""

    call_id = fields.String(required=True)
    version = fields.Integer(required=True)
    at = shown_instant(required=True)
    event_id = fields.String(required=True)
    called = fields.Integer(required=True)


class CallReplyReceipt(Open):
    """An answer that was taken."""

    reply_id = fields.String(required=True)
    version = fields.Integer(required=True)
    at = shown_instant(required=True)
    event_id = fields.String(required=True)
    coming = fields.Boolean(required=True)


class CallView(Open):
    """A call and how it stands, without anybody's name."""

    call_id = fields.String(required=True)
    grids = fields.List(fields.String(), required=True)
    skills = fields.List(fields.String(), required=True)
    text = fields.String(required=True)
    at = shown_instant(required=True)
    issued_at = shown_instant(required=True)
    called = fields.Integer(
        required=True, metadata={"description": "How many it was for when it was issued; nobody is added later."}
    )
    emergency = fields.Boolean(required=True)
    told = fields.Integer(required=True, metadata={"description": "How many have it in their inbox by now."})
    waiting = fields.Integer(
        required=True, metadata={"description": "Of those told, for how many the message is still to go out."}
    )
    delivered = fields.Integer(
        required=True, metadata={"description": "How many were sent it by some channel, or have read it."}
    )
    read = fields.Integer(required=True, metadata={"description": "How many have read it in their inbox."})
    coming = fields.Integer(required=True)
    not_coming = fields.Integer(required=True)
