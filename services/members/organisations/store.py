"""Units in the database."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from chassis.errors import Refusal
from chassis.mongo import Home
from chassis.outbox import Document
from chassis.paging import following
from chassis.records import COMMANDS, Kept, Records
from members.noun import Noun
from members.organisations import documents
from members.organisations.tie import ALWAYS
from members.organisations.unit import CHANGED, CLOSED, REGISTERED, Unit, announcement, check_open

AFTER = tuple[str, str]
"""Where a list goes on: after the unit with that name, and that id."""

BY_NAME = (("name", ASCENDING), ("_id", ASCENDING))


class UnitStore:
    """Reads and writes units; `records` with the commands that change them, `units` as places that others copy."""

    INDEXES: Mapping[str, Sequence[IndexModel]] = {
        "units": [
            COMMANDS,
            IndexModel([("grid_codes", ASCENDING), ("unit_type", ASCENDING)], name="grid"),
            IndexModel([("areas", ASCENDING), ("active", ASCENDING), *BY_NAME], name="area"),
            IndexModel([("areas", ASCENDING), ("unit_type", ASCENDING), ("active", ASCENDING), *BY_NAME], name="type"),
            IndexModel([("tenant", ASCENDING), *BY_NAME], name="district"),
            IndexModel([("ties.grid_code", ASCENDING)], name="tied"),
            IndexModel([("turns_at", ASCENDING)], name="turns"),
            IndexModel(
                [("tenant", ASCENDING), ("credit_code", ASCENDING)],
                name="credit_code",
                unique=True,
                # Who has closed and opens again is entered anew, under the same code.
                partialFilterExpression={"credit_code": {"$gt": ""}, "active": True},
            ),
        ],
    }

    def __init__(self, home: Home) -> None:
        outbox = home.outbox("units", subject="unit", published=(REGISTERED, CHANGED, CLOSED))
        self.units = Noun(outbox, REGISTERED, CHANGED, documents.written, documents.read, announcement)
        self.records: Records[Unit] = Records(outbox, documents.written, documents.read, _missing)
        self._collection = outbox.collection

    @contextmanager
    def one_code_each(self) -> Iterator[None]:
        """Refuses `credit_code_taken` where another unit of the district that is open has the code."""
        try:
            yield
        except DuplicateKeyError as error:
            if "credit_code" in (error.details or {}).get("keyPattern", {}):
                raise Refusal("credit_code_taken") from None
            raise

    def units_of(self, ids: Sequence[str], tenant: str | None = None) -> list[Unit]:
        """The units that exist among `ids`, within one district if it is named."""
        return self.units.find({"_id": {"$in": list(ids)}} | ({"tenant": tenant} if tenant else {}))

    def check_open(self, id: str | None, tenant: str) -> None:
        """Refuse `unknown_unit` for one that is not of the district, and `unit_closed` for one that closes."""
        if id is None:
            return
        found = self.units_of([id], tenant)
        if not found:
            raise Refusal("unknown_unit", unit_id=id)
        check_open(found[0])

    def of_district(self, tenant: str) -> list[Unit]:
        """Every unit that the district has or had; `grids_at` and `open_at` tell how it was at any moment."""
        return self.units.find({"tenant": tenant})

    def tied_within(self, area: str) -> list[Unit]:
        """The units that serve or have served a grid whose code begins so."""
        return self.units.find({"ties.grid_code": {"$gte": area, "$lt": f"{area}:"}})

    def codes_taken(self, codes: Iterable[str], tenant: str) -> set[str]:
        """Those of the credit codes that a unit of the district has which is open."""
        query = {"tenant": tenant, "credit_code": {"$in": sorted(codes), "$gt": ""}, "active": True}
        return {each["credit_code"] for each in self._collection.find(query, {"credit_code": True, "_id": False})}

    def page(
        self, scopes: Iterable[str], filters: Mapping[str, Any], after: AFTER | None, limit: int
    ) -> list[Kept[Unit]]:
        """The first units of these areas that the filters let through, by name, after the position."""
        query: Document = {
            "areas": {"$in": list(scopes)},
            **({"unit_type": filters["unit_type"]} if "unit_type" in filters else {}),
            "active": filters.get("active", True),
            **following("name", 1, after),
        }
        if "name" in filters:
            query["$and"] = [{"name": {"$regex": re.escape(filters["name"])}}]
        return self.records.find(query, BY_NAME, limit)

    def with_ties_to(self, codes: Iterable[str], tenant: str) -> list[Kept[Unit]]:
        """The units of the district that serve or have served one of these grids."""
        return self.records.find({"tenant": tenant, "ties.grid_code": {"$in": sorted(codes)}})

    def turning(self, now: datetime, limit: int) -> list[Kept[Unit]]:
        """Units that a moment has changed which has come: a tie has begun or ended, or the unit has closed."""
        return self.records.find({"turns_at": {"$gt": ALWAYS, "$lte": now}}, [("turns_at", ASCENDING)], limit)


def _missing() -> Refusal:
    return Refusal("unit_not_found")
