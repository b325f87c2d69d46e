"""Patrols: how they are begun and ended, the points of their tracks, and what was found on them."""

from marshmallow import Schema, fields, validate

from gateway.schemas.attendance import LineProblem
from gateway.schemas.case_views import Open
from gateway.schemas.fields import (
    Line,
    Strict,
    datum,
    id_,
    instant,
    latitude,
    longitude,
    reason,
    shown_instant,
    word,
)
from gateway.schemas.paging import PageQuery, next_cursor

ENDED = ("told", "bound", "left")
MOST_AT_ONCE = 500


class PatrolStart(Strict):
    """Where, since when, and to which text the person agreed."""

    grid_code = id_(required=True)
    text_version = word(
        100,
        required=True,
        metadata={"description": "The text to which the person agreed to be followed until the patrol ends."},
    )
    started_at = instant(metadata={"description": "When it began; now unless given. At most 72 hours ago."})


class PatrolStop(Strict):
    """When it ended."""

    stopped_at = instant(metadata={"description": "When it ended; now unless given."})


class TrackPoint(Strict):
    """Where the phone was."""

    point_id = word(
        64, required=True, metadata={"description": "Made by the phone: a point that is sent twice counts once."}
    )
    at = instant(required=True)
    lon = longitude(required=True)
    lat = latitude(required=True)


class TrackPoints(Strict):
    """Points of a patrol; each is looked at by itself."""

    points = fields.List(Line(TrackPoint), required=True, validate=validate.Length(1, MOST_AT_ONCE))
    crs = datum()


class TrackReason(Strict):
    """Why somebody has to see where another went; it is written down."""

    reason = reason()


class PatrolQuery(PageQuery):
    """Which patrols: the caller's own, unless an area is named."""

    area = id_(metadata={"description": "A grid code, or its first 6, 9 or 12 digits: for the office of that area."})


class FindingQuery(PageQuery):
    """Which page."""


class PatrolReceipt(Open):
    """What was done: the same again for the same command."""

    patrol_id = fields.String(required=True)
    version = fields.Integer(required=True)
    at = shown_instant(required=True)
    event_id = fields.String(required=True)


class PatrolBegun(PatrolReceipt):
    """A patrol that has begun."""

    started_at = shown_instant(required=True)
    ends_by = shown_instant(required=True)


class PatrolEnded(PatrolReceipt):
    """A patrol that has ended."""

    stopped_at = shown_instant(required=True)
    ended = fields.String(required=True, metadata={"enum": list(ENDED)})


class KeptPoint(Open):
    """What came of a point: kept, unless there is a problem."""

    point_id = fields.String(
        required=True, allow_none=True, metadata={"description": "Null where the point has none that can be read."}
    )
    problem = fields.Nested(LineProblem)


class KeptPoints(Schema):
    """What came of each point, in the order in which they were sent."""

    items = fields.List(fields.Nested(KeptPoint), required=True)


class PatrolFinding(Open):
    """A case that was found on patrol."""

    case_id = fields.String(required=True)
    patrol_id = fields.String(required=True)
    found_at = shown_instant(required=True)
    merged = fields.Boolean(required=True, metadata={"description": "Whether the case was merged into another."})
    counts = fields.Boolean(required=True, metadata={"description": "False once it was rejected or withdrawn."})


class PatrolLine(Open):
    """A patrol, without where it went."""

    patrol_id = fields.String(required=True)
    person_id = fields.String(required=True)
    grid_code = fields.String(required=True)
    started_at = shown_instant(required=True)
    stopped_at = shown_instant(required=True, allow_none=True)
    ended = fields.String(required=True, allow_none=True, metadata={"enum": [*ENDED, None]})
    ends_by = shown_instant(required=True)
    reduced = fields.Boolean(required=True, metadata={"description": "Whether only cells are left of the track."})


class NamedPatrolLine(PatrolLine):
    """A patrol in a list."""

    name = fields.String(required=True, allow_none=True, metadata={"description": "Masked."})


class PatrolList(Schema):
    """A page of patrols."""

    items = fields.List(fields.Nested(NamedPatrolLine), required=True)
    next = next_cursor()


class PatrolView(PatrolLine):
    """A patrol with what was found."""

    version = fields.Integer(required=True)
    findings = fields.List(fields.Nested(PatrolFinding), required=True)


class FindingList(Schema):
    """A page of what somebody found."""

    credited = fields.Integer(
        required=True, metadata={"description": "In all; reports that came to be one case count once."}
    )
    items = fields.List(fields.Nested(PatrolFinding), required=True)
    next = next_cursor()


class PlaceOnTrack(Open):
    """A place in degrees, WGS84."""

    lon = fields.Float(required=True)
    lat = fields.Float(required=True)


class PointOnTrack(PlaceOnTrack):
    """A place at a moment."""

    at = shown_instant(required=True)


class Track(Open):
    """Where a patrol went: points for 30 days, then the middles of the cells of about 100 m that it came through."""

    patrol_id = fields.String(required=True)
    points = fields.List(fields.Nested(PointOnTrack), required=True)
    cells = fields.List(fields.Nested(PlaceOnTrack), required=True)
