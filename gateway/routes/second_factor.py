"""The second factor of the own sign-in: taking it, confirming it, how it stands, ending it."""

from typing import Any

from flask import Response

from gateway.answers import NOT_KEPT, answer, readable
from gateway.client import client
from gateway.facade import ask
from gateway.identity import identity
from gateway.operations import Operations
from gateway.schemas.second_factor import (
    SecondFactorConfirmed,
    SecondFactorEnded,
    SecondFactorGiven,
    SecondFactorShown,
    SecondFactorWanted,
)

routes = Operations("second-factor", "A second factor for signing in: codes that an app shows.")


@routes.reads("/me/second-factor", SecondFactorShown)
def second_factor() -> Response:
    """How your second factor stands: `none`, `pending` until it is confirmed, or `active`."""
    return readable(ask().members.second_factor(caller=identity().caller))


@routes.operation(
    "POST",
    "/me/second-factor",
    SecondFactorGiven,
    takes=SecondFactorWanted(),
    examples={"password": "…"},
    errors=(409,),
)
def begin_second_factor(body: dict[str, Any]) -> Response:
    """Take a second factor: an app that shows codes by time (RFC 6238), for sign-ins with a password and by phone.

    Secret and recovery codes are shown here alone. Nothing is asked for until it is confirmed; one that was begun
    before and not confirmed is void.
    """
    return answer(ask().members.begin_second_factor(**_asking(), **body), headers=NOT_KEPT)


@routes.operation(
    "POST",
    "/me/second-factor/confirm",
    SecondFactorShown,
    takes=SecondFactorConfirmed(),
    examples={"code": "123456"},
    errors=(409,),
)
def confirm_second_factor(body: dict[str, Any]) -> Response:
    """Put it in force with a code that the app shows; from then on signing in needs `otp`.

    Every session but this one ends, for they were opened without it. Five wrong codes within a quarter of an hour are
    put up with, whichever was begun.
    """
    here = identity()
    return answer(ask().members.confirm_second_factor(caller=here.caller, session_id=here.session_id, **body))


@routes.operation(
    "POST",
    "/me/second-factor/end",
    SecondFactorShown,
    takes=SecondFactorEnded(),
    examples={"password": "…", "code": "123456"},
    errors=(409,),
)
def end_second_factor(body: dict[str, Any]) -> Response:
    """End it, with the password and a code of the app or a recovery code.

    Who has neither app nor codes asks an office to reset the login.
    """
    return answer(ask().members.end_second_factor(**_asking(), **body))


def _asking() -> dict[str, Any]:
    """Who asks, from which session and address."""
    here = identity()
    return {"caller": here.caller, "session_id": here.session_id, "client": client()}
