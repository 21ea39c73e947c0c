"""A creeping bar that a tool pushes, for one or more ranks.

As a script it prints what it found as JSON on rank 0.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from mpi4py import MPI

from bumpfem.constitutive import Norton, Table
from bumpfem.physics.exposed_faces import exposed_faces
from bumpfem.physics.kinematics import DisplacementSpace
from bumpfem.physics.loading import Loading
from bumpfem.physics.tool_contact import Tool, ToolContact, contact_penalty, first_touch
from tests.support.mechanics import all_cells, box, cells_where, held, hold_at, one_region

MODULUS, EDGE = 1000.0, 0.25


def answer() -> dict[str, Any]:
    """Push the bar from its far side; what the contact finds, the same on all ranks."""
    law = Norton(Table.constant(MODULUS), Table.constant(0.3), A=1.0, n=4.0)

    def loading(space: DisplacementSpace) -> Loading:
        clamp = [held(space, lambda x: x[:, 2] < 1e-9, axis) for axis in range(3)]
        return Loading([*clamp, held(space, lambda x: x[:, 1] < 1e-9, 1)])

    model = one_region(box((4, 2, 4), (1.0, 0.5, 1.0)), law, loading)
    space, comm = model.space, model.mesh.comm
    faces = exposed_faces(space, all_cells(model.mesh), all_cells(model.mesh))
    upper = cells_where(model.mesh, lambda x: x[:, 2] > 0.5)
    within = exposed_faces(space, upper, upper)
    reach = faces.points[:, :, 2] > EDGE
    start = first_touch(space, faces, model.u, -1.0, reach)
    penalty = contact_penalty(space, faces, -1.0, MODULUS, 20.0)
    contact = ToolContact(space, faces, Tool(-1.0, start, 0.01), penalty, reach)
    model.contacts = (contact,)
    report = hold_at(model, 2.0, 0.5)
    return {
        "faces": comm.allreduce(len(faces.nodes)),
        "surface": comm.allreduce(float(np.linalg.norm(faces.area, axis=2).sum())),
        "upper_surface": comm.allreduce(float(np.linalg.norm(within.area, axis=2).sum())),
        "steps": report.steps,
        "unknowns": report.unknowns,
        "start": start,
        "penalty": penalty,
        "force": contact.resultant(),
        "area": contact.area(),
        "centre": contact.centre().tolist(),
        "deepest": contact.deepest(),
    }


if __name__ == "__main__":
    found = answer()
    if MPI.COMM_WORLD.rank == 0:
        print(json.dumps(found))
