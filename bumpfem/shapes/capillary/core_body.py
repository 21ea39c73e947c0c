"""Rigid bodies in the molten shell of a joint: a placed sphere, or a drop that froze on its pad."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import asin, cos, pi, radians, sin, sqrt

import numpy as np

from bumpfem.errors import InputError
from bumpfem.shapes.capillary.curved_ends import OnSphere
from bumpfem.shapes.capillary.end_protocol import (
    Closure,
    Condition,
    End,
    Side,
    State,
    line_stiffness,
)
from bumpfem.shapes.capillary.meridian import Meridian
from bumpfem.shapes.checks import check_number
from bumpfem.units import FloatArray

#: Points of a body's outline in pictures.
OUTLINE_POINTS = 129


@dataclass(frozen=True)
class SphereCore:
    """A ball that stands between both pads and never melts.

    Args:
        radius: Its radius, mm.
        specific_weight: Its density times gravity, N/mm3.

    Raises:
        InputError: If the radius is not positive.
    """

    radius: float
    specific_weight: float = 0.0

    def __post_init__(self) -> None:
        check_number("core.radius", self.radius, "mm", above=0.0)
        check_number("core.specific_weight", self.specific_weight, "N/mm3")

    on_interposer = False

    @property
    def extent(self) -> float:
        """Distance from its lowest to its highest point, mm."""
        return 2.0 * self.radius

    @property
    def volume(self) -> float:
        """mm3."""
        return 4.0 / 3.0 * pi * self.radius**3

    def end(self, lowest: float, contact_angle: float) -> End:
        """End of a meniscus on its lower side; ``lowest`` is the height of its lowest point, mm."""
        return OnSphere(lowest + self.radius, self.radius, contact_angle)

    def outline(self, lowest: float) -> FloatArray:
        """Points (r, z) of its meridian from its lowest point to its highest, mm, shape (n, 2)."""
        polar = np.linspace(-0.5 * pi, 0.5 * pi, OUTLINE_POINTS)
        height = lowest + self.radius * (1.0 + np.sin(polar))
        return np.column_stack((self.radius * np.cos(polar), height))

    def distance(self, lowest: float, points: FloatArray) -> FloatArray:
        """Distance of points (r, z) from its surface, negative inside, mm, shape (n,)."""
        centre = lowest + self.radius
        return np.asarray(np.hypot(points[:, 0], points[:, 1] - centre) - self.radius)


@dataclass(frozen=True)
class CutBall:
    """What is left of a ball whose foot has melted below a level plane: a ball with a flat face.

    Args:
        radius: Radius of the ball, mm.
        depth: Height of the cap that is gone, mm.
        specific_weight: Density times gravity, N/mm3.
    """

    radius: float
    depth: float
    specific_weight: float = 0.0

    @property
    def extent(self) -> float:
        """Distance from its face to its highest point, mm."""
        return 2.0 * self.radius - self.depth

    @property
    def face_radius(self) -> float:
        """Radius of the flat face, mm."""
        return sqrt(self.depth * (2.0 * self.radius - self.depth))

    @property
    def volume(self) -> float:
        """mm3."""
        cap = pi * self.depth**2 * (3.0 * self.radius - self.depth) / 3.0
        return 4.0 / 3.0 * pi * self.radius**3 - cap

    def outline(self, lowest: float) -> FloatArray:
        """Points (r, z) of its meridian from its face's edge to its highest, mm, shape (n, 2)."""
        first = asin(min(max(self.depth / self.radius - 1.0, -1.0), 1.0))
        polar = np.linspace(first, 0.5 * pi, OUTLINE_POINTS)
        height = lowest + self.radius - self.depth + self.radius * np.sin(polar)
        return np.column_stack((self.radius * np.cos(polar), height))

    def end(self, lowest: float, contact_angle: float) -> OnSphere:
        """End of a meniscus on its side; ``lowest`` is the height of its face, mm."""
        centre = lowest + self.radius - self.depth
        return OnSphere(centre, self.radius, contact_angle, closes_at=lowest)


