"""The signed-in person."""

from typing import Any

from flask import Response

from gateway.answers import answer, readable
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity, recent_identity
from gateway.operations import IDEMPOTENCY_KEY, Operations
from gateway.schemas.people import Copy, Left, Profile, ProfileChange, ProfileChanged

routes = Operations("people", "The signed-in person, and who leaves the service.")


@routes.reads("/me", Profile, errors=(404,))
def me() -> Response:
    """Who is signed in."""
    return readable(ask().members.me(caller=identity().caller))


@routes.operation(
    "PATCH",
    "/me",
    ProfileChanged,
    takes=ProfileChange(),
    headers=(IDEMPOTENCY_KEY,),
    examples=[
        ("free_times", {"value": {"free_times": [{"weekday": 3, "start": "18:00", "end": "21:00"}]}}),
        ("addresses", {"value": {"addresses": {"email": "xie@example.org", "bark": None}}}),
    ],
    errors=(404, 409),
)
def change_me(body: dict[str, Any]) -> Response:
    """Change the own name, skills, free times, language, declined channels, or addresses besides the phone.

    Addresses only within 15 minutes of signing in (`sign_in_not_recent`): where the owner of an account is told of what
    happens to it, a token alone does not say.
    """
    if body.get("addresses"):
        recent_identity()
    return answer(ask().members.change_profile(**command(), **body))


@routes.operation("GET", "/me/data", Copy, errors=(404,))
def own_data() -> Response:
    """A copy of everything that is kept of the caller here, unmasked."""
    who = identity().caller
    parts = [service.own_data(caller=who) for service in (ask().members, ask().cases, ask().notify)]
    trail = sorted((row for part in parts for row in part["trail"]), key=lambda row: str(row["at"]), reverse=True)
    whole = {name: value for part in parts for name, value in part.items()}
    return answer(whole | {"trail": trail}, headers={"Cache-Control": "no-store"})


@routes.does("/me/deletion", Left, errors=(404,))
def delete_own_data() -> Response:
    """Leave the service and have everything personal deleted, at once and for good.

    Cases and counts stay, without the person. Only within 15 minutes of signing in (`sign_in_not_recent`): a token
    alone deletes nobody.
    """
    recent_identity()
    return answer(ask().members.delete_own_data(**command()))


@routes.does("/people/<person_id>/deletion", Left, errors=(404,))
def delete_person(person_id: str) -> Response:
    """The same for somebody who has asked an office for it."""
    return answer(ask().members.delete_person(**command(), person_id=person_id))


@routes.does("/people/<person_id>/leave", Left, errors=(404, 412))
def record_leaving(person_id: str) -> Response:
    """Note that a person has left the service.

    Nobody can sign in as them any more, and every open case that they have is taken from them: others of the team keep
    it, or the next candidate is asked, or the office decides. What they spent on it stays theirs.
    """
    return answer(ask().members.record_leaving(**command(), person_id=person_id))
