"""Reminders in the database, each once: the write that keeps one is what tells of it."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, ClassVar

from pymongo import IndexModel
from pymongo.errors import DuplicateKeyError

from chassis.ids import new_id
from chassis.mongo import Home
from chassis.outbox import Entry
from members.reminders.reminder import REMINDED


class ReminderStore:
    """Keeps which reminders there were; notify hears of each."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {"reminders": []}

    def __init__(self, home: Home) -> None:
        self._outbox = home.outbox("reminders", subject="reminder", published=(REMINDED,))

    def known(self, ids: Iterable[str]) -> frozenset[str]:
        """Which of these there were already."""
        return frozenset(self._outbox.collection.distinct("_id", {"_id": {"$in": sorted(ids)}}))

    def remind(self, id: str, announcement: Mapping[str, Any], now: datetime) -> None:
        """Remind, unless somebody else has done so: of several who do it at once, one is heard."""
        with suppress(DuplicateKeyError):
            self._outbox.create({"_id": id}, [Entry(new_id(), REMINDED, now, announcement)])
