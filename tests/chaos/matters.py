"""What the load reports, and where: chosen by the command's key and the case, so that it is the same when repeated."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dev.lamp import COMPOUND
from tests.e2e.cast import ACCOUNTS

LIGHTING, SANITATION = "u-lighting-office", "u-sanitation"
REPORTER, WORKER = ACCOUNTS["resident"]["person_id"], ACCOUNTS["worker"]["person_id"]

HERE, ELSEWHERE = "360704100002", "360704100007"
PLACES: Sequence[Mapping[str, float]] = (COMPOUND, {"lon": 115.0062, "lat": 25.8601})
"""In 高新 and in 广场, whose grids begin with HERE and ELSEWHERE (docs/domain.md §8.1)."""


@dataclass(frozen=True)
class Matter:
    """What a case turns out to be: its category, which unit it is given to, and which one it is about."""

    category: str
    unit: str | None = None
    complained_unit: str | None = None


MATTERS = (
    Matter("0101", unit=LIGHTING),
    Matter("0303", unit=LIGHTING),
    Matter("0306", unit=SANITATION),
    Matter("0108"),
    Matter("0305", unit=SANITATION, complained_unit=LIGHTING),
    Matter("0701", unit=LIGHTING),
)
"""For the unit that follows cases, for another one, for none; a complaint about it, and a restricted category."""


def body(kind: str, case: str | None, key: str) -> dict[str, Any]:
    """What the command of this kind says."""
    matter = MATTERS[_chosen(case or "", len(MATTERS))]
    match kind:
        case "report":
            return {"text": "路灯不亮", "location": PLACES[_chosen(key, len(PLACES))]}
        case "register":
            about = {"complained_unit_id": matter.complained_unit} if matter.complained_unit else {}
            return {"category": matter.category, **about}
        case "dispatch":
            team = [WORKER, *([matter.unit] if matter.unit else [])]
            return {"assignees": team, "lead": WORKER}
        case _:
            return {"text": "已联系"}


def _chosen(text: str, number: int) -> int:
    return zlib.crc32(text.encode()) % number
