"""Where a meridian may end on a sphere or on the wall of a hole (conventions: :mod:`ends`)."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cos, hypot, pi, radians
from typing import Literal

from bumpfem.shapes.capillary.end_protocol import (
    Closure,
    Condition,
    Side,
    State,
    line_stiffness,
)
from bumpfem.shapes.checks import check_number


@dataclass(frozen=True)
class OnSphere:
    """Contact line that slides on a sphere about (0, height).

    As lower end the liquid wets the sphere from the line up to its upper pole (a bridge standing on
    a ball); as upper end from the line down to its lower pole (a ball sitting in a drop or standing
    in a meniscus).

    Args:
        height: Height of the centre, mm; None where it is unknown.
        radius: Radius of the sphere, mm.
        contact_angle: Through the liquid, degrees.
        closes_at: Height down (up) to which the liquid wets the sphere, mm; None: to its pole.
    """

    height: float | None
    radius: float
    contact_angle: float
    closes_at: float | None = None

    def __post_init__(self) -> None:
        check_number("radius", self.radius, "mm", above=0.0)
        check_number("contact_angle", self.contact_angle, "deg", least=0.0, most=180.0)

    slides = True

    def conditions(self, side: Side, state: State, height: float) -> tuple[Condition, Condition]:
        """On the sphere, at polar angle a from the upper pole: ``phi = pi - a -+ theta``."""
        r, z, phi = state
        up = z - height
        distance = hypot(r, up)
        polar = atan2(r, up)
        sign = -1.0 if side == "lower" else 1.0
        r_hat, z_hat = r / distance, up / distance
        by_r, by_z = up / distance**2, -r / distance**2
        return (
            Condition(distance - self.radius, (r_hat, z_hat, 0.0, -z_hat)),
            Condition(
                phi - (pi - polar + sign * radians(self.contact_angle)), (by_r, by_z, 1.0, -by_z)
            ),
        )

    def closure(self, side: Side, state: State, height: float) -> Closure:
        """The cap between contact line and pole (or ``closes_at``), which displaces liquid."""
        up = state[1] - height
        pole = self.radius if side == "lower" else -self.radius
        last = pole if self.closes_at is None else self.closes_at - height
        sign = 1.0 if side == "lower" else -1.0
        area = pi * (self.radius**2 - up**2)
        by_height = -area if self.closes_at is None else pi * (self.radius**2 - last**2) - area
        return Closure(
            volume=sign * (self._volume(up) - self._volume(last)),
            gradient=(0.0, sign * area, 0.0, sign * by_height),
            moment=sign * (self._moment(up, height) - self._moment(last, height)),
            wetting=-cos(radians(self.contact_angle)) * 2.0 * pi * self.radius * abs(up - last),
        )

    def _volume(self, up: float) -> float:
        return pi * (self.radius**2 * up - up**3 / 3.0)

    def _moment(self, up: float, height: float) -> float:
        own = pi * (0.5 * self.radius**2 * up**2 - 0.25 * up**4)
        return own + height * self._volume(up)

    def stiffness(self, side: Side, state: State, curvature: float, height: float) -> float:
        """``(1/R - kappa cos(theta)) / sin(theta)``."""
        return line_stiffness(curvature, 1.0 / self.radius, self.contact_angle)


@dataclass(frozen=True)
class OnCone:
    """Contact line that slides on a straight wall ``r = radius + taper (z - height)``.

    Args:
        radius: Radius of the wall at ``height``, mm.
        contact_angle: Through the liquid, degrees.
        height: Height at which the wall has ``radius``, mm; None where it is unknown.
        taper: Growth of the wall's radius per height; 0 for a cylinder.
        wets: Whether the liquid covers the wall above or below the contact line.
        closes_at: Height to which the liquid covers the wall, mm; None leaves the wall out of the
            volume.
    """

    radius: float
    contact_angle: float
    height: float | None = 0.0
    taper: float = 0.0
    wets: Literal["above", "below"] = "above"
    closes_at: float | None = None

    def __post_init__(self) -> None:
        check_number("radius", self.radius, "mm", above=0.0)
        check_number("contact_angle", self.contact_angle, "deg", least=0.0, most=180.0)

    slides = True

    def conditions(self, side: Side, state: State, height: float) -> tuple[Condition, Condition]:
        """On the wall, and the contact angle (delta along the wall, up or down)."""
        r, z, phi = state
        delta = atan2(1.0, self.taper) + (0.0 if self.wets == "above" else pi)
        angle = radians(self.contact_angle)
        turn = -angle if side == "lower" else angle - pi
        return (
            Condition(
                r - self.radius - self.taper * (z - height),
                (1.0, -self.taper, 0.0, self.taper),
            ),
            Condition(phi - delta - turn, (0.0, 0.0, 1.0, 0.0)),
        )

    def closure(self, side: Side, state: State, height: float) -> Closure:
        """The wall between contact line and ``closes_at``."""
        if self.closes_at is None:
            return Closure()
        z, last = state[1], self.closes_at
        sign = 1.0 if side == "lower" else -1.0
        first_radius = self.radius + self.taper * (z - height)
        last_radius = self.radius + self.taper * (last - height)
        rise = z - last
        middle = 0.5 * (first_radius + last_radius)
        swept = pi * rise * (first_radius**2 + first_radius * last_radius + last_radius**2) / 3.0
        moment = (
            pi
            * rise
            / 6.0
            * (first_radius**2 * z + 4.0 * middle**2 * 0.5 * (z + last) + last_radius**2 * last)
        )  # Simpson's rule is exact for a cubic
        area = hypot(1.0, self.taper) * 2.0 * pi * middle * abs(rise)
        return Closure(
            volume=sign * swept,
            gradient=(
                0.0, sign * pi * first_radius**2, 0.0,
                -sign * 2.0 * pi * self.taper * middle * rise,
            ),
            moment=sign * moment,
            wetting=-cos(radians(self.contact_angle)) * area,
        )  # fmt: skip

    def stiffness(self, side: Side, state: State, curvature: float, height: float) -> float:
        """``-kappa cot(theta)``: the wall's own meridian is straight."""
        return line_stiffness(curvature, 0.0, self.contact_angle)
