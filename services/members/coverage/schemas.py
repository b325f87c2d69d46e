"""The shapes of what coverage is asked for, and of the events of which it keeps something."""

from marshmallow import EXCLUDE, Schema, fields, validate

from chassis.schema import Day, Instant
from members.schemas import AREA

MOST_ITEMS = 1_000
USUAL_ITEMS = 50


class ReportSchema(Schema):
    """The coverage of which area, as of which local day, with at most so many items named by each check."""

    area = fields.String(required=True, validate=AREA)
    as_of = Day(load_default=None, allow_none=True)
    most = fields.Integer(strict=True, load_default=USUAL_ITEMS, validate=validate.Range(1, MOST_ITEMS))


class SessionSchema(Schema):
    """What is needed of the event that a session was held."""

    class Meta:
        """Other fields are passed over."""

        unknown = EXCLUDE

    session_id = fields.String(required=True)
    kind = fields.String(required=True)
    area = fields.String(required=True)
    held_at = Instant(required=True)


class ReachedSchema(Schema):
    """What is needed of the event that a notice reached somebody."""

    class Meta:
        """Other fields are passed over."""

        unknown = EXCLUDE

    person_id = fields.String(required=True)
    day = Day(required=True)
