r"""Quasi-static equilibrium of a cell under a temperature history.

Find the displacement :math:`u` with its prescribed values such that for every admissible :math:`v`

.. math:: \int_\Omega \sigma(\varepsilon(u) - \varepsilon^{th}(T), \Delta t) : \varepsilon(v)
          \, dx = 0,

small strains, no body force. The stress comes from one law per region, integrated over the
increment as :mod:`bumpfem.physics.groups` says. The integral runs over the solid regions only;
unknowns that belong to none of them keep their value.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from dolfinx import la

from bumpfem.errors import InputError, MaterialError, MeshError, ProcessError
from bumpfem.physics.activity import Activity, GroupState
from bumpfem.physics.groups import LawGroup, RegionLaw
from bumpfem.physics.kinematics import DisplacementSpace, IntArray, Volumetric
from bumpfem.physics.loading import Contact, Loading, Prescribed
from bumpfem.physics.moved_cells import MovedCells
from bumpfem.physics.volumetric import takes_cell_mean
from bumpfem.units import FloatArray

__all__ = ["Loading", "MechanicalModel", "ModelState", "Prescribed"]


@dataclass(frozen=True)
class ModelState:
    """Everything that a model's future depends on beside its mesh and laws.

    Attributes:
        u: Committed displacement, local unknowns, mm.
        time: End of the last increment, s.
        groups: State of each group by its region.
        loading: Prescribed displacements, ties, forces.
        contacts: Tools.
    """

    u: FloatArray
    time: float
    groups: dict[str, GroupState]
    loading: Loading
    contacts: tuple[Contact, ...]


class MechanicalModel:
    """A mesh with one law per region, ready for a solver.

    Args:
        mesh: dolfinx mesh.
        cells: Local owned cells of each region.
        materials: One law per region.
        loading: Prescribed displacements, ties, forces; may be a function of the space.
        volumetric: Treatment of the volumetric strain, see :mod:`bumpfem.physics.kinematics`.

    Attributes:
        u: Committed displacement, local unknowns, mm.
        time: End of the increment under way or done last, s.
        carried: External force on the local unknowns besides that of the loading, N, or None;
            see :func:`bumpfem.solvers.settle.settle`.
        revision: Count of changes after which a solver must be built anew.

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
        self.revision = 0
        self._loading = loading(self.space) if callable(loading) else loading
        owned = len(self.space.owned_cells)
        cell_mean = {item.region: takes_cell_mean(item, volumetric) for item in materials}
        self.groups = [
            LawGroup(
                item,
                self.space.strain_operator(
                    np.sort(cells[item.region][cells[item.region] < owned]),
                    cell_mean=cell_mean[item.region],
                ),
            )
            for item in materials
        ]
        self.u = np.zeros(self.space.local_size)
        self.time = 0.0
        self._contacts: tuple[Contact, ...] = ()
        self.carried: FloatArray | None = None
        self._shapes = MovedCells(self.space, cell_mean)

    @property
    def loading(self) -> Loading:
        """Prescribed displacements, ties and forces; may be replaced between marches."""
        return self._loading

    @loading.setter
    def loading(self, loading: Loading) -> None:
        self._loading = loading
        self.revision += 1

    @property
    def contacts(self) -> tuple[Contact, ...]:
        """Tools that push on the body; may be replaced between marches."""
        return self._contacts

    @contacts.setter
    def contacts(self, contacts: Sequence[Contact]) -> None:
        self._contacts = tuple(contacts)
        self.revision += 1

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

    @property
    def solid_groups(self) -> list[LawGroup]:
        """Groups that give force and stiffness."""
        return [group for group in self.groups if group.activity == "solid"]

    def change(
        self,
        activity: Mapping[str, Activity],
        temperature: float,
        fresh: Collection[str] = (),
        keep: Collection[str] = (),
    ) -> None:
        """Make regions absent, liquid or solid, at the committed displacement.

        A region that becomes solid is free of stress in the present configuration; what was
        removed or has melted leaves its load unbalanced: see :func:`bumpfem.solvers.settle.settle`.
        :meth:`LawGroup.become` says which states start anew.

        Args:
            activity: What regions become; others stay what they are.
            temperature: Of the cell now, degrees C.
            fresh: Regions among them whose state starts anew in any case; a solid one that stays
                solid is born again, free of stress.
            keep: Regions among them whose inelastic strain and hardening last although they are
                not solid for a while, for instance a core that does not melt with its shell.

        Raises:
            InputError: for a region that the model does not have, or that cannot be kept so.
            MeshError: if cells are inside out that are not absent any more.
        """
        known = [group.name for group in self.groups]
        for name in (*activity, *fresh, *keep):
            if name not in known or name not in activity:
                raise InputError("activity", name, f"a region of the model: {', '.join(known)}")
        present = [group for group in self.groups if activity.get(group.name, "absent") != "absent"]
        self._shapes.renew(present)
        changed = [
            group.become(
                activity[group.name],
                self.u,
                temperature,
                fresh=group.name in fresh,
                keep=group.name in keep,
            )
            for group in self.groups
            if group.name in activity
        ]
        self.revision += any(changed)

    def snapshot(self) -> ModelState:
        """A copy of the committed state."""
        states = {group.name: group.snapshot() for group in self.groups}
        return ModelState(self.u.copy(), self.time, states, self._loading, self._contacts)

    def restore(self, saved: ModelState) -> None:
        """Go back to a state of the same model."""
        self.u[:] = saved.u
        self.time = saved.time
        for group in self.groups:
            group.restore(saved.groups[group.name])
        self.loading = saved.loading
        self.contacts = saved.contacts

    def held_unknowns(self) -> IntArray:
        """Local unknowns of the nodes that belong to no solid region."""
        if len(self.solid_groups) == len(self.groups):
            return np.empty(0, dtype=np.int32)
        dimension = self.space.dimension
        touched = la.vector(self.space.space.dofmap.index_map, 1)
        touched.array[:] = 0.0
        for group in self.solid_groups:
            touched.array[group.operator.unknowns[:, ::dimension] // dimension] = 1.0
        touched.scatter_reverse(la.InsertMode.add)
        touched.scatter_forward()
        nodes = np.flatnonzero(touched.array == 0.0)
        held = nodes[:, None] * dimension + np.arange(dimension)
        return held.ravel().astype(np.int32)

    def refresh_geometry(self) -> None:
        """Take over node coordinates of the mesh that have been changed.

        Cells of absent regions may be of any shape, inside out even, until they are there again.

        Raises:
            MeshError: if cells of a region have moved that is solid, or liquid with a law that
                sets: what they know belongs to their old shape; or if a cell is inside out.
        """
        touched = self._shapes.touched(self.groups)
        fixed = set().union(*self.mesh.comm.allgather({g.name for g in touched if g.advances}))
        if fixed:
            raise MeshError(
                f"nodes of {', '.join(sorted(fixed))} have moved: only regions that are absent or "
                "molten can change their shape"
            )
        self.revision += 1
        self._shapes.take_over(touched)

    def restore_geometry(self) -> None:
        """Take over all node coordinates, as part of restoring a saved state.

        Raises:
            MeshError: if a cell that is not absent is inside out.
        """
        self.revision += 1
        self._shapes.take_over(self.groups)

    def begin(self, dt: float, previous_dt: float | None) -> None:
        """Prepare an increment of length ``dt`` after one of ``previous_dt`` (None: a restart)."""
        for group in self.groups:
            group.begin(dt, previous_dt)

    def evaluate(self, u: FloatArray, temperature: float) -> None:
        """Trial stresses, tangents and states of all regions, and the contacts' forces."""
        for group in self.groups:
            group.evaluate(u, temperature)
        for contact in self._contacts:
            contact.evaluate(u, self.time)

    def forces(self) -> tuple[FloatArray, FloatArray]:
        """Out-of-balance force and the inelastic regions' own internal force, local unknowns."""
        inelastic, flowing = np.zeros(self.space.local_size), False
        for group in self.solid_groups:
            if not group.elastic:
                group.add_force(inelastic)
                flowing = True
        total = inelastic.copy()
        for group in self.solid_groups:
            if group.elastic:
                group.add_force(total)
        if not flowing:
            inelastic = self.own_forces()
        if self._loading.force is not None:
            total -= self._loading.force
        if self.carried is not None:
            total -= self.carried
        for contact in self._contacts:
            contact.add_force(total)
        return total, inelastic

    def own_forces(self) -> FloatArray:
        """Sum of the magnitudes of the solid regions' internal forces, local unknowns, N."""
        size = self.space.local_size
        total = np.zeros(size)
        for group in self.solid_groups:
            total += np.abs(_own_force(group, size))
        return total

    def force_terms(self, u: FloatArray) -> FloatArray:
        """Magnitude of the terms that the internal forces are sums of, local unknowns, N."""
        total = np.zeros(self.space.local_size)
        for group in self.solid_groups:
            group.add_force_terms(u, total)
        return total

    def commit(self, u: FloatArray) -> None:
        """Accept the trial state of the last evaluation, at displacement ``u``.

        Raises:
            ProcessError: if a region that is held liquid has set.
        """
        self._check_liquids()
        self.u[:] = u
        for group in self.groups:
            group.commit()

    def _check_liquids(self) -> None:
        liquids = [group for group in self.groups if group.activity == "liquid" and group.setting]
        for group in liquids:
            if any(self.mesh.comm.allgather(group.has_set())):
                raise ProcessError(
                    f"{group.name} has set by {self.time:.6g} s while it is held liquid: "
                    "it must be made solid before"
                )


def _own_force(group: LawGroup, size: int) -> FloatArray:
    force = np.zeros(size)
    group.add_force(force)
    return force
