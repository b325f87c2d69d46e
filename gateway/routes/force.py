"""The force of an area, and the identities that people show of their own will."""

from typing import Any

from flask import Response

from gateway.answers import answer, readable
from gateway.commands import command
from gateway.facade import ask
from gateway.identity import identity
from gateway.operations import Operations
from gateway.schemas.force import Force, ForceQuery, Identities, IdentityHidden, IdentityShown
from gateway.schemas.registry import Registered

routes = Operations("force", "Who can be called on: sums alone; and identities that people show of their own will.")


@routes.reads("/force", Force, query=ForceQuery)
def force(query: dict[str, Any]) -> Response:
    """How many people an area can call on: everybody once, by role and identity, who has two of them, and units.

    Identities count while their person agrees to show them; whoever withdraws is not in earlier sums either.
    """
    return readable(ask().members.force(caller=identity().caller, **query))


@routes.reads("/me/tags", Identities, errors=(404,))
def identities() -> Response:
    """The identities that the caller agreed to show, and when that ended."""
    return readable(ask().members.identities(caller=identity().caller))


@routes.does(
    "/me/tags",
    Registered,
    takes=IdentityShown(),
    examples={"kind": "rider_party_member", "text_version": "2026-01"},
    errors=(404, 409),
)
def show_identity(body: dict[str, Any]) -> Response:
    """Agree to show a special identity. Nobody else can do it for the caller, and it can be withdrawn at any time."""
    return answer(ask().members.show_identity(**command(), **body))


@routes.does(
    "/me/tags/withdraw",
    Registered,
    takes=IdentityHidden(),
    examples={"kind": "rider_party_member"},
    errors=(404, 409),
)
def hide_identity(body: dict[str, Any]) -> Response:
    """Withdraw the consent: from now on the identity is in no list, count or file."""
    return answer(ask().members.hide_identity(**command(), **body))
