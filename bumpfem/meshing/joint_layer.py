r"""What lies between board and interposer, slice by slice, as shares of one joint's cell.

A body of revolution with the meridian loop :math:`(r, z)` covers at a height z the area

.. math:: A(z) = \pi \sum_i \pm r_i^2 ,

summed over the loop's crossings of that height, plus where it goes up and minus where it goes
down (loops run anticlockwise). Layers that go on to the edge of the cell cover all of it outside
``inner_radius``. The rest is gas.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import pi

import numpy as np

from bumpfem.design import Joint, Package
from bumpfem.errors import MeshError
from bumpfem.shapes import Body, JointShape, joint_outline
from bumpfem.units import FloatArray

#: Slices through the thickness, at least.
SLICES = 240
#: Points on each segment of a meridian.
_POINTS = 129


@dataclass(frozen=True)
class JointLayer:
    """The joints of a package as one layer.

    Attributes:
        thickness: Distance from the board's to the interposer's surface, mm.
        cell_area: Area of the layer that belongs to one joint, mm2.
        standoff: Distance of the facing pad surfaces, mm.
        board_face: Height of the board pad's solder-side face, mm.
        solder_volume: Solder of one joint, mm3.
        max_diameter: Largest diameter of a joint, mm.
        neck_diameter: Smallest diameter of a joint, mm.
        slices: (slices,) thickness of each slice, mm, from the board up.
        shares: (slices,) share of the cell's area that each region covers in each slice.
        notes: Remarks on how the joint's shape was found.
    """

    thickness: float
    cell_area: float
    standoff: float
    board_face: float
    solder_volume: float
    max_diameter: float
    neck_diameter: float
    slices: FloatArray
    shares: dict[str, FloatArray]
    notes: tuple[str, ...] = ()

    def fraction(self, region: str) -> float:
        """Share of the layer's volume."""
        return float(self.shares[region] @ self.slices) / self.thickness

    @property
    def gas(self) -> FloatArray:
        """(slices,) share of the area that nothing covers."""
        return np.asarray(1.0 - np.sum(list(self.shares.values()), axis=0))


def joints_extent(package: Package) -> tuple[tuple[float, float], tuple[float, float]]:
    """Half sizes of the rectangle that the joints take, and of the empty one inside it, mm.

    Every joint takes one pitch each way, but no joint more than the body has; the empty rectangle
    is there when only outer rings are populated and has the size zero otherwise.
    """
    array, pitch = package.array, package.pitch
    width, length = package.body_size
    outer = (
        0.5 * min(array.columns * pitch, width),
        0.5 * min(array.rows * pitch, length),
    )
    if array.perimeter_rings is None:
        return outer, (0.0, 0.0)
    inner = tuple(
        0.5 * pitch * max(count - 2 * array.perimeter_rings, 0)
        for count in (array.columns, array.rows)
    )
    return outer, (inner[0], inner[1]) if min(inner) > 0.0 else (0.0, 0.0)


def joint_layer(package: Package, joint: Joint) -> JointLayer:
    """Slices of the layer that a package's joints make, if all are like ``joint``.

    Each region's shares are scaled so that its volume is the exact one of the meridian, but no
    slice is filled more than fully (parts that fill the cell lose some 1e-5 of it by that).

    Args:
        package: The package.
        joint: One of its joints.

    Raises:
        InputError: If the joint cannot be.
        MeshError: If the bodies do not fit into their cell.
    """
    shape = joint_outline(package, joint)
    (wide, long), (hollow_x, hollow_y) = joints_extent(package)
    area = 4.0 * (wide * long - hollow_x * hollow_y) / len(package.array.sites)
    height = shape.interposer_surface
    edges = _edges(shape, height)
    middles, slices = 0.5 * (edges[1:] + edges[:-1]), np.diff(edges)
    shares: dict[str, FloatArray] = {}

    def add(region: str, covered: FloatArray, volume: float) -> None:
        found = float(covered @ slices)
        if volume > 0.0 and found > 0.0:
            share = covered * (volume / (found * area))
            shares[region] = shares.get(region, np.zeros(len(slices))) + share

    for body in shape.bodies:
        add(body.region, _covered(body, middles), body.volume)
    around = area - pi * shape.inner_radius**2
    for layer in shape.layers:
        overlap = np.minimum(edges[1:], layer.top) - np.maximum(edges[:-1], layer.bottom)
        covered = around * np.maximum(overlap, 0.0) / slices
        add(layer.region, covered, around * (layer.top - layer.bottom))
    filled = np.sum(list(shares.values()), axis=0)
    if filled.max() > 1.01:
        raise MeshError(f"the parts of joint {joint.name} cover {filled.max():.3f} of their cell")
    shares = {region: share / np.maximum(filled, 1.0) for region, share in shares.items()}
    return JointLayer(
        thickness=height,
        cell_area=area,
        standoff=shape.standoff,
        board_face=shape.board_face,
        solder_volume=shape.volume,
        max_diameter=shape.max_diameter,
        neck_diameter=shape.neck_diameter,
        slices=slices,
        shares=shares,
        notes=shape.notes,
    )


def _edges(shape: JointShape, height: float) -> FloatArray:
    """Heights of the slices' faces; the ends of all bodies and layers are among them."""
    ends = [0.0, height]
    for body in shape.bodies:
        spans = [segment.height_range for segment in body.loop]
        ends += [min(low for low, _ in spans), max(high for _, high in spans)]
    for layer in shape.layers:
        ends += [layer.bottom, layer.top]
    inside = np.clip(np.unique(np.round(ends, 12)), 0.0, height)
    kept = inside[np.concatenate([[True], np.diff(inside) > 1e-9])]
    parts = [
        np.linspace(low, high, max(round(SLICES * (high - low) / height), 2) + 1)[1:]
        for low, high in pairwise(kept)
    ]
    return np.concatenate([kept[:1], *parts])


def _covered(body: Body, heights: FloatArray) -> FloatArray:
    """Area of a body's section at each of some heights, mm2."""
    total = np.zeros(len(heights))
    for segment in body.loop:
        points = np.asarray(segment.points(_POINTS))
        (r, z), (r_next, z_next) = points[:-1].T, points[1:].T
        low, high = np.minimum(z, z_next), np.maximum(z, z_next)
        crossed = (low[:, None] <= heights) & (heights < high[:, None])
        piece, place = np.nonzero(crossed)
        along = (heights[place] - z[piece]) / (z_next - z)[piece]
        radius = r[piece] + along * (r_next - r)[piece]
        np.add.at(total, place, pi * np.sign(z_next - z)[piece] * radius**2)
    return np.maximum(total, 0.0)
