"""Following an anonymous report by its link, without an account."""

from typing import Any

from flask import Response, url_for

from chassis.ids import new_id
from gateway.answers import NOT_KEPT, answer, readable
from gateway.browser_pages import either, problems_as_pages, told_either_way
from gateway.case_words import ACTS, ASKED, STATUSES
from gateway.commands import anybodys_command_id
from gateway.facade import ask
from gateway.operations import Operations
from gateway.schemas.tracking import LinkAnswer, LinkReceipt, TrackedReport, WrittenAnswer
from gateway.times import shown

TEMPLATE = "tracked.html"
WORDS = {**STATUSES, **ACTS, **ASKED}
SHOWN = told_either_way(TrackedReport)
ANSWERED = {"303": {"description": "Taken; `Location` is the page."}}

routes = Operations("tracking", "Following an anonymous report by its link, without an account.")
problems_as_pages(routes, TEMPLATE)


@routes.reads("/tracked-reports/<token>", TrackedReport, public=True, responses=SHOWN, errors=(404, 422, 503, 504))
def tracked_report(token: str) -> Response:
    """The anonymous report that a link leads to, for whoever has it: where it stands, what happened, what was answered.

    Nobody is named, nothing that was written or photographed with the report is shown. The link leads nowhere any more
    once the personal data of the case are let go of. A browser gets a page that says the same.
    """
    found = ask().cases.tracked_report(token=token)
    response = readable(found)
    response.headers.update(NOT_KEPT)
    return either(response, TEMPLATE, report=shown(found), words=WORDS)


@routes.operation(
    "POST",
    "/tracked-reports/<token>",
    None,
    takes=WrittenAnswer(),
    location="form",
    responses=ANSWERED,
    public=True,
    errors=(404, 409, 422, 503, 504),
)
def answer_on_page(body: dict[str, Any], token: str) -> Response:
    """Answer what was asked, by the form on the page to which the link leads; then the page as it is now.

    Sent twice, the second finds no question waiting.
    """
    ask().cases.answer_by_link(token=token, command_id=new_id(), **body)
    return Response(status=303, headers={**NOT_KEPT, "Location": url_for("tracking.tracked_report", token=token)})


@routes.does(
    "/tracked-reports/<token>/answer",
    LinkReceipt,
    takes=LinkAnswer(),
    examples={"text": "在3栋东侧，靠近门卫室。"},
    public=True,
    errors=(404, 409, 422, 503, 504),
)
def answer_by_link(body: dict[str, Any], token: str) -> Response:
    """Answer what was asked about an anonymous report."""
    answered = ask().cases.answer_by_link(token=token, command_id=anybodys_command_id(), **body)
    return answer(answered, headers=NOT_KEPT)
