"""The outline of a service area as GeoJSON has it (RFC 7946 §3.1): read, or every fault of it named at once."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from chassis.datum import Datum
from members.drawing.feature import MapFault, datum_of
from members.drawing.fit import TOLERANCE, polygon
from members.territory import ring
from members.territory.area import Outline
from members.territory.grid import Ring

MOST_VERTICES = 2_000
"""Of one outline: an area keeps all that it ever had."""

MOST_PARTS = 50
COORDINATES = "/coordinates"


def read(geometry: Any) -> tuple[Outline | None, list[MapFault]]:
    """The outline in a Polygon or a MultiPolygon, if there is nothing wrong with it."""
    parts = _parts(geometry)
    if parts is None:
        return None, [fault("not_an_outline", "")]
    if len(parts) > MOST_PARTS:
        return None, [fault("too_many_parts", COORDINATES, most=MOST_PARTS)]
    if sum(_vertices(rings) for _, rings in parts) > MOST_VERTICES:
        return None, [fault("too_many_vertices", COORDINATES, most=MOST_VERTICES)]
    datum = datum_of(geometry)
    faults = [] if datum else [fault("unknown_crs", "/crs", accepted=sorted(Datum))]
    found: dict[str, Ring] = {}
    for at, rings in parts:
        made, wrong = ring.read(rings, at, datum or Datum.WGS84, fault)
        faults += wrong
        if made and polygon(made).is_valid:
            found[at] = made
        elif made:
            faults.append(fault("ring_crosses_itself", f"{at}/0"))
    faults += [fault("parts_overlap", f"{at}/0") for at in _twice(found)]
    return None if faults or datum is None else Outline(tuple(found.values()), datum.value), faults


def _parts(geometry: Any) -> list[tuple[str, Any]] | None:
    """The rings of each polygon and where they stand; None for what is neither a Polygon nor a MultiPolygon."""
    coordinates = geometry.get("coordinates") if isinstance(geometry, Mapping) else None
    if not isinstance(coordinates, Sequence) or isinstance(coordinates, str) or not coordinates:
        return None
    if geometry.get("type") == "Polygon":
        return [(COORDINATES, coordinates)]
    if geometry.get("type") == "MultiPolygon":
        return [(f"{COORDINATES}/{n}", rings) for n, rings in enumerate(coordinates)]
    return None


def _vertices(rings: Any) -> int:
    return sum(len(each) for each in rings if isinstance(each, Sequence)) if isinstance(rings, Sequence) else 0


def _twice(found: Mapping[str, Ring]) -> list[str]:
    """Where parts stand that lie in one before them, beyond what is tolerated; they may share edges."""
    shapes = {at: polygon(each) for at, each in found.items()}
    return sorted(
        {
            other
            for one, other in combinations(shapes, 2)
            if shapes[one].intersection(shapes[other]).area > TOLERANCE * min(shapes[one].area, shapes[other].area)
        }
    )


def fault(code: str, where: str, **details: Any) -> MapFault:
    """What is wrong with an outline at a place within it."""
    return MapFault(code, None, f"/outline{where}", details or None)
