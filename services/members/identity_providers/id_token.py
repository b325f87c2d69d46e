"""ID tokens (OpenID Connect Core §3.1.3.7): whose signature is good, what has to stand in one, and why one is refused.

Nothing that a token says chooses how it is checked but which of the provider's own keys is meant: keys and addresses in
its header are not looked at, and no algorithm counts that was not allowed before. A signature takes some 0.1 ms to
check, so that is done on the loop.
"""

import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import (
    BadSignatureError,
    InvalidKeyCurveError,
    JoseError,
    KeyParameterError,
    MissingAlgorithmError,
    UnsupportedAlgorithmError,
)
from joserfc.jwk import GuestProtocol, JWKRegistry, Key
from joserfc.jws import JWSRegistry

from chassis.errors import Refusal

Claims = Mapping[str, Any]

LEEWAY = timedelta(minutes=1)
"""By how much the clocks of both houses may differ."""

LATEST = 1e15
"""Seconds since 1970 that no clock will show; neither NaN nor an infinity is below it."""

LONGEST = 16_000
LONGEST_SUBJECT = 255
"""Characters of ASCII (Core §2)."""

KEY_TYPES = frozenset({"RSA", "EC", "OKP"})
MOST_KEYS = 100
SHORTEST_MODULUS, LONGEST_MODULUS = 342, 1_366
"""Base64 characters of RSA keys: of 2,048 bits, below which none is safe, and of 8,192, to check with which is work."""


class UnknownKey(Refusal):
    """The token is signed with a key that is not in the set: `id_token_key`."""

    def __init__(self) -> None:
        super().__init__("id_token_key")


@dataclass(frozen=True)
class Expected:
    """Whom a token has to be from and for, and the nonce of the sign-in."""

    issuer: str
    client_id: str
    nonce: str = field(repr=False)


def keys(document: Mapping[str, Any]) -> tuple[Key, ...]:
    """The keys of a set (RFC 7517) with which a provider may sign; those that cannot be used are left out."""
    listed = document.get("keys")
    found = (_key(each) for each in listed[:MOST_KEYS]) if isinstance(listed, list) else ()
    return tuple(each for each in found if each is not None)


def verified(token: str, known: Sequence[Key], algorithms: Sequence[str]) -> Claims:
    """What the token says, once its signature is known to be the provider's; `algorithms` is not empty.

    Refuses `id_token_malformed`, `id_token_algorithm`, `id_token_signature`, and `UnknownKey`.
    """

    def meant(token: GuestProtocol) -> Key:
        return _meant(token.headers(), known)

    if len(token) > LONGEST:
        raise Refusal("id_token_malformed")
    try:
        registry = JWSRegistry(algorithms=algorithms, strict_check_header=False)
        registry.max_header_length = LONGEST  # some put their certificates there
        return jwt.decode(token, meant, registry=registry).claims
    except (UnsupportedAlgorithmError, MissingAlgorithmError):
        raise Refusal("id_token_algorithm") from None
    except (BadSignatureError, KeyParameterError, InvalidKeyCurveError):
        raise Refusal("id_token_signature") from None
    except (JoseError, ValueError, TypeError, RecursionError):
        raise Refusal("id_token_malformed") from None


def subject(claims: Claims, expected: Expected, now: datetime) -> str:
    """Who it speaks of, by the issuer's own name for them.

    Refuses, in this order, `id_token_issuer`, `id_token_audience`, `id_token_expired`, `id_token_too_early`,
    `id_token_nonce` and `id_token_subject`.
    """
    for check in CHECKS:
        check(claims, expected, now)
    return str(claims["sub"])


def _check_issuer(claims: Claims, expected: Expected, _: datetime) -> None:
    if claims.get("iss") != expected.issuer:
        raise Refusal("id_token_issuer")


def _check_audience(claims: Claims, expected: Expected, _: datetime) -> None:
    """One for several says to whom it was given, and that has to be us."""
    said = claims.get("aud")
    audience = said if isinstance(said, list) else [said]
    given_to = claims.get("azp", expected.client_id if len(audience) == 1 else None)
    if expected.client_id not in audience or given_to != expected.client_id:
        raise Refusal("id_token_audience")


def _check_end(claims: Claims, _: Expected, now: datetime) -> None:
    until = _instant(claims, "exp")
    if until is None or now.timestamp() >= until + LEEWAY.total_seconds():
        raise Refusal("id_token_expired")


def _check_beginning(claims: Claims, _: Expected, now: datetime) -> None:
    names = ("iat", "nbf") if "nbf" in claims else ("iat",)
    latest = now.timestamp() + LEEWAY.total_seconds()
    if any(at is None or at > latest for at in (_instant(claims, name) for name in names)):
        raise Refusal("id_token_too_early")


def _check_nonce(claims: Claims, expected: Expected, _: datetime) -> None:
    said = claims.get("nonce")
    if not (isinstance(said, str) and said.isascii() and hmac.compare_digest(said, expected.nonce)):
        raise Refusal("id_token_nonce")


def _check_subject(claims: Claims, _: Expected, __: datetime) -> None:
    said = claims.get("sub")
    if not (isinstance(said, str) and said.isascii() and 0 < len(said) <= LONGEST_SUBJECT):
        raise Refusal("id_token_subject")


CHECKS: Sequence[Callable[[Claims, Expected, datetime], None]] = (
    _check_issuer,
    _check_audience,
    _check_end,
    _check_beginning,
    _check_nonce,
    _check_subject,
)


def _instant(claims: Claims, name: str) -> float | None:
    """Seconds since 1970, None for what is no number: JSON as it is read here also has NaN and infinities."""
    said = claims.get(name)
    if not isinstance(said, int | float) or isinstance(said, bool):
        return None
    return float(said) if abs(said) < LATEST else None


def _meant(header: Mapping[str, Any], known: Sequence[Key]) -> Key:
    """The key of that id; without one it is clear only where one key alone fits (Core §10.1)."""
    wanted, algorithm = header.get("kid"), header.get("alg")
    fitting = [each for each in known if each.alg in {None, algorithm} and wanted in {None, each.kid}]
    if len(fitting) != 1 and (wanted is None or not fitting):
        raise UnknownKey
    return fitting[0]


def _key(listed: Any) -> Key | None:
    if not isinstance(listed, Mapping) or listed.get("kty") not in KEY_TYPES or listed.get("use", "sig") != "sig":
        return None
    modulus = listed.get("n", "")
    if listed["kty"] == "RSA" and not SHORTEST_MODULUS <= len(str(modulus)) <= LONGEST_MODULUS:
        return None
    try:
        return JWKRegistry.import_key(dict(listed))
    except (JoseError, ValueError, TypeError, KeyError):
        return None
