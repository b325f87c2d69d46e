"""Signing in with identity providers (OpenID Connect), and identities that people link to themselves."""

from typing import Any

from flask import Response

from gateway.answers import NOT_KEPT, answer, empty, readable
from gateway.facade import ask
from gateway.identity import identity, recent_identity
from gateway.operations import Operations
from gateway.schemas.identity_providers import (
    IdentityProven,
    LinkedIdentity,
    LinkedIdentityList,
    ProviderList,
    ProviderSignInBegun,
    ProviderWanted,
)

BEGUN = {"provider": "district", "redirect_uri": "https://sandan.example.cn/signed-in"}

routes = Operations("identity-providers", "Sign-in with other houses that vouch for people, by OpenID Connect.")


@routes.reads("/identity-providers", ProviderList, public=True, errors=(503, 504))
def identity_providers() -> Response:
    """With which providers anybody may sign in, by their names in both languages."""
    return readable(ask().members.identity_providers())


@routes.operation(
    "POST",
    "/sign-in/provider",
    ProviderSignInBegun,
    takes=ProviderWanted(),
    examples=BEGUN,
    public=True,
    errors=(502, 503, 504),
)
def begin_provider_sign_in(body: dict[str, Any]) -> Response:
    """Begin a sign-in with a provider.

    Keep `state` and `secret` in this browser (not in an address), and go to `url`. The provider sends the browser back
    to the page that was named, with `code` and `state`, perhaps `iss`, or with `error` where somebody has changed their
    mind. Compare `state`, and send it all to `POST /v1/sessions` within ten minutes; it is good once.
    """
    return answer(ask().members.begin_provider_sign_in(**body), headers=NOT_KEPT)


@routes.reads("/me/linked-identities", LinkedIdentityList)
def linked_identities() -> Response:
    """With which identities you may sign in."""
    return readable(ask().members.linked_identities(caller=identity().caller))


@routes.operation(
    "POST",
    "/me/linked-identities/begin",
    ProviderSignInBegun,
    takes=ProviderWanted(),
    examples=BEGUN,
    errors=(502,),
)
def begin_linking(body: dict[str, Any]) -> Response:
    """Begin to link an identity of yours, as with `POST /v1/sign-in/provider`.

    What comes back goes to `POST /v1/me/linked-identities`. It signs nobody in, and can be linked to you alone. Only
    within 15 minutes of signing in (`sign_in_not_recent`): a token alone opens no other way in.
    """
    return answer(ask().members.begin_linking(caller=recent_identity().caller, **body), headers=NOT_KEPT)


@routes.operation(
    "POST",
    "/me/linked-identities",
    LinkedIdentity,
    status=201,
    located=False,
    takes=IdentityProven(),
    examples={"provider": "district", "code": "SplxlOBe…", "state": "Vq0…", "secret": "b3J…"},
    errors=(404, 409, 502),
)
def link_identity(body: dict[str, Any]) -> Response:
    """Sign in with this identity too from now on; a second factor of yours is asked for all the same.

    An identity belongs to one person. Nothing is kept of it but what recognises it: neither name nor e-mail, by which
    nobody is ever found.
    """
    return answer(ask().members.link_identity(caller=identity().caller, **body), 201)


@routes.operation("DELETE", "/me/linked-identities/<identity_id>", None, status=204, errors=(404, 409, 422))
def unlink_identity(identity_id: str) -> Response:
    """Sign in with this identity no more; every session but this one ends.

    Refused where nothing else would be left to sign in with, and later than 15 minutes after signing in
    (`sign_in_not_recent`).
    """
    here = recent_identity()
    ask().members.unlink_identity(caller=here.caller, identity_id=identity_id, session_id=here.session_id)
    return empty()
