"""The shapes of closing a grid."""

from marshmallow import Schema, fields

from chassis.schema import Instant
from members.schemas import GRID_CODE


class ClosingSchema(Schema):
    """Which grid closes, and when: now unless a moment to come is named."""

    grid_code = fields.String(required=True, validate=GRID_CODE)
    at = Instant(load_default=None, allow_none=True)
