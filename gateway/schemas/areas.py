"""Areas: districts, agencies and communities as one tree."""

from marshmallow import Schema, fields

from gateway.schemas.case_views import Open
from gateway.schemas.fields import (
    Strict,
    id_,
    instant,
    one_of,
    shown_instant,
)
from gateway.schemas.paging import PageQuery, next_cursor
from gateway.schemas.territory import AT, GridNamed

KINDS = ("DISTRICT", "AGENCY", "COMMUNITY")

OUTLINE = {
    "type": "object",
    "description": "The border of the service area from now on: a GeoJSON Polygon or MultiPolygon without holes, with "
    "`crs` beside it where that is not WGS84 (CGCS2000, GCJ02 or BD09). Every fault of it is answered at once.",
}


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


class AreaQuery(PageQuery):
    """Which areas."""

    within = id_(metadata={"description": "The code of an area: it and what lies in it."})
    kind = one_of(*KINDS)
    at = id_(metadata=AT)


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
