"""Fixed assets: how they are entered, asked for and shown."""

from marshmallow import Schema, fields

from gateway.schemas.case_views import Open, Point, Worded
from gateway.schemas.cases import Location
from gateway.schemas.fields import (
    QueryNumber,
    QueryTruth,
    Strict,
    Truth,
    datum,
    id_,
    latitude,
    longitude,
    shown_instant,
    word,
)
from gateway.schemas.paging import PageQuery, next_cursor

NUMBER = {"description": "The number on its plate, one in a district.", "examples": ["L-0007"]}
KIND = {"description": "Major and minor of the component, four digits; 0118 is a street lamp.", "examples": ["0118"]}
CODE = {"description": "The component's code of 16 digits, if it has been given one: district, kind and serial."}


class AssetChange(Strict):
    """What is told anew of an asset; null takes it off."""

    number = id_(metadata=NUMBER)
    kind = id_(metadata=KIND)
    code = id_(allow_none=True, metadata=CODE)
    location = fields.Nested(Location)
    grid_code = id_()
    compound_id = id_()
    owner_unit_id = id_(allow_none=True)
    label = word(100, allow_none=True)
    retired = Truth(metadata={"description": "Out of use: no new case names it."})


class NewAsset(Strict):
    """An asset, and where it stands: a point, a grid or a compound."""

    number = id_(required=True, metadata=NUMBER)
    kind = id_(required=True, metadata=KIND)
    code = id_(allow_none=True, metadata=CODE)
    location = fields.Nested(Location)
    grid_code = id_()
    compound_id = id_()
    owner_unit_id = id_(allow_none=True)
    label = word(100, allow_none=True, metadata={"description": "What people call it, for example 3号楼前灯杆."})


class AssetQuery(PageQuery):
    """Which assets; those in use unless `retired` is asked for."""

    grid = id_(
        metadata={"description": "A grid code of 15 digits, or its first 6 (district), 9 (town) or 12 (community)."}
    )
    compound_id = id_()
    kind = id_(metadata=KIND)
    number = id_(metadata=NUMBER)
    retired = QueryTruth()


class NearQuery(Strict):
    """Around which point, and of which kind."""

    lon = longitude(QueryNumber, required=True)
    lat = latitude(QueryNumber, required=True)
    crs = datum()
    kind = id_(metadata=KIND)


class AssetReceipt(Open):
    """What a command did: the same again for the same command."""

    asset_id = fields.String(required=True)
    number = fields.String(required=True)
    version = fields.Integer(required=True)
    at = shown_instant(required=True)
    event_id = fields.String(required=True)


class AssetLine(Open):
    """An asset."""

    asset_id = fields.String(required=True)
    number = fields.String(required=True)
    kind = fields.String(required=True)
    major = fields.Nested(Worded, required=True)
    code = fields.String(required=True, allow_none=True)
    label = fields.String(required=True, allow_none=True)
    grid_code = fields.String(required=True)
    compound_id = fields.String(required=True, allow_none=True)
    location = fields.Nested(Point, required=True, allow_none=True)
    owner_unit_id = fields.String(required=True, allow_none=True)
    retired = fields.Boolean(required=True)


class AssetList(Schema):
    """A page of assets, by number."""

    items = fields.List(fields.Nested(AssetLine), required=True)
    next = next_cursor()


class AssetNear(AssetLine):
    """An asset near a point."""

    distance_m = fields.Integer(required=True, metadata={"description": "Metres from the point."})


class AssetsNear(Schema):
    """The assets around a point, nearest first."""

    items = fields.List(fields.Nested(AssetNear), required=True)


class CaseOfAsset(Open):
    """A case that was about the asset, and what came of it."""

    case_id = fields.String(required=True)
    number = fields.String(required=True)
    status = fields.String(required=True)
    category = fields.String(required=True, allow_none=True)
    reported_at = shown_instant(required=True)
    closed_at = shown_instant(required=True, allow_none=True)
    outcomes = fields.List(fields.Nested(Worded), required=True)


class AssetView(AssetLine):
    """An asset with its history."""

    version = fields.Integer(required=True)
    cases = fields.List(
        fields.Nested(CaseOfAsset),
        required=True,
        metadata={"description": "The cases about it, the latest first, at most 100; those that the caller may see."},
    )
