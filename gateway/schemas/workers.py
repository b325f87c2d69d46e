"""The census of new-employment workers, by nicknames: no field takes an identity number."""

from marshmallow import Schema, fields, validate

from gateway.schemas.case_views import Open
from gateway.schemas.fields import QueryTruth, Strict, Truth, day, id_, one_of, phone, reason, shown_instant, word
from gateway.schemas.paging import PageQuery, next_cursor

KINDS = ("rider", "courier", "driver", "streamer", "other")
PROGRESS = ("stated", "listed", "planned", "met", "unmet", "expired")
MOST_NEEDS = 20
MOST_WORKERS = 10_000_000

NICKNAME = {"description": "What one goes by; no real name is needed.", "examples": ["阿测"]}
PLATFORM = {"description": "For whom one works, by any name.", "examples": ["美团"]}
GRID = {"description": "The grid that one belongs to; not needed where a station is named: that of the station then."}
STATION = {"description": "The rest station of the district that one belongs to, if there is one."}
ACCOUNT = {"description": "The account of a rider, if there is one."}
CATEGORY = {"description": "Of group 09; 0901, what a rest station lacks, unless named.", "examples": ["0901"]}
AREA = {"description": "A grid code of 15 digits, or its first 6 (district), 9 (town) or 12 (community)."}


class WorkerPhoneWanted(Strict):
    """Why the phone is needed."""

    reason = reason()


class WorkerPhoneTold(Open):
    """The phone of a worker."""

    worker_id = fields.String(required=True)
    phone = fields.String(required=True)


class WorkerNeed(Strict):
    """What a worker needs."""

    category = id_(metadata=CATEGORY)
    text = word(500, required=True)


class WorkerChange(Strict):
    """What is told anew of a worker; null takes it off."""

    nickname = word(30, metadata=NICKNAME)
    kind = one_of(*KINDS)
    platform = word(50, metadata=PLATFORM)
    grid_code = id_()
    station_id = id_(allow_none=True, metadata=STATION)
    phone = phone(allow_none=True)
    consent = Truth(metadata={"description": "That the phone may be kept; a phone is not taken without."})
    person_id = id_(allow_none=True, metadata=ACCOUNT)


class NewWorker(WorkerChange):
    """A worker, and what is needed."""

    nickname = word(30, required=True, metadata=NICKNAME)
    kind = one_of(*KINDS, required=True)
    platform = word(50, required=True, metadata=PLATFORM)
    grid_code = id_(metadata=GRID)
    needs = fields.List(fields.Nested(WorkerNeed), validate=validate.Length(max=MOST_NEEDS))


class WorkerNeeds(Strict):
    """What a worker needs besides."""

    needs = fields.List(fields.Nested(WorkerNeed), required=True, validate=validate.Length(min=1, max=MOST_NEEDS))


class WorkerQuery(PageQuery):
    """Which workers; those who are here unless `left` is asked for."""

    grid = id_(metadata=AREA)
    kind = one_of(*KINDS)
    platform = word(50)
    station_id = id_()
    left = QueryTruth()


class WorkerExportQuery(Strict):
    """In which format."""

    format = fields.String(load_default="xlsx", validate=validate.OneOf(["xlsx", "csv"]))


class NewEstimate(Strict):
    """How many workers there may be in an area, from a day on."""

    area = id_(required=True, metadata=AREA)
    day = day()
    number = fields.Integer(required=True, strict=True, validate=validate.Range(0, MOST_WORKERS))


class CensusQuery(Strict):
    """At the end of which day; today unless it is named."""

    day = day()


class WorkerReceipt(Open):
    """What a command did: the same again for the same command."""

    worker_id = fields.String(required=True)
    version = fields.Integer(required=True)
    grid_code = fields.String(required=True)
    at = shown_instant(required=True)
    event_id = fields.String(required=True)
    needs = fields.List(fields.String(), metadata={"description": "The ids of the needs that were stated with it."})


class EstimateReceipt(Open):
    """What was entered."""

    estimate_id = fields.String(required=True)
    version = fields.Integer(required=True)
    area = fields.String(required=True)
    day = fields.String(required=True, metadata={"format": "date"})
    number = fields.Integer(required=True)
    at = shown_instant(required=True)
    event_id = fields.String(required=True)


class NeedShown(Open):
    """A need, and what became of it: a demand has its id."""

    need_id = fields.String(required=True)
    category = fields.String(required=True)
    text = fields.String(required=True)
    stated_at = shown_instant(required=True)
    progress = fields.String(required=True, metadata={"enum": list(PROGRESS)})


class WorkerView(Open):
    """A worker; nickname and phone are masked."""

    worker_id = fields.String(required=True)
    version = fields.Integer(required=True)
    nickname = fields.String(required=True)
    kind = fields.String(required=True, metadata={"enum": list(KINDS)})
    platform = fields.String(required=True)
    grid_code = fields.String(required=True)
    station_id = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    has_account = fields.Boolean(required=True)
    registered_at = shown_instant(required=True)
    left_at = shown_instant(required=True, allow_none=True)
    needs = fields.List(fields.Nested(NeedShown), required=True)


class PlatformList(Schema):
    """Platforms that a form proposes."""

    items = fields.List(fields.String(), required=True)


class WorkerList(Schema):
    """A page of workers, the newest first."""

    items = fields.List(fields.Nested(WorkerView), required=True)
    next = next_cursor()


class CensusView(Open):
    """How many workers are known of those estimated (H6)."""

    area = fields.String(required=True)
    day = fields.String(required=True, metadata={"format": "date"})
    known = fields.Integer(required=True)
    linked = fields.Integer(required=True, metadata={"description": "Of these, linked to a grid or a rest station."})
    estimated = fields.Integer(required=True, allow_none=True)
    share = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Known of a hundred estimated, two decimals; null without an estimate."},
    )
