"""The shapes of what patrols are begun, followed and ended with, and of the events that tell what they found."""

from marshmallow import EXCLUDE, Schema, fields, validate

from chassis.datum import Datum
from chassis.schema import Instant, legible
from members.posts.schemas import MOST_IN_PAGE
from members.schemas import AREA, GRID_CODE, SHORT, WithoutNumbers

MOST_AT_ONCE = 500
"""How many points are told at once."""


class StartSchema(Schema):
    """Where, since when unless it is now, and to which text the person agreed."""

    grid_code = fields.String(required=True, validate=GRID_CODE)
    text_version = fields.String(required=True, validate=validate.And(SHORT, legible))
    started_at = Instant(load_default=None, allow_none=True)


class StopSchema(Schema):
    """When it ended, unless it is now."""

    stopped_at = Instant(load_default=None, allow_none=True)


class PointsSchema(Schema):
    """Points of which each is looked at by itself, and the datum that all of them are in."""

    items = fields.List(fields.Dict(keys=fields.String()), required=True, validate=validate.Length(1, MOST_AT_ONCE))
    crs = fields.Enum(Datum, by_value=True, load_default=Datum.WGS84)


class PointSchema(Schema):
    """A point of the track, in degrees; `point_id` is what it is recognised by."""

    point_id = fields.String(required=True, validate=validate.Regexp(r"[\x21-\x7e]{1,64}\Z"))
    at = Instant(required=True)
    lon = fields.Float(required=True, allow_nan=False, validate=validate.Range(-180, 180))
    lat = fields.Float(required=True, allow_nan=False, validate=validate.Range(-90, 90))


class PatrolPageSchema(Schema):
    """Which page, the latest first: the caller's own, unless an area is named."""

    area = fields.String(validate=AREA, load_default=None, allow_none=True)
    after = fields.Tuple((Instant(), fields.String(validate=SHORT)), load_default=None, allow_none=True)
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, MOST_IN_PAGE))


class FindingPageSchema(Schema):
    """Which page of what somebody found, the latest first."""

    after = fields.Tuple((Instant(), fields.String(validate=SHORT)), load_default=None, allow_none=True)
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, MOST_IN_PAGE))


class ReasonSchema(Schema):
    """Why somebody has to see where another went."""

    reason = WithoutNumbers(required=True, validate=validate.And(validate.Length(min=1, max=500), legible))


class BySchema(Schema):
    """Who did it."""

    class Meta:
        """Other fields are passed over."""

        unknown = EXCLUDE

    id = fields.String(load_default=None, allow_none=True)


class CaseSchema(Schema):
    """What is needed of the event of a case."""

    class Meta:
        """Other fields are passed over."""

        unknown = EXCLUDE

    case_id = fields.String(required=True)
    patrol_id = fields.String(load_default=None, allow_none=True)
    target_case_id = fields.String(load_default=None, allow_none=True)
    by = fields.Nested(BySchema, load_default=dict)
