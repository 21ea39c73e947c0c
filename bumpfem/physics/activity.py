"""What a region is in the course of a joint's history, and what it keeps of its past."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from bumpfem.units import FloatArray

#: What a region is: not there, there without strength, or part of the structure.
Activity = Literal["absent", "liquid", "solid"]


@runtime_checkable
class Setting(Protocol):
    """A law whose material turns from a liquid into a solid and keeps its state in doing so."""

    def liquid(self, state: FloatArray) -> NDArray[np.bool_]:
        """Which points ``(n,)`` have neither stress nor stiffness at ``state`` (n, n_state)."""
        ...


@dataclass(frozen=True)
class GroupState:
    """What a region carries from one increment to the next; see :class:`LawGroup`.

    Attributes:
        activity: Whether it is absent, liquid or solid.
        offset: ``(points, 6)`` strain at which it is free of stress, or None.
        state: ``(points, n_state)`` committed state.
        previous: The same before the last increment.
        stress: ``(points, 6)`` committed stress, MPa.
    """

    activity: Activity
    offset: FloatArray | None
    state: FloatArray
    previous: FloatArray
    stress: FloatArray
