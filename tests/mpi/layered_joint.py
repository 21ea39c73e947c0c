"""Thermal cycle of a layered joint with Anand solder, for one or more ranks.

As a script it prints what it recorded as JSON on rank 0.
"""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import numpy as np
from mpi4py import MPI

from bumpfem.constitutive import Anand, Table
from bumpfem.physics.groups import RegionLaw
from bumpfem.physics.kinematics import DisplacementSpace
from bumpfem.physics.mechanics import Loading, MechanicalModel, Prescribed
from bumpfem.results.recorder import CycleRecorder
from bumpfem.solvers.history import TemperatureHistory
from bumpfem.solvers.march import march
from bumpfem.units import FloatArray
from tests.support.mechanics import (
    box,
    cells_where,
    elastic,
    expanding,
    fixed_steps,
    held,
    rollers,
    unknowns,
)

HOT, COLD = 125.0, -40.0
BOUNDS = {"board_pad": 0.0, "solder_layer_board": 0.25, "solder": 0.5,
          "solder_layer_interposer": 0.75, "interposer_pad": 1.0}  # fmt: skip
HEIGHT = 1.25


def inside(x: FloatArray, low: float, high: float) -> FloatArray:
    """Which points lie between two heights."""
    return np.asarray((x[:, 2] > low) & (x[:, 2] < high))


def layered_joint() -> MechanicalModel:
    """Pads at the ends, solder between; the upper pad slides along x and its top stays plane."""
    mesh = box((2, 2, 5), (1.0, 0.5, HEIGHT))
    solder = Anand(
        Table((-50.0, 25.0, 125.0), (58e3, 46e3, 30e3)), Table.constant(0.4), A=3501.0,
        Q_over_R=9320.0, xi=4.0, m=0.25, h0=180e3, s_hat=30.2, n=0.01, a=1.78, s0=21.0,
    )  # fmt: skip
    laws = {
        name: RegionLaw(name, solder, expanding(22.5e-6, HOT))
        if name.startswith("solder")
        else RegionLaw(name, elastic(120e3, 0.34), expanding(16.5e-6, HOT))
        for name in BOUNDS
    }
    tops = [*list(BOUNDS.values())[1:], HEIGHT]

    cells = {
        name: cells_where(mesh, partial(inside, low=low, high=high))
        for (name, low), high in zip(BOUNDS.items(), tops, strict=True)
    }

    def loading(space: DisplacementSpace) -> Loading:
        def at_top(x: FloatArray) -> FloatArray:
            return np.asarray(x[:, 2] > HEIGHT - 1e-9)

        slid = unknowns(space, at_top, 0)
        bottom = held(space, lambda x: x[:, 2] < 1e-9, 0)
        return Loading(
            [
                *rollers(space)[1:],
                bottom,
                Prescribed(slid, np.full(len(slid), 6e-5), lambda temperature: temperature - HOT),
            ],
            ties=(unknowns(space, at_top, 2),),
        )

    return MechanicalModel(mesh, cells, list(laws.values()), loading)


def answer() -> dict[str, Any]:
    """March one cycle in equal steps; what was recorded, the same on all ranks."""
    model = layered_joint()
    recorder = CycleRecorder(model, np.array([0.0]), 0.75)
    history = TemperatureHistory(
        np.array([0.0, 600.0, 900.0, 1500.0, 1800.0]), np.array([HOT, COLD, COLD, HOT, HOT])
    )
    report = march(model, history, fixed_steps(75.0), [recorder])
    rows = recorder.history().drop(columns="newton_iterations").iloc[1:]
    return {
        "cells": model.mesh.comm.allgather(len(model.space.owned_cells)),
        "steps": report.steps,
        "unknowns": report.unknowns,
        "history": rows.to_dict("list"),
        "cycles": recorder.cycles().drop(columns="change").to_dict("list"),
    }


if __name__ == "__main__":
    found = answer()
    if MPI.COMM_WORLD.rank == 0:
        print(json.dumps(found))
