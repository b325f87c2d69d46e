"""Volunteer hours: records, the ledger, stars and certificates, as they are asked for and shown."""

from marshmallow import Schema, fields, validate

from gateway.schemas.case_views import Open
from gateway.schemas.fields import QueryInteger, Strict, day, id_, ids, instant, one_of, shown_instant, word
from gateway.schemas.paging import PageQuery, next_cursor
from gateway.schemas.staffing import AREA, Receipt, shown_day

STATES = ("unverified", "pending", "approved", "refused", "reopened", "lapsed")
KINDS = ("activity", "case", "patrol")
STARS = (1, 2, 3, 4, 5)
MOST_AT_ONCE = 100
MOST_STINTS = 20
HOURS = {"description": "Minutes as hours, cut to one decimal after summing up."}


class DrawnUp(Open):
    """How many records of an activity are new, how many were told anew, and how many came as staff."""

    activity_id = fields.String(required=True)
    new = fields.Integer(required=True)
    changed = fields.Integer(required=True)
    staff = fields.Integer(required=True)


class RecordsToApprove(Strict):
    """Which records count; all of them, or none where something is wrong with one."""

    record_ids = ids(MOST_AT_ONCE, required=True)


class ApprovedRecord(Schema):
    """One of them."""

    record_id = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))


class Approved(Schema):
    """What became of each."""

    items = fields.List(fields.Nested(ApprovedRecord), required=True)


class RecordReason(Strict):
    """Why it is decided so."""

    reason = word(500, required=True)


class CorrectionWanted(Strict):
    """What its person wants corrected."""

    text = word(500, required=True)


class TimeCorrected(Strict):
    """From when until when."""

    begins = instant(required=True)
    ends = instant(required=True)


class Correction(RecordReason):
    """The times as they were, none where nothing was served, and why."""

    stints = fields.List(fields.Nested(TimeCorrected()), required=True, validate=validate.Length(max=MOST_STINTS))


class RecordReceipt(Receipt):
    """What a command did with a record."""

    record_id = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))


class RecordQuery(PageQuery):
    """Which records: of an activity, of an area, the caller's own otherwise; in one state."""

    activity_id = id_()
    area = id_(metadata=AREA)
    state = one_of(*(state for state in STATES if state != "lapsed"))


class TimeServed(Schema):
    """From when until when."""

    begins = shown_instant(required=True)
    ends = shown_instant(required=True)


class RecordView(Open):
    """The legal record of one service of one person."""

    record_id = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    source_id = fields.String(required=True)
    person_id = fields.String(required=True)
    name_masked = fields.String(required=True, allow_none=True)
    grid_code = fields.String(required=True)
    title = fields.String(required=True)
    day = shown_day(required=True)
    place = fields.String(required=True)
    object = fields.List(fields.String(), required=True)
    content = fields.String(required=True)
    stints = fields.List(fields.Nested(TimeServed), required=True)
    minutes = fields.Integer(required=True, metadata={"description": "What counts in the ledger now."})
    minutes_alone = fields.Integer(
        required=True,
        metadata={"description": "What it comes to by itself; with others on the same day fewer may count."},
    )
    in_charge = fields.String(required=True, allow_none=True)
    recorder = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    confirm_until = shown_instant(required=True, allow_none=True)
    correction_asked = fields.String(required=True, allow_none=True)
    decided_by = fields.String(required=True, allow_none=True)
    decided_at = shown_instant(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)


class RecordList(Schema):
    """A page of records, the latest day first."""

    items = fields.List(fields.Nested(RecordView), required=True)
    next = next_cursor()


class HoursQuery(Strict):
    """Whose hours, the caller's unless another person is named; with two days also those from one to the other."""

    person_id = id_()
    first = day()
    last = day()


class PeriodOfHours(Schema):
    """What counts from a local day to another, both included."""

    first = shown_day(required=True)
    last = shown_day(required=True)
    minutes = fields.Integer(required=True)
    hours = fields.Float(required=True, metadata=HOURS)


class StarConsent(Schema):
    """An agreement to be on the public list, and its end."""

    text_version = fields.String(required=True)
    consented_at = shown_instant(required=True)
    revoked_at = shown_instant(required=True, allow_none=True)


class HoursView(Open):
    """What somebody's ledger comes to."""

    person_id = fields.String(required=True)
    minutes = fields.Integer(required=True)
    hours = fields.Float(required=True, metadata=HOURS)
    star = fields.Integer(required=True)
    star_offered = fields.Integer(required=True, allow_none=True)
    public = fields.Boolean(required=True)
    consents = fields.List(fields.Nested(StarConsent), required=True)
    period = fields.Nested(PeriodOfHours, required=True, allow_none=True)


class LedgerQuery(PageQuery):
    """Whose ledger; the caller's unless another person is named."""

    person_id = id_()


class LedgerRow(Open):
    """One row of the ledger; what takes another back has its minutes with the other sign."""

    row_id = fields.String(required=True)
    record_id = fields.String(required=True)
    person_id = fields.String(required=True)
    grid_code = fields.String(required=True)
    day = shown_day(required=True)
    minutes = fields.Integer(required=True)
    entered_by = fields.String(required=True)
    entered_at = shown_instant(required=True)
    reason = fields.String(required=True, allow_none=True)
    reverses = fields.String(required=True, allow_none=True)


class LedgerPage(Schema):
    """A page of the ledger, the latest day first."""

    items = fields.List(fields.Nested(LedgerRow), required=True)
    next = next_cursor()


class StarAccepted(Strict):
    """Which star is accepted."""

    star = fields.Integer(required=True, strict=True, validate=validate.OneOf(STARS))


class StarAgreed(Strict):
    """To which version of the text somebody agrees."""

    text_version = id_(required=True)


class StarReceipt(Receipt):
    """The star that its person has, and whether others see it."""

    book_id = fields.String(required=True)
    star = fields.Integer(required=True)
    public = fields.Boolean(required=True)


class StarQuery(PageQuery):
    """Of which area."""

    area = id_(required=True, metadata=AREA)
    limit = QueryInteger(load_default=20, validate=validate.Range(1, 100))


class StarView(Schema):
    """Somebody who agreed to be seen."""

    name_masked = fields.String(required=True)
    star = fields.Integer(required=True)
    area = fields.String(required=True)


class StarList(Schema):
    """A page of those who agreed, the highest star first."""

    items = fields.List(fields.Nested(StarView), required=True)
    next = next_cursor()
