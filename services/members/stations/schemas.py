"""The shapes of what stations are looked for, used and reported on with."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from chassis.schema import Day, Instant
from members.registrations.schemas import QUARTER
from members.schemas import DAY, NAME, SHORT
from members.venues.schemas import PointSchema
from members.venues.venue import FACILITIES

MOST_IN_PAGE = 200
WIDE = validate.Regexp(r"[0-9]{6}([0-9]{3}){0,2}\Z", error="Not the first 6, 9 or 12 digits of a grid code.")


class NearestSchema(PointSchema):
    """Where somebody stands, when it is to be open (now unless given), and what has to be there."""

    open_at = Instant(load_default=None, allow_none=True)
    facility = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(tuple(FACILITIES)))
    after = fields.Tuple((fields.Float(), fields.String(validate=SHORT)), load_default=None, allow_none=True)
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, MOST_IN_PAGE))


class StationIdSchema(Schema):
    """Which station."""

    station_id = fields.String(required=True, validate=SHORT)


class UseSchema(StationIdSchema):
    """Which station was used, with the code on its wall."""

    code = fields.String(required=True, validate=SHORT)


class OwnUseSchema(UseSchema):
    """The same by somebody who agrees to be counted, to which text."""

    text_version = fields.String(required=True, validate=NAME)


class UsesSchema(StationIdSchema):
    """The uses of a station by day, from one local day until another, included: `after` is the `next` before."""

    since = Day(required=True)
    until = Day(required=True)
    after = fields.String(load_default=None, allow_none=True, validate=DAY)
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, MOST_IN_PAGE))

    @validates_schema
    def in_order(self, data: Mapping[str, Any], **_: Any) -> None:
        """A period does not end before it begins."""
        if data["until"] < data["since"]:
            raise ValidationError("Must not lie before `since`.", "until")


class FunnelSchema(Schema):
    """Of which area, up to which quarter; the one that is running unless given."""

    area = fields.String(required=True, validate=WIDE)
    quarter = fields.String(load_default=None, allow_none=True, validate=QUARTER)
