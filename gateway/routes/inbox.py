"""Notices to the signed-in person."""

from typing import Any

from flask import Response

from gateway.answers import answer, page
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.listing import continued, position
from gateway.operations import Operations
from gateway.schemas.notices import Inbox, Notice
from gateway.schemas.paging import PageQuery

routes = Operations("inbox", "Notices to the signed-in person.")


@routes.reads("/inbox", Inbox, query=PageQuery)
def inbox(query: dict[str, Any]) -> Response:
    """The notices, newest first."""
    found = ask().notify.inbox(caller=identity().caller, after=position(query), limit=query["limit"])
    return page(found, continued(found, query), query)


@routes.does("/inbox/<notice_id>/read", Notice)
def read_notice(notice_id: str) -> Response:
    """Mark a notice as read."""
    return answer(ask().notify.mark_read(**command(), notice_id=notice_id))
