"""How a program that works for its unit signs in: by its key, as RFC 6749 lays down for clients."""

import time
from typing import Any

from flask import Response, request

from chassis.errors import Refusal
from gateway.answers import answer, encoded
from gateway.facade import ask
from gateway.identity import tokens
from gateway.operations import Operations
from gateway.problem_answers import PROBLEM_JSON, refused
from gateway.schemas.programs import GRANT_TYPE, TokenAsked, TokenGiven

BY_BASIC = {"WWW-Authenticate": 'Basic realm="sandan"'}
"""What a client that showed itself by HTTP Basic in vain is told it has to do (RFC 6749 §5.2)."""

routes = Operations("programs", "Programs that work for their unit sign in with a key.")


@routes.operation(
    "POST",
    "/tokens",
    TokenGiven,
    takes=TokenAsked(),
    location="form",
    examples={"grant_type": GRANT_TYPE, "client_id": "0198c0de-…", "client_secret": "Vq0…"},
    public=True,
    errors=(401, 503, 504),
    faults=400,
)
def issue_token(body: dict[str, Any]) -> Response:
    """Exchange the key of a program that works for its unit for an access token (RFC 6749 §4.4).

    Client id and secret come in the form, or by HTTP Basic. There is no refresh token: ask again when it has expired.
    A key that has ended gives none, and what it was given is refused within a moment (`token_revoked`). What the
    request is refused with has `error` too, which libraries for OAuth look for.
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


def told_to_libraries(response: Response) -> Response:
    """A refusal as libraries for OAuth read it, too (RFC 6749 §5.2); what no client can help is left as it is."""
    if response.mimetype == PROBLEM_JSON and (error := _error(response.status_code)):
        response.set_data(encoded({**(response.get_json() or {}), "error": error}))
        if response.status_code == 401 and request.authorization and request.authorization.type == "basic":
            response.headers.update(BY_BASIC)
    return response


routes.after_request(told_to_libraries)


def refused_to_libraries(refusal: Refusal) -> Response:
    """What is wrong with the fields of the form, with the status that these libraries know (RFC 6749 §5.2)."""
    return refused(Refusal("token_request_unfit", **refusal.details) if refusal.code == "invalid" else refusal)


routes.register_error_handler(Refusal, refused_to_libraries)


def _error(status: int) -> str | None:
    match status:
        case 401:
            return "invalid_client"
        case 400 if request.form.get("grant_type", GRANT_TYPE) != GRANT_TYPE:
            return "unsupported_grant_type"
        case 400 | 413 | 415:
            return "invalid_request"
        case _:
            return None
