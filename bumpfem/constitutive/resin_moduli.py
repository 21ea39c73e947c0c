r"""Moduli of a curing resin, from the gel point on.

The rubbery shear modulus grows with the network. With the degree of cure :math:`x` and its value
at the gel point :math:`x_g`,

.. math:: n(x) = f + (1 - f) \left(\frac{x^2 - x_g^2}{1 - x_g^2}\right)^{8/3}, \qquad
          G_r(x) = n(x)\, G_{r,1},

the scaling of percolation above the gel point (Adolf and Martin 1990), zero below it. The floor
:math:`f` = ``NETWORK_FLOOR`` keeps the stiffness of a region regular that has just gelled; it is
far below every other stiffness of a joint. The rubbery bulk modulus is there at once: a liquid
resists pressure too, what ends at the gel point is the flow by which it evaded.

Around the moving glass transition both moduli go from rubbery to glassy over a given width
:math:`w`, by the smoothest cubic, with :math:`t = (T - T_g(x))/w + 1/2` cut to 0..1:

.. math:: G = G_r + (G_g - G_r)\,(1 - 3 t^2 + 2 t^3).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bumpfem.errors import InputError
from bumpfem.units import FloatArray

#: Part of the rubbery shear modulus of the cured resin that is there right after gelation.
NETWORK_FLOOR = 1e-3
#: Exponent of the percolation law.
NETWORK_EXPONENT = 8.0 / 3.0


@dataclass(frozen=True)
class ResinModuli:
    """Glassy and rubbery moduli of the cured resin.

    Args:
        glassy_shear: MPa.
        glassy_bulk: MPa.
        rubbery_shear: MPa, at full cure.
        rubbery_bulk: MPa, from the gel point on.
        transition_width: K, over which the moduli fall from glassy to rubbery.

    Raises:
        InputError: A modulus is not positive (rubbery ones may be zero), a rubbery modulus is
            larger than the glassy one, or the width is not positive.
    """

    glassy_shear: float
    glassy_bulk: float
    rubbery_shear: float
    rubbery_bulk: float
    transition_width: float

    def __post_init__(self) -> None:
        for kind in ("shear", "bulk"):
            glassy = getattr(self, f"glassy_{kind}")
            rubbery = getattr(self, f"rubbery_{kind}")
            if not 0.0 < glassy < np.inf:
                raise InputError(f"glassy_{kind}", glassy, "a positive modulus", "MPa")
            if not 0.0 <= rubbery <= glassy:
                raise InputError(f"rubbery_{kind}", rubbery, f"0 to {glassy:g} (glassy)", "MPa")
        if not 0.0 < self.transition_width < np.inf:
            raise InputError("transition_width", self.transition_width, "a positive width", "K")

    def shear(self, cure: FloatArray, gel_cure: float, above: FloatArray) -> FloatArray:
        """Shear modulus, MPa.

        Args:
            cure: Degree of cure, any shape.
            gel_cure: Degree of cure at the gel point.
            above: Temperature minus glass transition, K, same shape.
        """
        rubbery = self.rubbery_shear * network(cure, gel_cure)
        glassy = glassy_part(above, self.transition_width)
        moduli = rubbery + (self.glassy_shear - rubbery) * glassy
        return np.where(cure < gel_cure, 0.0, moduli)

    def bulk(self, cure: FloatArray, gel_cure: float, above: FloatArray) -> FloatArray:
        """Bulk modulus, MPa; arguments as of :meth:`shear`."""
        glassy = glassy_part(above, self.transition_width)
        moduli = self.rubbery_bulk + (self.glassy_bulk - self.rubbery_bulk) * glassy
        return np.where(cure < gel_cure, 0.0, moduli)


def network(cure: FloatArray, gel_cure: float) -> FloatArray:
    """Rubbery shear modulus relative to that of the cured resin; zero before the gel point.

    >>> float(network(np.array(1.0), 0.5)), float(network(np.array(0.4), 0.5))
    (1.0, 0.0)
    """
    cured = np.clip((cure**2 - gel_cure**2) / (1.0 - gel_cure**2), 0.0, 1.0)
    grown = NETWORK_FLOOR + (1.0 - NETWORK_FLOOR) * cured**NETWORK_EXPONENT
    return np.where(cure < gel_cure, 0.0, grown)


def glassy_part(above: FloatArray, width: float) -> FloatArray:
    """Weight of the glassy modulus: 1 below the transition, 0 above it, a cubic between.

    Args:
        above: Temperature minus glass transition, K.
        width: Of the transition, K.

    >>> glassy_part(np.array([-20.0, 0.0, 20.0]), 30.0).tolist()
    [1.0, 0.5, 0.0]
    """
    part = np.clip(above / width + 0.5, 0.0, 1.0)
    return np.asarray(1.0 - part * part * (3.0 - 2.0 * part))
