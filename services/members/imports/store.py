"""Imports in the database: by which command each came, so that a repetition finds it."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from pymongo import IndexModel

from chassis.errors import Refusal
from chassis.mongo import Home
from chassis.outbox import Document
from chassis.records import COMMANDS, Records
from members.imports.batch import Import


class ImportStore:
    """Keeps that something was imported, and how much; nobody outside hears of it."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {"imports": [COMMANDS]}

    def __init__(self, home: Home) -> None:
        outbox = home.outbox("imports", subject="import", published=())
        self.records: Records[Import] = Records(outbox, _written, _read, lambda: Refusal("import_not_found"))


def _written(kept: Import) -> Document:
    return {"_id": kept.id, "tenant": kept.tenant, "register": kept.register, "lines": kept.lines}


def _read(found: Mapping[str, Any]) -> Import:
    return Import(found["_id"], found["tenant"], found["register"], found["lines"])
