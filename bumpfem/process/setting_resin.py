"""Laws of the regions that set while a joint is made: resins and pastes that cure, films."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from bumpfem.constitutive import Law, ResinModel, Solidifying, resin_law
from bumpfem.materials import Span, load_material
from bumpfem.physics.groups import RegionLaw
from bumpfem.process.heated_cell import PASTE
from bumpfem.process.region_materials import RegionMaterial, Window
from bumpfem.units import FloatArray

#: Regions of hardening resin: on the interposer and, as a film, on the crown.
RESINS = ("resin", "resin_crown")


@dataclass(frozen=True)
class SetResin:
    """What a joint's making left of its resins, for a run that does not compute the making.

    Attributes:
        model: How they deform.
        cure: Degree of cure of each region that cures, 0..1.
        shrinkage: Whether further cure shrinks them.
    """

    model: ResinModel
    cure: Mapping[str, float]
    shrinkage: bool = True


def sets(item: RegionMaterial) -> bool:
    """Whether a region is a resin or paste whose hardening is computed."""
    if item.region in RESINS:
        return True
    return item.region == PASTE and bool(load_material(item.material).cure)


def setting_law(
    item: RegionMaterial,
    model: ResinModel,
    window: Window,
    start_cure: float | None = None,
    *,
    shrinkage: bool = True,
) -> RegionLaw:
    """Law of a resin that cures, or of a film that solidifies; its free strain is its own.

    Args:
        item: Region and material.
        model: How a curing resin deforms.
        window: Temperatures that the resin will see; it starts at the one of no stress.
        start_cure: Degree of cure then; that of delivery if None. A film has none.
        shrinkage: Whether cure shrinks the resin.

    Raises:
        MaterialError: Data are missing; says which.
        PropertyRangeError: The window leaves the range of data and does not extrapolate.
    """
    start, span = window.stress_free, window.span
    return RegionLaw(item.region, _law(item, model, start, start_cure, shrinkage, span), _no_strain)


def _law(
    item: RegionMaterial,
    model: ResinModel,
    start: float,
    cure: float | None,
    shrinkage: bool,
    span: Span,
) -> Law:
    known = load_material(item.material)
    if not known.cure and "melting_point" in known:
        return Solidifying.of(item.material, start, span)
    return resin_law(item.material, model, start, cure, shrinkage=shrinkage, span=span)


def set_laws(
    materials: Iterable[RegionMaterial], resins: SetResin, window: Window
) -> dict[str, RegionLaw]:
    """Laws of the regions of resin that have set, free of stress at a temperature.

    A film is free of stress where it solidifies, if it is molten at that temperature.

    Args:
        materials: Regions and their materials; others than resins are left out.
        resins: What the making left of them.
        window: Temperatures that they will see, among them the one of no stress.

    Raises:
        MaterialError: Data are missing; says which.
        PropertyRangeError: The window leaves the range of data and does not extrapolate.
    """
    return {
        item.region: setting_law(
            item, resins.model, window, resins.cure.get(item.region),
            shrinkage=resins.shrinkage,
        )
        for item in materials
        if sets(item)
    }  # fmt: skip


def _no_strain(temperature: float) -> FloatArray:
    """Resins know their own free strain."""
    return np.zeros(6)
