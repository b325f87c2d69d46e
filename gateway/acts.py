"""The acts on a case as the interface offers them: one table of paths and bodies; it decides nothing."""

from dataclasses import dataclass, field
from typing import Any

from marshmallow import Schema, fields, validate

from gateway.schemas.case_policies import EXCLUSIONS
from gateway.schemas.cases import MOST_PHOTOS, Location, photos, tags
from gateway.schemas.fields import Strict, Truth, day, different, id_, ids, instant, one_of, text
from gateway.schemas.mediation import ENDINGS, SETTLED_BY, Party

MOST_ASSIGNEES = 20
MOST_PLACES = 50
MOST_PARTIES = 10

Body = dict[str, fields.Field[Any]]


@dataclass(frozen=True)
class Act:
    """One act: what it is called, what it does in one sentence, what it takes."""

    name: str
    summary: str
    body: Body = field(default_factory=dict)
    example: Any = None

    @property
    def path(self) -> str:
        """The last part of its path."""
        return self.name.replace("_", "-")

    @property
    def takes(self) -> Schema:
        """The schema of its body, named after it."""
        title = self.name.title().replace("_", "")
        made: type[Schema] = type(f"{title}Act", (Strict,), {**self.body, "__doc__": self.summary})
        return made()


def _said() -> Body:
    return {"text": text(), "photos": photos()}


def _because(*codes: str, required: bool = True) -> Body:
    return {"reason_code": one_of(*codes, required=required), **_said()}


def _kind() -> Body:
    return {
        "category": id_(metadata={"examples": ["0101"]}),
        "municipal": Truth(metadata={"description": "Whether what is broken belongs to the city."}),
        "complained_unit_id": id_(metadata={"description": "The unit that the case is about, if it is about one."}),
        "asset_id": id_(allow_none=True, metadata={"description": "The fixed asset that the case is about."}),
        "urgency": id_(
            metadata={
                "enum": ["confirmed", "lowered"],
                "description": "What holds of the tag `urgent` on a category that is not: it stays, or is taken off.",
            }
        ),
    }


def _team() -> Body:
    return {
        "assignees": ids(MOST_ASSIGNEES, metadata={"description": "Ids of persons and units."}),
        "lead": id_(metadata={"description": "Which of several leads."}),
    }


def _given() -> Body:
    return {
        **_team(),
        "then_next": Truth(
            metadata={
                "description": "Whoever declines or does not accept in time is followed by the next candidate, until "
                "somebody takes the case: after two returns or five who said nothing the office decides."
            }
        ),
    }


OUTCOMES = (
    "night_safety",
    "clean_environment",
    "public_safety",
    "smooth_traffic",
    "comfortable_living",
    "good_neighbours",
)
TO_EXTEND = ("parts", "complex", "access", "weather", "other")
TO_SUSPEND = ("funds", "weather", "litigation")

