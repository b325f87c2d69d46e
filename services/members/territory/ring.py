"""A polygon's coordinates as GeoJSON has them (RFC 7946 §3.1.6): its ring in WGS84, or all that is wrong with it."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import isfinite
from typing import Any, Protocol, TypeVar

from chassis.datum import CHINA, Datum, to_wgs84
from members.territory.grid import Ring

Found_co = TypeVar("Found_co", covariant=True)


class Faults(Protocol[Found_co]):
    """How a fault is told: its stable code, and a JSON pointer to where it is."""

    def __call__(self, code: str, where: str, /) -> Found_co:
        """The fault."""


def read(rings: Any, at: str, datum: Datum, fault: Faults[Found_co]) -> tuple[Ring | None, list[Found_co]]:
    """The outer one of a polygon's rings in WGS84 if it can be made out, and what is wrong below the pointer `at`."""
    if not isinstance(rings, Sequence) or not rings or not all(isinstance(ring, Sequence) for ring in rings):
        return None, [fault("not_a_polygon", at)]
    faults = [fault("polygon_with_holes", f"{at}/{n}") for n in range(1, len(rings))]
    at = f"{at}/0"
    wrong = list(_wrong_points(rings[0], at, fault))
    if wrong:
        return None, [*faults, *wrong]
    points = [(float(point[0]), float(point[1])) for point in rings[0]]
    if not points or points[0] != points[-1]:
        faults.append(fault("ring_not_closed", at))
        points.append(points[0]) if points else None
    points = [points[0], *(after for before, after in pairwise(points) if before != after)] if points else []
    if len(points) < 4:
        return None, [*faults, fault("ring_too_short", at)]
    return tuple(to_wgs84(lon, lat, datum) for lon, lat in points), faults


def _wrong_points(ring: Sequence[Any], at: str, fault: Faults[Found_co]) -> Iterator[Found_co]:
    for n, point in enumerate(ring):
        if not _is_point(point):
            yield fault("coordinate_malformed", f"{at}/{n}")
        elif _inside(point[1], point[0]) and not _inside(point[0], point[1]):
            yield fault("coordinates_swapped", f"{at}/{n}")
        elif not _inside(point[0], point[1]):
            yield fault("coordinate_out_of_range", f"{at}/{n}")


def _is_point(point: Any) -> bool:
    numbers = isinstance(point, Sequence) and not isinstance(point, str) and len(point) in {2, 3}
    return numbers and all(type(each) in {int, float} and abs(each) < 1e9 and isfinite(each) for each in point)


def _inside(lon: float, lat: float) -> bool:
    west, south, east, north = CHINA
    return west <= lon <= east and south <= lat <= north
