"""Zero-load outlines without gravity: spheres through both rims, arcs at an imposed standoff.

A drop between two pads that carries no force and no weight has a spherical surface: the pull of
the surface tension ``2 pi r gamma sin(phi)`` balances the pressure ``pi r^2 (2 gamma / R)`` on
every cross section. With rims of radii a and b at a distance h its volume is that of the
spherical zone, ``V = pi h (3 a^2 + 3 b^2 + h^2) / 6``.
"""

from __future__ import annotations

from math import pi

from scipy.optimize import brentq

from bumpfem.errors import InputError
from bumpfem.shapes.curves import Arc, Segment, arc_with_volume
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
    return sphere_zone(centre, lower, upper)


def sphere_zone(centre_height: float, start: Point, end: Point) -> Arc:
    """Meridian from ``start`` up to ``end`` of the sphere about (0, ``centre_height``)."""
    return Arc.about((0.0, centre_height), start, end, anticlockwise=True)


def truncated_sphere(lower: Point, upper_radius: float, volume: float) -> Arc:
    """Zero-load outline from the rim ``lower`` to one of ``upper_radius`` above it.

    Args:
        lower: Rim at the board (radius, height).
        upper_radius: Radius of the rim at the interposer, mm.
        volume: Volume between the planes of both rims, mm3.

    Raises:
        InputError: If the volume is too small to bridge the pads.
    """
    if volume <= 0.0:
        raise InputError(
            "joint.solder_volume",
            volume,
            "a volume > 0",
            "mm3",
            "the solder does not even fill the resist openings",
        )
    height = zone_height(lower[0], upper_radius, volume)
    return zone_arc(lower, (upper_radius, lower[1] + height))


def bulge(lower: Point, upper: Point, volume: float, name: str = "joint.standoff") -> Segment:
    """Circular arc between two rims with a given volume, within their two planes.

    Args:
        lower: Rim at the board.
        upper: Rim at the interposer.
        volume: Volume between the planes of both rims, mm3.
        name: Field to blame.

    Raises:
        InputError: If no arc between the rims' planes has this volume, or it would neck off.
    """
    gap = upper[1] - lower[1]
    if gap <= 0.0:
        raise InputError(name, gap, "> 0", "mm", "the rims of both pads would overlap")
    arc = arc_with_volume(lower, upper, volume) if volume > 0.0 else None
    reason = ""
    if arc is None:
        reason = f"no outline {gap:.4g} mm high between these pads holds {volume:.4g} mm3"
    else:
        low, high = arc.height_range
        slack = 1e-9 + 1e-6 * gap
        if low < lower[1] - slack or high > upper[1] + slack:
            reason = f"{volume:.4g} mm3 would be squeezed out beyond the pads at this height"
        elif arc.radius_range[0] < 0.3 * min(lower[0], upper[0]):
            reason = f"{volume:.4g} mm3 is too small to bridge {gap:.4g} mm: it necks off"
    if arc is None or reason:
        natural = zone_height(lower[0], upper[0], volume) if volume > 0.0 else 0.0
        raise InputError(name, f"{gap:.4g} between the rims", f"about {natural:.4g}", "mm", reason)
    return arc
