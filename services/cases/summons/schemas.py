"""The shapes of what a summons takes, act by act, and of what lists of them are asked for with."""

from collections.abc import Mapping

from marshmallow import Schema, fields, validate

from cases.listing_schemas import AREA, MOST_IN_PAGE
from cases.schemas import ID, Text, ids, one_of
from cases.summons.acts import HIGHEST_SCORE, OPENING, Act
from cases.summons.summons import REASONS, Bell, Kind, Stage
from chassis.schema import Instant

MOST_UNITS = 20


class CallSchema(Schema):
    """Whom to call, why and by when; without a lead the office leads."""

    kind = one_of(Kind, required=True)
    units = ids(MOST_UNITS, 1, required=True)
    lead_unit_id = fields.String(validate=ID)
    due_on_site = Instant(required=True)
    mechanism_id = fields.String(validate=ID)
    text = Text()


class GrantSchema(Schema):
    """What the office calls otherwise than it was asked for."""

    units = ids(MOST_UNITS, 1)
    lead_unit_id = fields.String(validate=ID)
    due_on_site = Instant()
    mechanism_id = fields.String(validate=ID)


class NothingSchema(Schema):
    """An act about which nothing is said."""


class ExcuseSchema(Schema):
    """Why the unit does not come."""

    reason_code = one_of(REASONS, required=True)
    text = Text()


class UnitSchema(Schema):
    """Which unit it is about."""

    unit_id = fields.String(required=True, validate=ID)


class MissSchema(UnitSchema, ExcuseSchema):
    """Which unit was not there, and why."""


class ScoreSchema(UnitSchema):
    """How the unit did: from 1, badly, to 5, well."""

    score = fields.Integer(required=True, strict=True, validate=validate.Range(1, HIGHEST_SCORE))


class RemindSchema(Schema):
    """The bell that the clock has found ringing."""

    bell = one_of(Bell, required=True)


FIELDS: Mapping[Act, Schema] = {
    Act.ASK: CallSchema(),
    Act.CALL: CallSchema(),
    Act.GRANT: GrantSchema(),
    Act.DECLINE: NothingSchema(),
    Act.ACKNOWLEDGE: NothingSchema(),
    Act.EXCUSE: ExcuseSchema(),
    Act.ARRIVE: UnitSchema(),
    Act.MISS: MissSchema(),
    Act.SCORE: ScoreSchema(),
    Act.REMIND: RemindSchema(),
}
"""What each act takes."""


class ActSchema(Schema):
    """Which act on which summons."""

    act = one_of(each for each in Act if each not in OPENING)


class OpeningSchema(Schema):
    """Whether it is called or asked for."""

    act = one_of(OPENING)


class FiltersSchema(Schema):
    """Which summons a list holds."""

    case_id = fields.String(validate=ID)
    area = fields.String(validate=AREA)
    status = one_of(Stage)


class PageSchema(Schema):
    """Which page of a list: `after` is the `next` of the page before."""

    filters = fields.Nested(FiltersSchema, load_default=dict)
    after = fields.Tuple((Instant(), fields.String(validate=ID)), load_default=None, allow_none=True)
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, MOST_IN_PAGE))


class ScoresSchema(Schema):
    """Of which units, called where and when, the turnout is counted."""

    area = fields.String(required=True, validate=AREA)
    unit_id = fields.String(load_default=None, allow_none=True, validate=ID)
    since = Instant(load_default=None, allow_none=True)
    until = Instant(load_default=None, allow_none=True)
