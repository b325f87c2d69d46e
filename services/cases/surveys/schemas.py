"""The shapes of what surveys are drafted, changed, answered and asked for with."""

from marshmallow import Schema, fields, validate

from cases.listing_schemas import MOST_IN_PAGE
from cases.schemas import GRID_CODE, ID, Label, one_of
from cases.surveys.survey import Act, Status
from chassis.schema import Day, Instant, legible

LONGEST_TITLE, LONGEST_METHOD = 100, 1_000

SURVEYED = validate.Regexp(r"[0-9]{6}([0-9]{3}){0,2}\Z", error="Not the code of a district, a town or a community.")


class TitleSchema(Schema):
    """What it is called, in both languages."""

    zh = Label(required=True, validate=[validate.Length(min=1, max=LONGEST_TITLE), legible])
    en = Label(required=True, validate=[validate.Length(min=1, max=LONGEST_TITLE), legible])


class MethodSchema(Schema):
    """How people are asked, in both languages."""

    zh = Label(required=True, validate=validate.Length(min=1, max=LONGEST_METHOD))
    en = Label(required=True, validate=validate.Length(min=1, max=LONGEST_METHOD))


class DraftSchema(Schema):
    """A survey."""

    area = fields.String(required=True, validate=SURVEYED)
    title = fields.Nested(TitleSchema, required=True)
    method = fields.Nested(MethodSchema, required=True)
    first_day = Day(required=True)
    last_day = Day(required=True)


class ChangeSchema(Schema):
    """What is told anew of a draft."""

    title = fields.Nested(TitleSchema)
    method = fields.Nested(MethodSchema)
    first_day = Day()
    last_day = Day()


class ActSchema(Schema):
    """Which act."""

    act = one_of(Act, required=True)


class ScoresSchema(Schema):
    """The scores of those scales that are not skipped; which there are the rules say."""

    sense_of_gain = fields.Integer(strict=True)
    sense_of_belonging = fields.Integer(strict=True)
    sense_of_happiness = fields.Integer(strict=True)
    sense_of_safety = fields.Integer(strict=True)


class AnswerSchema(Schema):
    """One answer, and the grid for which it counts."""

    scores = fields.Nested(ScoresSchema, required=True)
    grid_code = fields.String(allow_none=True, load_default=None, validate=GRID_CODE)


class PageSchema(Schema):
    """A page of the surveys of an area, or of the caller's districts."""

    area = fields.String(load_default=None, allow_none=True, validate=SURVEYED)
    status = one_of(Status, load_default=None, allow_none=True)
    after = fields.Tuple((Instant(), fields.String(validate=ID)), load_default=None, allow_none=True)
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, MOST_IN_PAGE))
