"""Signing in and out; the gateway turns what members vouches for into an access token."""

import time
from typing import Any

from flask import Response, request

from gateway.answers import NOT_KEPT, answer, empty, readable
from gateway.client import client
from gateway.facade import ask, services
from gateway.identity import identity, recent_identity, tokens
from gateway.operations import Operations
from gateway.schemas.sessions import CodeRequest, CodeSent, PasswordChange, Refresh, SessionGiven, SessionList, SignIn

LONGEST_AGENT = 200


routes = Operations(
    "sessions", "Sign-in: by one-time code for residents and members, by password for staff, by an identity provider."
)


@routes.operation(
    "POST",
    "/sign-in/code",
    CodeSent,
    status=202,
    takes=CodeRequest(),
    examples={"phone": "12000000001"},
    public=True,
    errors=(503, 504),
)
def request_code(body: dict[str, Any]) -> Response:
    """Begin a sign-in: send a one-time code to a phone.

    The answer is the same whether or not the phone is known. The code is good together with the `sign_in_id` alone.
    """
    return answer(ask().members.request_code(**body, client=client()), 202, NOT_KEPT)


@routes.operation(
    "POST",
    "/sessions",
    SessionGiven,
    status=201,
    located=False,
    takes=SignIn(),
    examples=[
        ("code", {"summary": "Residents and members", "value": {"sign_in_id": "Vq0…", "code": "123456"}}),
        ("password", {"summary": "Staff", "value": {"login": "dispatcher", "password": "…"}}),
        (
            "provider",
            {
                "summary": "Who was with an identity provider",
                "value": {"provider": "district", "code": "SplxlOBe…", "state": "Vq0…", "secret": "b3J…"},
            },
        ),
        ("first", {"summary": "First sign-in", "value": {"login": "zhou.c", "password": "…", "new_password": "…"}}),
    ],
    public=True,
    errors=(401, 409, 502, 503, 504),
)
def sign_in(body: dict[str, Any]) -> Response:
    """Sign in with the code that was sent for a sign-in, with login and password, or with an identity provider.

    A first password, which an office has given, is answered with `password_to_be_changed` until `new_password` comes
    with it; it is then replaced by that. Where a second factor is in force, a right password or code, or what a
    provider vouches for, is answered with `second_factor_needed` until `otp` comes with it, and is good for the next
    try. How one with a provider is begun stands at `POST /v1/sign-in/provider`.
    """
    members = ask().members
    if "provider" in body:
        open_session = members.sign_in_with_provider
    else:
        open_session = members.sign_in_with_code if "code" in body else members.sign_in_with_password
    agent = request.user_agent.string[:LONGEST_AGENT]
    return given(open_session(**body, client=client(), agent=agent), 201)


@routes.operation(
    "POST",
    "/sessions/refresh",
    SessionGiven,
    takes=Refresh(),
    examples={"refresh_token": "0198c0de-….3.Vq0…"},
    public=True,
    errors=(401, 503, 504),
)
def refresh(body: dict[str, Any]) -> Response:
    """Exchange a refresh token for a new pair.

    Each refresh token works once. Within 30 s of that, until its successor is used, it gets the same successor again,
    since an answer may have been lost on the way; one that comes back later ends the session.
    """
    return given(ask().members.refresh(**body), 200)


@routes.operation("DELETE", "/sessions/current", None, status=204)
def sign_out() -> Response:
    """End this session.

    Its tokens are refused from now on, also at other gateways within a moment (`token_revoked`). A program has no
    session to be ended: its tokens are good until they run out, or its key is ended.
    """
    here = identity()
    if ask().members.sign_out(session_id=here.session_id, caller=here.caller)["ended"]:
        services().endings.end_session(here.session_id)
    return empty()


@routes.reads("/sessions", SessionList)
def list_sessions() -> Response:
    """Where you are signed in: every session that goes on, what was used last first.

    `current` is the one that asks; `agent` is what the device has called itself, `last_used_at` when its tokens were
    last renewed, `expires_at` when it ends whatever is done. There are fifty at most: whoever signs in once more is out
    where they were not for longest.
    """
    here = identity()
    found = ask().members.sessions(caller=here.caller)["items"]
    return readable({"items": [{**each, "current": each["session_id"] == here.session_id} for each in found]})


@routes.operation("DELETE", "/sessions", None, status=204)
def end_other_sessions() -> Response:
    """End every session but this one; as with signing out, their tokens are refused within a moment."""
    here = identity()
    ask().members.end_other_sessions(caller=here.caller, session_id=here.session_id)
    return empty()


@routes.operation("DELETE", "/sessions/<session_id>", None, status=204, errors=(404,))
def end_session(session_id: str) -> Response:
    """End one of your sessions, be it of a device that you no longer have; its tokens are refused from now on."""
    ask().members.end_session(caller=identity().caller, session_id=session_id)
    services().endings.end_session(session_id)
    return empty()


@routes.operation(
    "POST",
    "/me/phone/code",
    CodeSent,
    status=202,
    takes=CodeRequest(),
    examples={"phone": "12000000001"},
    errors=(404, 409),
)
def request_phone_code(body: dict[str, Any]) -> Response:
    """Send a code to the phone that is to be the caller's; it is good for that alone. At most five an hour.

    Only within 15 minutes of signing in (`sign_in_not_recent`): a token alone moves no account to another phone.
    """
    told = ask().members.request_phone_code(caller=recent_identity().caller, **body, client=client())
    return answer(told, 202, NOT_KEPT)


@routes.operation(
    "PUT",
    "/me/password",
    None,
    status=204,
    takes=PasswordChange(),
    examples={"current_password": "…", "new_password": "…"},
    errors=(409,),
)
def change_password(body: dict[str, Any]) -> Response:
    """Replace your own password; every session but this one ends.

    A wrong `current_password` counts like a wrong sign-in. Nothing of either is kept to recognise a repetition: one
    that comes after the first was carried out is told that the password is wrong.
    """
    here = identity()
    ask().members.change_password(caller=here.caller, session_id=here.session_id, client=client(), **body)
    return empty()


def given(session: dict[str, Any], status: int) -> Response:
    """The tokens for a session that members opened or renewed."""
    narrowed, signed_in_at = session.get("narrowed", 0), session.get("signed_in_at", 0)
    issued = tokens().issue(session["session_id"], session["caller"], time.time(), narrowed, signed_in_at)
    shown = {
        "access_token": issued,
        "token_type": "Bearer",
        "expires_in": tokens().lifetime,
        "refresh_token": session["refresh_token"],
        "person_id": session["person_id"],
    }
    return answer(shown, status, NOT_KEPT)
