"""Drawing the map: what grids are opened and redrawn with, and what is shown of it."""

from marshmallow import INCLUDE, Schema, fields, validate

from gateway.schemas.case_views import Open
from gateway.schemas.fields import Strict, id_, instant, one_of, shown_instant
from gateway.schemas.paging import PageQuery, next_cursor

MOST_CLOSED, MOST_FEATURES = 200, 2_000
STAGES = ("PLANNED", "CARRIED_OUT", "CANCELLED")

CRS = {
    "description": "Coordinate system of all coordinates: WGS84 (unless given), CGCS2000, GCJ02 or BD09; or as GeoJSON "
    "had it before RFC 7946."
}
FEATURES = {
    "type": "array",
    "items": {"type": "object"},
    "maxItems": MOST_FEATURES,
    "description": "GeoJSON features; each fault of each of them is answered at once.",
}


class Features(Schema):
    """A GeoJSON FeatureCollection; members that are not known are passed over (RFC 7946 §6.1)."""

    class Meta:
        """Options of marshmallow."""

        unknown = INCLUDE

    type = fields.String(required=True, validate=validate.OneOf(["FeatureCollection"]))
    crs = fields.Raw(metadata=CRS)
    features = fields.Raw(required=True, metadata=FEATURES)


class Collection(Features):
    """Grids to be opened, from now on or from another moment."""

    opened = instant(data_key="from", attribute="from")


class Plan(Strict):
    """Which grids close at which moment, and what opens in their place."""

    at = instant(required=True)
    closes = fields.List(id_(), required=True, validate=validate.Length(1, MOST_CLOSED))
    opens = fields.Nested(Features, required=True)


class GridClosing(Strict):
    """When a grid closes: now, unless a moment to come is named."""

    at = instant()


class GridClosed(Open):
    """The grid that was closed."""

    grid_code = fields.String(required=True)
    to = shown_instant(required=True)
    map_id = fields.String(required=True, metadata={"description": "The district."})
    version = fields.Integer(required=True, metadata={"description": "Of the district's map."})
    at = shown_instant(required=True)
    event_id = fields.String(required=True)


class GridsOpened(Open):
    """The grids that were opened."""

    map_id = fields.String(required=True, metadata={"description": "The district."})
    version = fields.Integer(required=True, metadata={"description": "Of the district's map."})
    at = shown_instant(required=True)
    event_id = fields.String(required=True)
    grid_codes = fields.List(fields.String(), required=True)


class RedrawingReceipt(Open):
    """The redrawing that was planned."""

    redrawing_id = fields.String(required=True)
    at = shown_instant(required=True)
    closes = fields.List(fields.String(), required=True)
    opens = fields.List(fields.String(), required=True)


class RedrawingCancelled(Open):
    """The redrawing that was called off."""

    redrawing_id = fields.String(required=True)
    version = fields.Integer(required=True)
    at = shown_instant(required=True)
    event_id = fields.String(required=True)


class GridToOpen(Open):
    """A grid that a redrawing opens."""

    grid_code = fields.String(required=True)
    name = fields.String(required=True)
    level = fields.String(required=True)
    parent = fields.String(required=True, allow_none=True)


class RedrawingLine(Open):
    """A redrawing."""

    redrawing_id = fields.String(required=True)
    district = fields.String(required=True)
    at = shown_instant(required=True)
    stage = fields.String(required=True, metadata={"enum": list(STAGES)})
    planned_at = shown_instant(required=True)
    closes = fields.List(fields.String(), required=True)
    opens = fields.List(fields.Nested(GridToOpen), required=True)


class RedrawingView(RedrawingLine):
    """A redrawing, at its version."""

    version = fields.Integer(required=True)


class RedrawingQuery(PageQuery):
    """Which redrawings."""

    stage = one_of(*STAGES)


class RedrawingList(Schema):
    """A page of redrawings, the latest dates first."""

    items = fields.List(fields.Nested(RedrawingLine), required=True)
    next = next_cursor()
