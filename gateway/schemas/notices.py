"""The inbox."""

from marshmallow import INCLUDE, Schema, fields

from gateway.schemas.fields import shown_instant
from gateway.schemas.paging import next_cursor


class NoticeText(Schema):
    """What a notice says, in one language."""

    title = fields.String(required=True)
    body = fields.String(required=True)


class Notice(Schema):
    """One message to the signed-in person, with its text by language (`zh-CN`, `en`)."""

    class Meta:
        """Options of marshmallow."""

        unknown = INCLUDE

    notice_id = fields.String(required=True)
    template = fields.String(required=True)
    event_id = fields.String(required=True)
    case_id = fields.String(allow_none=True)
    number = fields.String(allow_none=True)
    demand_id = fields.String(allow_none=True, metadata={"description": "The demand that the notice is about."})
    session_id = fields.String(allow_none=True, metadata={"description": "The intake session that it is about."})
    activity_id = fields.String(allow_none=True, metadata={"description": "The activity that it is about."})
    call_id = fields.String(allow_none=True, metadata={"description": "The call to action, which can be replied to."})
    unreached_id = fields.String(
        allow_none=True, metadata={"description": "The person whom no message reached: the reader is to call or visit."}
    )
    at = shown_instant(required=True)
    mandatory = fields.Boolean()
    unread = fields.Boolean(required=True)
    read_at = shown_instant(allow_none=True)
    texts = fields.Dict(keys=fields.String(), values=fields.Nested(NoticeText), required=True)


class Inbox(Schema):
    """A page of notices, newest first."""

    items = fields.List(fields.Nested(Notice), required=True)
    next = next_cursor()
    unread = fields.Integer(required=True)
