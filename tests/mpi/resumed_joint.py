"""A layered joint that is made in two steps, with a checkpoint between them, on one or more ranks.

As a script: ``resumed_joint.py make|resume FOLDER``; it prints what it found as JSON on rank 0.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from mpi4py import MPI

from bumpfem.physics.mechanics import MechanicalModel
from bumpfem.results.cell_order import CellOrder
from bumpfem.results.checkpoint import Checkpoints
from bumpfem.solvers.history import TemperatureHistory
from bumpfem.solvers.march import MarchSettings, march
from bumpfem.solvers.settle import settle
from tests.mpi.layered_joint import COLD, HEIGHT, HOT, layered_joint
from tests.support.mechanics import TIGHT, all_cells, fixed_steps

DESIGN = {"joint": {"height": HEIGHT, "solder": "anand"}, "cycle": [HOT, COLD]}
SETTINGS: MarchSettings = fixed_steps(75.0)


def ramp(start: float, *corners: float) -> TemperatureHistory:
    """From a start on, 300 s from each temperature to the next."""
    times = np.asarray(start + 300.0 * np.arange(len(corners)), dtype=np.float64)
    return TemperatureHistory(times, np.array(corners))


def first_step(model: MechanicalModel) -> None:
    """The upper pad appears late, a solder layer melts and freezes with its nodes moved."""
    model.change({"interposer_pad": "absent"}, HOT)
    march(model, ramp(0.0, HOT, 25.0), SETTINGS)
    model.change({"solder_layer_interposer": "liquid"}, 25.0)
    settle(model, 25.0, TIGHT)
    x = model.mesh.geometry.x
    x[np.abs(x[:, 2] - 1.0) < 1e-9, 2] += 0.01
    model.refresh_geometry()
    model.change({"solder_layer_interposer": "solid", "interposer_pad": "solid"}, 25.0)
    model.loading = late_loading(model)
    march(model, ramp(300.0, 25.0, COLD), SETTINGS)


def late_loading(model: MechanicalModel) -> Any:
    """The loading from the birth of the pad on, at 25 C, where it then stood: at rest."""
    nowhere = np.zeros_like(model.u)
    items = [item.starting_from(nowhere, 25.0) for item in model.loading.prescribed]
    return type(model.loading)(items, model.loading.ties)


def second_step(model: MechanicalModel) -> None:
    """Two halves of a thermal cycle."""
    march(model, ramp(600.0, COLD, HOT, COLD), SETTINGS)


def resume(folder: Path) -> MechanicalModel:
    """The model as it was after the first step."""
    store = Checkpoints(folder, DESIGN)
    found = store.latest()
    if found is None:
        raise SystemExit("no checkpoint")
    step, facts = found
    model = layered_joint()
    x = model.mesh.geometry.x
    x[np.abs(x[:, 2] - 1.0) < 1e-9, 2] += facts["lifted"]
    model.restore_geometry()
    arrays = store.restore(step, model)
    if not np.array_equal(arrays["twice"], 2.0 * model.u):
        raise SystemExit("the array that was saved along is not the one that was read")
    model.loading = late_loading(model)
    return model


def answer(model: MechanicalModel) -> dict[str, list[float]]:
    """Displacement, stress and state, cell by cell in the order of the mesh as it was made."""
    cells = all_cells(model.mesh)
    found = {"u": CellOrder(model.mesh, cells).gather(model.u[model.space.cell_unknowns(cells)])}
    for group in model.groups:
        order = CellOrder(model.mesh, group.operator.cells)
        shape = group.operator.weights.shape
        for name, values in (("stress", group.committed_stress), ("state", group.state)):
            if values.shape[1]:
                found[f"{group.name}.{name}"] = order.gather(
                    values.reshape(*shape, values.shape[1])
                )
    return {name: values.ravel().tolist() for name, values in found.items()}


def made(folder: Path) -> dict[str, list[float]]:
    """Both steps in one go, with the checkpoint on the way."""
    model = layered_joint()
    first_step(model)
    Checkpoints(folder, DESIGN).save(1, model, {"lifted": 0.01}, {"twice": 2.0 * model.u})
    second_step(model)
    return answer(model)


def resumed(folder: Path) -> dict[str, list[float]]:
    """The second step alone."""
    model = resume(folder)
    second_step(model)
    return answer(model)


if __name__ == "__main__":
    results = (made if sys.argv[1] == "make" else resumed)(Path(sys.argv[2]))
    if MPI.COMM_WORLD.rank == 0:
        print(json.dumps(results))
