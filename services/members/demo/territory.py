"""The grids of the demo district, read from the map file beside it (docs/domain.md §8.1)."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from members.grid import Grid, Level

MAP = Path(__file__).parent.parent / "data" / "grids.geojson"
OPENED = datetime(2025, 6, 30, 16, tzinfo=UTC)
"""Midnight of 2025-07-01 in Asia/Shanghai, the first day of the demo period."""


def service_grids() -> list[Grid]:
    """The 18 service grids, in the order of the map."""
    features = json.loads(MAP.read_text(encoding="utf-8"))["features"]
    return [_grid(feature) for feature in features]


def _grid(feature: Mapping[str, Any]) -> Grid:
    facts = feature["properties"]
    return Grid(
        code=facts["grid_code"],
        name=facts["name"],
        community=facts["community"],
        level=Level(facts["level"]),
        ring=tuple((lon, lat) for lon, lat in feature["geometry"]["coordinates"][0]),
        opened=OPENED,
        population=facts["population"],
    )
