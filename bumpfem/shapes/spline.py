"""Smooth meridian curves through sampled points."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import pi

import numpy as np
from scipy.interpolate import CubicSpline, PPoly

from bumpfem.shapes.points import Point
from bumpfem.units import FloatArray

#: Points of a part that is sampled anew.
FEW_POINTS = 9
#: Gauss's rule of five points on [0, 1].
_GAUSS = tuple(
    0.5 * (values + shift)
    for values, shift in zip(np.polynomial.legendre.leggauss(5), (1.0, 0.0), strict=True)
)


@dataclass(frozen=True)
class Spline:
    """Smooth curve through sampled points (at least three), cubic in the chord length."""

    nodes: tuple[Point, ...]

    def __post_init__(self) -> None:
        if len(self.nodes) < 3:
            raise ValueError("a spline needs at least three points")

    @cached_property
    def _curve(self) -> CubicSpline:
        nodes = np.asarray(self.nodes)
        steps = np.hypot(*np.diff(nodes, axis=0).T)
        s = np.concatenate(([0.0], np.cumsum(steps)))
        return CubicSpline(s / s[-1], nodes)

    @property
    def start(self) -> Point:
        """First point."""
        return self.nodes[0]

    @property
    def end(self) -> Point:
        """Last point."""
        return self.nodes[-1]

    def at(self, fraction: float) -> Point:
        """The point at ``fraction`` (0 to 1) of the chord length."""
        r, z = self._curve(fraction)
        return float(r), float(z)

    def points(self, count: int = 65) -> FloatArray:
        """``count`` points along the curve, shape (count, 2)."""
        return np.asarray(self._curve(np.linspace(0.0, 1.0, count)), dtype=np.float64)

    @cached_property
    def _quadrature(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Points, slopes and weights of Gauss's rule in every span."""
        knots = self._curve.x
        steps = np.diff(knots)
        s = (knots[:-1, None] + steps[:, None] * _GAUSS[0][None, :]).ravel()
        weights = (steps[:, None] * _GAUSS[1][None, :]).ravel()
        return self._curve(s), self._curve(s, 1), weights

    def swept_volume(self) -> float:
        """Integral of pi r^2 dz, exact (degree 8 in each span), mm3."""
        points, slopes, weights = self._quadrature
        return float(pi * weights @ (points[:, 0] ** 2 * slopes[:, 1]))

    def swept_area(self) -> float:
        """Integral of 2 pi r ds by Gauss's rule in each span, mm2."""
        points, slopes, weights = self._quadrature
        return float(2.0 * pi * weights @ (points[:, 0] * np.hypot(*slopes.T)))

    @property
    def length(self) -> float:
        """Arc length, mm."""
        _, slopes, weights = self._quadrature
        return float(weights @ np.hypot(*slopes.T))

    def reversed(self) -> Spline:
        """The same curve run through from its end."""
        return Spline(self.nodes[::-1])

    def split(self, fraction: float) -> tuple[Spline, Spline]:
        """Two splines cut at ``fraction`` of the chord length, through the same points.

        A point closer to the cut than a third of the mean spacing is left out. A part with too few
        points of its own is sampled anew.
        """
        knots, cut = self._curve.x, self.at(fraction)
        guard = 1.0 / (3.0 * (len(knots) - 1))
        places = list(zip(knots, self.nodes, strict=True))
        first = [node for place, node in places if place < fraction - guard]
        second = [node for place, node in places if place > fraction + guard]
        lower = (*first, cut) if len(first) > 2 else self._sampled(0.0, fraction)
        upper = (cut, *second) if len(second) > 2 else self._sampled(fraction, 1.0)
        return Spline(lower), Spline(upper)

    def _sampled(self, first: float, last: float) -> tuple[Point, ...]:
        points = self._curve(np.linspace(first, last, FEW_POINTS))
        return tuple((float(r), float(z)) for r, z in points)

    def _range(self, component: int) -> tuple[float, float]:
        """Smallest and largest coordinate: at the ends or where its derivative vanishes."""
        one = PPoly(self._curve.c[..., component], self._curve.x)
        turning = one.derivative().roots(extrapolate=False)
        places = np.concatenate(([0.0, 1.0], turning[np.isfinite(turning)]))
        values = one(places)
        return float(values.min()), float(values.max())

    @cached_property
    def radius_range(self) -> tuple[float, float]:
        """Smallest and largest distance from the axis, mm."""
        return self._range(0)

    @cached_property
    def height_range(self) -> tuple[float, float]:
        """Smallest and largest height, mm."""
        return self._range(1)
