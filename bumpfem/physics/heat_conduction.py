"""Conduction within regions and across contacts: entries of a sparse matrix."""

from __future__ import annotations

import numpy as np

from bumpfem.constitutive.enthalpy import HeatMaterial
from bumpfem.physics.heat_boundaries import Contact
from bumpfem.physics.heat_geometry import IntArray
from bumpfem.physics.heat_space import HeatSpace
from bumpfem.units import FloatArray


class Conduction:
    """Conduction within one region."""

    def __init__(self, space: HeatSpace, region: str, material: HeatMaterial) -> None:
        cells = space.cells(region)
        self.unknowns = space.unknowns[cells]
        self.varies = len(set(material.conductivity.value)) > 1
        self._conductivity = material.conductivity
        self._unit = space.integrals.stiffness(cells)

    def constant(self) -> FloatArray:
        """Entries (c * d * d,) of the element matrices where nothing varies, mW/K."""
        return self._unit.ravel() * self._conductivity.value[0]

    def entries(self, local: FloatArray) -> FloatArray:
        """Entries (c * d * d,) of the element matrices, mW/K, at the cells' mean temperatures."""
        conductivity = self._conductivity(local[self.unknowns].mean(axis=1))
        return (self._unit * conductivity[:, None, None]).ravel()


class ContactPairs:
    """The two unknowns at each node of a contact that this rank owns."""

    def __init__(self, space: HeatSpace, contact: Contact) -> None:
        areas = space.areas(space.interface(contact.first, contact.second))
        touched = np.flatnonzero(areas).astype(np.int32)
        self.second: IntArray = space.owned[touched]
        self.first: IntArray = space.nodes[self.second]
        place = np.full(space.local_size, -1, dtype=np.int32)
        place[space.owned] = np.arange(len(space.owned))
        self._sides = place[self.first], place[self.second]
        self.areas = areas[touched]
        self.contact = contact
        self.wetted = np.zeros(len(touched), dtype=bool)

    def entries(self) -> FloatArray:
        """Entries (4 pairs,): of each pair first-first, first-second and the other two, mW/K."""
        resistance = np.where(self.wetted, self.contact.wetted, self.contact.resistance)
        conductance = self.areas / resistance
        return np.outer(conductance, [1.0, -1.0, -1.0, 1.0]).ravel()

    def wet(self, temperature: FloatArray, time: float) -> bool:
        """Wet what must be; whether anything changed."""
        wetted = self.wetted.copy()
        if self.contact.until is not None and time >= self.contact.until:
            wetted[:] = True
        if self.contact.wets_at is not None:
            first, second = self._sides
            hotter = np.maximum(temperature[first], temperature[second])
            wetted |= hotter >= self.contact.wets_at
        changed = bool((wetted != self.wetted).any())
        self.wetted = wetted
        return changed
