"""Series in the database: found by area, and by when their next activity is to be published."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import ClassVar

from pymongo import ASCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from chassis.command import Asked
from chassis.errors import Refusal
from chassis.mongo import Home
from chassis.outbox import Document, StaleVersion
from chassis.records import COMMANDS, Answer, Kept, Records, Writing, carried_out
from members.series.documents import read, written
from members.series.series import Series

BY_ID = (("_id", ASCENDING),)


class SeriesStore:
    """Reads and writes series; others hear of the activities that they publish."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "series": [
            COMMANDS,
            IndexModel([("areas", ASCENDING), *BY_ID], name="area"),
            IndexModel([("next_at", ASCENDING)], name="next"),
        ]
    }

    def __init__(self, home: Home) -> None:
        outbox = home.outbox("series", subject="series", published=())
        self.records: Records[Series] = Records(outbox, written, read, lambda: Refusal("series_not_found"))

    def one(self, id: str, tenants: Iterable[str] | None) -> Kept[Series]:
        """The series, if it lies in one of the districts (None: in any); refuses `series_not_found`."""
        return self.records.load(id, tenants)

    def due(self, now: datetime, limit: int) -> list[Kept[Series]]:
        """So many of those that have an activity to publish, those that wait the longest first."""
        # What has none to come is null, which no comparison finds.
        return self.records.find({"next_at": {"$lte": now}}, [("next_at", ASCENDING)], limit)

    def of_grid(self, code: str) -> list[Kept[Series]]:
        """Those in a grid that have not ended."""
        return self.records.find({"areas": code, "ended_on": None}, BY_ID)

    def running(self, code: str) -> list[Kept[Series]]:
        """Those in a grid that have a day to be published still."""
        return self.records.find({"areas": code, "next_at": {"$ne": None}}, BY_ID)

    def write(self, asked: Asked, writings: Sequence[Writing]) -> Answer:
        """Write a series, the first of these, and what goes along with it, or nothing.

        Raises chassis' StaleVersion also where somebody else has just booked its venue, so that it is looked anew.
        """
        try:
            return self.records.carry_out(asked, writings)
        except DuplicateKeyError:
            raise StaleVersion(writings[0].change.id) from None

    def publish(self, writings: Sequence[Writing]) -> None:
        """Write a series with the activities that it publishes, or nothing where another instance was faster or
        somebody changed it: the next turn sees to what is left.
        """
        with suppress(StaleVersion, DuplicateKeyError):
            carried_out(writings)

    def page(self, areas: Sequence[str], after: str | None, limit: int) -> list[Kept[Series]]:
        """The first series of these areas, by id, after the one of that id."""
        query: Document = {"areas": {"$in": list(areas)}, **({"_id": {"$gt": after}} if after else {})}
        return self.records.find(query, BY_ID, limit)
