"""What a partner asked for and may have, judged by what the database of cases holds; nothing of notify is used."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

EVERYTHING = "case.*"
REGISTERING = "case.registered"


@dataclass(frozen=True)
class Wish:
    """The filters of one subscription; `unit` is the one that its owner speaks for, which no filter takes away."""

    types: tuple[str, ...] = (EVERYTHING,)
    grid_prefix: str = ""
    categories: tuple[str, ...] = ()
    participant: str | None = None
    unit: str | None = None

    def asked(self) -> dict[str, Any]:
        """The same as a request says it."""
        filters = {
            "types": list(self.types),
            "grid_prefix": self.grid_prefix,
            "categories": list(self.categories),
            "participant_id": self.participant,
        }
        return {name: value for name, value in filters.items() if value}


@dataclass(frozen=True)
class Happened:
    """One entry of the history of a case; `registered` says whether the case was, by then."""

    event: str
    type: str
    data: Mapping[str, Any]
    registered: bool


def happened(history: Iterable[Mapping[str, Any]]) -> Iterator[Happened]:
    """The events of one case, from its history."""
    registered = False
    for entry in history:
        registered = registered or entry["type"] == REGISTERING
        yield Happened(entry["id"], entry["type"], entry["data"], registered)


def may_have(wish: Wish, event: Happened) -> bool:
    """Whether the event is inside the filters and the scope of the one who wishes (docs/domain.md §5)."""
    data = event.data
    return (
        not data["restricted"]
        and (wish.unit is None or (event.registered and data["complained_unit_id"] != wish.unit))
        and (EVERYTHING in wish.types or event.type in wish.types)
        and data["grid_code"].startswith(wish.grid_prefix)
        and (not wish.categories or (data["category"] or "").startswith(wish.categories))
        and (wish.participant is None or wish.participant in _units(data))
    )


def _units(data: Mapping[str, Any]) -> set[str]:
    return {one["id"] for one in data["assignees"] if one["kind"] == "unit"}
