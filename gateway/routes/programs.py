"""How a program that works for its unit signs in: by its key, as RFC 6749 lays down for clients."""

import time
from typing import Any

from flask import Response, request

from chassis.errors import Refusal
from gateway.answers import answer
from gateway.facade import ask
from gateway.identity import tokens
from gateway.operations import Operations
from gateway.schemas.programs import TokenAsked, TokenGiven

routes = Operations("programs", "Programs that work for their unit sign in with a key.")


@routes.operation(
    "POST",
    "/tokens",
    TokenGiven,
    takes=TokenAsked(),
    location="form",
    examples={"grant_type": "client_credentials", "client_id": "0198c0de-…", "client_secret": "Vq0…"},
    public=True,
    errors=(401, 503, 504),
)
def issue_token(body: dict[str, Any]) -> Response:
    """Exchange the key of a program that works for its unit for an access token (RFC 6749 §4.4).

    There is no refresh token: ask again when it has expired. A key that has ended gives none, and what it was given is
    refused within a moment (`token_revoked`).
    """
    shown = {"client_id": body.get("client_id", ""), "client_secret": body.get("client_secret", "")}
    if (basic := request.authorization) and basic.type == "basic":
        shown = {"client_id": basic.username or "", "client_secret": basic.password or ""}
    if not all(shown.values()):
        raise Refusal("client_refused")
    session = ask().members.program_session(**shown)
    given = tokens().issue(session["session_id"], session["caller"], time.time())
    answered = {"access_token": given, "token_type": "Bearer", "expires_in": tokens().lifetime}
    return answer(answered, 200, {"Cache-Control": "no-store"})
