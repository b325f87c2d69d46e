"""The shapes of what comes in: arguments of requests, and the fields of the cases' events that are used here."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate, validates

from chassis.event import Malformed
from chassis.schema import Instant
from members.datum import Datum
from members.grid import Level
from members.person import CHANNELS, LANGUAGES, FreeTime, is_phone
from members.skill import SKILLS

GRID_CODE = validate.Regexp(r"\d{15}\Z")
MANY = 500
SHORT = validate.Length(min=1, max=100)
SEEN = "LNPS"
"""Letters, numbers, punctuation and symbols: the categories of Unicode that leave something to be seen."""


def legible(text: str) -> None:
    """Refuse a text in which nothing can be seen, or that holds a control character such as a line break."""
    kinds = {unicodedata.category(character) for character in text}
    if "Cc" in kinds:
        raise ValidationError("Control characters are not allowed.")
    if text and not any(kind[0] in SEEN for kind in kinds):
        raise ValidationError("Nothing can be read in it.")


NAME = validate.And(SHORT, legible)


class PhoneSchema(Schema):
    """A mobile number; made-up ones only while the demo setting is on."""

    phone = fields.String(required=True)

    def __init__(self, *, demo: bool) -> None:
        super().__init__()
        self._demo = demo

    @validates("phone")
    def _is_phone(self, value: str, **_: Any) -> None:
        if not is_phone(value, demo=self._demo):
            raise ValidationError("Not a mobile phone number.")


class ClientSchema(Schema):
    """The address that a sign-in comes from; it is kept as a keyed hash alone."""

    client = fields.String(load_default="", validate=validate.Length(max=100))


class CodeRequestSchema(PhoneSchema, ClientSchema):
    """A phone that a code is to be sent to."""


class CodeSchema(ClientSchema):
    """A sign-in that was begun, and the code that was sent for it."""

    sign_in_id = fields.String(required=True, validate=SHORT)
    code = fields.String(required=True, validate=validate.Regexp(r"\d{6}\Z"))


class PasswordSchema(ClientSchema):
    """A login and its password."""

    login = fields.String(required=True, validate=SHORT)
    password = fields.String(required=True, validate=validate.Length(min=1, max=200))


class RefreshSchema(Schema):
    """A refresh token."""

    refresh_token = fields.String(required=True, validate=validate.Length(min=1, max=500))


class PlaceSchema(Schema):
    """A point in degrees, with its datum where that is not WGS84, and the level of grid that is asked for."""

    lon = fields.Float(required=True, validate=validate.Range(-180, 180))
    lat = fields.Float(required=True, validate=validate.Range(-90, 90))
    crs = fields.Enum(Datum, by_value=True, load_default=Datum.WGS84)
    level = fields.Enum(Level, by_value=True, load_default=Level.SERVICE)


class PointSchema(Schema):
    """A point in WGS84 degrees; whatever else is known of it does not matter here."""

    class Meta:
        """Other fields are passed over."""

        unknown = EXCLUDE

    lon = fields.Float(required=True)
    lat = fields.Float(required=True)


class CandidatesSchema(Schema):
    """What a task needs, when and where."""

    grid_code = fields.String(required=True, validate=GRID_CODE)
    location = fields.Nested(PointSchema, load_default=None, allow_none=True)
    skills = fields.List(fields.String(validate=SHORT), load_default=list, validate=validate.Length(max=20))
    certificates = fields.List(fields.String(validate=SHORT), load_default=list, validate=validate.Length(max=20))
    at = Instant(required=True)
    excluded = fields.List(fields.String(), data_key="exclude", load_default=list, validate=validate.Length(max=MANY))
    limit = fields.Integer(load_default=10, validate=validate.Range(1, 50))


class IdsSchema(Schema):
    """Ids of people or units, within one district if it is named."""

    ids = fields.List(fields.String(validate=SHORT), required=True, validate=validate.Length(max=MANY))
    tenant = fields.String(load_default=None, allow_none=True, validate=validate.Regexp(r"\d{6}\Z"))


class PersonIdSchema(Schema):
    """One person."""

    person_id = fields.String(required=True, validate=SHORT)


class GridCodeSchema(Schema):
    """A grid."""

    grid_code = fields.String(required=True, validate=GRID_CODE)


class PlacesSchema(Schema):
    """A page of places and organisations; `after` is the `next` of the page before."""

    after = fields.String(load_default="", validate=validate.Regexp(r"((grids|compounds|units)/.+)?\Z"))
    limit = fields.Integer(load_default=200, validate=validate.Range(1, MANY))


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


class ProfileSchema(Schema):
    """What a person may change of the own profile."""

    language = fields.String(validate=validate.OneOf(LANGUAGES))
    skills = fields.List(fields.String(validate=validate.OneOf(SKILLS)), validate=validate.Length(max=len(SKILLS)))
    declined = fields.List(fields.String(validate=validate.OneOf(CHANNELS)))
    free_times = fields.List(fields.Nested(FreeTimeSchema), validate=validate.Length(max=50))


class CompoundSchema(Schema):
    """What the office may change of a compound; no property company means unmanaged."""

    name = fields.String(validate=NAME)
    is_old = fields.Boolean()
    property_company_id = fields.String(allow_none=True, validate=SHORT)
    buildings = fields.Integer(validate=validate.Range(0, 10_000))
    households = fields.Integer(validate=validate.Range(0, 100_000))


class GridSchema(Schema):
    """What the office may change of a grid."""

    name = fields.String(validate=NAME)
    population = fields.Integer(validate=validate.Range(0, 10_000_000))


class UnitSchema(Schema):
    """What the office may change of a unit."""

    name = fields.String(validate=NAME)
    grid_codes = fields.List(fields.String(validate=GRID_CODE), validate=validate.Length(min=1, max=MANY))

    @post_load
    def _as_tuple(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {**data, "grid_codes": tuple(data["grid_codes"])} if "grid_codes" in data else data


class AssigneeSchema(Schema):
    """One of those to whom a case is given."""

    class Meta:
        """Other fields are passed over."""

        unknown = EXCLUDE

    id = fields.String(required=True)
    kind = fields.String(required=True)


class CaseEventSchema(Schema):
    """What matching needs of an event of a case."""

    class Meta:
        """Other fields are passed over."""

        unknown = EXCLUDE

    case_id = fields.String(required=True)
    status = fields.String(required=True)
    assignees = fields.List(fields.Nested(AssigneeSchema), required=True)


def heard(data: Mapping[str, Any]) -> dict[str, Any]:
    """What matters here of the event of a case; raises `Malformed`, for trying again would not help."""
    try:
        loaded: dict[str, Any] = CaseEventSchema().load(data)
    except ValidationError as error:
        raise Malformed(f"the data does not fit: {error.messages}") from None
    return loaded
