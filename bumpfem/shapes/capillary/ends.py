"""Where a meridian may end on something flat: on a rim, on the axis, on a plane, or level.

A meridian is directed with the **liquid on its left**: upward along the side of a joint, outward
along the lower side of a hanging drop, inward along the upper side of a meniscus. ``phi`` is its
angle from +r, so that ``dr/ds = cos(phi)``, ``dz/ds = sin(phi)``. An end gives two conditions on
(r, z, phi). With the direction ``delta`` of the solid's surface from the contact line into the
wetted part, a contact angle theta (through the liquid) means

* lower end (where the meridian starts): ``phi = delta - theta``,
* upper end (where it ends): ``phi = delta - pi + theta``.

An end also says what closes the liquid's volume between contact line and axis (or floor): the
integrals of ``pi r^2 dz`` and ``pi r^2 z dz`` along the solid, and the area that it wets. Contact
angles are given in degrees, ``phi`` is in radians. Spheres and cones: :mod:`curved_ends`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, radians

from bumpfem.shapes.capillary.end_protocol import (
    Closure,
    Condition,
    Side,
    State,
    line_stiffness,
)
from bumpfem.shapes.checks import check_number


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
        check_number("radius", self.radius, "mm", above=0.0)

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
        contact_angle: Through the liquid, degrees.
    """

    height: float | None
    contact_angle: float

    def __post_init__(self) -> None:
        check_number("contact_angle", self.contact_angle, "deg", least=0.0, most=180.0)

    slides = True

    def conditions(self, side: Side, state: State, height: float) -> tuple[Condition, Condition]:
        """``z = height`` and the contact angle (delta = pi: towards the axis)."""
        angle = radians(self.contact_angle)
        wanted = pi - angle if side == "lower" else angle
        return (
            Condition(state[1] - height, (0.0, 1.0, 0.0, -1.0)),
            Condition(state[2] - wanted, (0.0, 0.0, 1.0, 0.0)),
        )

    def closure(self, side: Side, state: State, height: float) -> Closure:
        """The wetted disc."""
        return Closure(wetting=-cos(radians(self.contact_angle)) * pi * state[0] ** 2)

    def stiffness(self, side: Side, state: State, curvature: float, height: float) -> float:
        """``-kappa cot(theta)``."""
        return line_stiffness(curvature, 0.0, self.contact_angle)


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
        check_number("radius", self.radius, "mm", above=0.0)

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
