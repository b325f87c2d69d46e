"""The shapes of what party groups are formed, seated, recorded and asked for with."""

from marshmallow import Schema, fields, validate

from chassis.schema import Day
from members.party_groups.party_group import CAPACITIES, MOST_ATTENDING
from members.posts.schemas import MOST_IN_PAGE
from members.schemas import AREA, GRID_CODE, SHORT


class FormSchema(Schema):
    """For which grid a group is formed, and from which day on."""

    grid_code = fields.String(required=True, validate=GRID_CODE)
    since = Day(required=True)


class SeatSchema(Schema):
    """Who sits in a group, in which capacity, from a day until another."""

    grid_code = fields.String(required=True, validate=GRID_CODE)
    person_id = fields.String(required=True, validate=SHORT)
    capacity = fields.String(required=True, validate=validate.OneOf(tuple(CAPACITIES)))
    since = Day(required=True)
    until = Day(load_default=None, allow_none=True)


class UnseatSchema(Schema):
    """Which seat is given up, and from which day on."""

    grid_code = fields.String(required=True, validate=GRID_CODE)
    seat_id = fields.String(required=True, validate=SHORT)
    on = Day(required=True)


class MeetingSchema(Schema):
    """A meeting, and who was there."""

    grid_code = fields.String(required=True, validate=GRID_CODE)
    held_on = Day(required=True)
    attended = fields.List(
        fields.String(validate=SHORT), required=True, validate=validate.Length(min=1, max=MOST_ATTENDING)
    )


class GroupSchema(Schema):
    """The group of which grid, as of which day."""

    grid_code = fields.String(required=True, validate=GRID_CODE)
    as_of = Day(load_default=None, allow_none=True)


class GroupFiltersSchema(Schema):
    """Which groups a list holds: of an area, as they are on a day."""

    area = fields.String(validate=AREA)
    as_of = Day()


class GroupPageSchema(Schema):
    """Which page of a list: `after` is the `next` of the page before."""

    filters = fields.Nested(GroupFiltersSchema, load_default=dict)
    after = fields.Tuple(
        (fields.String(validate=SHORT), fields.String(validate=SHORT)), load_default=None, allow_none=True
    )
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, MOST_IN_PAGE))
