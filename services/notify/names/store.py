"""What grids, compounds, units and areas are called: a read copy of what members says in its events."""

from collections.abc import Iterable, Mapping
from typing import ClassVar

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

    def any_within(self, prefix: str) -> bool:
        """Whether anything is known whose code begins so."""
        return self._names.find_one({"_id": {"$gte": prefix, "$lt": prefix + "\uffff"}}, {"_id": True}) is not None

    def of(self, codes: Iterable[str]) -> dict[str, str]:
        """The names of those codes that are known."""
        wanted = list(codes)
        if not wanted:
            return {}
        return {each["_id"]: each["name"] for each in self._names.find({"_id": {"$in": wanted}})}
