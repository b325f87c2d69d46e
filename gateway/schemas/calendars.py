"""Links to calendars of one's own sign-ups."""

from marshmallow import Schema, fields

from gateway.schemas.fields import Strict, id_, shown_instant
from gateway.schemas.staffing import AREA, Receipt


class AreaCalendarQuery(Strict):
    """Of which area."""

    area = id_(required=True, metadata=AREA)


class CalendarReceipt(Receipt):
    """The link that was revoked."""

    calendar_id = fields.String(required=True)


class NewCalendar(CalendarReceipt):
    """The link that was made; whoever has it reads what its person signed up for."""

    token = fields.String(required=True)
    url = fields.String(required=True, metadata={"format": "uri"})


class CalendarLine(Schema):
    """A link, without its secret."""

    calendar_id = fields.String(required=True)
    opened_at = shown_instant(required=True)
    revoked_at = shown_instant(required=True, allow_none=True)


class CalendarList(Schema):
    """One's own links, the oldest first."""

    items = fields.List(fields.Nested(CalendarLine), required=True)
