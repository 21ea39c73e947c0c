"""Smooth meridian curves through sampled points."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property
from math import hypot, pi

import numpy as np
from scipy.integrate import quad
from scipy.interpolate import CubicSpline

from bumpfem.shapes.points import Point
from bumpfem.units import FloatArray


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

    def _integral(self, kind: str) -> float:
        slope = self._curve.derivative()

        def integrand(s: float) -> float:
            r = float(self._curve(s)[0])
            dr, dz = slope(s)
            return pi * r * r * dz if kind == "volume" else 2.0 * pi * r * hypot(dr, dz)

        knots = self._curve.x
        return sum(
            quad(integrand, a, b, epsabs=1e-13, epsrel=1e-12)[0]
            for a, b in itertools.pairwise(knots)
        )

    def swept_volume(self) -> float:
        """Integral of pi r^2 dz by adaptive quadrature per span, mm3."""
        return self._integral("volume")

    def swept_area(self) -> float:
        """Integral of 2 pi r ds by adaptive quadrature per span, mm2."""
        return self._integral("area")

    @property
    def length(self) -> float:
        """Length of the sampled curve, mm."""
        return float(np.hypot(*np.diff(self.points(513), axis=0).T).sum())

    def reversed(self) -> Spline:
        """The same curve run through from its end."""
        return Spline(self.nodes[::-1])

    def split(self, fraction: float, samples: int = 33) -> tuple[Spline, Spline]:
        """Two splines through resampled points, cut at ``fraction`` of the chord length."""
        first = self._curve(np.linspace(0.0, fraction, samples))
        second = self._curve(np.linspace(fraction, 1.0, samples))
        return (
            Spline(tuple((float(r), float(z)) for r, z in first)),
            Spline(tuple((float(r), float(z)) for r, z in second)),
        )

    @property
    def radius_range(self) -> tuple[float, float]:
        """Smallest and largest distance from the axis among 513 samples, mm."""
        radii = self.points(513)[:, 0]
        return float(radii.min()), float(radii.max())

    @property
    def height_range(self) -> tuple[float, float]:
        """Smallest and largest height among 513 samples, mm."""
        heights = self.points(513)[:, 1]
        return float(heights.min()), float(heights.max())
