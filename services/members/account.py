"""Accounts: the ways in which a person may sign in, and how many wrong passwords are put up with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chassis.errors import Refusal

FAILURES = 5
WINDOW = timedelta(minutes=15)


@dataclass(frozen=True)
class Account:
    """A way in: by a code sent to the phone, by login and password, or both."""

    id: str
    person_id: str
    tenant: str
    phone_print: str | None = None
    login: str | None = None
    password_hash: str | None = None
    active: bool = True


def check_failures(failures: Sequence[datetime], now: datetime) -> None:
    """Refuse `too_many_sign_ins` (`retry_after` in seconds) after five wrong passwords within 15 minutes."""
    recent = [moment for moment in failures if now - moment < WINDOW]
    if len(recent) >= FAILURES:
        wait = recent[-FAILURES] + WINDOW - now
        raise Refusal("too_many_sign_ins", retry_after=-int(-wait.total_seconds() // 1))
