"""Counts stored cases for the indicators as the service would have, many at once and without its transactions."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import bson
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo.database import Database

from bench.stage import Document
from cases.indicators.counter import Key, counted
from cases.indicators.documents import tally_of
from cases.indicators.store import LINES, IndicatorStore
from cases.store import case_document
from cases.tally import Count, Open
from chassis.mongo import Home

AWARE: CodecOptions[dict[str, Any]] = CodecOptions(tz_aware=True)
AT_ONCE = 2_000
"""Counters in a transaction, which does not live long."""


class Counted:
    """The lines of cases as they come, and their counters, kept with `finish`."""

    def __init__(self, database: Database[Document]) -> None:
        self._database, self._store = database, IndicatorStore(Home(database))
        self._sums: dict[Key, Counter[Count | Open]] = {}

    def add(self, documents: Iterable[RawBSONDocument]) -> None:
        """Count these cases."""
        lines = list(self._store.lines_of([case_document.read(_read(each)) for each in documents]).values())
        self._database[LINES].insert_many(lines, ordered=False)
        for line in lines:
            for key, counts in counted(tally_of(line)).items():
                self._sums.setdefault(key, Counter()).update(counts)

    def finish(self) -> None:
        """Keep the counters."""
        keys = sorted(self._sums, key=lambda each: each.id)
        for start in range(0, len(keys), AT_ONCE):
            with self._store.transaction() as session:
                self._store.add({key: self._sums[key] for key in keys[start : start + AT_ONCE]}, session)


def _read(document: RawBSONDocument) -> Document:
    read: Document = bson.decode(document.raw, AWARE)
    return read
