"""Outlines without load and gravity: spheres through both rims.

A drop between two pads that carries no force and no weight has a spherical surface: the pull of
the surface tension ``2 pi r gamma sin(phi)`` balances the pressure ``pi r^2 (2 gamma / R)`` on
every cross section. With rims of radii a and b at a distance h its volume is that of the
spherical zone, ``V = pi h (3 a^2 + 3 b^2 + h^2) / 6``.
"""

from __future__ import annotations

from math import pi

from scipy.optimize import brentq

from bumpfem.shapes.curves import Arc
from bumpfem.shapes.points import Point


def ball_volume(diameter: float) -> float:
    """Volume of a ball, mm3."""
    return pi * diameter**3 / 6.0


def zone_volume(lower: float, upper: float, height: float) -> float:
    """Volume of a spherical zone between circles of radii ``lower`` and ``upper``, mm3.

    >>> round(zone_volume(0.0, 0.0, 2.0) / ball_volume(2.0), 12)
    1.0
    """
    return pi * height * (3.0 * lower**2 + 3.0 * upper**2 + height**2) / 6.0


def zone_height(lower: float, upper: float, volume: float) -> float:
    """Height of the spherical zone of given volume: the positive root of its cubic, mm."""
    bound = (6.0 * volume / pi) ** (1.0 / 3.0)
    root = brentq(
        lambda h: zone_volume(lower, upper, h) - volume, 0.0, bound, xtol=1e-15, rtol=8.9e-16
    )
    return float(root)


def zone_arc(lower: Point, upper: Point) -> Arc:
    """Meridian of the sphere, centred on the axis, through two rims."""
    (a, z0), (b, z1) = lower, upper
    height = z1 - z0
    centre = z0 + (height**2 + b**2 - a**2) / (2.0 * height)
    return Arc.about((0.0, centre), lower, upper, anticlockwise=True)
