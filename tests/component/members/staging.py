"""When the tests of this folder play, and what stands in for the messenger."""

from datetime import UTC, datetime
from typing import Any

from pymongo.database import Database

NOW = datetime(2026, 3, 12, 11, 46, tzinfo=UTC)  # Thursday 19:46 in Asia/Shanghai
FUTURE = datetime(2040, 1, 1, tzinfo=UTC)
"""Real time in these tests: what expires by then is not removed by the database while a test looks at it."""


class Messenger:
    """Remembers the codes that it was asked to send, and which phones it was to tell that they open nothing more."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.told: list[tuple[str, str, str]] = []

    def send_code(self, phone: str, code: str, expires_at: str) -> None:
        self.sent.append((phone, code))

    def send_phone_changed(self, phone: str, changed_at: str, language: str) -> None:
        self.told.append((phone, changed_at, language))


def let_go_of(database: Database[dict[str, Any]]) -> list[dict[str, int]]:
    """What each run of retention let go of, as the audit trail has it."""
    return [row["details"] for row in database["audit"].find({"act": "retention.run"}).sort("seq")]
