"""A quarter of a package on its board: blocks of bricks, each cut into six tetrahedra.

The planes x = 0 and y = 0 are planes of symmetry, z = 0 is the board's solder-side surface, as in
the cells. All joints together are one region, ``joints``; where there are none between board and
interposer is ``gap``. Bricks cut along their space diagonal (Kuhn's triangulation) fit at every
face and have no obtuse angle, so temperatures on them neither over- nor undershoot.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, permutations

import gmsh
import numpy as np
from mpi4py import MPI
from numpy.typing import NDArray

from bumpfem.design import Joint, Package
from bumpfem.errors import InputError, MeshError
from bumpfem.meshing.build import on_root
from bumpfem.meshing.generate import Generated
from bumpfem.meshing.joint_layer import JointLayer, joint_layer, joints_extent
from bumpfem.meshing.mesh import Mesh, MeshFacts
from bumpfem.meshing.names import REGIONS, region_tag, surface_names, surface_tag
from bumpfem.meshing.quality import measure_quality
from bumpfem.units import FloatArray

#: Longest edge in the plane relative to half the body, and through the thickness, mm, at size 1.
_IN_PLANE, _THROUGH = 0.125, 0.4
#: Lengths that count as nothing, mm.
_NOTHING = 1e-9

IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class _Block:
    """A region between two heights over a centred rectangle; later blocks win."""

    region: str
    half: tuple[float, float]
    bottom: float
    top: float


def build_package_mesh(
    package: Package,
    joint: Joint | None = None,
    *,
    size: float = 1.0,
    board_margin: float = 5.0,
    comm: MPI.Intracomm = MPI.COMM_WORLD,
) -> Mesh:
    """Mesh a quarter of the package on its board.

    Regions: ``board``, ``joints``, ``gap``, ``interposer``, ``die_attach``, ``die``, ``mould``.
    Surfaces: ``symmetry_x``, ``symmetry_y``, ``board_bottom``, ``board_top`` (beside the package),
    ``board_side``, ``gap_side``, ``package_side``, ``interposer_top`` (all of the package that
    looks up); those without a face are left out.

    Args:
        package: The package.
        joint: What all its joints are like; None: plain ones.
        size: Factor on every element size.
        board_margin: How far the board goes on beside the body, mm.
        comm: Communicator; rank 0 draws and the mesh is distributed.

    Raises:
        InputError: If the joint cannot be, or size or margin is out of range.
        MeshError: If the mesh fails its checks.
    """
    if not 0.1 <= size <= 4.0:
        raise InputError("size", size, "0.1 to 4")
    if not 0.0 <= board_margin <= 1000.0:
        raise InputError("board_margin", board_margin, "0 to 1000", "mm")

    def draw() -> Generated:
        layer = joint_layer(package, joint or package.joint("plain"))
        return _draw(package, layer, size, board_margin)

    return on_root(comm, draw)


def _blocks(package: Package, layer: JointLayer, margin: float) -> list[_Block]:
    width, length = package.body_size
    body = (0.5 * width, 0.5 * length)
    joints, hollow = joints_extent(package)
    base = layer.thickness
    top = base + package.interposer.thickness
    blocks = [
        _Block("board", (body[0] + margin, body[1] + margin), -package.board.thickness, 0.0),
        _Block("gap", body, 0.0, base),
        _Block("joints", joints, 0.0, base),
        _Block("gap", hollow, 0.0, base),
        _Block("interposer", body, base, top),
    ]
    if package.mould is not None:
        blocks.append(_Block("mould", body, top, top + package.mould.thickness))
    if package.die is not None:
        die = package.die
        half = (0.5 * die.width, 0.5 * die.length)
        blocks.append(_Block("die_attach", half, top, top + die.attach_thickness))
        blocks.append(_Block("die", half, top + die.attach_thickness, top + die.height))
    return [b for b in blocks if min(*b.half, b.top - b.bottom) > _NOTHING]


def _line(places: list[float], edge: float) -> FloatArray:
    """Coordinates that hold all of ``places`` and nowhere lie further apart than ``edge``."""
    ordered = sorted(places)
    kept = [ordered[0]]
    for place in ordered[1:]:
        if place - kept[-1] > _NOTHING:
            kept.append(place)
    parts = [kept[:1]]
    for start, end in pairwise(kept):
        count = max(int(np.ceil((end - start) / edge - 1e-9)), 1)
        parts.append(np.linspace(start, end, count + 1)[1:].tolist())
    return np.concatenate(parts)


def _draw(package: Package, layer: JointLayer, size: float, margin: float) -> Generated:
    """Put nodes, tetrahedra, triangles and physical groups into the current gmsh model."""
    blocks = _blocks(package, layer, margin)
    edge = size * _IN_PLANE * 0.5 * max(package.body_size)
    lines = [_line([0.0, *(block.half[axis] for block in blocks)], edge) for axis in (0, 1)]
    heights = [height for block in blocks for height in (block.bottom, block.top)]
    lines.append(_with_middle(_line(heights, size * _THROUGH), layer.thickness))
    bricks, owner = _bricks(lines, blocks)
    tetrahedra, owner = _tetrahedra(bricks), np.repeat(owner, 6)
    grid = np.stack(np.meshgrid(*lines, indexing="ij"), axis=-1).reshape(-1, 3)
    used, tetrahedra = np.unique(tetrahedra, return_inverse=True)
    points, tetrahedra = grid[used], tetrahedra.reshape(-1, 4)
    triangles, names = _outer_faces(points, tetrahedra, owner)
    groups = {(3, region_tag(REGIONS[k])): tetrahedra[owner == k] for k in np.unique(owner)}
    surfaces = {n: surface_tag(n, "package") for n in surface_names("package") if n in names}
    groups |= {(2, tag): triangles[names == name] for name, tag in surfaces.items()}
    regions = {REGIONS[k]: region_tag(REGIONS[k]) for k in np.unique(owner)}
    _fill(points, groups, {**regions, **surfaces})
    quality = measure_quality(3, regions)
    facts = MeshFacts(
        kind="package",
        centre_x=0.0,
        standoff=layer.standoff,
        pitch=package.pitch,
        board_face=layer.board_face,
        interposer_face=layer.board_face + layer.standoff,
        max_diameter=layer.max_diameter,
        neck_diameter=layer.neck_diameter,
        solder_volume=layer.solder_volume,
        layer_thickness={"joints": layer.thickness},
        notes=layer.notes,
    )
    return Generated(regions, surfaces, quality, facts)


def _with_middle(heights: FloatArray, thickness: float) -> FloatArray:
    """The heights with a plane at the joints' half height."""
    return _line([*heights.tolist(), 0.5 * thickness], np.inf)


