"""The feed of case events, for partners that fetch what concerns them."""

from typing import Any

from flask import Response, request

from gateway.cursors import next_link
from gateway.facade import ask
from gateway.identity import identity
from gateway.operations import Operations
from gateway.schemas.subscriptions import EventsQuery
from gateway.webhooks import BATCH, EVENT_BATCH

routes = Operations("events", "Case events, fetched page by page.")


@routes.operation("GET", "/events", None, query=EventsQuery, responses=EVENT_BATCH, errors=(404, 409, 410))
def events(query: dict[str, Any]) -> Response:
    """The events of the caller's feed, oldest first, as a batch of CloudEvents.

    A feed is a subscription with the way `feed`; `type`, `grid` and `category` ask for a part of it. The `Link` leads
    to what follows: keep its `after`, and go on from there. A page may be empty and lead on, where much was passed
    over; an empty one that leads to where it was asked for says that there is nothing new. Each event has the id and,
    as `data`, the bytes that a webhook would be posted. A cursor that is older than what is kept, or from before a
    backup was restored, is answered with 410 and, in `details.oldest`, the cursor from which can be read.
    """
    found = ask().notify.events(caller=identity().caller, **query)
    links = {"Link": next_link(request.path, query, found["next"])} if found["next"] else {}
    batch = f"[{','.join(found['events'])}]"
    return Response(batch, 200, {**links, "Cache-Control": "no-store"}, content_type=BATCH)
