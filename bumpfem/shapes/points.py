"""Points of the meridian plane."""

from __future__ import annotations

from math import hypot

#: A point of the meridian plane: radius and height, mm.
Point = tuple[float, float]

#: Two points closer than this are the same, mm.
COINCIDENT = 1e-9


def distance(first: Point, second: Point) -> float:
    """Distance between two points of the meridian plane, mm.

    >>> distance((0.0, 0.0), (3.0, 4.0))
    5.0
    """
    return hypot(second[0] - first[0], second[1] - first[1])
