"""Grids, compounds and units."""

from marshmallow import INCLUDE, Schema, fields, validate

from gateway.schemas.fields import QueryNumber, Strict, Truth, id_, ids, latitude, longitude

MOST_GRIDS = 500


class PointQuery(Strict):
    """A point."""

    lon = longitude(QueryNumber, required=True)
    lat = latitude(QueryNumber, required=True)
    crs = id_(metadata={"description": "Coordinate system of the point: WGS84 unless given."})
    level = id_(metadata={"description": "Level of the grid: SERVICE unless given."})


class GridFound(Schema):
    """The one grid that the point lies in."""

    class Meta:
        """Options of marshmallow."""

        unknown = INCLUDE

    grid_code = fields.String(required=True)
    name = fields.String(required=True)
    community = fields.String(required=True)
    level = fields.String(required=True)


class GridChange(Strict):
    """What the office may change of a grid; what is not named stays."""

    name = id_()
    population = fields.Integer(strict=True, validate=validate.Range(0, 10_000_000))


class CompoundChange(Strict):
    """What the office may change of a compound; no property company means unmanaged."""

    name = id_()
    is_old = Truth()
    property_company_id = id_(allow_none=True)
    buildings = fields.Integer(strict=True, validate=validate.Range(0, 10_000))
    households = fields.Integer(strict=True, validate=validate.Range(0, 100_000))


class UnitChange(Strict):
    """What the office may change of a unit; what is not named stays."""

    name = id_()
    grid_codes = ids(MOST_GRIDS)


class Changed(Schema):
    """What was changed, as it is now, with its version."""

    class Meta:
        """Options of marshmallow."""

        unknown = INCLUDE

    name = fields.String(required=True)
    version = fields.Integer(required=True)


class GridChanged(Changed):
    """The grid after the change."""

    grid_code = fields.String(required=True)


class CompoundChanged(Changed):
    """The compound after the change."""

    compound_id = fields.String(required=True)
    grid_code = fields.String(required=True)


class UnitChanged(Changed):
    """The unit after the change."""

    unit_id = fields.String(required=True)
    grid_codes = fields.List(fields.String(), required=True)
