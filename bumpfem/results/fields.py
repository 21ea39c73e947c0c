"""Field files of a joint that ParaView opens: mesh, deformation, stress, strain, energy density."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyvista
from dolfinx import plot

from bumpfem.meshing import Mesh
from bumpfem.physics.groups import LawGroup, von_mises
from bumpfem.physics.mechanics import MechanicalModel
from bumpfem.units import FloatArray

_STRESS = ("stress_xx", "stress_yy", "stress_zz", "stress_xy", "stress_yz", "stress_xz")


def write_mesh(model: MechanicalModel, mesh: Mesh, path: Path) -> None:
    """Write the mesh with its regions.

    Args:
        model: The mechanical model on the mesh.
        mesh: The mesh.
        path: A ``.vtu`` file; written by rank 0.
    """
    _write(_Collector(model, mesh).grid({}, {}), path)


def write_fields(
    model: MechanicalModel, mesh: Mesh, work: Mapping[str, FloatArray], path: Path
) -> None:
    """Write the committed state of a model.

    Point data: ``displacement`` in mm. Cell data, averaged over each cell: ``region`` (names in
    the field data ``region_names`` and ``region_ids``), ``von_mises`` and the stress components
    in MPa, ``equivalent_inelastic_strain`` (accumulated), ``delta_w``, the inelastic work density
    of the last cycle in MPa.

    Args:
        model: The model after its march.
        mesh: Its mesh.
        work: Inelastic work density of the last cycle at the points of each region, MPa.
        path: A ``.vtu`` file; written by rank 0.
    """
    collector = _Collector(model, mesh)
    cells = {
        "von_mises": collector.cell_means(lambda group: von_mises(group.committed_stress)),
        "equivalent_inelastic_strain": collector.cell_means(_accumulated),
        "delta_w": collector.cell_means(lambda group: work[group.name]),
    }
    for index, name in enumerate(_STRESS):
        cells[name] = collector.cell_means(partial(_component, index))
    dimension = model.space.dimension
    displacement = np.zeros((len(model.u) // dimension, 3))
    displacement[:, :dimension] = model.u.reshape(-1, dimension)
    _write(collector.grid(cells, {"displacement": displacement}), path)


def _component(index: int, group: LawGroup) -> FloatArray:
    return group.committed_stress[:, index]


def _accumulated(group: LawGroup) -> FloatArray:
    state = group.state
    return state[:, 6] if state.shape[1] else np.zeros(len(state))


def _write(grid: pyvista.UnstructuredGrid | None, path: Path) -> None:
    if grid is not None:
        grid.save(path)


#: The annotation of this function names meshes only; it takes function spaces as well.
_vtk_mesh: Callable[[Any], tuple[Any, Any, Any]] = plot.vtk_mesh


class _Collector:
    """Brings the ranks' parts of a mesh and of its fields together on rank 0."""

    def __init__(self, model: MechanicalModel, mesh: Mesh) -> None:
        self._model, self._mesh = model, mesh
        self._owned = len(model.space.owned_cells)

    def cell_means(self, values: Callable[[LawGroup], FloatArray]) -> FloatArray:
        """Volume means over this rank's cells of point values given by group."""
        means = np.zeros(self._owned)
        for group in self._model.groups:
            weights = group.operator.weights
            points = values(group).reshape(weights.shape)
            means[group.operator.cells] = (weights * points).sum(axis=1) / weights.sum(axis=1)
        return means

    def grid(
        self, cells: Mapping[str, FloatArray], points: Mapping[str, FloatArray]
    ) -> pyvista.UnstructuredGrid | None:
        """The whole mesh with its fields on rank 0, None elsewhere."""
        model, mesh = self._model, self._mesh
        topology, kinds, coordinates = _vtk_mesh(model.space.space)
        region = np.zeros(self._owned, dtype=np.int32)
        tags = mesh.cell_tags
        own = tags.indices < self._owned
        region[tags.indices[own]] = tags.values[own]
        parts = model.mesh.comm.gather(
            (topology, kinds, coordinates, {"region": region, **cells}, dict(points))
        )
        if parts is None:
            return None
        shifts = np.concatenate([[0], np.cumsum([len(part[2]) for part in parts])])
        connectivity = [
            _shifted(part[0], int(shift)) for part, shift in zip(parts, shifts[:-1], strict=True)
        ]
        grid = pyvista.UnstructuredGrid(
            np.concatenate(connectivity),
            np.concatenate([_quadratic(part[1]) for part in parts]),
            np.concatenate([part[2] for part in parts]),
        )
        for name in parts[0][3]:
            grid.cell_data[name] = np.concatenate([part[3][name] for part in parts])
        for name in parts[0][4]:
            grid.point_data[name] = np.concatenate([part[4][name] for part in parts])
        grid.field_data["region_names"] = list(mesh.regions)
        grid.field_data["region_ids"] = np.array(list(mesh.regions.values()))
        return grid


#: Second-order Lagrange cells of VTK and the quadratic cells with the same nodes, which more
#: programs read: triangle, tetrahedron.
_QUADRATIC = {69: 22, 71: 24}


def _quadratic(kinds: np.ndarray) -> np.ndarray:
    return np.array([_QUADRATIC[int(kind)] for kind in kinds], dtype=np.uint8)


def _shifted(topology: np.ndarray, shift: int) -> np.ndarray:
    """VTK cells ``(nodes, n1, n2, ...)`` of one kind with their node numbers shifted."""
    rows = topology.reshape(-1, int(topology[0]) + 1).copy() if len(topology) else topology
    if len(rows):
        rows[:, 1:] += shift
    return np.asarray(rows).ravel()
