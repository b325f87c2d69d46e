"""Buildings in the database."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from chassis.errors import Refusal
from chassis.mongo import Home
from chassis.outbox import Document
from chassis.records import COMMANDS, Records
from members.buildings.building import Building

MOST = 500
"""Buildings of one compound; the largest estates of the country have fewer."""


class BuildingStore:
    """Reads and writes buildings; nobody outside hears of them, so their events stay in their histories."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "buildings": [
            COMMANDS,
            IndexModel(
                [("compound_id", ASCENDING), ("number", ASCENDING)],
                name="number",
                unique=True,
                partialFilterExpression={"standing": True},
            ),
            IndexModel([("compound_id", ASCENDING), ("order", ASCENDING)], name="compound"),
        ]
    }

    def __init__(self, home: Home) -> None:
        outbox = home.outbox("buildings", subject="building", published=())
        self.records: Records[Building] = Records(outbox, _written, _read, lambda: Refusal("building_not_found"))

    @contextmanager
    def once_each(self) -> Iterator[None]:
        """Refuses `building_number_taken` where another building that stands there has the same."""
        try:
            yield
        except DuplicateKeyError:
            raise Refusal("building_number_taken") from None

    def of(self, compound_id: str, at: datetime) -> list[Building]:
        """The buildings that stand in the compound at that moment, by number."""
        query = {"compound_id": compound_id, "opened": {"$lte": at}, "$nor": [{"closed": {"$lte": at}}]}
        return [kept.item for kept in self.records.find(query, [("order", ASCENDING)], MOST)]

    def in_compounds(self, ids: Sequence[str], at: datetime) -> list[Building]:
        """The buildings that stand in any of the compounds at that moment."""
        query = {"compound_id": {"$in": list(ids)}, "opened": {"$lte": at}, "$nor": [{"closed": {"$lte": at}}]}
        return [kept.item for kept in self.records.find(query)]


def _written(building: Building) -> Document:
    kept = {name: value for name, value in vars(building).items() if name != "id"}
    # 10 comes after 9: what begins with digits is put in the order of the number.
    digits = building.number[: len(building.number) - len(building.number.lstrip("0123456789"))]
    order = f"{digits.zfill(6) if digits else '~'}{building.number[len(digits) :]}"
    return {"_id": building.id, **kept, "order": order, "standing": building.closed is None}


def _read(found: Mapping[str, Any]) -> Building:
    fields = ("compound_id", "tenant", "number", "opened", "name", "households", "entrances", "closed")
    return Building(found["_id"], **{name: found[name] for name in fields})
