"""The second factor: codes by time (RFC 6238) that an app shows, and codes for the day on which there is no app.

Six digits, a new code every 30 s, and one step either way is put up with. No code is good twice: the step of the last
one is kept, and a recovery code goes with its use.
"""

import hmac
import unicodedata
from base64 import b32encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from pyotp import HOTP, TOTP

from chassis.errors import Refusal
from chassis.instant import written
from members.accounts.spelling import many, spelled

DIGITS, STEP_SECONDS, DRIFT = 6, 30, 1
SECRET_BYTES = 20
"""As many as RFC 4226 recommends, §4."""

RECOVERY_CODES, RECOVERY_LENGTH = 10, 12
RECOVERIES = many(RECOVERY_LENGTH)
"""How many recovery codes there are to choose from: 59 bits."""

ISSUER = "Sandan"


@dataclass(frozen=True)
class SecondFactor:
    """Somebody's second factor, under the id of its person: pending until `since`, from when it is in force.

    `secret` is sealed, `recovery` are keyed hashes of the codes that are left, `last_step` that of the last code.
    """

    id: str
    secret: str = field(repr=False)
    recovery: tuple[str, ...] = field(repr=False)
    begun_at: datetime
    since: datetime | None = None
    last_step: int = 0


def secret_of(random: bytes) -> str:
    """A secret as apps take it, from `SECRET_BYTES` random bytes."""
    return b32encode(random).decode("ascii")


def uri(secret: str, login: str) -> str:
    """What apps read from a picture: `otpauth://totp/…` with the secret, and whose it is."""
    return TOTP(secret, digits=DIGITS, interval=STEP_SECONDS).provisioning_uri(name=login, issuer_name=ISSUER)


def recovery_codes(numbers: Iterable[int]) -> list[str]:
    """Recovery codes like `7kqm-x3vd-a9tn`, from random numbers below `RECOVERIES`."""
    return [spelled(number, RECOVERY_LENGTH) for number in numbers]


def typed(text: str) -> str:
    """A code as somebody has typed it, without blanks and hyphens, in small letters and plain digits."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(each for each in plain if each != "-" and not each.isspace())


def mark(key: bytes, id: str, code: str) -> str:
    """What is kept of a recovery code: bound to its person, useless without the key."""
    return hmac.new(key, f"{id}:{typed(code)}".encode(), sha256).hexdigest()


def step_of(secret: str, code: str, now: datetime, last_step: int) -> int | None:
    """The step whose code it is, None where it is wrong or was used; every step is looked at, whichever it is."""
    apps, newest, given = HOTP(secret, digits=DIGITS), int(now.timestamp()) // STEP_SECONDS, typed(code).encode()
    steps = range(newest - DRIFT, newest + DRIFT + 1)
    right = [step for step in steps if hmac.compare_digest(apps.at(step).encode(), given)]
    return min((step for step in right if step > last_step), default=None)


def is_left(marks: Sequence[str], mark: str) -> bool:
    """Whether the recovery code of this mark is left; all of them are looked at."""
    return any([hmac.compare_digest(each, mark) for each in marks])  # noqa: C419 - a generator would stop at the first


def in_force(kept: SecondFactor | None) -> SecondFactor | None:
    """The one that is kept, unless it is pending."""
    return kept if kept is not None and kept.since is not None else None


def check_passed(now: SecondFactor | None, passed: SecondFactor | None) -> None:
    """Refuse `second_factor_needed` where another is in force by `now` than the one that a sign-in has passed."""
    if now is not None and (passed is None or (now.id, now.begun_at) != (passed.id, passed.begun_at)):
        raise Refusal("second_factor_needed")


def shown(factor: SecondFactor | None) -> dict[str, Any]:
    """How somebody's second factor stands: `{state, since, recovery_left}`, nothing of its secrets."""
    if factor is None or factor.since is None:
        return {"state": "pending" if factor else "none", "since": None, "recovery_left": 0}
    return {"state": "active", "since": written(factor.since), "recovery_left": len(factor.recovery)}
