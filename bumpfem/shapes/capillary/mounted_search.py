"""One stable joint between two pads near a guess, at a load or stand-off.

Newton's method finds an equilibrium whose lines are pinned at the rims or lie on the resist; lines
that should be elsewhere are moved and the equilibrium is found anew. What is unstable or impossible
does not count. Ways to guesses and limits of the family: :mod:`mounted_family`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import cos, degrees, pi, radians, sqrt

from bumpfem.errors import ConvergenceError
from bumpfem.shapes.capillary.end_protocol import End
from bumpfem.shapes.capillary.ends import OnPlane, Pinned
from bumpfem.shapes.capillary.guesses import ArcGuess, Guess, default_guess
from bumpfem.shapes.capillary.liquid import Liquid
from bumpfem.shapes.capillary.meridian import Meridian
from bumpfem.shapes.capillary.solve import solve_meridian
from bumpfem.shapes.capillary.stability import axial_stiffness, margins

#: Slack of angles (degrees) and radii (mm) when deciding where a contact line stands.
SLACK = 1e-9
#: What happens where the contact angle at a rim falls to zero.
DRAWS_BACK = "the solder draws back from the rim of a pad"
#: What happens where a neck closes or the shape loses its stability.
PINCHES_OFF, UNSTABLE = "the joint pinches off", "the joint would not be stable"
#: Changes between pinned and spread lines before giving up.
MOST_CHANGES = 6


@dataclass(frozen=True)
class Search:
    """Looks for the stable joint at a load or stand-off.

    Args:
        volume: mm3.
        lower_radius: Radius of the board's pad, mm.
        upper_radius: Radius of the interposer's pad, mm.
        liquid: The molten solder.
        resist_angle: Contact angle on the resist, degrees.
        by_standoff: Whether the parameter is the stand-off (mm) or the load (N).
    """

    volume: float
    lower_radius: float
    upper_radius: float
    liquid: Liquid
    resist_angle: float
    by_standoff: bool

    @property
    def natural(self) -> ArcGuess:
        """The truncated sphere: the joint without load and weight."""
        rims = Pinned(self.lower_radius, 0.0), Pinned(self.upper_radius, None)
        return default_guess(*rims, self.volume)

    def direct(self, target: float) -> Meridian:
        """The stable meridian at the target from an arc or a puddle.

        Raises:
            ConvergenceError: If this finds none.
        """
        puddle = self._puddle(target)
        if puddle is not None:
            return self.settle(target, puddle, (True, True))
        if self.by_standoff:
            rims = Pinned(self.lower_radius, 0.0), Pinned(self.upper_radius, target)
            return self.settle(target, default_guess(*rims, self.volume))
        return self.settle(target, self.natural)

    def weighing(self, share: float) -> Search:
        """The same search with a share of the liquid's weight."""
        liquid = self.liquid
        return replace(self, liquid=replace(liquid, specific_weight=share * liquid.specific_weight))

    def _puddle(self, target: float) -> ArcGuess | None:
        """Flat puddle with a round edge, where the joint is squeezed far beyond both pads.

        ``F = pi R^2 gamma (1 - cos(theta)) / H`` and ``V = pi R^2 H`` about.
        """
        height = target
        if not self.by_standoff:
            if target <= 0.0:
                return None
            pull = self.liquid.surface_tension * (1.0 - cos(radians(self.resist_angle)))
            height = sqrt(pull * self.volume / target)
        radius = sqrt(self.volume / (pi * height))
        if radius < 1.3 * max(self.lower_radius, self.upper_radius):
            return None
        return ArcGuess((radius, 0.0), (radius, height), radians(self.resist_angle - 90.0))

    def settle(
        self, value: float, guess: Guess, spread: tuple[bool, bool] = (False, False)
    ) -> Meridian:
        """The stable meridian near a guess, its lines pinned or spread as they want to be.

        Args:
            value: Load (N) or stand-off (mm).
            guess: Shape to start from.
            spread: Which lines of a guessed arc lie on resist; a meridian knows its own.

        Raises:
            ConvergenceError: If there is none.
        """
        if isinstance(guess, Meridian):
            spread = isinstance(guess.lower, OnPlane), isinstance(guess.upper, OnPlane)
        for _ in range(MOST_CHANGES):
            found = self._solve(value, guess, spread)
            wanted = self._wanted(found, spread)
            if wanted == spread:
                self._check(found)
                return found
            guess, spread = found, wanted
        raise ConvergenceError("the contact lines do not settle between rim and resist")

    def _solve(self, value: float, guess: Guess, spread: tuple[bool, bool]) -> Meridian:
        top = value if self.by_standoff else None
        lower: End = Pinned(self.lower_radius, 0.0)
        upper: End = Pinned(self.upper_radius, top)
        if spread[0]:
            lower = OnPlane(0.0, self.resist_angle)
        if spread[1]:
            upper = OnPlane(top, self.resist_angle)
        force = None if self.by_standoff else value
        return solve_meridian(
            lower, upper, self.liquid, volume=self.volume, force=force, guess=guess
        )

    def _wanted(self, found: Meridian, spread: tuple[bool, bool]) -> tuple[bool, bool]:
        """Which lines leave the rim (angle beyond the resist's) or return to it."""
        (first_radius, _, first), (last_radius, _, last) = found.ends
        angles = (180.0 - degrees(first), degrees(last))
        radii = (first_radius - self.lower_radius, last_radius - self.upper_radius)
        lower, upper = (
            excess > -SLACK if is_spread else angle > self.resist_angle + SLACK
            for is_spread, angle, excess in zip(spread, angles, radii, strict=True)
        )
        return lower, upper

    def _check(self, found: Meridian) -> None:
        """Refuse shapes that are impossible or unstable.

        Raises:
            ConvergenceError: The surface dips below a pad or the shape is unstable.
        """
        first, last = (state[2] for state in found.ends)
        if pi - first <= 0.0 or last <= 0.0 or found.heights[1] <= found.heights[0]:
            raise ConvergenceError(DRAWS_BACK)
        if found.r.min() <= 0.0:
            raise ConvergenceError(PINCHES_OFF)
        if not margins(found).stable:
            raise ConvergenceError(UNSTABLE)
        if not self.by_standoff and axial_stiffness(found) <= 0.0:
            raise ConvergenceError(UNSTABLE)
