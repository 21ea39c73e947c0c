"""Temperature and melting as fields: single states and whole films for ParaView."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyvista
from dolfinx import fem, plot

from bumpfem.physics.heat import HeatModel
from bumpfem.process.reflow_cell import ReflowCell
from bumpfem.solvers.heat import HeatStep
from bumpfem.units import FloatArray

#: Frames of a film at equal times; changes of the melted fraction add more.
FRAMES = 40
#: Change of the melted fraction after which a frame is kept in any case.
_MELTED_CHANGE = 0.08


@dataclass(frozen=True)
class Frame:
    """One state of a film.

    Attributes:
        time: s.
        melted: Melted fraction of what is meant to melt.
        temperature: At this rank's owned unknowns, degrees C.
    """

    time: float
    melted: float
    temperature: FloatArray


class FrameRecorder:
    """Observer that keeps states for pictures and films.

    Args:
        cell: The cell that is marched.
        duration: Length of the profile, s.

    Attributes:
        frames: The states, in order.
    """

    def __init__(self, cell: ReflowCell, duration: float) -> None:
        self._cell, self._interval = cell, duration / FRAMES
        self.frames: list[Frame] = []

    def __call__(self, model: HeatModel, step: HeatStep) -> None:
        """Keep a state if it is the next of the film, or much has melted or frozen since."""
        names = self._cell.melting
        volume = sum(model.volumes[name] for name in names)
        melted = sum(model.volumes[n] * step.regions[n].melted for n in names) / volume
        if self.frames:
            last = self.frames[-1]
            due = step.time >= last.time + self._interval
            if not due and abs(melted - last.melted) < _MELTED_CHANGE:
                return
        self.frames.append(Frame(step.time, melted, step.temperature.copy()))

    def melting_state(self) -> Frame:
        """The state that shows most: half molten while heating, or the most molten one."""
        top = max(range(len(self.frames)), key=lambda index: self.frames[index].melted)
        rising = self.frames[: top + 1]
        return min(rising, key=lambda frame: abs(frame.melted - 0.5))


class ThermalGrid:
    """A cell's mesh as an unstructured grid of linear cells, and fields on it.

    Args:
        cell: The cell.
    """

    def __init__(self, cell: ReflowCell) -> None:
        self._cell = cell
        space = cell.model.space
        self._node = fem.Function(space.space)
        nodes = len(self._node.x.array)
        self._single = np.flatnonzero(space.owned < nodes)
        self._places = space.nodes[space.owned[self._single]]
        topology = space.mesh.topology
        count = int(topology.index_map(topology.dim).size_local)
        self._region = np.zeros(count, dtype=np.int32)
        self._members = {name: cells[cells < count] for name, cells in space.geometry.cells.items()}
        for number, name in enumerate(self._members, start=1):
            self._region[self._members[name]] = number

    def nodal(self, values: FloatArray) -> FloatArray:
        """Values at this rank's nodes, ghosts included, of values at its owned unknowns.

        Where a contact doubles a node, its first side counts.
        """
        self._node.x.array[:] = 0.0
        self._node.x.array[self._places] = values[self._single]
        self._node.x.scatter_forward()
        return np.array(self._node.x.array, dtype=np.float64)

    def melted(self, temperature: FloatArray) -> FloatArray:
        """Melted fraction of each owned cell, from nodal temperatures."""
        dofs = self._cell.model.space.space.dofmap.list
        found = np.zeros(len(self._region))
        for name, cells in self._members.items():
            material = self._cell.model.materials[name]
            if material.melts and len(cells):
                found[cells] = material.melted_fraction(temperature[dofs[cells]]).mean(axis=1)
        return found

    def grid(self, state: FloatArray, hottest: FloatArray) -> pyvista.UnstructuredGrid | None:
        """Grid with ``temperature``, ``hottest`` and ``melted``, ``most_melted``, ``region``.

        Args:
            state: Temperature at the owned unknowns, degrees C.
            hottest: Highest temperature over time there.

        Returns:
            The whole mesh on rank 0, None elsewhere.
        """
        now, most = self.nodal(state), self.nodal(hottest)
        topology, kinds, points = _vtk_mesh(self._cell.model.space.space)
        cells = {
            "region": self._region,
            "melted": self.melted(now),
            "most_melted": self.melted(most),
        }
        parts = self._cell.model.comm.gather(
            (topology, kinds, points, cells, {"temperature": now, "hottest": most})
        )
        if parts is None:
            return None
        shifts = np.concatenate([[0], np.cumsum([len(part[2]) for part in parts])])
        rows = [
            _shifted(part[0], int(shift)) for part, shift in zip(parts, shifts[:-1], strict=True)
        ]
        grid = pyvista.UnstructuredGrid(
            np.concatenate(rows),
            np.concatenate([_linear(part[1]) for part in parts]),
            np.concatenate([part[2] for part in parts]),
        )
        for name in cells:
            grid.cell_data[name] = np.concatenate([part[3][name] for part in parts])
        for name in ("temperature", "hottest"):
            grid.point_data[name] = np.concatenate([part[4][name] for part in parts])
        grid.field_data["region_names"] = list(self._members)
        grid.field_data["region_ids"] = np.arange(1, len(self._members) + 1)
        return grid


def write_state(cell: ReflowCell, state: FloatArray, hottest: FloatArray, path: Path) -> None:
    """Write one state and the extremes over time as a ``.vtu`` file, on rank 0.

    Point data ``temperature`` and ``hottest`` in degrees C; cell data ``melted`` and
    ``most_melted``, melted fractions now and at most, and ``region`` (names in the field data
    ``region_names`` and ``region_ids``).
    """
    grid = ThermalGrid(cell).grid(state, hottest)
    if grid is not None:
        grid.save(path)


def write_film(cell: ReflowCell, frames: list[Frame], folder: Path) -> None:
    """Write a film as ``melting.pvd`` with its states in ``melting/``, on rank 0."""
    writer = ThermalGrid(cell)
    place = folder / "melting"
    if cell.model.comm.rank == 0:
        place.mkdir(parents=True, exist_ok=True)
        for old in place.glob("state_*.vtu"):
            old.unlink()
    hottest = frames[0].temperature.copy()
    entries = []
    for number, frame in enumerate(frames):
        np.maximum(hottest, frame.temperature, out=hottest)
        grid = writer.grid(frame.temperature, hottest)
        name = f"melting/state_{number:03d}.vtu"
        if grid is not None:
            grid.field_data["time_s"] = np.array([frame.time])
            grid.field_data["melted_fraction"] = np.array([frame.melted])
            grid.save(folder / name)
        entries.append(f'<DataSet timestep="{frame.time:.6g}" file="{name}"/>')
    if cell.model.comm.rank == 0:
        (folder / "melting.pvd").write_text(
            '<?xml version="1.0"?>\n<VTKFile type="Collection" version="0.1">\n<Collection>\n'
            + "\n".join(entries)
            + "\n</Collection>\n</VTKFile>\n",
            encoding="utf-8",
        )


#: The annotation of this function names meshes only; it takes function spaces as well.
_vtk_mesh: Callable[[Any], tuple[Any, Any, Any]] = plot.vtk_mesh
#: Lagrange cells of VTK and the linear cells with the same nodes: triangle, tetrahedron.
_LINEAR = {69: 5, 71: 10, 5: 5, 10: 10}


def _linear(kinds: np.ndarray) -> np.ndarray:
    return np.array([_LINEAR[int(kind)] for kind in kinds], dtype=np.uint8)


def _shifted(topology: np.ndarray, shift: int) -> np.ndarray:
    """VTK cells ``(nodes, n1, n2, ...)`` of one kind with their node numbers shifted."""
    rows = topology.reshape(-1, int(topology[0]) + 1).copy() if len(topology) else topology
    if len(rows):
        rows[:, 1:] += shift
    return np.asarray(rows).ravel()
