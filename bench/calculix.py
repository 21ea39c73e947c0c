"""bumpfem and CalculiX side by side: wall time, memory and creep strain; see README.md.

``python bench/calculix.py [--size small medium large] [--limit 600]``
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.case import SOLDER, build_case, package_and_joint
from bench.ccx import CalculixRun, creep_strains, find_ccx, run_ccx
from bench.deck import Increments, write_deck
from bench.inp import read_inp
from bumpfem.meshing import export_mesh, read_msh

ROOT = Path(__file__).resolve().parent.parent

#: Factor on the element sizes: about 15,000, 25,000 and 70,000 unknowns.
PRESETS = {"small": 1.3, "medium": 0.95, "large": 0.52}

VOLUMES = (*SOLDER[1:], "solder")


@dataclass(frozen=True)
class Row:
    """A line of the table.

    Attributes:
        name: What ran.
        wall_s: Wall time from the mesh on file to the result.
        cpu_s: Processor time of all threads and processes.
        memory_mb: Peak resident memory, all processes.
        increments: Time increments.
        iterations: Newton iterations.
        strains: Creep strain of each of ``VOLUMES`` at the end; empty if not reached.
        note: What else there is to say.
    """

    name: str
    wall_s: float
    cpu_s: float
    memory_mb: float
    increments: int
    iterations: int
    strains: dict[str, float]
    note: str = ""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the comparison and print a table for each mesh."""
    options = _parse(arguments)
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the start", flush=True)
    for size in options.size:
        with tempfile.TemporaryDirectory(prefix="bumpfem-bench-") as folder:
            _compare(size, Path(folder), options)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--size", nargs="+", default=["small", "medium"],
        help=f"{', '.join(PRESETS)} or a factor on the element sizes",
    )  # fmt: skip
    parser.add_argument("--profile", choices=("short", "cycle"), default="cycle")
    parser.add_argument(
        "--limit", type=float, default=600.0, help="wall time given to CalculiX, s (default 600)"
    )
    parser.add_argument(
        "--tolerance", type=float, default=2e-4, help="of a time step in bumpfem (default 2e-4)"
    )
    parser.add_argument(
        "--cetol", type=float, default=1e-3, help="CETOL of CalculiX (default 1e-3)"
    )
    parser.add_argument(
        "--reference", type=float, default=0.0,
        help="also run bumpfem with this tolerance and print errors against it",
    )  # fmt: skip
    parser.add_argument(
        "--kept", action="store_true",
        help="also run bumpfem without what it keeps (factorisation, elastic stiffness)",
    )  # fmt: skip
    parser.add_argument("--no-calculix", action="store_true", help="measure bumpfem alone")
    return parser.parse_args(arguments)


def _compare(size: str, folder: Path, options: argparse.Namespace) -> None:
    factor = PRESETS[size] if size in PRESETS else float(size)
    package, joint = package_and_joint()
    for name in ("mesh.msh", "mesh.inp"):
        export_mesh(package, joint, folder / name, size=factor)
    profile, tolerance = options.profile, options.tolerance
    _march(folder, 1, profile="short", tolerance=1.0)  # compiles what is not yet compiled
    rows = []
    unknowns = 0
    for name, ranks, extra in _variants(options):
        found = _march(folder, ranks, profile=profile, tolerance=tolerance, extra=extra)
        unknowns = found["all_unknowns"]
        rows.append(_bumpfem_row(name, found))
    note = "(CalculiX was not run)"
    if not options.no_calculix and find_ccx() is None:
        note = "(CalculiX, ccx, is not installed)"
    elif not options.no_calculix:
        deck = folder / "job.inp"
        increments = Increments(viscous_tolerance=options.cetol)
        case = build_case(read_msh(folder / "mesh.msh"), profile)
        write_deck(case, folder / "mesh.inp", deck, increments)
        run = run_ccx(deck, limit_s=options.limit)
        rows.append(_calculix_row(run, deck, float(case.history.times[-1])))
        note = ""
    reference = None
    if options.reference:
        reference = _march(folder, 1, profile=profile, tolerance=options.reference)
    print(f"\n## {unknowns:,} unknowns ({profile}) {note}\n")
    _print(rows, None if reference is None else reference["creep_strains"][-1])


