"""Says who is responsible and how people are reached, for synthetic people named `p-<last digits of the phone>`."""

import json
import os
from pathlib import Path
from typing import Any

from chassis.rpc import rpc
from chassis.service import Service

CALLED = [f"p-{n}" for n in range(1_000, 4_000)]
"""Whom each call is for."""

HOLDER = {"grants": [{"role": "unit_contact", "scope": "360704100002"}], "unit": "u-lighting"}
"""Who everybody is, unless the test says otherwise."""


class MembersService(Service):
    name = "members"

    @rpc
    def endings(self, within: int, after: str = "") -> dict[str, Any]:
        """Nobody signs out here."""
        return {"items": [], "next": None}

    @rpc
    def responsible(self, grid_code: str, not_of: str | None = None) -> dict[str, list[str]]:
        return {"grid_workers": ["p-0100"], "dispatchers": ["p-0200"], "office": ["p-0200"]}

    @rpc
    def holders(self, ids: list[str]) -> list[dict[str, Any]]:
        file = Path(os.environ["HOLDERS_FILE"])
        return json.loads(file.read_text("utf-8")) if file.exists() else [HOLDER | {"id": id} for id in ids]

    @rpc
    def called_people(self, call_id: str, after: str = "", limit: int = 500) -> dict[str, Any]:
        page = [id for id in CALLED if id > after][:limit]
        return {"items": page, "next": page[-1] if len(page) == limit else None}

    @rpc
    def call_answers(self, call_id: str, ids: list[str]) -> dict[str, list[str]]:
        return {"answered": []}

    @rpc
    def contacts(self, ids: list[str]) -> list[dict[str, Any]]:
        return [
            {
                "id": id,
                "unit_id": None,
                "name_masked": "测**",
                "phone": f"1200000{id.removeprefix('p-')}",
                "language": "zh-CN",
                "channels": ["console"],
            }
            for id in ids
        ]
