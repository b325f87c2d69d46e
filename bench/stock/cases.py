"""Cases in plain nameko: a request inserts or updates a document, then an event is dispatched."""

from typing import Any
from uuid import uuid4

from nameko.events import EventDispatcher
from nameko.rpc import rpc
from pymongo import ReturnDocument
from pymongo.database import Database

from bench.stock.database import MongoDatabase


class CasesService:
    """Opens cases and takes notes on them."""

    name = "cases"

    database: Database[dict[str, Any]] = MongoDatabase()
    dispatch = EventDispatcher()

    @rpc  # type: ignore[untyped-decorator]  # nameko is untyped
    def open_case(self, text: str) -> dict[str, Any]:
        """A new case."""
        case: dict[str, Any] = {"_id": uuid4().hex, "text": text, "version": 1, "notes": []}
        self.database.cases.insert_one(case)
        self.dispatch("case_opened", {"case_id": case["_id"], "version": 1})
        return {"case_id": case["_id"], "version": 1}

    @rpc  # type: ignore[untyped-decorator]  # nameko is untyped
    def note(self, case_id: str, text: str) -> dict[str, Any]:
        """The case with one more note."""
        case = self.database.cases.find_one_and_update(
            {"_id": case_id},
            {"$inc": {"version": 1}, "$push": {"notes": text}},
            return_document=ReturnDocument.AFTER,
        )
        if case is None:
            raise LookupError("no-such-case")
        self.dispatch("case_noted", {"case_id": case_id, "version": case["version"]})
        return {"case_id": case_id, "version": case["version"]}
