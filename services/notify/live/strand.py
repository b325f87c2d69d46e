"""What is told, in order: the strands of the cases and of the inboxes, over their logs; it writes nothing."""

from collections.abc import Sequence
from typing import Protocol

from chassis.errors import Refusal
from notify.events import cursor
from notify.events.store import EventLog
from notify.live.update import Update, of_case, of_notice
from notify.notices.inbox_store import InboxLine
from notify.notices.store import NoticeStore

FARTHEST = 50_000
"""How many lines somebody may have missed and still be told them: who was away longer asks how things stand."""


START = cursor.written(cursor.Cursor(0, "0" * 16))
"""The place before everything: where readers begin while nothing has happened yet."""


class Strand(Protocol):
    """Updates at positions without gaps."""

    def after(self, position: int, limit: int) -> Sequence[Update]:
        """At most `limit` updates that follow the position, the oldest first."""

    def at(self, position: int) -> Update | None:
        """What is told there, while it is kept."""

    def newest(self) -> Update | None:
        """The last one."""


class CaseStrand:
    """What happens to cases, as the log of events has it."""

    def __init__(self, log: EventLog) -> None:
        self._log = log

    def after(self, position: int, limit: int) -> list[Update]:
        """At most `limit` updates that follow the position, the oldest first."""
        return [of_case(line) for line in self._log.after(position, limit)]

    def at(self, position: int) -> Update | None:
        """What is told there, while it is kept."""
        line = self._log.line(position)
        return of_case(line) if line else None

    def newest(self) -> Update | None:
        """The last one."""
        line = self._log.newest()
        return of_case(line) if line else None


class InboxStrand:
    """What comes into inboxes."""

    def __init__(self, notices: NoticeStore) -> None:
        self._notices = notices

    def after(self, position: int, limit: int) -> list[Update]:
        """At most `limit` updates that follow the position, the oldest first."""
        return self._updates(self._notices.log.after(position, limit))

    def at(self, position: int) -> Update | None:
        """What is told there, while it is kept."""
        return self._one(self._notices.log.at(position))

    def newest(self) -> Update | None:
        """The last one."""
        return self._one(self._notices.log.newest())

    def _one(self, line: InboxLine | None) -> Update | None:
        return self._updates([line])[0] if line else None

    def _updates(self, lines: Sequence[InboxLine]) -> list[Update]:
        found = {each.id: each for each in self._notices.of([line.notice_id for line in lines if line.notice_id])}
        return [of_notice(line.position, line.cursor, found.get(line.notice_id or "")) for line in lines]


def resumed(strand: Strand, after: str) -> int:
    """The position after which somebody goes on who keeps this cursor.

    Refuses `invalid_cursor`, and `stream_too_far_behind` when too much was missed, is not kept any more, or another
    line stands there than when the cursor was given, as after a backup was restored (docs/adr/0030).
    """
    place, newest = cursor.read(after), strand.newest()
    missed = (newest.position if newest else 0) - place.position
    if not _stands(strand, place.position, after) or missed > FARTHEST:
        raise Refusal("stream_too_far_behind")
    return place.position


def _stands(strand: Strand, position: int, after: str) -> bool:
    """Whether what follows the cursor is what followed it when it was given."""
    if after == START:
        return strand.newest() is None or strand.at(1) is not None
    there = strand.at(position)
    return there is not None and there.cursor == after
