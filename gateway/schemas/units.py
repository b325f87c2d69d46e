"""The register of units: how they are entered, asked for and shown."""

from marshmallow import Schema, fields, validate

from gateway.schemas.case_views import Open, Worded
from gateway.schemas.fields import QueryTruth, Strict, id_, ids, instant, shown_instant
from gateway.schemas.paging import PageQuery, next_cursor

MOST_GRIDS = 500
FORMATS = ("xlsx", "csv")

CODE = {
    "description": "Unified social credit code of 18 characters (GB 32100); one in a district among open units.",
    "examples": ["913607040000090062"],
}
AREA = {"description": "A grid code of 15 digits, or its first 6 (district), 9 (town) or 12 (community)."}
FROM = {"description": "Since when, or from when on, the grids are served: now unless given."}


class UnitChange(Strict):
    """What the office may change of a unit; what is not named stays, null takes it off."""

    name = id_()
    credit_code = id_(allow_none=True, metadata=CODE)
    party_organisation = id_(allow_none=True)
    contact_id = id_(allow_none=True, metadata={"description": "The person who speaks for it."})
    grid_codes = ids(MOST_GRIDS, metadata={"description": "All the grids that it serves from then on."})
    since = instant(data_key="from", attribute="from", metadata=FROM)


class NewUnit(UnitChange):
    """A unit that is registered."""

    name = id_(required=True)
    unit_type = id_(required=True, metadata={"description": "Kind of unit.", "examples": ["ENTERPRISE"]})
    district = id_(metadata={"description": "Six digits; needed without grids by who acts in several districts."})


class Closing(Strict):
    """When a unit closes."""

    at = instant(metadata={"description": "The moment at which it closes or has closed: now unless given."})


class UnitQuery(PageQuery):
    """Which units; those that are open unless `active` is false."""

    grid = id_(metadata=AREA)
    unit_type = id_()
    name = id_(metadata={"description": "Part of the name."})
    active = QueryTruth()


class UnitTotalsQuery(Strict):
    """Of which area, and as of when."""

    area = id_(required=True, metadata=AREA)
    at = instant(metadata={"description": "As of which moment: now unless given."})


class UnitExportQuery(Strict):
    """Which units as a file."""

    area = id_(required=True, metadata=AREA)
    unit_type = id_()
    name = id_(metadata={"description": "Part of the name."})
    active = QueryTruth()
    format = fields.String(load_default="xlsx", validate=validate.OneOf(FORMATS))


class UnitChanged(Open):
    """What a command did: the unit as it is now, the same again for the same command."""

    unit_id = fields.String(required=True)
    name = fields.String(required=True)
    unit_type = fields.String(required=True)
    grid_codes = fields.List(fields.String(), required=True)
    active = fields.Boolean(required=True)
    version = fields.Integer(required=True)


class UnitLine(Open):
    """A unit."""

    unit_id = fields.String(required=True)
    name = fields.String(required=True)
    unit_type = fields.String(required=True)
    type_name = fields.Nested(Worded, required=True)
    credit_code = fields.String(required=True, allow_none=True)
    party_organisation = fields.String(required=True, allow_none=True)
    grid_codes = fields.List(fields.String(), required=True)
    active = fields.Boolean(required=True)


class UnitList(Schema):
    """A page of units, by name."""

    items = fields.List(fields.Nested(UnitLine), required=True)
    next = next_cursor()


class TieView(Open):
    """A grid that the unit serves or has served, from one moment on and until another."""

    grid_code = fields.String(required=True)
    since = shown_instant(required=True, data_key="from")
    until = shown_instant(required=True, allow_none=True, data_key="to")


class UnitView(UnitLine):
    """A unit with all that it serves and served."""

    contact_id = fields.String(required=True, allow_none=True)
    ties = fields.List(fields.Nested(TieView), required=True)
    closed_at = shown_instant(required=True, allow_none=True)
    version = fields.Integer(required=True)


class UnitsOfGrid(Open):
    """How many units serve a grid."""

    grid_code = fields.String(required=True)
    units = fields.Integer(required=True)
    by_type = fields.Dict(fields.String(), fields.Integer(), required=True)


class UnitTotals(Open):
    """How many units an area has: each once in all sums, and in each of its grids."""

    area = fields.String(required=True)
    at = shown_instant(required=True)
    distinct = fields.Integer(required=True)
    by_type = fields.Dict(fields.String(), fields.Integer(), required=True)
    by_grid = fields.List(fields.Nested(UnitsOfGrid), required=True)
