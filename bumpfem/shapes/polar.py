"""Meridian curves as seen from a point of the axis: distance by direction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import pi

import numpy as np

from bumpfem.shapes.curves import Line, Segment
from bumpfem.units import FloatArray

#: Points on each curved segment.
SAMPLES = 1025
#: Points on a straight one: distances of a line are not linear in the direction.
STRAIGHT = 257


@dataclass(frozen=True, eq=False)
class PolarCurve:
    """A curve from the axis around a point of it and back to the axis.

    Directions are angles from the axis' downward half, 0 to pi.

    Attributes:
        centre: Height of the point on the axis, mm.
        points: ``(n, 2)`` radii and heights along the curve from its lower end, mm.
    """

    centre: float
    points: FloatArray

    @classmethod
    def of(cls, segments: Sequence[Segment], centre: float) -> PolarCurve:
        """The curve along connected segments that start below the centre."""
        parts = [s.points(STRAIGHT if isinstance(s, Line) else SAMPLES) for s in segments]
        points = np.concatenate([parts[0], *(part[1:] for part in parts[1:])])
        return cls(centre, np.asarray(points, dtype=np.float64))

    @cached_property
    def directions(self) -> FloatArray:
        """(n,) direction of every point, radians."""
        found = np.arctan2(self.points[:, 0], self.centre - self.points[:, 1])
        found[0], found[-1] = 0.0, pi
        return np.asarray(found)

    @cached_property
    def distances(self) -> FloatArray:
        """(n,) distance of every point from the centre, mm."""
        return np.asarray(np.hypot(self.points[:, 0], self.points[:, 1] - self.centre))

    @cached_property
    def clarity(self) -> float:
        """Sine of the least angle at which a ray from the centre meets the curve.

        Zero or less where a part of the curve is hidden behind another.
        """
        step = np.diff(self.points, axis=0)
        middle = 0.5 * (self.points[1:] + self.points[:-1]) - np.array([0.0, self.centre])
        lengths = np.hypot(*step.T) * np.hypot(*middle.T)
        turned = step[:, 1] * middle[:, 0] - step[:, 0] * middle[:, 1]
        return float((turned / np.maximum(lengths, 1e-30)).min())

    def distance(self, directions: FloatArray) -> FloatArray:
        """Distance of the curve from the centre in some directions, mm."""
        return np.asarray(np.interp(directions, self.directions, self.distances))
