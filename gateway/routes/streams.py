"""Streams: what happens, told while it happens; what may be heard the services say, anew with each token."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from flask import Response, request

from chassis.errors import Refusal
from gateway.endings.ended import Ended
from gateway.facade import ask, services
from gateway.identity import identity
from gateway.live.stream import TOKEN_ENDED, Stream
from gateway.live.writing import MEDIA_TYPE
from gateway.operations import LAST_EVENT_ID, Operations
from gateway.schemas.streams import CASE_STREAM, INBOX_STREAM, DeskStreamQuery, StreamQuery
from gateway.tokens import Identity

routes = Operations("streams", "What happens, told while it happens (docs/live.md).")

UNBUFFERED = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
"""For the proxies on the way, which otherwise wait until there is more to pass on."""

CASES, INBOX = "cases", "inbox"

ENDS: Mapping[str, str] = {"token_revoked": "session_ended", "token_outdated": TOKEN_ENDED}
"""Why a stream ends before the time of its token, by what such a token is refused with."""

RESUMED: dict[str, Any] = {"headers": (LAST_EVENT_ID,), "errors": (410,)}


@routes.operation("GET", "/streams/desk", None, query=DeskStreamQuery, responses=CASE_STREAM, **RESUMED)
def desk_stream(query: dict[str, Any]) -> Response:
    """What happens to the cases of the caller's scope, or of an area in it, as server-sent events.

    Each says which case, what happened and how it stands now, without any person; who wants to know more reads the
    case. Nothing about the own unit; sensitive cases where they are handled alone. It ends with the token: connect
    again with a new one and with the last `id` as `Last-Event-ID`, and nothing is missed. When the session is over it
    ends with `session_ended`, one that took nothing for too long with `slow`, and all with `closing` when the gateway
    goes.
    """
    watch = ask().cases.watch_desk(caller=identity().caller, area=query.get("area"))
    return streamed(CASES, watch["clauses"], query)


@routes.operation("GET", "/streams/cases/<case_id>", None, query=StreamQuery, responses=CASE_STREAM, **RESUMED)
def case_stream(query: dict[str, Any], case_id: str) -> Response:
    """What happens to one case, as far as the caller may hear of it, as server-sent events like those of a desk."""
    watch = ask().cases.watch_case(caller=identity().caller, case_id=case_id)
    return streamed(CASES, watch["clauses"], query)


@routes.operation("GET", "/streams/inbox", None, query=StreamQuery, responses=INBOX_STREAM, **RESUMED)
def inbox_stream(query: dict[str, Any]) -> Response:
    """What comes into the caller's inbox, and into the unit's for its contact, as server-sent events.

    Each says which notice came, by its template, and about which case; what it says is read in the inbox. It goes on
    and ends as the stream of a desk does.
    """
    watch = ask().notify.watch_inbox(caller=identity().caller)
    return streamed(INBOX, watch["clauses"], query)


def streamed(strand: str, clauses: Iterable[Mapping[str, Any]], query: Mapping[str, Any]) -> Response:
    """The stream of what these clauses admit.

    First it listens, then it reads what was missed, so that nothing falls between.

    Refuses `too_many_streams`, and for the cursor `invalid_cursor` and `stream_too_far_behind`.
    """
    who, hub = identity(), services().live
    after = request.headers.get("Last-Event-ID") or query.get("after")
    missed = partial(ask().notify.missed, strand=strand, clauses=list(clauses))
    endings = services().endings
    listener = hub.join(strand, clauses, who.id, partial(_void, endings, who))
    try:
        endings.check(who)  # the services were asked meanwhile
        first = missed(after=after)
    except BaseException:
        hub.leave(listener)
        raise
    stream = Stream(hub, listener, first, lambda cursor: missed(after=cursor), who.until, after=after)
    request.environ["eventlet.minimum_write_chunk_size"] = 1  # each piece goes out as it comes
    return Response(stream, headers=UNBUFFERED, content_type=MEDIA_TYPE)


def _void(endings: Ended, who: Identity) -> str | None:
    """Why nothing more is told to who opened a stream with this token, if so."""
    try:
        endings.check(who)
    except Refusal as refusal:
        return ENDS[refusal.code]
    return None
