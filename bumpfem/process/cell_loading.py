r"""Loading of the joint cell by the free expansion of its slabs.

x runs from the neutral point outward, the joint stands at its distance L from it. The outer faces
of a slab follow its free expansion, :math:`u_x = e(T)\, x` on the faces across x and
:math:`u_y = e(T)\, y` on the far face across y; the symmetry plane keeps :math:`u_y = 0` and the
bottom of the board :math:`u_z = 0`. The top of the interposer is free or kept plane and parallel.

The board's :math:`e(T)` is its own free thermal strain. That of the interposer comes from
layered-plate theory over interposer, die and mould, averaged along the line from the neutral point
to the joint: under the die with the die in the stack, beyond it without.

While a joint is being made (:func:`chain_loading`) there is no board at first: the interposer's
side alone is loaded, and held against moving along z only. The board is born free of stress where
it stands and follows its expansion from then on.

Left out: bending of the slabs and sharing of load between joints. Shear is then close to the free
mismatch and larger than in the package; peel by warpage is missing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from dolfinx import fem

from bumpfem.design import Package
from bumpfem.meshing import Mesh
from bumpfem.physics.kinematics import DisplacementSpace, IntArray
from bumpfem.physics.layered_plate import PlateLayer, plate_expansion
from bumpfem.physics.mechanics import Loading, Prescribed
from bumpfem.process.region_materials import PlaneElasticity, Window
from bumpfem.units import FloatArray

SlabStrain = Callable[[float], float]

#: What the cell's boundary conditions leave out, for reports.
LEFT_OUT = (
    "Bending of the slabs: they stay plane, so warpage adds neither peel nor compression; where a "
    "package warps, lives can be shorter than computed.",
    "Sharing of load between joints: every joint sees the free mismatch at its distance from the "
    "neutral point, which makes its shear larger than in the package.",
    "Stiffening of the package by its other joints and by the board's surroundings.",
)


@dataclass(frozen=True)
class SlabExpansion:
    """Free expansion of board and interposer at the joint, from the stress-free temperature.

    Attributes:
        board: Strain of the board at a temperature in degrees C.
        interposer: Effective strain of the interposer's pad plane.
    """

    board: SlabStrain
    interposer: SlabStrain

    def mismatch(self, temperature: float) -> float:
        """Strain of the interposer less that of the board."""
        return self.interposer(temperature) - self.board(temperature)


def slab_expansion(package: Package, window: Window) -> SlabExpansion:
    """Free expansion of the package's slabs.

    Args:
        package: Package design.
        window: Temperatures of the run and the one of no stress.
    """
    board = PlaneElasticity(package.board.material, window)
    inner = _stack(package, window, with_die=True)
    outer = _stack(package, window, with_die=False)
    share = _share_under_die(package)
    flat = package.interposer_loading == "flat"

    def interposer(temperature: float) -> float:
        under_die, beyond = (_plate_strain(stack, temperature, flat) for stack in (inner, outer))
        return share * under_die + (1.0 - share) * beyond

    return SlabExpansion(board.strain, interposer)


def _stack(package: Package, window: Window, with_die: bool) -> list[tuple[float, PlaneElasticity]]:
    layers = [(package.interposer.thickness, package.interposer.material)]
    covered = 0.0
    die = package.die
    if with_die and die is not None:
        layers += [(die.attach_thickness, die.attach_material), (die.thickness, die.material)]
        covered = die.attach_thickness + die.thickness
    if package.mould is not None:
        layers.append((package.mould.thickness - covered, package.mould.material))
    return [
        (thickness, PlaneElasticity(material, window))
        for thickness, material in layers
        if thickness > 0
    ]


def _plate_strain(
    stack: list[tuple[float, PlaneElasticity]], temperature: float, flat: bool
) -> float:
    layers = [
        PlateLayer(thickness, layer.biaxial_modulus(temperature), layer.strain(temperature))
        for thickness, layer in stack
    ]
    return plate_expansion(layers, flat).bottom_strain


def _share_under_die(package: Package) -> float:
    """Part of the line from the neutral point to the critical joint that the die covers."""
    if package.die is None:
        return 0.0
    x, y = (abs(float(value)) for value in package.critical_position)
    half = (0.5 * package.die.width, 0.5 * package.die.length)
    reach = [limit / along for limit, along in zip(half, (x, y), strict=True) if along > 0]
    return min([1.0, *reach])


def cell_loading(
    mesh: Mesh, space: DisplacementSpace, expansion: SlabExpansion, keep_top_plane: bool
) -> Loading:
    """Boundary conditions of the half cell; see the module.

    Args:
        mesh: Half-cell mesh with named surfaces.
        space: Its displacement space.
        expansion: Free expansion of the slabs.
        keep_top_plane: Whether the top of the interposer stays plane and parallel.
    """
    prescribed = [
        *_sides(mesh, space, "board", expansion.board),
        *_sides(mesh, space, "interposer", expansion.interposer),
        _held(surface_unknowns(mesh, space, "symmetry", 1)),
        _held(surface_unknowns(mesh, space, "board_bottom", 2)),
    ]
    top = surface_unknowns(mesh, space, "interposer_top", 2) if keep_top_plane else None
    return Loading(prescribed=prescribed, ties=() if top is None else (top,))


@dataclass(frozen=True)
class Birth:
    """Where and when a slab joins the cell.

    Attributes:
        temperature: Of the cell, degrees C.
        u: Local displacement unknowns then, mm.
    """

    temperature: float
    u: FloatArray


def chain_loading(
    mesh: Mesh,
    space: DisplacementSpace,
    expansion: SlabExpansion,
    keep_top_plane: bool,
    start_temperature: float,
    board: Birth | None = None,
) -> Loading:
    r"""Boundary conditions of a cell while its joint is made, before and after mounting.

    The interposer's sides follow :math:`(e_i(T) - e_i(T_{start}))\, x`. Without a board nothing
    pulls along z: a plane top is held, of a free one a single node, whose reaction is zero. With a
    board that was born at :math:`u_b, T_b` its sides follow
    :math:`u_b + (e_b(T) - e_b(T_b))\, x`, its bottom stays where it was along z, and the top moves
    as one or is free.

    Args:
        mesh: Half cell or axisymmetric cell with named surfaces.
        space: Its displacement space.
        expansion: Free expansion of the slabs.
        keep_top_plane: Whether the top of the interposer stays plane and parallel.
        start_temperature: Temperature at which the history starts, free of stress, degrees C.
        board: Birth of the board; None before mounting.
    """
    upward, nowhere = space.dimension - 1, np.zeros(space.local_size)
    sides = _sides(mesh, space, "interposer", expansion.interposer)
    middle = ("symmetry", 1) if mesh.kind == "half_cell" else ("axis", 0)
    prescribed = [item.starting_from(nowhere, start_temperature) for item in sides]
    top = surface_unknowns(mesh, space, "interposer_top", upward)
    ties: tuple[IntArray, ...] = ()
    if board is None:
        prescribed.append(_held(top if keep_top_plane else _one_node(space, top)))
    else:
        held = _held(surface_unknowns(mesh, space, "board_bottom", upward))
        prescribed += [
            item.starting_from(board.u, board.temperature)
            for item in (*_sides(mesh, space, "board", expansion.board), held)
        ]
        ties = (top,) if keep_top_plane else ()
    prescribed.append(_held(surface_unknowns(mesh, space, *middle)))
    return Loading(prescribed=prescribed, ties=ties)


def _sides(mesh: Mesh, space: DisplacementSpace, slab: str, strain: SlabStrain) -> list[Prescribed]:
    """Outer faces of a slab that follow its expansion."""
    if mesh.kind == "half_cell":
        faces = [(f"{slab}_side_{name}", axis) for name, axis in _HALF_CELL_SIDES]
    else:
        faces = [(f"{slab}_side", 0)]
    nodes = space.node_coordinates()
    found = [(surface_unknowns(mesh, space, face, axis), axis) for face, axis in faces]
    return [
        Prescribed(unknowns, nodes[unknowns // space.dimension, axis], strain)
        for unknowns, axis in found
    ]


def _held(unknowns: IntArray) -> Prescribed:
    return Prescribed(unknowns, np.zeros(len(unknowns)), lambda temperature: 0.0)


def _one_node(space: DisplacementSpace, unknowns: IntArray) -> IntArray:
    """The one of some unknowns whose node comes first by its coordinates, on every rank."""
    places = space.node_coordinates()[unknowns // space.dimension]
    first = min((tuple(place) for place in places.tolist()), default=None)
    known = [place for place in space.mesh.comm.allgather(first) if place is not None]
    same = np.abs(places - np.array(min(known))).max(axis=1, initial=0.0) < _SAME_PLACE
    return np.asarray(unknowns[same], dtype=np.int32)


#: Nodes closer than this are one, mm.
_SAME_PLACE = 1e-9
#: Faces of a slab of the half cell, and the axis across each.
_HALF_CELL_SIDES = (("x_min", 0), ("x_max", 0), ("y_max", 1))


def surface_unknowns(mesh: Mesh, space: DisplacementSpace, surface: str, axis: int) -> IntArray:
    """Local unknowns of one displacement component on a named surface."""
    facets = mesh.facet_tags.find(mesh.surfaces[surface])
    dimension = mesh.mesh.topology.dim
    mesh.mesh.topology.create_connectivity(dimension - 1, dimension)
    found = fem.locate_dofs_topological(space.space.sub(axis), dimension - 1, facets)
    return np.asarray(found, dtype=np.int32)
