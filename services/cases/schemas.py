"""The shapes of what comes in: reports, and what a photo or a name is asked for with; fields that others use too."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from cases.case import Source, Tag
from cases.photo import FULL, SIZES
from chassis.privacy import masked_text
from chassis.schema import seen

LONGEST_TEXT = 4_000
MOST_PHOTOS = 9

CATEGORY = validate.Regexp(r"[0-9]{4}\Z", error="Not a category of four digits.")
GRID_CODE = validate.Regexp(r"[0-9]{15}\Z", error="Not a grid code of 15 digits.")
EXTERNAL_NUMBER = validate.Regexp(r"[0-9A-Za-z][0-9A-Za-z./_-]{0,49}\Z", error="Not a number of another system.")
PHONE = validate.Regexp(r"1[0-9]{10}\Z", error="Not a mobile phone number.")
ID = validate.Length(min=1, max=100)
CONTACTS = ("phone", "message", "visit")
CHANNELS = ("app", "voice", "sms", "visit")


class Text(fields.String):
    """What somebody wrote: at most 4,000 characters, without the blanks around it.

    Blanks alone are nothing, also those without any width: a reason that nobody can read is none.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=[validate.Length(min=1, max=LONGEST_TEXT), seen], **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        return text.strip()


class MaskedText(Text):
    """Likewise, of what is passed on to others: phones and identity numbers are masked when it is taken."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return masked_text(super()._deserialize(value, attr, data, **kwargs))


class Label(fields.String):
    """A name or a word that others are shown: phones and identity numbers are masked when it is taken (§5)."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return masked_text(super()._deserialize(value, attr, data, **kwargs))


def labels(most: int) -> fields.List[Any]:
    """A list of different words, at most so many."""
    return fields.List(Label(validate=ID), validate=[validate.Length(max=most), different])


def ids(most: int, least: int | None = None, **options: Any) -> fields.List[Any]:
    """A list of different ids, at most so many."""
    many = validate.Length(min=least, max=most)
    return fields.List(fields.String(validate=ID), validate=[many, different], **options)


def different(values: list[Any]) -> None:
    """Refuse a list in which something occurs twice."""
    if len(set(values)) != len(values):
        raise ValidationError("The same value occurs twice.")


def one_of(values: Any, **options: Any) -> fields.String:
    """One of these codes."""
    return fields.String(validate=validate.OneOf([str(value) for value in values]), **options)


def photos() -> fields.List[Any]:
    """Ids of photos that were uploaded before."""
    return ids(MOST_PHOTOS)


def tags() -> fields.List[Any]:
    """Marks on a report."""
    return fields.List(one_of(Tag), validate=[validate.Length(max=len(Tag)), different])


class LocationSchema(Schema):
    """A point in degrees, and the reference system in which it was measured."""

    lon = fields.Float(required=True, validate=validate.Range(-180, 180))
    lat = fields.Float(required=True, validate=validate.Range(-90, 90))
    crs = fields.String(validate=validate.Length(min=1, max=20))


class OnBehalfOfSchema(Schema):
    """Who cannot report for himself: an account, or a name and a phone; with his consent."""

    person_id = fields.String(validate=ID)
    name = fields.String(validate=validate.Length(min=1, max=50))
    phone = fields.String(validate=PHONE)
    callback = one_of(CHANNELS, load_default="voice")
    consent = fields.Boolean(required=True, validate=validate.Equal(True, error="Not without consent."))


class PlaceSchema(Schema):
    """Where something is: a point, a grid or a compound."""

    location = fields.Nested(LocationSchema)
    grid_code = fields.String(validate=GRID_CODE)
    compound_id = fields.String(validate=ID)


class PlainReportSchema(PlaceSchema):
    """What happened and where, not yet asked whether there is a text or a photo."""

    text = Text()
    photos = photos()
    category = fields.String(validate=CATEGORY)
    tags = tags()
    complained_unit_id = fields.String(validate=ID)
    asset_id = fields.String(validate=ID)

    @validates_schema
    def _place_named(self, data: Mapping[str, Any], **_: Any) -> None:
        if not {"location", "grid_code", "compound_id", "asset_id"} & set(data):
            raise ValidationError("Name a point, a grid or a compound.", "location")


class ReportSchema(PlainReportSchema):
    """The same of somebody with an account, who may file for others and says where it comes from."""

    source = one_of(Source, load_default=Source.APP.value)
    on_behalf_of = fields.Nested(OnBehalfOfSchema)
    anonymous = fields.Boolean()
    external_number = fields.String(validate=EXTERNAL_NUMBER)
    patrol_id = fields.String(validate=ID)

    @validates_schema
    def _anonymous_for_nobody(self, data: Mapping[str, Any], **_: Any) -> None:
        if data.get("anonymous") and data.get("on_behalf_of"):
            raise ValidationError("Nobody is named in an anonymous report.", "on_behalf_of")


class PhotoSchema(Schema):
    """Which photo."""

    photo_id = fields.String(required=True, validate=ID)


class TicketSchema(Schema):
    """What a ticket is for."""

    intent = one_of(["upload", "download"], required=True)
    photo_id = fields.String(validate=ID)
    size = one_of(SIZES, load_default=FULL)

    @validates_schema
    def _photo_named(self, data: Mapping[str, Any], **_: Any) -> None:
        if data["intent"] == "download" and "photo_id" not in data:
            raise ValidationError("Name the photo.", "photo_id")


class ContactSchema(Schema):
    """What is right of a contact; what is not told anew stays."""

    name = fields.String(validate=validate.Length(min=1, max=50))
    phone = fields.String(validate=PHONE)
    callback = one_of(CHANNELS)

    @validates_schema
    def _something_told(self, data: Mapping[str, Any], **_: Any) -> None:
        if not data:
            raise ValidationError("Say what is right.", "phone")


class RevealSchema(Schema):
    """Why somebody has to reach the reporter."""

    reason = MaskedText(allow_none=True)
