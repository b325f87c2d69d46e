"""Pulse surveys: drafting, opening and closing them, answering without a name, and what came of them."""

from collections.abc import Callable
from typing import Any

from flask import Response, url_for

from gateway.answers import answer, page, readable
from gateway.commands import command, if_version
from gateway.facade import ask
from gateway.identity import identity
from gateway.listing import continued, filters, position
from gateway.operations import IDEMPOTENCY_KEY, IF_MATCH, Operations
from gateway.schemas.surveys import (
    NewSurvey,
    SurveyAct,
    SurveyAnswer,
    SurveyAnswered,
    SurveyChange,
    SurveyList,
    SurveyQuery,
    SurveyReceipt,
    SurveyResults,
    SurveyView,
)

QUARTER = {
    "area": "360704100002",
    "title": {"zh": "高新社区二季度民情调查", "en": "Gaoxin community, second quarter"},
    "method": {
        "zh": "自愿在线填写，不记名；由网格员入户告知。",
        "en": "Answered online by whoever wants to, without a name; grid workers tell every household of it.",
    },
    "first_day": "2026-06-01",
    "last_day": "2026-06-14",
}
GOOD = {"scores": {"sense_of_gain": 4, "sense_of_belonging": 4, "sense_of_safety": 5}, "grid_code": "360704100002001"}

routes = Operations("surveys", "How people feel (获得感 归属感 幸福感 安全感): asked without names.")


@routes.does("/surveys", SurveyReceipt, status=201, takes=NewSurvey(), examples=QUARTER)
def draft_survey(body: dict[str, Any]) -> Response:
    """Draft a survey of a district, a town or a community.

    Its four scales are always the same. Until it is opened nobody but the office knows of it.
    """
    receipt = ask().cases.draft_survey(**command(), **body)
    return answer(receipt, 201, {"Location": url_for("surveys.survey", survey_id=receipt["survey_id"])})


@routes.reads("/surveys", SurveyList, query=SurveyQuery)
def surveys(query: dict[str, Any]) -> Response:
    """The surveys of an area and of all within it, drafted last first; drafts among them for the office alone."""
    asked = {**filters(query), "after": position(query), "limit": query["limit"]}
    found = ask().cases.surveys(caller=identity().caller, **asked)
    return page(found, continued(found, query), query)


@routes.reads("/surveys/<survey_id>", SurveyView)
def survey(survey_id: str) -> Response:
    """One survey."""
    found = ask().cases.survey(caller=identity().caller, survey_id=survey_id)
    return readable(found, found["version"])


@routes.operation(
    "PATCH",
    "/surveys/<survey_id>",
    SurveyReceipt,
    takes=SurveyChange(),
    headers=(IDEMPOTENCY_KEY, IF_MATCH),
    examples={"last_day": "2026-06-21"},
    errors=(409,),
)
def change_survey(body: dict[str, Any], survey_id: str) -> Response:
    """Tell something anew of a draft; once it is open nothing of it changes."""
    return answer(ask().cases.change_survey(**command(), survey_id=survey_id, **_meant(), **body))


@routes.does("/surveys/<survey_id>/answers", SurveyAnswered, takes=SurveyAnswer(), examples=GOOD)
def answer_survey(body: dict[str, Any], survey_id: str) -> Response:
    """Answer a survey, once, without a name; a program answers none.

    The scores are added to counts, and the answer itself is kept nowhere: nobody can look it up, change it or take it
    back. That somebody has answered is kept apart until the survey ends, as a mark that names nobody. With the same key
    the command may be repeated, whatever is in it.
    """
    return answer(ask().cases.answer_survey(**command(), survey_id=survey_id, **body))


@routes.reads("/surveys/<survey_id>/results", SurveyResults, errors=(409,))
def survey_results(survey_id: str) -> Response:
    """What came of a survey, by community and grid, each number with its sample and what was found before.

    The office sees it once the survey has ended, everybody in the district once it is published. Nobody sees more than
    the number of answers before. `method` says how people were asked.
    """
    return readable(ask().cases.survey_results(caller=identity().caller, survey_id=survey_id))


def _meant() -> dict[str, int]:
    version = if_version()
    return {} if version is None else {"if_version": version}


def _moving(act: str, summary: str) -> Callable[..., Response]:
    def move(body: dict[str, Any], survey_id: str) -> Response:
        return answer(ask().cases.move_survey(**command(), survey_id=survey_id, act=act, **_meant()))

    move.__name__, move.__doc__ = f"{act}_survey", summary
    return move


ACTS = (
    ("open", "Open a draft: from its first day on people answer, and it ends by itself with its last."),
    ("close", "Close a survey before its last day; who has answered is forgotten then."),
    ("publish", "Show everybody in the district what came of a survey that has ended."),
)
for each, said in ACTS:
    routes.does(f"/surveys/<survey_id>/{each}", SurveyReceipt, takes=SurveyAct(), headers=(IDEMPOTENCY_KEY, IF_MATCH))(
        _moving(each, said)
    )
