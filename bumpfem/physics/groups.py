r"""Cells of one material law: their stress, tangent and state.

State follows trial and commit: :meth:`LawGroup.evaluate` always starts from committed states and
writes a trial state; :meth:`LawGroup.commit` makes the trial state the committed one.

The evolution :math:`\dot s = f(s)` of rate-dependent laws is integrated by the second-order
backward differentiation formula with variable steps, :math:`r = \Delta t_{n+1}/\Delta t_n`,

.. math:: s_{n+1} = s_n + \frac{r^2}{1+2r} (s_n - s_{n-1})
          + \frac{1+r}{1+2r} \Delta t_{n+1} f(s_{n+1}),

which is the law's own backward Euler update from an extrapolated start over a shorter span
(:math:`r = 0` gives backward Euler). It is A-stable for equal steps and stable for
:math:`r < 1 + \sqrt 2` (Grigorieff 1983).

A region is absent, liquid or solid. One that becomes solid at displacement :math:`u_b` and
temperature :math:`T_b` is free of stress there: its law sees the strain since,

.. math:: \varepsilon = B\,(u - u_b) - (\varepsilon^{th}(T) - \varepsilon^{th}(T_b)).

A liquid gives neither force nor stiffness; a law that sets still advances, at zero strain.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bumpfem.constitutive import Law
from bumpfem.errors import InputError
from bumpfem.physics.activity import Activity, GroupState, Setting
from bumpfem.physics.element_kernels import (
    add_force_terms,
    add_internal_force,
    add_stiffness,
    strains,
)
from bumpfem.physics.kinematics import IntArray, StrainOperator
from bumpfem.units import FloatArray

#: Thermal strain (6,) of a material at a temperature in degrees Celsius.
ThermalStrain = Callable[[float], FloatArray]


@dataclass(frozen=True)
class RegionLaw:
    """What the mechanics needs to know of a region's material.

    Attributes:
        region: Name of the region.
        law: Stress from the mechanical strain.
        thermal_strain: Free thermal strain from the stress-free temperature on.
    """

    region: str
    law: Law
    thermal_strain: ThermalStrain


class LawGroup:
    """Cells of one region with one law.

    Attributes:
        activity: Whether the region is absent, liquid or solid; changed by :meth:`become`.
        offset: ``(points, 6)`` total minus thermal strain at which it is free of stress; None for
            zero.
        stress: ``(points, 6)`` trial stress, MPa; zero where the region is not solid.
        state: ``(points, n_state)`` committed state.
        trial_state: The same for the last evaluation.
    """

    def __init__(self, material: RegionLaw, operator: StrainOperator) -> None:
        self.name = material.region
        self.law = material.law
        self.thermal_strain = material.thermal_strain
        self.operator = operator
        points = operator.points
        self.elastic = material.law.n_state == 0
        self.setting = material.law if isinstance(material.law, Setting) else None
        self.activity: Activity = "solid"
        self.offset: FloatArray | None = None
        self._second_order = material.law.rate_dependent
        self.state = material.law.initial_state(points)
        self.trial_state = self.state.copy()
        self._previous_state = self.state.copy()
        self._start = self.state.copy()
        self._span = 1.0
        self.stress = np.zeros((points, 6))
        self.committed_stress = np.zeros((points, 6))
        self._strain = np.empty((points, 6))
        self.tangent = np.zeros((1 if self.elastic else points, 6, 6))

    def begin(self, dt: float, previous_dt: float | None) -> None:
        """Prepare an increment of length ``dt`` after one of ``previous_dt``, s.

        Without a previous one, and for laws without rate, the increment is backward Euler.
        """
        ratio = 0.0 if previous_dt is None or not self._second_order else dt / previous_dt
        self._start[:] = self.state
        if ratio > 0.0:
            weight = ratio**2 / (1.0 + 2.0 * ratio)
            self._start += weight * (self.state - self._previous_state)
        self._span = dt * (1.0 + ratio) / (1.0 + 2.0 * ratio)

    def evaluate(self, u: FloatArray, temperature: float) -> None:
        """Trial stress, tangent and state at displacement ``u`` at the end of the increment.

        Args:
            u: Local displacement unknowns, mm.
            temperature: At the end of the increment, degrees C.

        Raises:
            ConvergenceError: if the law's local iteration fails.
        """
        if not self.operator.points or not self.advances:
            return
        if self.activity == "liquid":
            self._strain[:] = 0.0
            self._update(temperature)
            self.stress[:] = 0.0
            return
        strains(self.operator.operator, self.operator.unknowns, u, self._strain)
        self._strain -= self.thermal_strain(temperature)
        if self.offset is not None:
            self._strain -= self.offset
        if self.elastic:
            self.tangent[0] = initial_stiffness(self.law, temperature)
            np.dot(self._strain, self.tangent[0].T, out=self.stress)
            return
        self._update(temperature)
        if self.setting is not None:
            self.tangent[self.setting.liquid(self.trial_state)] = _SOFT

    @property
    def advances(self) -> bool:
        """Whether the region's law is evaluated: it is solid, or liquid with a law that sets."""
        return self.activity == "solid" or (self.activity == "liquid" and self.setting is not None)

    def _update(self, temperature: float) -> None:
        """Let the law advance from the start of the increment to the strain now set."""
        points = np.full(self.operator.points, temperature)
        self.law.update(
            self._strain,
            points,
            self._span,
            self._start,
            self.stress,
            self.tangent,
            self.trial_state,
        )

    def become(
        self,
        activity: Activity,
        u: FloatArray,
        temperature: float,
        *,
        fresh: bool = False,
        keep: bool = False,
    ) -> bool:
        """Make the region absent, liquid or solid; free of stress from here on.

        Its state starts anew where it was or becomes absent, where ``fresh`` asks for it, and
        where its law does not set: solder that melts forgets its hardening. A law that sets keeps
        its state between liquid and solid; with ``keep`` any region keeps inelastic strain and
        hardening. A solid that stays so without ``fresh`` is not touched.

        Args:
            activity: What it becomes.
            u: Local displacement unknowns now, mm.
            temperature: Now, degrees C.
            fresh: Whether the state starts anew in any case, and a solid's stress with it.
            keep: Whether the state is kept in any case.

        Returns:
            Whether anything changed.

        Raises:
            InputError: if an absent region shall be kept whose law tracks its own strain.
        """
        if activity == self.activity and not fresh:
            return False
        absent = "absent" in (activity, self.activity)
        if keep and absent and self.setting is not None:
            raise InputError("keep", self.name, "a region whose law does not set")
        if fresh or not (keep or (self.setting is not None and not absent)):
            self.state[:] = self.law.initial_state(self.operator.points)
        self.trial_state[:] = self.state
        self._previous_state[:] = self.state
        self.activity = activity
        self.offset = None
        if activity == "solid":
            self.offset = np.empty_like(self._strain)
            strains(self.operator.operator, self.operator.unknowns, u, self.offset)
            self.offset -= self.thermal_strain(temperature)
            if not self.elastic and self.setting is None:
                self.offset -= self.state[:, :6]
        self.stress[:] = 0.0
        self.committed_stress[:] = 0.0
        self.tangent[:] = 0.0
        return True

    def has_set(self) -> bool:
        """Whether a region that is held liquid is no liquid any more, by its law's last update."""
        if self.activity != "liquid" or self.setting is None:
            return False
        return not bool(self.setting.liquid(self.trial_state).all())

    def snapshot(self) -> GroupState:
        """A copy of the committed state."""
        offset = None if self.offset is None else self.offset.copy()
        state, previous = self.state.copy(), self._previous_state.copy()
        return GroupState(self.activity, offset, state, previous, self.committed_stress.copy())

    def restore(self, saved: GroupState) -> None:
        """Go back to a state of the same group."""
        self.activity = saved.activity
        self.offset = None if saved.offset is None else saved.offset.copy()
        self.state[:] = saved.state
        self.trial_state[:] = saved.state
        self._previous_state[:] = saved.previous
        self.stress[:] = saved.stress
        self.committed_stress[:] = saved.stress

    def add_force(self, force: FloatArray) -> None:
        """Add the internal force of the trial stress to ``force``."""
        add_internal_force(
            self.operator.operator,
            self.operator.weights,
            self.operator.unknowns,
            self.stress,
            force,
        )

    def add_force_terms(self, u: FloatArray, force: FloatArray) -> None:
        """Add the magnitude of the terms whose sum is the internal force to ``force``."""
        operator = self.operator
        add_force_terms(
            operator.operator, operator.weights, operator.unknowns, u, self.tangent, force
        )

    def add_tangent(self, tangent: FloatArray, positions: IntArray, values: FloatArray) -> None:
        """Add the stiffness of a ``tangent`` at the points (or one for all) to ``values``."""
        add_stiffness(self.operator.operator, self.operator.weights, tangent, positions, values)

    def commit(self) -> None:
        """Make the trial state the committed state."""
        self._previous_state, self.state, self.trial_state = (
            self.state,
            self.trial_state,
            self._previous_state,
        )
        self.committed_stress[:] = self.stress

    def von_mises(self) -> FloatArray:
        """Von Mises stress of the trial stress at every point, MPa."""
        return von_mises(self.stress)


