"""Links to calendars in the database; their secrets are not kept."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from pymongo import ASCENDING, IndexModel

from chassis.errors import Refusal
from chassis.mongo import Home
from chassis.records import COMMANDS, Kept, Records
from members.calendars.calendar import Calendar


class CalendarStore:
    """Keeps links; nobody else hears of them."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "calendars": [COMMANDS, IndexModel([("person_id", ASCENDING), ("_id", ASCENDING)], name="person")]
    }

    def __init__(self, home: Home) -> None:
        self._outbox = home.outbox("calendars", subject="calendar", published=())
        self.records: Records[Calendar] = Records(self._outbox, _written, _read, lambda: Refusal("calendar_not_found"))

    def of_person(self, person_ids: Iterable[str]) -> list[Kept[Calendar]]:
        """A person's links, under whichever id, revoked or not, the oldest first."""
        return self.records.find({"person_id": {"$in": sorted(person_ids)}}, [("_id", ASCENDING)])

    def forget(self, person_ids: Iterable[str]) -> None:
        """Let go of a person's links, which lead nowhere then."""
        self._outbox.collection.delete_many({"person_id": {"$in": sorted(person_ids)}})


def _written(calendar: Calendar) -> dict[str, Any]:
    return {"_id": calendar.id, **{name: value for name, value in vars(calendar).items() if name != "id"}}


def _read(found: Mapping[str, Any]) -> Calendar:
    plain = {name: found[name] for name in Calendar.__dataclass_fields__ if name != "id"}
    return Calendar(found["_id"], **plain)
