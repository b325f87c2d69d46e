"""The shapes of what registrations are submitted, decided and asked for with."""

from marshmallow import Schema, fields, validate

from chassis.schema import Day, legible
from members.registrations.registration import ENDINGS, POSTS, REFUSALS, Kind, Status
from members.schemas import AREA, COMMUNITY, DAY, SHORT, WithoutNumbers

MOST_IN_PAGE = 200
LINE = validate.And(validate.Length(min=1, max=200), legible)
TEXT = validate.Length(min=1, max=4000)
QUARTER = validate.Regexp(r"20[0-9]{2}Q[1-4]\Z", error="Not a quarter like 2026Q1.")


class FormSchema(Schema):
    """What every form has: with which community, since when, and the posts that are wished for."""

    community = fields.String(validate=COMMUNITY)
    signed_on = Day()
    posts = fields.List(
        fields.String(validate=validate.OneOf(list(POSTS))), validate=validate.Length(max=len(POSTS)), load_default=list
    )


class UnitFormSchema(FormSchema):
    """The form of a unit's Party organisation."""

    unit_id = fields.String(required=True, validate=SHORT)
    community = fields.String(required=True, validate=COMMUNITY)
    agreement = WithoutNumbers(validate=TEXT, allow_none=True, load_default=None)
    resources = fields.List(WithoutNumbers(validate=LINE), validate=validate.Length(max=50), load_default=list)
    contact_id = fields.String(validate=SHORT, allow_none=True, load_default=None)


class MemberFormSchema(FormSchema):
    """The form of a member: the caller, and the caller's unit, unless others are named."""

    person_id = fields.String(validate=SHORT)
    unit_id = fields.String(validate=SHORT)


class TransferSchema(Schema):
    """With which community somebody registers instead."""

    community = fields.String(required=True, validate=COMMUNITY)
    signed_on = Day()


class RefuseSchema(Schema):
    """Why it is refused."""

    reason_code = fields.String(required=True, validate=validate.OneOf(REFUSALS))


class EndSchema(Schema):
    """Why it ends."""

    reason_code = fields.String(required=True, validate=validate.OneOf(ENDINGS))


class FiltersSchema(Schema):
    """Which registrations a list holds."""

    area = fields.String(validate=AREA)
    unit_id = fields.String(validate=SHORT)
    person_id = fields.String(validate=SHORT)
    kind = fields.String(validate=validate.OneOf([kind.value for kind in Kind]))
    status = fields.String(validate=validate.OneOf([status.value for status in Status]))


class PageSchema(Schema):
    """Which page: `after` is the `next` of the page before."""

    filters = fields.Nested(FiltersSchema, load_default=dict)
    after = fields.Tuple(
        (fields.String(validate=DAY), fields.String(validate=SHORT)), load_default=None, allow_none=True
    )
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, MOST_IN_PAGE))


class RateSchema(Schema):
    """As of which local day."""

    as_of = Day(load_default=None, allow_none=True)


class QuarterSchema(Schema):
    """A quarter of the local calendar."""

    quarter = fields.String(required=True, validate=QUARTER)
