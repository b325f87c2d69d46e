"""The shapes of what people are asked for and changed with."""

from collections.abc import Callable
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from members.people.address import ADDRESSES, Form
from members.people.person import CHANNELS, LANGUAGES, FreeTime
from members.people.skill import SKILLS
from members.schemas import NAME, SHORT


class PersonIdSchema(Schema):
    """One person."""

    person_id = fields.String(required=True, validate=SHORT)


class FreeTimeSchema(Schema):
    """A weekly span: Monday is 0, times of the wall clock in China."""

    weekday = fields.Integer(required=True, validate=validate.Range(0, 6))
    start = fields.Time(required=True, format="%H:%M")
    end = fields.Time(required=True, format="%H:%M")

    @post_load
    def _span(self, data: dict[str, Any], **_: Any) -> FreeTime:
        if data["start"] >= data["end"]:
            raise ValidationError("Ends before it starts.", "end")
        return FreeTime(**data)


def _fits(form: Form) -> Callable[[str], None]:
    def check(text: str) -> None:
        if not form.fits(text):
            raise ValidationError(form.fault)

    return check


AddressesSchema = Schema.from_dict(
    {kind: fields.String(allow_none=True, validate=_fits(form)) for kind, form in ADDRESSES.items()},
    name="AddressesSchema",
)
"""Addresses by their kind; None takes one away."""


class ProfileSchema(Schema):
    """What a person may change of the own profile."""

    name = fields.String(validate=NAME)
    honorific = fields.String(validate=[validate.Length(max=10), NAME])
    language = fields.String(validate=validate.OneOf(LANGUAGES))
    skills = fields.List(fields.String(validate=validate.OneOf(SKILLS)), validate=validate.Length(max=len(SKILLS)))
    declined = fields.List(fields.String(validate=validate.OneOf(CHANNELS)))
    free_times = fields.List(fields.Nested(FreeTimeSchema), validate=validate.Length(max=50))
    addresses = fields.Nested(AddressesSchema)
