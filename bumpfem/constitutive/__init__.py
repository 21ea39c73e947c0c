"""Batched material-point laws: (strain, temperature, time step, state) -> (stress, tangent, state).

Needs numpy and numba only. Strain is total minus thermal, Voigt order xx, yy, zz, xy, yz, xz with
engineering shear; stress in MPa, time in s, temperature in degrees Celsius.
"""

from bumpfem.constitutive.anand import Anand
from bumpfem.constitutive.creep import DarveauxLau, DoublePowerLaw, Garofalo, Norton
from bumpfem.constitutive.elastic import OrthotropicElastic, ThermoElastic
from bumpfem.constitutive.law import Law
from bumpfem.constitutive.material_point import (
    RelaxationCurve,
    TensileCurve,
    relaxation_curve,
    tensile_curve,
)
from bumpfem.constitutive.plasticity import J2Plasticity
from bumpfem.constitutive.registry import law_kinds, make_law, make_orthotropic
from bumpfem.constitutive.table import Table
from bumpfem.constitutive.thermal_strain import ExpansionKind, thermal_elongation, thermal_strain

__all__ = [
    "Anand",
    "DarveauxLau",
    "DoublePowerLaw",
    "ExpansionKind",
    "Garofalo",
    "J2Plasticity",
    "Law",
    "Norton",
    "OrthotropicElastic",
    "RelaxationCurve",
    "Table",
    "TensileCurve",
    "ThermoElastic",
    "law_kinds",
    "make_law",
    "make_orthotropic",
    "relaxation_curve",
    "tensile_curve",
    "thermal_elongation",
    "thermal_strain",
]
