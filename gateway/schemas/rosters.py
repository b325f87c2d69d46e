"""Rosters: who is asked to come to an activity, and how it came to be these."""

from marshmallow import Schema, fields, validate

from gateway.schemas.case_views import Open
from gateway.schemas.fields import Strict, id_, ids, shown_instant
from gateway.schemas.staffing import AREA

MOST_NEEDED = 200
MOST_SKILLS = 10
POOLS = ("in_service_member", "volunteer")


class RosterWanted(Strict):
    """How many, with which skills, from which area (the activity's community unless named), in which task."""

    needed = fields.Integer(required=True, strict=True, validate=validate.Range(1, MOST_NEEDED))
    skills = ids(MOST_SKILLS)
    area = id_(allow_none=True, metadata=AREA)
    task_id = id_(allow_none=True)


class PoolShare(Schema):
    """One pool: how many of it can be asked, how many places are its share, and how many come."""

    pool = fields.String(required=True, validate=validate.OneOf(POOLS))
    size = fields.Integer(required=True)
    share = fields.Integer(required=True)
    seated = fields.Integer(required=True)


class LeftOut(Schema):
    """Why how many do not come: not asked, or asked and without a place."""

    why = fields.String(required=True)
    people = fields.Integer(required=True)


class Rostered(Schema):
    """Somebody who comes: from which pool, and when they last came or will."""

    person_id = fields.String(required=True)
    name_masked = fields.String(required=True)
    pool = fields.String(required=True, validate=validate.OneOf(POOLS))
    last_served = shown_instant(required=True, allow_none=True)
    minutes_that_day = fields.Integer(required=True)


class RosterView(Open):
    """A roster, explained: who comes, from which pool, who was left out and why, and how many are missing."""

    needed = fields.Integer(required=True)
    seated = fields.Integer(required=True)
    short = fields.Integer(required=True)
    pools = fields.List(fields.Nested(PoolShare), required=True)
    left_out = fields.List(fields.Nested(LeftOut), required=True)
    people = fields.List(fields.Nested(Rostered), required=True)
