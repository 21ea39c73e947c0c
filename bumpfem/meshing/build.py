"""From a package and a joint to a dolfinx mesh."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext

import gmsh
from mpi4py import MPI

from bumpfem.design import Joint, Package
from bumpfem.errors import BumpfemError, MeshError
from bumpfem.meshing.convert import to_dolfinx
from bumpfem.meshing.generate import Generated, generate
from bumpfem.meshing.mesh import Mesh
from bumpfem.meshing.names import CellKind
from bumpfem.meshing.session import gmsh_session


def build_mesh(
    package: Package,
    joint: Joint,
    *,
    size: float = 1.0,
    kind: CellKind = "half_cell",
    comm: MPI.Intracomm = MPI.COMM_WORLD,
    layer_thickness: float = 0.025,
    crown_resin: float = 0.0,
) -> Mesh:
    """Mesh the cell of one pitch around a joint.

    The half cell is ``|x - L| <= P/2, 0 <= y <= P/2`` with z from board to interposer, z = 0 at
    the board's solder-side surface; the axisymmetric cell has the radius ``P / sqrt(pi)``.

    Args:
        package: The package.
        joint: One of its joints.
        size: Factor on every element size.
        kind: ``"half_cell"`` or ``"axisymmetric"``.
        comm: Communicator; gmsh runs on rank 0 and the mesh is distributed.
        layer_thickness: Thickness of the embedded averaging layers, mm.
        crown_resin: Thickness of hardened resin on the crown of an anchored ball (region
            ``resin_crown``), mm; 0 for none.

    Raises:
        InputError: If the joint cannot be.
        MeshError: If the mesh fails its checks.
    """
    return on_root(comm, lambda: generate(package, joint, size, kind, layer_thickness, crown_resin))


def on_root(comm: MPI.Intracomm, make: Callable[[], Generated]) -> Mesh:
    """Let rank 0 make (or load) a gmsh model and distribute it; its errors reach every rank.

    Args:
        comm: Communicator.
        make: Fills the current gmsh model; called on rank 0 only.

    Raises:
        BumpfemError: What ``make`` raised.
    """
    made: Generated | None = None
    failure: BumpfemError | None = None
    with gmsh_session("joint") if comm.rank == 0 else nullcontext():
        if comm.rank == 0:
            try:
                made = make()
            except BumpfemError as error:
                failure = error
        reason: str = comm.bcast(str(failure or ""), root=0)
        if reason:
            raise failure or MeshError(reason)
        known: Generated = comm.bcast(made, root=0)
        mesh, cell_tags, facet_tags = to_dolfinx(gmsh.model, comm, known.facts.kind)
    return Mesh(
        mesh=mesh,
        cell_tags=cell_tags,
        facet_tags=facet_tags,
        regions=known.regions,
        surfaces=known.surfaces,
        quality=known.quality,
        facts=known.facts,
    )
