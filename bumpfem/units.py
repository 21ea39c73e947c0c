"""The unit system: mm, N, MPa, s, mJ and degrees Celsius.

Inside the library every quantity is in these units; conversions happen at the boundary only,
through :func:`kelvin` and the factors below.
"""

from __future__ import annotations

from typing import overload

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

#: Offset between degrees Celsius and kelvin.
ZERO_CELSIUS_K = 273.15
#: Molar gas constant, J/(mol K) (CODATA 2018, exact).
GAS_CONSTANT = 8.31446261815324
#: One pound per square inch in MPa.
PSI_MPA = 6.894757293168361e-3
#: One inch in mm.
INCH_MM = 25.4


@overload
def kelvin(celsius: float) -> float: ...
@overload
def kelvin(celsius: FloatArray) -> FloatArray: ...
def kelvin(celsius: float | FloatArray) -> float | FloatArray:
    """Absolute temperature in K of a temperature in degrees Celsius.

    >>> kelvin(25.0)
    298.15
    """
    return celsius + ZERO_CELSIUS_K
