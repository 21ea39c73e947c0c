r"""Free thermal expansion of a layered plate.

A stack of thin layers with biaxial modulus :math:`M_i = E_i/(1-\nu_i)`, free thermal strain
:math:`e_i` and mid-plane :math:`z_i`, thickness :math:`t_i`, takes the in-plane strain
:math:`\varepsilon(z) = \varepsilon_0 + \kappa z` that leaves no resultant (Timoshenko 1925; the
equibiaxial case of classical lamination theory):

.. math:: \sum_i \int_{t_i} M_i (\varepsilon_0 + \kappa z - e_i)\, dz = 0, \qquad
          \sum_i \int_{t_i} M_i (\varepsilon_0 + \kappa z - e_i)\, z\, dz = 0 .

Held flat, :math:`\kappa = 0` and the second equation is dropped.

A stack that carries a force N and a moment M per width and is let go takes the strain and curvature
at which its own stiffness carries nothing any more,

.. math:: \begin{pmatrix} A & B \\ B & D \end{pmatrix}
          \begin{pmatrix} \varepsilon_0 \\ \kappa \end{pmatrix}
          = -\begin{pmatrix} N \\ M \end{pmatrix}, \qquad
          (A, B, D) = \sum_i \int_{t_i} M_i\, (1, z, z^2)\, dz .
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bumpfem.errors import InputError


@dataclass(frozen=True)
class PlateLayer:
    """One layer of the stack, from the bottom up.

    Attributes:
        thickness: mm.
        biaxial_modulus: E/(1 - nu), MPa.
        strain: Free thermal strain.
    """

    thickness: float
    biaxial_modulus: float
    strain: float


@dataclass(frozen=True)
class PlateStiffness:
    """Stiffness of a stack against equal strain and curvature in both directions.

    Attributes:
        stretching: A, N/mm.
        coupling: B about the plane z = 0, N.
        bending: D about the plane z = 0, N mm.
    """

    stretching: float
    coupling: float
    bending: float

    @classmethod
    def of(cls, layers: Sequence[PlateLayer]) -> PlateStiffness:
        """Stiffness of layers from the bottom, at z = 0, up."""
        thickness = np.array([layer.thickness for layer in layers])
        modulus = np.array([layer.biaxial_modulus for layer in layers])
        top = np.cumsum(thickness)
        powers = [(top**n - (top - thickness) ** n) / n for n in (1, 2, 3)]
        return cls(*(float(modulus @ power) for power in powers))

    @property
    def neutral_height(self) -> float:
        """Height at which a force bends nothing, mm."""
        return self.coupling / self.stretching

    def released(self, force: float, moment: float) -> tuple[float, float]:
        """Strain of the plane z = 0 and curvature, 1/mm, of a stack that is let go.

        Args:
            force: That it carried per width, N/mm.
            moment: That it carried about z = 0 per width, N.

        >>> PlateStiffness(2.0, 0.0, 4.0).released(-2.0, 1.0)
        (1.0, -0.25)
        """
        matrix = [[self.stretching, self.coupling], [self.coupling, self.bending]]
        strain, curvature = np.linalg.solve(matrix, [-force, -moment])
        return float(strain), float(curvature)


@dataclass(frozen=True)
class PlateExpansion:
    """Strain and curvature of a free stack.

    Attributes:
        bottom_strain: In-plane strain of the lowest face.
        curvature: 1/mm, positive where the upper face expands more; zero if held flat.
    """

    bottom_strain: float
    curvature: float


def plate_expansion(layers: Sequence[PlateLayer], held_flat: bool) -> PlateExpansion:
    """In-plane strain of the lowest face of a stack of layers under their free thermal strains.

    Raises:
        InputError: if there is no layer or one has no thickness or stiffness.

    >>> plate_expansion([PlateLayer(0.3, 2e4, 1e-3)], held_flat=False).bottom_strain
    0.001
    """
    if not layers:
        raise InputError("layers", 0, "at least one layer")
    for layer in layers:
        if layer.thickness <= 0 or layer.biaxial_modulus <= 0:
            raise InputError("layer", layer, "positive thickness and modulus")
    thickness = np.array([layer.thickness for layer in layers])
    modulus = np.array([layer.biaxial_modulus for layer in layers])
    strain = np.array([layer.strain for layer in layers])
    top = np.cumsum(thickness)
    bottom = top - thickness
    area = modulus * thickness
    moment = modulus * (top**2 - bottom**2) / 2.0
    if held_flat:
        return PlateExpansion(float(area @ strain / area.sum()), 0.0)
    if len(layers) == 1:
        return PlateExpansion(float(strain[0]), 0.0)
    held = -float(area @ strain), -float(moment @ strain)
    return PlateExpansion(*PlateStiffness.of(layers).released(*held))
