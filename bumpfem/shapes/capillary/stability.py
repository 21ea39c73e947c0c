"""Which equilibria are stable, and how stiff they are.

A normal displacement ``u(s) cos(m theta)`` of an equilibrium changes its energy, at constant
volume, to second order by (pi, or 2 pi for m = 0) times

``Q = gamma int [r u'^2 + (m^2 / r - r (k1^2 + k2^2)) u^2] ds + w int n_z r u^2 ds + lines``

with the principal curvatures k1, k2, the outward normal's ``n_z = -cos(phi)``, and
``gamma chi r u^2`` for each contact line that slides (chi: :meth:`End.stiffness`). The shape is
stable if Q > 0 for every u that vanishes at pinned lines and, for m = 0, keeps the volume
(``int r u ds = 0``). Modes m >= 2 only add positive terms to m = 1. Two-stage minimisation tells
the rest: with solids that may move, the shape is stable if it is stable with them held fast and
the stiffness of their support by the liquid is positive.

Lateral stiffness: a pad moved sideways by d displaces its line by ``u = d sin(phi)``; the solution
of Q's Euler equation for m = 1 that vanishes at the other pad has, in every section, the same
lateral force ``pi gamma r (u' v - u v')``, where ``v = sin(phi)`` is the rigid translation and a
solution too. With u = v int ds / (r v^2) this is the closed form

``K = pi gamma / int ds / (r sin(phi)^2)``,

for a cylinder ``pi gamma R / H``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import cos, pi, radians, sin
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bumpfem.shapes.capillary.collocation import (
    DEGREE,
    derivative_weights,
    element_weights,
    grid,
)
from bumpfem.shapes.capillary.end_protocol import End, Side
from bumpfem.shapes.capillary.ends import Axis, FarFlat, OnPlane
from bumpfem.shapes.capillary.equations import Constraints, Equations
from bumpfem.shapes.capillary.meridian import Meridian
from bumpfem.shapes.capillary.solve import unknowns_of
from bumpfem.units import FloatArray

#: Margin below which a shape counts as unstable: rigid shifts of a drop on a plane have 0.
NEUTRAL = -1e-5
#: A line at a contact angle closer than this (its sine) to 0 or 180 degrees stays where it is.
TANGENT = 1e-6


@dataclass(frozen=True)
class Margins:
    """Smallest eigenvalues of the second variation, times length^2 / gamma (pure numbers).

    Args:
        axisymmetric: For m = 0, at constant volume.
        lateral: For m = 1.
    """

    axisymmetric: float
    lateral: float

    @property
    def stable(self) -> bool:
        """Whether no displacement lowers the energy."""
        return min(self.axisymmetric, self.lateral) > NEUTRAL


def margins(meridian: Meridian, *, constant_volume: bool = True) -> Margins:
    """Margins of stability with the solids held fast.

    Args:
        meridian: An equilibrium.
        constant_volume: False for a liquid at constant pressure, which may exchange volume.
    """
    return Margins(
        _least_eigenvalue(meridian, 0, constant_volume), _least_eigenvalue(meridian, 1, False)
    )


def second_variation(meridian: Meridian, mode: int) -> FloatArray:
    """Matrix of Q over gamma for the values of u at the nodes, shape (nodes, nodes), without lines.

    Continuous polynomials of degree 4 on each element, integrated at the Gauss-Lobatto nodes.
    """
    elements = meridian.elements
    step = meridian.length / elements
    rows = grid(elements).rows
    local = step * element_weights()
    slopes = derivative_weights() / step
    stiff = (slopes.T * (local * meridian.r[rows])[:, None, :]) @ slopes
    matrix = np.zeros((len(meridian.r), len(meridian.r)))
    for element in range(elements):
        part = slice(DEGREE * element, DEGREE * (element + 1) + 1)
        matrix[part, part] += stiff[element]
    along, around = meridian.curvatures
    weights = meridian.length * grid(elements).weights
    off_axis = np.where(meridian.r > 0.0, meridian.r, np.inf)
    gravity = meridian.liquid.specific_weight / meridian.liquid.surface_tension
    diagonal = mode**2 / off_axis - meridian.r * (along**2 + around**2)
    diagonal -= gravity * np.cos(meridian.phi) * meridian.r
    matrix[np.diag_indices_from(matrix)] += weights * diagonal
    return matrix


def _with_lines(
    meridian: Meridian, matrix: FloatArray, mode: int
) -> tuple[FloatArray, NDArray[np.bool_]]:
    """The matrix with the stiffness of sliding lines, and which nodes are free."""
    nodes = len(meridian.r)
    free = np.ones(nodes, dtype=bool)
    curvature = meridian.curvatures[0]
    sides: tuple[tuple[int, Side, End], ...] = (
        (0, "lower", meridian.lower), (nodes - 1, "upper", meridian.upper),
    )  # fmt: skip
    for (node, side, end), state, height in zip(
        sides, meridian.ends, meridian.heights, strict=True
    ):
        if _is_held(end, node, meridian, mode):
            free[node] = False
        elif end.slides and not isinstance(end, Axis | FarFlat):
            chi = end.stiffness(side, state, float(curvature[node]), height)
            matrix[node, node] += chi * meridian.r[node]
    return matrix, free


def _least_eigenvalue(meridian: Meridian, mode: int, constant_volume: bool) -> float:
    matrix, free = _with_lines(meridian, second_variation(meridian, mode), mode)
    weights = meridian.length * grid(meridian.elements).weights
    mass = weights * np.maximum(meridian.r, 1e-6 * meridian.r.max())
    scale = 1.0 / np.sqrt(mass[free])
    scaled = scale[:, None] * matrix[np.ix_(free, free)] * scale[None, :]
    if constant_volume:
        direction = scale * (weights * meridian.r)[free]
        direction /= np.linalg.norm(direction)
        along = scaled @ direction
        scaled = (
            scaled
            - np.outer(along, direction)
            - np.outer(direction, along)
            + (direction @ along + 10.0 * np.abs(np.diag(scaled)).max())
            * np.outer(direction, direction)
        )
    return float(np.linalg.eigvalsh(scaled)[0]) * meridian.length**2


def _is_held(end: End, node: int, meridian: Meridian, mode: int) -> bool:
    """Whether u vanishes at an end: pinned, on the axis for m = 1, or tangent to its solid."""
    if isinstance(end, Axis):
        return mode > 0
    if not end.slides:
        return True
    angle = getattr(end, "contact_angle", None)
    return angle is not None and sin(radians(angle)) < TANGENT


def lateral_stiffness(meridian: Meridian) -> float:
    """Restoring force over the sideways displacement of a pad, the other solid held, N/mm.

    Zero where a line slides on a plane, which lets the liquid follow the pad. The solution of the
    linear problem m = 1 moves with the pad (u = v = sin(phi) at its rim), vanishes at another rim
    and slides on a ball; the section force at the moved pad is ``pi gamma r (u' v - u v')``.
    """
    ends = (meridian.lower, meridian.upper)
    if any(isinstance(end, Axis | FarFlat | OnPlane) for end in ends):
        return 0.0
    moved = next((node for node, end in ((-1, ends[1]), (0, ends[0])) if not end.slides), None)
    if moved is None:
        return 0.0
    matrix = _with_lines(meridian, second_variation(meridian, 1), 1)[0]
    other = 0 if moved == -1 else -1
    count = len(meridian.r)
    free = np.ones(count, dtype=bool)
    free[moved] = False
    free[other] = not _is_held(ends[other], other, meridian, 1)
    shift = sin(float(meridian.phi[moved]))
    u = np.zeros(count)
    u[moved] = shift
    u[free] = np.linalg.solve(matrix[np.ix_(free, free)], -shift * matrix[free, moved])
    outward = 1.0 if moved == -1 else -1.0
    slope = cos(float(meridian.phi[moved])) * float(meridian.curvatures[0][moved])
    flux = float(matrix[moved] @ u) - outward * float(meridian.r[moved]) * slope
    return pi * meridian.liquid.surface_tension * shift * flux


def axial_stiffness(meridian: Meridian) -> float:
    """Minus the derivative of the force by the upper solid's height at constant volume, N/mm.

    Positive where pushing the solid down raises the force: then a given load is carried stably.
    """
    solid: Any = meridian.upper
    upper: End = replace(solid, height=None)
    constraints = Constraints(volume=meridian.volume, force=meridian.force)
    equations = Equations(
        meridian.lower, upper, meridian.liquid, constraints, meridian.elements, meridian.length
    )
    x = unknowns_of(equations, meridian)
    x[-1] = meridian.heights[1]
    _, jacobian = equations.assemble(x)
    change = np.zeros(equations.unknowns)
    change[-1] = 1.0
    try:
        rise = float(np.linalg.solve(jacobian, change)[-1])
    except np.linalg.LinAlgError:
        return 0.0
    return -2.0 * pi * meridian.liquid.surface_tension / rise if rise else 0.0
