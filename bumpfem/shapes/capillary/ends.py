"""Where a meridian may end: on a rim, on the axis, on a plane, a sphere, a cone, or flat.

A meridian is directed with the **liquid on its left**: upward along the side of a joint, outward
along the lower side of a hanging drop, inward along the upper side of a meniscus. ``phi`` is its
angle from +r, so that ``dr/ds = cos(phi)``, ``dz/ds = sin(phi)``. An end gives two conditions on
(r, z, phi). With the direction ``delta`` of the solid's surface from the contact line into the
wetted part, a contact angle theta (through the liquid) means

* lower end (where the meridian starts): ``phi = delta - theta``,
* upper end (where it ends): ``phi = delta - pi + theta``.

An end also says what closes the liquid's volume between contact line and axis (or floor): the
integrals of ``pi r^2 dz`` and ``pi r^2 z dz`` along the solid, and the area that it wets.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cos, hypot, isfinite, pi
from typing import Literal

from bumpfem.errors import InputError
from bumpfem.shapes.capillary.end_protocol import Closure, Condition, End, Gradient, Side, State

__all__ = [
    "Axis",
    "Closure",
    "Condition",
    "End",
    "FarFlat",
    "Gradient",
    "OnCone",
    "OnPlane",
    "OnSphere",
    "Pinned",
    "Side",
    "State",
]


def _angle(field: str, angle: float) -> None:
    if not 0.0 <= angle <= pi:
        raise InputError(field, angle, "between 0 and pi", "rad")


def _positive(field: str, value: float) -> None:
    if not (isfinite(value) and value > 0.0):
        raise InputError(field, value, "> 0", "mm")


def _robin(curvature: float, solid: float, contact_angle: float) -> float:
    """Robin coefficient; the line of a liquid that does not wet at all stays where it is."""
    sine = max(cos(contact_angle - 0.5 * pi), 1e-9)
    return (solid - curvature * cos(contact_angle)) / sine


@dataclass(frozen=True)
class Pinned:
    """Contact line held at a rim.

    Args:
        radius: Radius of the rim, mm.
        height: Height of the rim, mm; None where it is unknown.
    """

    radius: float
    height: float | None = 0.0

    def __post_init__(self) -> None:
        _positive("radius", self.radius)

    slides = False

    def conditions(self, side: Side, state: State, height: float) -> tuple[Condition, Condition]:
        """``r = radius`` and ``z = height``."""
        return (
            Condition(state[0] - self.radius, (1.0, 0.0, 0.0, 0.0)),
            Condition(state[1] - height, (0.0, 1.0, 0.0, -1.0)),
        )

    def closure(self, side: Side, state: State, height: float) -> Closure:
        """Nothing: the pad is flat."""
        return Closure()

    def stiffness(self, side: Side, state: State, curvature: float, height: float) -> float:
        """Not used: the line does not slide."""
        return 0.0


@dataclass(frozen=True)
class Axis:
    """Apex on the axis: ``r = 0`` with phi = 0 at a lower end, pi at an upper one."""

    height = 0.0
    slides = True

    def conditions(self, side: Side, state: State, height: float) -> tuple[Condition, Condition]:
        """``r = 0`` and a level tangent; the apex's height follows from the other conditions."""
        level = 0.0 if side == "lower" else pi
        return (
            Condition(state[0], (1.0, 0.0, 0.0, 0.0)),
            Condition(state[2] - level, (0.0, 0.0, 1.0, 0.0)),
        )

    def closure(self, side: Side, state: State, height: float) -> Closure:
        """Nothing: the meridian reaches the axis."""
        return Closure()

    def stiffness(self, side: Side, state: State, curvature: float, height: float) -> float:
        """No contact line."""
        return 0.0


@dataclass(frozen=True)
class OnPlane:
    """Contact line that slides on a horizontal plane: a floor (lower end) or a ceiling (upper).

    Args:
        height: Height of the plane, mm; None where it is unknown.
        contact_angle: Through the liquid, radians.
    """

    height: float | None
    contact_angle: float

    def __post_init__(self) -> None:
        _angle("contact_angle", self.contact_angle)

    slides = True

    def conditions(self, side: Side, state: State, height: float) -> tuple[Condition, Condition]:
        """``z = height`` and the contact angle (delta = pi: towards the axis)."""
        wanted = pi - self.contact_angle if side == "lower" else self.contact_angle
        return (
            Condition(state[1] - height, (0.0, 1.0, 0.0, -1.0)),
            Condition(state[2] - wanted, (0.0, 0.0, 1.0, 0.0)),
        )

    def closure(self, side: Side, state: State, height: float) -> Closure:
        """The wetted disc."""
        return Closure(wetting=-cos(self.contact_angle) * pi * state[0] ** 2)

    def stiffness(self, side: Side, state: State, curvature: float, height: float) -> float:
        """``-kappa cot(theta)``."""
        return _robin(curvature, 0.0, self.contact_angle)


