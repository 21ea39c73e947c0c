"""Design data: packages, joints and their parts, thermal cycles and studies.

Everything here is frozen and validated once; wrong input raises
:class:`bumpfem.errors.InputError` with field, value, unit and allowed range.
"""

from bumpfem.design.anchor import Anchor
from bumpfem.design.core import Core
from bumpfem.design.cycle import (
    IPC9701_CONDITIONS,
    JEDEC_CONDITIONS,
    ThermalCycle,
)
from bumpfem.design.joint import PARTS, Joint
from bumpfem.design.making import Making
from bumpfem.design.making_study import MakingStudy
from bumpfem.design.mask import Mask
from bumpfem.design.metal_bump import MetalBump
from bumpfem.design.neck import Neck
from bumpfem.design.oven import Oven, Zone
from bumpfem.design.package import Package, variants
from bumpfem.design.profile import CycleStep
from bumpfem.design.programme import Programme
from bumpfem.design.record import Record
from bumpfem.design.reflow_part import Companion, ReflowPart
from bumpfem.design.reflow_study import ReflowStudy, Window
from bumpfem.design.rules import broken_design_rules
from bumpfem.design.slab import Array, Die, Layer, Pad, Slab
from bumpfem.design.study import Accuracy, CycleChoice, FatigueChoice, FieldConditions, Study

__all__ = [
    "IPC9701_CONDITIONS",
    "JEDEC_CONDITIONS",
    "PARTS",
    "Accuracy",
    "Anchor",
    "Array",
    "Companion",
    "Core",
    "CycleChoice",
    "CycleStep",
    "Die",
    "FatigueChoice",
    "FieldConditions",
    "Joint",
    "Layer",
    "Making",
    "MakingStudy",
    "Mask",
    "MetalBump",
    "Neck",
    "Oven",
    "Package",
    "Pad",
    "Programme",
    "Record",
    "ReflowPart",
    "ReflowStudy",
    "Slab",
    "Study",
    "ThermalCycle",
    "Window",
    "Zone",
    "broken_design_rules",
    "variants",
]
