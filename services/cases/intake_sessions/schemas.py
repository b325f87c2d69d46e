"""The shapes of an intake session as it is typed in: who was there, and item by item what came up."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from cases.case import Source
from cases.intake_sessions.intake_session import Form, Kind
from cases.listing_schemas import MOST_IN_PAGE
from cases.schemas import CHANNELS, EXTERNAL_NUMBER, ID, PHONE, MaskedText, PlaceSchema, Text, labels, one_of, tags
from chassis.schema import Day, Instant

MOST_ITEMS = 500
MOST_ATTENDEES = 500
MOST_PEOPLE = 10_000
MOST_SKILLS = 20

PLACE_OF_SESSION = validate.Regexp(
    r"[0-9]{12}([0-9]{3})?\Z", error="Not a community's code of 12 digits or a grid's of 15."
)
SOURCES = (Source.SESSION, Source.PHONE, Source.HOTLINE)


class AttendeeSchema(Schema):
    """Somebody who wants to hear what comes of it, and who agreed to leave a phone or has an account."""

    person_id = fields.String(validate=ID)
    name = fields.String(validate=validate.Length(min=1, max=50))
    phone = fields.String(validate=PHONE)
    callback = one_of(CHANNELS, load_default="voice")
    consent = fields.Boolean(required=True, validate=validate.Equal(True, error="Not without consent."))

    @validates_schema
    def _reachable(self, data: Mapping[str, Any], **_: Any) -> None:
        if not {"person_id", "phone"} & set(data):
            raise ValidationError("Give a phone, or the id of a person with an account.", "phone")


class ItemSchema(PlaceSchema):
    """One matter that came up; where it says no place, it is where the session was held."""

    form = one_of(Form, load_default=Form.CASE.value)
    text = Text(required=True)
    category = fields.String(validate=validate.Length(min=1, max=50))
    compound_name = fields.String(validate=validate.Length(min=1, max=100))
    tags = tags()
    asker = fields.Nested(AttendeeSchema)
    complained_unit_id = fields.String(validate=ID)
    external_number = fields.String(validate=EXTERNAL_NUMBER)
    skills = labels(MOST_SKILLS)
    until = Day()


class IntakeSessionSchema(Schema):
    """A session; its items are looked at one by one."""

    kind = one_of(Kind, required=True)
    area = fields.String(required=True, validate=PLACE_OF_SESSION)
    compound_id = fields.String(validate=ID)
    held_at = Instant(required=True)
    source = one_of(SOURCES, load_default=Source.SESSION.value)
    attendance = fields.Integer(strict=True, load_default=0, validate=validate.Range(0, MOST_PEOPLE))
    attendees = fields.List(
        fields.Nested(AttendeeSchema), load_default=list, validate=validate.Length(max=MOST_ATTENDEES)
    )
    items = fields.List(fields.Dict(), required=True, validate=validate.Length(min=1, max=MOST_ITEMS))


class SessionPageSchema(Schema):
    """Which page of an area's sessions."""

    area = fields.String(required=True, validate=validate.Regexp(r"[0-9]{6}([0-9]{3}){0,3}\Z"))
    after = fields.Tuple((Instant(), fields.String(validate=ID)), load_default=None, allow_none=True)
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, MOST_IN_PAGE))


class AttendeesSchema(Schema):
    """Why somebody has to reach the attendees."""

    reason = MaskedText(allow_none=True, load_default=None)
