"""Events, callers and a stand-in for the members service, as the tests of this folder need them."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from chassis.event import Event
from chassis.ids import new_id

NOW = datetime(2026, 3, 12, 11, 40, tzinfo=UTC)
GRID = "360704100002001"


class MembersStandIn:
    """Answers what members would: staff of a grid, and contacts of people, synthetic ones."""

    def __init__(self) -> None:
        self.staff: dict[str, list[str]] = {
            "grid_workers": ["p-grid"],
            "dispatchers": ["p-desk"],
            "office": ["p-desk"],
        }
        self.people: dict[str, dict[str, Any]] = {
            "p-xie": person("p-xie", "12000000001"),
            "p-worker": person("p-worker", "12000000002", language="en"),
            "p-quiet": person("p-quiet", "12000000003", channels=["app"]),
            "p-lamp": person("p-lamp", "12000000004", unit_id="u-lighting", scopes=["360704100"]),
        }
        self.holding: list[dict[str, Any]] = [PARTNER]
        self.post_held: dict[str, list[str]] = {}
        self.former: dict[str, list[str]] = {}
        self.called: list[str] = []
        self.answered: set[str] = set()
        self.pages: dict[str, dict[str, Any]] = {}
        self.asked: list[tuple[str, Any]] = []

    def responsible(self, grid_code: str, not_of: str | None = None) -> dict[str, list[str]]:
        self.asked.append(("responsible", grid_code if not_of is None else (grid_code, not_of)))
        return self.staff

    def contacts(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        self.asked.append(("contacts", list(ids)))
        asked = [
            (each, {*each["ids"]} & {*ids} or ({each["id"]} if each["unit_id"] in ids else ()))
            for each in self.people.values()
        ]
        return [{**each, "id": id} for each, found in asked for id in sorted(found)]

    def holders(self, ids: Sequence[str]) -> list[dict[str, Any]]:
        self.asked.append(("holders", list(ids)))
        return [each for each in self.holding if {each["id"], each["unit"], *each.get("former", ())} & set(ids)]

    def known_as(self, person_id: str) -> dict[str, Any]:
        self.asked.append(("known_as", person_id))
        return {"ids": self.former.get(person_id, [person_id])}

    def post_holders(self, on: str, after: str, limit: int) -> dict[str, Any]:
        self.asked.append(("post_holders", (on, after)))
        page = [id for id in sorted(self.post_held) if id > after][:limit]
        units = {id: self.people[id]["unit_id"] for id in page}
        items = [{"person_id": id, "unit_id": units[id], "grids": self.post_held[id]} for id in page]
        return {"items": items, "next": page[-1] if len(page) == limit else None}

    def called_people(self, call_id: str, after: str = "", limit: int = 500) -> dict[str, Any]:
        self.asked.append(("called_people", after))
        page = [id for id in sorted(self.called) if id > after][:limit]
        return {"items": page, "next": page[-1] if len(page) == limit else None}

    def call_answers(self, call_id: str, ids: Sequence[str]) -> dict[str, Any]:
        self.asked.append(("call_answers", list(ids)))
        return {"answered": sorted(self.answered & set(ids))}

    def places(self, after: str, limit: int) -> dict[str, Any]:
        return self.pages[after]


def person(id: str, phone: str | None, **more: Any) -> dict[str, Any]:
    plain = {"id": id, "tenant": "360704", "unit_id": None, "name_masked": "测**", "phone": phone, "language": "zh-CN"}
    return {**plain, "ids": [id], "channels": ["app", "console"], **more}


def event(type: str, *, case: str = "c-1", sequence: int = 1, id: str | None = None, **data: Any) -> Event:
    whole = {
        "case_id": case,
        "number": f"GX-{case}",
        "version": sequence,
        "category": "0101",
        "severity": "N",
        "grid_code": GRID,
        "compound_id": "c-dongyuan",
        "reporter_id": "p-xie",
        "assignees": [],
        "by": {"id": "p-desk", "role": "dispatcher"},
        "resolve_due": "2026-03-17T10:00:00Z",
        "restricted": False,
        "complained_unit_id": None,
        **data,
    }
    return Event(
        id=id or new_id(),
        type=type,
        source="/services/cases",
        subject=f"case/{case}",
        sequence=sequence,
        time=NOW,
        correlation_id=None,
        data=whole,
        body=json.dumps(whole, ensure_ascii=False).encode(),
        key=f"{GRID}.0101",
    )


def caller(id: str, role: str = "resident", scope: str = "360704", unit: str | None = None) -> dict[str, Any]:
    return {"id": id, "grants": [{"role": role, "scope": scope}], "unit": unit}


PARTNER = caller("p-lamp", "unit_contact", "360704100002", unit="u-lighting")
