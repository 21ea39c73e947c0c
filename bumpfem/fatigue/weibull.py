"""Weibull: from one life to the spread of lives, with a stated shape."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

from bumpfem.errors import InputError
from bumpfem.fatigue.calibration import LIFE_DEFINITIONS, LifeDefinition
from bumpfem.fatigue.estimate import LifeEstimate


@dataclass(frozen=True)
class Weibull:
    r"""Two-parameter Weibull distribution of life.

    .. math:: F(N) = 1 - \exp[-(N / \eta)^\beta]

    >>> round(Weibull(1000.0, 4.0).failed(1000.0), 4)
    0.6321

    Attributes:
        characteristic_life: eta, cycles at which 63.2 % have failed.
        shape: beta, stated by the user: it is a property of the build, not of the simulation.

    Raises:
        InputError: One of them is not positive and finite.
    """

    characteristic_life: float
    shape: float

    def __post_init__(self) -> None:
        for name in ("characteristic_life", "shape"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value > 0.0):
                raise InputError(f"weibull.{name}", value, "a finite number > 0")

    @classmethod
    def from_mean(cls, mean: float, shape: float) -> Self:
        """From the mean life: ``eta = mean / Gamma(1 + 1/beta)``."""
        if not (math.isfinite(shape) and shape > 0.0):
            raise InputError("weibull.shape", shape, "a finite number > 0")
        return cls(mean / math.gamma(1.0 + 1.0 / shape), shape)

    @classmethod
    def from_median(cls, median: float, shape: float) -> Self:
        """From the life at which half have failed: ``eta = median / (ln 2)^(1/beta)``."""
        if not (math.isfinite(shape) and shape > 0.0):
            raise InputError("weibull.shape", shape, "a finite number > 0")
        return cls(median / math.log(2.0) ** (1.0 / shape), shape)

    @classmethod
    def from_estimate(
        cls, estimate: LifeEstimate, shape: float, *, read_as: LifeDefinition | None = None
    ) -> Self:
        """From the life of a fatigue law, by what that life means.

        Args:
            estimate: Life of a fatigue law; must be finite.
            shape: Weibull shape.
            read_as: How to read a life that is no statistic (crack growth, load drop): the
                caller takes responsibility for it.

        Raises:
            InputError: The life is not a statistic and ``read_as`` is not given, ``read_as``
                contradicts the law, or the life is infinite.
        """
        statistics = ("mean", "median", "characteristic")
        definition = estimate.definition
        if definition not in statistics:
            if read_as not in statistics:
                raise InputError(
                    "read_as",
                    read_as,
                    " or ".join(statistics),
                    reason=f"{estimate.law} gives the {LIFE_DEFINITIONS[definition]}, which is "
                    "no point of a distribution",
                )
            definition = read_as
        elif read_as not in (None, definition):
            raise InputError("read_as", read_as, definition, reason=f"{estimate.law} says so")
        if definition == "mean":
            return cls.from_mean(estimate.cycles, shape)
        if definition == "median":
            return cls.from_median(estimate.cycles, shape)
        return cls(estimate.cycles, shape)

    @property
    def mean(self) -> float:
        """Mean life: ``eta Gamma(1 + 1/beta)``."""
        return self.characteristic_life * math.gamma(1.0 + 1.0 / self.shape)

    def failed(self, cycles: float) -> float:
        """Fraction failed after a number of cycles."""
        if cycles < 0.0:
            raise InputError("cycles", cycles, ">= 0")
        return -math.expm1(-((cycles / self.characteristic_life) ** self.shape))

    def percentile(self, fraction: float) -> float:
        """Cycles at which a fraction has failed: ``eta (-ln(1 - F))^(1/beta)``.

        Raises:
            InputError: The fraction is not between 0 and 1.
        """
        if not 0.0 < fraction < 1.0:
            raise InputError("fraction", fraction, "0 < fraction < 1")
        return self.characteristic_life * math.pow(-math.log1p(-fraction), 1.0 / self.shape)

    def first_failure(self, parts: int) -> float:
        """Characteristic life of the first failure among equal parts: ``eta n^(-1/beta)``.

        The smallest of n Weibull lives is Weibull with the same shape and this scale.

        Raises:
            InputError: There is no part.
        """
        if parts < 1:
            raise InputError("parts", parts, ">= 1")
        return self.characteristic_life * math.pow(parts, -1.0 / self.shape)
