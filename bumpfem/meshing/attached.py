r"""Coordinates of a joint's mesh before it is mounted on the board.

The mesh is that of the mounted joint. Before mounting, the part of the solder that nothing holds
has the free crown of :mod:`bumpfem.shapes.attached`; what lies on the board's pad then belongs to
this crown. Points of the solder move along rays from a point of the axis, or from the middle of a
core. Between :math:`R_i` (0, or the core's surface) and the solder's surface, at :math:`R` mounted
and :math:`R'` before,

.. math:: \rho' = \rho + (R' - R)\, t^n, \qquad t = \frac{\rho - R_i}{R - R_i} ,

n = 2 without core (smooth at the centre); around a core the one of ``AROUND_CORE`` that keeps the
cells best. So core, interposer pad, resin and mask
stay where they are, and nodes of the surface come to lie on the crown. Cells that are nearly
inverted by this (the rim of the board's pad is an edge, the crown has none) get straighter edges.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from dolfinx import la
from mpi4py import MPI
from numpy.typing import NDArray

from bumpfem.design import Joint, Package
from bumpfem.errors import MeshError
from bumpfem.meshing.curve import LEAST_JACOBIAN, MOST_STEPS, STEP
from bumpfem.meshing.jacobian import EDGES, CellGeometry
from bumpfem.meshing.mesh import Mesh
from bumpfem.shapes.attached import AttachedShape, attached_shape, core_curve
from bumpfem.shapes.curves import Line, Segment
from bumpfem.shapes.points import COINCIDENT, Point, distance
from bumpfem.shapes.polar import PolarCurve
from bumpfem.units import FloatArray

#: Places on the axis that are tried as the centre of rays.
CENTRES = 41
#: Beginnings of the names of regions that move: solder, the film on its crown, the board's parts.
FREE = ("solder", "resin_crown", "board")
#: Exponents n that are tried around a core.
AROUND_CORE = (1.0, 1.5, 0.75, 2.0)
#: The first exponent that keeps the cells this good is taken.
GOOD_JACOBIAN = 0.1
#: Sine of the angle between ray and surface below which the part above the ring is left out.
CLEAR = 0.1


@dataclass(frozen=True, eq=False)
class Attached:
    """A mesh before mounting.

    Attributes:
        coordinates: ``(local geometry nodes, 3)``, mm, in the order of ``mesh.geometry.x``.
        shape: The shape and its facts: ball height, crown height, ring, notes.
        volume: Volume of all solder cells before mounting, mm3.
        mounted_volume: The same when mounted, mm3.
        jacobian_min: Least ratio of determinants in a solder cell.
        straightened: Number of cells (solder and board) whose edges were straightened in part.
    """

    coordinates: FloatArray
    shape: AttachedShape
    volume: float
    mounted_volume: float
    jacobian_min: float
    straightened: int


@dataclass(frozen=True)
class _Rays:
    """The movement along rays."""

    mounted: PolarCurve
    attached: PolarCurve
    core: PolarCurve | None
    exponent: float = 2.0

    @property
    def clarity(self) -> float:
        return min(self.mounted.clarity, self.attached.clarity)

    def factors(self, radii: FloatArray, heights: FloatArray) -> FloatArray:
        """Distance from the centre before mounting over that when mounted.

        Beyond the solder's surface points move as far as the surface does.
        """
        rise = self.mounted.centre - heights
        away, directions = np.hypot(radii, rise), np.arctan2(radii, rise)
        surface = self.mounted.distance(directions)
        inner = np.zeros_like(away) if self.core is None else self.core.distance(directions)
        share = np.clip((away - inner) / np.maximum(surface - inner, COINCIDENT), 0.0, 1.0)
        change = self.attached.distance(directions) - surface
        moved = away + change * share**self.exponent
        return np.where(away > COINCIDENT, moved / np.maximum(away, COINCIDENT), 1.0)


def attached_coordinates(mesh: Mesh, package: Package, joint: Joint) -> Attached:
    """Coordinates of a mounted joint's mesh before it was mounted; the mesh itself stays.

    Only solder (its averaging layers included) changes shape. Board, its pad and its resist are
    not there yet: their nodes give way to the crown, and nothing may be computed in their cells.

    Args:
        mesh: Half cell or axisymmetric cell of the joint.
        package: Its package.
        joint: The joint.

    Returns:
        The coordinates; those of the mesh where mounting does not change the joint's shape.

    Raises:
        InputError: If the joint cannot be.
        MeshError: If solder cells are inverted.
    """
    shape = attached_shape(package, joint)
    solder = [name for name in mesh.regions if name.startswith("solder")]
    cells = mesh.cells(*solder) if solder else np.empty(0, dtype=np.int32)
    geometry = CellGeometry(mesh, cells[cells < _owned_cells(mesh)])
    coordinates, straightened = mesh.mesh.geometry.x.copy(), 0
    if shape.changes:
        coordinates, straightened = _best(mesh, geometry, _rays(shape))
    comm = mesh.mesh.comm
    return Attached(
        coordinates=coordinates,
        shape=shape,
        volume=comm.allreduce(geometry.volume(coordinates)),
        mounted_volume=comm.allreduce(geometry.volume(mesh.mesh.geometry.x)),
        jacobian_min=_least(geometry, coordinates),
        straightened=straightened,
    )


def _owned_cells(mesh: Mesh) -> int:
    """Number of cells that this rank owns."""
    return int(mesh.mesh.topology.index_map(mesh.mesh.topology.dim).size_local)


def _best(mesh: Mesh, geometry: CellGeometry, rays: _Rays) -> tuple[FloatArray, int]:
    """Coordinates with the best cells and the number of cells with straightened edges.

    Raises:
        MeshError: If cells are inverted.
    """
    free = _free(mesh)
    cells = mesh.cells(*(name for name in mesh.regions if name.startswith(FREE)))
    around = CellGeometry(mesh, cells[cells < _owned_cells(mesh)])
    tried: list[tuple[float, FloatArray]] = []
    for exponent in (rays.exponent,) if rays.core is None else AROUND_CORE:
        coordinates = mesh.mesh.geometry.x.copy()
        coordinates[free] = _moved(mesh, replace(rays, exponent=exponent))[free]
        tried.append((_least(geometry, coordinates), coordinates))
        if tried[-1][0] > GOOD_JACOBIAN:
            break
    for _, coordinates in sorted(tried, key=lambda found: -found[0]):
        straightened = _straighten(mesh, around, coordinates, free)
        if _least(geometry, coordinates) > 0.0:
            return coordinates, straightened
    raise MeshError("solder cells are inverted in the joint's shape before mounting")


def _least(geometry: CellGeometry, coordinates: FloatArray) -> float:
    """Least ratio of determinants in the cells of all ranks."""
    own = float(geometry.ratios(coordinates).min(initial=1.0))
    return float(geometry.mesh.mesh.comm.allreduce(own, op=MPI.MIN))


def _free(mesh: Mesh) -> NDArray[np.bool_]:
    """Local nodes that touch nothing but regions that move."""
    held = [name for name in mesh.regions if not name.startswith(FREE)]
    nodes = mesh.mesh.geometry.dofmaps[0][mesh.cells(*held)]
    return np.asarray(~_everywhere(mesh, np.unique(nodes)))


def _rays(shape: AttachedShape) -> _Rays:
    """Rays from the core's middle, or from where surfaces are seen best."""
    core = core_curve(shape.mounted)
    if core is not None:
        return _between(shape, core.centre, core, below_ring=False)
    low = shape.mounted.board_face
    places = np.linspace(low, low + shape.mounted.standoff, CENTRES)[1:-1]
    whole = max((_between(shape, float(z), None, below_ring=False) for z in places), key=_clarity)
    if whole.clarity > CLEAR:
        return whole
    places = np.linspace(low, shape.ring[1], CENTRES)[1:-1]
    return max((_between(shape, float(z), None, below_ring=True) for z in places), key=_clarity)


