"""Self-alignment of a squeezed joint against Surface Evolver, with curved (quadratic) triangles."""

from __future__ import annotations

import itertools
import re
from math import cos, pi, sin
from pathlib import Path

import pytest
from scipy.optimize import brentq

from bumpfem.shapes.capillary import Liquid, MountedJoint, mounted_joint
from bumpfem.units import FloatArray
from tests.support.evolver import evolve

#: Numbers in mm and mN, so that Evolver's energies are near one.
LOWER, UPPER, VOLUME, GAMMA, WEIGHT = 0.175, 0.15, 0.0477, 0.45, 0.0696
#: Corners around the first mesh and sideways shift of the upper pad, mm.
SIDES, SHIFT = 6, 1e-3
RELAX = "hessian_seek; hessian; hessian; hessian; hessian;"


class Mesh:
    """Vertices, edges and faces of a data file, numbered as they come."""

    def __init__(self) -> None:
        self.vertices: list[str] = []
        self.edges: list[str] = []
        self.faces: list[str] = []
        self._numbers: dict[tuple[int, int], int] = {}

    def vertex(self, text: str) -> int:
        self.vertices.append(f"{len(self.vertices) + 1} {text}")
        return len(self.vertices)

    def edge(self, first: int, last: int, more: str = "") -> None:
        number = len(self.edges) + 1
        self._numbers[first, last], self._numbers[last, first] = number, -number
        self.edges.append(f"{number} {first} {last} {more}")

    def face(self, corners: tuple[int, int, int], more: str) -> None:
        pairs = zip(corners, (*corners[1:], corners[0]), strict=True)
        edges = " ".join(str(self._numbers[pair]) for pair in pairs)
        self.faces.append(f"{len(self.faces) + 1} {edges} {more}")


def datafile(meridian: FloatArray, height: float) -> str:
    """Rings along a meridian between two rims, the upper of which can be shifted along x."""
    mesh, last = Mesh(), len(meridian) - 1
    turn = [2.0 * pi * i / SIDES for i in range(SIDES)]
    on_rim = {0: "boundary 1 fixed", last: "boundary 2 fixed"}
    rings = [
        [
            mesh.vertex(
                f"{a} {on_rim[k]}" if k in on_rim else f"{r * cos(a)} {r * sin(a)} {z}"
            )
            for a in turn
        ]
        for k, (r, z) in enumerate(meridian.tolist())
    ]  # fmt: skip
    top = mesh.vertex(f"0 0 {height} fixed")
    around = [(i, (i + 1) % SIDES) for i in range(SIDES)]
    for k, ring in enumerate(rings):
        for i, j in around:
            mesh.edge(ring[i], ring[j], on_rim.get(k, ""))
    for low, high in itertools.pairwise(rings):
        for i, j in around:
            mesh.edge(low[i], high[i])
            mesh.edge(low[i], high[j])
        for i, j in around:
            mesh.face((low[i], low[j], high[j]), f"tension {GAMMA}")
            mesh.face((low[i], high[j], high[i]), f"tension {GAMMA}")
    for i, _ in around:
        mesh.edge(rings[-1][i], top, "fixed")
    for i, j in around:
        mesh.face((rings[-1][i], rings[-1][j], top), "tension 0 fixed")
    bodies = " ".join(str(i + 1) for i in range(len(mesh.faces)))
    return "\n".join([
        "parameter shift = 0", "gravity_constant 1",
        "boundary 1 parameters 1", f"x1: {LOWER}*cos(p1)", f"x2: {LOWER}*sin(p1)", "x3: 0", "",
        "boundary 2 parameters 1", f"x1: shift+{UPPER}*cos(p1)", f"x2: {UPPER}*sin(p1)",
        f"x3: {height}", "", "vertices", *mesh.vertices, "edges", *mesh.edges,
        "faces", *mesh.faces, "bodies", f"1 {bodies} volume {VOLUME} density {WEIGHT}", "read",
        f"g 20; r; g 40; r; g 40; V; g 40; M 2; g 30; {RELAX}",
        r'printf "energy %.15f\n", total_energy;',
        f"set vertex x x+{SHIFT}*z/{height} where not fixed;",
        f"shift := {SHIFT}; recalc; {RELAX}",
        r'printf "energy %.15f\n", total_energy;', "q", "q",
    ])  # fmt: skip


@pytest.mark.slow
def test_lateral_stiffness_close_to_the_rims_limit(tmp_path: Path) -> None:
    """Contact angle 172 degrees: E(d) - E(0) = K d^2 / 2 of the joint with a pad shifted by d.

    Some 1600 quadratic triangles leave 0.1 % of K; four times as many leave 0.006 %.
    """
    liquid = Liquid(1e-3 * GAMMA, 1e-3 * WEIGHT)

    def at(height: float) -> MountedJoint:
        return mounted_joint(VOLUME, 2.0 * LOWER, 2.0 * UPPER, liquid, standoff=height)

    height = float(brentq(lambda h: max(at(h).contact_angles) - 172.0, 0.2, 0.4))
    joint = at(height)
    printed = evolve(datafile(joint.meridian.points(9), height), tmp_path)
    energies = [float(text) for text in re.findall(r"^energy\s+(\d\S+)$", printed, re.M)]
    assert len(energies) == 2, printed[-2000:]
    stiffness = 2.0 * (energies[1] - energies[0]) / SHIFT**2
    assert stiffness == pytest.approx(1e3 * joint.lateral_stiffness, rel=3e-3)
