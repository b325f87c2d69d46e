"""Where a reader of the log has got to, as a text that it keeps; no store.

A cursor names a place in the log together with a mark of what stands there. After a backup was restored, other events
may come to stand at positions that partners have read already: the mark then fits no more, and the cursor is refused.
So each restored log is a new epoch by itself, and nobody has to turn one (docs/adr/0030).
"""

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from chassis.errors import Refusal

_WRITTEN = re.compile(r"([0-9]{1,18})\.([0-9a-f]{16})\.(after|at)")


@dataclass(frozen=True)
class Cursor:
    """A place in the log: after the event at `position`, or before it where that is still to be read (`unread`)."""

    position: int
    mark: str
    unread: bool = False

    @property
    def follows(self) -> int:
        """The position after which to read."""
        return self.position - 1 if self.unread else self.position


def mark(event_id: str, stored_at: datetime) -> str:
    """What tells this line of the log from another one that has its position in another epoch.

    The same event kept anew at the same position is another line: what stands before it may be another, too.
    """
    return sha256(f"{event_id}\0{stored_at.astimezone(UTC).isoformat()}".encode()).hexdigest()[:16]


def written(cursor: Cursor) -> str:
    """The cursor as readers keep it; opaque to them, made of characters that need no escaping in a URL."""
    text = f"{cursor.position}.{cursor.mark}.{'at' if cursor.unread else 'after'}"
    return base64.urlsafe_b64encode(text.encode()).decode("ascii").rstrip("=")


def read(text: str) -> Cursor:
    """The cursor that was written so; refuses `invalid_cursor`."""
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
    except (ValueError, binascii.Error):
        raise Refusal("invalid_cursor") from None
    if (found := _WRITTEN.fullmatch(plain)) is None:
        raise Refusal("invalid_cursor")
    return Cursor(int(found[1]), found[2], unread=found[3] == "at")
