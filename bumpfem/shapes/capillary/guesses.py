"""First guesses for Newton's method: circular arcs."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, radians, sin, sqrt
from typing import Protocol

import numpy as np

from bumpfem.errors import InputError
from bumpfem.shapes.capillary.end_protocol import End
from bumpfem.shapes.capillary.ends import Axis, OnPlane, Pinned
from bumpfem.shapes.curves import Arc, Segment, arc_with_volume
from bumpfem.shapes.points import Point, distance
from bumpfem.shapes.spheres import zone_arc, zone_height
from bumpfem.units import FloatArray


class Guess(Protocol):
    """Anything that can start Newton's method: a guessed arc or a solved meridian."""

    @property
    def length(self) -> float:
        """Arc length, mm."""

    @property
    def mean_curvature(self) -> float:
        """Twice the mean curvature at z = 0 (pressure over surface tension), 1/mm."""

    def states(self, fractions: FloatArray) -> FloatArray:
        """(r, z, phi) at fractions of the length, shape (points, 3)."""


@dataclass(frozen=True)
class ArcGuess:
    """A circular arc from one point to another.

    Args:
        start: First point (r, z), mm.
        end: Last point, mm.
        half_angle: Half the angle it turns, radians: positive bulges to the right of the way.
    """

    start: Point
    end: Point
    half_angle: float

    @property
    def length(self) -> float:
        """``chord half_angle / sin(half_angle)``."""
        return distance(self.start, self.end) / float(np.sinc(self.half_angle / pi))

    @property
    def mean_curvature(self) -> float:
        """Curvature of the arc and of the circle of latitude at its middle."""
        r, _, phi = self.states(np.array([0.5]))[0]
        latitude = sin(float(phi)) / max(float(r), 0.1 * self.length)
        return 2.0 * self.half_angle / self.length + latitude

    def states(self, fractions: FloatArray) -> FloatArray:
        """Points of the arc and their tangents; radii are kept off the axis inside it."""
        chord = float(np.arctan2(self.end[1] - self.start[1], self.end[0] - self.start[0]))
        u = np.asarray(fractions, dtype=np.float64)
        phi = chord + self.half_angle * (2.0 * u - 1.0)
        if abs(self.half_angle) < 1e-6:
            r = self.start[0] + u * (self.end[0] - self.start[0])
            z = self.start[1] + u * (self.end[1] - self.start[1])
        else:
            radius = 0.5 * self.length / self.half_angle
            first = chord - self.half_angle
            r = self.start[0] + radius * (np.sin(phi) - sin(first))
            z = self.start[1] - radius * (np.cos(phi) - cos(first))
        floor = 0.05 * max(self.start[0], self.end[0]) * np.minimum(1.0, 4.0 * u * (1.0 - u))
        return np.column_stack((np.maximum(r, floor), z, phi))


def default_guess(lower: End, upper: End, volume: float | None) -> ArcGuess:
    """Arc between rims, planes and the axis, with the volume if that is given.

    Raises:
        InputError: For other ends, which need a guess from the caller.
    """
    if isinstance(lower, Axis) and not isinstance(upper, Axis):
        return _mirrored(default_guess(_turned(upper), lower, volume), upper)
    if isinstance(upper, Axis):
        return _cap(lower, volume)
    if isinstance(lower, Pinned | OnPlane) and isinstance(upper, Pinned | OnPlane):
        return _bridge(lower, upper, volume)
    raise InputError(
        "guess", None, "an ArcGuess or a solved Meridian",
        reason="there is no default guess between these ends",
    )  # fmt: skip


def _turned(end: End) -> End:
    """The end of a hanging drop turned upside down about z = 0."""
    if isinstance(end, Pinned):
        return Pinned(end.radius, 0.0)
    if isinstance(end, OnPlane):
        return OnPlane(0.0, end.contact_angle)
    return end


def _mirrored(guess: ArcGuess, upper: End) -> ArcGuess:
    """The guess of a standing drop as that of a hanging one below ``upper``."""
    top = upper.height or 0.0
    return ArcGuess(
        (guess.end[0], top - guess.end[1]), (guess.start[0], top - guess.start[1]), guess.half_angle
    )


def _cap(lower: End, volume: float | None) -> ArcGuess:
    """Spherical cap on a rim or on a plane."""
    if isinstance(lower, Pinned):
        foot: Point = (lower.radius, lower.height or 0.0)
        rise = lower.radius if volume is None else zone_height(lower.radius, 0.0, volume)
    elif isinstance(lower, OnPlane):
        angle = radians(lower.contact_angle)
        cosine = cos(angle)
        unit = pi * (1.0 - cosine) ** 2 * (2.0 + cosine) / 3.0
        radius = 1.0 if volume is None else (volume / max(unit, 1e-6)) ** (1.0 / 3.0)
        foot = (max(radius * sin(angle), 0.02 * radius), lower.height or 0.0)
        rise = radius * (1.0 - cosine)
    else:
        return default_guess(OnPlane(0.0, 90.0), Axis(), volume)
    apex: Point = (0.0, foot[1] + rise)
    return ArcGuess(foot, apex, float(np.arctan2(rise, foot[0])))


def _bridge(lower: Pinned | OnPlane, upper: Pinned | OnPlane, volume: float | None) -> ArcGuess:
    """Arc between two rims or planes."""
    size = 1.0 if volume is None else volume ** (1.0 / 3.0)
    gap = None
    if lower.height is not None and upper.height is not None:
        gap = upper.height - lower.height
        if gap <= 0.0:
            raise InputError("height", gap, "> 0 between the ends", "mm")
    rims = [end.radius for end in (lower, upper) if isinstance(end, Pinned)]
    if volume is not None and gap is not None:
        mean = sqrt(volume / (pi * gap))
    else:
        mean = rims[0] if rims else 0.6 * size
    a, b = (end.radius if isinstance(end, Pinned) else mean for end in (lower, upper))
    free = gap is None
    if gap is None:
        gap = zone_height(a, b, volume) if volume is not None else a
    base = lower.height if lower.height is not None else (upper.height or 0.0) - gap
    start, end = (a, base), (b, base + gap)
    arc: Segment | None = None
    if volume is not None:
        arc = zone_arc(start, end) if free else arc_with_volume(start, end, volume)
    if isinstance(arc, Arc):
        half = 0.5 * (arc.angle_end - arc.angle_start)
        return ArcGuess(start, end, max(-1.2, min(2.2, half)))
    return ArcGuess(start, end, 0.1)
