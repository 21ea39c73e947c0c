"""First guesses of a bridge between a pad and a ball: arcs of about its volume."""

from __future__ import annotations

from math import cos, pi, radians, sin

import numpy as np

from bumpfem.shapes.capillary.curved_ends import OnSphere
from bumpfem.shapes.capillary.guesses import ArcGuess
from bumpfem.shapes.points import Point

#: Arcs tried, those of about the right volume first.
MOST_ARCS = 6


def bridge_arcs(
    sphere: OnSphere, volume: float, rim: float | None, pad_angle: float
) -> list[ArcGuess]:
    """Arcs from rim or pad that meet the ball at its contact angle, the best first.

    Args:
        sphere: The ball.
        volume: Volume of the bridge, mm3.
        rim: Radius of the rim that holds the line, mm; None where it lies on the pad.
        pad_angle: Contact angle there, degrees.
    """
    angles = np.radians([*np.arange(4.0, 12.0, 1.0), *np.arange(12.0, 150.0, 4.0)])
    arcs = []
    for angle in angles.tolist():
        arc = _plane_arc(pad_angle, sphere, angle) if rim is None else _rim_arc(rim, sphere, angle)
        if arc is not None:
            arcs.append((abs(_volume_below(arc, sphere) - volume), arc))
    arcs.sort(key=lambda pair: pair[0])
    return [arc for _, arc in arcs[:MOST_ARCS]]


def _foot(sphere: OnSphere, angle: float) -> Point | None:
    """Point of the body at an angle from the lower pole; None where it is under pad or face."""
    centre = sphere.height or 0.0
    foot: Point = (sphere.radius * sin(angle), centre - sphere.radius * cos(angle))
    return foot if foot[1] > max(0.0, sphere.closes_at or 0.0) else None


def _rim_arc(pad_radius: float, sphere: OnSphere, angle: float) -> ArcGuess | None:
    """Arc from the rim to the foot at an angle from the lower pole."""
    foot = _foot(sphere, angle)
    if foot is None:
        return None
    chord = float(np.arctan2(foot[1], foot[0] - pad_radius))
    turn = angle + radians(sphere.contact_angle) - chord
    return ArcGuess((pad_radius, 0.0), foot, turn) if abs(turn) < radians(130.0) else None


def _plane_arc(pad_angle: float, sphere: OnSphere, angle: float) -> ArcGuess | None:
    """Arc to the same foot that leaves the pad at its contact angle."""
    foot = _foot(sphere, angle)
    first, last = pi - radians(pad_angle), angle + radians(sphere.contact_angle)
    chord = 0.5 * (first + last)
    if foot is None or not 0.05 < chord < pi - 0.05:
        return None
    start = foot[0] - foot[1] / float(np.tan(chord))
    return ArcGuess((start, 0.0), foot, 0.5 * (last - first)) if start > 0.0 else None


def _volume_below(arc: ArcGuess, sphere: OnSphere) -> float:
    """Volume between arc, pad and body, mm3."""
    centre = sphere.height or 0.0
    states = arc.states(np.linspace(0.0, 1.0, 41))
    swept = float(np.trapezoid(pi * states[:, 0] ** 2, states[:, 1]))
    lowest = -sphere.radius if sphere.closes_at is None else sphere.closes_at - centre
    return swept - _dipped(sphere.radius, arc.end[1] - centre) + _dipped(sphere.radius, lowest)


def _dipped(radius: float, up: float) -> float:
    """Volume of a sphere between its equator and a plane ``up`` over it, mm3."""
    return pi * (radius**2 * up - up**3 / 3.0)
