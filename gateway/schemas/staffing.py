"""Posts on grids and party groups: how they are assigned, seated and shown."""

from typing import Any

from marshmallow import Schema, fields

from gateway.schemas.case_views import Open
from gateway.schemas.fields import Strict, day, id_, ids, one_of, shown_instant
from gateway.schemas.paging import PageQuery, next_cursor

POSTS = ("union_leader", "union_cadre", "community_worker", "grid_worker")
CAPACITIES = (
    "leader",
    "police",
    "medic",
    "in_service_member",
    "volunteer",
    "veteran",
    "cadre",
    "property",
)
AREA = {"description": "A grid code of 15 digits, or its first 6 (district), 9 (town) or 12 (community)."}
MOST_ATTENDING = 200

FIRST = {"format": "date", "description": "The first day."}
OVER = {"format": "date", "description": "The first day on which it is over; open unless given."}


def shown_day(**options: Any) -> fields.String:
    """A day of the calendar in an answer."""
    return fields.String(metadata={"format": "date"}, **options)


class NewPost(Strict):
    """Who holds which post on which grid."""

    grid_code = id_(required=True)
    person_id = id_(required=True)
    since = day(required=True)
    until = day(allow_none=True)
    post = one_of(*POSTS, required=True)


class Ending(Strict):
    """From which day on it is over."""

    on = day(required=True)


class PostQuery(PageQuery):
    """Which posts: of an area, of a person, of a kind, those held on a day."""

    area = id_(metadata=AREA)
    person_id = id_()
    post = one_of(*POSTS)
    as_of = day()


class Receipt(Open):
    """What a command did: the same again for the same command."""

    version = fields.Integer(required=True)
    at = shown_instant(required=True)
    event_id = fields.String(required=True)


class PostReceipt(Receipt):
    """The post that was given or ended."""

    post_id = fields.String(required=True)


class Spanned(Open):
    """What holds from a day, included, until another, excluded."""

    since = fields.String(required=True, metadata=FIRST)
    until = fields.String(required=True, allow_none=True, metadata=OVER)


class PostLine(Spanned):
    """A post, with the masked name of who holds it."""

    post_id = fields.String(required=True)
    grid_code = fields.String(required=True)
    post = fields.String(required=True)
    person_id = fields.String(required=True)
    name_masked = fields.String(required=True, allow_none=True)
    current = fields.Boolean(required=True, metadata={"description": "Whether it is held today."})


class PostList(Schema):
    """A page of posts, by grid."""

    items = fields.List(fields.Nested(PostLine), required=True)
    next = next_cursor()


class NewPartyGroup(Strict):
    """For which grid a group is formed."""

    grid_code = id_(required=True)
    since = day(required=True)


class NewSeat(Strict):
    """Who sits in a group in which capacity."""

    person_id = id_(required=True)
    since = day(required=True)
    until = day(allow_none=True)
    capacity = one_of(*CAPACITIES, required=True)


class NewMeeting(Strict):
    """A meeting, and who of the group was there."""

    held_on = day(required=True)
    attended = ids(MOST_ATTENDING, required=True)


class GroupReceipt(Receipt):
    """The group that was changed, with the seat or the meeting that it was about."""

    party_group_id = fields.String(required=True, metadata={"description": "The code of its grid."})
    seat_id = fields.String()
    meeting_id = fields.String()


class SeatShown(Spanned):
    """A seat, for those who keep the group."""

    seat_id = fields.String(required=True)
    person_id = fields.String(required=True)
    name_masked = fields.String(required=True, allow_none=True)
    capacity = fields.String(required=True)


class GroupAttendee(Open):
    """Somebody who was at a meeting."""

    person_id = fields.String(required=True)
    name_masked = fields.String(required=True, allow_none=True)


class GroupMeeting(Open):
    """A meeting of the group."""

    meeting_id = fields.String(required=True)
    held_on = shown_day(required=True)
    attendance = fields.Integer(required=True)
    attended = fields.List(fields.Nested(GroupAttendee), required=True)


class GroupLine(Spanned):
    """A party group on a day: who sits in it is named to the offices that keep it, all others see how many."""

    grid_code = fields.String(required=True)
    leader_masked = fields.String(required=True, allow_none=True)
    capacities = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    seats = fields.List(fields.Nested(SeatShown), required=True)
    meetings = fields.List(
        fields.Nested(GroupMeeting), required=True, metadata={"description": "The last twelve, the latest first."}
    )


class GroupView(GroupLine):
    """One party group."""

    version = fields.Integer(required=True)


class GroupList(Schema):
    """A page of party groups, by grid."""

    items = fields.List(fields.Nested(GroupLine), required=True)
    next = next_cursor()


class GroupQuery(Strict):
    """As of which day."""

    as_of = day()


class GroupsQuery(PageQuery):
    """Which groups, as of which day."""

    area = id_(metadata=AREA)
    as_of = day()