#: Young's modulus that points without any stiffness show to the linear solver, MPa. Their stress
#: stays zero, so that the solution does not depend on it; their nodes follow their neighbours.
SOFT_MODULUS = 1e-3
#: Isotropic stiffness (6, 6) at the soft modulus, without Poisson effect, MPa.
_SOFT: FloatArray = SOFT_MODULUS * np.diag([1.0, 1.0, 1.0, 0.5, 0.5, 0.5])


def initial_stiffness(law: Law, temperature: float) -> FloatArray:
    """Stiffness ``(6, 6)`` of undeformed material at a temperature in degrees C, MPa."""
    stress, tangent = np.zeros((1, 6)), np.zeros((1, 6, 6))
    state = law.initial_state(1)
    law.update(np.zeros((1, 6)), np.array([temperature]), 1.0, state, stress, tangent, state.copy())
    stiffness: FloatArray = tangent[0]
    return stiffness


def von_mises(stress: FloatArray) -> FloatArray:
    """Von Mises equivalent ``sqrt(3/2 s:s)`` of stresses ``(..., 6)``.

    >>> float(von_mises(np.array([3.0, 0, 0, 0, 0, 0])))
    3.0
    """
    xx, yy, zz, xy, yz, xz = np.moveaxis(np.asarray(stress), -1, 0)
    normal = (xx - yy) ** 2 + (yy - zz) ** 2 + (zz - xx) ** 2
    return np.asarray(np.sqrt(0.5 * normal + 3.0 * (xy**2 + yz**2 + xz**2)))


def equivalent_strain(strain: FloatArray) -> FloatArray:
    """Equivalent ``sqrt(2/3 e:e)`` of isochoric strains ``(..., 6)`` with engineering shear.

    >>> round(float(equivalent_strain(np.array([0.02, -0.01, -0.01, 0, 0, 0]))), 12)
    0.02
    """
    xx, yy, zz, xy, yz, xz = np.moveaxis(np.asarray(strain), -1, 0)
    shear = 0.5 * (xy**2 + yz**2 + xz**2)
    return np.asarray(np.sqrt(2.0 / 3.0 * (xx**2 + yy**2 + zz**2 + shear)))
