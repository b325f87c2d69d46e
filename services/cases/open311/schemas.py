"""The shapes of what is asked for and filed over Open311."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from cases.open311.offer import WEIGHS_ON
from cases.open311.request import LONGEST
from cases.schemas import ID, PHONE, Text, different, one_of, photos
from chassis.schema import Instant, one_line

MOST_NAMED = 100
"""Numbers or categories that one question may name."""
MOST_IN_PAGE = 1_000
MOST_SKIPPED = 100_000
"""How far into a list a page may lie: beyond it a narrower question is quicker."""

MARKUP = re.compile(r"<[/!?]?[A-Za-z][^<>]*>")
OPEN_OR_CLOSED = ("open", "closed")


def plain(text: str) -> None:
    """Refuse HTML: the standard allows none in a description."""
    if MARKUP.search(text):
        raise ValidationError("HTML is not allowed.")


class Number(fields.Float):
    """A number, and no text: what can be read as one comes as one."""

    def _validated(self, value: Any) -> float:
        if isinstance(value, str):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


class JurisdictionSchema(Schema):
    """Which district."""

    jurisdiction = fields.String(required=True, validate=ID)


class ServiceSchema(JurisdictionSchema):
    """Which service."""

    service_code = fields.String(required=True, validate=ID)


class RequestSchema(JurisdictionSchema):
    """Which request."""

    number = fields.String(required=True, validate=ID)
    with_history = fields.Boolean(load_default=False)


class RequestsSchema(JurisdictionSchema):
    """Which requests: by their numbers alone, or all that was asked for besides."""

    numbers = fields.List(
        fields.String(validate=ID), validate=validate.Length(max=MOST_NAMED, error="At most {max} at once.")
    )
    codes = fields.List(
        fields.String(validate=ID), validate=validate.Length(max=MOST_NAMED, error="At most {max} at once.")
    )
    since = Instant()
    until = Instant()
    updated_since = Instant()
    updated_until = Instant()
    statuses = fields.List(one_of(OPEN_OR_CLOSED))
    page = fields.Integer(strict=True, load_default=1, validate=validate.Range(1, MOST_SKIPPED))
    page_size = fields.Integer(strict=True, load_default=MOST_IN_PAGE, validate=validate.Range(1, MOST_IN_PAGE))
    with_history = fields.Boolean(load_default=False)

    @validates_schema(skip_on_field_errors=False)
    def _within_ninety_days(self, data: Mapping[str, Any], **_: Any) -> None:
        wrong = {}
        for begins, ends in (("since", "until"), ("updated_since", "updated_until")):
            length = data[ends] - data[begins] if begins in data and ends in data else timedelta(0)
            if length < timedelta(0):
                wrong[ends] = ["It ends before it begins."]
            if length > LONGEST:
                wrong[ends] = ["At most 90 days at once."]
        if wrong:
            raise ValidationError(wrong)

    @validates_schema(skip_on_field_errors=False)
    def _not_too_far(self, data: Mapping[str, Any], **_: Any) -> None:
        if data.get("page", 1) * data.get("page_size", 1) > MOST_SKIPPED:
            raise ValidationError("Narrow the question: a list ends after 100,000 requests.", "page")


class FilingSchema(JurisdictionSchema):
    """A report as Open311 has it."""

    service_code = fields.String(required=True, validate=ID)
    description = Text()
    lat = Number(validate=validate.Range(-90, 90))
    long = Number(validate=validate.Range(-180, 180))
    address_string = fields.String(validate=[validate.Length(min=1, max=200), plain])
    address_id = fields.String(validate=ID)
    compound = fields.String(validate=ID)
    asset = fields.String(validate=ID)
    weighs_on = fields.List(one_of(WEIGHS_ON), validate=different)
    first_name = fields.String(validate=[validate.Length(min=1, max=24), one_line])
    last_name = fields.String(validate=[validate.Length(min=1, max=24), one_line])
    phone = fields.String(validate=PHONE)
    photos = photos()

    @validates_schema(skip_on_field_errors=False)
    def _plain(self, data: Mapping[str, Any], **_: Any) -> None:
        if "description" in data and MARKUP.search(data["description"]):
            raise ValidationError("HTML is not allowed.", "description")

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def _placed(self, data: Mapping[str, Any], named: Mapping[str, Any], **_: Any) -> None:
        """By what is named: that one of these is wrong is said of it already."""
        if ("lat" in named) != ("long" in named):
            raise ValidationError("lat and long belong together.", "long" if "lat" in named else "lat")
        if not {"lat", "address_string", "address_id"} & set(named):
            raise ValidationError("Name lat and long, address_string or address_id.", "lat")
