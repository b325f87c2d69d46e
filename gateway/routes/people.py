"""The signed-in person."""

from typing import Any

from flask import Response

from gateway.answers import answer, readable
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.operations import IDEMPOTENCY_KEY, Operations
from gateway.schemas.people import Left, Profile, ProfileChange, ProfileChanged

routes = Operations("people", "The signed-in person, and who leaves the service.")


@routes.reads("/me", Profile)
def me() -> Response:
    """Who is signed in."""
    return readable(ask().members.me(caller=identity().caller))


@routes.operation(
    "PATCH",
    "/me",
    ProfileChanged,
    takes=ProfileChange(),
    headers=(IDEMPOTENCY_KEY,),
    examples={"free_times": [{"weekday": 3, "start": "18:00", "end": "21:00"}]},
    errors=(412,),
)
def change_me(body: dict[str, Any]) -> Response:
    """Change the own skills, free times, language or channels."""
    return answer(ask().members.change_profile(**command(), **body))


@routes.does("/people/<person_id>/leave", Left, errors=(404, 412))
def record_leaving(person_id: str) -> Response:
    """Note that a person has left the service.

    Nobody can sign in as them any more, and every open case that they have is taken from them: others of the team keep
    it, or the next candidate is asked, or the office decides. What they spent on it stays theirs.
    """
    return answer(ask().members.record_leaving(**command(), person_id=person_id))
