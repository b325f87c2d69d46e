"""How long each compound has waited for a service day, told from the days that were held (docs/domain.md, F45, F48)."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from members.rotation.turn import Waiting


@dataclass(frozen=True)
class Site:
    """A compound that is there, since which day it has been waited for, and its open hygiene cases by severity."""

    id: str
    since: date
    needs: Mapping[str, str]


@dataclass(frozen=True)
class Seen:
    """A visit: which compound, on which day, by which team."""

    compound_id: str
    day: date
    team_id: str | None = None


def waiting(
    sites: Iterable[Site], seen: Iterable[Seen], displaced: Iterable[Seen], held: Sequence[date], day: date
) -> list[Waiting]:
    """The compounds before the service day `day`.

    `held` are the service days before it, in order; `displaced` says on which day somebody gave way.
    """
    visits: dict[str, list[Seen]] = {}
    for each in sorted(seen, key=lambda one: one.day):
        visits.setdefault(each.compound_id, []).append(each)
    gave_way: dict[str, date] = {}
    for each in displaced:
        gave_way[each.compound_id] = max(each.day, gave_way.get(each.compound_id, each.day))
    return [_waiting(site, visits.get(site.id, []), gave_way.get(site.id), held, day) for site in sites]


def _waiting(site: Site, visits: Sequence[Seen], gave_way: date | None, held: Sequence[date], day: date) -> Waiting:
    last = visits[-1] if visits else None
    start = last.day if last else site.since
    before = [each for each in held if each < day]
    return Waiting(
        site.id,
        waited=len(before) - bisect_right(before, start) + 1,
        displaced=gave_way is not None and (last is None or last.day < gave_way),
        last_team=last.team_id if last else None,
        visits=len(visits),
        needs=dict(sorted(site.needs.items())),
    )
