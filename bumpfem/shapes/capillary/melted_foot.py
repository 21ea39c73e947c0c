"""A ball on its pad whose foot has melted below a level plane: volumes and menisci."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from math import acos, pi, radians

from scipy.optimize import brentq

from bumpfem.errors import ConvergenceError, InputError
from bumpfem.shapes.capillary.bridge import BridgeProblem
from bumpfem.shapes.capillary.core_body import CutBall
from bumpfem.shapes.capillary.end_protocol import End
from bumpfem.shapes.capillary.ends import OnPlane, Pinned
from bumpfem.shapes.capillary.guesses import Guess
from bumpfem.shapes.capillary.liquid import Liquid
from bumpfem.shapes.capillary.meridian import Meridian
from bumpfem.shapes.capillary.solve import solve_meridian
from bumpfem.shapes.checks import check_number


def cut_depth(melted_fraction: float) -> float:
    """Depth of the cap that holds a fraction of a ball, in radii: ``f = t^2 (3 - t) / 4``.

    Raises:
        InputError: If the fraction is not between 0 and 1.

    >>> cut_depth(0.5)
    1.0
    """
    check_number("melted_fraction", melted_fraction, above=0.0, below=1.0)
    return float(brentq(lambda t: 0.25 * t * t * (3.0 - t) - melted_fraction, 0.0, 2.0, xtol=1e-15))


@dataclass(frozen=True)
class MeltedFoot:
    """A ball on its pad whose foot has melted.

    Args:
        ball_diameter: Diameter of the solid ball, mm.
        pad_radius: Radius of the wetted pad, mm.
        melted_fraction: Part of the ball's volume that melted.
        contact_angle: Of the melt on its own solid, degrees.
        swelling: Volume of the melt over that of the same solder before it melted.
        least_gap: Film that stays under the remainder's face when it rests on the pad, mm.
        specific_weight: Density of the solid times gravity, N/mm3.
        pad_angle: Contact angle on the pad, degrees: melt that would meet the rim at less covers
            only part of the pad. 0: it has to reach the rim.

    Raises:
        InputError: For sizes that cannot be.
    """

    ball_diameter: float
    pad_radius: float
    melted_fraction: float
    contact_angle: float = 0.0
    swelling: float = 1.0
    least_gap: float = 0.0
    specific_weight: float = 0.0
    pad_angle: float = 0.0

    def __post_init__(self) -> None:
        for field in ("ball_diameter", "pad_radius"):
            check_number(field, getattr(self, field), "mm", above=0.0)
        check_number("melted_fraction", self.melted_fraction, above=0.0, below=1.0)
        check_number(
            "contact_angle", self.contact_angle, "deg", least=0.0, below=90.0,
            reason="a melt wets its own solid",
        )  # fmt: skip
        check_number("swelling", self.swelling, least=0.8, most=1.2)
        check_number(
            "least_gap", self.least_gap, "mm", least=0.0, below=self.ball_diameter,
            reason="the remainder rests on a film on its pad",
        )  # fmt: skip
        check_number("specific_weight", self.specific_weight, "N/mm3")
        check_number("pad_angle", self.pad_angle, "deg", least=0.0, below=90.0)

    @property
    def remainder(self) -> CutBall:
        """What is left of the ball."""
        radius = 0.5 * self.ball_diameter
        depth = radius * cut_depth(self.melted_fraction)
        return CutBall(radius, depth, self.specific_weight)

    @property
    def melt_volume(self) -> float:
        """Volume of the melt, mm3."""
        return self.swelling * self.melted_fraction * pi / 6.0 * self.ball_diameter**3

    def at(self, liquid: Liquid, gap: float, guess: Guess | None = None) -> Meridian:
        """The meniscus with the face at a given gap over the pad.

        Raises:
            InputError: If there is none: too little melt to span the gap and cover the pad.
        """
        body = self.remainder
        problem = BridgeProblem(
            self.pad_radius,
            body,
            self.melt_volume,
            self.contact_angle,
            liquid,
            pad_angle=self.pad_angle,
        )
        found: Meridian | None = None
        with suppress(InputError):
            found = problem.at(gap, guess if _slides(guess) else None)
        if found is None or found.ends[1][1] < gap:
            found = self._at_edge(liquid, body, gap)
        if found is None:
            raise InputError(
                "melted_fraction", self.melted_fraction, "another fraction or height", "",
                f"{self.melt_volume:.4g} mm3 of melt do not join the pad and what is left of the"
                f" ball {gap:.4g} mm over it",
            )  # fmt: skip
        return found

    def _at_edge(self, liquid: Liquid, body: CutBall, gap: float) -> Meridian | None:
        """The meniscus held at the edge of the face; None where it would not stay there.

        It stays while its angle lies between those at which it recedes over the face and
        advances over the side: theta <= phi <= theta + the side's slope.
        """
        if gap <= 0.0:
            return None
        upper = Pinned(body.face_radius, gap)
        slope = acos(1.0 - body.depth / body.radius)
        lowers: list[End] = [Pinned(self.pad_radius, 0.0)]
        if self.pad_angle > 0.0:
            lowers.append(OnPlane(0.0, self.pad_angle))
        for lower in lowers:
            with suppress(ConvergenceError):
                found = solve_meridian(lower, upper, liquid, volume=self.melt_volume)
                turn = float(found.phi[-1]) - radians(self.contact_angle)
                covers = float(found.r[0]) <= self.pad_radius * (1.0 + 1e-9)
                wets = float(found.phi[0]) <= pi - radians(self.pad_angle) + 1e-9
                if -1e-9 <= turn <= slope + 1e-9 and covers and wets:
                    return found
        return None


def _slides(guess: Guess | None) -> bool:
    return isinstance(guess, Meridian) and guess.upper.slides
