"""Regions and faces lumped at the nodes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from bumpfem.constitutive.enthalpy import Segments
from bumpfem.physics.heat_geometry import IntArray
from bumpfem.physics.heat_kernels import Parts
from bumpfem.units import FloatArray


@dataclass(frozen=True)
class RegionState:
    """What a region's temperatures amount to.

    Attributes:
        mean: Mean over the volume, degrees C.
        lowest: degrees C.
        highest: degrees C.
        melted: Melted fraction of the volume, 0 to 1.
    """

    mean: float
    lowest: float
    highest: float
    melted: float


@dataclass(frozen=True)
class Lumped:
    """A region or surface at the owned unknowns it touches.

    Attributes:
        unknowns: Numbers among the owned unknowns.
        weights: Volume, mm3, or area, mm2, around each.
    """

    unknowns: IntArray
    weights: FloatArray

    @classmethod
    def of(cls, weights: FloatArray) -> Self:
        """From weights ``(n,)`` at all owned unknowns, most of them zero."""
        touched = np.flatnonzero(weights).astype(np.int32)
        return cls(touched, weights[touched])


def node_parts(count: int, lumped: Sequence[Lumped], pieces: Sequence[Segments]) -> Parts:
    """Volumes of the regions around every node, and the regions' heat content, for kernels.

    Args:
        count: Owned unknowns.
        lumped: Volumes of each region.
        pieces: Heat content of each region's material.
    """
    nodes = np.concatenate([region.unknowns for region in lumped])
    sizes = [len(region.unknowns) for region in lumped]
    regions = np.repeat(np.arange(len(sizes)), sizes)
    volumes = np.concatenate([region.weights for region in lumped])
    order = np.argsort(nodes, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(nodes, minlength=count))])
    first = np.concatenate([[0], np.cumsum([len(piece.temperature) for piece in pieces])])
    return Parts(
        starts.astype(np.int32),
        regions[order].astype(np.int32),
        volumes[order],
        first.astype(np.int32),
        np.concatenate([piece.temperature for piece in pieces]),
        np.concatenate([piece.enthalpy for piece in pieces]),
        np.concatenate([np.append(piece.left, 0.0) for piece in pieces]),
        np.concatenate([np.append(piece.right, 0.0) for piece in pieces]),
    )
