"""Write a case as a CalculiX input deck.

A number has at most 20 characters, an amplitude line at most four pairs and any other line at most
eight numbers. Everything that varies with temperature is tabulated in steps of one degree,
because CalculiX joins table points by straight lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np

from bench.case import SOLDER, Case
from bench.inp import FloatArray, InpMesh, read_inp
from bumpfem.constitutive import Norton, OrthotropicElastic, Table, ThermoElastic
from bumpfem.physics.groups import RegionLaw

#: Surfaces whose nodes follow the free expansion of a slab along an axis.
DRIVEN = {
    f"{slab}_side_{face}": (slab, axis)
    for slab in ("board", "interposer")
    for face, axis in (("x_min", 0), ("x_max", 0), ("y_max", 1))
}
#: Surfaces held along an axis.
HELD = {"symmetry": 1, "board_bottom": 2}


@dataclass(frozen=True)
class Increments:
    """Time increments of CalculiX.

    Attributes:
        initial: First increment of every segment of the history, s.
        largest: s.
        viscous_tolerance: CETOL, largest difference of creep strain between the rates at start
            and end of an increment.
        fixed: Keep ``initial`` throughout (DIRECT).
        displacement_tolerance: Largest correction relative to the increment, CalculiX's own
            default 0.01.
        force_tolerance: Largest residual relative to the average force, its own default 0.005.
    """

    initial: float = 10.0
    largest: float = 1e9
    viscous_tolerance: float = 1e-3
    fixed: bool = False
    force_tolerance: float = 0.005
    displacement_tolerance: float = 0.01


def number(value: float) -> str:
    """A number in at most 20 characters.

    >>> number(-1.0 / 3.0), number(125.0)
    ('-0.3333333333333', '125')
    """
    text = f"{value:.13g}"
    return text if len(text) <= 20 else f"{value:.12e}"


def write_deck(
    case: Case, mesh_file: Path, deck: Path, increments: Increments, output: bool = True
) -> None:
    """Write ``deck`` (and ``loading.inp`` beside it), which includes ``mesh_file``.

    Args:
        case: The problem.
        mesh_file: Its mesh, in the folder of the deck.
        deck: File to write, ``*.inp``.
        increments: Time increments.
        output: Write the creep strain of solder at every corner of the history.

    Raises:
        ValueError: The top of the interposer is to stay plane, which decks do not have.
    """
    if case.keep_top_plane:
        raise ValueError("decks are written for a free top of the interposer only")
    mesh = read_inp(mesh_file)
    start = float(case.history.temperatures[0])
    grid = _grid(case)
    lines = [
        f"*INCLUDE, INPUT={mesh_file.name}",
        "*NSET, NSET=EVERY_NODE, GENERATE",
        f"{min(mesh.nodes)}, {max(mesh.nodes)}",
    ]
    for law in case.laws:
        lines += _material(law, grid, start)
        lines.append(f"*SOLID SECTION, ELSET={law.region}, MATERIAL={law.region}")
    temperature = case.history
    lines += _amplitude("TEMPERATURE", case, lambda t: t)
    lines += _amplitude("BOARD", case, case.expansion.board)
    lines += _amplitude("INTERPOSER", case, case.expansion.interposer)
    lines += ["*INITIAL CONDITIONS, TYPE=TEMPERATURE", f"EVERY_NODE, {number(start)}"]
    (deck.parent / "loading.inp").write_text("\n".join(_loading(mesh)) + "\n", encoding="ascii")
    for length in np.diff(temperature.times):
        lines += _step(float(length), increments, output)
    deck.write_text("\n".join(lines) + "\n", encoding="ascii")


def _grid(case: Case) -> FloatArray:
    temperatures = case.history.temperatures
    low, high = float(temperatures.min()), float(temperatures.max())
    return np.linspace(low, high, round(high - low) + 1)


def _amplitude(name: str, case: Case, value: Callable[[float], float]) -> list[str]:
    """A function of the temperature over time, in steps of two degrees at most."""
    times = [float(case.history.times[0])]
    spans = zip(case.history.times, case.history.temperatures, strict=True)
    corners = [(float(time), float(temperature)) for time, temperature in spans]
    for (t0, temperature0), (t1, temperature1) in pairwise(corners):
        pieces = max(1, int(np.ceil(abs(temperature1 - temperature0) / 2.0)))
        times += np.linspace(t0, t1, pieces + 1)[1:].tolist()
    pairs = [f"{number(t)}, {number(value(case.history(t)))}" for t in times]
    rows = [", ".join(pairs[k : k + 4]) for k in range(0, len(pairs), 4)]
    return [f"*AMPLITUDE, NAME={name}, TIME=TOTAL TIME", *rows]


def _material(law: RegionLaw, grid: FloatArray, start: float) -> list[str]:
    lines = [f"*MATERIAL, NAME={law.region}"]
    match law.law:
        case ThermoElastic() | Norton() as isotropic:
            pair = (isotropic.youngs_modulus, isotropic.poissons_ratio)
            lines += ["*ELASTIC", *_table(_functions(pair), grid)]
        case OrthotropicElastic() as orthotropic:
            xy, yz, xz = orthotropic.poissons_ratio
            g_xy, g_yz, g_xz = orthotropic.shear_modulus
            # CalculiX orders E1 E2 E3 nu12 nu13 nu23 G12 G13 G23.
            tables = (*orthotropic.youngs_modulus, xy, xz, yz, g_xy, g_xz, g_yz)
            lines.append("*ELASTIC, TYPE=ENGINEERING CONSTANTS")
            lines += _table(_functions(tables), grid)
        case other:
            raise TypeError(f"no CalculiX input is written for the law {other.name}")
    if isinstance(law.law, Norton):
        creep = law.law
        lines.append("*CREEP, LAW=NORTON")
        lines += _table(
            [lambda t: float(creep.rate(1.0, t)), lambda t: creep.n, lambda t: 0.0], grid
        )
    # Secant coefficients that give the thermal strain exactly at every table point.
    lines.append(f"*EXPANSION, TYPE=ORTHO, ZERO={number(start)}")
    lines += _table([_secant(law, axis, start) for axis in range(3)], grid)
    return lines


def _functions(tables: Iterable[Table]) -> list[Callable[[float], float]]:
    return [partial(_value, table) for table in tables]


def _value(table: Table, temperature: float) -> float:
    return float(table(temperature))


def _secant(law: RegionLaw, axis: int, start: float) -> Callable[[float], float]:
    def coefficient(temperature: float) -> float:
        below = start - 1e-3 if temperature == start else temperature
        return float(law.thermal_strain(below)[axis]) / (below - start)

    return coefficient


def _table(functions: Sequence[Callable[[float], float]], grid: FloatArray) -> list[str]:
    """Rows of values and temperature; one row where nothing depends on temperature."""
    rows = np.array([[function(float(t)) for function in functions] for t in grid])
    if np.allclose(rows, rows[0], rtol=1e-9, atol=0.0):
        return _wrapped([number(value) for value in rows[0]])
    lines = []
    for row, temperature in zip(rows, grid, strict=True):
        lines += _wrapped([number(value) for value in (*row, float(temperature))])
    return lines


def _wrapped(values: list[str]) -> list[str]:
    return [", ".join(values[k : k + 8]) for k in range(0, len(values), 8)]


def _loading(mesh: InpMesh) -> list[str]:
    """Displacements on the named surfaces, and the temperature of every node."""
    lines = []
    for surface, (slab, axis) in DRIVEN.items():
        lines.append(f"*BOUNDARY, AMPLITUDE={slab.upper()}")
        lines += [
            f"{node}, {axis + 1}, {axis + 1}, {number(float(mesh.nodes[node][axis]))}"
            for node in mesh.node_sets[surface].tolist()
        ]
    for surface, axis in HELD.items():
        lines += ["*BOUNDARY", f"{surface}, {axis + 1}, {axis + 1}, 0."]
    return [*lines, "*TEMPERATURE, AMPLITUDE=TEMPERATURE", "EVERY_NODE, 1."]


def _step(length: float, increments: Increments, output: bool) -> list[str]:
    direct = ", DIRECT" if increments.fixed else ""
    initial, largest = min(increments.initial, length), min(increments.largest, length)
    lines = [
        "*STEP, INC=100000",
        f"*VISCO, CETOL={number(increments.viscous_tolerance)}{direct}",
        f"{number(initial)}, {number(length)}, 1e-6, {number(largest)}",
        "*CONTROLS, PARAMETERS=FIELD",
        f"{number(increments.force_tolerance)}, {number(increments.displacement_tolerance)}",
        "*INCLUDE, INPUT=loading.inp",
    ]
    if output:
        for region in SOLDER:
            lines += [f"*EL PRINT, ELSET={region}, FREQUENCY=100000", "PEEQ"]
    return [*lines, "*END STEP"]
