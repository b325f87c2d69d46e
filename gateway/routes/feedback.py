"""What is said of activities, by those who were there."""

from typing import Any

from flask import Response

from gateway.answers import answer, readable
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.operations import Operations
from gateway.schemas.feedback import ActivityFeedback, FeedbackReceipt, NewFeedback

routes = Operations("feedback", "What is said of activities afterwards.")


@routes.does(
    "/activities/<activity_id>/feedback",
    FeedbackReceipt,
    status=201,
    located=False,
    takes=NewFeedback(),
    examples={"mark": 5, "text": "下次早点开始就更好了"},
    errors=(404, 409),
)
def give_feedback(body: dict[str, Any], activity_id: str) -> Response:
    """Say how an activity was, once, after its end; for who had a place or was there."""
    return answer(ask().members.give_feedback(**command(), activity_id=activity_id, **body), 201)


@routes.reads("/activities/<activity_id>/feedback", ActivityFeedback)
def feedback(activity_id: str) -> Response:
    """What was said of an activity, without anybody's name: for its organiser and the offices of the place."""
    return readable(ask().members.feedback(caller=identity().caller, activity_id=activity_id))
