"""Grids, compounds and buildings."""

from marshmallow import INCLUDE, Schema, fields, validate

from gateway.schemas.case_views import Open, Point
from gateway.schemas.cases import Location
from gateway.schemas.fields import (
    QueryInteger,
    QueryNumber,
    Strict,
    Truth,
    datum,
    id_,
    instant,
    latitude,
    longitude,
    one_of,
    shown_instant,
    word,
)
from gateway.schemas.paging import USUAL_PAGE, PageQuery, next_cursor

LEVELS = ("SERVICE", "BASE", "MICRO", "DEDICATED")
MOST_ON_A_MAP = 500

AREA = {"description": "A grid code of 15 digits, or its first 6 (district), 9 (agency) or 12 (community)."}
AT = {"format": "date-time", "description": "As of this moment: now unless given."}
FALLBACK = {"description": "The unit that sees to repairs where nobody manages the compound."}

MOST_GRIDS = 500


class PointQuery(Strict):
    """A point."""

    lon = longitude(QueryNumber, required=True)
    lat = latitude(QueryNumber, required=True)
    crs = datum()
    level = id_(metadata={"description": "Level of the grid: SERVICE unless given."})
    at = id_(metadata=AT)


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
    location = fields.Nested(Location)
    is_old = Truth()
    property_company_id = id_(allow_none=True)
    fallback_unit_id = id_(allow_none=True, metadata=FALLBACK)
    buildings = fields.Integer(strict=True, validate=validate.Range(0, 10_000))
    households = fields.Integer(strict=True, validate=validate.Range(0, 100_000))


class NewCompound(CompoundChange):
    """A compound that nobody has entered yet."""

    name = id_(required=True)
    location = fields.Nested(Location, required=True)


class BuildingChange(Strict):
    """What is told anew of a building; `to` is when it came down."""

    number = word(20)
    name = id_(allow_none=True)
    households = fields.Integer(strict=True, validate=validate.Range(0, 10_000))
    entrances = fields.Integer(strict=True, validate=validate.Range(1, 200))
    closed = instant(data_key="to", attribute="to", allow_none=True)


class NewBuilding(BuildingChange):
    """A building of a compound."""

    number = word(20, required=True)
    opened = instant(data_key="from", attribute="from")


class MomentQuery(Strict):
    """As of when."""

    at = id_(metadata=AT)


class GridQuery(PageQuery):
    """Which grids."""

    area = id_(metadata=AREA)
    level = one_of(*LEVELS)
    at = id_(metadata=AT)


class GridMapQuery(GridQuery):
    """Which grids of a map."""

    limit = QueryInteger(load_default=USUAL_PAGE, validate=validate.Range(1, MOST_ON_A_MAP))


class CompoundQuery(PageQuery):
    """Which compounds."""

    grid = id_(metadata=AREA)


class GridNamed(Open):
    """A grid of a community."""

    grid_code = fields.String(required=True)
    name = fields.String(required=True)
    level = fields.String(required=True)
    parent = fields.String(required=True, allow_none=True)


class GridLine(GridNamed):
    """A grid."""

    community = fields.String(required=True)
    population = fields.Integer(required=True)
    opened = shown_instant(data_key="from", required=True)
    closed = shown_instant(data_key="to", required=True, allow_none=True)
    successors = fields.List(fields.String(), required=True)
    source_crs = fields.String(required=True, metadata={"description": "The datum in which its polygon was given."})


class GridView(GridLine):
    """A grid with its polygon."""

    version = fields.Integer(required=True)
    ring = fields.List(fields.List(fields.Float()), required=True, metadata={"description": "Closed, in WGS84."})


class GridList(Schema):
    """A page of grids, by code."""

    items = fields.List(fields.Nested(GridLine), required=True)
    next = next_cursor()


class GridMap(Schema):
    """A GeoJSON FeatureCollection, with the cursor of its next page."""

    type = fields.String(required=True)
    features = fields.List(fields.Dict(), required=True)
    next = next_cursor()


class CompoundLine(Open):
    """A compound."""

    compound_id = fields.String(required=True)
    name = fields.String(required=True)
    grid_code = fields.String(required=True)
    location = fields.Nested(Point, required=True)
    source_crs = fields.String(required=True, metadata={"description": "The datum in which its point was given."})
    is_old = fields.Boolean(required=True)
    has_property_mgmt = fields.Boolean(required=True)
    property_company_id = fields.String(required=True, allow_none=True)
    fallback_unit_id = fields.String(required=True, allow_none=True, metadata=FALLBACK)
    buildings = fields.Integer(required=True)
    households = fields.Integer(required=True)


class CompoundList(Schema):
    """A page of compounds, by id."""

    items = fields.List(fields.Nested(CompoundLine), required=True)
    next = next_cursor()


class Stood(Open):
    """How a compound stood from a moment on."""

    since = shown_instant(required=True)
    grid_code = fields.String(required=True)
    property_company_id = fields.String(required=True, allow_none=True)
    fallback_unit_id = fields.String(required=True, allow_none=True)


class CompoundView(CompoundLine):
    """A compound, and how it stood before."""

    version = fields.Integer(required=True)
    stood = fields.List(fields.Nested(Stood), required=True)


class BuildingLine(Open):
    """A building."""

    building_id = fields.String(required=True)
    compound_id = fields.String(required=True)
    number = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)
    households = fields.Integer(required=True)
    entrances = fields.Integer(required=True)
    opened = shown_instant(data_key="from", required=True)
    closed = shown_instant(data_key="to", required=True, allow_none=True)


class BuildingList(Schema):
    """The buildings of a compound, by number."""

    items = fields.List(fields.Nested(BuildingLine), required=True)


class BuildingReceipt(Open):
    """What a command did: the same again for the same command."""

    building_id = fields.String(required=True)
    version = fields.Integer(required=True)
    at = shown_instant(required=True)
    event_id = fields.String(required=True)


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
