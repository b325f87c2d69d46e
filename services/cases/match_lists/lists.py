"""The board of an area: which list, which lines of it, and how many stand where."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from cases.assignment import UNIT
from cases.match_lists import demand, project, resource

ItemStatus = type[demand.Status] | type[resource.Status] | type[project.Status]


class List(StrEnum):
    """A list of the board (docs/domain.md §2.1, form B)."""

    DEMAND = "demand"
    RESOURCE = "resource"
    PROJECT = "project"


STATUSES: Mapping[List, ItemStatus] = {
    List.DEMAND: demand.Status,
    List.RESOURCE: resource.Status,
    List.PROJECT: project.Status,
}

FILTERS: Mapping[List, frozenset[str]] = {
    List.DEMAND: frozenset({"status", "category", "compound_id", "skill", "tag", "source", "source_id"}),
    List.RESOURCE: frozenset({"status", "category", "skill", "kind", "owner_id"}),
    List.PROJECT: frozenset({"status"}),
}
"""By what the lines of each list can be chosen."""

Sums = dict[str, dict[str, int]]
"""For each list and status how many."""


@dataclass(frozen=True)
class Count:
    """How many lines of a list have a status in one part of an area."""

    list: List
    area: str
    status: str
    number: int


@dataclass(frozen=True)
class Wanted:
    """What a page is to hold: lines of one list, of an area or of somebody's own."""

    list: List
    tenants: tuple[str, ...]
    area: str | None = None
    own: tuple[str, ...] | None = None
    filters: Mapping[str, Any] = field(default_factory=dict)


def misplaced(list_: List, filters: Mapping[str, Any]) -> list[dict[str, str]]:
    """The faults of filters that the list does not know, or whose status it has not."""
    faults = [
        {"pointer": f"/filters/{name}", "detail": "This list has no such filter."}
        for name in sorted(set(filters) - FILTERS[list_])
    ]
    status = filters.get("status")
    if status is not None and status not in {each.value for each in STATUSES[list_]}:
        faults.append({"pointer": "/filters/status", "detail": "This list has no such status."})
    return faults


def disclosed(filters: Mapping[str, Any], *, named: bool) -> dict[str, Any]:
    """The filters for whoever is told who offers a resource, or else is only told which unit does."""
    hidden = "owner_id" in filters and not named
    return {**filters, **({"owner_kind": UNIT} if hidden else {})}


def totals(counts: Iterable[Count]) -> Sums:
    """The sums of everything that was counted, with a number for each status that there is."""
    found: Sums = {name.value: {each.value: 0 for each in STATUSES[name]} for name in List}
    for count in counts:
        found[count.list.value][count.status] += count.number
    return found


def parts(counts: Iterable[Count]) -> list[dict[str, Any]]:
    """The sums part by part, by their codes; what spans several parts stands under the area itself."""
    by_area: dict[str, list[Count]] = {}
    for count in counts:
        by_area.setdefault(count.area, []).append(count)
    return [{"area": area, **totals(by_area[area])} for area in sorted(by_area)]
