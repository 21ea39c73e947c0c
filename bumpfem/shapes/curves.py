"""Meridian curve segments (r, z): straight lines and circular arcs.

Every segment is directed. Revolved about the z axis it sweeps the volume
``V = integral of pi r^2 dz`` (positive where z rises along the segment) and the lateral area
``A = integral of 2 pi r ds``; both are exact for lines and arcs.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, cos, pi, sin, tan

import numpy as np
from scipy.optimize import brentq

from bumpfem.shapes.points import COINCIDENT, Point, distance
from bumpfem.shapes.spline import Spline
from bumpfem.units import FloatArray

#: Gauss's rule of sixteen points on [-1, 1].
_GAUSS = np.polynomial.legendre.leggauss(16)


@dataclass(frozen=True)
class Line:
    """Straight segment from ``start`` to ``end``."""

    start: Point
    end: Point

    @property
    def length(self) -> float:
        """Length, mm."""
        return distance(self.start, self.end)

    def points(self, count: int = 2) -> FloatArray:
        """``count`` points along the segment, shape (count, 2)."""
        s = np.linspace(0.0, 1.0, count)[:, None]
        line = (1.0 - s) * np.asarray(self.start) + s * np.asarray(self.end)
        return np.asarray(line, dtype=np.float64)

    def swept_volume(self) -> float:
        """Integral of pi r^2 dz: ``pi dz (r0^2 + r0 r1 + r1^2) / 3``, mm3."""
        (r0, z0), (r1, z1) = self.start, self.end
        return pi * (z1 - z0) * (r0 * r0 + r0 * r1 + r1 * r1) / 3.0

    def swept_area(self) -> float:
        """Lateral area of the truncated cone: ``pi (r0 + r1) length``, mm2."""
        return pi * (self.start[0] + self.end[0]) * self.length

    def reversed(self) -> Line:
        """The same segment run through from its end."""
        return Line(self.end, self.start)

    def split(self, fraction: float) -> tuple[Line, Line]:
        """Two parts, cut at ``fraction`` of the length."""
        middle = self.at(fraction)
        return Line(self.start, middle), Line(middle, self.end)

    def at(self, fraction: float) -> Point:
        """The point at ``fraction`` (0 to 1) of the length."""
        (r0, z0), (r1, z1) = self.start, self.end
        return (r0 + fraction * (r1 - r0), z0 + fraction * (z1 - z0))

    @property
    def radius_range(self) -> tuple[float, float]:
        """Smallest and largest distance from the axis, mm."""
        return min(self.start[0], self.end[0]), max(self.start[0], self.end[0])

    @property
    def height_range(self) -> tuple[float, float]:
        """Smallest and largest height, mm."""
        return min(self.start[1], self.end[1]), max(self.start[1], self.end[1])


@dataclass(frozen=True)
class Arc:
    """Circular arc about ``centre`` from ``angle_start`` to ``angle_end`` (radians from +r)."""

    centre: Point
    radius: float
    angle_start: float
    angle_end: float

    @classmethod
    def between(cls, start: Point, end: Point, half_angle: float) -> Arc:
        """Arc with given half angle: positive bulges to the right of the way from start to end.

        Args:
            start: First point.
            end: Last point.
            half_angle: Half of the angle that the arc subtends, radians, -pi < value < pi, not 0.
        """
        chord = distance(start, end)
        (r0, z0), (r1, z1) = start, end
        normal = ((z1 - z0) / chord, -(r1 - r0) / chord)
        back = 0.5 * chord / tan(half_angle)
        centre = (0.5 * (r0 + r1) - normal[0] * back, 0.5 * (z0 + z1) - normal[1] * back)
        radius = 0.5 * chord / abs(sin(half_angle))
        first = atan2(z0 - centre[1], r0 - centre[0])
        return cls(centre, radius, first, first + 2.0 * half_angle)

    @classmethod
    def about(cls, centre: Point, start: Point, end: Point, *, anticlockwise: bool) -> Arc:
        """Arc about ``centre`` from ``start`` to ``end`` in the stated direction."""
        first = atan2(start[1] - centre[1], start[0] - centre[0])
        last = atan2(end[1] - centre[1], end[0] - centre[0])
        if anticlockwise and last <= first:
            last += 2.0 * pi
        if not anticlockwise and last >= first:
            last -= 2.0 * pi
        return cls(centre, distance(centre, start), first, last)

    def at_angle(self, angle: float) -> Point:
        """The point at ``angle``."""
        return (
            self.centre[0] + self.radius * cos(angle),
            self.centre[1] + self.radius * sin(angle),
        )

    def at(self, fraction: float) -> Point:
        """The point at ``fraction`` (0 to 1) of the length."""
        return self.at_angle(self.angle_start + fraction * (self.angle_end - self.angle_start))

    @property
    def start(self) -> Point:
        """First point."""
        return self.at_angle(self.angle_start)

    @property
    def end(self) -> Point:
        """Last point."""
        return self.at_angle(self.angle_end)

    @property
    def length(self) -> float:
        """Length, mm."""
        return self.radius * abs(self.angle_end - self.angle_start)

    def points(self, count: int = 33) -> FloatArray:
        """``count`` points along the arc, shape (count, 2)."""
        angle = np.linspace(self.angle_start, self.angle_end, count)
        return np.column_stack(
            (
                self.centre[0] + self.radius * np.cos(angle),
                self.centre[1] + self.radius * np.sin(angle),
            )
        )

    def swept_volume(self) -> float:
        """Integral of pi r^2 dz with ``r = c + R cos t``, ``dz = R cos t dt``, mm3."""
        c, radius = self.centre[0], self.radius
        t0, t1 = self.angle_start, self.angle_end
        if abs(t1 - t0) < 0.2:  # nearly straight: the closed form would cancel digits
            nodes, weights = _GAUSS
            t = 0.5 * (t0 + t1) + 0.5 * (t1 - t0) * nodes
            integrand = (c + radius * np.cos(t)) ** 2 * radius * np.cos(t)
            return float(pi * 0.5 * (t1 - t0) * (weights @ integrand))

        def primitive(t: float) -> float:
            return (
                c * c * radius * sin(t)
                + c * radius**2 * (t + sin(t) * cos(t))
                + radius**3 * (sin(t) - sin(t) ** 3 / 3.0)
            )

        return pi * (primitive(t1) - primitive(t0))

    def swept_area(self) -> float:
        """Lateral area, integral of 2 pi r ds, mm2."""
        t0, t1 = self.angle_start, self.angle_end
        integral = self.centre[0] * (t1 - t0) + self.radius * (sin(t1) - sin(t0))
        return 2.0 * pi * self.radius * abs(integral)

    def reversed(self) -> Arc:
        """The same arc run through from its end."""
        return Arc(self.centre, self.radius, self.angle_end, self.angle_start)

    def split(self, fraction: float) -> tuple[Arc, Arc]:
        """Two parts, cut at ``fraction`` of the length."""
        middle = self.angle_start + fraction * (self.angle_end - self.angle_start)
        return (
            Arc(self.centre, self.radius, self.angle_start, middle),
            Arc(self.centre, self.radius, middle, self.angle_end),
        )

    def _extremes(self, offset: float) -> list[float]:
        """Angles of the arc's ends and of its extremes at ``offset + k pi`` inside it."""
        low, high = sorted((self.angle_start, self.angle_end))
        inside = [offset + k * pi for k in range(-4, 5) if low < offset + k * pi < high]
        return [self.angle_start, self.angle_end, *inside]

    @property
    def radius_range(self) -> tuple[float, float]:
        """Smallest and largest distance from the axis, mm."""
        radii = [self.at_angle(t)[0] for t in self._extremes(0.0)]
        return min(radii), max(radii)

    @property
    def height_range(self) -> tuple[float, float]:
        """Smallest and largest height, mm."""
        heights = [self.at_angle(t)[1] for t in self._extremes(0.5 * pi)]
        return min(heights), max(heights)


