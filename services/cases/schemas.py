"""The shapes of what comes in: reports, the fields of each act, and what a photo or a name is asked for with."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from cases.act import UNASKED, Act
from cases.case import Source, Tag
from cases.livelihood import JUDGEMENTS
from cases.mediation import SETTLED_BY, Ending
from cases.outcome import Outcome
from cases.rating import Solved
from cases.reason import FINDINGS, REASONS
from chassis.schema import Instant

LONGEST_TEXT = 4_000
MOST_PHOTOS = 9
MOST_ASSIGNEES = 20
MOST_PLACES = 50
MOST_PARTIES = 10

CATEGORY = validate.Regexp(r"\d{4}\Z", error="Not a category of four digits.")
GRID_CODE = validate.Regexp(r"\d{15}\Z", error="Not a grid code of 15 digits.")
EXTERNAL_NUMBER = validate.Regexp(r"[0-9A-Za-z][0-9A-Za-z./_-]{0,49}\Z", error="Not a number of another system.")
PHONE = validate.Regexp(r"1\d{10}\Z", error="Not a mobile phone number.")
ID = validate.Length(min=1, max=100)
CONTACTS = ("phone", "message", "visit")
CHANNELS = ("app", "voice", "sms", "visit")


class Text(fields.String):
    """What somebody wrote: at most 4,000 characters, without the blanks around it; blanks alone are nothing."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=validate.Length(min=1, max=LONGEST_TEXT), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        return text.strip()


def ids(most: int, least: int | None = None, **options: Any) -> fields.List[Any]:
    """A list of different ids, at most so many."""
    many = validate.Length(min=least, max=most)
    return fields.List(fields.String(validate=ID), validate=[many, _different], **options)


def _different(values: list[Any]) -> None:
    if len(set(values)) != len(values):
        raise ValidationError("The same value occurs twice.")


def one_of(values: Any, **options: Any) -> fields.String:
    """One of these codes."""
    return fields.String(validate=validate.OneOf([str(value) for value in values]), **options)


def photos() -> fields.List[Any]:
    """Ids of photos that were uploaded before."""
    return ids(MOST_PHOTOS)


def tags() -> fields.List[Any]:
    """Marks on a report."""
    return fields.List(one_of(Tag), validate=[validate.Length(max=len(Tag)), _different])


class LocationSchema(Schema):
    """A point in degrees, and the reference system in which it was measured."""

    lon = fields.Float(required=True, validate=validate.Range(-180, 180))
    lat = fields.Float(required=True, validate=validate.Range(-90, 90))
    crs = fields.String(validate=validate.Length(min=1, max=20))


class OnBehalfOfSchema(Schema):
    """Who cannot report for himself: an account, or a name and a phone; with his consent."""

    person_id = fields.String(validate=ID)
    name = fields.String(validate=validate.Length(min=1, max=50))
    phone = fields.String(validate=PHONE)
    callback = one_of(CHANNELS, load_default="voice")
    consent = fields.Boolean(required=True, validate=validate.Equal(True, error="Not without consent."))


class PlaceSchema(Schema):
    """Where something is: a point, a grid or a compound."""

    location = fields.Nested(LocationSchema)
    grid_code = fields.String(validate=GRID_CODE)
    compound_id = fields.String(validate=ID)


class ReportSchema(PlaceSchema):
    """A report, not yet asked whether it has a text or a photo."""

    text = Text()
    photos = photos()
    category = fields.String(validate=CATEGORY)
    tags = tags()
    source = one_of(Source, load_default=Source.APP.value)
    on_behalf_of = fields.Nested(OnBehalfOfSchema)
    anonymous = fields.Boolean()
    complained_unit_id = fields.String(validate=ID)
    asset_id = fields.String(validate=ID)
    external_number = fields.String(validate=EXTERNAL_NUMBER)

    @validates_schema
    def _place_named(self, data: Mapping[str, Any], **_: Any) -> None:
        if not {"location", "grid_code", "compound_id", "asset_id"} & set(data):
            raise ValidationError("Name a point, a grid or a compound.", "location")

    @validates_schema
    def _anonymous_for_nobody(self, data: Mapping[str, Any], **_: Any) -> None:
        if data.get("anonymous") and data.get("on_behalf_of"):
            raise ValidationError("Nobody is named in an anonymous report.", "on_behalf_of")


class ActSchema(Schema):
    """An act about which something may be said."""

    text = Text()
    photos = photos()


def reasoned(schema: type[Schema], act: Act, *, required: bool = True) -> Schema:
    """The schema with one of the reasons that the act takes."""
    reason = one_of(REASONS[act], required=required)
    return schema.from_dict({"reason_code": reason}, name=f"{act.value.title()}Schema")()


class VerifySchema(ActSchema):
    """What a grid worker found."""

    finding = one_of(FINDINGS, required=True)


class RegisterSchema(ActSchema):
    """What the dispatcher makes of a report."""

    category = fields.String(validate=CATEGORY)
    tags = tags()
    municipal = fields.Boolean()
    complained_unit_id = fields.String(validate=ID)
    urgency = one_of(JUDGEMENTS)
    asset_id = fields.String(validate=ID, allow_none=True)


class CorrectSchema(PlaceSchema, ActSchema):
    """What is right instead."""

    category = fields.String(validate=CATEGORY)
    municipal = fields.Boolean()
    complained_unit_id = fields.String(validate=ID)
    urgency = one_of(JUDGEMENTS)
    asset_id = fields.String(validate=ID, allow_none=True)


