"""Who is calling: the bearer token of a request becomes an identity; what a caller may do, the services decide."""

import time
from typing import cast

import structlog
from flask import current_app, g, request

from chassis.errors import Refusal
from gateway.facade import services
from gateway.tokens import Identity, Tokens

PUBLIC = "public"
"""The mark on a view that may be used without signing in; a view without it may not."""


def tokens() -> Tokens:
    """The tokens of this application."""
    return cast(Tokens, current_app.extensions["tokens"])


def identity() -> Identity:
    """Who is calling in this request, which is not a public one."""
    return cast(Identity, g.identity)


def recent_identity() -> Identity:
    """Who is calling to change or end that by which they sign in; refuses `sign_in_not_recent`."""
    here = identity()
    here.check_recent(time.time())
    return here


def shown_identity() -> Identity | None:
    """Who is calling in a public request, None of who shows no token; one that is shown is verified like any other."""
    return _verified() if "Authorization" in request.headers else None


def identify() -> None:
    """Before a request: find out who is calling, unless the view is public or there is none."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or getattr(view, PUBLIC, False) or request.method == "OPTIONS":
        return
    g.identity = _verified()
    structlog.contextvars.bind_contextvars(caller=g.identity.id)


def leave_unnamed() -> None:
    """Keep the caller out of the log of this request.

    Whoever reports anonymously leaves no trace here either, nor does the upload of a photo just before.
    """
    structlog.contextvars.unbind_contextvars("caller")


def _verified() -> Identity:
    found = tokens().verify(_bearer(), time.time())
    services().endings.check(found)
    return found


def _bearer() -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Refusal("token_missing")
    return token.strip()
