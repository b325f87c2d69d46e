"""The shapes of scans, of the lines of an organiser's list, and of what attendance is asked for with."""

from marshmallow import Schema, fields, validate

from chassis.schema import Day, Instant
from members.attendance.attendance import Act
from members.posts.schemas import MOST_IN_PAGE
from members.schemas import SHORT

MOST_AT_ONCE = 200
"""How many scans, or lines of a list, are told at once."""

CODE = validate.Length(min=1, max=200)
ACT = validate.OneOf([each.value for each in Act])


class ScanSchema(Schema):
    """A scan of a day's code: when it was, unless it is now. When a walk-in was born is looked at and not kept."""

    act = fields.String(required=True, validate=ACT)
    code = fields.String(required=True, validate=CODE)
    scanned_at = Instant(load_default=None, allow_none=True)
    born = Day(load_default=None, allow_none=True)


class KeptScanSchema(ScanSchema):
    """A scan that a phone kept while it had no network; `command_id` is what it is recognised by."""

    command_id = fields.String(required=True, validate=SHORT)
    activity_id = fields.String(required=True, validate=SHORT)
    scanned_at = Instant(required=True)


class ListLineSchema(Schema):
    """A line of an organiser's list: who came or went, and when, unless it is now; `born` as of a scan."""

    command_id = fields.String(required=True, validate=SHORT)
    person_id = fields.String(required=True, validate=SHORT)
    act = fields.String(required=True, validate=ACT)
    at = Instant(load_default=None, allow_none=True)
    born = Day(load_default=None, allow_none=True)


class ManySchema(Schema):
    """Several scans or lines, each of which is looked at by itself."""

    items = fields.List(fields.Dict(keys=fields.String()), required=True, validate=validate.Length(1, MOST_AT_ONCE))


class AttendancePageSchema(Schema):
    """Which page of those who came to an activity: `after` is the `next` of the page before."""

    after = fields.String(validate=validate.Length(1, 250), load_default=None, allow_none=True)
    limit = fields.Integer(strict=True, load_default=50, validate=validate.Range(1, MOST_IN_PAGE))


class OwnAttendancePageSchema(Schema):
    """Which page of where somebody came."""

    after = fields.Tuple(
        (Instant(), fields.String(validate=validate.Length(1, 250))), load_default=None, allow_none=True
    )
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, MOST_IN_PAGE))
