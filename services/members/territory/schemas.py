"""The shapes of what the territory is asked for and changed with."""

from marshmallow import Schema, fields, validate

from chassis.datum import Datum
from chassis.schema import Instant
from members.schemas import GRID_CODE, NAME, SHORT
from members.territory.grid import Level

PREFIX = validate.Regexp(r"[0-9]{0,15}\Z", error="Not the beginning of a grid code.")
MOST_IN_PAGE = 500


class PlaceSchema(Schema):
    """A point in degrees, with its datum where that is not WGS84, and the level of grid that is asked for."""

    lon = fields.Float(required=True, validate=validate.Range(-180, 180))
    lat = fields.Float(required=True, validate=validate.Range(-90, 90))
    crs = fields.Enum(Datum, by_value=True, load_default=Datum.WGS84)
    level = fields.Enum(Level, by_value=True, load_default=Level.SERVICE)
    at = Instant(load_default=None, allow_none=True)


class LocationSchema(Schema):
    """A point in degrees, with its datum where that is not WGS84."""

    lon = fields.Float(required=True, validate=validate.Range(-180, 180))
    lat = fields.Float(required=True, validate=validate.Range(-90, 90))
    crs = fields.Enum(Datum, by_value=True, load_default=Datum.WGS84)


class CompoundSchema(Schema):
    """What the office may change of a compound; no property company means unmanaged.

    Who sees to an unmanaged one all the same is its `fallback_unit_id` (docs/domain.md §4, H4).
    """

    name = fields.String(validate=NAME)
    location = fields.Nested(LocationSchema)
    is_old = fields.Boolean()
    property_company_id = fields.String(allow_none=True, validate=SHORT)
    fallback_unit_id = fields.String(allow_none=True, validate=SHORT)
    buildings = fields.Integer(validate=validate.Range(0, 10_000))
    households = fields.Integer(validate=validate.Range(0, 100_000))


class NewCompoundSchema(CompoundSchema):
    """A compound that nobody has entered yet."""

    name = fields.String(required=True, validate=NAME)
    location = fields.Nested(LocationSchema, required=True)


class GridNamedSchema(Schema):
    """Which grid."""

    grid_code = fields.String(required=True, validate=GRID_CODE)


class GridsSchema(Schema):
    """Which page of which grids, at which moment, and whether with their polygons."""

    area = fields.String(load_default="", validate=PREFIX)
    level = fields.Enum(Level, by_value=True, load_default=None, allow_none=True)
    at = Instant(load_default=None, allow_none=True)
    rings = fields.Boolean(load_default=False)
    after = fields.String(load_default="", allow_none=True, validate=PREFIX)
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, MOST_IN_PAGE))


class CompoundsSchema(Schema):
    """Which page of the compounds, within an area or a grid if one is named."""

    grid = fields.String(load_default="", validate=PREFIX)
    after = fields.String(load_default="", allow_none=True, validate=validate.Length(max=100))
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, MOST_IN_PAGE))


class GridSchema(Schema):
    """What the office may change of a grid."""

    name = fields.String(validate=NAME)
    population = fields.Integer(validate=validate.Range(0, 10_000_000))
