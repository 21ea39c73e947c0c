"""A ball on its substrate, around which a liquid rises."""

from __future__ import annotations

from dataclasses import dataclass
from math import acos, degrees, pi, sqrt

from bumpfem.shapes.checks import check_number


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
        check_number("ball.radius", self.radius, "mm", above=0.0)
        check_number(
            "ball.centre", self.centre, "mm", above=-self.radius,
            reason="the ball stands out of its substrate",
        )  # fmt: skip

    @classmethod
    def through(cls, foot_radius: float, height: float) -> StandingBall:
        """The sphere through a circle on the substrate and an apex: a reflowed ball."""
        check_number("foot_radius", foot_radius, "mm", least=0.0)
        check_number("height", height, "mm", above=0.0)
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
        """Angle from the upper pole at a height, degrees."""
        return degrees(acos(max(-1.0, min(1.0, (height - self.centre) / self.radius))))

    def volume_below(self, height: float) -> float:
        """Volume of the ball between the substrate and a height, mm3."""

        def primitive(z: float) -> float:
            up = z - self.centre
            return pi * (self.radius**2 * up - up**3 / 3.0)

        return primitive(height) - primitive(self.bottom)
