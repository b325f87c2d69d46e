"""An event as the log keeps it and partners get it: its exact bytes, and what decides who may have it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from notify.subscription import Subject


@dataclass(frozen=True)
class LoggedEvent:
    """One event of a case; `body` is what the publisher sent, byte for byte."""

    id: str
    type: str
    source: str
    subject: str
    sequence: int
    time: datetime
    correlation_id: str | None
    body: bytes
    case_id: str
    grid_code: str | None
    restricted: bool
    complained_unit_id: str | None

    def seen_as(self) -> Subject:
        """What decides whether it may go to a partner."""
        return Subject(self.type, self.grid_code, self.restricted, self.complained_unit_id)


def cloud_headers(event: LoggedEvent) -> dict[str, str]:
    """The headers of the event in binary mode (CloudEvents 1.0, HTTP protocol binding §3.1)."""
    headers = {
        "content-type": "application/json",
        "ce-specversion": "1.0",
        "ce-id": event.id,
        "ce-type": event.type,
        "ce-source": event.source,
        "ce-subject": event.subject,
        "ce-time": event.time.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "ce-sequence": str(event.sequence),
    }
    if event.correlation_id:
        headers["ce-correlationid"] = event.correlation_id
    return headers
