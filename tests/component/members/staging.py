"""What stands in for time and for the messenger, so that a test decides what they do."""

from datetime import UTC, datetime, timedelta

NOW = datetime(2026, 3, 12, 11, 46, tzinfo=UTC)  # Thursday 19:46 in Asia/Shanghai
FUTURE = datetime(2040, 1, 1, tzinfo=UTC)
"""Real time in these tests: what expires by then is not removed by the database while a test looks at it."""


class SetClock:
    """A clock that stands where a test puts it."""

    def __init__(self, now: datetime) -> None:
        self.moment = now

    def now(self) -> datetime:
        return self.moment

    def wait(self, **span: float) -> None:
        self.moment += timedelta(**span)


class Messenger:
    """Remembers the codes that it was asked to send."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []

    def send_code(self, phone: str, code: str, expires_at: str) -> None:
        self.sent.append((phone, code))
