"""Run CalculiX: wall time, peak memory, increments and iterations, creep strain of solder."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.case import SOLDER
from bench.inp import FloatArray, InpMesh


@dataclass(frozen=True)
class CalculixRun:
    """What a run of CalculiX cost.

    Attributes:
        finished: False if it was stopped at the limit of wall time.
        wall_s: Wall time.
        cpu_s: Processor time of all threads.
        memory_mb: Largest resident memory.
        increments: Converged increments.
        iterations: Equilibrium iterations, those of repeated increments included.
        reached_s: Time of the history that was reached.
    """

    finished: bool
    wall_s: float
    cpu_s: float
    memory_mb: float
    increments: int
    iterations: int
    reached_s: float


def find_ccx() -> str | None:
    """Path of CalculiX, None where it is missing."""
    return shutil.which("ccx")


def run_ccx(deck: Path, threads: int = 2, limit_s: float | None = None) -> CalculixRun:
    """Run CalculiX on a deck, in its folder.

    Args:
        deck: ``*.inp``.
        threads: Of assembly, stresses and the linear solver.
        limit_s: Wall time after which it is stopped.

    Raises:
        RuntimeError: CalculiX is missing or failed.
    """
    program = find_ccx()
    if program is None:
        raise RuntimeError("CalculiX (ccx) is not installed")
    count = str(threads)
    names = (
        "OMP_NUM_THREADS",
        "CCX_NPROC_STIFFNESS",
        "CCX_NPROC_RESULTS",
        "CCX_NPROC_EQUATION_SOLVER",
    )
    environment = {**os.environ, **dict.fromkeys(names, count)}
    log = deck.with_suffix(".log")
    started = time.perf_counter()
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [program, "-i", deck.stem],
            cwd=deck.parent,
            env=environment,
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
        finished = True
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if finished and limit_s is not None and time.perf_counter() - started > limit_s:
                process.kill()
                finished = False
            time.sleep(0.02)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    text = log.read_text(encoding="utf-8", errors="replace")
    if finished and (process.returncode != 0 or "Job finished" not in text):
        raise RuntimeError(f"CalculiX failed ({process.returncode}):\n{text[-3000:]}")
    increments, reached = _status(deck.with_suffix(".sta"))
    return CalculixRun(
        finished=finished,
        wall_s=wall,
        cpu_s=usage.ru_utime + usage.ru_stime,
        memory_mb=usage.ru_maxrss / 1024.0,
        increments=increments,
        iterations=_iterations(deck.with_suffix(".cvg")),
        reached_s=reached,
    )


def _numbers(path: Path) -> list[list[str]]:
    rows = (line.split() for line in path.read_text(encoding="ascii").splitlines())
    return [row for row in rows if row and row[0].isdigit()]


def _status(path: Path) -> tuple[int, float]:
    """Converged increments and total time of the last; columns step, inc, att, itrs, total time."""
    rows = [row for row in _numbers(path) if not row[2].endswith("U")]
    return len(rows), float(rows[-1][4]) if rows else 0.0


def _iterations(path: Path) -> int:
    """Iterations: one row each."""
    return len(_numbers(path))


def creep_strains(results: Path, mesh: InpMesh) -> list[dict[str, float]]:
    """Volume-averaged equivalent creep strain at every output time.

    Args:
        results: ``*.dat`` with PEEQ at the integration points of the solder regions.
        mesh: Mesh of the run.

    Returns:
        Per output time: ``time_s``, both layers, and ``solder`` with the layers included.
    """
    header = re.compile(r"equivalent plastic strain .*for set (\S+) and time\s+(\S+)")
    blocks: dict[float, dict[str, list[str]]] = {}
    rows: list[str] = []
    for line in results.read_text(encoding="ascii").splitlines():
        found = header.search(line)
        if found:
            rows = []
            blocks.setdefault(float(found[2]), {})[found[1].lower()] = rows
        elif line.strip():
            rows.append(line)
    return [{"time_s": time, **_averages(sets, mesh)} for time, sets in sorted(blocks.items())]


def _averages(sets: dict[str, list[str]], mesh: InpMesh) -> dict[str, float]:
    integral, volume = {}, {}
    for region in SOLDER:
        table = np.array([[float(x) for x in row.split()] for row in sets[region]])
        elements, points = table[:, 0].astype(int), table[:, 1].astype(int)
        known = mesh.element_sets[region]
        weights: FloatArray = mesh.point_volumes(known)
        values = np.zeros_like(weights)
        values[np.searchsorted(known, elements), points - 1] = table[:, 2]
        integral[region], volume[region] = float((weights * values).sum()), float(weights.sum())
    means = {region: integral[region] / volume[region] for region in SOLDER}
    means["solder"] = sum(integral.values()) / sum(volume.values())
    return means
