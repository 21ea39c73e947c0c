r"""Free strain of a curing resin: thermal expansion and chemical shrinkage, both isotropic.

.. math:: \dot\varepsilon = \alpha\, \dot T - \tfrac13 \frac{dS}{dx}\, \dot x, \qquad
          \alpha = \alpha_g \text{ below } T_g(x), \; \alpha_r \text{ above},

with the volumetric shrinkage :math:`S(x)` against the degree of cure, a table. Both count from the
gel point on only: a liquid flows after its volume.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bumpfem.errors import InputError
from bumpfem.units import FloatArray


@dataclass(frozen=True)
class ResinExpansion:
    """Coefficients of thermal expansion and the shrinkage of cure.

    Args:
        below: Linear coefficient below the glass transition, 1/K.
        above: Linear coefficient above it, 1/K.
        cure: Degrees of cure of the shrinkage table, increasing.
        shrinkage: Volumetric shrinkage since cure 0 at these, not decreasing, pure numbers.

    Raises:
        InputError: Not finite, or a table that does not increase or is not from 0 to 1.
    """

    below: float
    above: float
    cure: tuple[float, ...] = (0.0, 1.0)
    shrinkage: tuple[float, ...] = (0.0, 0.0)

    def __post_init__(self) -> None:
        for name in ("below", "above"):
            if not np.isfinite(getattr(self, name)):
                raise InputError(f"expansion.{name}", getattr(self, name), "finite", "1/K")
        if len(self.cure) != len(self.shrinkage) or len(self.cure) < 2:
            raise InputError(
                "shrinkage", self.shrinkage, "one value per degree of cure, two or more"
            )
        if self.cure[0] != 0.0 or self.cure[-1] != 1.0 or np.any(np.diff(self.cure) <= 0.0):
            raise InputError("shrinkage.cure", self.cure, "increasing from 0 to 1")
        if not np.all(np.diff(self.shrinkage) >= 0.0) or not 0.0 <= self.shrinkage[-1] < 1.0:
            raise InputError("shrinkage", self.shrinkage, "values that do not decrease, below 1")

    def thermal(self, below: NDArray[np.bool_]) -> FloatArray:
        """Linear coefficient of thermal expansion, 1/K; ``below`` says where it is glassy."""
        return np.where(below, self.below, self.above)

    def chemical(self, cure: FloatArray) -> FloatArray:
        """Linear strain per unit of cure, negative or zero, a pure number."""
        slopes = np.diff(self.shrinkage) / np.diff(self.cure)
        piece = np.clip(np.searchsorted(self.cure, cure, side="right") - 1, 0, len(slopes) - 1)
        return np.asarray(-slopes[piece] / 3.0)
