"""Averages and peaks over named volumes of a model, summed over all ranks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from mpi4py import MPI

from bumpfem.physics.groups import LawGroup
from bumpfem.physics.mechanics import MechanicalModel
from bumpfem.units import FloatArray

#: The averaging volumes and the regions that make them up.
AVERAGING_VOLUMES: dict[str, tuple[str, ...]] = {
    "solder_layer_interposer": ("solder_layer_interposer",),
    "solder_layer_board": ("solder_layer_board",),
    "solder": ("solder", "solder_layer_interposer", "solder_layer_board"),
}


class Volume:
    """A set of regions over which fields are averaged.

    Attributes:
        name: Name of the volume.
        size: Its volume in mm^3.
        groups: The regions in it.
    """

    def __init__(self, name: str, groups: Sequence[LawGroup], model: MechanicalModel) -> None:
        self.name, self.groups = name, list(groups)
        self._comm = model.mesh.comm
        self.size = self._sum(sum(float(group.operator.weights.sum()) for group in self.groups))

    def mean(self, values: Sequence[FloatArray]) -> float:
        """Volume average of point values, one array ``(points,)`` per group."""
        total = sum(
            float(group.operator.weights.ravel() @ part)
            for group, part in zip(self.groups, values, strict=True)
        )
        return self._sum(total) / self.size

    def _sum(self, value: float) -> float:
        return float(self._comm.allreduce(value, MPI.SUM))


def averaging_volumes(model: MechanicalModel) -> list[Volume]:
    """The averaging volumes that the model has."""
    present = {group.name: group for group in model.groups}
    found = []
    for name, regions in AVERAGING_VOLUMES.items():
        groups = [present[region] for region in regions if region in present]
        if groups:
            found.append(Volume(name, groups, model))
    return found


def peak(model: MechanicalModel, values: FloatArray) -> float:
    """Largest of the point values of one region on all ranks."""
    local = float(values.max()) if values.size else -np.inf
    return float(model.mesh.comm.allreduce(local, MPI.MAX))
