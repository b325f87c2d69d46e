"""The teams of an agency's service days, as they are entered; since when they go round (docs/domain.md, F45)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from chassis.errors import Refusal
from chassis.fault import Fault, check
from members.rotation.turn import Team

ENTERED = "rotation.teams_entered"

MOST_TEAMS = 100


@dataclass(frozen=True)
class Crew:
    """The teams that go round in an area (9 digits); the first day on which anybody can have waited is `since`."""

    area: str
    since: date
    teams: tuple[Team, ...] = ()

    @property
    def id(self) -> str:
        """One crew for an area."""
        return self.area


def entered(before: Crew, rows: Sequence[Mapping[str, Any]], new_ids: Iterable[str]) -> Crew:
    """The crew as it is entered now; refuses `unknown_team` and `team_named_twice` at once, and `nothing_changed`."""
    check(_faults(before, rows))
    ids = iter(new_ids)
    teams = tuple(Team(row.get("team_id") or next(ids), row["name"], row["people"]) for row in rows)
    if teams == before.teams:
        raise Refusal("nothing_changed")
    return replace(before, teams=teams)


def _faults(before: Crew, rows: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    known, names, ids = {team.id for team in before.teams}, set[str](), set[str]()
    for n, row in enumerate(rows):
        id = row.get("team_id")
        if id is not None and (id not in known or id in ids):
            yield Fault(f"/teams/{n}/team_id", "unknown_team", {"team_id": id})
        if row["name"] in names:
            yield Fault(f"/teams/{n}/name", "team_named_twice", {"name": row["name"]})
        names.add(row["name"])
        ids |= {id} if id else set()


def shown(crew: Crew) -> dict[str, Any]:
    """The crew as it is answered."""
    return {
        "area": crew.area,
        "since": crew.since.isoformat(),
        "teams": [{"team_id": team.id, "name": team.name, "people": team.people} for team in crew.teams],
    }
