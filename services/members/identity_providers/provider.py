"""Identity providers as operators list them, what they say of themselves, and where people are sent; no network here.

OpenID Connect Core 1.0 and Discovery 1.0; the code is bound by PKCE (RFC 7636), the answer to its sender by RFC 9207.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

from chassis.errors import Refusal
from members.identity_providers.begun import Binding

LONGEST_URL = 2_000
PORTS = {"https": 443, "http": 80}
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
"""Where a provider of development listens, the only one that needs no TLS."""

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519")
"""With which a provider may sign: each with a key pair. Nobody can allow `none` or a shared secret (HS256 …)."""

BASIC, POST, NONE = "client_secret_basic", "client_secret_post", "none"
AUTHENTICATIONS = (BASIC, POST, NONE)
"""How we prove to a provider who we are (OpenID Connect Core §9); without a secret PKCE alone binds the code."""

WELL_KNOWN = "/.well-known/openid-configuration"


class Unfit(Exception):
    """What a provider says cannot be used; the text is a stable code that says why, and nothing that it said."""


@dataclass(frozen=True)
class Provider:
    """One provider: how people know it, who it says it is (`issuer`), and what it knows us by.

    `redirect_uris` are the pages of front ends to which it sends people back, as they are registered with it.
    """

    id: str
    names: Mapping[str, str]
    issuer: str
    client_id: str
    redirect_uris: tuple[str, ...]
    client_secret: str | None = field(default=None, repr=False)
    authentication: str = BASIC
    scopes: tuple[str, ...] = ("openid",)
    algorithms: tuple[str, ...] = ("RS256", "ES256")

    def redirect_uri(self, wanted: str | None) -> str:
        """The page that is wanted, the first where none is; refuses `unknown_redirect_uri` with the `known` ones."""
        if wanted is not None and wanted not in self.redirect_uris:
            raise Refusal("unknown_redirect_uri", known=list(self.redirect_uris))
        return wanted or self.redirect_uris[0]


@dataclass(frozen=True)
class Endpoint:
    """An address of a provider, taken apart."""

    scheme: str
    host: str
    port: int
    path: str


@dataclass(frozen=True)
class Metadata:
    """What a provider says of itself: where people sign in, codes are exchanged and keys are, and how it signs.

    `names_itself` if its answers say who sends them.
    """

    authorization: str
    token: str
    keys: str
    algorithms: tuple[str, ...]
    names_itself: bool = False


def endpoint(url: Any, *, plain: bool = False) -> Endpoint:
    """The parts of an address; raises `Unfit` for one that is none, or not https unless it may be `plain`.

    `plain` ones are on this very machine.
    """
    if not isinstance(url, str) or len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise Unfit("address")
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise Unfit("address") from None
    if not parts.hostname or parts.username is not None or parts.password is not None or "#" in url:
        raise Unfit("address")
    if parts.scheme == "http" and not (plain and parts.hostname in LOOPBACK):
        raise Unfit("not_https")
    return Endpoint(parts.scheme, parts.hostname, port, _path(parts))


def is_plain(issuer: str) -> bool:
    """Whether the issuer is one of development, on this machine and without TLS."""
    return issuer.startswith("http://")


def discovery(issuer: str) -> str:
    """Where a provider says what it is (Discovery §4)."""
    return issuer.rstrip("/") + WELL_KNOWN


def metadata(document: Mapping[str, Any], provider: Provider) -> Metadata:
    """What the provider says of itself, if it is that provider and its addresses can be used; raises `Unfit`."""
    if document.get("issuer") != provider.issuer:
        raise Unfit("other_issuer")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        endpoint(document.get(name), plain=is_plain(provider.issuer))
    return Metadata(
        authorization=document["authorization_endpoint"],
        token=document["token_endpoint"],
        keys=document["jwks_uri"],
        algorithms=_algorithms(document.get("id_token_signing_alg_values_supported"), provider),
        names_itself=document.get("authorization_response_iss_parameter_supported") is True,
    )


def check_sender(provider: Provider, metadata: Metadata, issuer: str | None) -> None:
    """Refuse `identity_provider_mixed_up` for an answer of another provider, or one that says not whose it is.

    RFC 9207: `issuer` is what the answer says; it has to say it where the provider promises to.
    """
    if issuer != provider.issuer and (issuer is not None or metadata.names_itself):
        raise Refusal("identity_provider_mixed_up")


def authorization_url(provider: Provider, metadata: Metadata, redirect_uri: str, binding: Binding) -> str:
    """Where somebody goes to sign in with the provider (Core §3.1.2.1)."""
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect_uri,
        "scope": " ".join(provider.scopes),
        "state": binding.state,
        "nonce": binding.nonce,
        "code_challenge": binding.challenge,
        "code_challenge_method": "S256",
    }
    return f"{metadata.authorization}{'&' if '?' in metadata.authorization else '?'}{urlencode(asked)}"


def exchange(provider: Provider, code: str, redirect_uri: str, binding: Binding) -> dict[str, str]:
    """What is sent for the code (Core §3.1.3.1), but for a secret that goes in a header."""
    asked = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": binding.verifier,
    }
    if provider.authentication == BASIC:
        return asked
    known = {"client_id": provider.client_id}
    secret = {"client_secret": provider.client_secret or ""} if provider.authentication == POST else {}
    return asked | known | secret


def shown(provider: Provider) -> dict[str, Any]:
    """What everybody is told of a provider: what to name it by, and what it is called."""
    return {"provider": provider.id, "names": dict(provider.names)}


def _algorithms(said: Any, provider: Provider) -> tuple[str, ...]:
    """Those that are allowed and, where the provider says with which it signs, among these."""
    listed = said if isinstance(said, list) else list(provider.algorithms)
    found = tuple(each for each in provider.algorithms if each in listed)
    if not found:
        raise Unfit("algorithms")
    return found


def _path(parts: SplitResult) -> str:
    path = parts.path or "/"
    return f"{path}?{parts.query}" if parts.query else path