ACTS: tuple[Act, ...] = (
    Act("ask_verify", "Ask a grid worker to look first.", _said()),
    Act(
        "verify",
        "Record what was found on the spot.",
        {"finding": one_of("confirmed", "not_found", "different", required=True), **_said()},
        {"finding": "confirmed", "text": "灯杆完好，灯不亮。"},
    ),
    Act(
        "register",
        "Accept the report as a case; its deadlines are set.",
        {**_kind(), "tags": tags(), **_said()},
        {"category": "0101"},
    ),
    Act(
        "reject",
        "Refuse the report, with a reason and a text for its reporter.",
        _because("duplicate", "malicious", "out_of_jurisdiction", "unreasonable", "not_found", "insufficient"),
        {"reason_code": "insufficient", "text": "请补充具体位置。"},
    ),
    Act(
        "merge",
        "Join the report with another case about the same thing.",
        {"target_case_id": id_(required=True), **_said()},
        {"target_case_id": "0198c0de-7a10-7000-8000-00000000000a"},
    ),
    Act("answer_directly", "Answer an enquiry, and close it.", _said(), {"text": "服务时间为工作日 8:30 至 18:00。"}),
    Act(
        "dispatch",
        "Give the case to a team, or offer it openly with a number of places.",
        {
            **_given(),
            "places": fields.Integer(
                strict=True,
                validate=validate.Range(1, MOST_PLACES),
                metadata={"description": "Offer it openly: so many may take it."},
            ),
            **_because("knows_the_case", "nobody_else", "other", required=False),
        },
        {"assignees": ["p-worker", "p-member"], "lead": "p-member"},
    ),
    Act("accept", "Take the case, or one of its open places.", _said()),
    Act(
        "return",
        "Hand the case back.",
        _because("not_responsible", "no_capacity", "wrong_category", "unsafe", "other"),
        {"reason_code": "no_capacity"},
    ),
    Act(
        "reassign",
        "Give the case to others.",
        {**_given(), **_because("not_responsible", "no_capacity", "wrong_skill", "assignee_left", "other")},
        {"assignees": ["p-second-member"], "reason_code": "assignee_left"},
    ),
    Act(
        "correct",
        "Put the category or the place right; deadlines are set anew.",
        {**_kind(), "location": fields.Nested(Location), "grid_code": id_(), "compound_id": id_(), **_said()},
        {"category": "0102"},
    ),
    Act(
        "note",
        "Add a text or photos.",
        {**_said(), "internal": Truth(metadata={"description": "Not for the reporter."})},
        {"text": "镇流器老化，待配件。"},
    ),
    Act("ask", "Ask the reporter something.", _said(), {"text": "请问是几号楼？"}),
    Act("answer", "Answer what was asked.", _said(), {"text": "3 号楼。"}),
    Act(
        "arrive",
        "Check in on the spot.",
        {"location": fields.Nested(Location), **_said()},
        {"location": {"lon": 115.0058, "lat": 25.8672}},
    ),
    Act(
        "start",
        "Record the first contact without a visit.",
        {"contact": one_of("phone", "message", "visit", required=True), **_said()},
        {"contact": "phone"},
    ),
    Act("leave", "Check out.", _said()),
    Act(
        "suspend",
        "Stop the clock, with a date on which to look again.",
        {"review_on": day(required=True), **_because(*TO_SUSPEND)},
        {"reason_code": "funds", "review_on": "2026-04-15"},
    ),
    Act("resume", "Let the clock run again.", _said()),
    Act(
        "extend",
        "Move the due time, once.",
        {"until": instant(required=True), **_because(*TO_EXTEND)},
        {"reason_code": "parts", "until": "2026-03-20T18:00:00+08:00"},
    ),
    Act("ask_extend", "Ask for more time.", _because(*TO_EXTEND), {"reason_code": "parts"}),
    Act("ask_suspend", "Ask to stop the clock.", _because(*TO_SUSPEND), {"reason_code": "funds"}),
    Act(
        "mediate",
        "Mediate a dispute, between these parties. Who they are and what is said, they and the mediator alone read.",
        {"parties": fields.List(fields.Nested(Party), required=True, validate=validate.Length(2, MOST_PARTIES))},
        {"parties": [{"person_id": "p-resident"}, {"person_id": "p-neighbour"}]},
    ),
    Act(
        "meet",
        "Write down what was said at a meeting of the mediation.",
        {"record": text(required=True)},
        {"record": "双方同意晚上十点后不再练琴。"},
    ),
    Act(
        "settle",
        "Say how the mediation ended: who settled it gives the level of resolution. What was agreed is signed.",
        {
            "outcome": one_of(*ENDINGS, required=True),
            "settled_by": one_of(*SETTLED_BY),
            "agreement": ids(
                MOST_PHOTOS,
                metadata={"description": "Ids of uploaded photos of what was signed; for the parties alone."},
            ),
        },
        {
            "outcome": "agreed",
            "settled_by": "grid_party_group",
            "agreement": ["0198c0de-7a10-7000-8000-000000000003"],
        },
    ),
    Act(
        "feedback",
        "Report that the work is done, with photos where something can be seen. The organiser of a service day names "
        "it and shows how it looked before, too.",
        {
            **_said(),
            "before_photos": photos(),
            "service_day_id": id_(
                metadata={
                    "description": "The activity whose service day has dealt with it; only its organiser says so."
                }
            ),
        },
        {"text": "已更换镇流器，路灯恢复。", "photos": ["0198c0de-7a10-7000-8000-000000000002"]},
    ),
    Act(
        "inspect_pass",
        "Find the work good, and close the case.",
        {
            **_said(),
            "outcomes": fields.List(
                one_of(*OUTCOMES),
                validate=[validate.Length(max=len(OUTCOMES)), different],
                metadata={"description": "What the work has done good for."},
            ),
        },
        {"outcomes": ["night_safety"]},
    ),
    Act(
        "rework",
        "Send the work back.",
        _because("not_solved", "poor_quality", "evidence_missing", "other"),
        {"reason_code": "not_solved"},
    ),
    Act(
        "rate",
        "Say whether it is solved, and how well; or write down what was answered when somebody called back.",
        {
            "solved": one_of("yes", "partly", "no"),
            "satisfaction": fields.Integer(
                strict=True,
                validate=validate.Range(1, 4),
                metadata={"description": "From 1, dissatisfied, to 4, satisfied."},
            ),
            "contacted": Truth(metadata={"description": "Whether somebody was reached; true unless given."}),
            "channel": one_of("app", "voice", "sms", "visit"),
            "text": text(),
        },
        {"solved": "yes", "satisfaction": 4},
    ),
    Act(
        "reopen",
        "It is not solved: begin another round.",
        _because("not_solved", "came_back", "other"),
        {"reason_code": "not_solved"},
    ),
    Act(
        "propose_exclusion",
        "Propose that the case be left out of the three rates; somebody else of the office decides.",
        {
            "reason_code": one_of(*EXCLUSIONS, required=True),
            "text": text(required=True, metadata={"description": "Why; the reporter does not read it."}),
        },
        {"reason_code": "out_of_jurisdiction", "text": "经核实属铁路部门管理，已转告。"},
    ),
    Act("approve_exclusion", "Approve it: the case is left out of the three rates, and reported as left out."),
    Act(
        "refuse_exclusion",
        "Refuse it: the case goes on counting.",
        {"text": text(required=True, metadata={"description": "Why."})},
        {"text": "该路段由本区管护，应计入。"},
    ),
    Act("withdraw", "Take the report back.", _said()),
)
"""Every act that somebody can do; what the clock alone does is not among them."""
