"""The shapes of what is said about stars."""

from marshmallow import Schema, fields, validate

from members.schemas import AREA, NAME, SHORT
from members.stars.star import HOURS

MOST_IN_PAGE = 200


class StarSchema(Schema):
    """Which star is accepted."""

    star = fields.Integer(required=True, strict=True, validate=validate.OneOf(list(HOURS)))


class AgreeSchema(Schema):
    """To which version of the text somebody agrees who wants to be on the public list."""

    text_version = fields.String(required=True, validate=NAME)


class StarsSchema(Schema):
    """A page of the public list of an area."""

    area = fields.String(required=True, validate=AREA)
    after = fields.Tuple(
        (fields.String(validate=SHORT), fields.String(validate=SHORT)), load_default=None, allow_none=True
    )
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, MOST_IN_PAGE))
