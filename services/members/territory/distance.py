"""How far two points lie apart."""

from math import asin, cos, radians, sin, sqrt

from members.territory.compound import Point

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of the earth (IUGG), in metres."""


def distance_m(one: Point, other: Point) -> float:
    """Great-circle distance in metres between two points (haversine formula)."""
    (lon1, lat1), (lon2, lat2) = ((radians(x), radians(y)) for x, y in (one, other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(sqrt(half))
