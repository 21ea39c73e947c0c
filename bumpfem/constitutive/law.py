"""What every constitutive law offers, and the checks that all of them share."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from bumpfem.constitutive.table import Table
from bumpfem.errors import ConvergenceError, InputError, PropertyRangeError
from bumpfem.units import FloatArray


class Law(Protocol):
    """A batched material-point law, without memory of its own: state goes in, new state comes out.

    State columns 0..5 are the inelastic strain (engineering shear), 6 the accumulated equivalent
    inelastic strain, 7 and further the law's own; an elastic law has no columns at all.
    """

    @property
    def name(self) -> str:
        """Kind of the law, e.g. ``anand``."""
        ...

    @property
    def n_state(self) -> int:
        """Number of state columns."""
        ...

    @property
    def rate_dependent(self) -> bool:
        """Whether the state evolves in time, ``ds/dt = f(s)``, not with the strain alone."""
        ...

    def initial_state(self, n: int) -> FloatArray:
        """State (n, n_state) of undeformed material."""
        ...

    def update(
        self,
        strain: FloatArray,
        temperature: FloatArray,
        dt: float,
        state: FloatArray,
        stress: FloatArray,
        tangent: FloatArray,
        new_state: FloatArray,
    ) -> None:
        """Advance all points over one increment (backward Euler).

        Args:
            strain: (n, 6) total minus thermal strain at the end, Voigt xx yy zz xy yz xz with
                engineering shear.
            temperature: (n,) degrees Celsius at the end.
            dt: Length of the increment, s.
            state: (n, n_state) at the start; not changed.
            stress: (n, 6) MPa, written.
            tangent: (n, 6, 6) d stress / d strain of this update, MPa, written.
            new_state: (n, n_state) at the end, written.

        Raises:
            ConvergenceError: A local equation was not solved; names the point.
            InputError: Arrays of the wrong shape or layout, or a negative ``dt``.
            PropertyRangeError: The elastic tables give unusable moduli at this temperature.
        """
        ...


def check_arrays(
    n_state: int,
    strain: FloatArray,
    temperature: FloatArray,
    dt: float,
    state: FloatArray,
    stress: FloatArray,
    tangent: FloatArray,
    new_state: FloatArray,
) -> None:
    """Refuse arrays that a kernel would misread.

    Raises:
        InputError: Wrong shape, type or layout (C order, float64), or ``dt`` negative or NaN.
    """
    n = strain.shape[0]
    for name, array, shape in (
        ("strain", strain, (n, 6)),
        ("temperature", temperature, (n,)),
        ("state", state, (n, n_state)),
        ("stress", stress, (n, 6)),
        ("tangent", tangent, (n, 6, 6)),
        ("new_state", new_state, (n, n_state)),
    ):
        if array.shape != shape or array.dtype != np.float64 or not array.flags.c_contiguous:
            layout = "C" if array.flags.c_contiguous else "not C"
            raise InputError(
                name, f"{array.dtype} {array.shape}, order {layout}", f"float64 {shape}, order C"
            )
    if not (0.0 <= dt < np.inf):
        raise InputError("dt", dt, "a finite time, zero or more", "s")


def check_solved(
    failed: int, name: str, strain: FloatArray, temperature: FloatArray, dt: float
) -> None:
    """Turn the return value of a kernel into an error.

    Raises:
        ConvergenceError: ``failed`` is the number of a point.
    """
    if failed >= 0:
        raise ConvergenceError(
            f"{name}: local equation not solved at point {failed}: "
            f"strain {np.array2string(strain[failed], precision=6)}, "
            f"{temperature[failed]:.2f} C, time step {dt:g} s"
        )


def isotropic_moduli(
    youngs_modulus: Table, poissons_ratio: Table, temperature: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Bulk modulus E/(3(1 - 2 nu)) and shear modulus E/(2(1 + nu)), MPa, one per point.

    Raises:
        PropertyRangeError: E not positive or nu outside -1..0.5 at one of the temperatures.
    """
    e, nu = youngs_modulus(temperature), poissons_ratio(temperature)
    usable = (e > 0.0) & (nu > -1.0) & (nu < 0.5)
    if not usable.all():
        k = int(np.argmin(usable))
        raise PropertyRangeError(
            f"elastic moduli unusable at {temperature[k]:.2f} C: Young's modulus {e[k]:.6g} MPa "
            f"(must be positive), Poisson's ratio {nu[k]:.4g} (must be between -1 and 0.5)"
        )
    return e / (3.0 * (1.0 - 2.0 * nu)), e / (2.0 * (1.0 + nu))
