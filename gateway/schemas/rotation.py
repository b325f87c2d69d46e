"""The rotation of service days: teams, plans with their reasons, orders, and what was served."""

from marshmallow import Schema, fields, validate

from gateway.schemas.case_views import Open
from gateway.schemas.fields import Strict, day, id_, shown_instant, word
from gateway.schemas.ledgers import FORMATS, InBoth
from gateway.schemas.paging import PageQuery, next_cursor
from gateway.schemas.staffing import Receipt, shown_day

MOST_TEAMS, MOST_PEOPLE, MOST_VISITS = 100, 10_000, 500
WHY = {
    "description": (
        "overdue: past the bound; head: it gave way the last time; at_bound: it has to be now; ordered: by the "
        "organiser; need: open hygiene cases; longest: it has waited longest."
    )
}


class NewRotationTeam(Strict):
    """A team; with its `team_id` one that there is."""

    team_id = id_()
    name = word(100, required=True)
    people = fields.Integer(required=True, strict=True, validate=validate.Range(0, MOST_PEOPLE))


class NewRotationTeams(Strict):
    """All teams of an agency, which are bound to no grid; one without people goes nowhere."""

    teams = fields.List(fields.Nested(NewRotationTeam), required=True, validate=validate.Length(max=MOST_TEAMS))


class NewRotationOrder(Strict):
    """A turn that the organiser orders, instead of another compound's, and why."""

    compound_id = id_(required=True)
    instead_of = id_(allow_none=True, metadata={"description": "Who gives way; unless given the lowest score does."})
    reason = word(200, required=True)
    break_bound = fields.Boolean(metadata={"description": "Also if some compound then waits too long."})


class NewRotationVisit(Strict):
    """A compound that was visited; the planned team came unless another is named."""

    compound_id = id_(required=True)
    team_id = id_(allow_none=True)


class NewRotationVisits(Strict):
    """All compounds that the service day has served; what was recorded before is replaced."""

    visits = fields.List(fields.Nested(NewRotationVisit), required=True, validate=validate.Length(max=MOST_VISITS))


class PlanQuery(PageQuery):
    """Which plans: from a day on."""

    first = day()


class PlanExportQuery(Strict):
    """As which kind of file."""

    format = fields.String(load_default="xlsx", validate=validate.OneOf(FORMATS))


class TeamsReceipt(Receipt):
    """The teams that were entered, in their order."""

    area = fields.String(required=True)
    team_ids = fields.List(fields.String(), required=True)


class BrokenBound(InBoth):
    """A compound that waits too long for an order: from when on."""

    compound_id = fields.String(required=True)
    name = fields.String(required=True)
    breaks_in = fields.Integer(required=True, metadata={"description": "Service days; 0 is the day of this plan."})
    breaks_on = shown_day(required=True, allow_none=True)


class OrderReceipt(Receipt):
    """The plan with the order in it."""

    rotation_id = fields.String(required=True)
    breaks_bound_for = fields.List(
        fields.String(), metadata={"description": "The compounds that wait too long for it, as was asked for."}
    )
    breaks = fields.List(fields.Nested(BrokenBound), metadata={"description": "Of each of them, when."})


class VisitsReceipt(Receipt):
    """The service day that was recorded."""

    activity_id = fields.String(required=True)


class RotationTeam(Open):
    """A team."""

    team_id = fields.String(required=True)
    name = fields.String(required=True)
    people = fields.Integer(required=True)


class PlanLine(Open):
    """A plan in a list."""

    area = fields.String(required=True)
    day = shown_day(required=True)
    version = fields.Integer(required=True)
    called_off = fields.Boolean(required=True)
    turn_count = fields.Integer(required=True)
    overrides = fields.Integer(required=True, metadata={"description": "Turns that went to need, at most six."})
    displaced_count = fields.Integer(required=True)
    keeps_bound = fields.Boolean(required=True, metadata={"description": "Every compound within 12 service days."})


class PlanList(Schema):
    """A page of plans, the earliest first."""

    items = fields.List(fields.Nested(PlanLine), required=True)
    next = next_cursor()


class Rotation(Open):
    """The teams of an agency's service days, and the plans to come."""

    area = fields.String(required=True)
    since = shown_day(required=True)
    teams = fields.List(fields.Nested(RotationTeam), required=True)
    plans = fields.List(fields.Nested(PlanLine), required=True)


class ScoreTerm(InBoth):
    """One part of a score."""

    name = fields.String(required=True)
    count = fields.Integer(required=True)
    points = fields.Integer(required=True)


