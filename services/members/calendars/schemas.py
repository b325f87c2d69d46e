"""The shapes of which calendar is asked for."""

from marshmallow import Schema, fields

from members.schemas import AREA, SHORT


class CalendarIdSchema(Schema):
    """Which of one's own."""

    calendar_id = fields.String(required=True, validate=SHORT)


class TokenSchema(Schema):
    """What stands in a link."""

    token = fields.String(required=True, validate=SHORT)


class AreaSchema(Schema):
    """Of which area."""

    area = fields.String(required=True, validate=AREA)
