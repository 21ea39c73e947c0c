"""Small heat problems: meshes with named faces, materials and recorders that tests share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from dolfinx import mesh as dm
from mpi4py import MPI

from bumpfem.constitutive import Table
from bumpfem.constitutive.enthalpy import HeatMaterial
from bumpfem.physics.heat import HeatModel
from bumpfem.physics.heat_geometry import HeatGeometry
from bumpfem.solvers.heat import HeatNewtonSettings, HeatSettings, HeatStep, HeatStepSettings
from bumpfem.units import FloatArray

Where = Callable[[FloatArray], Any]


def solid(
    conductivity: float, capacity: float, melting: tuple[float, float, float] | None = None
) -> HeatMaterial:
    """Constant properties, mW/(mm K) and mJ/(mm3 K); melting: solidus, liquidus, mJ/mm3."""
    solidus, liquidus, latent = melting or (None, None, 0.0)
    return HeatMaterial(
        "body", Table.constant(capacity), Table.constant(conductivity), solidus, liquidus, latent
    )


def geometry(
    mesh: Any,
    regions: dict[str, Where] | None = None,
    axisymmetric: bool = False,
    **faces: Where,
) -> HeatGeometry:
    """Regions by the cells' midpoints (one body without any), faces by all of their corners.

    Conditions see points ``(3, n)``.
    """
    dimension = mesh.topology.dim
    mesh.topology.create_connectivity(dimension - 1, dimension)
    index = mesh.topology.index_map(dimension)
    cells = np.arange(index.size_local + index.num_ghosts, dtype=np.int32)
    middle = dm.compute_midpoints(mesh, dimension, cells).T
    found = {name: cells[where(middle)] for name, where in (regions or {}).items()}
    return HeatGeometry(
        mesh,
        found or {"body": cells},
        {n: dm.locate_entities_boundary(mesh, dimension - 1, where) for n, where in faces.items()},
        axisymmetric,
    )


def bar(cells: int, length: float, width: float = 0.1) -> HeatGeometry:
    """A strip along x with the end faces ``left`` and ``right``; the sides have no name."""
    mesh = dm.create_rectangle(
        MPI.COMM_WORLD, [(0.0, 0.0), (length, width)], (cells, 1), dm.CellType.triangle
    )
    return geometry(
        mesh,
        left=lambda x: np.isclose(x[0], 0.0),
        right=lambda x: np.isclose(x[0], length),
    )


def equal_steps(length: float, tolerance: float = 1e-9) -> HeatSettings:
    """Steps of one length throughout; tolerance of Newton's method in K."""
    settings = HeatStepSettings(
        tolerance=1e6, melting_tolerance=1e6, initial=length, smallest=1e-3 * length,
        largest=length, growth=1.0 + 1e-12, easy_iterations=1000,
    )  # fmt: skip
    return HeatSettings(newton=HeatNewtonSettings(tolerance=tolerance), steps=settings)


class Profile:
    """Observer that keeps the temperatures of one line of unknowns over time.

    Args:
        model: What is observed.
        where: Condition on the coordinates ``(n, dimension)``.
        axis: Coordinate along the line.
    """

    def __init__(self, model: HeatModel, where: Where, axis: int = 0) -> None:
        places = model.space.coordinates()
        found = np.flatnonzero(where(places))
        self._unknowns = found[np.argsort(places[found, axis])]
        self.places = places[self._unknowns, axis]
        self.times: list[float] = []
        self.values: list[FloatArray] = []

    def __call__(self, model: HeatModel, step: HeatStep) -> None:
        self.times.append(step.time)
        self.values.append(step.temperature[self._unknowns])

    def crossing(self, temperature: float) -> FloatArray:
        """Where each recorded profile, falling along the line, passes a temperature."""
        return np.array(
            [np.interp(-temperature, -np.asarray(values), self.places) for values in self.values]
        )
