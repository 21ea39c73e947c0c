r"""Quasi-static equilibrium of a cell under a temperature history.

Find the displacement :math:`u` with its prescribed values such that for every admissible :math:`v`

.. math:: \int_\Omega \sigma(\varepsilon(u) - \varepsilon^{th}(T), \Delta t) : \varepsilon(v)
          \, dx = 0,

small strains, no body force. The stress comes from one law per region, integrated over the
increment as :mod:`bumpfem.physics.groups` says.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bumpfem.errors import MaterialError
from bumpfem.physics.groups import LawGroup, RegionLaw, initial_stiffness
from bumpfem.physics.kinematics import DisplacementSpace, IntArray, Volumetric
from bumpfem.units import FloatArray


@dataclass(frozen=True)
class Prescribed:
    """Displacement unknowns whose value follows the temperature: ``value = scale(T) * factor``.

    Attributes:
        unknowns: Local unknowns (owned and ghost).
        factors: One factor per unknown, mm; zero for a support.
        scale: Function of the temperature in degrees C.
    """

    unknowns: IntArray
    factors: FloatArray
    scale: Callable[[float], float]


@dataclass(frozen=True)
class Loading:
    """Prescribed displacements, ties and constant forces of a model.

    Attributes:
        prescribed: Sets of prescribed unknowns; a later set overrides an earlier one.
        ties: Sets of local unknowns that move as one (for instance a face kept plane).
        force: Constant external force on the local unknowns, N, or None. Each rank gives its
            own part: the parts are summed.
    """

    prescribed: Sequence[Prescribed] = ()
    ties: Sequence[IntArray] = field(default_factory=tuple)
    force: FloatArray | None = None

    def unknowns(self) -> IntArray:
        """All prescribed local unknowns."""
        parts = [item.unknowns for item in self.prescribed]
        return np.unique(np.concatenate(parts)) if parts else np.empty(0, dtype=np.int32)

    def apply(self, u: FloatArray, temperature: float) -> None:
        """Write the prescribed values at ``temperature`` into ``u``."""
        for item in self.prescribed:
            u[item.unknowns] = item.factors * item.scale(temperature)


class MechanicalModel:
    """A mesh with one law per region, ready for a solver.

    Args:
        mesh: dolfinx mesh.
        cells: Local owned cells of each region.
        materials: One law per region.
        loading: Prescribed displacements, ties, forces; may be a function of the space.
        volumetric: Treatment of the volumetric strain, see :mod:`bumpfem.physics.kinematics`.

    Raises:
        MaterialError: if a region has no law or a law has no region.
    """

    def __init__(
        self,
        mesh: Any,
        cells: dict[str, IntArray],
        materials: Sequence[RegionLaw],
        loading: Loading | Callable[[DisplacementSpace], Loading],
        volumetric: Volumetric = "by_law",
    ) -> None:
        self.mesh = mesh
        names = [material.region for material in materials]
        if sorted(names) != sorted(cells):
            raise MaterialError(
                f"regions {sorted(cells)} and material assignments {sorted(names)} differ"
            )
        self.space = DisplacementSpace(mesh)
        self.loading = loading(self.space) if callable(loading) else loading
        owned = len(self.space.owned_cells)
        self.groups = [
            LawGroup(
                item,
                self.space.strain_operator(
                    np.sort(cells[item.region][cells[item.region] < owned]),
                    cell_mean=_takes_cell_mean(item, volumetric),
                ),
            )
            for item in materials
        ]
        self.u = np.zeros(self.space.local_size)

    def group(self, name: str) -> LawGroup:
        """The group of a region.

        Raises:
            KeyError: if there is no such region.
        """
        return next(group for group in self.groups if group.name == name)

    @property
    def inelastic_groups(self) -> list[LawGroup]:
        """Groups whose law carries a state."""
        return [group for group in self.groups if not group.elastic]

    def begin(self, dt: float, previous_dt: float | None) -> None:
        """Prepare an increment of length ``dt`` after one of ``previous_dt`` (None: a restart)."""
        for group in self.groups:
            group.begin(dt, previous_dt)

    def evaluate(self, u: FloatArray, temperature: float) -> None:
        """Trial stresses, tangents and states of all regions."""
        for group in self.groups:
            group.evaluate(u, temperature)

    def forces(self) -> tuple[FloatArray, FloatArray]:
        """Out-of-balance force and the inelastic regions' own internal force, local unknowns."""
        inelastic = np.zeros(self.space.local_size)
        for group in self.inelastic_groups:
            group.add_force(inelastic)
        total = inelastic.copy()
        for group in self.groups:
            if group.elastic:
                group.add_force(total)
        if not self.inelastic_groups:
            for group in self.groups:
                inelastic += np.abs(_own_force(group, self.space.local_size))
        if self.loading.force is not None:
            total -= self.loading.force
        return total, inelastic

    def commit(self, u: FloatArray) -> None:
        """Accept the trial state of the last evaluation, at displacement ``u``."""
        self.u[:] = u
        for group in self.groups:
            group.commit()


#: A volume counts as stiff if its compliance under pressure is below this part of the sum of the
#: axial ones; for an isotropic material the ratio is 1 - 2 nu, so Poisson's ratio above 0.45.
_STIFF_VOLUME = 0.1


def _takes_cell_mean(material: RegionLaw, volumetric: Volumetric) -> bool:
    """Whether a region's volumetric strain is averaged over each cell."""
    if volumetric != "by_law":
        return volumetric == "cell_mean"
    if material.law.n_state > 0:
        return True
    compliance = np.linalg.inv(initial_stiffness(material.law, 25.0))[:3, :3]
    return float(compliance.sum()) < _STIFF_VOLUME * float(np.trace(compliance))


def _own_force(group: LawGroup, size: int) -> FloatArray:
    force = np.zeros(size)
    group.add_force(force)
    return force