def _bricks(lines: list[FloatArray], blocks: list[_Block]) -> tuple[IntArray, IntArray]:
    """Corners (bricks, 2, 2, 2) of all bricks that are in a block, and their regions."""
    counts = [len(line) for line in lines]
    number = np.arange(int(np.prod(counts))).reshape(counts)
    middle = np.meshgrid(*[0.5 * (line[1:] + line[:-1]) for line in lines], indexing="ij")
    owner = np.full(middle[0].shape, -1)
    for block in blocks:
        inside = (middle[0] < block.half[0]) & (middle[1] < block.half[1])
        inside &= (middle[2] > block.bottom) & (middle[2] < block.top)
        owner[inside] = REGIONS.index(block.region)
    corners = np.lib.stride_tricks.sliding_window_view(number, (2, 2, 2))
    return corners[owner >= 0], owner[owner >= 0]


def _tetrahedra(bricks: IntArray) -> IntArray:
    """Six tetrahedra (6 bricks, 4) per brick around its diagonal, all of positive volume."""
    found = []
    for order in permutations(range(3)):
        place, path = [0, 0, 0], [bricks[:, 0, 0, 0]]
        for axis in order:
            place[axis] = 1
            path.append(bricks[:, place[0], place[1], place[2]])
        even = order in ((0, 1, 2), (1, 2, 0), (2, 0, 1))
        found.append(np.stack(path if even else [path[0], path[2], path[1], path[3]], axis=1))
    return np.stack(found, axis=1).reshape(-1, 4)


def _outer_faces(
    points: FloatArray, tetrahedra: IntArray, owner: IntArray
) -> tuple[IntArray, NDArray[np.str_]]:
    """Triangles (f, 3) that only one tetrahedron has, and the name of each one's surface."""
    sides = np.concatenate([np.delete(tetrahedra, k, axis=1) for k in range(4)])
    apexes = np.concatenate([tetrahedra[:, k] for k in range(4)])
    _, first, count = np.unique(
        np.sort(sides, axis=1), axis=0, return_index=True, return_counts=True
    )
    alone = first[count == 1]
    triangles, region = sides[alone], np.tile(owner, 4)[alone]
    corners = points[triangles]
    flat = np.ptp(corners, axis=1) < _NOTHING
    level = corners.mean(axis=1)
    up = flat[:, 2] & (points[apexes[alone], 2] < level[:, 2])
    board = region == REGIONS.index("board")
    between = np.isin(region, [REGIONS.index("joints"), REGIONS.index("gap")])
    names = np.select(
        [
            flat[:, 0] & (level[:, 0] < _NOTHING),
            flat[:, 1] & (level[:, 1] < _NOTHING),
            up & board,
            up,
            flat[:, 2] & board,
            board,
            between,
        ],
        ["symmetry_x", "symmetry_y", "board_top", "interposer_top", "board_bottom",
         "board_side", "gap_side"],
        "package_side",
    )  # fmt: skip
    if np.any(flat.sum(axis=1) != 1) or np.any(flat[:, 2] & ~up & ~board):
        raise MeshError("an outer face of the package lies in no plane of its own")
    return triangles, names


def _fill(
    points: FloatArray, groups: dict[tuple[int, int], IntArray], names: dict[str, int]
) -> None:
    """Put simplices into the current gmsh model, one discrete entity and group per tag."""
    model = gmsh.model
    name_of = {tag: name for name, tag in names.items()}
    ordered = sorted(groups)
    for dimension, tag in ordered:
        model.addDiscreteEntity(dimension, tag)
    home = ordered[-1]
    model.mesh.addNodes(*home, np.arange(1, len(points) + 1), points.ravel())
    for dimension, tag in ordered:
        simplices = groups[dimension, tag] + 1
        model.mesh.addElementsByType(tag, {2: 2, 3: 4}[dimension], [], simplices.ravel())
        model.addPhysicalGroup(dimension, [tag], tag, name_of[tag])
    model.mesh.reclassifyNodes()
    model.mesh.setOrder(2)
    model.mesh.renumberNodes()
    model.mesh.renumberElements()
