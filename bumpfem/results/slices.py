"""The weakest horizontal slice of the solder between its averaging layers.

Layers at the pads miss a joint that is weakest elsewhere: in a neck, or beside the crown of a metal
bump. The solder between the layers is therefore cut into windows as thick as a layer, half
overlapping, and averaged over each by its integration points.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from mpi4py import MPI

from bumpfem.physics.mechanics import MechanicalModel
from bumpfem.units import FloatArray

#: Windows with less than this part of the largest window's volume are edges, not sections.
LEAST_VOLUME = 0.25


@dataclass(frozen=True)
class Slice:
    """One slice of the half cell's solder.

    Attributes:
        height_mm: Height of its middle above the board.
        thickness_mm: Thickness.
        diameter_mm: Diameter of a disc of its area.
        delta_w_mpa: Inelastic work density of the last cycle, MPa.
        inelastic_strain_accumulated: Equivalent inelastic strain accumulated in that cycle.
        creep_strain_first: The first mechanism's part of it; None where the law has one only.
    """

    height_mm: float
    thickness_mm: float
    diameter_mm: float
    delta_w_mpa: float
    inelastic_strain_accumulated: float
    creep_strain_first: float | None = None


def weakest_slice(
    model: MechanicalModel,
    thickness: float,
    work: FloatArray,
    strain: FloatArray,
    first: FloatArray | None = None,
) -> Slice | None:
    """Slice of the region ``solder`` with the largest work density.

    Args:
        model: The model.
        thickness: Thickness of a slice, mm; fitted so that whole slices fill the height.
        work: Inelastic work density of the cycle at the points of the region, MPa.
        strain: Accumulated equivalent inelastic strain of the cycle at the points.
        first: The part of it that the first of two mechanisms made; None with one only.

    Returns:
        The slice; None where there is no such region or it is thinner than a slice.
    """
    if all(group.name != "solder" for group in model.groups):
        return None
    group, comm = model.group("solder"), model.mesh.comm
    heights = model.space.point_coordinates(group.operator.cells)[:, :, -1].ravel()
    weights = group.operator.weights.ravel()
    low = comm.allreduce(float(heights.min()) if heights.size else math.inf, MPI.MIN)
    high = comm.allreduce(float(heights.max()) if heights.size else -math.inf, MPI.MAX)
    if high - low < thickness:
        return None
    count = max(round(2.0 * (high - low) / thickness), 2)
    half = (high - low) / count
    thickness = 2.0 * half
    bins = np.minimum(((heights - low) / half).astype(int), count - 1)

    def windows(values: FloatArray) -> FloatArray:
        sums = comm.allreduce(np.bincount(bins, weights=values, minlength=count))
        return np.asarray(sums[:-1] + sums[1:])

    volumes = windows(weights)
    kept = volumes > LEAST_VOLUME * volumes.max()
    density = np.where(kept, windows(weights * work) / np.where(kept, volumes, 1.0), -math.inf)
    place = int(np.argmax(density))

    def mean(values: FloatArray) -> float:
        return float(windows(weights * values)[place] / volumes[place])

    return Slice(
        height_mm=low + (place + 1) * half,
        thickness_mm=thickness,
        diameter_mm=math.sqrt(8.0 * float(volumes[place]) / (math.pi * thickness)),
        delta_w_mpa=float(density[place]),
        inelastic_strain_accumulated=mean(strain),
        creep_strain_first=None if first is None else mean(first),
    )
