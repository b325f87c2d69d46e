"""Notices in plain nameko: each event of a case inserts one."""

from typing import Any

from nameko.events import event_handler
from pymongo.database import Database

from bench.stock.database import MongoDatabase


class NotifyService:
    """Keeps a notice of everything that happens to a case."""

    name = "notify"

    database: Database[dict[str, Any]] = MongoDatabase()

    @event_handler("cases", "case_opened")  # type: ignore[untyped-decorator]  # nameko is untyped
    def handle_case_opened(self, payload: dict[str, Any]) -> None:
        """A notice of a new case."""
        self._keep("opened", payload)

    @event_handler("cases", "case_noted")  # type: ignore[untyped-decorator]  # nameko is untyped
    def handle_case_noted(self, payload: dict[str, Any]) -> None:
        """A notice of a note."""
        self._keep("noted", payload)

    def _keep(self, template: str, payload: dict[str, Any]) -> None:
        notice = {"template": template, "case_id": payload["case_id"], "version": payload["version"]}
        self.database.notices.insert_one(notice)
