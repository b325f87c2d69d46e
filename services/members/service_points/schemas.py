"""The shapes of what points are recorded and asked for with."""

from marshmallow import Schema, fields, validate

from chassis.schema import Day, legible
from members.registrations.registration import POSTS
from members.schemas import DAY, SHORT, WithoutNumbers

MOST_POINTS = 100
MOST_IN_PAGE = 200
SOURCE = validate.Regexp(r"[A-Za-z0-9._:/-]{1,100}\Z", error="Not a source: letters, digits and . _ : / - only.")


class PointsSchema(Schema):
    """What is recorded: for whom, of which day and kind; without a `source` it stands for itself."""

    person_id = fields.String(required=True, validate=SHORT)
    on = Day(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(list(POSTS)))
    points = fields.Integer(required=True, strict=True, validate=validate.Range(1, MOST_POINTS))
    source = fields.String(validate=SOURCE, load_default=None, allow_none=True)
    text = WithoutNumbers(
        validate=validate.And(validate.Length(min=1, max=200), legible), load_default=None, allow_none=True
    )


class PointsPageSchema(Schema):
    """Whose entries: the caller's, unless another person is named."""

    person_id = fields.String(validate=SHORT, load_default=None, allow_none=True)
    after = fields.Tuple(
        (fields.String(validate=DAY), fields.String(validate=SHORT)), load_default=None, allow_none=True
    )
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, MOST_IN_PAGE))
