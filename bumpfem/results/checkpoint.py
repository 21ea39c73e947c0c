"""Full mechanical state of a process chain on disk, to be taken up on any number of ranks.

All fields are kept cell by cell in the order in which the mesh was made (gmsh makes it on rank 0,
always the same from one design), so that they do not depend on how the mesh was distributed. On the
same number of ranks what is read back is what was written, to the last bit.

One file holds the state after the last finished step. It is written beside its place and moved
there as a whole: whoever is killed while writing leaves the file of the step before.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from mpi4py import MPI

from bumpfem.errors import BumpfemError, InputError
from bumpfem.physics.activity import GroupState
from bumpfem.physics.groups import LawGroup
from bumpfem.physics.mechanics import MechanicalModel
from bumpfem.results.cell_order import CellOrder
from bumpfem.units import FloatArray

FILE_NAME = "checkpoint.npz"
#: Largest distance of a node from where it stood in the checkpoint, mm.
SAME_PLACE = 1e-6

_Found = TypeVar("_Found")
_Fields = dict[str, FloatArray]


class Checkpoints:
    """Keeps the state after each step of a chain in a folder. All calls are collective.

    Args:
        folder: Where the file is; made when something is saved.
        design: Plain data of everything that the numbers depend on.
        comm: Communicator of the meshes.
    """

    def __init__(
        self, folder: Path, design: Mapping[str, Any], comm: MPI.Intracomm = MPI.COMM_WORLD
    ) -> None:
        self._path = Path(folder) / FILE_NAME
        self._design: dict[str, Any] = json.loads(json.dumps(design))
        self._comm = comm

    def latest(self) -> tuple[int, dict[str, Any]] | None:
        """Number of the last step that was saved and the chain's facts then; None without any.

        Raises:
            InputError: if the checkpoint is of another design, naming the first difference, or
                cannot be read.
        """

        def read() -> tuple[int, dict[str, Any]] | None:
            if not self._path.exists():
                return None
            heading = self._heading()
            return heading["step"], heading["facts"]

        return self._on_root(read)

    def save(
        self,
        step: int,
        model: MechanicalModel,
        facts: Mapping[str, Any],
        arrays: Mapping[str, FloatArray] | None = None,
    ) -> None:
        """Keep the state after a step, in place of that of an earlier one.

        Args:
            step: Number of the step.
            model: The model; its committed state is kept, and where its nodes stand.
            facts: What the chain wants to know again, as plain data.
            arrays: Further values at the local displacement unknowns, by name.
        """
        arrays = arrays or {}
        heading = {
            "step": step,
            "facts": facts,
            "design": self._design,
            "time": model.time,
            "groups": {
                group.name: {"activity": group.activity, "born": group.offset is not None}
                for group in model.groups
            },
            "arrays": list(arrays),
        }
        nodes = _Nodes(model)
        fields = {"cells": nodes.order.numbers, "nodes": nodes.coordinates()}
        fields["u"] = nodes.gather(model.u)
        for name, values in arrays.items():
            fields[f"array.{name}"] = nodes.gather(values)
        for group in model.groups:
            fields |= _saved(model, group)
        text = json.dumps(heading)
        self._on_root(lambda: self._write(text, fields))

    def restore(self, step: int, model: MechanicalModel) -> dict[str, FloatArray]:
        """Give a model the state after a step.

        Args:
            step: Number of the step; the one that :meth:`latest` names.
            model: Built from the same design on the same mesh, its nodes where they were.

        Returns:
            The further arrays that were saved, at the local displacement unknowns.

        Raises:
            InputError: if the checkpoint is of another design, mesh or step, or cannot be read.
        """
        heading = self._on_root(self._heading)
        self._compare("step", heading["step"], step)
        self._compare("mesh.regions", sorted(heading["groups"]), _names(model))
        nodes = _Nodes(model)
        here = nodes.coordinates()
        fields: _Fields = self._on_root(lambda: self._fields(nodes.order, here), share=False) or {}
        for group in model.groups:
            _restore(model, group, heading["groups"][group.name], fields)
        nodes.move(fields.get("nodes"))
        model.u[:] = nodes.scatter(fields.get("u"))
        model.time = heading["time"]
        return {name: nodes.scatter(fields.get(f"array.{name}")) for name in heading["arrays"]}

    def _heading(self) -> dict[str, Any]:
        heading: dict[str, Any] = json.loads(str(self._load("heading")["heading"]))
        different = first_difference(heading["design"], self._design)
        if different is not None:
            self._compare(*different)
        return heading

    def _fields(self, order: CellOrder, here: FloatArray) -> _Fields:
        fields = self._load()
        self._compare("mesh.cells", len(fields["cells"]), len(order.numbers))
        self._compare("mesh.nodes of a cell", fields["nodes"].shape[1], here.shape[1])
        away = float(np.abs(fields["nodes"] - here).max())
        if away > SAME_PLACE:
            self._compare("mesh.largest distance of a node", f"{away:.3g} mm", "0 mm")
        return fields

    def _compare(self, name: str, saved: object, wanted: object) -> None:
        if saved != wanted:
            raise InputError(
                f"checkpoint.{name}", saved, f"{wanted}, as in this run",
                reason=f"{self._path} belongs to another run",
            )  # fmt: skip

    def _load(self, *names: str) -> dict[str, Any]:
        """Arrays of the file by name; all without names."""
        try:
            with np.load(self._path, allow_pickle=False) as file:
                return {name: file[name] for name in names or file.files}
        except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise InputError(
                "checkpoint", self._path, "a checkpoint that can be read", reason=str(error)
            ) from error

    def _write(self, heading: str, fields: _Fields) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        partial = self._path.with_suffix(".partial")
        with partial.open("wb") as file:
            np.savez(file, allow_pickle=False, heading=np.array(heading), **fields)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, self._path)

    def _on_root(self, work: Callable[[], _Found], *, share: bool = True) -> _Found:
        """Do something on rank 0; what it returns (if shared) or raises reaches every rank."""
        found: Any = None
        failure: Exception | None = None
        if self._comm.rank == 0:
            try:
                found = work()
            except (BumpfemError, OSError) as error:
                failure = error
        failure = self._comm.bcast(failure)
        if failure is not None:
            raise failure
        if share:
            found = self._comm.bcast(found)
        result: _Found = found
        return result


def first_difference(saved: Any, wanted: Any, path: str = "") -> tuple[str, Any, Any] | None:
    """Where two pieces of plain data differ first: dotted path and both values; None if nowhere.

    >>> first_difference({"joint": {"solder": "sac305"}}, {"joint": {"solder": "sn63pb37"}})
    ('joint.solder', 'sac305', 'sn63pb37')
    """
    if isinstance(saved, dict) and isinstance(wanted, dict):
        parts: list[tuple[str, Any, Any]] = [
            (key, saved.get(key, "nothing"), wanted.get(key, "nothing"))
            for key in [*saved, *(key for key in wanted if key not in saved)]
        ]
    elif isinstance(saved, list) and isinstance(wanted, list) and len(saved) == len(wanted):
        parts = [
            (str(number), *pair) for number, pair in enumerate(zip(saved, wanted, strict=True), 1)
        ]
    else:
        return None if saved == wanted else (path, saved, wanted)
    for key, one, other in parts:
        found = first_difference(one, other, f"{path}.{key}" if path else key)
        if found is not None:
            return found
    return None


class _Nodes:
    """Values at the displacement unknowns, and coordinates, cell by cell."""

    def __init__(self, model: MechanicalModel) -> None:
        topology = model.mesh.topology
        cells = topology.index_map(topology.dim)
        local = np.arange(cells.size_local + cells.num_ghosts, dtype=np.int32)
        self._model = model
        self._unknowns = model.space.cell_unknowns(local)
        self._corners = model.mesh.geometry.dofmaps[0][local]
        self.order = CellOrder(model.mesh, local)

    def gather(self, values: FloatArray) -> FloatArray:
        return self.order.gather(values[self._unknowns])

    def scatter(self, saved: FloatArray | None) -> FloatArray:
        values = np.zeros(self._model.space.local_size)
        values[self._unknowns] = self.order.scatter(saved)
        return values

    def coordinates(self) -> FloatArray:
        return self.order.gather(self._model.mesh.geometry.x[self._corners])

    def move(self, saved: FloatArray | None) -> None:
        """Put the nodes exactly where they stood."""
        self._model.mesh.geometry.x[self._corners] = self.order.scatter(saved)
        self._model.restore_geometry()


def _names(model: MechanicalModel) -> list[str]:
    return sorted(group.name for group in model.groups)


class _Points:
    """Values at the integration points of a group, cell by cell."""

    def __init__(self, model: MechanicalModel, group: LawGroup) -> None:
        self._order = CellOrder(model.mesh, group.operator.cells)
        self._shape: tuple[int, int] = group.operator.weights.shape
        self._name = group.name

    def gather(self, kept: Mapping[str, FloatArray]) -> _Fields:
        return {
            f"{self._name}.{name}": self._order.gather(
                values.reshape(*self._shape, values.shape[1])
            )
            for name, values in kept.items()
        }

    def scatter(self, name: str, fields: _Fields) -> FloatArray:
        values = self._order.scatter(fields.get(f"{self._name}.{name}"))
        return values.reshape(self._shape[0] * self._shape[1], values.shape[-1])


def _saved(model: MechanicalModel, group: LawGroup) -> _Fields:
    """State, stress and, where there is one, offset of a group."""
    kept = {"state": group.state, "stress": group.committed_stress}
    if group.offset is not None:
        kept["offset"] = group.offset
    return _Points(model, group).gather(kept)


def _restore(
    model: MechanicalModel, group: LawGroup, saved: Mapping[str, Any], fields: _Fields
) -> None:
    points = _Points(model, group)
    state = points.scatter("state", fields)
    offset = points.scatter("offset", fields) if saved["born"] else None
    stress = points.scatter("stress", fields)
    group.restore(GroupState(saved["activity"], offset, state, state, stress))
