"""A bridge between a pad and a ball against Surface Evolver, with gravity and a contact angle."""

from __future__ import annotations

import re
from math import atan2, cos, pi, radians, sin
from pathlib import Path

import pytest

from bumpfem.shapes.capillary import Liquid
from bumpfem.shapes.capillary.bridge import BridgeProblem
from bumpfem.shapes.capillary.core_body import SphereCore
from tests.support.evolver import evolve

#: Numbers in mm and mN; gravity ten times that of solder, so that it matters.
RIM, RADIUS, GAP, VOLUME, GAMMA, WEIGHT = 0.18, 0.15, 0.03, 0.006, 0.45, 0.7

COMMANDS = r"""
g 10; r; g 30; u; V; r; u; V; g 60; u; V; g 60; hessian_seek; hessian_seek; g 50; hessian_seek;
printf "state %.12f %.12f %.12f\n", body[1].pressure, total_energy, vertex[8].z;
r; V; g 50; hessian_seek; hessian_seek; g 20; hessian_seek;
printf "state %.12f %.12f %.12f\n", body[1].pressure, total_energy, vertex[8].z;
q
q
"""


def datafile(contact_angle: float, foot: float, sides: int = 6) -> str:
    """A collar from the rim to a line that slides on the ball.

    What the ball closes is written as integrals over the angle around the axis, d(phi) =
    (x dy - y dx) / (x^2 + y^2): its wetted area 2 pi R (z - z_b), the volume over the pad's plane
    under it pi r^2 z - V_cap, and the moment of its weight.

    Args:
        contact_angle: Radians.
        foot: Polar angle from the lower pole at which the line starts, radians.
        sides: Corners of the first polygon.
    """
    centre = GAP + RADIUS
    turn = [i * 2.0 * pi / sides for i in range(sides)]
    after = [(i + 1) % sides for i in range(sides)]
    r, z = RADIUS * sin(foot), centre - RADIUS * cos(foot)
    section = f"({RADIUS**2}-(z-{centre})^2)"
    cap = f"({RADIUS**2}*(z-{centre})-(z-{centre})^3/3+{2.0 / 3.0 * RADIUS**3})"

    def primitive(at: str) -> str:
        """Integral of 2 z r(z)^2 dz."""
        c = centre
        return f"({RADIUS**2 - c * c}*({at})^2+{4.0 * c / 3.0}*({at})^3-0.5*({at})^4)"

    wet = f"{-GAMMA * cos(contact_angle) * RADIUS}*(z-{GAP})"
    moment = f"{0.25 * WEIGHT}*({section}*z^2-({primitive('z')}-{primitive(str(GAP))}))"
    around = ("(-y/(x^2+y^2))", "(x/(x^2+y^2))")
    lines = [
        "gravity_constant 0",
        "boundary 1 parameters 1", f"x1: {RIM}*cos(p1)", f"x2: {RIM}*sin(p1)", "x3: 0", "",
        "constraint 1", f"formula: x^2+y^2+(z-{centre})^2 = {RADIUS**2}",
        "energy:", *(f"e{k + 1}: ({wet}+{moment})*{way}" for k, way in enumerate(around)),
        "e3: 0", "content:",
        *(f"c{k + 1}: -0.5*({section}*z-{cap})*{way}" for k, way in enumerate(around)),
        "c3: 0", "",
        "quantity weight energy method facet_vector_integral",
        "vector_integrand:", "q1: 0", "q2: 0", f"q3: {0.5 * WEIGHT}*z^2", "", "vertices",
        *(f"{i + 1} {turn[i]} boundary 1 fixed" for i in range(sides)),
        *(
            f"{sides + i + 1} {r * cos(turn[i])} {r * sin(turn[i])} {z} constraint 1"
            for i in range(sides)
        ),
        "edges",
        *(f"{i + 1} {i + 1} {after[i] + 1} boundary 1 fixed" for i in range(sides)),
        *(
            f"{sides + i + 1} {sides + i + 1} {sides + after[i] + 1} constraint 1"
            for i in range(sides)
        ),
        *(f"{2 * sides + i + 1} {i + 1} {sides + i + 1}" for i in range(sides)),
        "faces",
        *(
            f"{i + 1} {i + 1} {2 * sides + after[i] + 1} -{sides + i + 1} -{2 * sides + i + 1} "
            f"tension {GAMMA} weight"
            for i in range(sides)
        ),
        "bodies",
        f"1 {' '.join(str(i + 1) for i in range(sides))} volume {VOLUME}",
        "read", COMMANDS,
    ]  # fmt: skip
    return "\n".join(lines)


@pytest.mark.slow
@pytest.mark.parametrize("degrees", [35.0, 70.0])
def test_bridge_of_pad_and_ball(degrees: float, tmp_path: Path) -> None:
    """Pressure, energy and contact line extrapolated from two triangulations.

    Chords and polygons err with the square of the edge length: each refinement leaves a quarter.
    """
    angle = radians(degrees)
    liquid = Liquid(1e-3 * GAMMA, 1e-3 * WEIGHT)
    found = BridgeProblem(RIM, SphereCore(RADIUS), VOLUME, degrees, liquid).at(GAP)
    r, z, _ = found.ends[1]
    printed = evolve(datafile(angle, 0.97 * atan2(r, GAP + RADIUS - z)), tmp_path)
    text = re.findall(r"^state\s+(\S+) (\S+) (\S+)$", printed, re.M)
    assert len(text) == 2, printed[-2000:]
    coarse, fine = ([float(value) for value in values] for values in text)
    pressure, energy, height = ((4.0 * b - a) / 3.0 for a, b in zip(coarse, fine, strict=True))
    assert pressure == pytest.approx(1e3 * found.pressure, rel=5e-4)
    assert energy == pytest.approx(1e3 * found.energy, rel=5e-4)
    assert height == pytest.approx(z, rel=5e-4)
