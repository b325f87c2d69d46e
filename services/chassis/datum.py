"""Coordinates as Chinese maps give them: GCJ-02 and BD-09, turned into WGS84 on entry so as not to miss the grid."""

from collections.abc import Callable
from enum import StrEnum
from math import atan2, cos, hypot, pi, sin, sqrt

SEMI_MAJOR = 6378245.0
ECCENTRICITY = 0.00669342162296594323
"""Krasovsky 1940, on which the published approximations of GCJ-02 rest."""

BAIDU = pi * 3000 / 180

CHINA = (72.004, 0.8293, 137.8347, 55.8271)
"""West, south, east, north in degrees: outside this box GCJ-02 equals WGS84."""


class Datum(StrEnum):
    """The reference system of a point; CGCS2000 and WGS84 differ by centimetres and count as one (§4)."""

    WGS84 = "WGS84"
    CGCS2000 = "CGCS2000"
    GCJ02 = "GCJ02"
    BD09 = "BD09"


def to_wgs84(lon: float, lat: float, datum: Datum) -> tuple[float, float]:
    """The point in WGS84 degrees; from GCJ-02 and BD-09 to well under a metre (docs/domain.md §4, Datum)."""
    if datum is Datum.BD09:
        return _undone(to_gcj02, *_undone(to_bd09, lon, lat))
    return _undone(to_gcj02, lon, lat) if datum is Datum.GCJ02 else (lon, lat)


def to_bd09(lon: float, lat: float) -> tuple[float, float]:
    """The GCJ-02 point as Baidu's maps show it: turned a little, and moved by about 700 m (published approximation)."""
    far = hypot(lon, lat) + 0.00002 * sin(lat * BAIDU)
    turned = atan2(lat, lon) + 0.000003 * cos(lon * BAIDU)
    return far * cos(turned) + 0.0065, far * sin(turned) + 0.006


def _undone(shift: Callable[[float, float], tuple[float, float]], lon: float, lat: float) -> tuple[float, float]:
    """The point that `shift` moves to the one given; the shift changes so slowly that four steps settle it."""
    guess = lon, lat
    for _ in range(4):
        shifted = shift(*guess)
        guess = guess[0] + lon - shifted[0], guess[1] + lat - shifted[1]
    return guess


def to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """The WGS84 point as a Chinese map shows it."""
    west, south, east, north = CHINA
    if not (west <= lon <= east and south <= lat <= north):
        return lon, lat
    x, y = lon - 105.0, lat - 35.0
    shape = 1 - ECCENTRICITY * sin(lat * pi / 180) ** 2
    meridian = SEMI_MAJOR * (1 - ECCENTRICITY) / (shape * sqrt(shape)) * pi / 180
    parallel = SEMI_MAJOR / sqrt(shape) * cos(lat * pi / 180) * pi / 180
    return lon + _eastward(x, y) / parallel, lat + _northward(x, y) / meridian


def _eastward(x: float, y: float) -> float:
    """Metres by which the point moves east."""
    plane = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    return plane + _waves(x, ((20, 6), (20, 2), (20, 1), (40, 1 / 3), (150, 1 / 12), (300, 1 / 30)))


def _northward(x: float, y: float) -> float:
    """Metres by which the point moves north."""
    plane = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    along = _waves(x, ((20, 6), (20, 2)))
    return plane + along + _waves(y, ((20, 1), (40, 1 / 3), (160, 1 / 12), (320, 1 / 30)))


def _waves(distance: float, terms: tuple[tuple[float, float], ...]) -> float:
    """Two thirds of the sum of sines, each given by its height in metres and its waves per two degrees."""
    return sum(height * sin(distance * rate * pi) for height, rate in terms) * 2 / 3
