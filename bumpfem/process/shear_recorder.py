"""Observer of a shear test: force, reaction, dissipation, and stress at the highest force."""

from __future__ import annotations

import numpy as np
from mpi4py import MPI

from bumpfem.physics.groups import LawGroup, von_mises
from bumpfem.physics.kinematics import IntArray
from bumpfem.physics.mechanics import MechanicalModel
from bumpfem.physics.tool_contact import ToolContact
from bumpfem.process.shear_result import ShearCurve
from bumpfem.solvers.march import Step
from bumpfem.units import FloatArray

#: The mesh is one half of the ball: forces of the whole are twice as large.
HALVES = 2.0


class ShearRecorder:
    """Observer that records a shear test on one half of a ball.

    Args:
        model: The model that will be marched.
        contact: Its contact with the tool.
        held: Local unknowns along x of the supports.
        surface: z of the face from which heights are measured (downwards), mm.

    Attributes:
        penetration: Largest so far, mm.
        peak_force: Highest so far, N, of the whole ball.
        peak_stress: Stress of each solid region at the highest force.
    """

    def __init__(
        self, model: MechanicalModel, contact: ToolContact, held: IntArray, surface: float
    ) -> None:
        self._contact, self._held, self._surface = contact, held, surface
        self._comm = model.mesh.comm
        self._work = {group.name: 0.0 for group in model.solid_groups if not group.elastic}
        self._rows: list[tuple[float, ...]] = []
        self._stress: dict[str, list[tuple[float, float]]] = {
            group.name: [] for group in model.solid_groups
        }
        self.penetration = 0.0
        self.peak_force = 0.0
        self.peak_stress = {group.name: group.stress.copy() for group in model.solid_groups}
        self._add_row(model, 0.0, 0.0, np.nan)

    def __call__(self, model: MechanicalModel, step: Step) -> None:
        """Record a converged step, before it is committed."""
        force = HALVES * self._contact.resultant()
        height = self._surface - float(self._contact.centre()[2])
        self._add_row(model, step.time, force, height)
        self.penetration = max(self.penetration, self._contact.deepest())
        for name in self._work:
            self._work[name] += _dissipated(model.group(name))
        if force > self.peak_force:
            self.peak_force = force
            self.peak_stress = {group.name: group.stress.copy() for group in model.solid_groups}

    def curve(self) -> ShearCurve:
        """All steps so far."""
        time, displacement, force, reaction, area, height = np.array(self._rows).T
        stress = {name: np.array(rows).T for name, rows in self._stress.items()}
        return ShearCurve(
            time, displacement, force, reaction, area, height,
            von_mises_mean={name: values[0] for name, values in stress.items()},
            von_mises_max={name: values[1] for name, values in stress.items()},
        )  # fmt: skip

    def work(self) -> dict[str, float]:
        """Dissipated in each flowing region of the whole ball, mJ."""
        return {
            name: HALVES * float(self._comm.allreduce(part, MPI.SUM))
            for name, part in self._work.items()
        }

    def _add_row(self, model: MechanicalModel, time: float, force: float, height: float) -> None:
        touched = HALVES * self._contact.area()
        reaction = HALVES * self._reaction(model)
        travelled = self._contact.tool.travelled(time)
        self._rows.append((time, travelled, force, reaction, touched, height))
        for group in model.solid_groups:
            self._stress[group.name].append(self._mean_and_max(group))

    def _mean_and_max(self, group: LawGroup) -> tuple[float, float]:
        weights, values = group.operator.weights.ravel(), von_mises(group.stress)
        total = np.array([weights @ values, weights.sum()])
        summed: FloatArray = self._comm.allreduce(total, MPI.SUM)
        highest = self._comm.allreduce(float(values.max(initial=0.0)), MPI.MAX)
        return float(summed[0] / summed[1]), float(highest)

    def _reaction(self, model: MechanicalModel) -> float:
        force = np.zeros(model.space.local_size)
        for group in model.solid_groups:
            group.add_force(force)
        return abs(float(self._comm.allreduce(float(force[self._held].sum()), MPI.SUM)))


def _dissipated(group: LawGroup) -> float:
    """Inelastic work of the increment in this rank's part of a region, mJ."""
    strain = group.trial_state[:, :6] - group.state[:, :6]
    stress = 0.5 * (group.stress + group.committed_stress)
    return float(group.operator.weights.ravel() @ np.einsum("pi,pi->p", stress, strain))
