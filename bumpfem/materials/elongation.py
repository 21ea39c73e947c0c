"""Free thermal elongation of a material of the library between two temperatures."""

from __future__ import annotations

import numpy as np

from bumpfem.materials.material import Material


def in_plane_elongation(
    material: Material, start: float, end: float, *, extrapolate: bool = False
) -> float:
    r"""Free elongation along x (in the plane of a laminate) between two temperatures.

    Instantaneous coefficients are integrated, exactly for the straight lines of their table,
    :math:`\varepsilon = \int_{T_0}^{T} \alpha\, dT`; secant ones give
    :math:`\varepsilon = \alpha(T)(T - T_r) - \alpha(T_0)(T_0 - T_r)`.

    Args:
        material: Isotropic (``expansion``) or laminated (``expansion_x``).
        start: Temperature :math:`T_0` of zero elongation, degrees C.
        end: Temperature T, degrees C.
        extrapolate: Outside the property's range keep the value at its end instead of raising.

    Returns:
        Relative elongation, a pure number.

    Raises:
        MaterialError: The material has no expansion.
        PropertyRangeError: A temperature is outside the property's range.
    """
    name = "expansion_x" if "expansion_x" in material else "expansion"
    expansion = material[name]
    if expansion.expansion_kind == "secant" and expansion.reference_temperature is not None:
        reference = expansion.reference_temperature
        now = expansion(end, extrapolate=extrapolate) * (end - reference)
        return now - expansion(start, extrapolate=extrapolate) * (start - reference)
    low, high = min(start, end), max(start, end)
    points, values = expansion.table(low, high, extrapolate=extrapolate)
    nodes = np.unique([low, *(t for t in points if low < t < high), high])
    area = float(np.trapezoid(np.interp(nodes, points, values), nodes))
    return area if end >= start else -area
