"""Menisci at the ends of a joint whose middle is a solid body: fillets between a rim and a ball."""

from __future__ import annotations

from math import pi

from bumpfem.shapes.capillary.meridian import SPLINE_NODES, Meridian
from bumpfem.shapes.curves import Arc
from bumpfem.shapes.points import Point
from bumpfem.shapes.spline import Spline

#: Contact angle of solder on a core whose belt it leaves bare, degrees.
CONTACT_ANGLE = 30.0


def core_arc(radius: float, centre: float, start: float = 0.5 * pi, end: float = -0.5 * pi) -> Arc:
    """Meridian of the core, clockwise from polar angle ``start`` (default: upper pole)."""
    return Arc((0.0, centre), radius, start, end)


def placed(
    meridian: Meridian, base: float, *, start: Point | None = None, end: Point | None = None
) -> Spline:
    """A meridian as a segment of an outline.

    Args:
        meridian: Free surface; heights count from ``base``.
        base: Height of its frame, mm.
        start: Exact first point, where it is known; None: the meridian's own.
        end: Exact last point.
    """
    nodes: list[Point] = [(float(r), float(z) + base) for r, z in meridian.points(SPLINE_NODES)]
    nodes[0] = start or nodes[0]
    nodes[-1] = end or nodes[-1]
    return Spline(tuple(nodes))
