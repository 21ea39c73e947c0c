r"""Resins that yield while a ball is sheared off.

The laws of curing resins have no limit, so that a resin around a ball's foot would hold it with any
force. In the test it is elastic and perfectly plastic instead,

.. math:: \sigma = C : (\varepsilon - \varepsilon^p - \varepsilon_0), \qquad
          \sqrt{\tfrac32\, s : s} \le Y ,

with the moduli that its own law has at the temperature of the test for a sudden strain, and
:math:`\varepsilon_0` so that it begins with the stress that its making left. Y is the material's
``yield_strength``, the tensile stress at which it yields or breaks. A resin that breaks there loses
its force, which this one keeps: its force is an upper bound.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from bumpfem.constitutive import J2Plasticity, Table
from bumpfem.errors import InputError
from bumpfem.materials import Span, load_material
from bumpfem.physics.element_kernels import strains
from bumpfem.physics.groups import LawGroup, RegionLaw
from bumpfem.physics.mechanics import MechanicalModel
from bumpfem.process.region_materials import RegionMaterial
from bumpfem.process.setting_resin import RESINS
from bumpfem.units import FloatArray

#: Time in which a strain is sudden, s.
_SUDDEN = 1e-3


def yield_strengths(materials: Iterable[RegionMaterial], span: Span) -> dict[str, float]:
    """Stress at which the resins of a cell yield by their regions, MPa.

    Resins whose material has no ``yield_strength`` are left out: they stay elastic.

    Args:
        materials: Regions and their materials.
        span: Temperatures of the test.

    Raises:
        PropertyRangeError: The strength is not known there.
    """
    found = {}
    for item in materials:
        known = load_material(item.material)
        if item.region in RESINS and "yield_strength" in known:
            strength = known["yield_strength"]
            span.admit(strength)
            found[item.region] = strength.constant
    return found


def let_yield(model: MechanicalModel, strengths: Mapping[str, float], temperature: float) -> None:
    """Make solid regions elastic and perfectly plastic, with the stress that they have now.

    The model's list of groups is another one afterwards; who puts back the former one and restores
    a snapshot has the model as it was.

    Args:
        model: In equilibrium at the temperature.
        strengths: Von Mises stress at which regions yield, MPa; others keep their laws.
        temperature: Degrees C.

    Raises:
        InputError: for a strength that is not positive, or of a region that the model has not.
    """
    known = [group.name for group in model.groups]
    for name, strength in strengths.items():
        if name not in known:
            raise InputError("ball_shear.yields", name, f"a region among {', '.join(known)}")
        if not strength > 0.0:
            raise InputError(f"ball_shear.yields.{name}", strength, "> 0", "MPa")
    model.groups = [
        _yielding(model, group, strengths[group.name], temperature)
        if group.name in strengths and group.activity == "solid"
        else group
        for group in model.groups
    ]
    model.revision += 1


def _yielding(
    model: MechanicalModel, group: LawGroup, strength: float, temperature: float
) -> LawGroup:
    bulk, shear = sudden_moduli(model, group, temperature)
    modulus = 9.0 * bulk * shear / (3.0 * bulk + shear)
    ratio = (3.0 * bulk - 2.0 * shear) / (6.0 * bulk + 2.0 * shear)
    law = J2Plasticity(
        Table((temperature,), (modulus,)), Table((temperature,), (ratio,)), (0.0,), (strength,)
    )
    found = LawGroup(RegionLaw(group.name, law, lambda _: np.zeros(6)), group.operator)
    offset = np.empty_like(group.committed_stress)
    strains(group.operator.operator, group.operator.unknowns, model.u, offset)
    found.offset = offset - _elastic_strain(group.committed_stress, bulk, shear)
    found.stress[:] = group.committed_stress
    found.committed_stress[:] = group.committed_stress
    return found


def sudden_moduli(
    model: MechanicalModel, group: LawGroup, temperature: float
) -> tuple[float, float]:
    """Bulk and shear modulus of a solid region for a sudden strain, MPa.

    They are means over its integration points on all ranks; a rank may have none.

    Args:
        model: The model, at its committed displacement.
        group: The region.
        temperature: Degrees C.
    """
    group.begin(_SUDDEN, None)
    group.evaluate(model.u, temperature)
    own = group.tangent if group.operator.points else group.tangent[:0]
    parts = model.mesh.comm.allreduce(np.append(own.sum(axis=0).ravel(), len(own)))
    tangent = (parts[:-1] / parts[-1]).reshape(6, 6)
    bulk = float(tangent[:3, :3].sum()) / 9.0
    return bulk, float(np.diag(tangent)[3:].mean())


def _elastic_strain(stress: FloatArray, bulk: float, shear: float) -> FloatArray:
    """Strain (n, 6) with engineering shear that gives a stress (n, 6)."""
    mean = stress[:, :3].mean(axis=1, keepdims=True)
    strain = stress / shear
    strain[:, :3] = 0.5 * (stress[:, :3] - mean) / shear + mean / (3.0 * bulk)
    return strain
