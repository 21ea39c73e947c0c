r"""Peel and shear on the interfaces between bonded materials.

With the unit normal n out of the material on the chosen side (the inside), the traction on it is
:math:`t = \sigma n`; its normal part :math:`p = n \cdot \sigma n` is the peel, tension positive,
and what is left the shear, :math:`s = |t - p\,n|`.

Stress lives at the integration points of the cells. It is continued linearly to the facets, which
is exact for stress that varies linearly in a cell. At the edge of an interface the elastic solution
is singular: the largest traction grows as the mesh is refined, the means do not. The force that the
interface carries is not their integral but that of the nodes, :math:`\sum \int B^T \sigma\, dx`
over the cells inside, which is in equilibrium with the rest of the cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import basix
import numpy as np
from dolfinx import la
from mpi4py import MPI

from bumpfem.errors import MeshError
from bumpfem.meshing import Mesh
from bumpfem.meshing.interfaces import Interface
from bumpfem.physics.groups import LawGroup
from bumpfem.physics.kinematics import QUADRATURE_DEGREE
from bumpfem.physics.meridian import InterfaceMeridian
from bumpfem.units import FloatArray

#: Components of a symmetric tensor that stand in row i of the matrix, in 3D and in the meridian
#: plane of an axisymmetric cell.
_ROWS = {3: ((0, 3, 5), (3, 1, 4), (5, 4, 2)), 2: ((0, 3), (3, 1))}


@dataclass(frozen=True, eq=False)
class TractionProfile:
    """Tractions along the meridian of an interface, averaged around the joint.

    Attributes:
        position: ``(n,)`` arc length from the end nearest to the axis, mm.
        radius: ``(n,)`` mm.
        height: ``(n,)`` mm.
        peel: ``(n,)`` mean around the joint, tension positive, MPa.
        largest_peel: ``(n,)`` largest around the joint, MPa.
        shear: ``(n,)`` mean of the magnitude, MPa.
        largest_shear: ``(n,)`` MPa.
    """

    position: FloatArray
    radius: FloatArray
    height: FloatArray
    peel: FloatArray
    largest_peel: FloatArray
    shear: FloatArray
    largest_shear: FloatArray


@dataclass(frozen=True, eq=False)
class InterfaceTractions:
    """Tractions of an interface.

    Attributes:
        name: Name of the interface.
        area: Of the whole joint, mm2.
        peel_mean: Area-weighted mean of the peel, MPa.
        peel_max: Largest mean over a facet, MPa; depends on the mesh.
        peel_min: Smallest (most compressive) mean over a facet, MPa.
        shear_mean: Area-weighted mean of the shear's magnitude, MPa.
        shear_max: Largest mean over a facet, MPa; depends on the mesh.
        force: Force on the inside, N: (x, y, z) of the modelled half in a half cell; (0, 0, z) of
            the whole in an axisymmetric cell. Nodes that it shares with another interface of the
            same inside count in both.
        profile: Along the meridian.
    """

    name: str
    area: float
    peel_mean: float
    peel_max: float
    peel_min: float
    shear_mean: float
    shear_max: float
    force: tuple[float, float, float]
    profile: TractionProfile


def interface_tractions(
    mesh: Mesh, interface: Interface, groups: Sequence[LawGroup]
) -> InterfaceTractions:
    """Tractions from the committed stress on the inside of an interface.

    Args:
        mesh: The mesh.
        interface: One of its interfaces.
        groups: Groups of the mechanical model; those of regions inside the interface count.

    Raises:
        MeshError: If a cell inside the interface belongs to no group.
    """
    traction = np.einsum("fqij,fqj->fqi", facet_stress(mesh, interface, groups), interface.normals)
    normal = np.einsum("fqi,fqi->fq", traction, interface.normals)
    shear = np.linalg.norm(traction - normal[..., None] * interface.normals, axis=-1)
    weights, areas = interface.weights, interface.areas
    comm = mesh.mesh.comm
    area = float(comm.allreduce(float(areas.sum())))
    means = [(part * weights).sum(axis=1) / areas for part in (normal, shear)]

    def mean(part: FloatArray) -> float:
        return float(comm.allreduce(float((part * weights).sum()))) / area

    def largest(part: FloatArray) -> float:
        return float(comm.allreduce(float(part.max(initial=-np.inf)), op=MPI.MAX))

    force = comm.allreduce(_nodal_force(mesh, interface, groups))
    half = mesh.kind == "half_cell"
    return InterfaceTractions(
        name=interface.name,
        area=2.0 * area if half else area,
        peel_mean=mean(normal),
        peel_max=largest(means[0]),
        peel_min=-largest(-means[0]),
        shear_mean=mean(shear),
        shear_max=largest(means[1]),
        force=(float(force[0]), float(force[1]), float(force[2]))
        if half
        else (0.0, 0.0, float(force[1])),
        profile=_profile(mesh, interface, normal, shear),
    )


def facet_stress(mesh: Mesh, interface: Interface, groups: Iterable[LawGroup]) -> FloatArray:
    """Stress of the inside at the facets' integration points ``(f, q, d, d)``, MPa.

    In an axisymmetric cell the meridian plane's part.

    Raises:
        MeshError: If a cell inside the interface belongs to no group.
    """
    dimension = mesh.mesh.geometry.dim
    found = np.zeros((*interface.weights.shape, 6))
    known = np.zeros(len(interface.cells), dtype=bool)
    points = basix.make_quadrature(mesh.mesh.basix_cell(), QUADRATURE_DEGREE)[0]
    fit = np.linalg.inv(_linear(np.asarray(points)))
    for group in groups:
        cells = group.operator.cells
        if not len(cells):
            continue
        place = np.minimum(np.searchsorted(cells, interface.cells), len(cells) - 1)
        here = cells[place] == interface.cells
        stress = group.committed_stress.reshape(*group.operator.weights.shape, 6)[place[here]]
        weights = _linear(interface.reference[here]) @ fit
        found[here] = np.einsum("fqp,fpk->fqk", weights, stress)
        known |= here
    missing = mesh.mesh.comm.allreduce(int((~known).sum()))
    if missing:
        raise MeshError(f"{missing} cells inside interface {interface.name!r} carry no stress")
    return found[..., np.array(_ROWS[dimension])]


def _nodal_force(mesh: Mesh, interface: Interface, groups: Sequence[LawGroup]) -> FloatArray:
    """This rank's part of the force ``(d,)`` on the inside at the nodes of the interface, N."""
    geometry, dimension = mesh.mesh.geometry, mesh.mesh.geometry.dim
    element = basix.create_element(
        basix.ElementFamily.P,
        mesh.mesh.basix_cell(),
        geometry.cmaps[0].degree,
        basix.LagrangeVariant.equispaced,
    )
    closure = np.array(element.entity_closure_dofs[dimension - 1])[interface.local_facets]
    nodes = np.take_along_axis(geometry.dofmaps[0][interface.cells], closure, axis=1)
    marks = la.vector(geometry.index_map())
    marks.array[:] = 0.0
    marks.array[np.unique(nodes)] = 1.0
    marks.scatter_reverse(la.InsertMode.add)
    marks.scatter_forward()
    total = np.zeros(dimension)
    for group in groups:
        if group.name not in interface.inside:
            continue
        touched = marks.array[geometry.dofmaps[0][group.operator.cells]] > 0.5
        here = touched.any(axis=1)
        operator, weights = group.operator.operator[here], group.operator.weights[here]
        stress = group.committed_stress.reshape(*group.operator.weights.shape, 6)[here]
        forces = np.einsum("cqkd,cqk,cq->cd", operator, stress, weights)
        forces = forces.reshape(*touched[here].shape, dimension)
        total += np.einsum("cnd,cn->d", forces, touched[here])
    return total


