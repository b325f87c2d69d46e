"""Webhooks as Standard Webhooks has them: what is signed, when to retry, what an answer means; no network."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from http import HTTPStatus

from standardwebhooks import Webhook

SECRET_BYTES = 32
"""Standard Webhooks asks for 24 to 64 random bytes."""

RETRY_AFTER_LIMIT = timedelta(hours=24)
FAILING_LIMIT = timedelta(days=3)
"""A subscription that has known nothing but failures for this long is disabled."""

DELAYS = (
    timedelta(0),
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""The wait before each try, counted from the failure before it (Standard Webhooks, "Retry schedule")."""

JITTER = 0.2


class Meaning(StrEnum):
    """What an answer means for the delivery."""

    DELIVERED = "delivered"
    FAILED = "failed"
    GONE = "gone"


@dataclass(frozen=True)
class Answer:
    """What came back: a status with the beginning of the body, or the error that kept it from coming."""

    status: int | None = None
    retry_after: str | None = None
    body: str = ""
    error: str | None = None


def secret(random: bytes) -> str:
    """The shared secret made of `random` bytes, in the form that the libraries of Standard Webhooks read."""
    return f"whsec_{base64.b64encode(random).decode('ascii')}"


def signed_headers(id: str, at: datetime, body: bytes, secrets: Iterable[str]) -> dict[str, str]:
    """The `webhook-*` headers of one try made `at` this real time; one signature for each secret in force."""
    moment = at.astimezone(UTC)
    signatures = (Webhook(one).sign(id, moment, body.decode("utf-8")) for one in secrets)
    return {
        "webhook-id": id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def meaning(answer: Answer) -> Meaning:
    """Only 2xx is success, 410 says never again, and everything else, a redirect too, is a failure."""
    if answer.status == HTTPStatus.GONE:
        return Meaning.GONE
    success = answer.status is not None and HTTPStatus(200) <= answer.status < HTTPStatus(300)
    return Meaning.DELIVERED if success else Meaning.FAILED


def wait(tries: int, chance: float, asked: timedelta = timedelta(0)) -> timedelta | None:
    """How long to wait after `tries` failed tries, or None when they are used up.

    `chance` in [0, 1) spreads the wait by ±20 %; `asked` is what the receiver asked for, if it is longer.
    """
    if tries >= len(DELAYS):
        return None
    return max(DELAYS[tries] * (1 + JITTER * (2 * chance - 1)), asked)


def asked_for(answer: Answer, now: datetime) -> timedelta:
    """The wait that `Retry-After` asks for (seconds or a date, RFC 9110 §10.2.3), between 0 and 24 hours."""
    if answer.retry_after is None:
        return timedelta(0)
    found = _seconds(answer.retry_after) or _until(answer.retry_after, now) or timedelta(0)
    return min(max(found, timedelta(0)), RETRY_AFTER_LIMIT)


def _seconds(value: str) -> timedelta | None:
    digits = value.strip()
    countable = digits.isascii() and digits.isdigit() and len(digits) < 9
    return timedelta(seconds=int(digits)) if countable else None


def _until(value: str, now: datetime) -> timedelta | None:
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC) - now
