"""Small mechanical problems: meshes, materials, supports and marches that many tests share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import basix.ufl
import numpy as np
from dolfinx import fem
from dolfinx import mesh as dm
from mpi4py import MPI

from bumpfem.constitutive import Law, OrthotropicElastic, Table, ThermoElastic
from bumpfem.physics.groups import RegionLaw
from bumpfem.physics.kinematics import DisplacementSpace, IntArray
from bumpfem.physics.mechanics import Loading, MechanicalModel, Prescribed
from bumpfem.solvers.history import TemperatureHistory
from bumpfem.solvers.march import MarchReport, MarchSettings, StepObserver, march
from bumpfem.solvers.newton import NewtonSettings
from bumpfem.solvers.step_control import StepSettings
from bumpfem.units import FloatArray

Where = Callable[[FloatArray], Any]
#: Newton's method to rounding, for comparisons with closed forms.
TIGHT = NewtonSettings(residual_tolerance=1e-9, largest_iterations=40, tightest_linear=1e-8)


def box(cells: tuple[int, int, int], size: tuple[float, float, float]) -> Any:
    """A box from the origin, of tetrahedra."""
    return dm.create_box(MPI.COMM_WORLD, [(0.0, 0.0, 0.0), size], cells, dm.CellType.tetrahedron)


def bricks() -> Any:
    """A cube of one hexahedron."""
    return dm.create_unit_cube(MPI.COMM_WORLD, 1, 1, 1, dm.CellType.hexahedron)


def rectangle(cells: tuple[int, int], low: tuple[float, float], high: tuple[float, float]) -> Any:
    """A rectangle of triangles; the first coordinate is the radius."""
    return dm.create_rectangle(MPI.COMM_WORLD, [low, high], cells, dm.CellType.triangle)


def distort(mesh: Any, amount: float, seed: int = 7) -> Any:
    """Move every vertex by a random part of ``amount`` in every direction, in place."""
    random = np.random.default_rng(seed)
    dimension = mesh.geometry.dim
    mesh.geometry.x[:, :dimension] += amount * random.uniform(
        -1.0, 1.0, (len(mesh.geometry.x), dimension)
    )
    return mesh


def curved(mesh: Any, mapping: Callable[[FloatArray], FloatArray]) -> Any:
    """The mesh with second-order geometry whose nodes ``(n, 3)`` are moved by ``mapping``."""
    space = fem.functionspace(mesh, ("Lagrange", 2))
    cells = mesh.topology.index_map(mesh.topology.dim).size_local
    nodes = mapping(space.tabulate_dof_coordinates())[:, : mesh.geometry.dim]
    element: Any = basix.ufl.element(
        "Lagrange",
        mesh.topology.cell_name(),
        2,
        shape=(mesh.geometry.dim,),
        lagrange_variant=basix.LagrangeVariant.equispaced,
    )
    return dm.create_mesh(
        mesh.comm, space.dofmap.list[:cells].astype(np.int64), element, np.ascontiguousarray(nodes)
    )


def all_cells(mesh: Any) -> IntArray:
    """All local cells, owned and ghost."""
    cells = mesh.topology.index_map(mesh.topology.dim)
    return np.arange(cells.size_local + cells.num_ghosts, dtype=np.int32)


def cells_where(mesh: Any, where: Where) -> IntArray:
    """Local cells whose midpoint ``(n, 3)`` fulfils a condition."""
    cells = all_cells(mesh)
    return cells[where(dm.compute_midpoints(mesh, mesh.topology.dim, cells))]


def unknowns(space: DisplacementSpace, where: Where, axis: int) -> IntArray:
    """Local unknowns of one component at the nodes ``(n, dimension)`` that fulfil a condition."""
    nodes = np.flatnonzero(where(space.node_coordinates()))
    return (nodes * space.dimension + axis).astype(np.int32)


def held(space: DisplacementSpace, where: Where, axis: int, value: float = 0.0) -> Prescribed:
    """One component prescribed at some nodes, the same at all temperatures."""
    found = unknowns(space, where, axis)
    return Prescribed(found, np.full(len(found), value), lambda temperature: 1.0)


def rollers(space: DisplacementSpace) -> list[Prescribed]:
    """Symmetry planes through the origin: every face there moves in its own plane only."""

    def on_plane(x: FloatArray, axis: int) -> FloatArray:
        return np.asarray(np.abs(x[:, axis]) < 1e-9)

    return [held(space, partial(on_plane, axis=axis), axis) for axis in range(space.dimension)]


def boundary_follows(
    space: DisplacementSpace, field: Callable[[FloatArray], FloatArray]
) -> list[Prescribed]:
    """The whole boundary follows a displacement field ``(n, dimension) -> (n, dimension)``."""
    mesh, dimension = space.mesh, space.dimension
    mesh.topology.create_connectivity(dimension - 1, dimension)
    facets = dm.exterior_facet_indices(mesh.topology)
    nodes = fem.locate_dofs_topological(space.space, dimension - 1, facets)
    values = field(space.node_coordinates())
    followed = []
    for axis in range(dimension):
        found = (nodes * dimension + axis).astype(np.int32)
        followed.append(Prescribed(found, values[nodes, axis], lambda temperature: 1.0))
    return followed


def elastic(modulus: float, ratio: float) -> ThermoElastic:
    """Isotropic elasticity without temperature dependence."""
    return ThermoElastic(Table.constant(modulus), Table.constant(ratio))


def laminate() -> OrthotropicElastic:
    """A strongly orthotropic laminate."""

    def three(*values: float) -> tuple[Table, Table, Table]:
        first, second, third = (Table.constant(value) for value in values)
        return first, second, third

    return OrthotropicElastic(
        three(22.4e3, 20.0e3, 1.6e3), three(0.11, 0.14, 0.39), three(6.3e3, 0.7e3, 0.9e3)
    )


def no_expansion(temperature: float) -> FloatArray:
    """No thermal strain."""
    return np.zeros(6)


def expanding(coefficient: float, reference: float) -> Callable[[float], FloatArray]:
    """Isotropic thermal strain with a constant coefficient."""
    unit = np.array([1.0, 1.0, 1.0, 0.0, 0.0, 0.0])
    return lambda temperature: coefficient * (temperature - reference) * unit


def one_region(
    mesh: Any,
    law: Law,
    loading: Callable[[DisplacementSpace], Loading],
    name: str = "body",
    **options: Any,
) -> MechanicalModel:
    """A model of one material without thermal expansion."""
    return MechanicalModel(
        mesh, {name: all_cells(mesh)}, [RegionLaw(name, law, no_expansion)], loading, **options
    )


def fixed_steps(length: float, newton: NewtonSettings = TIGHT) -> MarchSettings:
    """Steps of one length throughout."""
    steps = StepSettings(
        tolerance=1e6, initial=length, smallest=1e-3 * length, largest=length, growth=1 + 1e-12
    )
    return MarchSettings(newton, steps)


def hold_at(
    model: MechanicalModel,
    end: float,
    step: float,
    temperature: float = 25.0,
    observers: Iterable[StepObserver] = (),
) -> MarchReport:
    """March at constant temperature and load from time zero to ``end`` s."""
    history = TemperatureHistory(np.array([0.0, end]), np.full(2, temperature))
    return march(model, history, fixed_steps(step), observers)


def heat(model: MechanicalModel, start: float, end: float) -> MarchReport:
    """One step of 1 s from one temperature to another."""
    history = TemperatureHistory(np.array([0.0, 1.0]), np.array([start, end]))
    return march(model, history, fixed_steps(1.0))
