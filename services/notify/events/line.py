"""A line of the log: an event and where it stands; no store."""

from dataclasses import dataclass
from datetime import datetime

from notify.events.cursor import Cursor, mark
from notify.events.logged_event import LoggedEvent


@dataclass(frozen=True)
class Line:
    """One event where it stands; `stored_at` is real time."""

    position: int
    stored_at: datetime
    event: LoggedEvent

    def cursor(self, *, unread: bool = False) -> Cursor:
        """The place after this line or, with `unread`, before it."""
        return Cursor(self.position, mark(self.event.id, self.stored_at), unread)