@dataclass(frozen=True)
class OnSphere:
    """Contact line that slides on a sphere about (0, height).

    As lower end the liquid wets the sphere from the line up to its upper pole (a bridge standing on
    a ball); as upper end from the line down to its lower pole (a ball sitting in a drop or standing
    in a meniscus).

    Args:
        height: Height of the centre, mm; None where it is unknown.
        radius: Radius of the sphere, mm.
        contact_angle: Through the liquid, radians.
        closes_at: Height down (up) to which the liquid wets the sphere, mm; None: to its pole.
    """

    height: float | None
    radius: float
    contact_angle: float
    closes_at: float | None = None

    def __post_init__(self) -> None:
        _positive("radius", self.radius)
        _angle("contact_angle", self.contact_angle)

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
            Condition(phi - (pi - polar + sign * self.contact_angle), (by_r, by_z, 1.0, -by_z)),
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
            wetting=-cos(self.contact_angle) * 2.0 * pi * self.radius * abs(up - last),
        )

    def _volume(self, up: float) -> float:
        return pi * (self.radius**2 * up - up**3 / 3.0)

    def _moment(self, up: float, height: float) -> float:
        own = pi * (0.5 * self.radius**2 * up**2 - 0.25 * up**4)
        return own + height * self._volume(up)

    def stiffness(self, side: Side, state: State, curvature: float, height: float) -> float:
        """``(1/R - kappa cos(theta)) / sin(theta)``."""
        return _robin(curvature, 1.0 / self.radius, self.contact_angle)


@dataclass(frozen=True)
class OnCone:
    """Contact line that slides on a straight wall ``r = radius + taper (z - height)``.

    Args:
        radius: Radius of the wall at ``height``, mm.
        contact_angle: Through the liquid, radians.
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
        _positive("radius", self.radius)
        _angle("contact_angle", self.contact_angle)

    slides = True

    def conditions(self, side: Side, state: State, height: float) -> tuple[Condition, Condition]:
        """On the wall, and the contact angle (delta along the wall, up or down)."""
        r, z, phi = state
        delta = atan2(1.0, self.taper) + (0.0 if self.wets == "above" else pi)
        turn = -self.contact_angle if side == "lower" else self.contact_angle - pi
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
            wetting=-cos(self.contact_angle) * area,
        )  # fmt: skip

    def stiffness(self, side: Side, state: State, curvature: float, height: float) -> float:
        """``-kappa cot(theta)``: the wall's own meridian is straight."""
        return _robin(curvature, 0.0, self.contact_angle)


@dataclass(frozen=True)
class FarFlat:
    """Level tangent at a given radius: the edge of a round cell of an array (symmetry).

    As lower end the meridian starts inward (phi = pi) with the liquid below it; as upper end it
    arrives outward (phi = 0) with the liquid above it.

    Args:
        radius: Radius of the cell, mm.
        closes_at: Height of the floor (ceiling) that the liquid lies on, mm.
    """

    radius: float
    closes_at: float = 0.0

    def __post_init__(self) -> None:
        _positive("radius", self.radius)

    height = 0.0
    slides = True

    def conditions(self, side: Side, state: State, height: float) -> tuple[Condition, Condition]:
        """``r = radius`` and a level tangent."""
        level = pi if side == "lower" else 0.0
        return (
            Condition(state[0] - self.radius, (1.0, 0.0, 0.0, 0.0)),
            Condition(state[2] - level, (0.0, 0.0, 1.0, 0.0)),
        )

    def closure(self, side: Side, state: State, height: float) -> Closure:
        """The cell's wall between the floor and the meridian."""
        sign = 1.0 if side == "lower" else -1.0
        area = pi * self.radius**2
        return Closure(
            volume=sign * area * (state[1] - self.closes_at),
            gradient=(0.0, sign * area, 0.0, 0.0),
            moment=sign * 0.5 * area * (state[1] ** 2 - self.closes_at**2),
        )

    def stiffness(self, side: Side, state: State, curvature: float, height: float) -> float:
        """A plane of symmetry resists nothing."""
        return 0.0
