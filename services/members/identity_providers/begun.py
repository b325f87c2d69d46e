"""A sign-in that was begun at an identity provider: how long it is good, for whom, and what ties it to one browser.

The browser alone has `state` and `secret`. What the provider is told besides (nonce, PKCE verifier) follows from them
with a key, so that whoever reads the database can finish nobody's sign-in.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from chassis.errors import Refusal

LIFETIME = timedelta(minutes=10)
"""From beginning to the end of the second factor, if there is one."""


class Stage(StrEnum):
    """How far a sign-in has come: `TAKEN` while its code is exchanged, `PROVEN` when the provider has vouched."""

    BEGUN = "begun"
    TAKEN = "taken"
    PROVEN = "proven"
    SPENT = "spent"


@dataclass(frozen=True)
class Binding:
    """`state`, which goes to the provider and comes back, and `secret`, which never leaves the browser but to us."""

    key: bytes = field(repr=False)
    state: str = field(repr=False)
    secret: str = field(repr=False)

    @property
    def id(self) -> str:
        """Under which the sign-in is kept."""
        return self._digest("state", self.state).hex()

    @property
    def mark(self) -> str:
        """What is kept of the secret."""
        return self._digest("secret", self.state, self.secret).hex()

    @property
    def nonce(self) -> str:
        """What the ID token has to repeat (Core §3.1.2.1)."""
        return _text(self._digest("nonce", self.state, self.secret))

    @property
    def verifier(self) -> str:
        """The code verifier (RFC 7636 §4.1): 43 characters."""
        return _text(self._digest("verifier", self.state, self.secret))

    @property
    def challenge(self) -> str:
        """What the provider is told of the verifier first: S256 (RFC 7636 §4.2)."""
        return _text(sha256(self.verifier.encode()).digest())

    def mark_of(self, code: str) -> str:
        """What is kept of the provider's code once it was exchanged."""
        return self._digest("code", self.state, code).hex()

    def _digest(self, *parts: str) -> bytes:
        return hmac.new(self.key, "\0".join(parts).encode(), sha256).digest()


@dataclass(frozen=True)
class Begun:
    """A sign-in that was begun; `person_id` is who wants to link an identity, None of who signs in.

    Once it is proven, `identity_print` is what stands for the identity, and `code_mark` for the code that proved it.
    """

    id: str
    provider: str
    redirect_uri: str
    secret_mark: str = field(repr=False)
    expires_at: datetime
    person_id: str | None = None
    stage: Stage = Stage.BEGUN
    code_mark: str | None = None
    identity_print: str | None = None


def begun(binding: Binding, provider: str, redirect_uri: str, person_id: str | None, now: datetime) -> Begun:
    """A new one."""
    return Begun(binding.id, provider, redirect_uri, binding.mark, now + LIFETIME, person_id)


def check(
    found: Begun | None, binding: Binding, code: str, provider: str, whose: Collection[str], now: datetime
) -> Begun:
    """The sign-in, if it is good for the code that came back; `whose` are the ids of who links, none of who signs in.

    Refuses `provider_sign_in_not_begun` for one that this browser has not begun, with this provider and for this,
    `provider_sign_in_over` after its time, and `provider_sign_in_used`.
    """
    if found is None or not hmac.compare_digest(found.secret_mark, binding.mark):
        raise Refusal("provider_sign_in_not_begun")
    if found.provider != provider or (found.person_id not in whose if whose else found.person_id is not None):
        raise Refusal("provider_sign_in_not_begun")
    if now >= found.expires_at:
        raise Refusal("provider_sign_in_over")
    again = found.stage is Stage.PROVEN and hmac.compare_digest(str(found.code_mark), binding.mark_of(code))
    if found.stage is not Stage.BEGUN and not again:
        raise Refusal("provider_sign_in_used")
    return found


def _text(digest: bytes) -> str:
    return urlsafe_b64encode(digest).decode("ascii").rstrip("=")
