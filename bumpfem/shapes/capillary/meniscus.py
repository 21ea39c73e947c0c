r"""Liquid resin around the balls of an array: how high it climbs and what it leaves between them.

Picture: the substrate is the plane z = 0 with the balls standing up, as in dispensing. The cell of
a square array of pitch P is replaced by the round one of equal area, :math:`R = P / \sqrt{\pi}`;
symmetry makes the surface level at its edge. Between there and the ball, Young-Laplace holds with
the contact angle on the ball, and the volume dispensed per cell is given.

- ``merged``: neighbouring menisci meet; the layer has a thickness midway.
- ``isolated``: too little resin for that; each ball keeps a fillet that ends on the substrate at
  the contact angle there, and the substrate is dry midway.

A repellent coat on the crown holds the contact line at its edge: the angle there may be anything
between that on the bare ball and the one on the coat.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot, pi, radians, sin, sqrt
from typing import Literal

import numpy as np
from scipy.optimize import brentq

from bumpfem.errors import ConvergenceError, InputError
from bumpfem.shapes.capillary.liquid import Liquid
from bumpfem.shapes.capillary.meridian import Meridian
from bumpfem.shapes.capillary.resin_surface import angle_on, isolated, merged
from bumpfem.shapes.capillary.stability import margins
from bumpfem.shapes.capillary.standing_ball import StandingBall
from bumpfem.shapes.checks import check_kind, check_number
from bumpfem.shapes.drawing import PLATE, Patch, Section, liquid_patch, plate_patch

__all__ = [
    "ResinMeniscus",
    "StandingBall",
    "cell_radius",
    "meniscus_of_thickness",
    "resin_meniscus",
]


@dataclass(frozen=True)
class ResinMeniscus(Section):
    """Resin around one ball.

    Attributes:
        regime: ``merged`` or ``isolated``.
        pinned: The contact line is held by the edge of the repellent coat.
        curve: The surface from the cell's edge (or its foot on the substrate) to the ball.
        ball: The ball.
        cell_radius: Radius of the round cell, mm.
        contact_angle: Angle on the ball, degrees; where pinned, the one that results.
        volume: Resin per cell, mm3.
        dry_thickness: A level layer thinner than this is stable only against small disturbances
            on a substrate with this contact angle, ``2 a sin(theta / 2)`` (a: capillary length);
            dust or a hole wider than its thickness makes it retreat, mm.
    """

    regime: Literal["merged", "isolated"]
    pinned: bool
    curve: Meridian
    ball: StandingBall
    cell_radius: float
    contact_angle: float
    volume: float
    dry_thickness: float

    @property
    def contact_height(self) -> float:
        """Height of the contact line on the ball, mm."""
        return float(self.curve.z[-1])

    @property
    def contact_radius(self) -> float:
        """Radius of the contact line on the ball, mm."""
        return float(self.curve.r[-1])

    @property
    def thickness(self) -> float:
        """Thickness midway between balls (at the cell's edge), mm; 0 where it is dry."""
        return float(self.curve.z[0]) if self.regime == "merged" else 0.0

    @property
    def foot_radius(self) -> float:
        """Radius out to which resin covers the substrate, mm."""
        return self.cell_radius if self.regime == "merged" else float(self.curve.r[0])

    @property
    def metastable(self) -> bool:
        """Whether a hole in the layer would grow."""
        return self.regime == "merged" and self.thickness < self.dry_thickness

    def patches(self) -> list[Patch]:
        """Substrate, ball and resin within the round cell, for a picture."""
        ball, outer = self.ball, self.cell_radius
        under = np.linspace(self.contact_height, ball.bottom, 65)
        wetted = [(ball.radius_at(z), z) for z in under.tolist()]
        floor = [(wetted[-1][0], 0.0), (self.foot_radius, 0.0)]
        around = np.linspace(ball.top, ball.bottom, 129)
        crown = np.array([(ball.radius_at(z), z) for z in around.tolist()])
        return [
            plate_patch("substrate", 0.0, outer, 0.0, -2.0 * PLATE * outer),
            Patch("resin", np.vstack((self.curve.points(257), wetted, floor))),
            liquid_patch(crown, "solder"),
        ]

    @property
    def caption(self) -> str:
        """What stands below the picture."""
        between = f"{self.thickness:.3g} mm midway" if self.regime == "merged" else "dry midway"
        return f"contact {self.contact_height:.4g} mm high, {between}"


def cell_radius(pitch: float) -> float:
    """Radius of the round cell of equal area, mm.

    >>> round(cell_radius(1.0), 6)
    0.56419
    """
    return pitch / sqrt(pi)


def resin_meniscus(
    ball: StandingBall,
    liquid: Liquid,
    *,
    volume: float,
    pitch: float,
    contact_angle: float,
    substrate_angle: float = 0.0,
    coat_edge: float | None = None,
    coat_angle: float = 180.0,
) -> ResinMeniscus:
    """Equilibrium of the resin dispensed around each ball of an array.

    Args:
        ball: The ball on its substrate.
        liquid: Surface tension and weight of the resin.
        volume: Resin per cell, mm3.
        pitch: Pitch of the array, mm.
        contact_angle: Of the resin on the ball, degrees.
        substrate_angle: Of the resin on the substrate, degrees.
        coat_edge: Height above which a repellent coat covers the ball, mm; None without coat.
        coat_angle: Contact angle of the resin on the coat, degrees.

    Returns:
        The merged layer where there is one, else the isolated fillet.

    Raises:
        InputError: If resin covers the ball, climbs over the coat, finds no place, or would gather
            on one side of the ball.
    """
    _check(ball, liquid, pitch, contact_angle, substrate_angle, coat_edge)
    check_number("volume", volume, "mm3", above=0.0)
    check_number("coat_angle", coat_angle, "deg", above=0.0, most=180.0)
    outer = cell_radius(pitch)
    try:
        curve = merged(ball, liquid, volume, outer, contact_angle, coat_edge)
    except ConvergenceError:
        curve = None
    if curve is not None and curve.z[0] > 0.0 and curve.z[-1] > 0.0:
        regime: Literal["merged", "isolated"] = "merged"
    else:
        regime = "isolated"
        curve = isolated(ball, liquid, volume, outer, contact_angle, substrate_angle, coat_edge)
    if not margins(curve).stable:
        raise InputError(
            "contact_angle", contact_angle, "a resin that wets ball and substrate better",
            "deg", "the fillet would gather on one side of the ball",
        )  # fmt: skip
    pinned = coat_edge is not None and curve.z[-1] > coat_edge - 1e-12
    _check_surface(curve, ball, volume)
    angle = angle_on(ball, curve)
    if pinned and angle > coat_angle + 1e-7:
        raise InputError(
            "coat_edge", coat_edge, "a higher edge, or less resin", "mm",
            f"the resin would climb on the coat: {angle:.0f} degrees at its edge, the"
            f" coat holds {coat_angle:.0f}",
        )  # fmt: skip
    length = liquid.capillary_length
    dry = 2.0 * length * sin(radians(0.5 * substrate_angle)) if substrate_angle > 0.0 else 0.0
    return ResinMeniscus(regime, pinned, curve, ball, outer, angle, volume, dry)


def meniscus_of_thickness(
    ball: StandingBall,
    liquid: Liquid,
    *,
    thickness: float,
    pitch: float,
    contact_angle: float,
    substrate_angle: float = 0.0,
) -> ResinMeniscus:
    """The merged layer of a wanted thickness midway: its volume is what has to be dispensed.

    Args:
        ball: The ball on its substrate.
        liquid: Surface tension and weight of the resin.
        thickness: Thickness midway between balls, mm.
        pitch: Pitch of the array, mm.
        contact_angle: Of the resin on the ball, degrees.
        substrate_angle: Of the resin on the substrate, degrees.

    Raises:
        InputError: If no layer of this thickness leaves the ball's crown free.
    """
    _check(ball, liquid, pitch, contact_angle, substrate_angle, None)
    check_number(
        "thickness", thickness, "mm", above=0.0, below=ball.top,
        reason="the layer leaves the ball's crown free",
    )  # fmt: skip
    area = pi * cell_radius(pitch) ** 2
    level = area * thickness - ball.volume_below(max(thickness, ball.bottom))

    def made(volume: float) -> ResinMeniscus:
        return resin_meniscus(
            ball, liquid, volume=volume, pitch=pitch, contact_angle=contact_angle,
            substrate_angle=substrate_angle,
        )  # fmt: skip

    low = high = level
    step = 0.1 * level
    for _ in range(30):
        if made(low).thickness <= thickness:
            break
        low -= min(step, 0.5 * low)
    for _ in range(30):
        if made(high).thickness >= thickness:
            break
        high += step
    volume = brentq(lambda v: made(v).thickness - thickness, low, high, xtol=1e-15)
    return made(float(volume))


def _check(
    ball: StandingBall,
    liquid: Liquid,
    pitch: float,
    contact_angle: float,
    substrate_angle: float,
    coat_edge: float | None,
) -> None:
    """Refuse what cannot be, whatever the volume."""
    check_kind("ball", ball, StandingBall)
    check_kind("liquid", liquid, Liquid)
    for field, angle in (("contact_angle", contact_angle), ("substrate_angle", substrate_angle)):
        check_number(field, angle, "deg", least=0.0, below=180.0)
    check_number(
        "pitch", pitch, "mm", above=ball.radius * sqrt(pi),
        reason="the round cell of equal area holds the ball",
    )  # fmt: skip
    if coat_edge is not None:
        check_number(
            "coat_edge", coat_edge, "mm", above=ball.bottom, below=ball.top,
            reason="the coat ends on the ball",
        )  # fmt: skip


def _check_surface(curve: Meridian, ball: StandingBall, volume: float) -> None:
    """Refuse a surface that runs through the ball or covers it."""
    if curve.z[-1] > ball.top - 1e-6 * ball.radius:
        raise InputError("volume", volume, "less", "mm3", "resin would cover the ball")
    for r, z in curve.points(201)[1:-1]:
        if hypot(r, z - ball.centre) < ball.radius * (1.0 - 1e-9):
            raise InputError(
                "contact_angle", angle_on(ball, curve), "a smaller contact angle",
                "deg", "the meniscus would run through the ball",
            )  # fmt: skip
