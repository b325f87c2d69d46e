"""The force in the database: people counted by their capacities at a moment, and units by kind."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pymongo import IndexModel

from chassis.mongo import Home
from chassis.outbox import Document
from members.area import DISTRICT_DIGITS, SCOPE_LENGTHS, tenant_of
from members.disclosure import around
from members.force.tally import ROLES, TAGS, Group


class ForceStore:
    """Counts, and reads nobody."""

    INDEXES: Mapping[str, Sequence[IndexModel]] = {}
    """None of its own: those of the people and the units are used."""

    def __init__(self, home: Home) -> None:
        self._people, self._units = home.collection("people"), home.collection("units")

    def groups(self, whole: str, area: str, at: datetime) -> list[Group]:
        """The people of the whole at that moment by their capacities and by the areas on the way to `area` within it.

        These are districts, and the parts of whatever holds `area` and lies in one district. Whoever has withdrawn the
        consent to show an identity is not counted by it, at an earlier moment neither.
        """
        held: list[Document] = [
            {"$match": {**_in(whole), "merged_into": None, "$or": [{"active": True}, {"left_at": {"$gt": at}}]}},
            {"$project": {"areas": _on_the_way(whole, area), "capacities": {"$setUnion": [_roles(at), _tags(at)]}}},
            {"$match": {"capacities": {"$ne": []}}},
            {"$group": {"_id": {"areas": "$areas", "capacities": "$capacities"}, "people": {"$sum": 1}}},
        ]
        return [
            Group(around([whole, *row["_id"]["areas"]]), frozenset(row["_id"]["capacities"]), row["people"])
            for row in self._people.aggregate(held)
        ]

    def units(self, area: str) -> dict[str, int]:
        """How many active units of each kind serve the area now."""
        grids = {"grid_codes": {"$regex": f"^{area}"}, "active": True}
        whose = {"tenant": tenant_of(area)} if len(area) >= DISTRICT_DIGITS else {}
        counting: list[Document] = [
            {"$match": {**grids, **whose}},
            {"$group": {"_id": "$unit_type", "units": {"$sum": 1}}},
            {"$sort": {"_id": 1}},
        ]
        return {row["_id"]: row["units"] for row in self._units.aggregate(counting)}


def _in(area: str) -> Document:
    return {"areas": area} if len(area) >= DISTRICT_DIGITS else {"areas": {"$regex": f"^{area}"}}


def _on_the_way(whole: str, area: str) -> Document:
    above = [area[:digits] for digits in SCOPE_LENGTHS if len(whole) <= digits < len(area)]
    codes = "|".join([rf"\d{{{DISTRICT_DIGITS}}}", *(rf"{code}\d{{3}}" for code in above)])
    return {
        "$filter": {
            "input": "$areas",
            "as": "code",
            "cond": {"$regexMatch": {"input": "$$code", "regex": f"^({codes})$"}},
        }
    }


def _roles(at: datetime) -> Any:
    ends = {"$ifNull": ["$$each.until", None]}
    stands = {"$or": [{"$eq": [ends, None]}, {"$gt": [ends, at]}]}
    held = {"$and": [{"$in": ["$$each.role", list(ROLES)]}, {"$lte": ["$$each.since", at]}, stands]}
    return _named("$tenures", held, "$$each.role")


def _tags(at: datetime) -> Any:
    withdrawn = {"$ifNull": ["$$each.revoked_at", None]}
    agreed = {"$and": [{"$eq": [withdrawn, None]}, {"$lte": ["$$each.consented_at", at]}]}
    return _named("$tags", {"$and": [{"$in": ["$$each.kind", list(TAGS)]}, agreed]}, "$$each.kind")


def _named(rows: str, which: Document, name: str) -> Document:
    kept = {"$filter": {"input": rows, "as": "each", "cond": which}}
    return {"$map": {"input": kept, "as": "each", "in": name}}
