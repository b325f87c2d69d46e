"""Calls to action: issuing one, answering it, and how it stands."""

from typing import Any

import structlog
from flask import Response, url_for

from chassis.rpc import DeadlineExceeded, RemoteFault, Unreachable
from gateway.answers import answer, readable
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.operations import Operations
from gateway.schemas import calls as shapes

CALL = {
    "grids": ["360704100002001", "360704100002002"],
    "text": "咱们先把楼道清理干净！",
    "at": "2026-03-20T08:30:00+08:00",
}

log = structlog.get_logger()

routes = Operations("calls", "Calls to action: who is asked to come, and how many do.")


@routes.asks("/call-audience", shapes.CallReach, takes=shapes.CallAudience())
def call_audience(body: dict[str, Any]) -> Response:
    """How many members a call would be for; nobody is named."""
    return answer(ask().members.call_audience(caller=identity().caller, **body))


@routes.does("/calls", shapes.CallReceipt, status=201, takes=shapes.NewCall(), examples=CALL, errors=(409,))
def issue_call(body: dict[str, Any]) -> Response:
    """Call the members of grids to come, at most 30 days ahead.

    Everybody is told in the inbox and outside, except between 22:00 and 07:00 (their own quiet hours), which an
    emergency alone passes, and except for who wants no such messages.
    """
    receipt = ask().members.issue_call(**command(), **body)
    return answer(receipt, 201, {"Location": url_for("calls.call", call_id=receipt["call_id"])})


@routes.reads("/calls/<call_id>", shapes.CallView)
def call(call_id: str) -> Response:
    """A call with how many were called, have had the message and read it, and how many come and do not, as of now.

    While nobody can say how far its messages have come, `counted` is false and their numbers are null.
    """
    who, asked = identity().caller, ask()
    stands = asked.members.call(caller=who, call_id=call_id)
    try:
        counts = asked.notify.call_counts(caller=who, call_id=call_id)
    except (DeadlineExceeded, RemoteFault, Unreachable) as trouble:
        log.warning("nobody told how far a call has come", call_id=call_id, error=type(trouble).__name__)
        return readable(stands | dict.fromkeys(shapes.COUNTS) | {"counted": False})
    return readable(stands | counts | {"counted": True})


@routes.does(
    "/calls/<call_id>/withdraw",
    shapes.CallWithdrawalReceipt,
    takes=shapes.CallWithdrawal(),
    examples={"reason": "暴雨红色预警，改期再约。"},
    errors=(409,),
)
def withdraw_call(body: dict[str, Any], call_id: str) -> Response:
    """Call a call off before its time: by who issued it, or the office above.

    Whoever has it in the inbox is told so once, with the reason, outside too if it had reached them; messages that have
    not gone out do not. Nobody can answer it any more; its numbers stay readable.
    """
    return answer(ask().members.withdraw_call(**command(), call_id=call_id, **body))


@routes.does("/calls/<call_id>/reply", shapes.CallReplyReceipt, takes=shapes.CallReply())
def answer_call(body: dict[str, Any], call_id: str) -> Response:
    """Say whether one comes; the last word before the time counts."""
    return answer(ask().members.answer_call(**command(), call_id=call_id, **body))
