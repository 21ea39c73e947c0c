"""What the laws of cure have in common: compiled evaluation and checks of their constants."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import ClassVar, NamedTuple, Self

import numpy as np

from bumpfem.errors import InputError
from bumpfem.units import FloatArray

#: Kinds of law in compiled code.
KAMAL_SOUROUR, AUTOCATALYTIC, NTH_ORDER, LEE_LOOS_SPRINGER = range(4)


class Kernel(NamedTuple):
    """A law as compiled code sees it: its kind and its constants ``(k,)``."""

    kind: int
    constants: FloatArray

    @classmethod
    def of(cls, kind: int, *constants: float) -> Self:
        """A kernel from its kind and constants."""
        return cls(kind, np.array(constants, dtype=np.float64))


#: Fills ``(n, 3)`` with rate, 1/s, and its slopes over cure and temperature, from constants
#: ``(k,)``, cure ``(n,)`` and temperatures ``(n,)`` in degrees C.
Evaluation = Callable[[FloatArray, FloatArray, FloatArray, FloatArray], None]


class CompiledLaw(ABC):
    """A law of cure whose rate is compiled; ``cure`` is 0 to 1, ``temperature`` in degrees C."""

    evaluation: ClassVar[Evaluation]

    @property
    @abstractmethod
    def kernel(self) -> Kernel:
        """The law as compiled code sees it."""

    def rate(self, cure: FloatArray, temperature: FloatArray) -> FloatArray:
        """Rate of cure ``(n,)``, 1/s."""
        return self._evaluated(cure, temperature)[:, 0]

    def slopes(self, cure: FloatArray, temperature: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Slopes ``(n,)`` of the rate over cure, 1/s, and over temperature, 1/(s K)."""
        found = self._evaluated(cure, temperature)
        return found[:, 1], found[:, 2]

    def _evaluated(self, cure: FloatArray, temperature: FloatArray) -> FloatArray:
        x, celsius = (
            np.array(values, dtype=np.float64)
            for values in np.broadcast_arrays(np.atleast_1d(cure), temperature)
        )
        found = np.empty((x.size, 3))
        type(self).evaluation(self.kernel.constants, x, celsius, found)
        return found

    @property
    def starts_by_itself(self) -> bool:
        """Whether a resin without any cure reacts."""
        return True

    def largest_cure(self, temperature: FloatArray) -> FloatArray:
        """Cure ``(n,)`` at which the reaction practically ends at a temperature in degrees C."""
        return np.ones_like(np.asarray(temperature, dtype=np.float64))


def check_constants(law: object, signed: tuple[str, ...] = (), zero: tuple[str, ...] = ()) -> None:
    """Refuse constants of a law, a dataclass of numbers, that are out of their limits.

    Args:
        law: The law.
        signed: Fields that may have either sign.
        zero: Fields that may be zero.

    Raises:
        InputError: naming the first wrong one.
    """
    for name, value in vars(law).items():
        if not isinstance(value, int | float):
            continue
        place = f"{type(law).__name__}.{name}"
        if not np.isfinite(value):
            raise InputError(place, value, "a finite number")
        if name in zero:
            if value < 0.0:
                raise InputError(place, value, "zero or a positive number")
        elif name not in signed and value <= 0.0:
            raise InputError(place, value, "a positive number")
