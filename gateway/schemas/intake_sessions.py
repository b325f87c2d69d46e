"""Intake sessions: who was there, what came up, and what became of it."""

from typing import Any

from marshmallow import fields, validate

from gateway.schemas.case_views import CaseLine, Open
from gateway.schemas.cases import Location, tags
from gateway.schemas.duplicates import Duplicate
from gateway.schemas.fields import (
    QueryInteger,
    QueryTruth,
    Strict,
    Truth,
    day,
    id_,
    ids,
    instant,
    one_of,
    phone,
    reason,
    shown_instant,
    text,
    word,
)
from gateway.schemas.match_list_views import DemandView
from gateway.schemas.paging import PageQuery, next_cursor

MOST_ITEMS = 500
MOST_ATTENDEES = 500
MOST_PEOPLE = 10_000
MOST_SKILLS = 20

KINDS = ("evening_talk", "forum", "home_visit", "register")
SOURCES = ("SESSION", "PHONE", "12345")
STAGES = ("held", "decided", "done")
FORMS = ("case", "need")
CHANNELS = ("app", "voice", "sms", "visit")


def kind(**options: Any) -> fields.String:
    """How people were listened to."""
    return one_of(*KINDS, required=True, **options)


def area() -> fields.String:
    """Where a session was held."""
    meaning = "The community (12 digits) or the grid (15) in which it was held."
    return id_(required=True, metadata={"description": meaning, "examples": ["360704100002"]})


def source() -> fields.String:
    """How it came in."""
    return one_of(*SOURCES)


class Attendee(Strict):
    """Somebody who wants to hear what comes of it, and agreed to that: an account, or a phone."""

    person_id = id_()
    name = word(50)
    phone = phone()
    callback = one_of(*CHANNELS)
    consent = Truth(required=True)


class Item(Strict):
    """One matter: a case, or a need for the match lists. Without a place it is where the session was held."""

    form = one_of(*FORMS)
    text = text(required=True)
    category = id_(metadata={"description": "A category by its code or its name.", "examples": ["0101"]})
    location = fields.Nested(Location)
    grid_code = id_()
    compound_id = id_()
    compound_name = word(100, metadata={"description": "A compound of the area by its name, instead of its id."})
    tags = tags()
    asker = fields.Nested(Attendee, metadata={"description": "Who asked, if that is known: the case's reporter."})
    complained_unit_id = id_()
    external_number = word(50, metadata={"description": "The hotline's own number, in a register of the hotline."})
    skills = ids(MOST_SKILLS, metadata={"description": "Of a need."})
    until = day()


class IntakeSession(Strict):
    """A session with everything that came up."""

    kind = kind()
    area = area()
    compound_id = id_(metadata={"description": "Where it was held, and where items are that name no place."})
    held_at = instant(required=True)
    source = source()
    attendance = fields.Integer(
        strict=True,
        validate=validate.Range(0, MOST_PEOPLE),
        metadata={"description": "How many were there; at least as many as left a contact."},
    )
    attendees = fields.List(fields.Nested(Attendee), validate=validate.Length(max=MOST_ATTENDEES))
    items = fields.List(fields.Nested(Item), required=True, validate=validate.Length(1, MOST_ITEMS))


class SheetQuery(Strict):
    """What a sheet does not say of its session, and whether it is only looked at."""

    kind = kind()
    area = area()
    compound_id = id_()
    held_at = id_(required=True, metadata={"format": "date-time"})
    source = source()
    attendance = QueryInteger(validate=validate.Range(0, MOST_PEOPLE))
    check = QueryTruth(metadata={"description": "Only look: nothing is kept."})


class ItemReceipt(Open):
    """What an item became, and which open cases may be about the same thing."""

    form = fields.String(required=True, metadata={"enum": list(FORMS)})
    id = fields.String(metadata={"description": "The case or the demand."})
    number = fields.String(allow_none=True)
    known = fields.Boolean(
        required=True, metadata={"description": "The hotline's number was a case already; nothing was opened."}
    )
    duplicates = fields.List(
        fields.Nested(Duplicate),
        required=True,
        allow_none=True,
        metadata={
            "description": "Of the first fifty new cases, of fewer where very much is open around them; null for the "
            "others, whose own `duplicates` tell of them."
        },
    )


class IntakeSessionReceipt(Open):
    """What was kept."""

    session_id = fields.String(required=True)
    version = fields.Integer(required=True)
    at = shown_instant(required=True)
    event_id = fields.String(required=True)
    items = fields.List(fields.Nested(ItemReceipt), required=True)


class LineReceipt(ItemReceipt):
    """What a line became."""

    line = fields.Integer(required=True, metadata={"description": "As an office program numbers it."})


class SheetReport(Open):
    """What became of a sheet, line by line; without an id when it was only looked at."""

    session_id = fields.String()
    version = fields.Integer()
    at = shown_instant()
    event_id = fields.String()
    items = fields.List(fields.Nested(LineReceipt), required=True)


class IntakeSessionCheck(Open):
    """What would be kept."""

    items = fields.List(fields.Nested(ItemReceipt), required=True)


class IntakeSessionLine(Open):
    """One session."""

    session_id = fields.String(required=True)
    version = fields.Integer(required=True)
    kind = fields.String(required=True, metadata={"enum": list(KINDS)})
    area = fields.String(required=True)
    compound_id = fields.String(required=True, allow_none=True)
    host_id = fields.String(required=True)
    held_at = shown_instant(required=True)
    opened_at = shown_instant(required=True)
    source = fields.String(required=True)
    attendance = fields.Integer(required=True)
    left_contact = fields.Integer(required=True)
    item_count = fields.Integer(required=True)
    stage = fields.String(
        required=True,
        metadata={"enum": list(STAGES), "description": "How far it has come of what attendees were told last."},
    )


class IntakeSessionList(Open):
    """A page of sessions, those held last first."""

    items = fields.List(fields.Nested(IntakeSessionLine), required=True)
    next = next_cursor()


class AttendeeShown(Open):
    """Somebody who left a contact, masked."""

    person_id = fields.String(required=True, allow_none=True)
    name = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    callback = fields.String(required=True)


class ItemShown(Open):
    """An item, and where it stands."""

    form = fields.String(required=True)
    id = fields.String(required=True)
    number = fields.String(required=True, allow_none=True)
    known = fields.Boolean(required=True)
    case = fields.Nested(CaseLine, required=True, allow_none=True)
    demand = fields.Nested(DemandView, required=True, allow_none=True)


class IntakeSessionView(IntakeSessionLine):
    """A session with its items."""

    attendees = fields.List(fields.Nested(AttendeeShown), required=True)
    items = fields.List(fields.Nested(ItemShown), required=True)


class SessionQuery(PageQuery):
    """Whose sessions."""

    area = id_(
        required=True,
        metadata={"description": "A grid code of 15 digits, or its first 6, 9 or 12.", "examples": ["360704"]},
    )


class AttendeesAsked(Strict):
    """Why they have to be reached; the host needs no reason."""

    reason = reason()


class AttendeeContact(Open):
    """How to reach somebody, in full."""

    name = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True)
    callback = fields.String(required=True)


class AttendeeContacts(Open):
    """Those who left a phone and have no account."""

    items = fields.List(fields.Nested(AttendeeContact), required=True)
