"""What became of messages to people outside, and sending once more what has failed."""

from typing import Any

from flask import Response, url_for

from gateway.answers import answer, page, readable
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.listing import continued, filters, position
from gateway.operations import Operations
from gateway.schemas.messages import Message, MessageList, MessageQuery, MessagesWanted, Resending

OUTAGE = {"channel": "sms", "since": "2026-03-12T08:00:00+08:00", "until": "2026-03-12T12:00:00+08:00"}

routes = Operations("messages", "Messages to people outside the inbox: each try, and what is sent once more.")


@routes.reads("/messages", MessageList, query=MessageQuery)
def messages(query: dict[str, Any]) -> Response:
    """What was sent in the caller's scope, newest first, with each try and what the provider said.

    What is about no grid is of the district of its person. District administrators see nothing of sensitive cases.
    """
    found = ask().notify.messages(
        caller=identity().caller, **filters(query), after=position(query), limit=query["limit"]
    )
    return page(found, continued(found, query), query)


@routes.reads("/messages/<message_id>", Message)
def message(message_id: str) -> Response:
    """One message."""
    return readable(ask().notify.message(caller=identity().caller, message_id=message_id))


@routes.does("/messages/<message_id>/resend", Message)
def resend_message(message_id: str) -> Response:
    """Send a message once more that has failed for good.

    Every way is tried again; what the person has chosen holds, and what has nothing left to say is not sent.
    """
    return answer(ask().notify.resend_message(**command(), message_id=message_id))


@routes.does("/message-resends", Resending, status=201, takes=MessagesWanted(), examples=OUTAGE)
def resend_failed(body: dict[str, Any]) -> Response:
    """Send once more all that fits and has failed for good, at most 1,000 messages, the oldest first, each once."""
    found = ask().notify.resend_failed(**command(), **body)
    return answer(found, 201, {"Location": url_for("messages.resending", resending_id=found["resending_id"])})


@routes.reads("/message-resends/<resending_id>", Resending)
def resending(resending_id: str) -> Response:
    """How far something has come that the caller asked to be sent once more."""
    return readable(ask().notify.resending(caller=identity().caller, resending_id=resending_id))
