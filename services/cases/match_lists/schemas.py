"""The shapes of what the match lists are told and asked."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from cases.listing_schemas import AREA, MOST_IN_PAGE
from cases.match_lists.demand import UNMET_REASONS, Source
from cases.match_lists.lists import List
from cases.match_lists.project import CANCEL_REASONS, Act
from cases.match_lists.resource import Kind
from cases.schemas import CATEGORY, CHANNELS, ID, PHONE, Label, MaskedText, PlaceSchema, Text, ids, labels, one_of, tags
from chassis.schema import Day, Instant

MOST_SKILLS = 20
MOST_AREAS = 50
MOST_CAPACITY = 1_000
MOST_NEEDS = 50
MOST_DEMANDS = 200
MOST_RESOURCES = 20
MOST_CASES = 50
MOST_MATCHES = 50

WORD = validate.Length(min=1, max=50)
TITLE = validate.Length(min=1, max=100)


class AskerSchema(Schema):
    """Who asks, if it is not the caller: an account, or how somebody wants to be called; no field takes an ID."""

    person_id = fields.String(validate=ID)
    nickname = fields.String(validate=WORD)
    phone = fields.String(validate=PHONE)
    platform = Label(validate=WORD)
    callback = one_of(CHANNELS, load_default="voice")
    consent = fields.Boolean(required=True, validate=validate.Equal(True, error="Not without consent."))


class NeedSchema(Schema):
    """What is asked for."""

    text = Text(required=True)
    category = fields.String(validate=CATEGORY)
    skills = labels(MOST_SKILLS)
    tags = tags()
    until = Day()


class AskedWhereSchema(PlaceSchema):
    """Where, by whom, and by which way it was heard."""

    source = one_of(Source)
    source_id = fields.String(validate=ID)
    asker = fields.Nested(AskerSchema)

    @validates_schema
    def _place_named(self, data: Mapping[str, Any], **_: Any) -> None:
        if not {"location", "grid_code", "compound_id"} & set(data):
            raise ValidationError("Name a point, a grid or a compound.", "location")


class DemandSchema(AskedWhereSchema, NeedSchema):
    """One demand."""


class VisitSchema(AskedWhereSchema):
    """All that was asked for at one visit."""

    source = one_of([Source.DOOR_KNOCK, Source.COMMUNITY], load_default=Source.DOOR_KNOCK.value)
    source_id = fields.String(required=True, validate=ID)
    needs = fields.List(fields.Nested(NeedSchema), required=True, validate=validate.Length(min=1, max=MOST_NEEDS))


class UnmetSchema(Schema):
    """Why it will not be met."""

    reason_code = one_of(UNMET_REASONS, required=True)


class ReasonSchema(Schema):
    """Why somebody has to reach the asker."""

    reason = MaskedText(required=True)


class ChangeSchema(Schema):
    """What may be told anew of a resource."""

    text = Text()
    serves = fields.List(fields.String(validate=AREA), validate=validate.Length(min=1, max=MOST_AREAS))
    skills = labels(MOST_SKILLS)
    categories = fields.List(fields.String(validate=CATEGORY), validate=validate.Length(max=MOST_SKILLS))
    since = Day(allow_none=True)
    until = Day(allow_none=True)
    capacity = fields.Integer(strict=True, validate=validate.Range(1, MOST_CAPACITY))


class ResourceSchema(ChangeSchema):
    """A resource."""

    kind = one_of(Kind, required=True)
    text = Text(required=True)
    serves = fields.List(fields.String(validate=AREA), required=True, validate=validate.Length(min=1, max=MOST_AREAS))


class ProjectSchema(Schema):
    """What a project is made of."""

    title = fields.String(required=True, validate=TITLE)
    text = Text()
    demands = ids(MOST_DEMANDS)
    resources = ids(MOST_RESOURCES)
    cases = ids(MOST_CASES)


class CancelSchema(Schema):
    """Why it is given up."""

    reason_code = one_of(CANCEL_REASONS, required=True)


class MoveSchema(Schema):
    """What is done with a project."""

    act = one_of(Act, required=True)


class MatchSchema(Schema):
    """How many matches."""

    limit = fields.Integer(strict=True, load_default=10, validate=validate.Range(1, MOST_MATCHES))


class PageSchema(Schema):
    """Which page of a list: `after` is the `next` of the page before."""

    after = fields.Tuple((Instant(), fields.String(validate=ID)), load_default=None, allow_none=True)
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, MOST_IN_PAGE))


class LinesSchema(Schema):
    """Which lines a list holds; each list knows some of these."""

    status = fields.String(validate=WORD)
    category = fields.String(validate=CATEGORY)
    compound_id = fields.String(validate=ID)
    skill = fields.String(validate=ID)
    tag = fields.String(validate=WORD)
    source = fields.String(validate=WORD)
    source_id = fields.String(validate=ID)
    kind = fields.String(validate=WORD)
    owner_id = fields.String(validate=ID)


class BoardSchema(PageSchema):
    """One list of an area."""

    area = fields.String(required=True, validate=AREA)
    list = one_of(List, load_default=List.DEMAND.value)
    filters = fields.Nested(LinesSchema, load_default=dict)
