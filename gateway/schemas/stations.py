"""Rest stations in use: the nearest, counting a use, and the report of what came of them."""

from marshmallow import Schema, fields, validate

from gateway.schemas.case_views import Open, Point
from gateway.schemas.fields import (
    QueryNumber,
    Strict,
    datum,
    day,
    id_,
    instant,
    latitude,
    longitude,
    one_of,
    shown_instant,
    word,
)
from gateway.schemas.ledgers import FORMATS
from gateway.schemas.paging import PageQuery, next_cursor
from gateway.schemas.staffing import Receipt, shown_day
from gateway.schemas.trends import QUARTER
from gateway.schemas.venues import FACILITIES, Opening


class NearestQuery(PageQuery):
    """Where somebody stands, when it is to be open (now unless given), and what has to be there."""

    lon = longitude(QueryNumber, required=True)
    lat = latitude(QueryNumber, required=True)
    crs = datum()
    open_at = instant(metadata={"description": "Open at this moment: now unless given."})
    facility = one_of(*FACILITIES)


class StationLine(Schema):
    """A rest station that is open."""

    station_id = fields.String(required=True)
    name = fields.String(required=True)
    grid_code = fields.String(required=True)
    location = fields.Nested(Point, required=True)
    facilities = fields.List(fields.String(), required=True)
    hours = fields.List(fields.Nested(Opening), required=True)
    metres = fields.Integer(required=True, metadata={"description": "As the crow flies."})
    open_until = shown_instant(required=True)


class NearestStations(Schema):
    """A page of stations, the nearest first."""

    items = fields.List(fields.Nested(StationLine), required=True)
    next = next_cursor()


class StationUse(Strict):
    """A use of a station: the code on its wall says that somebody is there."""

    code = id_(required=True)


class OwnStationUse(StationUse):
    """The same by somebody who agrees to be counted."""

    text_version = word(100, required=True, metadata={"description": "Which text was agreed to."})


class UseCounted(Open):
    """That it was counted: the same again for the same `Idempotency-Key`."""

    station_id = fields.String(required=True)
    day = shown_day(required=True)


class CodeRenewed(Receipt):
    """The station whose code was replaced."""

    station_id = fields.String(required=True)


class Forgotten(Open):
    """In how many quarters and communities somebody is counted no more."""

    forgotten = fields.Integer(required=True)


class UseDaysQuery(PageQuery):
    """From which local day until which, both included."""

    since = day(required=True)
    until = day(required=True)


class UseDay(Schema):
    """How often a station was used on a day; days without a use are left out."""

    day = shown_day(required=True)
    uses = fields.Integer(required=True)


class UseDays(Schema):
    """A page of days."""

    items = fields.List(fields.Nested(UseDay), required=True)
    next = next_cursor()


class FunnelQuery(Strict):
    """Up to which quarter; the running one unless given."""

    quarter = id_(metadata=QUARTER)


class FunnelExportQuery(FunnelQuery):
    """Up to which quarter, and as which kind of file."""

    format = fields.String(load_default="xlsx", validate=validate.OneOf(FORMATS))


class FunnelQuarter(Schema):
    """One quarter; a number of fewer people than `fewest_told` is null, and so is the rate that would tell it."""

    quarter = fields.String(required=True)
    uses = fields.Integer(required=True, metadata={"description": "Uses, of whomever."})
    used = fields.Integer(
        required=True, allow_none=True, metadata={"description": "People who agreed to be counted, each once."}
    )
    served = fields.Integer(
        required=True, allow_none=True, metadata={"description": "Of those, who served on a later day of the quarter."}
    )
    rate = fields.Float(
        required=True, allow_none=True, metadata={"description": "Served of used, in per cent with two decimals."}
    )


class Funnel(Schema):
    """From served to serving: the quarter that was asked for, and the three before it."""

    area = fields.String(required=True)
    fewest_told = fields.Integer(required=True)
    items = fields.List(fields.Nested(FunnelQuarter), required=True)
