"""The shapes of what venues are registered, changed, closed and asked for with."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from chassis.datum import Datum
from chassis.schema import Day
from members.posts.schemas import MOST_IN_PAGE
from members.schemas import AREA, GRID_CODE, NAME, SHORT
from members.venues.venue import FACILITIES, KINDS, MOST_CAPACITY, Opening

MOST_SPANS = 50


class PointSchema(Schema):
    """A point in degrees, with its datum where that is not WGS84."""

    lon = fields.Float(required=True, validate=validate.Range(-180, 180))
    lat = fields.Float(required=True, validate=validate.Range(-90, 90))
    crs = fields.Enum(Datum, by_value=True, load_default=Datum.WGS84)


class OpeningSchema(Schema):
    """A weekly span: Monday is 0, times of the wall clock in China; 00:00 as the end is midnight."""

    weekday = fields.Integer(required=True, strict=True, validate=validate.Range(0, 6))
    start = fields.Time(required=True, format="%H:%M")
    end = fields.Time(required=True, format="%H:%M")

    @post_load
    def _opening(self, data: dict[str, Any], **_: Any) -> Opening:
        return Opening(**data)


class ChangeVenueSchema(Schema):
    """What may be told anew of a venue."""

    name = fields.String(validate=NAME)
    hours = fields.List(fields.Nested(OpeningSchema), validate=validate.Length(max=MOST_SPANS))
    facilities = fields.List(
        fields.String(validate=validate.OneOf(tuple(FACILITIES))), validate=validate.Length(max=len(FACILITIES))
    )
    capacity = fields.Integer(strict=True, allow_none=True, validate=validate.Range(1, MOST_CAPACITY))
    manager_unit_id = fields.String(allow_none=True, validate=SHORT)

    @post_load
    def _frozen(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        kinds: dict[str, Any] = {"hours": tuple, "facilities": frozenset}
        return {name: kinds[name](value) if name in kinds else value for name, value in data.items()}


class VenueSchema(ChangeVenueSchema):
    """A venue, and since when it is there."""

    name = fields.String(required=True, validate=NAME)
    kind = fields.String(required=True, validate=validate.OneOf(tuple(KINDS)))
    grid_code = fields.String(required=True, validate=GRID_CODE)
    location = fields.Nested(PointSchema, required=True)
    since = Day(required=True)


class VenueIdSchema(Schema):
    """Which venue."""

    venue_id = fields.String(required=True, validate=SHORT)


class CloseVenueSchema(VenueIdSchema):
    """Which venue is closed, and from which day on."""

    on = Day(required=True)


class VenueFiltersSchema(Schema):
    """Which venues a list holds: of an area, of a kind, there on a day, with all of the facilities."""

    area = fields.String(validate=AREA)
    kind = fields.String(validate=validate.OneOf(tuple(KINDS)))
    as_of = Day()
    facility = fields.String(validate=validate.OneOf(tuple(FACILITIES)))


class VenuePageSchema(Schema):
    """Which page of a list: `after` is the `next` of the page before."""

    filters = fields.Nested(VenueFiltersSchema, load_default=dict)
    after = fields.Tuple(
        (fields.String(validate=SHORT), fields.String(validate=SHORT)), load_default=None, allow_none=True
    )
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, MOST_IN_PAGE))
