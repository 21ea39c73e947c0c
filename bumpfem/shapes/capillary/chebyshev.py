r"""A smooth scalar function tabulated on Chebyshev nodes, to be evaluated millions of times.

Every equilibrium costs milliseconds; its height depends smoothly on a few parameters that vary
little. The interpolant of degree n on the nodes :math:`\cos(\pi (k + 1/2)/(n + 1))` of every
parameter converges geometrically; the size of its last coefficients bounds what it leaves out.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.polynomial import chebyshev

from bumpfem.units import FloatArray


@dataclass(frozen=True)
class ChebyshevTable:
    """Interpolant of a function of named parameters over a box.

    Attributes:
        names: Parameters in the order of the coefficients' axes.
        low: Lower corner of the box, shape (d,).
        high: Upper corner, shape (d,).
        coefficients: Chebyshev coefficients, shape (n + 1,) * d.
    """

    names: tuple[str, ...]
    low: FloatArray
    high: FloatArray
    coefficients: FloatArray

    @classmethod
    def of(
        cls,
        function: Callable[[Mapping[str, float]], float],
        box: Mapping[str, tuple[float, float]],
        degree: int = 4,
    ) -> ChebyshevTable:
        """Tabulate a function of the parameters in a box.

        Args:
            function: Takes the parameters by name.
            box: Lowest and highest value of each parameter.
            degree: Degree of the interpolant in every parameter.
        """
        names = tuple(box)
        low, high = (np.array([box[name][end] for name in names]) for end in (0, 1))
        nodes = chebyshev.chebpts1(degree + 1)
        values = np.empty((degree + 1,) * len(names))
        for index in itertools.product(range(degree + 1), repeat=len(names)):
            x = nodes[list(index)]
            point = 0.5 * (low + high) + 0.5 * (high - low) * x
            values[index] = function(dict(zip(names, point.tolist(), strict=True)))
        inverse = np.linalg.inv(chebyshev.chebvander(nodes, degree))
        for axis in range(len(names)):
            values = np.moveaxis(np.tensordot(inverse, values, axes=(1, axis)), 0, axis)
        return cls(names, low, high, values)

    def __call__(self, parameters: Mapping[str, FloatArray]) -> FloatArray:
        """Values at arrays of parameters of one shape."""
        if not self.names:
            return self.coefficients
        shape = np.broadcast_shapes(*(np.shape(parameters[name]) for name in self.names))
        degree = self.coefficients.shape[0] - 1
        result = self.coefficients[..., None]
        for k, name in enumerate(self.names):
            x = (2.0 * np.asarray(parameters[name]) - self.low[k] - self.high[k]) / (
                self.high[k] - self.low[k]
            )
            basis = chebyshev.chebvander(np.broadcast_to(x, shape).ravel(), degree)
            result = np.einsum("i...s,si->...s", result, basis)
        return np.asarray(result.reshape(shape), dtype=np.float64)

    @property
    def tail(self) -> float:
        """Sum of the coefficients of highest degree: about what the interpolant leaves out."""
        if not self.names:
            return 0.0
        indices = np.indices(self.coefficients.shape)
        last = np.any(indices == self.coefficients.shape[0] - 1, axis=0)
        return float(np.sum(np.abs(self.coefficients[last])))
