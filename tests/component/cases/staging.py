"""What stands in for members, and the territory of the demo."""

import json
from pathlib import Path
from typing import Any

from cases.place import Grid
from chassis.errors import Refusal
from tests.unit.cases.play import KNOWN

GRIDS = Path(__file__).parents[3] / "services" / "members" / "data" / "grids.geojson"


class MembersDouble:
    """Answers as members does, from what the rules' tests know of people and units."""

    def __init__(self) -> None:
        self.candidates_asked: list[dict[str, Any]] = []
        self.ranked = ["p-electrician"]
        self.words: dict[str, str] = {}
        self.pages: dict[str, dict[str, Any]] = {}

    def assignees(self, *, ids: list[str], tenant: str) -> list[dict[str, Any]]:
        if missing := [id for id in ids if id not in KNOWN]:
            raise Refusal("unknown_assignee", ids=missing)
        return [_row(id) for id in ids]

    def service_day(self, *, caller: dict[str, Any], activity_id: str) -> dict[str, Any]:
        if caller["id"] != "p-worker":
            raise Refusal("not_permitted")
        return {"activity_id": activity_id, "begun": True, "compound_ids": ["c-dongyuan"]}

    def candidates(self, **query: Any) -> list[dict[str, Any]]:
        self.candidates_asked.append(query)
        left = [id for id in self.ranked if id not in query["exclude"]]
        reasons = [{"code": "same_grid", "zh": "住在本网格", "en": "lives in the same grid"}]
        parts = {"skill": 20.0, "place": 30.0, "distance": 8.0, "free": 32.0, "load": 0.0}
        return [
            {"person_id": id, "kind": "in_service_member", "score": 90.0, "parts": parts, "reasons": reasons}
            for id in left
        ][: query["limit"]]

    def places(self, *, after: str, limit: int) -> dict[str, Any]:
        return self.pages[after]

    def need_words(self, *, need_id: str, tenant: str) -> dict[str, str]:
        if need_id not in self.words:
            raise Refusal("need_not_found")
        return {"text": self.words[need_id]}

    def names(self, *, ids: list[str], tenant: str) -> list[dict[str, Any]]:
        return [{"id": id, "name_masked": f"{id[2]}**"} for id in ids]

    def contacts(self, *, ids: list[str], tenant: str) -> list[dict[str, Any]]:
        return [{"id": id, "name_masked": "谢先生", "phone": "12000000001"} for id in ids]


def _row(id: str) -> dict[str, Any]:
    known = KNOWN[id]
    return {
        "id": id,
        "kind": known.kind,
        "roles": sorted(known.roles),
        "unit_id": known.unit_id,
        "certificates": sorted(known.certificates),
        "active": known.active,
        "grid_codes": list(known.grid_codes),
    }


def demo_grids() -> list[Grid]:
    rows = json.loads(GRIDS.read_text(encoding="utf-8"))["features"]
    return [_grid(row) for row in rows]


def _grid(row: dict[str, Any]) -> Grid:
    told = row["properties"]
    ring = tuple((lon, lat) for lon, lat in row["geometry"]["coordinates"][0])
    return Grid(told["grid_code"], told["name"], told["community"], told.get("level", "SERVICE"), ring)
