"""Where the contact line of a bump comes to rest: inside its pad, at the rim or on the resist."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import degrees

from bumpfem.errors import ConvergenceError
from bumpfem.shapes.capillary.end_protocol import End
from bumpfem.shapes.capillary.ends import Axis, OnPlane, Pinned
from bumpfem.shapes.capillary.liquid import Liquid
from bumpfem.shapes.capillary.meridian import Meridian
from bumpfem.shapes.capillary.mounted_search import SLACK
from bumpfem.shapes.capillary.solve import follow, solve_meridian
from bumpfem.shapes.capillary.stability import Margins, margins


@dataclass(frozen=True)
class BumpSearch:
    """Looks for the place of the contact line.

    Args:
        volume: mm3.
        radius: Radius of the pad, mm.
        pad_angle: Contact angle on the pad, degrees; None wets it wholly.
        resist_angle: Contact angle on the resist, degrees.
    """

    volume: float
    radius: float
    pad_angle: float | None
    resist_angle: float

    def stable(self, liquid: Liquid) -> tuple[Meridian, Margins]:
        """The equilibrium whose line is where it wants to be, if it is stable, and its margins.

        Raises:
            ConvergenceError: If there is none.
        """
        found = self._placed(liquid)
        margin = margins(found)
        if not margin.stable:
            raise ConvergenceError("the drop is not stable")
        return found, margin

    def _placed(self, liquid: Liquid) -> Meridian:
        """The equilibrium whose line is where it wants to be.

        Raises:
            ConvergenceError: If there is none.
        """
        try:
            pinned = self._pinned(liquid)
        except ConvergenceError:
            if liquid.specific_weight <= 0.0:
                raise
            return self._sliding(self.resist_angle, liquid)  # far too large for its pad
        angle = 180.0 - degrees(float(pinned.phi[0]))
        if self.pad_angle is not None and angle < self.pad_angle - SLACK:
            return self._sliding(self.pad_angle, liquid)
        if angle > self.resist_angle + SLACK:
            return self._sliding(self.resist_angle, liquid)
        return pinned

    def _pinned(self, liquid: Liquid) -> Meridian:
        """Line at the rim: directly, or by turning up the weight step by step."""
        rim = Pinned(self.radius, 0.0)
        try:
            return solve_meridian(rim, Axis(), liquid, volume=self.volume)
        except ConvergenceError:
            start = solve_meridian(rim, Axis(), liquid.weightless(), volume=self.volume)
            return self._weighed(rim, start, liquid, least=0.05)

    def _sliding(self, angle: float, liquid: Liquid) -> Meridian:
        """Line on a plane: from the weightless hemisphere by weight, then by contact angle.

        Raises:
            ConvergenceError: If the drop falls off.
        """
        plane = OnPlane(0.0, 90.0)
        start = solve_meridian(plane, Axis(), liquid.weightless(), volume=self.volume)
        heavy = self._weighed(plane, start, liquid)
        return follow(
            lambda theta, guess: solve_meridian(
                OnPlane(0.0, theta), Axis(), liquid, volume=self.volume, guess=guess
            ),
            heavy, 90.0, angle, step=0.5,
        )  # fmt: skip

    def _weighed(
        self, lower: End, start: Meridian, liquid: Liquid, least: float = 1e-3
    ) -> Meridian:
        """Turn up the weight of a weightless drop."""
        return follow(
            lambda share, guess: solve_meridian(
                lower, Axis(), replace(liquid, specific_weight=share * liquid.specific_weight),
                volume=self.volume, guess=guess,
            ),
            start, 0.0, 1.0, step=0.5, least=least,
        )  # fmt: skip
