"""The shapes of what posts are assigned, ended and asked for with, and of the events that end them."""

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, validate

from chassis.event import heard
from chassis.schema import Day, Instant
from members.posts.post import POSTS
from members.schemas import AREA, GRID_CODE, SHORT

MOST_IN_PAGE = 100


class AssignSchema(Schema):
    """Who holds which post on which grid, from a day until another."""

    grid_code = fields.String(required=True, validate=GRID_CODE)
    person_id = fields.String(required=True, validate=SHORT)
    post = fields.String(required=True, validate=validate.OneOf(POSTS))
    since = Day(required=True)
    until = Day(load_default=None, allow_none=True)


class EndSchema(Schema):
    """Which post ends, and from which day on it is not held any more."""

    post_id = fields.String(required=True, validate=SHORT)
    on = Day(required=True)


class PostFiltersSchema(Schema):
    """Which posts a list holds: of an area, of a person, of a kind, those held on a day."""

    area = fields.String(validate=AREA)
    person_id = fields.String(validate=SHORT)
    post = fields.String(validate=validate.OneOf(POSTS))
    as_of = Day()


class PostPageSchema(Schema):
    """Which page of a list: `after` is the `next` of the page before."""

    filters = fields.Nested(PostFiltersSchema, load_default=dict)
    after = fields.Tuple(
        (fields.String(validate=SHORT), fields.String(validate=SHORT)), load_default=None, allow_none=True
    )
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, MOST_IN_PAGE))


class LeftSchema(Schema):
    """What is needed of the event that somebody has left."""

    class Meta:
        """Other fields are passed over."""

        unknown = EXCLUDE

    person_id = fields.String(required=True)
    former_ids = fields.List(fields.String(), load_default=list)


class HoldersSchema(Schema):
    """A page of who holds posts on a day: `after` is the `next` of the page before."""

    on = Day(required=True)
    after = fields.String(load_default="", validate=validate.Length(max=100))
    limit = fields.Integer(strict=True, load_default=50, validate=validate.Range(1, MOST_IN_PAGE))


class GridEventSchema(Schema):
    """What is needed of the event of a grid: until when it holds."""

    class Meta:
        """Other fields are passed over."""

        unknown = EXCLUDE

    grid_code = fields.String(required=True)
    to = Instant(load_default=None, allow_none=True)


def leaver(data: Mapping[str, Any]) -> list[str]:
    """Every id of the person who left; raises `Malformed`."""
    left = heard(LeftSchema(), data)
    return [left["person_id"], *left["former_ids"]]
