"""The two surfaces of solder that lies on the wall of its hole (equations: :mod:`hole`)."""

from __future__ import annotations

from collections.abc import Callable
from math import atan2, cos, pi, radians, sin, sqrt

import numpy as np
from scipy.optimize import brentq

from bumpfem.errors import ConvergenceError
from bumpfem.shapes.capillary.end_protocol import End
from bumpfem.shapes.capillary.ends import Axis, Pinned
from bumpfem.shapes.capillary.guesses import ArcGuess, Guess
from bumpfem.shapes.capillary.hole_wall import Hole
from bumpfem.shapes.capillary.liquid import Liquid
from bumpfem.shapes.capillary.meridian import Meridian
from bumpfem.shapes.capillary.solve import NOT_FOUND, solve_meridian
from bumpfem.shapes.capillary.stability import margins
from bumpfem.shapes.points import Point

#: Overlap of solder and wall that still counts as none, mm.
TOUCH = 1e-9


class WallSearch:
    """Search for the two surfaces of solder that lies on the wall of its hole."""

    def __init__(self, rim: Pinned, far: End, hole: Hole, liquid: Liquid, volume: float) -> None:
        self.rim, self.far, self.hole = rim, far, hole
        self.liquid, self.volume = liquid, volume
        self.edge = Pinned(hole.end_radius, hole.end)
        self._near: dict[str, Guess] = {}

    def solve(self) -> tuple[Meridian, Meridian]:
        """Try lines that slide or are held by the edge; return the consistent pair."""
        reasons = []
        for low_held, high_held in ((False, False), (False, True), (True, True)):
            self._near.clear()
            try:
                lower, upper = self._split(low_held, high_held)
            except ConvergenceError as error:
                reasons.append(str(error))
                continue
            reason = self._fault(lower, upper, high_held)
            if not reason:
                return lower, upper
            reasons.append(reason)
        told = [reason for reason in dict.fromkeys(reasons) if reason != NOT_FOUND]
        raise ConvergenceError("; ".join(told) or "the solder finds no equilibrium on the wall")

    def _fault(self, lower: Meridian, upper: Meridian, high_held: bool) -> str:
        """What is wrong with a candidate; empty if nothing is."""
        hole = self.hole
        first, last = float(lower.z[-1]), float(upper.z[0])
        if first < hole.mouth - TOUCH:
            return "the solder would lie on the substrate around its pad"
        if first > last + 1e-7:
            return "the contact lines cross"
        if last > hole.end + TOUCH:
            return "the contact reaches beyond the hole"
        if max(hole.overlap(lower), hole.overlap(upper)) > 1e-6:
            return "the surface runs into the wall"
        if not (margins(lower).stable and margins(upper).stable):
            return "the surface would be unstable"
        if high_held:
            slides = atan2(1.0, hole.taper) + pi - radians(hole.contact_angle)
            heading = float(upper.phi[0])
            if heading > slides + 1e-7:
                return "the edge would have to pull"
            if heading < pi - radians(hole.contact_angle) - 1e-7:
                return "the solder would spread over the mask"
        return ""

    def _split(self, low_held: bool, high_held: bool) -> tuple[Meridian, Meridian]:
        """Both surfaces at one pressure.

        Raises:
            ConvergenceError: If there is no such split of the volume.
        """

        def pair(lower_volume: float) -> tuple[Meridian, Meridian]:
            lower = self._lower(lower_volume, low_held)
            return lower, self._upper(self.volume - lower_volume, high_held)

        def difference(lower_volume: float) -> float:
            lower, upper = pair(lower_volume)
            return (lower.pressure - upper.pressure) / self.liquid.surface_tension

        guess = self._lower(None, low_held).volume if not low_held else 0.5 * self.volume
        return pair(_root(difference, guess, 0.02 * self.volume, 1e-10 / self.rim.radius))

    def _lower(self, volume: float | None, held: bool) -> Meridian:
        """Surface from the pad to the wall or the edge; without a volume, that of the sphere."""
        end: End = self.edge if held else self.hole.wall(above=True)
        near = self._near.get("lower") or self._lower_guess(held)
        if volume is None:
            pressure = self.liquid.surface_tension * near.mean_curvature
            found = solve_meridian(self.rim, end, self.liquid, pressure=pressure, guess=near)
        else:
            found = solve_meridian(self.rim, end, self.liquid, volume=volume, guess=near)
        self._near["lower"] = found
        return found

    def _upper(self, volume: float, held: bool) -> Meridian:
        """Surface from the wall or the edge to the far end."""
        start: End = self.edge if held else self.hole.wall(above=False)
        near = self._near.get("upper") or self._upper_guess(volume, held)
        found = solve_meridian(start, self.far, self.liquid, volume=volume, guess=near)
        self._near["upper"] = found
        return found

    def _lower_guess(self, held: bool) -> ArcGuess:
        """Part of a sphere about the axis from the rim to the wall."""
        hole, a = self.hole, self.rim.radius
        if held:
            return ArcGuess((a, 0.0), (hole.end_radius, hole.end), 0.4)
        heading = atan2(1.0, hole.taper) - pi + radians(hole.contact_angle)
        radius = hole.radius_at(0.5 * (hole.mouth + hole.end))
        return _arc_to((a, 0.0), radius, heading)

    def _upper_guess(self, volume: float, held: bool) -> ArcGuess:
        """Spherical cap on the wall or edge, or its part below floor or rim."""
        hole = self.hole
        heading = atan2(1.0, hole.taper) + pi - radians(hole.contact_angle)
        if held:
            heading = min(heading, 0.5 * pi)
        height = hole.end
        radius = hole.radius_at(height)
        start: Point = (radius, height)
        if isinstance(self.far, Axis):
            if not held:
                missing = max(2.0 / 3.0 * pi * radius**3 - volume, 0.0)
                height = max(hole.end - missing / (pi * radius**2), hole.mouth)
                radius = hole.radius_at(height)
                start = (radius, height)
            sphere = radius / max(sin(heading), 0.1)
            return ArcGuess(start, (0.0, height + sphere * (1.0 + cos(heading))),
                            0.5 * (pi - heading))  # fmt: skip
        if isinstance(self.far, Pinned):
            end: Point = (self.far.radius, self.far.height or 0.0)
            if held:
                return ArcGuess(start, end, 0.5)
            above = _arc_to((end[0], 0.0), radius, pi - heading)
            return ArcGuess((radius, end[1] - above.end[1]), end, above.half_angle)
        # a quarter circle of radius g leaves (1 - pi/4) g^2 2 pi R of the corner empty
        empty = max(-volume, 1e-4 * self.volume)
        gap = min(sqrt(empty / ((1.0 - 0.25 * pi) * 2.0 * pi * radius)), 0.8 * radius, hole.depth)
        return ArcGuess(
            (radius, height - gap), (max(radius - gap, 0.2 * radius), height), 0.25 * pi
        )