class RotationTurn(Open):
    """A compound's turn."""

    compound_id = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)
    team_id = fields.String(required=True)
    team = fields.String(required=True, allow_none=True)
    people = fields.Integer(required=True, allow_none=True, metadata={"description": "How many of the team come."})
    why = fields.String(required=True, metadata=WHY)
    reason = fields.Nested(InBoth, required=True)
    order = fields.String(required=True, allow_none=True, metadata={"description": "The organiser's own words."})
    score = fields.Integer(required=True)
    terms = fields.List(fields.Nested(ScoreTerm), required=True)
    case_ids = fields.List(fields.String(), required=True, metadata={"description": "The open hygiene cases there."})
    same_team = fields.Nested(
        InBoth, required=True, allow_none=True, metadata={"description": "Why the team of the last time comes again."}
    )


class RotationDisplaced(Open):
    """A compound that gave way, and heads the next service day."""

    compound_id = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)
    by = fields.String(required=True)
    by_name = fields.String(required=True, allow_none=True)
    why = fields.String(required=True)
    score = fields.Integer(required=True)
    by_score = fields.Integer(required=True)
    terms = fields.List(fields.Nested(ScoreTerm), required=True)
    reason = fields.Nested(InBoth, required=True)


class RotationShortfall(Open):
    """The bound that cannot be kept, from when on, and what would do."""

    breaks_in = fields.Integer(required=True, metadata={"description": "Service days; 0 is the day of this plan."})
    breaks_on = shown_day(required=True, allow_none=True)
    compound_ids = fields.List(fields.String(), required=True)
    names = fields.List(fields.String(), required=True)
    teams = fields.Integer(required=True)
    teams_needed = fields.Integer(required=True)
    keeps = fields.Integer(
        required=True, allow_none=True, metadata={"description": "The bound that these teams can keep."}
    )
    reason = fields.Nested(InBoth, required=True)


class PlanChange(InBoth):
    """A compound that gained or lost its turn, and why."""

    compound_id = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)
    gained = fields.Boolean(required=True)
    why = fields.String(required=True)


class DayPeople(InBoth):
    """With how many people a day is planned: those who have a place in it once that is settled, else those entered."""

    entered = fields.Integer(required=True)
    signed_up = fields.Integer(required=True, metadata={"description": "By sign-up or by roster."})
    counted = fields.Boolean(required=True, metadata={"description": "Whether the teams are filled with these."})


class UnplacedCases(InBoth):
    """Open hygiene cases that call for no visit, since they lie at no compound of the rotation."""

    case_ids = fields.List(fields.String(), required=True)


class RotationPlan(PlanLine):
    """The plan of a service day, with the reasons of all that is in it."""

    turns = fields.List(fields.Nested(RotationTurn), required=True)
    displaced = fields.List(fields.Nested(RotationDisplaced), required=True)
    shortfall = fields.Nested(RotationShortfall, required=True, allow_none=True)
    people = fields.Nested(DayPeople, required=True)
    unplaced = fields.Nested(
        UnplacedCases, required=True, allow_none=True, metadata={"description": "As of now, of a day to come."}
    )
    changes = fields.List(fields.Nested(PlanChange), required=True)


class PlanVersion(Open):
    """What one version of a plan changed."""

    version = fields.Integer(required=True)
    at = shown_instant(required=True)
    role = fields.String(required=True)
    changes = fields.List(fields.Nested(PlanChange), required=True)


class PlanHistory(Open):
    """The versions of a plan, the first one first."""

    items = fields.List(fields.Nested(PlanVersion), required=True)


class RotationStanding(Open):
    """Where a compound stands before the next service day."""

    compound_id = fields.String(required=True)
    name = fields.String(required=True)
    waited = fields.Integer(required=True, metadata={"description": "Service days since its last visit."})
    left = fields.Integer(required=True, metadata={"description": "Within so many it has to be visited."})
    last_visit = shown_day(required=True, allow_none=True)
    visits = fields.Integer(required=True, metadata={"description": "Of the last year."})
    score = fields.Integer(required=True)
    terms = fields.List(fields.Nested(ScoreTerm), required=True)
    next_day = shown_day(required=True, allow_none=True)


class RotationStandings(Open):
    """Every compound of a rotation, the longest waiting first."""

    items = fields.List(fields.Nested(RotationStanding), required=True)


class RotationVisit(Open):
    """A compound that was visited."""

    compound_id = fields.String(required=True)
    team_id = fields.String(required=True, allow_none=True)
    case_ids = fields.List(
        fields.String(), required=True, metadata={"description": "The open hygiene cases that the visit was for."}
    )


class DayServed(Open):
    """What was recorded of a service day."""

    activity_id = fields.String(required=True)
    area = fields.String(required=True)
    day = shown_day(required=True)
    visits = fields.List(fields.Nested(RotationVisit), required=True)
    resolved_case_ids = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Cases that it dealt with, as the organiser's feedback says, before and after."},
    )
    version = fields.Integer(required=True)
