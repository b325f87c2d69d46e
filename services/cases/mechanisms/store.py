"""Where the mechanisms of each area are kept."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

from pymongo import IndexModel

from cases.mechanisms.mechanism import Mechanism, MechanismList
from cases.place import AREA_DIGITS, tenant_of
from chassis.command import Asked
from chassis.errors import Refusal
from chassis.mongo import Home
from chassis.outbox import Document
from chassis.records import COMMANDS, Outcome, Records


class MechanismStore:
    """Reads and writes lists of mechanisms, one for each area that has its own; nobody hears of their changes."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {"mechanisms": [COMMANDS]}

    def __init__(self, home: Home) -> None:
        outbox = home.outbox("mechanisms", subject="mechanism_list", published=())
        self.records = Records(outbox, _written, _read, lambda: Refusal("mechanisms_not_found"))

    def enter(
        self, asked: Asked, area: str, decide: Callable[[MechanismList], Outcome[MechanismList]]
    ) -> dict[str, Any]:
        """Keep the first list of an area, or change the one that there is."""
        return self.records.enter(asked, area, [tenant_of(area)], MechanismList(area), decide)

    def holding(self, area: str) -> MechanismList | None:
        """The list that holds in an area: its own, or that of the narrowest area around it."""
        around = [area[:digits] for digits in AREA_DIGITS if digits <= len(area)]
        found = self.records.find({"_id": {"$in": around}})
        return max((each.item for each in found), key=lambda each: len(each.area), default=None)


def _written(kept: MechanismList) -> Document:
    return {
        "_id": kept.area,
        "tenant": tenant_of(kept.area),
        "axis": kept.axis,
        "mechanisms": [vars(each) | {name: _day(getattr(each, name)) for name in DAYS} for each in kept.mechanisms],
    }


DAYS = ("valid_from", "valid_to")


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _read(found: Mapping[str, Any]) -> MechanismList:
    return MechanismList(found["_id"], found["axis"], tuple(_mechanism(row) for row in found["mechanisms"]))


def _mechanism(row: Mapping[str, Any]) -> Mechanism:
    return Mechanism(**{**row, **{name: date.fromisoformat(row[name]) if row[name] else None for name in DAYS}})
