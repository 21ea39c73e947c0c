"""From a package and a joint to a dolfinx mesh."""

from __future__ import annotations

import gmsh
from mpi4py import MPI

from bumpfem.design import Joint, Package
from bumpfem.errors import BumpfemError
from bumpfem.meshing.convert import to_dolfinx
from bumpfem.meshing.generate import Generated, generate
from bumpfem.meshing.mesh import Mesh
from bumpfem.meshing.names import Kind
from bumpfem.meshing.session import gmsh_session


def build_mesh(
    package: Package,
    joint: Joint,
    *,
    size: float = 1.0,
    kind: Kind = "half_cell",
    comm: MPI.Intracomm = MPI.COMM_WORLD,
    layer_thickness: float = 0.025,
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

    Raises:
        InputError: If the joint cannot be.
        MeshError: If the mesh fails its checks.
    """
    with gmsh_session("joint"):
        made: Generated | None = None
        failure: BumpfemError | None = None
        if comm.rank == 0:
            try:
                made = generate(package, joint, size, kind, layer_thickness)
            except BumpfemError as error:
                failure = error
        failure = comm.bcast(failure, root=0)
        if failure is not None:
            raise failure
        known: Generated = comm.bcast(made, root=0)
        mesh, cell_tags, facet_tags = to_dolfinx(gmsh.model, comm, kind)
    shape = known.shape
    return Mesh(
        mesh=mesh,
        cell_tags=cell_tags,
        facet_tags=facet_tags,
        regions=known.regions,
        surfaces=known.surfaces,
        kind=kind,
        quality=known.quality,
        centre_x=known.box.centre_x,
        standoff=shape.standoff,
        pitch=package.pitch,
        board_face=shape.board_face,
        interposer_face=shape.board_face + shape.standoff,
        max_diameter=shape.max_diameter,
        neck_diameter=shape.neck_diameter,
        solder_volume=shape.volume,
        layer_thickness=known.layer_thickness,
        notes=shape.notes,
    )
