"""Write a mesh for CalculiX."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from bumpfem.meshing import Mesh

#: Place in dolfinx's order of nodes of each node in CalculiX's order.
_ORDER = (0, 1, 2, 3, 9, 6, 8, 7, 5, 4)


def write_mesh(mesh: Mesh, path: Path) -> None:
    """Nodes, elements, regions as ELSETs and surfaces as NSETs. Serial meshes only."""
    geometry = mesh.mesh.geometry
    cells = geometry.dofmap[:, _ORDER] + 1
    lines = ["*NODE"]
    lines += [f"{k + 1}, {x:.12e}, {y:.12e}, {z:.12e}" for k, (x, y, z) in enumerate(geometry.x)]
    lines.append("*ELEMENT, TYPE=C3D10")
    lines += [", ".join(map(str, (k + 1, *nodes))) for k, nodes in enumerate(cells.tolist())]
    for region in mesh.regions:
        lines += [f"*ELSET, ELSET={region}", *_rows(mesh.cells(region) + 1)]
    topology = mesh.mesh.topology
    topology.create_connectivity(2, 0)
    from dolfinx.mesh import entities_to_geometry  # noqa

    for surface in mesh.surfaces:
        facets = mesh.facets(surface)
        from dolfinx import fem

        V = fem.functionspace(mesh.mesh, ("Lagrange", 2))
        topology.create_connectivity(2, 3)
        dofs = fem.locate_dofs_topological(V, 2, facets)
        nodes = np.empty(len(geometry.x), dtype=int)
        nodes[V.dofmap.list.ravel()] = geometry.dofmap.ravel()
        assert np.allclose(V.tabulate_dof_coordinates()[dofs], geometry.x[nodes[dofs]])
        lines += [f"*NSET, NSET={surface}", *_rows(np.sort(nodes[dofs]) + 1)]
    path.write_text("\n".join(lines) + "\n", encoding="ascii")


def _rows(members: np.ndarray) -> list[str]:
    return [
        ", ".join(map(str, members[k : k + 10].tolist())) for k in range(0, len(members), 10)
    ]
