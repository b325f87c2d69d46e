"""The shapes of the acts on a case: what each takes."""

from collections.abc import Mapping
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from cases.act import UNASKED, Act
from cases.livelihood import JUDGEMENTS
from cases.mediation import SETTLED_BY, Ending
from cases.moves.reason import FINDINGS, REASONS
from cases.outcome import Outcome
from cases.rating import Solved
from cases.schemas import (
    CATEGORY,
    CHANNELS,
    CONTACTS,
    ID,
    PHONE,
    LocationSchema,
    PlaceSchema,
    Text,
    different,
    ids,
    one_of,
    photos,
    tags,
)
from chassis.schema import Day, Instant

MOST_ASSIGNEES = 20
MOST_PLACES = 50
MOST_PARTIES = 10


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


class GivenSchema(TeamSchema):
    """A team, and whether the next candidate is asked where it declines or says nothing."""

    then_next = fields.Boolean()


class DispatchSchema(GivenSchema):
    """A team, or a number of open places."""

    places = fields.Integer(strict=True, validate=validate.Range(1, MOST_PLACES))


class TimeOutSchema(Schema):
    """Whom the clock asks next; nobody, when there is no candidate left."""

    assignees = ids(1)


class LeaverSchema(Schema):
    """Who has left the service, a person or a unit."""

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

    review_on = Day(required=True)


class ExtendSchema(ActSchema):
    """The new due time."""

    until = Instant(required=True)


class FeedbackSchema(ActSchema):
    """That it is done; how it looked before, and the service day (its activity) that has dealt with it."""

    before_photos = photos()
    service_day_id = fields.String(validate=ID)

    @validates_schema
    def _before_and_after(self, data: Mapping[str, Any], **_: Any) -> None:
        if set(data.get("before_photos") or ()) & set(data.get("photos") or ()):
            raise ValidationError("One photo shows it either before or after.", "before_photos")


class PassSchema(ActSchema):
    """What the work has done good for."""

    outcomes = fields.List(one_of(Outcome), validate=[validate.Length(max=len(Outcome)), different])


class RateSchema(Schema):
    """A mark: satisfaction from 1, dissatisfied, to 4, satisfied (docs/domain.md §2.2)."""

    contacted = fields.Boolean(load_default=True)
    solved = one_of(Solved)
    satisfaction = fields.Integer(strict=True, validate=validate.Range(1, 4))
    channel = one_of(CHANNELS)
    text = Text()


class GroundsSchema(Schema):
    """Why, in words that are for the office; they are kept with the exclusion and as an internal remark."""

    text = Text(required=True, attribute="grounds")


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
    Act.REASSIGN: reasoned(GivenSchema, Act.REASSIGN),
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
    Act.FEEDBACK: FeedbackSchema(),
    Act.INSPECT_PASS: PassSchema(),
    Act.REWORK: reasoned(ActSchema, Act.REWORK),
    Act.RATE: RateSchema(),
    Act.REOPEN: reasoned(ActSchema, Act.REOPEN),
    Act.PROPOSE_EXCLUSION: reasoned(GroundsSchema, Act.PROPOSE_EXCLUSION),
    Act.APPROVE_EXCLUSION: Schema(),
    Act.REFUSE_EXCLUSION: GroundsSchema(),
}
"""What each act takes."""


class MoveSchema(Schema):
    """Which act on which case."""

    act = one_of(act for act in Act if act not in UNASKED)
