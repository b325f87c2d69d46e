"""Documents that stand one after the other, each at its position; what stands in them is their store's."""

from collections.abc import Collection, Mapping, Sequence
from threading import Lock
from typing import Any

from pymongo import DESCENDING
from pymongo.collection import Collection as Documents
from pymongo.errors import BulkWriteError

from notify.duplicates import require_duplicates

Document = dict[str, Any]


class Gapless:
    """A collection whose `_id` is the position, gap-free; by the field `key`, unique, what comes again is known."""

    def __init__(self, documents: Documents[Document], key: str) -> None:
        self._documents, self._key = documents, key
        self._last: int | None = None
        self._turn = Lock()  # two of one process would only take each other's positions

    def append(self, rows: Sequence[Mapping[str, Any]]) -> list[int]:
        """The position of each row, which it has from now on or had before.

        A position is `last + 1` by unique insert: two writers cannot share or skip one, a duplicate uses none.
        """
        known: dict[str, int] = {}
        with self._turn:
            while fresh := {row[self._key]: row for row in rows if row[self._key] not in known}:
                known |= self._written(fresh)
        return [known[row[self._key]] for row in rows]

    def positions(self, keys: Collection[str]) -> dict[str, int]:
        """Where these stand, as far as they are still kept."""
        found = self._documents.find({self._key: {"$in": list(keys)}}, {self._key: True})
        return {each[self._key]: each["_id"] for each in found}

    def last(self) -> int:
        """The highest position so far, 0 when there is none."""
        last: Document | None = self._documents.find_one({}, {"_id": True}, sort=[("_id", DESCENDING)])
        return int(last["_id"]) if last else 0

    def _written(self, fresh: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
        if self._last is None:
            self._last = self.last()
        first = self._last + 1
        try:
            self._documents.insert_many([{"_id": n, **row} for n, row in enumerate(fresh.values(), first)])
        except BulkWriteError as error:
            require_duplicates(error)
            self._last = None
            return self.positions(list(fresh))  # also those of this lot that were in before the duplicate
        self._last = first + len(fresh) - 1
        return {key: n for n, key in enumerate(fresh, first)}
