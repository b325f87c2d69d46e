"""Cases: how one is reported, asked for, shown, and what each act takes and gives."""

from typing import Any

from marshmallow import INCLUDE, Schema, fields, validate

from gateway.schemas.fields import Strict, different, id_, ids, latitude, longitude, one_of, text
from gateway.schemas.paging import PageQuery, next_cursor

MOST_PHOTOS = 9
TAGS = ("elderly", "child", "disabled", "urgent", "hard", "worrying", "hoped", "enquiry")
SOURCES = ("APP", "PATROL", "SNAP", "12345", "PHONE", "SESSION")
STATUSES = (
    "REPORTED",
    "VERIFYING",
    "REGISTERED",
    "DISPATCHED",
    "ACCEPTED",
    "IN_PROGRESS",
    "SUSPENDED",
    "RESOLVED",
    "REOPENED",
    "CLOSED",
    "REJECTED",
    "MERGED",
    "WITHDRAWN",
)


def photos() -> fields.List[Any]:
    """Ids of photos that were uploaded before."""
    return ids(MOST_PHOTOS, metadata={"description": "Ids of uploaded photos."})


def tags() -> fields.List[Any]:
    """Marks on a report."""
    return fields.List(one_of(*TAGS), validate=[validate.Length(max=len(TAGS)), different])


class Location(Strict):
    """A point in degrees."""

    lon = longitude(required=True)
    lat = latitude(required=True)
    crs = id_(metadata={"description": "Coordinate system of the point: WGS84 unless given."})


class OnBehalfOf(Strict):
    """Somebody for whom a worker files the report, with their consent: an account, or a name and a phone."""

    person_id = id_()
    name = fields.String(validate=validate.Length(1, 50))
    phone = fields.String(validate=validate.Length(1, 20))
    callback = one_of("app", "voice", "sms", "visit")
    consent = fields.Boolean(required=True)


class Report(Strict):
    """A report: a text or photos, and a place: a point, a grid or a compound."""

    text = text()
    photos = photos()
    location = fields.Nested(Location)
    grid_code = id_()
    compound_id = id_()
    category = id_(metadata={"examples": ["0101"], "description": "See `/v1/categories`."})
    tags = tags()
    source = one_of(*SOURCES)
    on_behalf_of = fields.Nested(OnBehalfOf)
    anonymous = fields.Boolean()
    complained_unit_id = id_(metadata={"description": "The unit that the report is about, if it is about one."})


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

    status = one_of(*STATUSES)
    category = id_()
    grid = id_(metadata={"description": "A grid code, or the beginning of one."})
    compound_id = id_()
    assignee = one_of("me")
    reported_by = one_of("me")
    offered = fields.Boolean(metadata={"description": "Open offers that have a place left."})
    tag = one_of(*TAGS)
    source = one_of(*SOURCES)
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
