"""The current gmsh model as a distributed dolfinx mesh."""

from __future__ import annotations

from types import ModuleType

import numpy as np
from dolfinx.io.gmsh import model_to_mesh
from dolfinx.mesh import Mesh as DolfinxMesh
from dolfinx.mesh import MeshTags
from mpi4py import MPI

from bumpfem.errors import MeshError
from bumpfem.meshing.names import Kind


def to_dolfinx(
    model: ModuleType | type, comm: MPI.Intracomm, kind: Kind
) -> tuple[DolfinxMesh[np.float64], MeshTags, MeshTags]:
    """Distribute the model that rank 0 holds.

    Args:
        model: gmsh's model.
        comm: Communicator.
        kind: Kind of mesh: two coordinates where it is axisymmetric, else three.

    Raises:
        MeshError: If cells or facets carry no tags.
    """
    data = model_to_mesh(model, comm, rank=0, gdim=2 if kind == "axisymmetric" else 3)
    if data.cell_tags is None or data.facet_tags is None:
        raise MeshError("the mesh has cells or facets without tags")
    return data.mesh, data.cell_tags, data.facet_tags