Segment = Line | Arc | Spline


def polyline(points: Sequence[Point]) -> tuple[Line, ...]:
    """Straight segments through ``points``, leaving out those of no length."""
    return tuple(Line(a, b) for a, b in itertools.pairwise(points) if distance(a, b) > COINCIDENT)


def arc_with_volume(start: Point, end: Point, volume: float) -> Segment | None:
    """Circular arc from ``start`` up to ``end`` that sweeps ``volume``; None if there is none.

    The half angle is the one unknown; volume grows with it monotonically. A chord is returned
    where the straight line already has the volume.

    Args:
        start: Lower point.
        end: Upper point.
        volume: Integral of pi r^2 dz wanted, mm3.
    """
    chord = Line(start, end)
    excess = volume - chord.swept_volume()
    if abs(excess) < 1e-12 * abs(volume):
        return chord

    def residual(half_angle: float) -> float:
        if abs(half_angle) < 1e-7:
            return -excess
        return Arc.between(start, end, half_angle).swept_volume() - volume

    low, high = (1e-7, 0.97 * pi) if excess > 0.0 else (-0.5 * pi, -1e-7)
    if residual(low) * residual(high) > 0.0:
        return None
    half_angle = float(brentq(residual, low, high, xtol=1e-15, rtol=8.9e-16, maxiter=300))
    return Arc.between(start, end, half_angle)
