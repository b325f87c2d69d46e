"""Units in the database."""

from collections.abc import Mapping, Sequence
from typing import Any

from pymongo import ASCENDING, IndexModel

from chassis.mongo import Home
from chassis.outbox import Document
from members.noun import Noun
from members.organisations import unit as units
from members.organisations.unit import Unit


class UnitStore:
    """Reads and writes units."""

    INDEXES: Mapping[str, Sequence[IndexModel]] = {
        "units": [IndexModel([("grid_codes", ASCENDING), ("unit_type", ASCENDING)], name="grid")],
    }

    def __init__(self, home: Home) -> None:
        self.units = Noun(
            home.outbox("units", subject="unit", published=("unit.registered", "unit.changed")),
            "unit.registered",
            "unit.changed",
            _from_unit,
            _unit,
            units.announcement,
        )

    def units_of(self, ids: Sequence[str], tenant: str | None = None) -> list[Unit]:
        """The units that exist among `ids`, within one district if it is named."""
        return self.units.find({"_id": {"$in": list(ids)}} | ({"tenant": tenant} if tenant else {}))


def _from_unit(unit: Unit) -> Document:
    return {
        "_id": unit.id,
        "tenant": unit.tenant,
        "name": unit.name,
        "unit_type": unit.unit_type,
        "grid_codes": list(unit.grid_codes),
        "active": unit.active,
    }


def _unit(found: Mapping[str, Any]) -> Unit:
    return Unit(
        id=found["_id"],
        tenant=found["tenant"],
        name=found["name"],
        unit_type=found["unit_type"],
        grid_codes=tuple(found["grid_codes"]),
        active=found["active"],
    )
