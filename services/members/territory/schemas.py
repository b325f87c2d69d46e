"""The shapes of what the territory is asked for and changed with."""

from marshmallow import Schema, fields, validate

from members.schemas import NAME, SHORT
from members.territory.datum import Datum
from members.territory.grid import Level


class PlaceSchema(Schema):
    """A point in degrees, with its datum where that is not WGS84, and the level of grid that is asked for."""

    lon = fields.Float(required=True, validate=validate.Range(-180, 180))
    lat = fields.Float(required=True, validate=validate.Range(-90, 90))
    crs = fields.Enum(Datum, by_value=True, load_default=Datum.WGS84)
    level = fields.Enum(Level, by_value=True, load_default=Level.SERVICE)


class CompoundSchema(Schema):
    """What the office may change of a compound; no property company means unmanaged."""

    name = fields.String(validate=NAME)
    is_old = fields.Boolean()
    property_company_id = fields.String(allow_none=True, validate=SHORT)
    buildings = fields.Integer(validate=validate.Range(0, 10_000))
    households = fields.Integer(validate=validate.Range(0, 100_000))


class GridSchema(Schema):
    """What the office may change of a grid."""

    name = fields.String(validate=NAME)
    population = fields.Integer(validate=validate.Range(0, 10_000_000))
