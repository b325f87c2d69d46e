"""How cases are reported and asked for."""

from typing import Any

from marshmallow import fields, validate

from gateway.schemas.case_views import OVERDUE
from gateway.schemas.fields import (
    QueryTruth,
    Strict,
    Truth,
    datum,
    different,
    id_,
    ids,
    latitude,
    longitude,
    one_of,
    phone,
    reason,
    text,
    word,
)
from gateway.schemas.paging import PageQuery

MOST_PHOTOS = 9
TAGS = ("elderly", "child", "disabled", "urgent", "hard", "worrying", "hoped", "enquiry")
CALLBACKS = ("app", "voice", "sms", "visit")
"""How somebody without an account is to be told."""

SOURCES = ("APP", "PATROL", "SNAP", "12345", "PHONE", "SESSION", "OPEN311")
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


PRIORITY = "priority"
EXCLUSION_STATES = ("proposed", "approved", "refused")
"""The order of a list in which what presses most comes first."""


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
    crs = datum()


class OnBehalfOf(Strict):
    """Somebody for whom a worker files the report, with their consent: an account, or a name and a phone."""

    person_id = id_()
    name = word(50)
    phone = phone()
    callback = one_of(*CALLBACKS)
    consent = Truth(required=True)


IN_COMPOUND = (
    "The compound that it is in. It is not guessed from a point: without it the case is on no compound's page, and "
    "moves no compound up in the rotation of service days."
)


class WhatHappened(Strict):
    """What happened and where: a text or photos, and a point, a grid, a compound or an asset."""

    text = text()
    photos = photos()
    location = fields.Nested(Location)
    grid_code = id_()
    compound_id = id_(metadata={"description": IN_COMPOUND})
    category = id_(metadata={"examples": ["0101"], "description": "See `/v1/categories`."})
    tags = tags()
    complained_unit_id = id_(metadata={"description": "The unit that the report is about, if it is about one."})
    asset_id = id_(metadata={"description": "The fixed asset that it is about; where it stands is place enough."})


class Report(WhatHappened):
    """A report: a text or photos, and a place: a point, a grid, a compound or an asset."""

    source = one_of(*SOURCES)
    on_behalf_of = fields.Nested(OnBehalfOf)
    anonymous = Truth()
    patrol_id = id_(metadata={"description": "The patrol on which it was found; with the source PATROL alone."})
    external_number = word(
        50, metadata={"description": "The hotline's own number of what it transfers; arriving twice, it counts once."}
    )


class CaseQuery(PageQuery):
    """Which cases."""

    number = id_(
        metadata={
            "description": "The number that people were told; capital or small letters.",
            "examples": ["360704-20260312-7K3F9Q"],
        }
    )
    external_number = word(50, metadata={"description": "The hotline's own number."})
    status = one_of(*STATUSES)
    category = id_()
    grid = id_(
        metadata={
            "description": "A grid code of 15 digits, or its first 6 (district), 9 (town) or 12 (community).",
            "examples": ["360704100002"],
        }
    )
    compound_id = id_()
    assignee = one_of("me")
    reported_by = one_of("me")
    offered = QueryTruth(metadata={"description": "Open offers that have a place left."})
    tag = one_of(*TAGS)
    source = one_of(*SOURCES)
    overdue = QueryTruth(metadata={"description": OVERDUE})
    exclusion = one_of(*EXCLUSION_STATES)
    order = one_of(PRIORITY)


class CategoryQuery(Strict):
    """Which version of the categories: by its name, or the one in force in a district.

    With neither it is that of the caller's own district. Who is not signed in, or belongs to several districts or to
    none, gets the latest of those that come with the service.
    """

    version = id_()
    area = id_(metadata={"description": "A district, 6 digits.", "examples": ["360704"]})


class ContactCorrection(Strict):
    """What is right of how the reporter is reached; what is not told anew stays."""

    name = word(50)
    phone = phone()
    callback = one_of(*CALLBACKS)


class Reveal(Strict):
    """Why somebody has to reach the reporter; it is written down."""

    reason = reason()