def _clarity(rays: _Rays) -> float:
    return rays.clarity


def _between(
    shape: AttachedShape, centre: float, core: PolarCurve | None, *, below_ring: bool
) -> _Rays:
    """Movement between the two shapes, of all solder or of that below the ring's plane."""
    mounted, before, end = shape.mounted.outline, shape.outline, shape.mounted.outline.end
    if below_ring:
        end = shape.ring
        mounted = mounted.split_at_height(end[1])[0]
        before = shape.crown or before
        face = end[1]
    else:
        face = shape.mounted.interposer_face or shape.mounted.board_face + shape.mounted.standoff
    above = _path(mounted.end, (end[0], face), (0.0, face))
    rim, floor = mounted.start, shape.mounted.board_face
    below = _path((0.0, floor), (rim[0], floor), rim)
    return _Rays(
        mounted=PolarCurve.of((*below, *mounted.segments, *above), centre),
        attached=PolarCurve.of((*before.segments, *above), centre),
        core=core,
    )


def _path(*points: Point) -> tuple[Segment, ...]:
    """Lines between points that are apart."""
    return tuple(Line(a, b) for a, b in pairwise(points) if distance(a, b) > COINCIDENT)


def _moved(mesh: Mesh, rays: _Rays) -> FloatArray:
    """Coordinates of all local nodes, moved along the rays."""
    coordinates = mesh.mesh.geometry.x.copy()
    plane = 2 if mesh.kind == "half_cell" else 1
    axis = [mesh.centre_x, 0.0] if mesh.kind == "half_cell" else [0.0]
    origin = np.array([*axis, rays.mounted.centre])
    away = coordinates[:, : plane + 1] - origin
    radii = np.linalg.norm(away[:, :plane], axis=1)
    factors = rays.factors(radii, coordinates[:, plane])
    coordinates[:, : plane + 1] = origin + away * factors[:, None]
    return coordinates


def _straighten(
    mesh: Mesh, geometry: CellGeometry, coordinates: FloatArray, free: NDArray[np.bool_]
) -> int:
    """Straighten edges of poor cells, step by step; nodes that are not free are left.

    Returns:
        Number of cells whose edges were straightened.
    """
    nodes, comm = geometry.nodes, mesh.mesh.comm
    edges = EDGES[mesh.mesh.geometry.dofmaps[0].shape[1]]
    corners = mesh.mesh.geometry.dofmaps[0].shape[1] - len(edges)
    treated = np.zeros(len(nodes), dtype=bool)
    for _ in range(MOST_STEPS):
        poor = geometry.ratios(coordinates) < LEAST_JACOBIAN
        if not comm.allreduce(int(poor.sum())):
            break
        treated |= poor
        chosen = _everywhere(mesh, np.unique(nodes[poor][:, corners:])) & free
        every = mesh.mesh.geometry.dofmaps[0]
        target = coordinates.copy()
        for middle, (first, last) in enumerate(edges, start=corners):
            target[every[:, middle]] = 0.5 * (
                coordinates[every[:, first]] + coordinates[every[:, last]]
            )
        coordinates[chosen] += STEP * (target - coordinates)[chosen]
    return int(comm.allreduce(int(treated.sum())))


def _everywhere(mesh: Mesh, nodes: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Local nodes that any rank has chosen."""
    marks = la.vector(mesh.mesh.geometry.index_map())
    marks.array[:] = 0.0
    marks.array[nodes] = 1.0
    marks.scatter_reverse(la.InsertMode.add)
    marks.scatter_forward()
    return np.asarray(marks.array > 0.5)
