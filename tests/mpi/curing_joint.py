"""Cure of a resin around solder that melts, for one or more ranks.

As a script it prints what it recorded as JSON on rank 0.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import asdict
from typing import Any

import numpy as np
from mpi4py import MPI

from bumpfem.constitutive.curing_resin import CuringResin
from bumpfem.physics.cure import Curing
from bumpfem.physics.heat import HeatModel
from bumpfem.physics.heat_boundaries import Convection
from bumpfem.solvers.heat import HeatStep, march_heat
from tests.support.heat import geometry, solid
from tests.support.mechanics import box


def curing_joint() -> HeatModel:
    """Board below, solder and resin side by side above; the resin is further cured at one side."""
    mesh = box((4, 4, 8), (0.6, 0.6, 0.8))
    body = geometry(
        mesh,
        {
            "board": lambda x: x[2] < 0.4,
            "solder": lambda x: (x[2] > 0.4) & (x[0] < 0.3),
            "resin": lambda x: (x[2] > 0.4) & (x[0] > 0.3),
        },
        top=lambda x: np.isclose(x[2], 0.8),
    )
    resin = dataclasses.replace(CuringResin.of("noflow_epoxy"), reaction_heat=100e3)
    materials = {
        "board": solid(0.8, 1.9),
        "solder": solid(58.0, 1.67, (217.0, 220.0, 454.0)),
        "resin": solid(0.2, 1.32),
    }
    places = HeatModel(body, materials).points("resin")
    return HeatModel(
        body,
        materials,
        [Convection(("top", "free"), 0.1, lambda t: float(np.interp(t, [0, 150], [25, 255])))],
        curing=Curing({"resin": resin}, {"resin": 0.01 + 0.1 * places[:, 1]}),
    )


def answer() -> dict[str, Any]:
    """March until the resin has cured; what was recorded, the same on all ranks."""
    model = curing_joint()
    rows: list[dict[str, float]] = []

    def keep(model: HeatModel, step: HeatStep) -> None:
        rows.append({"time": step.time, **asdict(step.cure["resin"])})

    report = march_heat(model, 25.0, [0.0, 150.0, 220.0], observers=[keep])
    return {
        "owned": model.comm.allgather(model.size),
        "steps": report.steps,
        "heat_in": report.heat_in,
        "stored": report.stored,
        "balance_error": report.balance_error,
        "rows": rows,
    }


if __name__ == "__main__":
    found = answer()
    if MPI.COMM_WORLD.rank == 0:
        print(json.dumps(found))
