"""How cases are shown, as far as the caller may see them; what is hidden is null, or an empty list."""

from collections.abc import Mapping

from marshmallow import INCLUDE, Schema, fields

from gateway.schemas.fields import shown_instant
from gateway.schemas.mediation import MediationShown
from gateway.schemas.paging import next_cursor

ACTS = (
    "accept",
    "answer",
    "answer_directly",
    "approve_exclusion",
    "arrive",
    "ask",
    "ask_extend",
    "ask_suspend",
    "ask_verify",
    "correct",
    "dispatch",
    "extend",
    "feedback",
    "inspect_pass",
    "leave",
    "mediate",
    "meet",
    "merge",
    "note",
    "propose_exclusion",
    "rate",
    "reassign",
    "refuse_exclusion",
    "register",
    "reject",
    "reopen",
    "resume",
    "return",
    "rework",
    "settle",
    "start",
    "suspend",
    "verify",
    "withdraw",
)
"""Everything that a caller may be able to do with a case."""

SIGHTS = {
    "outline": "status, times, category and grid",
    "masked": "also the words, with what is personal masked",
    "own": "what the reporter gave and what became of it, without the names of those who handle it",
    "full": "everything that the work needs",
}
"""How much of a case is shown, the least first, with what each means."""


def _listed(meanings: Mapping[str, str]) -> str:
    return "; ".join(f"`{code}`: {meaning}" for code, meaning in meanings.items())


class Open(Schema):
    """An answer to which fields may be added later."""

    class Meta:
        """Options of marshmallow."""

        unknown = INCLUDE


class CalendarNotice(Open):
    """Years that a deadline counts although their holidays are not published yet, and how they are counted."""

    years = fields.List(fields.Integer(), required=True)
    rule = fields.String(
        required=True, metadata={"description": "`monday_to_friday`: these days count as working days until then."}
    )
    text = fields.String(required=True, metadata={"description": "The same in the language of the answer."})


class Receipt(Open):
    """What a command did: the same again for the same command."""

    case_id = fields.String(required=True)
    number = fields.String(required=True)
    version = fields.Integer(required=True)
    status = fields.String(required=True)
    act = fields.String(required=True)
    at = shown_instant(required=True)
    event_id = fields.String(required=True)
    category = fields.String(required=True, allow_none=True)
    grid_code = fields.String(required=True)
    respond_due = shown_instant(required=True, allow_none=True)
    resolve_due = shown_instant(required=True, allow_none=True)
    calendar = fields.Nested(CalendarNotice, allow_none=True)
    arrived_before = fields.Boolean(
        metadata={"description": "The hotline has transferred this before: nothing was opened, the answer is 200."}
    )


OVERDUE = (
    "It is to be solved, past its due time and not solved yet: what is suspended, and what waits for its inspection, "
    "is not, also where the feedback came late."
)


class CaseHead(Open):
    """What every list shows of a case."""

    case_id = fields.String(required=True)
    number = fields.String(required=True)
    status = fields.String(required=True)
    category = fields.String(required=True, allow_none=True)
    severity = fields.String(
        required=True, allow_none=True, metadata={"description": "E emergency, U urgent, N normal, L low."}
    )
    grid_code = fields.String(required=True)
    compound_id = fields.String(required=True, allow_none=True)
    reported_at = shown_instant(required=True)
    resolve_due = shown_instant(required=True, allow_none=True)
    overdue = fields.Boolean(required=True, metadata={"description": OVERDUE})


class CaseLine(CaseHead):
    """Where a case stands."""

    version = fields.Integer(required=True)
    category_version = fields.String(allow_none=True)
    restricted = fields.Boolean(required=True)
    source = fields.String(required=True)
    tags = fields.List(fields.String(), required=True)
    respond_due = shown_instant(required=True, allow_none=True)
    accept_due = shown_instant(allow_none=True)
    responded_at = shown_instant(allow_none=True)
    resolved_at = shown_instant(allow_none=True)
    closed_at = shown_instant(allow_none=True)
    calendar_presumed = fields.Boolean()
    calendar = fields.Nested(CalendarNotice, allow_none=True)
    round = fields.Integer()
    open_places = fields.Integer()
    text = fields.String(required=True, allow_none=True)


def names_around() -> fields.Dict:
    """What the grids and compounds of a list are called."""
    meaning = "What the grids and compounds in it are called, by `grid_code` and `compound_id`."
    return fields.Dict(keys=fields.String(), values=fields.String(), required=True, metadata={"description": meaning})


class CaseList(Schema):
    """A page of cases, newest first."""

    items = fields.List(fields.Nested(CaseLine), required=True)
    names = names_around()
    next = next_cursor()


class Point(Open):
    """A point in degrees of WGS84, and the datum in which it was given."""

    lon = fields.Float(required=True)
    lat = fields.Float(required=True)
    crs = fields.String(required=True, metadata={"description": "WGS84."})
    source_crs = fields.String(metadata={"description": "The datum in which the point was given."})


class PhotoShown(Open):
    """A photo of the case, and the act that it came with."""

    photo_id = fields.String(required=True)
    act = fields.String(required=True)
    at = shown_instant(required=True)
    shows = fields.String(
        required=True,
        allow_none=True,
        metadata={"enum": ["before", "after", None], "description": "Of the feedback's: before the work, or after it."},
    )
    released = fields.Boolean(metadata={"description": "Whether everybody sees it."})


class ReporterShown(Open):
    """Who reported it."""

    id = fields.String(required=True, allow_none=True)
    anonymous = fields.Boolean(required=True)


class AssigneeShown(Open):
    """One of those who have the case."""

    id = fields.String(required=True, allow_none=True)
    kind = fields.String(required=True)
    lead = fields.Boolean(required=True)
    accepted = fields.Boolean(required=True)
    accepted_at = shown_instant(allow_none=True)