@dataclass(frozen=True, eq=False)
class DropCore:
    """A drop of high-melting solder that rounded and froze on the interposer's pad.

    Args:
        profile: Meridian of the drop as it stood on its pad: from the rim of the resist's opening
            (lower end) to its apex (upper end). It hangs upside down in the joint.
        specific_weight: Its density times gravity, N/mm3.

    Raises:
        InputError: If the profile does not end at an apex on the axis.
    """

    profile: Meridian
    specific_weight: float = 0.0

    def __post_init__(self) -> None:
        apex = float(self.profile.r[-1])
        if abs(apex) > 1e-9:
            raise InputError("core.profile", apex, "a meridian that ends on the axis", "mm")

    on_interposer = True

    @property
    def opening_radius(self) -> float:
        """Radius of the opening that holds its contact line, mm."""
        return float(self.profile.r[0])

    @property
    def extent(self) -> float:
        """Height of the drop over its pad, mm."""
        return self.profile.height

    @property
    def volume(self) -> float:
        """mm3."""
        return self.profile.volume

    def outline(self, lowest: float) -> FloatArray:
        """Points (r, z) of its profile from the apex to the rim, mm, shape (n, 2)."""
        points = self.at(np.linspace(0.0, self.profile.length, OUTLINE_POINTS))[:, :2]
        return np.asarray(points + np.array([0.0, lowest]))

    def end(self, lowest: float, contact_angle: float) -> End:
        """End of a meniscus on its lower side; ``lowest`` is the height of its apex, mm."""
        return OnProfile(self, lowest, contact_angle)

    def distance(self, lowest: float, points: FloatArray) -> FloatArray:
        """Distance of points (r, z) from its surface, negative inside, mm, shape (n,)."""
        return np.array([self.foot(r, z - lowest).distance for r, z in points.tolist()])

    def at(self, s: FloatArray) -> FloatArray:
        """(r, z, phi) as it hangs, at arc lengths from the apex, shape (n, 3).

        Turned upside down and run through from its end: z -> -z, phi -> pi - phi.
        """
        states = self.profile.states(1.0 - np.asarray(s) / self.profile.length)
        top = float(self.profile.z[-1])
        return np.column_stack((states[:, 0], top - states[:, 1], pi - states[:, 2]))

    def curvature(self, state: State) -> float:
        """Curvature of the profile's meridian at a state of it, by Young-Laplace, 1/mm."""
        liquid, (r, z, phi) = self.profile.liquid, state
        pressure = self.profile.pressure - liquid.specific_weight * (self._top - z)
        total = pressure / liquid.surface_tension
        return 0.5 * total if r < 1e-9 else total - sin(phi) / r

    @cached_property
    def _top(self) -> float:
        return float(self.profile.z[-1])

    @cached_property
    def _samples(self) -> FloatArray:
        return self.at(np.linspace(0.0, self.profile.length, 257))[:, :2]

    def foot(self, r: float, z: float) -> Foot:
        """Nearest point of the hanging profile to a point (heights over the apex)."""
        total = self.profile.length
        index = int(np.argmin(np.hypot(self._samples[:, 0] - r, self._samples[:, 1] - z)))
        s = index * total / (len(self._samples) - 1)
        for _ in range(20):
            x, y, phi = (float(v) for v in self.at(np.array([s]))[0])
            along = (r - x) * cos(phi) + (z - y) * sin(phi)
            away = (r - x) * sin(phi) - (z - y) * cos(phi)
            bend = self.curvature((x, y, phi))
            before, s = s, min(max(s + along / max(1.0 + bend * away, 0.1), 0.0), total)
            if abs(s - before) < 1e-14 * total:
                break
        return Foot(away, s, x, y, phi, bend)

    def integrals_below(self, s: float) -> tuple[float, float, float]:
        """Volume, first moment about the apex's height and area below a point, mm3, mm4, mm2."""
        nodes, weights = np.polynomial.legendre.leggauss(32)
        r, z, phi = self.at(0.5 * s * (nodes + 1.0)).T
        swept = 0.5 * s * weights * pi * r**2 * np.sin(phi)
        return (
            float(swept.sum()), float(swept @ z), float(0.5 * s * weights @ (2.0 * pi * r))
        )  # fmt: skip


@dataclass(frozen=True)
class Foot:
    """Nearest point of a profile.

    Args:
        distance: Of the point from the profile, negative inside the body, mm.
        s: Arc length from the apex, mm.
        r: Radius of the nearest point, mm.
        z: Its height over the apex, mm.
        phi: Angle of the tangent from +r, radians.
        curvature: Of the meridian, 1/mm.
    """

    distance: float
    s: float
    r: float
    z: float
    phi: float
    curvature: float


@dataclass(frozen=True, eq=False)
class OnProfile:
    """Contact line that slides on the lower side of a frozen drop (upper end of a meniscus).

    Args:
        core: The drop.
        height: Height of its apex, its lowest point, mm; None where it is unknown.
        contact_angle: Through the liquid, degrees.
    """

    core: DropCore
    height: float | None
    contact_angle: float

    slides = True

    def conditions(self, side: Side, state: State, height: float) -> tuple[Condition, Condition]:
        """On the profile, and ``phi`` = its tangent's angle + contact angle."""
        foot = self.core.foot(state[0], state[1] - height)
        normal = (sin(foot.phi), -cos(foot.phi))
        bend = foot.curvature / (1.0 + foot.curvature * foot.distance)
        turn = (bend * cos(foot.phi), bend * sin(foot.phi))
        return (
            Condition(foot.distance, (normal[0], normal[1], 0.0, -normal[1])),
            Condition(
                state[2] - foot.phi - radians(self.contact_angle),
                (-turn[0], -turn[1], 1.0, turn[1]),
            ),
        )

    def closure(self, side: Side, state: State, height: float) -> Closure:
        """The part of the drop below the contact line, which displaces liquid."""
        foot = self.core.foot(state[0], state[1] - height)
        volume, moment, area = self.core.integrals_below(foot.s)
        section = pi * foot.r**2
        along = -section * sin(foot.phi)
        return Closure(
            volume=-volume,
            gradient=(
                along * cos(foot.phi), along * sin(foot.phi), 0.0, -along * sin(foot.phi)
            ),
            moment=-(moment + height * volume),
            wetting=-cos(radians(self.contact_angle)) * area,
        )  # fmt: skip

    def stiffness(self, side: Side, state: State, curvature: float, height: float) -> float:
        """``(k_solid - kappa cos(theta)) / sin(theta)``."""
        foot = self.core.foot(state[0], state[1] - height)
        return line_stiffness(curvature, foot.curvature, self.contact_angle)
