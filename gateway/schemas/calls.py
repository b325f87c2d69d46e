"""Calls to action: whom they are for, what for, and who comes."""

from marshmallow import fields, validate

from gateway.schemas.case_views import Open
from gateway.schemas.fields import Strict, Truth, id_, ids, instant, shown_instant, word

MOST_GRIDS, MOST_SKILLS = 50, 24

COUNTS = ("told", "waiting", "delivered", "read")
"""What notify counts of a call."""


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


class CallWithdrawal(Strict):
    """Why nobody need come, for everybody to read who was told."""

    reason = word(200, required=True)


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


class CallWithdrawalReceipt(Open):
    """A call that was withdrawn."""

    call_id = fields.String(required=True)
    version = fields.Integer(required=True)
    at = shown_instant(required=True)
    event_id = fields.String(required=True)


class CallReplyReceipt(Open):
    """An answer that was taken."""

    reply_id = fields.String(required=True)
    version = fields.Integer(required=True)
    at = shown_instant(required=True)
    event_id = fields.String(required=True)
    coming = fields.Boolean(required=True)


def _counted(meaning: str) -> fields.Integer:
    return fields.Integer(required=True, allow_none=True, metadata={"description": meaning})


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
    counted = fields.Boolean(
        required=True,
        metadata={"description": "False while nobody can say how far its messages have come: those numbers are null."},
    )
    told = _counted("How many have it in their inbox by now.")
    waiting = _counted("Of those told, for how many the message is still to go out.")
    delivered = _counted("How many were sent it by some channel, or have read it.")
    read = _counted("How many have read it in their inbox.")
    coming = fields.Integer(required=True)
    not_coming = fields.Integer(required=True)
    withdrawn_at = shown_instant(required=True, allow_none=True)
    withdrawn_because = fields.String(required=True, allow_none=True)
