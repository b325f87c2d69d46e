"""The shapes of what is watched: an area, or one case."""

from marshmallow import Schema, fields

from cases.listing_schemas import AREA


class WatchDeskSchema(Schema):
    """Which part of the scope."""

    area = fields.String(load_default=None, allow_none=True, validate=AREA)
