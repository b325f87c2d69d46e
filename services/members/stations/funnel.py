"""From served to serving: of those who used stations in a quarter, how many served later in it (F13)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from members.disclosure import Counts, Crowd, around, is_told
from members.registrations.rate import percent

FEWEST = 10
"""Fewer people than this are not told of, zero included, as of the force: a small number points at persons."""


@dataclass(frozen=True)
class Visitor:
    """Somebody who used stations in a quarter: since which day, and in which communities."""

    day: date
    communities: frozenset[str]


def once_each(rows: Iterable[tuple[str, str, date]], whole: Mapping[str, Iterable[str]]) -> dict[str, Visitor]:
    """Each person with the first day, of rows of id, community and day; `whole` names every id of a person."""
    person = {id: now for now, ids in whole.items() for id in ids}
    found: dict[str, Visitor] = {}
    for id, community, day in rows:
        now = person.get(id, id)
        known = found.get(now, Visitor(day, frozenset()))
        found[now] = Visitor(min(day, known.day), known.communities | {community})
    return found


def counted(visitors: Mapping[str, Visitor], last_served: Mapping[str, date], reach: str, area: str) -> dict[str, Any]:
    """`{used, served, rate}` of the people of an area, each once, for somebody who may ask for all areas of `reach`.

    Whose last service is of a day after the first use served later; the rate is in per cent, None where nobody used a
    station.
    What points at a few, or tells of them by subtracting, is None.
    """
    later = {id: last_served.get(id, date.min) > one.day for id, one in visitors.items()}
    here = [id for id, one in visitors.items() if area in around(one.communities)]
    used, came = len(here), sum(later[id] for id in here)
    told_used = is_told(_crowds(visitors, dict.fromkeys(visitors, (1,))), reach, area, FEWEST)
    sides = {id: (int(late), int(not late)) for id, late in later.items()}
    told = told_used and is_told(_crowds(visitors, sides), reach, area, FEWEST)
    return {
        "used": used if told_used else None,
        "served": came if told else None,
        "rate": percent(came, used) if told else None,
    }


def _crowds(visitors: Mapping[str, Visitor], sides: Mapping[str, Counts]) -> list[Crowd]:
    return [Crowd(around(one.communities), sides[id]) for id, one in visitors.items()]
