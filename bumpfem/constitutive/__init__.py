"""Batched material-point laws: (strain, temperature, time step, state) -> (stress, tangent, state).

Strain is total minus thermal (laws of resins take the total strain: their expansion moves with
cure), Voigt order xx, yy, zz, xy, yz, xz with engineering shear; stress in MPa, time in s,
temperature in degrees Celsius. Laws need numpy and numba only.
"""

from bumpfem.constitutive.anand import Anand
from bumpfem.constitutive.creep import DarveauxLau, DoublePowerLaw, Garofalo, Norton
from bumpfem.constitutive.curing_elastic import CureHardening
from bumpfem.constitutive.curing_law import CuringLaw
from bumpfem.constitutive.curing_maxwell import CuringMaxwell
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
from bumpfem.constitutive.resin_law import ResinModel, resin_law
from bumpfem.constitutive.solidifying import Solidifying
from bumpfem.constitutive.table import Table
from bumpfem.constitutive.thermal_strain import ExpansionKind, thermal_elongation, thermal_strain

__all__ = [
    "Anand",
    "CureHardening",
    "CuringLaw",
    "CuringMaxwell",
    "DarveauxLau",
    "DoublePowerLaw",
    "ExpansionKind",
    "Garofalo",
    "J2Plasticity",
    "Law",
    "Norton",
    "OrthotropicElastic",
    "RelaxationCurve",
    "ResinModel",
    "Solidifying",
    "Table",
    "TensileCurve",
    "ThermoElastic",
    "law_kinds",
    "make_law",
    "make_orthotropic",
    "relaxation_curve",
    "resin_law",
    "tensile_curve",
    "thermal_elongation",
    "thermal_strain",
]
