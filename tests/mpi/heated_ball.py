"""Reflow of a ball on a pad with a contact, for one or more ranks.

As a script it prints what it recorded as JSON on rank 0.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import numpy as np
from mpi4py import MPI

from bumpfem.constitutive import Table
from bumpfem.constitutive.enthalpy import HeatMaterial
from bumpfem.physics.heat import HeatModel
from bumpfem.physics.heat_boundaries import Contact, Convection, PrescribedTemperature, Radiation
from bumpfem.solvers.heat import HeatStep, march_heat
from bumpfem.units import FloatArray
from tests.support.heat import geometry, solid
from tests.support.mechanics import box

#: Conductivity falls with temperature, so that it is assembled anew on every rank.
BOARD = HeatMaterial("board", Table.constant(1.8), Table((0.0, 300.0), (0.6, 0.3)))
SOLDER = solid(58.0, 1.67, (217.0, 220.0, 454.0))


def heated_ball() -> HeatModel:
    """Board below, pad, ball above; hot gas and a radiator on top, the bottom follows a ramp."""
    mesh = box((3, 3, 9), (0.6, 0.6, 0.9))
    body = geometry(
        mesh,
        {
            "board": lambda x: x[2] < 0.4,
            "pad": lambda x: (x[2] > 0.4) & (x[2] < 0.5),
            "solder": lambda x: x[2] > 0.5,
        },
        bottom=lambda x: np.isclose(x[2], 0.0),
        top=lambda x: np.isclose(x[2], 0.9),
    )
    return HeatModel(
        body,
        {"board": BOARD, "pad": solid(400.0, 3.4), "solder": SOLDER},
        [
            Convection(("top", "free"), 0.2, lambda time: 250.0 if time < 60.0 else 30.0),
            Radiation(("top",), 0.8, 250.0),
            PrescribedTemperature(("bottom",), lambda time: 25.0 + 4.0 * min(time, 120.0 - time)),
        ],
        sources={"pad": lambda time, temperature: np.full(len(temperature), 0.5)},
        contacts=[Contact(("pad",), ("solder",), resistance=0.05, wets_at=218.0)],
    )


def answer() -> dict[str, Any]:
    """March through melting and freezing; what was recorded, the same on all ranks."""
    model = heated_ball()
    rows: list[dict[str, float]] = []

    def keep(model: HeatModel, step: HeatStep) -> None:
        row = {"time": step.time}
        for name, state in step.regions.items():
            row |= {f"{name}.{field}": value for field, value in asdict(state).items()}
        rows.append(row)

    report = march_heat(model, 25.0, [0.0, 60.0, 110.0], observers=[keep])
    hottest: FloatArray = model.space.coordinates()[np.argmax(report.temperature)]
    return {
        "owned": model.comm.allgather(model.size),
        "unknowns": report.unknowns,
        "steps": report.steps,
        "volumes": model.volumes,
        "heat_in": report.heat_in,
        "stored": report.stored,
        "latent": max(row["solder.melted"] for row in rows),
        "balance_error": report.balance_error,
        "rows": rows,
        "hottest": hottest.tolist(),
    }


if __name__ == "__main__":
    found = answer()
    if MPI.COMM_WORLD.rank == 0:
        print(json.dumps(found))
