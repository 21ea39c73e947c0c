"""Meshes of joints: curves and slabs -> gmsh -> dolfinx, with named regions and surfaces."""

from bumpfem import _dolfinx as _dolfinx
from bumpfem.meshing.build import build_mesh
from bumpfem.meshing.export import export_mesh, read_msh
from bumpfem.meshing.mesh import Mesh, MeshFacts
from bumpfem.meshing.names import (
    AXISYMMETRIC_SURFACES,
    HALF_CELL_SURFACES,
    PACKAGE_SURFACES,
    REGIONS,
    surface_names,
)
from bumpfem.meshing.names import CellKind as Kind
from bumpfem.meshing.package_mesh import build_package_mesh
from bumpfem.meshing.quality import MeshQuality

__all__ = [
    "AXISYMMETRIC_SURFACES",
    "HALF_CELL_SURFACES",
    "PACKAGE_SURFACES",
    "REGIONS",
    "Kind",
    "Mesh",
    "MeshFacts",
    "MeshQuality",
    "build_mesh",
    "build_package_mesh",
    "export_mesh",
    "read_msh",
    "surface_names",
]
