"""One measured run of bumpfem, in a process (or on ranks) of its own.

``python -m bench.march --mesh mesh.msh --profile cycle --tolerance 2e-4 --output run.json``
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
from mpi4py import MPI

from bench.case import build_case
from bumpfem.meshing import read_msh
from bumpfem.physics.mechanics import MechanicalModel
from bumpfem.results.volumes import averaging_volumes
from bumpfem.solvers import linear
from bumpfem.solvers.march import MarchSettings, Step, march
from bumpfem.solvers.step_control import StepSettings


class Corners:
    """Observer that keeps the averaged creep strain at the corners of the history."""

    def __init__(self, corners: list[float]) -> None:
        self._corners = corners
        self.rows: list[dict[str, float]] = []

    def __call__(self, model: MechanicalModel, step: Step) -> None:
        if min(abs(step.time - corner) for corner in self._corners) > 1e-6:
            return
        self.rows.append({"time_s": step.time, **creep_strains(model)})


def creep_strains(model: MechanicalModel) -> dict[str, float]:
    """Volume-averaged accumulated equivalent creep strain of the trial state."""
    return {
        volume.name: volume.mean([group.trial_state[:, 6] for group in volume.groups])
        for volume in averaging_volumes(model)
    }


class RefreshAll(linear.TangentMatrix):
    """Tangent that integrates elastic regions anew every time."""

    def refresh(self) -> object:
        self._elastic[:] = 0.0
        self._integrated = [np.zeros((1, 6, 6)) for _ in self._integrated]
        return super().refresh()


def main() -> None:
    """Run and write the figures as JSON (rank 0)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mesh", type=Path, required=True)
    parser.add_argument("--profile", choices=("short", "cycle"), default="cycle")
    parser.add_argument("--tolerance", type=float, default=StepSettings().tolerance)
    parser.add_argument("--initial", type=float, default=StepSettings().initial)
    parser.add_argument("--factorise", choices=("kept", "always"), default="kept")
    parser.add_argument("--elastic", choices=("kept", "always"), default="kept")
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    if options.factorise == "always":
        linear.FACTORISATION_COST = 0
    comm = MPI.COMM_WORLD
    begun = time.perf_counter()
    mesh = read_msh(options.mesh, comm)
    read = time.perf_counter()
    case = build_case(mesh, options.profile)
    model = case.model()
    observer = Corners(case.history.times[1:].tolist())
    settings = MarchSettings(
        steps=StepSettings(tolerance=options.tolerance, initial=options.initial)
    )
    report = march(model, case.history, settings, [observer])
    solved = comm.allreduce(time.perf_counter(), MPI.MAX)
    memory = comm.allreduce(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0)
    if comm.rank == 0:
        figures = {
            "read_s": read - begun,
            "solve_s": solved - read,
            "memory_mb": memory,
            "ranks": comm.size,
            "all_unknowns": model.space.global_size,
            **asdict(report),
            "creep_strains": observer.rows,
        }
        options.output.write_text(json.dumps(figures, indent=1), encoding="ascii")


if __name__ == "__main__":
    main()