def _linear(points: FloatArray) -> FloatArray:
    """The functions 1, x, y(, z) at points ``(..., d)``."""
    return np.concatenate([np.ones((*points.shape[:-1], 1)), points], axis=-1)


def _profile(
    mesh: Mesh, interface: Interface, normal: FloatArray, shear: FloatArray
) -> TractionProfile:
    """Tractions by the piece of the meridian that they stand on."""
    meridian = InterfaceMeridian.of(mesh, interface)
    pieces = meridian.pieces(interface.positions)
    count, comm = len(meridian.position), mesh.mesh.comm
    on, weights = pieces >= 0, interface.weights

    def total(values: FloatArray) -> FloatArray:
        sums = np.bincount(pieces[on], weights=values[on], minlength=count)
        return np.asarray(comm.allreduce(sums))

    def largest(values: FloatArray) -> FloatArray:
        tops = np.full(count, -np.inf)
        np.maximum.at(tops, pieces[on], values[on])
        return np.asarray(np.max(comm.allgather(tops), axis=0))

    area = total(weights)
    kept = area > 0.0
    return TractionProfile(
        position=meridian.position[kept],
        radius=meridian.middle[kept, 0],
        height=meridian.middle[kept, 1],
        peel=total(normal * weights)[kept] / area[kept],
        largest_peel=largest(normal)[kept],
        shear=total(shear * weights)[kept] / area[kept],
        largest_shear=largest(shear)[kept],
    )