class MergeSchema(ActSchema):
    """The case that it is joined with."""

    target_case_id = fields.String(required=True, validate=ID)


class TeamSchema(ActSchema):
    """A team and its lead."""

    assignees = ids(MOST_ASSIGNEES)
    lead = fields.String(validate=ID)


class DispatchSchema(TeamSchema):
    """A team, or a number of open places."""

    places = fields.Integer(strict=True, validate=validate.Range(1, MOST_PLACES))


class TimeOutSchema(Schema):
    """Whom the clock asks next; nobody, when there is no candidate left."""

    assignees = ids(1)


class LeaverSchema(Schema):
    """Who has left the service."""

    person_id = fields.String(required=True, validate=ID)


class PassOnSchema(TeamSchema, LeaverSchema):
    """Whom the clock asks in the place of who has left; nobody, when there is no candidate."""


class NoteSchema(ActSchema):
    """A note, perhaps not for the reporter's eyes."""

    internal = fields.Boolean()


class ArriveSchema(ActSchema):
    """Where the check-in was made, if that is told."""

    location = fields.Nested(LocationSchema)


class StartSchema(ActSchema):
    """How contact was made."""

    contact = one_of(CONTACTS, required=True)


class PartySchema(Schema):
    """One of those who quarrel: an account, or a name and perhaps a phone."""

    person_id = fields.String(validate=ID)
    name = fields.String(validate=validate.Length(min=1, max=50))
    phone = fields.String(validate=PHONE)

    @validates_schema
    def _somebody(self, data: Mapping[str, Any], **_: Any) -> None:
        if not {"person_id", "name"} & set(data):
            raise ValidationError("Name an account or a person.", "name")


class MediateSchema(Schema):
    """Between whom."""

    parties = fields.List(fields.Nested(PartySchema), required=True, validate=validate.Length(min=2, max=MOST_PARTIES))


class MeetSchema(Schema):
    """What was said."""

    record = Text(required=True)


class SettleSchema(Schema):
    """How it ended; who settled it, and what was signed, where they agreed."""

    outcome = one_of(Ending, required=True)
    settled_by = one_of(SETTLED_BY)
    agreement = photos()


class SuspendSchema(ActSchema):
    """Until when it is looked at again."""

    review_on = fields.Date(required=True)


class ExtendSchema(ActSchema):
    """The new due time."""

    until = Instant(required=True)


class PassSchema(ActSchema):
    """What the work has done good for."""

    outcomes = fields.List(one_of(Outcome), validate=[validate.Length(max=len(Outcome)), _different])


class RateSchema(Schema):
    """A mark: satisfaction from 1, dissatisfied, to 4, satisfied (docs/domain.md §2.2)."""

    contacted = fields.Boolean(load_default=True)
    solved = one_of(Solved)
    satisfaction = fields.Integer(strict=True, validate=validate.Range(1, 4))
    channel = one_of(CHANNELS, load_default="app")
    text = Text()


class AlarmSchema(Schema):
    """The alarm that the clock has found ringing."""

    alarm = fields.String(required=True, validate=validate.Length(min=1, max=40))


ACTS: Mapping[Act, Schema] = {
    **{act: ActSchema() for act in Act},
    Act.VERIFY: VerifySchema(),
    Act.REGISTER: RegisterSchema(),
    Act.REJECT: reasoned(ActSchema, Act.REJECT),
    Act.MERGE: MergeSchema(),
    Act.DISPATCH: reasoned(DispatchSchema, Act.DISPATCH, required=False),
    Act.RETURN: reasoned(ActSchema, Act.RETURN),
    Act.REASSIGN: reasoned(TeamSchema, Act.REASSIGN),
    Act.TIME_OUT: TimeOutSchema(),
    Act.RELIEVE: LeaverSchema(),
    Act.PASS_ON: PassOnSchema(),
    Act.REMIND: AlarmSchema(),
    Act.LAPSE: AlarmSchema(),
    Act.CORRECT: CorrectSchema(),
    Act.NOTE: NoteSchema(),
    Act.ARRIVE: ArriveSchema(),
    Act.START: StartSchema(),
    Act.MEDIATE: MediateSchema(),
    Act.MEET: MeetSchema(),
    Act.SETTLE: SettleSchema(),
    Act.SUSPEND: reasoned(SuspendSchema, Act.SUSPEND),
    Act.EXTEND: reasoned(ExtendSchema, Act.EXTEND),
    Act.ASK_EXTEND: reasoned(ActSchema, Act.ASK_EXTEND),
    Act.ASK_SUSPEND: reasoned(ActSchema, Act.ASK_SUSPEND),
    Act.INSPECT_PASS: PassSchema(),
    Act.REWORK: reasoned(ActSchema, Act.REWORK),
    Act.RATE: RateSchema(),
    Act.REOPEN: reasoned(ActSchema, Act.REOPEN),
}
"""What each act takes."""


class MoveSchema(Schema):
    """Which act on which case."""

    act = one_of(act for act in Act if act not in UNASKED)


class TicketSchema(Schema):
    """What a ticket is for."""

    intent = one_of(["upload", "download"], required=True)
    photo_id = fields.String(validate=ID)
    size = one_of(["full", "thumbnail"], load_default="full")

    @validates_schema
    def _photo_named(self, data: Mapping[str, Any], **_: Any) -> None:
        if data["intent"] == "download" and "photo_id" not in data:
            raise ValidationError("Name the photo.", "photo_id")


class RevealSchema(Schema):
    """Why somebody has to reach the reporter."""

    reason = Text(allow_none=True)
