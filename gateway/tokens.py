"""Access tokens: issued after a sign-in, verified at every request, by Ed25519 keys; knows no HTTP.

The algorithm is named `Ed25519` (RFC 9864): one key type, one algorithm, nothing that a header could choose but which
of our own keys has signed.
"""

import base64
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from chassis.errors import Refusal

ALGORITHM = "Ed25519"
ISSUER = "sandan"
SEED_BYTES = 32
REMEMBERED = 4096
LONGEST = 4096

RECENT_SECONDS = 15 * 60
"""How long after a sign-in people may change or end that by which they sign in (docs/domain.md §5, our decision)."""

COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
"""A signed token as it is written (RFC 7515 §7.1); one without a signature is told by its algorithm."""

CLAIMS: Mapping[str, type | tuple[type, ...]] = {"sub": str, "sid": str, "grants": list, "exp": (int, float)}
"""What every token of ours says, and as what."""

TO_PROGRAM = "to_program"
"""What says of a refusal that a program is told it."""

AT_TIMES = ("former", "program")
"""What a token says of the caller where there is any."""


@dataclass(frozen=True)
class Identity:
    """Who a token speaks for: the session, and the caller as the services take it; `until` in seconds since 1970.

    `narrowed` is how often something had been taken from the caller when it was given out, `signed_in_at` when they
    showed that by which they sign in, in seconds since 1970 as well; 0 of a program, which shows its key alone.
    """

    session_id: str
    caller: dict[str, Any]
    until: int
    narrowed: int = 0
    signed_in_at: int = 0

    @property
    def id(self) -> str:
        """The id of the caller."""
        return str(self.caller["id"])

    def check_recent(self, now: float) -> None:
        """Refuse `sign_in_not_recent` (`minutes` that it may be old) at `now` to a token that somebody merely has."""
        if now - self.signed_in_at > RECENT_SECONDS:
            raise Refusal("sign_in_not_recent", minutes=RECENT_SECONDS // 60, **to_program(self.caller))


class Tokens:
    """Issues and verifies access tokens."""

    def __init__(self, keys: str, lifetime: int) -> None:
        """`keys` are Ed25519 private keys with commas between them: PEM (PKCS 8) or the seed in base64url.

        The first signs. All verify and stand in the key set: also the one that is to sign next, so that everybody knows
        it by then, and those that have signed what is still good. `lifetime` is in seconds.
        """
        known = [private_key(each) for each in keys.split(",")]
        self.lifetime = lifetime
        self._secrets = [each.private_bytes_raw() for each in known]
        self._keys = {each.thumbprint(): each for each in (OKPKey.import_key(_pem(one)) for one in known)}
        self._key_id, self._key = next(iter(self._keys.items()))
        # A signature costs more to check than all the rest of a small request.
        self._claims = lru_cache(maxsize=REMEMBERED)(self._verified)

    def issue(
        self, session_id: str, caller: Mapping[str, Any], now: float, narrowed: int = 0, signed_in_at: int = 0
    ) -> str:
        """A token for the caller, valid for `lifetime` seconds from `now` (seconds since 1970)."""
        claims = {
            "iss": ISSUER,
            "aud": ISSUER,
            "sub": caller["id"],
            "sid": session_id,
            "grants": caller.get("grants", []),
            "unit": caller.get("unit"),
            **{name: caller[name] for name in AT_TIMES if caller.get(name)},
            **({"narrowed": narrowed} if narrowed else {}),
            **({"auth_time": signed_in_at} if signed_in_at else {}),
            "iat": int(now),
            "exp": int(now) + self.lifetime,
        }
        return jwt.encode({"alg": ALGORITHM, "kid": self._key_id}, claims, self._key, algorithms=[ALGORITHM])

    def verify(self, token: str, now: float) -> Identity:
        """Who the token speaks for at `now`.

        Raises Refusal `token_algorithm`, `token_invalid` or `token_expired`.
        """
        claims = self._claims(token)
        if now >= claims["exp"]:
            raise Refusal("token_expired", **to_program(claims))
        if now < claims.get("nbf", now):
            raise Refusal("token_invalid")
        more = {name: claims[name] for name in AT_TIMES if name in claims}
        caller = {"id": claims["sub"], "grants": claims["grants"], "unit": claims.get("unit"), **more}
        narrowed, signed_in_at = claims.get("narrowed", 0), claims.get("auth_time", 0)
        return Identity(claims["sid"], caller, claims["exp"], narrowed, signed_in_at)

    def public_keys(self) -> dict[str, Any]:
        """The key set (RFC 7517) with which others may verify tokens; the one that signs comes first."""
        return {
            "keys": [
                {**key.as_dict(private=False), "kid": id, "alg": ALGORITHM, "use": "sig"}
                for id, key in self._keys.items()
            ]
        }

    def secrets_for(self, purpose: str) -> list[bytes]:
        """Secrets of 32 bytes that follow from the keys and are good for one purpose only; today's comes first."""
        return [hmac.new(secret, purpose.encode(), sha256).digest() for secret in self._secrets]

    def _verified(self, token: str) -> Mapping[str, Any]:
        header = header_of(token)
        if header.get("alg") != ALGORITHM:
            raise Refusal("token_algorithm")
        key = self._keys.get(str(header.get("kid", self._key_id)))
        if key is None:
            raise Refusal("token_invalid")
        try:
            claims = jwt.decode(token, key, algorithms=[ALGORITHM]).claims
        except (JoseError, ValueError, TypeError):  # the library asks no header of what type it is
            raise Refusal("token_invalid") from None
        if claims.get("iss") != ISSUER or claims.get("aud") != ISSUER or not _ours(claims):
            raise Refusal("token_invalid")
        return claims


def to_program(who: Mapping[str, Any]) -> dict[str, bool]:
    """What a refusal tells beside its code where a program is told, which has a key, and signs in nowhere."""
    return {TO_PROGRAM: True} if who.get("program") else {}


def header_of(token: str) -> dict[str, Any]:
    """What the header says, which nobody has vouched for yet; raises `Refusal("token_invalid")` for no token."""
    if len(token) > LONGEST or not COMPACT.fullmatch(token):
        raise Refusal("token_invalid")
    head = token.partition(".")[0]
    try:
        header = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (ValueError, RecursionError):
        raise Refusal("token_invalid") from None
    if not isinstance(header, dict):
        raise Refusal("token_invalid")
    return header


def _ours(claims: Mapping[str, Any]) -> bool:
    """Whether the claims are those of our tokens, as what they are there."""
    moment = claims.get("nbf", 0)
    return isinstance(moment, int | float) and all(isinstance(claims.get(name), kind) for name, kind in CLAIMS.items())


def private_key(text: str) -> Ed25519PrivateKey:
    """The key in `text`, PEM or a base64url seed; raises ValueError that does not repeat the text."""
    if "BEGIN" in text:
        key = serialization.load_pem_private_key(text.replace("\\n", "\n").encode(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError("TOKEN_KEY holds a key of another type than Ed25519")
        return key
    try:
        seed = base64.urlsafe_b64decode(text.strip() + "=" * (-len(text.strip()) % 4))
    except ValueError:
        seed = b""
    if len(seed) != SEED_BYTES:
        raise ValueError("TOKEN_KEY is neither PEM nor the base64url form of 32 bytes")
    return Ed25519PrivateKey.from_private_bytes(seed)


def _pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
