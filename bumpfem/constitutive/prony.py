r"""Relaxation in exponential terms, integrated over one increment.

A term of modulus :math:`M` and time :math:`\tau` obeys, with the shift :math:`a`,

.. math:: \dot q = M \dot e - \frac{q}{a \tau}, \qquad
          q_1 = q_0 e^{-\xi_1/\tau} + \int_0^1 M e^{-(\xi_1 - \xi(s))/\tau} e'(s)\, ds, \qquad
          \xi(s) = \int_0^s \frac{\Delta t}{a}\, ds .

Over every panel of the increment's path the reduced time :math:`\delta\xi` is integrated by Gauss'
rule; then strain is taken to grow with reduced time at a rate :math:`1 + \beta (2 u - 1)`,
:math:`u = 0..1`, where :math:`\beta = \tanh(\delta \ln a/2)` is what a varying shift makes of a
constant strain rate. With :math:`z = \delta\xi/\tau` a panel adds

.. math:: M \Delta e\, \delta s\, [\phi + \beta (\phi - 2 \psi)], \qquad
          \phi = \frac{1 - e^{-z}}{z}, \quad \psi = \frac{1 - (1 + z) e^{-z}}{z^2},

which decays until the end. That is exact for a constant strain rate and shift, whatever the step;
where the shift varies the panels are so short that :math:`\ln a` changes by at most
``LARGEST_CHANGE`` over one, and the error is of third order in that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bumpfem.errors import InputError
from bumpfem.units import FloatArray

#: Largest change of the logarithm of the shift over a panel.
LARGEST_CHANGE = 0.2


@dataclass(frozen=True)
class PronySeries:
    """Relaxation times and weights of what relaxes between the glassy and the rubbery modulus.

    Args:
        times: Relaxation times at the reference, s.
        shear: Weights of the deviator; only their ratios to the sum count.
        bulk: Weights of the pressure, or none: the bulk modulus then stays glassy.

    Raises:
        InputError: Times not positive, weights negative, or numbers that do not match.

    >>> PronySeries((1.0, 10.0), (3.0, 1.0)).shear_parts.tolist()
    [0.75, 0.25]
    """

    times: tuple[float, ...]
    shear: tuple[float, ...]
    bulk: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        times = np.asarray(self.times)
        if not len(times) or not np.isfinite(times).all() or np.any(times <= 0.0):
            raise InputError("prony.times", self.times, "positive times", "s")
        for name, weights in (("shear", self.shear), ("bulk", self.bulk)):
            if name == "bulk" and not weights:
                continue
            given = np.asarray(weights)
            if len(given) != len(times) or not np.isfinite(given).all() or np.any(given < 0.0):
                raise InputError(f"prony.{name}", weights, "one weight, not negative, per time")
            if given.sum() <= 0.0:
                raise InputError(f"prony.{name}", weights, "at least one positive weight")

    @property
    def shear_parts(self) -> FloatArray:
        """Weights of the deviator, sum 1."""
        return np.asarray(np.asarray(self.shear) / np.sum(self.shear))

    @property
    def bulk_parts(self) -> FloatArray:
        """Weights of the pressure, sum 1, or empty."""
        return np.asarray(np.asarray(self.bulk) / np.sum(self.bulk)) if self.bulk else np.zeros(0)

    def decays(self, reduced: FloatArray) -> FloatArray:
        """What is left (n, k) of the terms after all panels' reduced times (n, p) in s."""
        return np.asarray(np.exp(-reduced.sum(axis=1)[:, None] / np.asarray(self.times)))

    def gains(
        self, reduced: FloatArray, added: FloatArray, logarithm_rise: FloatArray
    ) -> FloatArray:
        """What terms of unit modulus hold at the end (n, k) of what panels added.

        Args:
            reduced: (n, p) reduced time of every panel, s.
            added: (n, p) strain that every panel adds at a constant rate.
            logarithm_rise: (n, p) change of the logarithm of the shift over every panel.
        """
        # Summed from the end: what is short and late must not drown in what was long before.
        after = np.cumsum(reduced[:, :0:-1], axis=1)[:, ::-1]
        later = np.hstack([after, np.zeros((len(reduced), 1))])
        times = np.asarray(self.times)
        even, uneven = _kept(reduced[:, :, None] / times)
        kept = even + np.tanh(0.5 * logarithm_rise)[:, :, None] * uneven
        left = np.exp(-later[:, :, None] / times)
        return np.asarray(np.einsum("np,npk->nk", added, kept * left))


def _kept(z: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The functions phi and phi - 2 psi, by their series where z is small."""
    small = z < 1e-3
    w = np.where(small, 1.0, z)
    left = np.exp(-np.minimum(w, 700.0))
    phi = -np.expm1(-w) / w
    difference = phi - 2.0 * (1.0 - (1.0 + w) * left) / w / w
    return (
        np.where(small, 1.0 - z * (0.5 - z * (1.0 / 6.0 - z / 24.0)), phi),
        np.where(small, z * (1.0 / 6.0 - z * (1.0 / 12.0 - z / 40.0)), difference),
    )
