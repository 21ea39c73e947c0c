"""Hardened resin on the crown of an anchored ball, before it is taken off.

Liquid resin that has been spread over balls, or balls that were dipped, leave a film on the crown.
It is drawn with one thickness, from the meniscus down the joint's side. The part of the crown next
to the board's pad stays bare: in the cell of the mounted joint there is no room for it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.optimize import brentq

from bumpfem.errors import InputError
from bumpfem.shapes.curves import Line
from bumpfem.shapes.outline import Body, JointShape
from bumpfem.shapes.points import Point
from bumpfem.shapes.spline import Spline
from bumpfem.units import FloatArray

#: Part of the height between the board's rim and the contact ring that stays bare.
BARE_SHARE = 0.25
#: Points on the covered part of the outline.
SAMPLES = 1025
#: Angle between points of the face around the contact ring, radians.
TURN = 0.15
#: Nodes of the film's outer face.
NODES = 41


def with_crown_resin(shape: JointShape, thickness: float) -> JointShape:
    """A joint's shape with the region ``resin_crown`` on the side of its crown.

    Args:
        shape: Shape of an anchored joint.
        thickness: Thickness of the film, mm.

    Raises:
        InputError: If there is no resin, or no room for a film of this thickness.
    """
    field = "joint.anchor.crown_film_thickness"
    resins = [body for body in shape.bodies if body.region == "resin"]
    if not resins or not isinstance(resins[0].loop[0], Spline):
        raise InputError(
            field, thickness, "no value", "mm", "a joint without anchor has no film of its resin"
        )
    resin, meniscus = resins[0], resins[0].loop[0]
    ring, rim = meniscus.start, shape.outline.start
    low = rim[1] + BARE_SHARE * (ring[1] - rim[1])
    below, _ = shape.outline.split_at_height(ring[1])
    _, covered = below.split_at_height(low)
    limit = 0.5 * (low - rim[1])
    if not 0.0 < thickness < limit:
        raise InputError(field, thickness, f"above 0, below {limit:.4g}", "mm")
    points = np.vstack([segment.points(SAMPLES) for segment in covered.reversed().segments])
    points = points[np.concatenate([[True], np.any(np.diff(points, axis=0) != 0.0, axis=1)])]
    share, first = _start(meniscus, points, thickness, field)
    near, far = meniscus.split(share)
    outer = points + thickness * _normals(points)
    chosen = np.linspace(first, len(points) - 1, NODES).round().astype(int)
    face = Spline(_face(near.end, points[first], outer[chosen]))
    film = Body("resin_crown", (
        Line(covered.start, face.end), *(face.reversed(), near.reversed()),
        *covered.reversed().segments,
    ))  # fmt: skip
    bodies = [
        replace(body, loop=(near, far, *body.loop[1:])) if body is resin else body
        for body in shape.bodies
    ]
    note = f"the mesh holds {thickness:.3g} mm of resin on the side of the crown, to be removed"
    return replace(shape, bodies=(*bodies, film), notes=(*shape.notes, note))


def _face(start: Point, foot: FloatArray, outer: FloatArray) -> tuple[Point, ...]:
    """Outer face: around the contact ring from the meniscus, then along the crown.

    Args:
        start: Where it begins on the meniscus.
        foot: The crown's nearest point.
        outer: Points at the film's thickness from the crown, from there on.
    """
    first, last = np.array(start) - foot, outer[0] - foot
    begin, end = np.arctan2(first[1], first[0]), np.arctan2(last[1], last[0])
    turn = (end - begin + np.pi) % (2.0 * np.pi) - np.pi
    count = round(abs(turn) / TURN)
    angles = begin + turn * np.arange(1, count) / max(count, 1)
    around = foot + np.hypot(*last) * np.column_stack([np.cos(angles), np.sin(angles)])
    along = outer if count else outer[1:]
    return (start, *((float(r), float(z)) for r, z in np.vstack([around, along])))


def _normals(points: FloatArray) -> FloatArray:
    """Unit normals away from the axis of a curve that runs downward, shape (n, 2)."""
    tangent = np.gradient(points, axis=0)
    normals = np.column_stack([-tangent[:, 1], tangent[:, 0]])
    return np.asarray(normals / np.linalg.norm(normals, axis=1)[:, None])


def _start(meniscus: Spline, points: FloatArray, thickness: float, field: str) -> tuple[float, int]:
    """Where the film's face meets the meniscus: its share of it, and the nearest outline point.

    Raises:
        InputError: If the meniscus is nowhere that far from the crown.
    """

    def excess(share: float) -> float:
        r, z = meniscus.at(share)
        return float(np.hypot(points[:, 0] - r, points[:, 1] - z).min()) - thickness

    shares = np.linspace(0.0, 1.0, 129)
    beyond = [float(share) for share in shares if excess(float(share)) > 0.0]
    if not beyond:
        raise InputError(field, thickness, "less", "mm", "the film is thicker than the fillet")
    share = float(brentq(excess, max(beyond[0] - shares[1], 0.0), beyond[0], xtol=1e-12))
    r, z = meniscus.at(share)
    return share, int(np.argmin(np.hypot(points[:, 0] - r, points[:, 1] - z)))