class RatingShown(Open):
    """A mark of one round."""

    round = fields.Integer(required=True)
    at = shown_instant(required=True)
    by_proxy = fields.Boolean(required=True)
    solved = fields.String(allow_none=True)
    satisfaction = fields.Integer(allow_none=True)
    result = fields.String(required=True)


class TimelineActor(Open):
    """Who did it, in which role."""

    id = fields.String(required=True, allow_none=True)
    role = fields.String(required=True, allow_none=True)


class TimelineLine(Open):
    """One thing that happened."""

    event_id = fields.String(required=True)
    act = fields.String(required=True)
    type = fields.String(required=True)
    at = shown_instant(required=True)
    by = fields.Nested(TimelineActor, required=True)
    status = fields.String(required=True)
    text = fields.String(required=True, allow_none=True)
    photos = fields.List(fields.String(), required=True)
    details = fields.Dict()


class Worded(Open):
    """A code with its words."""

    code = fields.String(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)


class EarlierCase(Open):
    """A registered case of the same category at about the same place."""

    case_id = fields.String(required=True)
    number = fields.String(required=True)


class RepeatShown(Open):
    """How often the matter has come up within 90 days."""

    count = fields.Integer(required=True, metadata={"description": "3 says that it is the third."})
    earlier = fields.List(
        fields.Nested(EarlierCase),
        required=True,
        metadata={"description": "The latest of the others, at most 20, as far as the caller oversees their place."},
    )
    suggestion = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "enum": ["open_project", None],
            "description": "What a dispatcher is offered: from the third on, to look for the cause in a project.",
        },
    )


class TargetShown(Open):
    """What is aimed at for a livelihood tag: never later than the deadlines, which it does not move."""

    tag = fields.String(required=True)
    respond_due = shown_instant(required=True)
    resolve_due = shown_instant(required=True)
    responded = fields.Boolean(
        required=True, allow_none=True, metadata={"description": "Whether it was reached; null while that is open."}
    )
    resolved = fields.Boolean(required=True, allow_none=True)


class ExclusionShown(Open):
    """That the case is to be left out of the three rates; it is left out once this is approved."""

    state = fields.String(required=True, metadata={"enum": ["proposed", "approved", "refused"]})
    reason = fields.Nested(Worded, required=True)
    text = fields.String(required=True, allow_none=True)
    proposed_by = fields.String(required=True)
    proposed_at = shown_instant(required=True)
    decided_by = fields.String(required=True, allow_none=True)
    decided_at = shown_instant(required=True, allow_none=True)
    answer = fields.String(required=True, allow_none=True, metadata={"description": "Why it was refused."})


class CaseView(CaseLine):
    """A whole case with its timeline; `acts` are those that the caller may try now."""

    sight = fields.String(
        metadata={
            "enum": list(SIGHTS),
            "description": f"How much of the case this caller sees. {_listed(SIGHTS)}.",
        }
    )
    location = fields.Nested(Point, required=True, allow_none=True)
    photos = fields.List(fields.Nested(PhotoShown), required=True)
    reporter = fields.Nested(ReporterShown, required=True, allow_none=True)
    complained_unit_id = fields.String(allow_none=True)
    municipal = fields.Boolean(allow_none=True)
    assignees = fields.List(fields.Nested(AssigneeShown), required=True)
    places = fields.Integer(allow_none=True)
    questions = fields.Integer()
    requests = fields.List(fields.Dict())
    ratings = fields.List(fields.Nested(RatingShown), required=True)
    returns = fields.Integer()
    reworks = fields.Integer()
    extensions = fields.Integer()
    review_on = fields.String(allow_none=True, metadata={"format": "date"})
    merged_into = fields.String(allow_none=True)
    external_number = fields.String(allow_none=True, metadata={"description": "The hotline's own number."})
    session_id = fields.String(allow_none=True, metadata={"description": "The intake session in which it came up."})
    patrol_id = fields.String(allow_none=True, metadata={"description": "The patrol on which it was found."})
    asset_id = fields.String(allow_none=True, metadata={"description": "The fixed asset that it is about."})
    service_day_id = fields.String(
        allow_none=True, metadata={"description": "The activity whose service day has dealt with it in this round."}
    )
    outcomes = fields.List(
        fields.Nested(Worded), metadata={"description": "What the work has done good for, said at its inspection."}
    )
    targets = fields.List(
        fields.Nested(TargetShown),
        required=True,
        metadata={
            "description": "What is aimed at for each livelihood tag of a registered case, beside its deadlines."
        },
    )
    exclusion = fields.Nested(
        ExclusionShown,
        required=True,
        allow_none=True,
        metadata={"description": "The last proposal to leave it out of the three rates; null for its reporter."},
    )
    repeat = fields.Nested(
        RepeatShown,
        required=True,
        allow_none=True,
        metadata={"description": "For who oversees the place; null before the case is registered."},
    )
    mediation = fields.Nested(MediationShown, allow_none=True, metadata={"description": "Of a dispute."})
    timeline = fields.List(fields.Nested(TimelineLine), required=True)
    names = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "What the grid, the compound and the units in it are called; no persons."},
    )
    acts = fields.List(
        fields.String(metadata={"enum": list(ACTS)}),
        required=True,
        metadata={
            "description": "What this caller may do now, by role, status and kind of case, and of the acts on an "
            "exclusion those that its present state takes from them; other rules are asked "
            "when it is done. In the path of an act `_` is written `-`: `inspect_pass` is "
            "`POST /v1/cases/{case_id}/inspect-pass`."
        },
    )


class ReporterContact(Open):
    """How to reach the reporter."""

    name = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    callback = fields.String(required=True)
