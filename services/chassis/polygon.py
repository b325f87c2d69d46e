"""Containment in a planar polygon, decided the same way for every polygon, so that neighbours never share a point."""

from collections.abc import Sequence
from itertools import pairwise


def contains(ring: Sequence[Sequence[float]], x: float, y: float) -> bool:
    """Whether the closed `ring` of `(x, y)` points holds the point, half-open.

    Points on a left or bottom edge belong to the polygon, points on a right or top edge do not; hence polygons
    that tile the plane share no point and miss none. Even-odd rule: count the edges crossed to the right.
    """
    inside = False
    for (x1, y1, *_), (x2, y2, *_) in pairwise(ring):
        if (y1 <= y) != (y2 <= y) and x < _crossing((x1, y1), (x2, y2), y):
            inside = not inside
    return inside


def _crossing(one: tuple[float, float], other: tuple[float, float], y: float) -> float:
    """Where the edge crosses the height `y`; rounded alike for both polygons, whichever way each runs along it."""
    (x1, y1), (x2, y2) = (one, other) if one[1] < other[1] else (other, one)
    return x1 + (y - y1) * (x2 - x1) / (y2 - y1)
