"""What members tells of its territory, read into what the copy keeps: only the fields that matter here."""

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, validate

from cases.listing_schemas import AREA
from cases.place import Compound, Grid, Point
from cases.routing import Unit
from cases.schemas import GRID_CODE, ID
from chassis.schema import Instant, load


class Heard(Schema):
    """Something that members told, of which only these fields matter here."""

    class Meta:
        """Other fields are passed over."""

        unknown = EXCLUDE


class GridHeard(Heard):
    """A grid."""

    grid_code = fields.String(required=True, validate=GRID_CODE)
    name = fields.String(required=True)
    community = fields.String(required=True)
    level = fields.String(required=True)
    ring = fields.List(
        fields.List(fields.Float(), validate=validate.Length(equal=2)),
        required=True,
        validate=validate.Length(min=4),
    )
    opened = Instant(data_key="from", load_default=None, allow_none=True)
    closed = Instant(data_key="to", load_default=None, allow_none=True)


class CompoundHeard(Heard):
    """A compound."""

    compound_id = fields.String(required=True, validate=ID)
    name = fields.String(required=True)
    grid_code = fields.String(required=True, validate=GRID_CODE)
    lon = fields.Float(required=True)
    lat = fields.Float(required=True)
    is_old = fields.Boolean(required=True)
    has_property_mgmt = fields.Boolean(required=True)
    property_company_id = fields.String(load_default=None, allow_none=True)


class UnitHeard(Heard):
    """An organisation."""

    unit_id = fields.String(required=True, validate=ID)
    name = fields.String(required=True)
    unit_type = fields.String(required=True)
    active = fields.Boolean(load_default=True)
    grid_codes = fields.List(fields.String(validate=GRID_CODE), required=True)


class AreaHeard(Heard):
    """A district, an agency or a community."""

    area_id = fields.String(required=True, validate=AREA)
    name = fields.String(required=True)


class LeaverHeard(Heard):
    """Somebody who has left the service, under every id that something may stand under."""

    person_id = fields.String(required=True, validate=ID)
    former_ids = fields.List(fields.String(validate=ID), load_default=list)
    tenant = fields.String(required=True)


class NeedHeard(Heard):
    """A need that was stated to somebody of the staff."""

    need_id = fields.String(required=True, validate=ID)
    source = fields.String(required=True, validate=validate.OneOf(["RIDER", "DOOR_KNOCK"]))
    source_id = fields.String(required=True, validate=ID)
    category = fields.String(required=True)
    grid_code = fields.String(required=True, validate=GRID_CODE)
    compound_id = fields.String(load_default=None, allow_none=True, validate=ID)
    person_id = fields.String(load_default=None, allow_none=True, validate=ID)
    by = fields.Dict(required=True)


def grid(data: Mapping[str, Any]) -> Grid:
    """The grid that was told of; refuses `invalid`."""
    told = load(GridHeard(), data)
    ring = tuple((lon, lat) for lon, lat in told["ring"])
    return Grid(told["grid_code"], told["name"], told["community"], told["level"], ring, told["opened"], told["closed"])


def compound(data: Mapping[str, Any]) -> Compound:
    """The compound that was told of; refuses `invalid`."""
    told = load(CompoundHeard(), data)
    spot = Point(told.pop("lon"), told.pop("lat"))
    return Compound(id=told.pop("compound_id"), point=spot, **told)


def unit(data: Mapping[str, Any]) -> Unit:
    """The unit that was told of; refuses `invalid`."""
    told = load(UnitHeard(), data)
    return Unit(told["unit_id"], told["name"], told["unit_type"], tuple(told["grid_codes"]), told["active"])


def area(data: Mapping[str, Any]) -> tuple[str, str]:
    """The code and the name of the area that was told of; refuses `invalid`."""
    told = load(AreaHeard(), data)
    return told["area_id"], told["name"]


def leaver(data: Mapping[str, Any]) -> list[str]:
    """The ids of the person who left; refuses `invalid`."""
    left = load(LeaverHeard(), data)
    return [left["person_id"], *left["former_ids"]]


def need(data: Mapping[str, Any]) -> dict[str, Any]:
    """The need that was told of, without its words; refuses `invalid`."""
    return load(NeedHeard(), data)
