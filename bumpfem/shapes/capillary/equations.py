"""Residual and Jacobian of the collocation equations of a meridian."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray

from bumpfem.errors import InputError
from bumpfem.shapes.capillary.collocation import DEGREE, grid
from bumpfem.shapes.capillary.end_protocol import Closure, End, Side, State
from bumpfem.shapes.capillary.ends import Axis
from bumpfem.shapes.capillary.liquid import Liquid
from bumpfem.units import FloatArray

_SIDES: tuple[tuple[Side, int], ...] = (("lower", 0), ("upper", -1))

#: Components (of f, by which) whose derivatives do not vanish.
DERIVATIVES = ((0, 2), (1, 2), (2, 0), (2, 1), (2, 2))


@cache
def pattern(
    elements: int, unknowns: int
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Places of the collocation entries in the flattened Jacobian.

    Returns:
        Those of the derivatives of f, shape (5, elements, rows, nodes of an element); of the ones
        on the diagonal; and of the minus ones at each element's first node.
    """
    element = np.arange(elements)[:, None, None]
    row = np.arange(DEGREE)[None, :, None]
    node = np.arange(DEGREE + 1)[None, None, :]
    corner = 3 * DEGREE * element
    places = np.stack([
        (corner + 3 * row + of) * unknowns + corner + 3 * node + by for of, by in DERIVATIVES
    ])  # fmt: skip
    part = np.arange(3)[None, None, :]
    lines = (corner + 3 * row + part) * unknowns
    diagonal = lines + corner + 3 * (row + 1) + part
    return places, diagonal.ravel(), (lines + corner + part).ravel()


@dataclass(frozen=True)
class Constraints:
    """What is given besides the ends; as many as needed, the others None.

    Args:
        volume: Volume of the liquid, mm3.
        pressure: Excess pressure at z = 0, MPa.
        force: Upward force on the upper solid, N.
        height: Rise from the lower to the upper end of the meridian, mm.
    """

    volume: float | None = None
    pressure: float | None = None
    force: float | None = None
    height: float | None = None

    @property
    def given(self) -> tuple[tuple[str, float], ...]:
        """Names and values of those that are given."""
        return tuple((name, value) for name, value in vars(self).items() if value is not None)