def _variants(options: argparse.Namespace) -> list[tuple[str, int, list[str]]]:
    found: list[tuple[str, int, list[str]]] = [
        ("bumpfem, 2 ranks", 2, []),
        ("bumpfem, 1 process", 1, []),
    ]
    if options.kept:
        found += [
            ("same, factorising always", 1, ["--factorise", "always"]),
            ("same, assembling elastic always", 1, ["--elastic", "always"]),
        ]
    return found


def _march(
    folder: Path, ranks: int, *, profile: str, tolerance: float, extra: Sequence[str] = ()
) -> dict[str, Any]:
    """Run :mod:`bench.march` on a number of ranks, one thread each; its figures and wall time."""
    output = folder / "run.json"
    command = [
        sys.executable, "-m", "bench.march", "--mesh", str(folder / "mesh.msh"), "--profile",
        profile, "--tolerance", str(tolerance), "--output", str(output), *extra,
    ]  # fmt: skip
    if ranks > 1:
        command = [_mpiexec(), "-n", str(ranks), *command]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    started, before = time.perf_counter(), _children_cpu()
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"bumpfem failed:\n{done.stdout}\n{done.stderr}")
    figures: dict[str, Any] = json.loads(output.read_text(encoding="ascii"))
    wall = time.perf_counter() - started
    return {**figures, "wall_s": wall, "cpu_s": _children_cpu() - before}


def _children_cpu() -> float:
    """Processor time of all child processes that have ended, s."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _mpiexec() -> str:
    beside = Path(sys.executable).with_name("mpiexec")
    found = str(beside) if beside.exists() else shutil.which("mpiexec")
    if found is None:
        raise RuntimeError("mpiexec is not installed")
    return found


def _bumpfem_row(name: str, found: dict[str, Any]) -> Row:
    note = (
        f"{found['factorisations']} factorisations, {found['linear_iterations']} "
        f"conjugate-gradient iterations; solution alone {found['solve_s']:.1f} s"
    )
    strains = {volume: found["creep_strains"][-1][volume] for volume in VOLUMES}
    return Row(
        name, found["wall_s"], found["cpu_s"], found["memory_mb"], found["steps"],
        found["newton_iterations"], strains, note,
    )  # fmt: skip


def _calculix_row(run: CalculixRun, deck: Path, end: float) -> Row:
    name, strains = "CalculiX, 2 threads", {}
    count = max(run.iterations, 1)
    note = f"per iteration {run.wall_s / count:.2f} s, processor {run.cpu_s / count:.2f} s"
    if run.finished:
        last = creep_strains(deck.with_suffix(".dat"), read_inp(deck.parent / "mesh.inp"))[-1]
        strains = {volume: last[volume] for volume in VOLUMES}
    else:
        note += f"; stopped at {run.reached_s:.0f} of {end:.0f} s: ratios are lower bounds"
    return Row(
        name, run.wall_s, run.cpu_s, run.memory_mb, run.increments, run.iterations, strains, note
    )  # fmt: skip


def _print(rows: list[Row], reference: dict[str, float] | None) -> None:
    """The table; ratios are to the first row."""
    first = rows[0]
    heads = ["", "wall s", "ratio", "processor s", "ratio", "peak MB", "ratio", "increments",
             "iterations", *(f"creep strain {volume}" for volume in VOLUMES), "notes"]  # fmt: skip
    print("| " + " | ".join(heads) + " |")
    print("|-" * len(heads) + "|")
    for row in rows:
        bound = "" if row.strains else "> "
        pairs = [(row.wall_s, first.wall_s), (row.cpu_s, first.cpu_s),
                 (row.memory_mb, first.memory_mb)]  # fmt: skip
        cells = [row.name]
        for value, base in pairs:
            cells += [f"{bound}{value:.4g}", f"{bound}{value / base:.2f}"]
        cells += [str(row.increments), str(row.iterations)]
        cells += [*(_strain(row, volume, reference) for volume in VOLUMES), row.note]
        print("| " + " | ".join(cells) + " |", flush=True)
    print(f"\nload {os.getloadavg()[0]:.1f} at the end", flush=True)


def _strain(row: Row, volume: str, reference: dict[str, float] | None) -> str:
    if volume not in row.strains:
        return "not reached"
    text = f"{100.0 * row.strains[volume]:.4f} %"
    if reference is not None:
        text += f" ({100.0 * (row.strains[volume] / reference[volume] - 1.0):+.2f} %)"
    return text


if __name__ == "__main__":
    main()
