"""Areas, grids, compounds, buildings and units."""

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
KINDS = ("DISTRICT", "AGENCY", "COMMUNITY")
MOST_ON_A_MAP = 500

AREA = {"description": "A grid code of 15 digits, or its first 6 (district), 9 (agency) or 12 (community)."}
AT = {"format": "date-time", "description": "As of this moment: now unless given."}
FALLBACK = {"description": "The unit that sees to repairs where nobody manages the compound."}

OUTLINE = {
    "type": "object",
    "description": "The border of the service area from now on: a GeoJSON Polygon or MultiPolygon without holes, with "
    "`crs` beside it where that is not WGS84 (CGCS2000, GCJ02 or BD09). Every fault of it is answered at once.",
}

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


class AreaChange(Strict):
    """What is told anew of an area; `to` closes it."""

    name = id_()
    party_organisation = id_(allow_none=True, metadata={"description": "The unit that guides the Party's line."})
    union_body = id_(allow_none=True, metadata={"description": "The unit that guides the union's line."})
    closed = instant(data_key="to", attribute="to", allow_none=True)
    outline = fields.Raw(allow_none=True, metadata=OUTLINE)


class NewArea(AreaChange):
    """A district (6 digits), an agency (9) or a community (12)."""

    code = id_(required=True)
    name = id_(required=True)
    opened = instant(data_key="from", attribute="from")


class MomentQuery(Strict):
    """As of when."""

    at = id_(metadata=AT)


class AreaQuery(PageQuery):
    """Which areas."""

    within = id_(metadata={"description": "The code of an area: it and what lies in it."})
    kind = one_of(*KINDS)
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


class AreaLine(Open):
    """An area."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True, metadata={"enum": list(KINDS)})
    parent = fields.String(required=True, allow_none=True)
    opened = shown_instant(data_key="from", required=True)
    closed = shown_instant(data_key="to", required=True, allow_none=True)
    party_organisation = fields.String(required=True, allow_none=True)
    union_body = fields.String(required=True, allow_none=True)


class AreaList(Schema):
    """A page of areas, by code."""

    items = fields.List(fields.Nested(AreaLine), required=True)
    next = next_cursor()


class AreaNamed(Open):
    """An area, by name."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True)


class UnitNamed(Open):
    """A unit, by name."""

    unit_id = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)


class GridNamed(Open):
    """A grid of a community."""

    grid_code = fields.String(required=True)
    name = fields.String(required=True)
    level = fields.String(required=True)
    parent = fields.String(required=True, allow_none=True)


class OutlineShown(Open):
    """The border of a service area, as GeoJSON."""

    type = fields.String(required=True, metadata={"enum": ["MultiPolygon"]})
    coordinates = fields.List(
        fields.List(fields.List(fields.List(fields.Float()))), required=True, metadata={"description": "In WGS84."}
    )
    source_crs = fields.String(required=True, metadata={"description": "The datum in which it was given."})


class AreaView(Open):
    """An area with both lines over one tree."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True)
    parent = fields.String(required=True, allow_none=True)
    opened = shown_instant(data_key="from", required=True)
    closed = shown_instant(data_key="to", required=True, allow_none=True)
    version = fields.Integer(required=True)
    party_organisation = fields.Nested(UnitNamed, required=True, allow_none=True)
    union_body = fields.Nested(UnitNamed, required=True, allow_none=True)
    outline = fields.Nested(OutlineShown, required=True, allow_none=True)
    ancestors = fields.List(fields.Nested(AreaNamed), required=True, metadata={"description": "The widest first."})
    children = fields.List(fields.Nested(AreaNamed), required=True)
    grids = fields.List(fields.Nested(GridNamed), required=True, metadata={"description": "Of a community."})


class AreaReceipt(Open):
    """What a command did: the same again for the same command."""

    area_id = fields.String(required=True)
    version = fields.Integer(required=True)
    at = shown_instant(required=True)
    event_id = fields.String(required=True)


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
