"""Who has left lately, people and closed units: kept while somebody may have been given a case before it was known."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import ClassVar

from pymongo import ASCENDING, IndexModel

from chassis.mongo import Home

REMEMBERED = timedelta(days=3)
"""As long as an event may come late (docs/events.md); whoever is known to have left gets no case any more."""


class LeaverStore:
    """Notes who left, in real time."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "leavers": [IndexModel([("forget_at", ASCENDING)], name="forget", expireAfterSeconds=0)]
    }

    def __init__(self, home: Home) -> None:
        self._leavers = home.collection("leavers")

    def note(self, leaver: str, now: datetime) -> None:
        """It has left, or closed; told again, that changes nothing but how long it is remembered."""
        self._leavers.update_one({"_id": leaver}, {"$set": {"forget_at": now + REMEMBERED}}, upsert=True)

    def of_late(self) -> list[str]:
        """Everybody who has left lately."""
        return [row["_id"] for row in self._leavers.find().sort("_id")]
