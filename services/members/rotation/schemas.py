"""The shapes of what the rotation is asked with and what it hears."""

from marshmallow import EXCLUDE, Schema, fields, validate

from chassis.schema import Day, legible
from members.posts.schemas import MOST_IN_PAGE
from members.rotation.crew import MOST_TEAMS
from members.schemas import NAME, SHORT, WithoutNumbers

AGENCY = validate.Regexp(r"^\d{9}\Z", error="Not the code of an agency (9 digits).")
REASON = validate.And(validate.Length(min=1, max=200), legible)
MOST_PEOPLE, MOST_VISITS = 10_000, 500


class AreaSchema(Schema):
    """Which rotation."""

    area = fields.String(required=True, validate=AGENCY)


class DaySchema(AreaSchema):
    """Which plan of it."""

    day = Day(required=True)


class TeamSchema(Schema):
    """A team, with its id if there is one already, and how many people it has."""

    team_id = fields.String(validate=SHORT)
    name = fields.String(required=True, validate=NAME)
    people = fields.Integer(required=True, strict=True, validate=validate.Range(0, MOST_PEOPLE))


class TeamsSchema(AreaSchema):
    """All teams of a rotation."""

    teams = fields.List(fields.Nested(TeamSchema), required=True, validate=validate.Length(max=MOST_TEAMS))


class OrderSchema(DaySchema):
    """A turn that an organiser orders: why, instead of whom, and whether the bound may break for it."""

    compound_id = fields.String(required=True, validate=SHORT)
    instead_of = fields.String(load_default=None, allow_none=True, validate=SHORT)
    reason = WithoutNumbers(required=True, validate=REASON)
    break_bound = fields.Boolean(load_default=False)


class WithdrawSchema(DaySchema):
    """Which order is taken back."""

    compound_id = fields.String(required=True, validate=SHORT)


class VisitSchema(Schema):
    """A compound that was visited; without a team the planned one came."""

    compound_id = fields.String(required=True, validate=SHORT)
    team_id = fields.String(allow_none=True, validate=SHORT)


class RecordSchema(Schema):
    """What a service day brought."""

    activity_id = fields.String(required=True, validate=SHORT)
    visits = fields.List(fields.Nested(VisitSchema), required=True, validate=validate.Length(max=MOST_VISITS))


class PlanPageSchema(AreaSchema):
    """Which plans: those from a day on, after a day, at most so many."""

    first = Day(load_default=None, allow_none=True)
    after = Day(load_default=None, allow_none=True)
    limit = fields.Integer(strict=True, load_default=20, validate=validate.Range(1, MOST_IN_PAGE))


class CaseHeardSchema(Schema):
    """What is kept of a case: what it is, where, and where it stands."""

    class Meta:
        """Other fields are passed over."""

        unknown = EXCLUDE

    case_id = fields.String(required=True)
    version = fields.Integer(required=True)
    status = fields.String(required=True)
    category = fields.String(required=True, allow_none=True)
    severity = fields.String(required=True, allow_none=True)
    grid_code = fields.String(required=True)
    compound_id = fields.String(required=True, allow_none=True)
    service_day_id = fields.String(load_default=None, allow_none=True)
    near_compound_id = fields.String(load_default=None, allow_none=True)
    complained_unit_id = fields.String(load_default=None, allow_none=True)
