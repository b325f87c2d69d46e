"""What a service day over has brought: which compounds were visited, and by which team (docs/domain.md §4, H8)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from chassis.errors import Refusal
from chassis.fault import Fault, check
from members.rotation.turn import Turn

RECORDED = "service_day.recorded"


@dataclass(frozen=True)
class Visit:
    """One compound that was visited, the team if it is known, and the open hygiene cases that it was for (F51)."""

    compound_id: str
    team_id: str | None = None
    case_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class DayServed:
    """What the organiser recorded of a service day; `id` is that of the activity."""

    id: str
    area: str
    day: date
    visits: tuple[Visit, ...] = ()


def recorded(
    before: DayServed,
    rows: Sequence[Mapping[str, Any]],
    there: frozenset[str],
    teams: frozenset[str],
    planned: Mapping[str, Turn],
) -> DayServed:
    """The day as it is recorded now; where no team is named, the planned one came, for the cases of the plan.

    Refuses `unknown_compound`, `unknown_team` and `compound_named_twice` all at once, and `nothing_changed`.
    """
    check(_faults(rows, there, teams))
    visits = (_visit(row, planned.get(row["compound_id"])) for row in rows)
    after = replace(before, visits=tuple(sorted(visits, key=lambda each: each.compound_id)))
    if after == before:
        raise Refusal("nothing_changed")
    return after


def _visit(row: Mapping[str, Any], turn: Turn | None) -> Visit:
    team, cases = (turn.team_id, turn.case_ids) if turn else (None, ())
    return Visit(row["compound_id"], row.get("team_id") or team, cases)


def _faults(rows: Iterable[Mapping[str, Any]], there: frozenset[str], teams: frozenset[str]) -> Iterator[Fault]:
    seen = set[str]()
    for n, row in enumerate(rows):
        id, team = row["compound_id"], row.get("team_id")
        if id not in there:
            yield Fault(f"/visits/{n}/compound_id", "unknown_compound", {"compound_id": id})
        if id in seen:
            yield Fault(f"/visits/{n}/compound_id", "compound_named_twice", {"compound_id": id})
        if team is not None and team not in teams:
            yield Fault(f"/visits/{n}/team_id", "unknown_team", {"team_id": team})
        seen.add(id)


def shown(found: DayServed) -> dict[str, Any]:
    """The day as it is answered."""
    visits = [{**vars(each), "case_ids": list(each.case_ids)} for each in found.visits]
    return {"activity_id": found.id, "area": found.area, "day": found.day.isoformat(), "visits": visits}
