"""Sessions and their refresh tokens, each good for one rotation: one that comes back later ends the session.

A token's secret is the keyed hash of its predecessor. So a refresh that is repeated within the grace (answer
lost, request delivered twice) gets the same successor again, and an old token can be told from a made-up one
although only the newest is kept, as a hash.

That takes a hash for each rotation since then, and whoever has a session may ask for it with anything made up. So it is
done for the last `LOOKED_BACK` alone, ten days of a page that is open all the time; what is older is void.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from chassis.instant import written

LIFETIME = timedelta(days=30)
GRACE = timedelta(seconds=30)
MOST = 50
"""Sessions of one person that go on at once (docs/domain.md §5, our decision)."""

LOOKED_BACK = 1_000


@dataclass(frozen=True)
class Token:
    """A refresh token in its parts: `<session>.<generation>.<secret>`."""

    session_id: str
    generation: int
    secret: str

    def __str__(self) -> str:
        return f"{self.session_id}.{self.generation}.{self.secret}"


@dataclass(frozen=True)
class Session:
    """One sign-in on one device, from opening to its end; `generation` counts the rotations.

    `agent` is what the device has called itself, so that people know their own again.
    """

    id: str
    account_id: str
    person_id: str
    token_hash: str
    opened_at: datetime
    rotated_at: datetime
    expires_at: datetime
    generation: int = 0
    ended_at: datetime | None = None
    ended_by: str | None = None
    agent: str = ""


class Verdict(StrEnum):
    """What a presented token is worth."""

    FRESH = "fresh"
    REPEATED = "repeated"
    REUSED = "reused"
    VOID = "void"


def parsed(text: str) -> Token | None:
    """The token in `text`, or None when it is not shaped like one."""
    session_id, _, rest = text.partition(".")
    generation, _, secret = rest.partition(".")
    if not (session_id and secret and generation.isascii() and generation.isdigit() and len(generation) < 7):
        return None
    return Token(session_id, int(generation), secret)


def opened(
    session_id: str, account_id: str, person_id: str, secret: str, now: datetime, agent: str = ""
) -> tuple[Session, Token]:
    """A new session with its first token, from a random secret."""
    token = Token(session_id, 0, secret)
    session = Session(session_id, account_id, person_id, hashed(token), now, now, now + LIFETIME, agent=agent)
    return session, token


def judge(session: Session, token: Token, key: bytes, now: datetime) -> Verdict:
    """What `token` is worth for its session now."""
    if session.ended_at is not None or now >= session.expires_at or not _authentic(session, token, key):
        return Verdict.VOID
    if token.generation == session.generation:
        return Verdict.FRESH
    is_last = token.generation == session.generation - 1
    return Verdict.REPEATED if is_last and now - session.rotated_at <= GRACE else Verdict.REUSED


def rotated(session: Session, token: Token, key: bytes, now: datetime) -> tuple[Session, Token]:
    """The session and its next token, in exchange for a fresh one."""
    following = successor(token, key)
    moved = replace(session, generation=following.generation, token_hash=hashed(following), rotated_at=now)
    return moved, following


def successor(token: Token, key: bytes) -> Token:
    """The one token that follows this one."""
    digest = hmac.new(key, str(token).encode(), sha256).digest()
    secret = urlsafe_b64encode(digest).decode().rstrip("=")
    return Token(token.session_id, token.generation + 1, secret)


def ended(session: Session, by: str, now: datetime) -> Session:
    """The session after its end: by `sign_out`, by `reuse`, by `too_many`, or from another one of the same person."""
    return replace(session, ended_at=now, ended_by=by)


def last_used_first(sessions: Iterable[Session]) -> list[Session]:
    """As their owner reads them."""
    return sorted(sessions, key=lambda each: (each.rotated_at, each.id), reverse=True)


def too_many(sessions: Iterable[Session]) -> list[Session]:
    """Those of one person's that are more than anybody may have: what was used last stays."""
    return last_used_first(sessions)[MOST:]


def shown(session: Session) -> dict[str, Any]:
    """A session as its owner sees it; nothing of its token."""
    return {
        "session_id": session.id,
        "agent": session.agent,
        "opened_at": written(session.opened_at),
        "last_used_at": written(session.rotated_at),
        "expires_at": written(session.expires_at),
    }


def hashed(token: Token) -> str:
    """What is kept of a token."""
    return sha256(str(token).encode()).hexdigest()


def _authentic(session: Session, token: Token, key: bytes) -> bool:
    """Whether the token, moved on to the session's generation, is the one whose hash is kept."""
    if not session.generation - LOOKED_BACK <= token.generation <= session.generation:
        return False
    while token.generation < session.generation:
        token = successor(token, key)
    return hmac.compare_digest(hashed(token), session.token_hash)
