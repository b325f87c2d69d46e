"""Attendance: how people check in and out, how scans are sent later, and how it is shown."""

from marshmallow import Schema, fields, validate

from gateway.schemas.case_views import Open
from gateway.schemas.fields import Strict, day, id_, instant, one_of, shown_instant, word
from gateway.schemas.paging import PageQuery, next_cursor
from gateway.schemas.staffing import shown_day

ACTS = ("in", "out")
HOW = ("scan", "list", "confirmed")
MOST_AT_ONCE = 200
KEPT = "What the scan is recognised by, made by the phone: sent twice, it counts once. As an `Idempotency-Key`."
BORN = {"description": "Asked of who has not signed up where the day asks for an age; looked at and not kept."}
KEY = validate.Regexp(r"^[\x21-\x7e]{1,200}$", error="1 to 200 visible ASCII characters, no blanks.")


def key(description: str) -> fields.String:
    """What a line is recognised by."""
    return fields.String(required=True, validate=KEY, metadata={"description": description})


class Scan(Strict):
    """A scan of the day's code."""

    code = word(200, required=True, metadata={"description": "What the QR code says."})
    scanned_at = instant(metadata={"description": "When it was; now unless given. At most 72 hours ago."})
    born = day(metadata=BORN)


class KeptScan(Strict):
    """A scan that a phone kept while it had no network."""

    scan_id = key(KEPT)
    activity_id = id_()
    act = one_of(*ACTS)
    code = word(200)
    scanned_at = instant()
    born = day(metadata=BORN)


class KeptScans(Strict):
    """Scans that a phone kept; each is looked at by itself, in the order in which they happened."""

    scans = fields.List(fields.Nested(KeptScan), required=True, validate=validate.Length(1, MOST_AT_ONCE))


class ListLine(Strict):
    """Somebody on the organiser's list."""

    line_id = key("What the line is recognised by: sent twice, it counts once.")
    person_id = id_()
    act = one_of(*ACTS)
    at = instant(metadata={"description": "When it was; now unless given."})
    born = day(metadata=BORN)


class AttendanceLines(Strict):
    """Lines of the organiser's list; each is looked at by itself."""

    lines = fields.List(fields.Nested(ListLine), required=True, validate=validate.Length(1, MOST_AT_ONCE))


class ScanReceipt(Open):
    """What was counted: the same again for the same scan."""

    attendance_id = fields.String(required=True)
    version = fields.Integer(required=True)
    activity_id = fields.String(required=True)
    act = fields.String(required=True, metadata={"enum": list(ACTS)})
    marked_at = shown_instant(required=True)
    walk_in = fields.Boolean(
        required=True, metadata={"description": "Whether the person had no place, which a service day allows."}
    )
    at = shown_instant(required=True)
    event_id = fields.String(required=True)


class LineProblem(Open):
    """Why a line was not counted, as any other problem is told."""

    code = fields.String(required=True)
    title = fields.String(required=True)
    detail = fields.String(required=True)


class Counted(Open):
    """What came of a line: its receipt, or its problem."""

    receipt = fields.Nested(ScanReceipt)
    problem = fields.Nested(LineProblem)


class CountedScan(Counted):
    """What came of a scan."""

    scan_id = fields.String(required=True)


class CountedScans(Schema):
    """What came of each scan, in the order in which they were sent."""

    items = fields.List(fields.Nested(CountedScan), required=True)


class CountedLine(Counted):
    """What came of a line of the list."""

    line_id = fields.String(required=True)


class CountedLines(Schema):
    """What came of each line, in the order in which they were sent."""

    items = fields.List(fields.Nested(CountedLine), required=True)


class AttendanceStint(Open):
    """From when until when somebody was there."""

    came_at = shown_instant(required=True)
    left_at = shown_instant(required=True, allow_none=True)
    how = fields.String(required=True, metadata={"enum": list(HOW)})


class AttendanceLine(Open):
    """One person at one activity."""

    activity_id = fields.String(required=True)
    person_id = fields.String(required=True)
    walk_in = fields.Boolean(required=True)
    stints = fields.List(fields.Nested(AttendanceStint), required=True)
    inside = fields.Boolean(required=True)
    unverified = fields.Boolean(
        required=True,
        metadata={"description": "Nobody has told when the person went: the planned end is presumed."},
    )
    presumed_left_at = shown_instant(required=True, allow_none=True)
    confirm_until = shown_instant(required=True, allow_none=True)


class OrganisersLine(AttendanceLine):
    """One person on the organiser's list."""

    name = fields.String(required=True, allow_none=True, metadata={"description": "Masked."})


class AttendanceList(Schema):
    """A page of those who came to an activity."""

    items = fields.List(fields.Nested(OrganisersLine), required=True)
    next = next_cursor()


class OwnLine(AttendanceLine):
    """Where the caller came."""

    title = fields.String(required=True)


class OwnAttendance(Schema):
    """A page of where the caller came, the latest first."""

    items = fields.List(fields.Nested(OwnLine), required=True)
    next = next_cursor()


class AttendanceQuery(PageQuery):
    """Which page."""


class MusterCode(Schema):
    """The code of the day."""

    activity_id = fields.String(required=True)
    day = shown_day(required=True)
    code = fields.String(required=True)
