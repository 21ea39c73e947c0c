r"""How much of a partly melted ball a heating melts, and whether that leaves it its neck.

A ball conducts so well that it has one temperature; of solder that melts between :math:`T_s` and
:math:`T_l` the fraction :math:`f = (T - T_s)/(T_l - T_s)` is then molten at the highest temperature
:math:`T`. What stays solid carries head and neck: a ball that melts wholly is a drop without
either, when it is attached and again when its package is mounted.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import pi

import numpy as np

from bumpfem.design import Joint
from bumpfem.design.neck import MELTED_TOLERANCE, Neck
from bumpfem.process.heated_run import HeatedStage
from bumpfem.process.reflow_cell import SOLDER
from bumpfem.process.reflow_outcome import MOLTEN
from bumpfem.process.thermal_history import ThermalHistory
from bumpfem.shapes.attached import AttachedShape
from bumpfem.shapes.outline import Outline
from bumpfem.units import FloatArray

#: Foot and head of a ball, with their words.
_ENDS = (
    ("solder_layer_interposer", "at the interposer"), ("solder_layer_board", "at its other end"),
)  # fmt: skip
#: Heights at which two shapes are compared, and points of each piece of their outlines.
_HEIGHTS, _POINTS = 2001, 257


def melted_share(history: ThermalHistory, melting: Sequence[str]) -> float:
    """Largest part of the solder that is molten at one time."""
    return float(history.melted(melting).max())


def neck_faults(
    neck: Neck,
    stage: HeatedStage,
    history: ThermalHistory,
    melting: Sequence[str],
    span: tuple[float, float],
) -> list[str]:
    """Why a heating leaves no necked joint: nothing melts, or all of it.

    Args:
        neck: The neck as designed.
        stage: ``attach`` or ``mount``.
        history: Temperatures.
        melting: Regions of solder.
        span: Solidus and liquidus, degrees C.
    """
    melted = melted_share(history, melting)
    if 1.0 - MOLTEN < melted < MOLTEN:
        return []
    if melted >= MOLTEN:
        lost = "leaves no neck" if stage == "attach" else "loses the neck that it was attached with"
        what = f"the whole ball melts ({melted:.3f} of it), which {lost}"
    else:
        what = f"the ball does not melt ({melted:.3f} of it)"
    cell = float(history.mean(list(history.regions)).max())
    solder = float(history.highest(melting).max())
    return [
        f"{what}: the neck asks for {neck.melted_fraction:g} +- {MELTED_TOLERANCE:g}; the cell "
        f"peaks at {cell:.1f} degC, its solder, which melts from {span[0]:g} to {span[1]:g} degC, "
        f"at {solder:.1f} degC; give another `oven` or `programme`, or neither: then an oven is "
        "sought that melts this much"
    ]


def neck_remarks(
    neck: Neck, stage: HeatedStage, history: ThermalHistory, melting: Sequence[str]
) -> tuple[str, ...]:
    """How much of the ball melts, beside what its design asks for.

    Args:
        neck: The neck as designed.
        stage: ``attach`` or ``mount``.
        history: Temperatures.
        melting: Regions of solder.
    """
    melted, wanted = melted_share(history, melting), neck.melted_fraction
    again = "" if stage == "attach" else " again"
    ends = [
        f"{float(history.regions[name].melted.max()):.3f} {words}"
        for name, words in _ENDS
        if name in melting
    ]
    where = f" ({', '.join(ends)})" if ends else ""
    found = f"{melted:.3f} of the ball melts{again}{where}"
    if abs(melted - wanted) <= MELTED_TOLERANCE:
        return (f"{found}, the neck asks for {wanted:g}",)
    result = "thinner" if melted < wanted else "thicker and lower"
    return (
        f"{found}, not the {wanted:g} +- {MELTED_TOLERANCE:g} that the neck asks for: it would be "
        f"{result}; the shape is that of the design",
    )


def neck_notes(joint: Joint, shape: AttachedShape, history: ThermalHistory) -> list[str]:
    """What the partial melting of a necked joint in its mounting means; nothing for other joints.

    Args:
        joint: The joint.
        shape: It before and after mounting.
        history: Temperatures of the mounting.
    """
    if joint.neck is None:
        return []
    melted = melted_share(history, [name for name in SOLDER if name in history.regions])
    moved = moved_share(shape, joint.ball_volume)
    found = f"mounting moves {moved:.3f} of the ball from its end to its sides"
    enough = f"{melted:.3f} of it melts"
    if moved > melted:
        enough = f"only {enough}: it is joined to less of the board's pad than is drawn"
    return [
        "from its solidus up the solder carries no load, melted or not: the part that does not "
        "melt loses its stress and hardening too, and keeps its shape",
        f"{found}, {enough}",
    ]


def moved_share(shape: AttachedShape, ball_volume: float) -> float:
    r"""Part of the ball's volume that mounting moves, by the difference of both shapes.

    With the radii :math:`r_m, r_a` of the mounted and the attached outline at a height,

    .. math:: \frac{1}{V} \int \pi \max(r_m^2 - r_a^2, 0)\, dz .

    Args:
        shape: A necked joint before and after mounting; both outlines rise from board to neck.
        ball_volume: Volume V, mm3.
    """
    after, before = _meridian(shape.mounted.outline), _meridian(shape.outline)
    z = np.linspace(shape.mounted.outline.start[1], before[-1, 1], _HEIGHTS)
    gained = [np.interp(z, line[:, 1], line[:, 0], left=0.0) ** 2 for line in (after, before)]
    more = pi * np.maximum(gained[0] - gained[1], 0.0)
    return float(np.trapezoid(more, z)) / ball_volume


def _meridian(outline: Outline) -> FloatArray:
    """(n, 2) radii and increasing heights of an outline, mm."""
    return np.vstack([segment.points(_POINTS) for segment in outline.segments])
