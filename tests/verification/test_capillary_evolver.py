"""A loaded joint against Surface Evolver, which minimises the energy of a triangulated surface."""

from __future__ import annotations

import re
from math import pi
from pathlib import Path

import pytest

from bumpfem.shapes.capillary import Liquid, mounted_joint
from tests.support.evolver import evolve

#: Numbers in mm and mN, so that Evolver's energies are near one.
LOWER, UPPER, VOLUME, GAMMA, WEIGHT = 0.175, 0.15, 0.0477, 0.45, 0.0696

COMMANDS = r"""
r; g 30; r; g 50; u; V; r; u; V; g 60; u; V; g 60; hessian_seek; hessian_seek; g 50; hessian_seek;
printf "height %.12f\n", standoff;
r; V; g 50; hessian_seek; hessian_seek; g 20; hessian_seek;
printf "height %.12f\n", standoff;
q
q
"""


def datafile(load: float, start: float, sides: int = 6) -> str:
    """A prism between two rims; the upper rim's plane is an optimised parameter with a load.

    The side carries the tension; the top face only closes the body (volume and weight).
    """
    angle = [i * 2.0 * pi / sides for i in range(sides)]
    after = [(i + 1) % sides for i in range(sides)]
    lines = [
        f"parameter carried = {load}", f"optimizing_parameter standoff = {start}",
        "gravity_constant 1",
        "boundary 1 parameters 1", f"x1: {LOWER}*cos(p1)", f"x2: {LOWER}*sin(p1)", "x3: 0", "",
        "boundary 2 parameters 1", f"x1: {UPPER}*cos(p1)", f"x2: {UPPER}*sin(p1)",
        "x3: standoff", "", "constraint 1", "formula: x3 = standoff", "",
        "quantity push energy modulus carried method vertex_scalar_integral",
        "scalar_integrand: z", "", "vertices",
        *(f"{i + 1} {angle[i]} boundary 1 fixed" for i in range(sides)),
        *(f"{sides + i + 1} {angle[i]} boundary 2 fixed" for i in range(sides)),
        f"{2 * sides + 1} 0 0 {start} constraint 1 push fixed", "edges",
        *(f"{i + 1} {i + 1} {after[i] + 1} boundary 1 fixed" for i in range(sides)),
        *(
            f"{sides + i + 1} {sides + i + 1} {sides + after[i] + 1} boundary 2 fixed"
            for i in range(sides)
        ),
        *(f"{2 * sides + i + 1} {i + 1} {sides + i + 1}" for i in range(sides)),
        *(
            f"{3 * sides + i + 1} {sides + i + 1} {2 * sides + 1} constraint 1 fixed"
            for i in range(sides)
        ),
        "faces",
        *(
            f"{i + 1} {i + 1} {2 * sides + after[i] + 1} -{sides + i + 1} -{2 * sides + i + 1} "
            f"tension {GAMMA}"
            for i in range(sides)
        ),
        *(
            f"{sides + i + 1} {sides + i + 1} {3 * sides + after[i] + 1} -{3 * sides + i + 1} "
            "tension 0 constraint 1 fixed"
            for i in range(sides)
        ),
        "bodies",
        f"1 {' '.join(str(i + 1) for i in range(2 * sides))} volume {VOLUME} density {WEIGHT}",
        "read", COMMANDS,
    ]  # fmt: skip
    return "\n".join(lines)


@pytest.mark.slow
@pytest.mark.parametrize("load", [0.1, 0.3])
def test_height_of_a_loaded_joint(load: float, tmp_path: Path) -> None:
    """Within 0.5 % on some six thousand triangles, within 0.05 % extrapolated from two meshes.

    The polygons' areas and chords err with the square of the edge length: the error falls to a
    quarter with each refinement.
    """
    liquid = Liquid(1e-3 * GAMMA, 1e-3 * WEIGHT)
    found = mounted_joint(VOLUME, 2.0 * LOWER, 2.0 * UPPER, liquid, load=1e-3 * load).standoff
    printed = evolve(datafile(load, 0.98 * found), tmp_path)
    heights = [float(text) for text in re.findall(r"^height\s+(\d\S+)$", printed, re.M)]
    assert len(heights) == 2, printed[-2000:]
    assert heights[1] == pytest.approx(found, rel=5e-3)
    assert (4.0 * heights[1] - heights[0]) / 3.0 == pytest.approx(found, rel=5e-4)
