"""Evaluations of members and units by the rules of a period: whom they are about sees them first."""

from typing import Any

from flask import Response

from gateway.answers import answer, page, readable
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.listing import continued, filters, position
from gateway.operations import Operations
from gateway.schemas.evaluations import (
    EvaluationCounts,
    EvaluationList,
    EvaluationQuery,
    EvaluationReceipt,
    EvaluationShown,
    EvaluationsWanted,
    Objection,
    ObjectionDecided,
)

WANTED = {"community": "360704100007", "period": "2025", "metric": "points"}

routes = Operations("evaluations", "Evaluations of members and units by the rules of a period.")


@routes.does("/evaluations", EvaluationCounts, takes=EvaluationsWanted(), examples=WANTED, errors=(409,))
def evaluate(body: dict[str, Any]) -> Response:
    """Draft the evaluations of a community for a period that is over.

    Everybody who was registered there on its last day is evaluated, by the version of the rule that was in force then.
    What is drafted already stays under its version. Drafts are seen by the community and the offices alone.
    """
    return answer(ask().members.evaluate(**command(), **body))


@routes.does("/evaluations/show", EvaluationCounts, takes=EvaluationsWanted(), examples=WANTED)
def show_evaluations(body: dict[str, Any]) -> Response:
    """Show the drafts of a community to whom they are about, a hundred at a time.

    Ask again until none is `drafted` any more. What was recorded until now counts. They have five working days to
    object; then, or once an objection is decided, it is final and the unit sees what came of it.
    """
    return answer(ask().members.show_evaluations(**command(), **body))


@routes.reads("/evaluations", EvaluationList, query=EvaluationQuery)
def evaluations(query: dict[str, Any]) -> Response:
    """Evaluations: the caller's own, all of an area, or what came of the final ones of the caller's unit."""
    found = ask().members.evaluations(
        caller=identity().caller, filters=filters(query), after=position(query), limit=query["limit"]
    )
    return page(found, continued(found, query), query)


@routes.reads("/evaluations/<evaluation_id>", EvaluationShown)
def evaluation(evaluation_id: str) -> Response:
    """One evaluation: what was asked for, what was reached, and until when to object."""
    return readable(ask().members.evaluation(caller=identity().caller, evaluation_id=evaluation_id))


@routes.does(
    "/evaluations/<evaluation_id>/object",
    EvaluationReceipt,
    takes=Objection(),
    examples={"text": "12 月 20 日的义务巡逻没有记入。"},
    errors=(409,),
)
def object_to_evaluation(body: dict[str, Any], evaluation_id: str) -> Response:
    """Object to the own evaluation, or as its contact to that of the unit."""
    return answer(ask().members.object_to_evaluation(**command(), evaluation_id=evaluation_id, **body))


@routes.does(
    "/evaluations/<evaluation_id>/decide",
    EvaluationReceipt,
    takes=ObjectionDecided(),
    examples={"upheld": True, "reason": "已补记一次服务。"},
    errors=(409,),
)
def decide_objection(body: dict[str, Any], evaluation_id: str) -> Response:
    """Decide an objection, as another than who evaluated; upheld, what the ledger says by now counts."""
    return answer(ask().members.decide_objection(**command(), evaluation_id=evaluation_id, **body))