def _arc_to(start: Point, radius: float, heading: float) -> ArcGuess:
    """Arc of the sphere about the axis of ``radius`` at its end, where it runs in ``heading``."""
    sphere = radius / max(sin(heading), 0.1)
    first = pi - float(np.arcsin(min(1.0, start[0] / sphere)))
    centre = -sphere * cos(first)
    end: Point = (radius, start[1] + centre - sphere * cos(heading))
    return ArcGuess(start, end, 0.5 * (heading - (pi - first)))


def _root(function: Callable[[float], float], guess: float, step: float, noise: float) -> float:
    """Root of a function that grows, searched from a guess with growing steps.

    A step that leads to no equilibrium is shortened.

    Raises:
        ConvergenceError: If there is none within reach.
    """
    before, value = guess, function(guess)
    sign = -1.0 if value > 0.0 else 1.0
    for _ in range(60):
        if abs(value) < noise:
            return before
        here = before + sign * step
        try:
            now = function(here)
        except ConvergenceError:
            step *= 0.25
            continue
        if now * value < 0.0:
            low, high = sorted((before, here))
            return float(brentq(function, low, high, xtol=1e-16, rtol=1e-14))
        before, value, step = here, now, 1.4 * step
    raise ConvergenceError("the pressures of both surfaces never agree")
