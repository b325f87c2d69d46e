"""The signed-in person, and the territory."""

from marshmallow import INCLUDE, Schema, fields

from gateway.schemas.fields import Strict, id_, latitude, longitude


class GrantSchema(Schema):
    """A role within a scope, the prefix of grid codes."""

    role = fields.String(required=True)
    scope = fields.String(required=True)


class Profile(Schema):
    """The signed-in person, as they may see themselves."""

    class Meta:
        """Options of marshmallow."""

        unknown = INCLUDE

    person_id = fields.String(required=True)
    name = fields.String(required=True)


class PointQuery(Strict):
    """A point."""

    lon = longitude(required=True)
    lat = latitude(required=True)
    crs = id_(metadata={"description": "Coordinate system of the point: WGS84 unless given."})


class GridFound(Schema):
    """The one grid that the point lies in."""

    class Meta:
        """Options of marshmallow."""

        unknown = INCLUDE

    grid_code = fields.String(required=True)
    name = fields.String(required=True)
    community = fields.String(required=True)
    level = fields.String(required=True)