class Equations:
    """Collocation equations of one meridian.

    Unknowns: (r, z, phi) at the nodes, length, pressure over gamma, and the height of the solid
    whose height is not given. Rows: collocation, two conditions at each end, constraints; all of
    them in mm or radians.

    Args:
        lower: End at which the meridian starts.
        upper: End at which it stops.
        liquid: Surface tension and weight.
        constraints: What else is given.
        elements: Number of collocation elements.
        size: Typical length that scales the rows of the constraints, mm.

    Raises:
        InputError: If there are too few or too many constraints.
    """

    def __init__(
        self,
        lower: End,
        upper: End,
        liquid: Liquid,
        constraints: Constraints,
        elements: int,
        size: float,
    ) -> None:
        self.ends = (lower, upper)
        self.liquid, self.constraints, self.size = liquid, constraints, size
        self.grid = grid(elements)
        free = sum(end.height is None for end in self.ends)
        if free > 1:
            raise InputError("height", None, "a given height at one end at least", "mm")
        names = [name for name, _ in constraints.given]
        if len(names) != 1 + free:
            raise InputError(
                "constraints", names or "none", f"{1 + free} of volume, pressure, force, height",
                reason="one, and one more where the height of an end is unknown",
            )  # fmt: skip
        self.weight = liquid.specific_weight / liquid.surface_tension
        self.nodes = self.grid.nodes
        self.unknowns = 3 * self.nodes + 2 + free
        self._on_axis = np.zeros(self.nodes, dtype=bool)
        for node, end in zip((0, -1), self.ends, strict=True):
            self._on_axis[node] = isinstance(end, Axis)

    def heights(self, x: FloatArray) -> tuple[float, float]:
        """Heights of the lower and the upper solid, mm."""
        lower, upper = (float(x[-1]) if e.height is None else e.height for e in self.ends)
        return lower, upper

    def assemble(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Residual, shape (n,), and Jacobian, shape (n, n), at the unknowns x."""
        y = x[: 3 * self.nodes].reshape(self.nodes, 3)
        residual = np.zeros(self.unknowns)
        jacobian = np.zeros((self.unknowns, self.unknowns))
        self._collocate(y, x, residual, jacobian)
        row = 3 * (self.nodes - 1)
        heights = self.heights(x)
        closures: list[Closure] = []
        for (side, node), end, height in zip(_SIDES, self.ends, heights, strict=True):
            state: State = (float(y[node, 0]), float(y[node, 1]), float(y[node, 2]))
            for condition in end.conditions(side, state, height):
                residual[row] = condition.value
                self._scatter(jacobian[row], node, condition.gradient, end)
                row += 1
            closures.append(end.closure(side, state, height))
        for name, value in self.constraints.given:
            residual[row] = getattr(self, f"_{name}")(y, x, closures, value, jacobian[row])
            row += 1
        return residual, jacobian

    def slopes(self, y: FloatArray, pressure: float) -> FloatArray:
        """Right-hand side (cos phi, sin phi, dphi/ds) at the nodes, shape (nodes, 3)."""
        total = pressure - self.weight * y[:, 1]
        sine = np.sin(y[:, 2])
        radius = np.where(self._on_axis, 1.0, y[:, 0])
        turn = np.where(self._on_axis, 0.5 * total, total - sine / radius)
        return np.column_stack((np.cos(y[:, 2]), sine, turn))

    def _collocate(
        self, y: FloatArray, x: FloatArray, residual: FloatArray, jacobian: FloatArray
    ) -> None:
        """Rows ``y_j - y_0 - L h sum_k A_jk f_k`` of all elements."""
        nodes, rows, table = self.nodes, self.grid.rows, self.grid.integration
        length, pressure = float(x[3 * nodes]), float(x[3 * nodes + 1])
        on_axis = self._on_axis
        f = self.slopes(y, pressure)
        sums = table @ f[rows]
        count = 3 * (nodes - 1)
        residual[:count] = (y[rows[:, 1:]] - y[rows[:, :1]] - length * sums).reshape(-1)
        places, diagonal, first = pattern(self.grid.elements, self.unknowns)
        entries = jacobian.reshape(-1)
        entries[diagonal], entries[first] = 1.0, -1.0
        derivatives = self._derivatives(y, f)
        entries[places] += (-length * table) * derivatives[:, rows][:, :, None, :]
        jacobian[:count, 3 * nodes] = -sums.reshape(-1)
        by_pressure = -length * (np.where(on_axis, 0.5, 1.0)[rows] @ table.T)
        jacobian[2:count:3, 3 * nodes + 1] = by_pressure.reshape(-1)

    def _derivatives(self, y: FloatArray, f: FloatArray) -> FloatArray:
        """Those of f that do not vanish, in the order of ``DERIVATIVES``, shape (5, nodes)."""
        on_axis = self._on_axis
        radius = np.where(on_axis, 1.0, y[:, 0])
        found = np.empty((len(DERIVATIVES), self.nodes))
        found[0], found[1] = -f[:, 1], f[:, 0]
        found[2] = np.where(on_axis, 0.0, f[:, 1] / radius**2)
        found[3] = np.where(on_axis, -0.5, -1.0) * self.weight
        found[4] = np.where(on_axis, 0.0, -f[:, 0] / radius)
        return found

    def _scatter(
        self, row: FloatArray, node: int, gradient: tuple[float, ...], end: End, factor: float = 1.0
    ) -> None:
        """Add derivatives by (r, z, phi, height) of an end to a row of the Jacobian."""
        first = 0 if node == 0 else 3 * (self.nodes - 1)
        for offset in range(3):
            row[first + offset] += factor * gradient[offset]
        if end.height is None:
            row[-1] += factor * gradient[3]

    def _volume(
        self, y: FloatArray, x: FloatArray, closures: list[Closure], value: float, row: FloatArray
    ) -> float:
        """(Swept volume + closures - value) / (pi size^2)."""
        nodes = self.nodes
        length = float(x[3 * nodes])
        scale = 1.0 / (pi * self.size**2)
        r, sine, cosine = y[:, 0], np.sin(y[:, 2]), np.cos(y[:, 2])
        weights = self.grid.weights
        integral = float(weights @ (r * r * sine))
        row[0 : 3 * nodes : 3] = scale * pi * length * weights * 2.0 * r * sine
        row[2 : 3 * nodes : 3] = scale * pi * length * weights * r * r * cosine
        row[3 * nodes] = scale * pi * integral
        total = pi * length * integral
        for node, end, closure in zip((0, -1), self.ends, closures, strict=True):
            total += closure.volume
            self._scatter(row, node, closure.gradient, end, scale)
        return scale * (total - value)

    def _force(
        self, y: FloatArray, x: FloatArray, closures: list[Closure], value: float, row: FloatArray
    ) -> float:
        """(Force on the upper solid - value) / (2 pi gamma)."""
        nodes = self.nodes
        r, z, phi = (float(v) for v in y[-1])
        total = float(x[3 * nodes + 1]) - self.weight * z
        force = 0.5 * r * r * total - r * sin(phi)
        gradient = (r * total - sin(phi), -0.5 * r * r * self.weight, -r * cos(phi), 0.0)
        self._scatter(row, -1, gradient, self.ends[1])
        row[3 * nodes + 1] += 0.5 * r * r
        buoyancy = -self.weight / (2.0 * pi)
        self._scatter(row, -1, closures[1].gradient, self.ends[1], buoyancy)
        force += buoyancy * closures[1].volume
        return force - value / (2.0 * pi * self.liquid.surface_tension)

    def _pressure(
        self, y: FloatArray, x: FloatArray, closures: list[Closure], value: float, row: FloatArray
    ) -> float:
        """(Pressure - value) size^2 / gamma."""
        row[3 * self.nodes + 1] = self.size**2
        wanted = value / self.liquid.surface_tension
        return self.size**2 * (float(x[3 * self.nodes + 1]) - wanted)

    def _height(
        self, y: FloatArray, x: FloatArray, closures: list[Closure], value: float, row: FloatArray
    ) -> float:
        """Rise of the meridian - value."""
        row[1], row[3 * self.nodes - 2] = -1.0, 1.0
        return float(y[-1, 1] - y[0, 1]) - value
