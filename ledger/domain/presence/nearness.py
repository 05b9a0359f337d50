"""Whether somebody is near enough to a sign point: measured on arrival, and thrown away."""

from math import asin, cos, radians, sin, sqrt

from ledger.domain.activity.places import Coordinates
from ledger.domain.activity.posts import SignPoint

_EARTH_RADIUS_M = 6_371_000
_MICRO = 1_000_000


def is_within_radius(position: Coordinates | None, point: SignPoint | None) -> bool | None:
    """Return whether a position lies within a sign point's radius; None where nobody can tell.

    Nobody can where there is no position, where the point has no coordinates, where anywhere
    will do (radius 0), or where the two are measured by different systems, which lie up to
    700 m apart.
    """
    if position is None or point is None or point.coordinates is None or point.radius_m == 0:
        return None
    if position.datum is not point.coordinates.datum:
        return None
    return distance_m(position, point.coordinates) <= point.radius_m


def distance_m(one: Coordinates, other: Coordinates) -> float:
    """Return the metres between two points of one system, over a sphere (haversine)."""
    south, north = _north(one), _north(other)
    east = radians((other.longitude_microdegrees - one.longitude_microdegrees) / _MICRO)
    half = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin(east / 2) ** 2
    return 2 * _EARTH_RADIUS_M * asin(min(1.0, sqrt(half)))


def _north(point: Coordinates) -> float:
    return radians(point.latitude_microdegrees / _MICRO)
