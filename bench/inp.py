"""Meshes of second-order tetrahedra in CalculiX's input format."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class InpMesh:
    """What a mesh file says.

    Attributes:
        nodes: Coordinates by node number.
        elements: Node numbers ``(10,)`` by element number.
        element_sets: Element numbers by (lower case) name.
        node_sets: Node numbers by (lower case) name.
    """

    nodes: dict[int, FloatArray]
    elements: dict[int, IntArray]
    element_sets: dict[str, IntArray]
    node_sets: dict[str, IntArray]

    def point_volumes(self, elements: IntArray) -> FloatArray:
        """Volume ``(n, 4)`` that each integration point of C3D10 elements stands for.

        Points in CalculiX's order: (a, a, a), (b, a, a), (a, b, a), (a, a, b) in the reference
        tetrahedron, with a = (5 - sqrt 5)/20 and b = 1 - 3 a, each weight 1/24.
        """
        a = (5.0 - np.sqrt(5.0)) / 20.0
        b = 1.0 - 3.0 * a
        slopes = _shape_derivatives(np.array([[a, a, a], [b, a, a], [a, b, a], [a, a, b]]))
        corners = np.array([[self.nodes[n] for n in self.elements[e]] for e in elements.tolist()])
        jacobian = np.einsum("qnj,cni->cqij", slopes, corners)
        return np.asarray(np.abs(np.linalg.det(jacobian)) / 24.0)


def _shape_derivatives(points: FloatArray) -> FloatArray:
    """Derivatives ``(q, 10, 3)`` of the shape functions of a second-order tetrahedron.

    With barycentric coordinates L: corners ``L (2 L - 1)``, then ``4 L_i L_j`` for the edges
    12, 23, 13, 14, 24, 34.
    """
    coordinates = np.column_stack([1.0 - points.sum(axis=1), points])
    gradients = np.array([[-1.0, -1.0, -1.0], [1.0, 0, 0], [0, 1.0, 0], [0, 0, 1.0]])
    slopes = [(4.0 * coordinates[:, i] - 1.0)[:, None] * gradients[i][None] for i in range(4)]
    for i, j in ((0, 1), (1, 2), (0, 2), (0, 3), (1, 3), (2, 3)):
        slopes.append(
            4.0 * (coordinates[:, i, None] * gradients[j] + coordinates[:, j, None] * gradients[i])
        )
    return np.stack(slopes, axis=1)


def read_inp(path: Path) -> InpMesh:
    """Read nodes, C3D10 elements, element sets and node sets; other cards are skipped."""
    nodes: dict[int, FloatArray] = {}
    elements: dict[int, IntArray] = {}
    sets: dict[str, dict[str, list[int]]] = {"elset": {}, "nset": {}}
    card, pending = "", ""
    options: dict[str, str] = {}
    for line in path.read_text(encoding="ascii").splitlines():
        text = line.strip()
        if not text or text.startswith("**"):
            continue
        if text.startswith("*"):
            card, options = _card(text)
            continue
        if card == "node":
            number, *position = text.split(",")
            nodes[int(number)] = np.array([float(x) for x in position])
        elif card == "element" and options.get("type") == "c3d10":
            pending += text
            if pending.endswith(","):
                continue
            element, *corners = (int(x) for x in pending.split(","))
            elements[element], pending = np.array(corners), ""
            if "elset" in options:
                sets["elset"].setdefault(options["elset"], []).append(element)
        elif card in sets:
            members = [int(x) for x in text.split(",") if x.strip()]
            sets[card].setdefault(options[card], []).extend(members)
    return InpMesh(
        nodes,
        elements,
        {name: np.array(sorted(members)) for name, members in sets["elset"].items()},
        {name: np.array(sorted(members)) for name, members in sets["nset"].items()},
    )


def _card(text: str) -> tuple[str, dict[str, str]]:
    name, *rest = (part.strip().lower() for part in text[1:].split(","))
    pairs = (part.partition("=") for part in rest)
    return name, {key.strip(): value.strip() for key, _, value in pairs}
