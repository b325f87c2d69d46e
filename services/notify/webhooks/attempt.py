"""One try to post: what the delivery log and the owner of a subscription see of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from notify.webhooks.webhook import Answer

ANSWER_LENGTH = 500
"""How much of a partner's answer the delivery log shows, in characters."""


@dataclass(frozen=True)
class Try:
    """What the last try came to, for the partner to read; `at` is real time."""

    at: datetime
    status: int | None
    error: str | None
    answer: str


def seen(answer: Answer, now: datetime) -> Try:
    """What the delivery log shows of an answer."""
    return Try(now, answer.status, answer.error, answer.body[:ANSWER_LENGTH])


def last_try(document: Mapping[str, object] | None) -> Try | None:
    """The try that a document describes."""
    return Try(**document) if document else None  # type: ignore[arg-type]  # the store wrote it from a Try
