r"""Heat conduction with melting on a joint's cell.

Find the temperature :math:`T` such that for every test function :math:`v`

.. math:: \int_\Omega \frac{\partial H(T)}{\partial t} v \, dV
          + \int_\Omega k(T) \nabla T \cdot \nabla v \, dV
          + \int_\Gamma \frac{[T][v]}{R} \, dA
          = \int_\Omega (Q + \rho H_r \dot x) v \, dV
          + \int_{\partial\Omega} q(T, t)\, v \, dA,

with the heat content :math:`H`, latent heat included, the conductivity :math:`k`, sources
:math:`Q`, the reaction heat of a degree of cure :math:`x` (:mod:`bumpfem.physics.cure`), contacts
:math:`\Gamma` of resistance :math:`R` where the temperature jumps by :math:`[T]`, and the heat
:math:`q` through the outer faces. Faces without a boundary are insulated. All but conduction is
lumped at the nodes, see :mod:`bumpfem.physics.heat_space`; the conductivity of a cell is that at
the mean of its corner temperatures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from mpi4py import MPI

from bumpfem.constitutive.enthalpy import HeatMaterial
from bumpfem.errors import InputError, MaterialError
from bumpfem.meshing import Mesh
from bumpfem.physics.cure import CureField, CureState, Curing
from bumpfem.physics.heat_boundaries import (
    Boundary,
    Contact,
    Exchange,
    PrescribedTemperature,
    value_at,
)
from bumpfem.physics.heat_conduction import Conduction, ContactPairs
from bumpfem.physics.heat_geometry import HeatGeometry, IntArray
from bumpfem.physics.heat_lumped import Lumped, RegionState
from bumpfem.physics.heat_space import HeatSpace, LongArray
from bumpfem.physics.heat_storage import HeatStorage
from bumpfem.units import FloatArray

__all__ = ["HeatModel", "RegionState", "Source"]

#: Heat source of a region, mW/mm3: a number, one value per point of the region
#: (:meth:`HeatModel.points`), or a function of the time in s and of the temperatures there.
Source = float | FloatArray | Callable[[float, FloatArray], FloatArray | float]


class HeatModel(HeatStorage):
    """A mesh with thermal materials, boundaries, sources and contacts.

    Temperatures are arrays ``(n,)`` over the unknowns that this rank owns, degrees C.

    Args:
        mesh: Mesh of a joint's cell, or any mesh with named regions and faces.
        materials: Material of every region.
        boundaries: What acts on the outer faces; several may act on one face.
        sources: Heat source of some regions.
        contacts: Interfaces with a resistance.
        curing: Regions that cure.

    Attributes:
        space: Unknowns and what is lumped at them.
        materials: Material of every region.
        volumes: Volume of every region, mm3.
        boundaries: What acts on the outer faces.
        contacts: Interfaces with a resistance and what of them is wetted.
        cure: Degree of cure of the regions that cure; None without any.
        first_fall: Temperature below which no heat capacity falls as it gets hotter, degrees C.

    Raises:
        MaterialError: if a region has no material or a material has no region.
        MeshError: for a face or region that the mesh has not.
        InputError: for a contact between regions that do not touch, or a start of cure that is
            not possible.
    """

    def __init__(
        self,
        mesh: Mesh | HeatGeometry,
        materials: Mapping[str, HeatMaterial],
        boundaries: Sequence[Boundary] = (),
        sources: Mapping[str, Source] | None = None,
        contacts: Sequence[Contact] = (),
        curing: Curing | None = None,
    ) -> None:
        geometry = mesh if isinstance(mesh, HeatGeometry) else HeatGeometry.of(mesh)
        if sorted(materials) != sorted(geometry.cells):
            raise MaterialError(
                f"regions {sorted(geometry.cells)} and thermal materials {sorted(materials)} differ"
            )
        space = HeatSpace(geometry, [(item.first, item.second) for item in contacts])
        super().__init__(space, {name: materials[name] for name in geometry.cells})
        self.boundaries = tuple(boundaries)
        self._exchanges: list[tuple[Exchange, Lumped]] = []
        self._prescribed: list[tuple[PrescribedTemperature, IntArray]] = []
        for boundary in boundaries:
            lumped = self._surface(boundary.surfaces)
            if isinstance(boundary, PrescribedTemperature):
                self._prescribed.append((boundary, lumped.unknowns))
            else:
                self._exchanges.append((boundary, lumped))
        self._sources = dict(sources or {})
        for name in self._sources:
            if name not in self._regions:
                raise InputError("sources", name, f"one of {', '.join(self._regions)}")
        self.cure = (
            CureField(curing, self._regions, self.size, self.comm) if curing is not None else None
        )
        self.contacts = [ContactPairs(self.space, item) for item in contacts]
        self._conduction = [
            Conduction(self.space, name, material) for name, material in self.materials.items()
        ]

    def _surface(self, names: Sequence[str]) -> Lumped:
        if not names:
            raise InputError("boundary.surfaces", tuple(names), "at least one surface")
        areas = [self.space.areas(self.space.outer_faces(name)) for name in names]
        return Lumped.of(np.sum(areas, axis=0))

    # --- exchange -------------------------------------------------------------------------------

    def exchange(self, temperature: FloatArray, time: float) -> tuple[FloatArray, FloatArray]:
        """Heat into every unknown from outer faces and sources, mW, and minus its slope, mW/K."""
        heat, slope = np.zeros(self.size), np.zeros(self.size)
        for boundary, lumped in self._exchanges:
            flux, steepness = boundary.flux(temperature[lumped.unknowns], time)
            heat[lumped.unknowns] += lumped.weights * flux
            slope[lumped.unknowns] += lumped.weights * steepness
        for name in self._sources:
            lumped = self._regions[name]
            heat[lumped.unknowns] += self._source(name, temperature, time)
        return heat, slope

    def heat_flows(self, temperature: FloatArray, time: float) -> dict[str, float]:
        """Heat into the whole body by label of the boundary, and of all sources, mW."""
        flows: dict[str, float] = {}
        for boundary, lumped in self._exchanges:
            flux, _ = boundary.flux(temperature[lumped.unknowns], time)
            own = float(lumped.weights @ flux)
            flows[boundary.label] = flows.get(boundary.label, 0.0) + self.comm.allreduce(own)
        if self._sources:
            own = sum(float(self._source(name, temperature, time).sum()) for name in self._sources)
            flows["source"] = flows.get("source", 0.0) + self.comm.allreduce(own)
        return flows

    def _source(self, name: str, temperature: FloatArray, time: float) -> FloatArray:
        """Heat of a region's source at its points, mW."""
        source, lumped = self._sources[name], self._regions[name]
        density = source(time, temperature[lumped.unknowns]) if callable(source) else source
        return lumped.weights * density

    def prescribe(self, temperature: FloatArray, time: float) -> None:
        """Write the prescribed temperatures at a time into ``temperature``; later ones win."""
        for boundary, unknowns in self._prescribed:
            temperature[unknowns] = value_at(boundary.temperature, time)

    def prescribed(self) -> IntArray:
        """Owned unknowns whose temperature is prescribed."""
        found = [unknowns for _, unknowns in self._prescribed]
        return np.unique(np.concatenate(found)) if found else np.empty(0, dtype=np.int32)

    # --- conduction -----------------------------------------------------------------------------

    def conduction_places(self) -> tuple[LongArray, LongArray]:
        """Global rows and columns of all entries: constant ones, then changing ones."""
        numbers = self.space.numbers
        rows, columns = [], []
        for unknowns in (
            *(part.unknowns for part in self._conduction if not part.varies),
            *(part.unknowns for part in self._conduction if part.varies),
            *(np.stack([pairs.first, pairs.second], axis=1) for pairs in self.contacts),
        ):
            count = unknowns.shape[1]
            rows.append(np.repeat(numbers[unknowns], count, axis=1).ravel())
            columns.append(np.tile(numbers[unknowns], (1, count)).ravel())
        return np.concatenate(rows), np.concatenate(columns)

    def constant_entries(self) -> FloatArray:
        """Entries of the matrix of conduction that never change, mW/K, to be summed."""
        parts = [part.constant() for part in self._conduction if not part.varies]
        return np.concatenate(parts) if parts else np.empty(0)

    @property
    def conductivity_varies(self) -> bool:
        """Whether a conductivity depends on temperature."""
        return any(part.varies for part in self._conduction)

    def changing_entries(self, local: FloatArray) -> FloatArray:
        """Entries of regions whose conductivity varies and of contacts, mW/K, to be summed.

        Args:
            local: Temperatures of all local unknowns, owned and ghost.
        """
        parts = [part.entries(local) for part in self._conduction if part.varies]
        parts += [pairs.entries() for pairs in self.contacts]
        return np.concatenate(parts) if parts else np.empty(0)

    # --- state ----------------------------------------------------------------------------------

    def commit(self, temperature: FloatArray, time: float) -> bool:
        """Accept a converged step: its cure, and wet contacts whose time or temperature has come.

        Returns:
            Whether a contact changed, on any rank.
        """
        if self.cure is not None:
            self.cure.commit()
        changed = [pairs.wet(temperature, time) for pairs in self.contacts]
        return bool(changed) and bool(self.comm.allreduce(any(changed), MPI.LOR))

    def cure_states(self, *, tried: bool = False) -> dict[str, CureState]:
        """Cure of every region that cures, committed or as the last stage tried it."""
        return self.cure.states(tried=tried) if self.cure is not None else {}

    def check_ranges(self, temperature: FloatArray, when: str) -> None:
        """Refuse temperatures outside the range of a region's material or that a resin stands.

        Raises:
            PropertyRangeError: naming region, material, temperature and range.
        """
        super().check_ranges(temperature, when)
        if self.cure is not None:
            highest = {name: state.highest for name, state in self.regions(temperature).items()}
            self.cure.check_limits(highest, when)
