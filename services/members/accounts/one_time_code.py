"""One-time codes for signing in by phone: how long they live, how often they may be sent and tried.

Each sign-in that is begun has an id, which only whoever began it knows, and a code of its own: others who know the
phone can neither use up the tries nor void the code.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from math import ceil

from chassis.errors import Refusal

LIFETIME = timedelta(minutes=5)
TRIES = 5
PAUSE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
PER_HOUR = 5
FOR_STRANGERS = 10
"""Codes an hour for one phone, for all addresses together from where nobody has ever signed in with it."""

FOR_OWN_PHONE = 5
"""Codes an hour that one person has sent to phones that are to be their own: such a phone need not be known here."""

DIGITS = 6


@dataclass(frozen=True)
class OneTimeCode:
    """The code of a sign-in that was begun, kept as a keyed hash."""

    id: str
    phone_print: str
    code_hash: str
    expires_at: datetime
    tries: int = 0


@dataclass(frozen=True)
class Quota:
    """How many codes an hour are sent under one fingerprint, and how long is paused between two."""

    print: str
    most: int
    pause: timedelta


def text_of(number: int) -> str:
    """Six digits from a random number below a million."""
    return f"{number:0{DIGITS}d}"


def hashed(key: bytes, id: str, code: str) -> str:
    """What is kept of a code: bound to its sign-in, useless without the key."""
    return hmac.new(key, f"{id}:{code}".encode(), sha256).hexdigest()


def quotas(phone_print: str, place_print: str, *, familiar: bool) -> tuple[Quota, ...]:
    """What guards a phone against being flooded, where `place_print` stands for who asks about this phone.

    Strangers can use up what there is for strangers, and never what is there for whoever has signed in from where they
    ask.
    """
    own = Quota(place_print, PER_HOUR, PAUSE)
    return (own,) if familiar else (own, Quota(phone_print, FOR_STRANGERS, timedelta(0)))


def own_phone_quota(person_print: str) -> Quota:
    """What guards all phones together from one person, who may name any: from messages, and from guesses at codes."""
    return Quota(person_print, FOR_OWN_PHONE, timedelta(0))


def check_quota(quota: Quota, sent: Sequence[datetime], now: datetime) -> None:
    """Refuse `too_many_codes` (`retry_after` in seconds) when another code after those at `sent` is too many."""
    wait = _wait(quota, [moment for moment in sent if now - moment < HOUR], now)
    if wait > timedelta(0):
        raise Refusal("too_many_codes", retry_after=ceil(wait.total_seconds()))


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


def _wait(quota: Quota, recent: Sequence[datetime], now: datetime) -> timedelta:
    """How long until another code may be sent: the pause after the last, an hour after the first of as many as go."""
    ends = [recent[-1] + quota.pause] if recent else []
    if len(recent) >= quota.most:
        ends.append(recent[-quota.most] + HOUR)
    return max((end - now for end in ends), default=timedelta(0))
