"""What acts on a mechanical model: prescribed displacements, ties, forces, contacts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from bumpfem.physics.kinematics import IntArray
from bumpfem.units import FloatArray


@dataclass(frozen=True)
class Prescribed:
    """Displacement unknowns that follow the temperature: ``value = base + scale(T) * factor``.

    Attributes:
        unknowns: Local unknowns (owned and ghost).
        factors: One factor per unknown, mm; zero for a support.
        scale: Function of the temperature in degrees C.
        base: One value per unknown, mm; None for zero.
    """

    unknowns: IntArray
    factors: FloatArray
    scale: Callable[[float], float]
    base: FloatArray | None = None

    def values(self, temperature: float) -> FloatArray:
        """Prescribed values at ``temperature``, mm."""
        moved = self.factors * self.scale(temperature)
        return moved if self.base is None else self.base + moved

    def starting_from(self, u: FloatArray, temperature: float) -> Prescribed:
        """The same, with a base such that the values at ``temperature`` are those of ``u``."""
        base = u[self.unknowns] - self.factors * self.scale(temperature)
        return replace(self, base=base)


@dataclass(frozen=True)
class Loading:
    """Prescribed displacements, ties and constant forces of a model.

    Attributes:
        prescribed: Sets of prescribed unknowns; a later set overrides an earlier one.
        ties: Sets of local unknowns that move as one (for instance a face kept plane), each from
            where it is.
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
            u[item.unknowns] = item.values(temperature)


class Contact(Protocol):
    """A tool that pushes on elements of a surface; each rank has the elements that it owns."""

    @property
    def unknowns(self) -> IntArray:
        """Local displacement unknowns ``(e, d)`` of each element."""
        ...

    @property
    def stiffness(self) -> FloatArray:
        """Symmetric stiffness ``(e, d, d)`` of each element at the last evaluation, N/mm."""
        ...

    def evaluate(self, u: FloatArray, time: float) -> None:
        """Trial force and stiffness at displacement ``u``, mm, at the end of an increment, s."""
        ...

    def add_force(self, force: FloatArray) -> None:
        """Add what resists the tool to the local ``force``, N, with the sign of internal force."""
        ...
