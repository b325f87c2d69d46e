"""The acts on a case as the interface offers them: one table of paths and bodies; it decides nothing."""

from dataclasses import dataclass, field
from typing import Any

from marshmallow import Schema, fields, validate

from gateway.schemas.cases import Location, photos
from gateway.schemas.fields import Strict, day, id_, ids, instant, text

MOST_ASSIGNEES = 20
MOST_PLACES = 50
MOST_TAGS = 10

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


def _words() -> Body:
    return {"text": text()}


def _shown() -> Body:
    return {"text": text(), "photos": photos()}


def _reason(*examples: str) -> Body:
    return {"reason_code": id_(required=True, metadata={"examples": list(examples)}), "text": text()}


def _kind() -> Body:
    return {
        "category": id_(metadata={"examples": ["0101"]}),
        "municipal": fields.Boolean(metadata={"description": "Whether what is broken belongs to the city."}),
        "complained_unit_id": id_(metadata={"description": "The unit that the case is about, if it is about one."}),
    }


def _team() -> Body:
    return {
        "assignees": ids(MOST_ASSIGNEES, metadata={"description": "Ids of persons and units."}),
        "lead": id_(metadata={"description": "Which of several leads."}),
    }


ACTS: tuple[Act, ...] = (
    Act("ask_verify", "Ask a grid worker to look first.", _words()),
    Act(
        "verify",
        "Record what was found on the spot.",
        {"finding": id_(required=True, metadata={"examples": ["confirmed"]}), **_shown()},
        {"finding": "confirmed", "text": "灯杆完好，灯不亮。"},
    ),
    Act(
        "register",
        "Accept the report as a case; its deadlines are set.",
        {**_kind(), "tags": ids(MOST_TAGS), **_words()},
        {"category": "0101"},
    ),
    Act(
        "reject",
        "Refuse the report, with a reason for its reporter.",
        _reason("insufficient"),
        {"reason_code": "insufficient", "text": "请补充具体位置。"},
    ),
    Act(
        "merge",
        "Merge the report into another one about the same thing.",
        {"target_case_id": id_(required=True), **_words()},
    ),
    Act("answer_directly", "Answer an enquiry and close it.", {"text": text(required=True)}),
    Act(
        "dispatch",
        "Give the case to a team, or offer it openly with a number of places.",
        {
            **_team(),
            "places": fields.Integer(
                strict=True,
                validate=validate.Range(1, MOST_PLACES),
                metadata={"description": "Offer it openly: so many may take it."},
            ),
            "reason_code": id_(),
            **_words(),
        },
        {"assignees": ["p-1", "p-2"], "lead": "p-1"},
    ),
    Act("accept", "Take the case, or one of its open places."),
    Act("return", "Hand the case back, with the reason.", _reason("no_capacity"), {"reason_code": "no_capacity"}),
    Act(
        "reassign",
        "Give the case to others.",
        {**_team(), **_reason("assignee_left")},
        {"assignees": ["p-3"], "reason_code": "assignee_left"},
    ),
    Act(
        "correct",
        "Put the category or the place right; deadlines are set anew.",
        {**_kind(), "location": fields.Nested(Location), "grid_code": id_(), "compound_id": id_(), **_words()},
        {"category": "0102"},
    ),
    Act(
        "note",
        "Add a text or photos.",
        {**_shown(), "internal": fields.Boolean(metadata={"description": "Not for the reporter."})},
        {"text": "镇流器老化，待配件。"},
    ),
    Act("ask", "Ask the reporter something.", {"text": text(required=True)}, {"text": "请问是几号楼？"}),
    Act("answer", "Answer what was asked.", _shown(), {"text": "3 号楼。"}),
    Act(
        "arrive",
        "Check in on the spot.",
        {"location": fields.Nested(Location), **_shown()},
        {"location": {"lon": 115.0058, "lat": 25.8672}},
    ),
    Act(
        "start",
        "Record the first contact without a visit.",
        {"contact": id_(required=True, metadata={"examples": ["phone"]}), **_words()},
        {"contact": "phone"},
    ),
    Act("leave", "Check out.", _words()),
    Act(
        "suspend",
        "Stop the clock, with a date on which to look again.",
        {"review_on": day(required=True), **_reason("funds")},
        {"reason_code": "funds", "review_on": "2026-04-15"},
    ),
    Act("resume", "Let the clock run again.", _words()),
    Act(
        "extend",
        "Move the due time, once.",
        {"until": instant(required=True), **_reason("parts")},
        {"reason_code": "parts", "until": "2026-03-20T18:00:00+08:00"},
    ),
    Act("ask_extend", "Ask for more time.", _reason("parts"), {"reason_code": "parts"}),
    Act("ask_suspend", "Ask to stop the clock.", _reason("funds"), {"reason_code": "funds"}),
    Act(
        "feedback",
        "Report that the work is done, with photos where something can be seen.",
        {"text": text(required=True), "photos": photos()},
        {"text": "已更换镇流器，路灯恢复。", "photos": ["0198c0de-7a10-7000-8000-000000000002"]},
    ),
    Act("inspect_pass", "Find the work good, and close the case.", _shown()),
    Act("rework", "Send the work back.", {**_reason("not_solved"), "photos": photos()}, {"reason_code": "not_solved"}),
    Act(
        "rate",
        "Say whether it is solved, and how well; or write down what was answered when somebody called back.",
        {
            "solved": id_(metadata={"examples": ["yes"]}),
            "satisfaction": fields.Integer(strict=True, validate=validate.Range(1, 4)),
            "contacted": fields.Boolean(),
            "channel": id_(),
            **_words(),
        },
        {"solved": "yes", "satisfaction": 4},
    ),
    Act("reopen", "It is not solved: begin another round.", _reason("not_solved"), {"reason_code": "not_solved"}),
    Act("withdraw", "Take the report back.", _words()),
)
"""Every act that somebody can do; what the clock alone does is not among them."""
