"""What an end of a meridian must say: two conditions, what closes the volume, and its stiffness."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, radians
from typing import Literal, Protocol

Side = Literal["lower", "upper"]
#: (r, z, phi) at an end: mm, mm, radians.
State = tuple[float, float, float]
#: Derivatives by (r, z, phi, height of the end).
Gradient = tuple[float, float, float, float]


@dataclass(frozen=True)
class Condition:
    """A residual and its derivatives by (r, z, phi, height)."""

    value: float
    gradient: Gradient


@dataclass(frozen=True)
class Closure:
    """What the solid adds between the contact line and the axis.

    Args:
        volume: Integral of pi r^2 dz along the solid (negative where it displaces liquid), mm3.
        gradient: Its derivatives by (r, z, phi, height).
        moment: Integral of pi r^2 z dz along the solid, mm4.
        wetting: Minus cos(contact angle) times the wetted area: wetting energy over gamma, mm2.
    """

    volume: float = 0.0
    gradient: Gradient = (0.0, 0.0, 0.0, 0.0)
    moment: float = 0.0
    wetting: float = 0.0


class End(Protocol):
    """One end of a meridian; ``height`` None makes the height of the solid an unknown."""

    @property
    def height(self) -> float | None:
        """Height of the solid (rim, plane, sphere's centre), mm; None where it is unknown."""

    @property
    def slides(self) -> bool:
        """Whether the contact line may move along the solid."""

    def conditions(self, side: Side, state: State, height: float) -> tuple[Condition, Condition]:
        """Two residuals, mm and radians."""

    def closure(self, side: Side, state: State, height: float) -> Closure:
        """What closes the liquid's volume at this end."""

    def stiffness(self, side: Side, state: State, curvature: float, height: float) -> float:
        """Robin coefficient chi of the second variation of a sliding line, 1/mm.

        ``chi = (k_solid - kappa cos(theta)) / sin(theta)`` with the curvature kappa of the
        meridian and k_solid of the solid (positive for a ball); the second variation gains
        ``gamma chi u^2`` per length of the contact line.
        """


def line_stiffness(curvature: float, solid: float, contact_angle: float) -> float:
    """Robin coefficient of a line on a solid; without any wetting it stays where it is, 1/mm.

    Args:
        curvature: Of the meridian at the line, 1/mm.
        solid: Of the solid's meridian, 1/mm.
        contact_angle: Degrees.
    """
    angle = radians(contact_angle)
    sine = max(cos(angle - 0.5 * pi), 1e-9)
    return (solid - curvature * cos(angle)) / sine
