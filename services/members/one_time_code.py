"""One-time codes for signing in by phone: how long they live, how often they may be sent and tried."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from chassis.errors import Refusal

LIFETIME = timedelta(minutes=5)
TRIES = 5
PAUSE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
PER_HOUR = 5
DIGITS = 6


@dataclass(frozen=True)
class OneTimeCode:
    """A phone's latest code, kept as a keyed hash, and when codes were sent in the last hour."""

    phone_print: str
    code_hash: str
    expires_at: datetime
    sent: tuple[datetime, ...]
    tries: int = 0


def text_of(number: int) -> str:
    """Six digits from a random number below a million."""
    return f"{number:0{DIGITS}d}"


def hashed(key: bytes, phone_print: str, code: str) -> str:
    """What is kept of a code: bound to its phone, useless without the key."""
    return hmac.new(key, f"{phone_print}:{code}".encode(), sha256).hexdigest()


def issue(phone_print: str, code_hash: str, sent: Sequence[datetime], now: datetime) -> OneTimeCode:
    """A fresh code after the ones sent at `sent`; refuses `too_many_codes` with `retry_after` in seconds."""
    recent = tuple(moment for moment in sent if now - moment < HOUR)
    wait = _wait(recent, now)
    if wait > timedelta(0):
        raise Refusal("too_many_codes", retry_after=_seconds(wait))
    return OneTimeCode(phone_print, code_hash, now + LIFETIME, (*recent, now))


def check(code: OneTimeCode | None, code_hash: str, now: datetime) -> OneTimeCode:
    """The code, if it is the right one; `code.tries` counts this try as well.

    Refuses `bad_code` (with `tries_left` where there is a code), `code_expired` and `too_many_tries`.
    """
    if code is None:
        raise Refusal("bad_code")
    if code.tries > TRIES:
        raise Refusal("too_many_tries")
    if now >= code.expires_at:
        raise Refusal("code_expired")
    if not hmac.compare_digest(code.code_hash, code_hash):
        raise Refusal("bad_code", tries_left=TRIES - code.tries)
    return code


def _wait(recent: Sequence[datetime], now: datetime) -> timedelta:
    """How long until another code may be sent: a minute after the last, an hour after the last but four."""
    ends = [recent[-1] + PAUSE] if recent else []
    if len(recent) >= PER_HOUR:
        ends.append(recent[-PER_HOUR] + HOUR)
    return max((end - now for end in ends), default=timedelta(0))


def _seconds(wait: timedelta) -> int:
    return -int(-wait.total_seconds() // 1)
