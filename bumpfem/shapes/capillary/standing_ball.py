"""A ball on its substrate, around which a liquid rises."""

from __future__ import annotations

from dataclasses import dataclass
from math import acos, inf, pi, sqrt

from bumpfem.errors import InputError


@dataclass(frozen=True)
class StandingBall:
    """A ball on a substrate at z = 0: a sphere, cut off by the substrate where it reaches it.

    Args:
        radius: Radius of the sphere, mm.
        centre: Height of its centre, mm.
    """

    radius: float
    centre: float

    def __post_init__(self) -> None:
        if not 0.0 < self.radius < inf:
            raise InputError("ball.radius", self.radius, "> 0", "mm")
        if not -self.radius < self.centre < inf:
            raise InputError("ball.centre", self.centre, f"> {-self.radius}", "mm")

    @classmethod
    def through(cls, foot_radius: float, height: float) -> StandingBall:
        """The sphere through a circle on the substrate and an apex: a reflowed ball."""
        radius = (foot_radius**2 + height**2) / (2.0 * height)
        return cls(radius, height - radius)

    @property
    def top(self) -> float:
        """Height of the upper pole, mm."""
        return self.centre + self.radius

    @property
    def bottom(self) -> float:
        """Height from which the ball displaces resin, mm: the substrate or its lower pole."""
        return max(0.0, self.centre - self.radius)

    def radius_at(self, height: float) -> float:
        """Radius at a height, mm."""
        return sqrt(max(self.radius**2 - (height - self.centre) ** 2, 0.0))

    def polar(self, height: float) -> float:
        """Angle from the upper pole at a height, radians."""
        return acos(max(-1.0, min(1.0, (height - self.centre) / self.radius)))

    def volume_below(self, height: float) -> float:
        """Volume of the ball between the substrate and a height, mm3."""

        def primitive(z: float) -> float:
            up = z - self.centre
            return pi * (self.radius**2 * up - up**3 / 3.0)

        return primitive(height) - primitive(self.bottom)
