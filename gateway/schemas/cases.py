"""Cases: how one is reported, asked for, shown, and what each act takes and gives."""

from typing import Any

from marshmallow import INCLUDE, Schema, fields, validate

from gateway.schemas.fields import Strict, id_, ids, latitude, longitude, text
from gateway.schemas.paging import PageQuery, next_cursor

MOST_PHOTOS = 9
MOST_TAGS = 10


def photos() -> fields.List[Any]:
    """Ids of photos that were uploaded before."""
    return ids(MOST_PHOTOS, metadata={"description": "Ids of uploaded photos."})


class Location(Strict):
    """A point in degrees."""

    lon = longitude(required=True)
    lat = latitude(required=True)
    crs = id_(metadata={"description": "Coordinate system: WGS84 unless given."})


class OnBehalfOf(Strict):
    """Somebody for whom a worker files the report."""

    person_id = id_()
    name = id_()
    phone = fields.String(validate=validate.Length(1, 20))
    consent = fields.Boolean()
    callback = id_()


class Report(Strict):
    """A report: a text or photos, and a place."""

    text = text()
    photos = photos()
    location = fields.Nested(Location)
    grid_code = id_()
    compound_id = id_()
    category = id_(metadata={"examples": ["0101"]})
    tags = ids(MOST_TAGS)
    source = id_()
    on_behalf_of = fields.Nested(OnBehalfOf)
    anonymous = fields.Boolean()


class Receipt(Schema):
    """What a command did: the same again for the same command."""

    class Meta:
        """Options of marshmallow."""

        unknown = INCLUDE

    case_id = fields.String(required=True)
    number = fields.String(required=True)
    version = fields.Integer(required=True)
    status = fields.String(required=True)
    act = fields.String(required=True)
    at = fields.String(required=True, metadata={"format": "date-time"})
    event_id = fields.String(required=True)
    category = fields.String(allow_none=True)
    grid_code = fields.String(required=True)
    respond_due = fields.String(allow_none=True, metadata={"format": "date-time"})
    resolve_due = fields.String(allow_none=True, metadata={"format": "date-time"})


class CaseView(Schema):
    """A case, as far as the caller may see it."""

    class Meta:
        """Options of marshmallow."""

        unknown = INCLUDE

    case_id = fields.String(required=True)
    number = fields.String(required=True)
    version = fields.Integer(required=True)
    status = fields.String(required=True)


class CaseList(Schema):
    """A page of cases, newest first."""

    items = fields.List(fields.Nested(CaseView), required=True)
    next = next_cursor()


class CaseQuery(PageQuery):
    """Which cases."""

    status = id_()
    category = id_()
    grid = id_(metadata={"description": "A grid code, or the beginning of one."})
    compound_id = id_()
    assignee = id_(metadata={"description": "`me`, or an id."})
    reported_by = id_(metadata={"description": "`me`."})
    tag = id_()
    source = id_()
    overdue = fields.Boolean()


class ProposalView(Schema):
    """Units and people who could take the case, best first, each with the reasons."""

    class Meta:
        """Options of marshmallow."""

        unknown = INCLUDE

    units = fields.List(fields.Dict(), required=True)
    people = fields.List(fields.Dict(), required=True)
    skipped = fields.List(fields.Dict(), required=True)


class Categories(Schema):
    """The categories of reports in one version."""

    version = fields.String(required=True)
    items = fields.List(fields.Dict(), required=True)


class CategoryQuery(Strict):
    """Which version of the categories; the one in force unless given."""

    version = id_()
