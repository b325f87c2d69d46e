"""What grids, compounds, units, areas and categories are called: a read copy of what others say in their events."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, ClassVar

from pymongo import IndexModel

from chassis.mongo import Home
from chassis.newest import keep_newest


class NameStore:
    """One document for each code; `sequence` keeps an older event from undoing a newer one."""

    INDEXES: ClassVar[Mapping[str, list[IndexModel]]] = {}

    def __init__(self, home: Home) -> None:
        self._names = home.collection("names")

    def learn(self, code: str, name: str, sequence: int) -> None:
        """Keep the name unless a later event has already been seen."""
        keep_newest(self._names, code, sequence, {"name": name})

    def learn_from(self, code: str, name: str, number: int, first: date) -> None:
        """Keep the name that the version of this number gives from that day on; versions never change."""
        named = {"name": name, "from": first.isoformat()}
        self._names.update_one({"_id": code}, {"$set": {f"versions.{number}": named}}, upsert=True)

    def any_within(self, prefix: str) -> bool:
        """Whether anything is known whose code begins so."""
        return self._names.find_one({"_id": {"$gte": prefix, "$lt": prefix + "\uffff"}}, {"_id": True}) is not None

    def of(self, codes: Iterable[str], today: date = date.max) -> dict[str, str]:
        """The names of those codes that are known, as they hold on that day (docs/domain.md §6.1)."""
        wanted = list(codes)
        if not wanted:
            return {}
        known = {each["_id"]: _name(each, today) for each in self._names.find({"_id": {"$in": wanted}})}
        return {code: name for code, name in known.items() if name is not None}


def _name(kept: Mapping[str, Any], today: date) -> str | None:
    """The one name, or that of the version that began last; of several that began on one day the one entered last."""
    versions = kept.get("versions")
    if versions is None:
        return str(kept["name"])
    begun = [(each["from"], int(number)) for number, each in versions.items() if each["from"] <= today.isoformat()]
    return str(versions[str(max(begun)[1])]["name"]) if begun else None
