"""Surveying what is drawn: features against one another, against the map and the register, with every fault named."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from members.area import community_of
from members.drawing import feature, fit
from members.drawing.feature import Drawn, MapFault
from members.drawing.store import DrawingStore
from members.territory.area import Area
from members.territory.grid import Grid, Level
from members.territory.store import TerritoryStore

PAD = 0.01
"""Degrees around the drawn country within which neighbours are looked for: more than a geodesic edge strays."""

MOST_STANDING = 20_000
"""Grids of the map that one drawing is compared with."""

Elsewhere = Callable[..., Any]
"""Runs a long calculation where it holds up nobody: `elsewhere(function, *arguments)`."""


@dataclass(frozen=True)
class Survey:
    """What a drawing gives: its district if one can be told, its grids, and all that is wrong with it."""

    tenant: str | None
    grids: tuple[Grid, ...]
    faults: tuple[MapFault, ...]


class Surveyor:
    """Surveys drawings against the territory as it is."""

    def __init__(self, territory: TerritoryStore, drawings: DrawingStore, elsewhere: Elsewhere) -> None:
        self._territory, self._drawings, self._elsewhere = territory, drawings, elsewhere

    def survey(self, collection: Mapping[str, Any], opened: datetime, without: Sequence[str] = ()) -> Survey:
        """What is drawn, to hold from `opened` on; grids that close by then are named by `without`."""
        drawn, faults = self._elsewhere(feature.read, collection)
        fine, crossing = self._elsewhere(fit.simple, drawn)
        standing = [grid for grid in self._standing(fine, opened) if grid.code not in set(without)]
        faults += crossing
        faults += self._elsewhere(_misfits, drawn, fine, standing)
        areas = {area.code: area for area in self._territory.areas_of(_communities(drawn)) if area.holds_at(opened)}
        tenant = feature.district_of(drawn)
        faults += [*self._taken(drawn, tenant), *_homeless(drawn, areas)]
        if faults:
            return Survey(tenant, (), tuple(sorted(faults, key=_place)))
        datum = feature.datum_of(collection)
        crs = datum.value if datum else ""
        return Survey(tenant, tuple(_grid(each, areas, opened, crs) for each in fine), ())

    def _standing(self, drawn: Sequence[Drawn], since: datetime) -> list[Grid]:
        points = [point for each in drawn if each.ring for point in each.ring]
        levels = {each.level for each in drawn if each.level}
        levels |= {level for each in levels for level in fit.PARENT_LEVELS.get(each, ())}
        if not points or not levels:
            return []
        lons, lats = zip(*points, strict=True)
        box = (min(lons) - PAD, min(lats) - PAD, max(lons) + PAD, max(lats) + PAD)
        if max(box[2] - box[0], box[3] - box[1]) > feature.MOST_DEGREES + 2 * PAD:
            return []  # refused already
        return self._territory.grids_meeting(box, levels, since, MOST_STANDING)

    def _taken(self, drawn: Sequence[Drawn], tenant: str | None) -> Iterator[MapFault]:
        if tenant is None:
            return
        taken = self._territory.taken(each.code for each in drawn if each.code)
        planned = {grid.code for each in self._drawings.planned(tenant) for grid in each.opens}
        for each in drawn:
            if each.code in taken | planned:
                yield each.fault("grid_code_taken", "/properties/grid_code", grid_code=each.code)


def _misfits(drawn: Sequence[Drawn], fine: Sequence[Drawn], standing: Sequence[Grid]) -> list[MapFault]:
    return [*fit.overlaps(fine, standing), *fit.orphans(drawn, standing)]


def _homeless(drawn: Sequence[Drawn], areas: Mapping[str, Area]) -> Iterator[MapFault]:
    for each in drawn:
        if each.code is None:
            continue
        area = areas.get(community_of(each.code))
        if area is None:
            yield each.fault("unknown_community", "/properties/grid_code", area=community_of(each.code))
        elif each.community is not None and each.community != area.name:
            yield each.fault("another_community", "/properties/community", area=area.code, name=area.name)


def _communities(drawn: Sequence[Drawn]) -> set[str]:
    return {community_of(each.code) for each in drawn if each.code}


def _grid(drawn: Drawn, areas: Mapping[str, Area], opened: datetime, crs: str) -> Grid:
    """The grid of a feature with which nothing is wrong."""
    code = drawn.code or ""
    return Grid(
        code=code,
        name=drawn.name,
        community=areas[community_of(code)].name,
        level=drawn.level or Level.SERVICE,
        ring=drawn.ring or (),
        opened=opened,
        parent=drawn.parent,
        population=drawn.population,
        source_crs=crs,
    )


def _place(fault: MapFault) -> tuple[int, str]:
    return (-1 if fault.feature is None else fault.feature, fault.pointer)
