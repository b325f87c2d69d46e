"""The shapes of calls, of their answers, and of pages of whom they are for."""

from marshmallow import Schema, fields, validate

from chassis.schema import Instant, legible
from members.schemas import GRID_CODE, SHORT, WithoutNumbers

MOST_GRIDS, MOST_SKILLS, MOST_IN_PAGE = 50, 24, 500
TEXT = validate.And(validate.Length(min=1, max=200), legible)


class AudienceSchema(Schema):
    """Who: of these grids, with one of these skills if any is named."""

    grids = fields.List(fields.String(validate=GRID_CODE), required=True, validate=validate.Length(1, MOST_GRIDS))
    skills = fields.List(fields.String(validate=SHORT), load_default=list, validate=validate.Length(max=MOST_SKILLS))


class CallSchema(AudienceSchema):
    """Who is called, what for, and when they are to come."""

    text = WithoutNumbers(required=True, validate=TEXT)
    at = Instant(required=True)
    emergency = fields.Boolean(load_default=False)


class ReplySchema(Schema):
    """Whether somebody comes."""

    coming = fields.Boolean(required=True)


class WithdrawalSchema(Schema):
    """Why nobody need come."""

    reason = WithoutNumbers(required=True, validate=TEXT)


class AnswersSchema(Schema):
    """Of whom is asked whether they have answered a call."""

    call_id = fields.String(required=True, validate=SHORT)
    ids = fields.List(fields.String(validate=SHORT), required=True, validate=validate.Length(max=MOST_IN_PAGE))


class CalledSchema(Schema):
    """A page of whom a call is for: `after` is the `next` of the page before."""

    call_id = fields.String(required=True, validate=SHORT)
    after = fields.String(load_default="", validate=validate.Length(max=100))
    limit = fields.Integer(strict=True, load_default=MOST_IN_PAGE, validate=validate.Range(1, MOST_IN_PAGE))
