"""The mechanical law of a resin of the library."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from bumpfem.constitutive.cure_kinetics import CureKinetics, advance_cure
from bumpfem.constitutive.cure_nodes import Chemistry
from bumpfem.constitutive.curing_elastic import CureHardening
from bumpfem.constitutive.curing_law import CuringLaw
from bumpfem.constitutive.curing_maxwell import CuringMaxwell
from bumpfem.constitutive.curing_resin import CuringResin
from bumpfem.constitutive.glass_transition import DiBenedetto
from bumpfem.constitutive.prony import PronySeries
from bumpfem.constitutive.resin_expansion import ResinExpansion
from bumpfem.constitutive.resin_moduli import ResinModuli
from bumpfem.constitutive.shift import Shift
from bumpfem.errors import InputError, MaterialError
from bumpfem.materials import Material, Span, load_material
from bumpfem.materials.curing_mechanics import MechanicsPart
from bumpfem.units import FloatArray

ResinModel = Literal["cure_hardening", "maxwell"]

#: Temperature at which the elastic properties of a material file are taken, degrees Celsius.
REFERENCE_TEMPERATURE = 25.0


@dataclass(frozen=True)
class CuringChemistry:
    """Chemistry of a resin with kinetics of cure.

    Attributes:
        kinetics: Law of cure.
        gel_cure: Degree of cure at the gel point.
        transition: Glass transition over cure.
    """

    kinetics: CureKinetics
    gel_cure: float
    transition: DiBenedetto

    def advance(
        self,
        cure: FloatArray,
        start_temperature: FloatArray,
        end_temperature: FloatArray,
        dt: float,
    ) -> FloatArray:
        """Degree of cure (n,) after ``dt`` seconds, temperature linear in time."""
        return advance_cure(self.kinetics, cure, start_temperature, end_temperature, dt)

    def rate(self, cure: FloatArray, temperature: FloatArray) -> FloatArray:
        """Rate of cure (n,), 1/s."""
        return self.kinetics.rate(cure, temperature)

    def glass_transition(self, cure: FloatArray) -> FloatArray:
        """Glass transition in degrees Celsius, same shape as ``cure``."""
        return self.transition.at(cure)


@dataclass(frozen=True)
class CuredChemistry:
    """A resin that is cured and stays so.

    Attributes:
        transition: Its glass transition, degrees Celsius.
    """

    transition: float
    gel_cure: float = 0.5

    def advance(
        self,
        cure: FloatArray,
        start_temperature: FloatArray,
        end_temperature: FloatArray,
        dt: float,
    ) -> FloatArray:
        """The same degree of cure (n,)."""
        return cure.copy()

    def rate(self, cure: FloatArray, temperature: FloatArray) -> FloatArray:
        """No rate (n,)."""
        return np.zeros_like(cure)

    def glass_transition(self, cure: FloatArray) -> FloatArray:
        """Glass transition in degrees Celsius, same shape as ``cure``."""
        return np.full(np.shape(cure), self.transition)


def resin_law(
    material: str | Material,
    model: ResinModel,
    start_temperature: float,
    start_cure: float | None = None,
    shrinkage: bool = True,
    span: Span | None = None,
) -> CuringLaw:
    """The law of a resin of the library, or of a user's own material.

    The strain that the law gets is the total strain (thermal expansion is its own). A material
    without kinetics of cure enters fully cured: ``start_cure=1``.

    Args:
        material: Name, path of a file, or the material itself.
        model: ``cure_hardening`` or ``maxwell``.
        start_temperature: Temperature of the initial state, degrees Celsius.
        start_cure: Degree of cure of the initial state; that of delivery if None.
        shrinkage: Whether cure shrinks the resin.
        span: Temperatures that the law will see, which are held against the ranges of its data;
            None: whoever asks for the law minds them.

    Raises:
        InputError: Unknown model, or start values out of their limits.
        MaterialError: Data are missing; says which.
        PropertyRangeError: The span leaves the range of data and does not extrapolate.
    """
    if model not in ("cure_hardening", "maxwell"):
        raise InputError("resin_model", model, "cure_hardening or maxwell")
    known = material if isinstance(material, Material) else load_material(material)
    curing, initial_cure = _chemistry(known, start_cure, span)
    moduli = _moduli(known)
    shrinks = shrinkage and bool(known.cure)
    expansion = _expansion(known, shrinks)
    if span is not None:
        others = ["transition"]
        others += ["shrinkage"] if shrinks else []
        others += ["prony", "shift"] if model == "maxwell" else []
        _check_ranges(known, curing, others, span)
    if model == "cure_hardening":
        return CureHardening(curing, moduli, expansion, start_temperature, initial_cure)
    return CuringMaxwell(
        curing,
        moduli,
        expansion,
        start_temperature,
        initial_cure,
        prony=prony_series(known),
        shift=_shift(known, float(curing.glass_transition(np.ones(1))[0])),
    )


def prony_series(material: str | Material) -> PronySeries:
    """Relaxation times and weights of a material.

    Raises:
        MaterialError: It has none.
    """
    known = material if isinstance(material, Material) else load_material(material)
    terms = _part(known, "prony", "relaxation terms (prony)")
    basis = "weight" if "shear_weight" in terms.parameters else "modulus"
    bulk = terms.curve(f"bulk_{basis}") if f"bulk_{basis}" in terms.parameters else ()
    return PronySeries(terms.curve("relaxation_time"), terms.curve(f"shear_{basis}"), bulk)


def _check_ranges(material: Material, curing: Chemistry, others: Iterable[str], span: Span) -> None:
    """Hold temperatures against the ranges of moduli, expansions and other parts of a law.

    Data of the glass are needed up to the glass transition of the cured resin, data of the rubber
    from that of the gel point on.

    Raises:
        PropertyRangeError: They leave a range and may not.
    """
    parts = material.curing_mechanics
    gelled, cured = curing.glass_transition(np.array([curing.gel_cure, 1.0])).tolist()
    for state, needed in (("glassy", span.below(cured)), ("rubbery", span.above(gelled))):
        if needed is None:
            continue
        for part, properties in (
            (state, ("youngs_modulus", "poissons_ratio")),
            (f"expansion_{state}", ("expansion",)),
        ):
            for entry in [parts[part]] if part in parts else [material[n] for n in properties]:
                needed.admit(entry)
    for part in others:
        if part in parts:
            span.admit(parts[part])


def _chemistry(
    material: Material, start_cure: float | None, span: Span | None
) -> tuple[Chemistry, float]:
    if material.cure:
        resin = CuringResin.of(material)
        if span is not None:
            resin.check_cure(span)
        curing = CuringChemistry(resin.kinetics, resin.gel_cure, resin.glass_transition)
        return curing, resin.initial_cure if start_cure is None else start_cure
    if start_cure != 1.0:
        raise MaterialError(
            f"material {material.name} has no [cure] tables: give its file [cure.kinetics] and the "
            "others that docs/materials.md names, or let it enter fully cured (start_cure = 1 of "
            "resin_law)"
        )
    if "glass_transition" not in material:
        raise MaterialError(f"missing glass_transition data of {material.name}")
    return CuredChemistry(material["glass_transition"].constant), 1.0


def _part(material: Material, name: str, what: str) -> MechanicsPart:
    if name not in material.curing_mechanics:
        raise MaterialError(
            f"missing {what} data of {material.name}: add [curing_mechanics.{name}] to its file "
            f"with its source"
        )
    return material.curing_mechanics[name].used()


def _moduli(material: Material) -> ResinModuli:
    """Glassy and rubbery moduli: one of the two may be the elastic properties of the file."""
    parts = material.curing_mechanics
    if "glassy" not in parts and "rubbery" not in parts:
        _part(material, "rubbery", "rubbery modulus")
    shear, bulk = {}, {}
    for state in ("glassy", "rubbery"):
        if state in parts:
            part = parts[state].used()
            shear[state], bulk[state] = part.number("shear_modulus"), part.number("bulk_modulus")
        else:
            shear[state], bulk[state] = _elastic_moduli(material)
    width = _part(material, "transition", "transition width").number("width")
    return ResinModuli(shear["glassy"], bulk["glassy"], shear["rubbery"], bulk["rubbery"], width)


def _elastic_moduli(material: Material) -> tuple[float, float]:
    """Shear and bulk modulus of the elastic properties at 25 C, MPa."""
    for name in ("youngs_modulus", "poissons_ratio"):
        if name not in material:
            raise MaterialError(f"missing {name} data of {material.name}")
    modulus = material["youngs_modulus"](REFERENCE_TEMPERATURE)
    ratio = material["poissons_ratio"](REFERENCE_TEMPERATURE)
    return modulus / (2.0 * (1.0 + ratio)), modulus / (3.0 * (1.0 - 2.0 * ratio))


def _expansion(material: Material, shrinks: bool) -> ResinExpansion:
    parts = material.curing_mechanics
    if "expansion_glassy" not in parts and "expansion_rubbery" not in parts:
        _part(material, "expansion_rubbery", "expansion above the glass transition")
    below, above = (
        _coefficient(material, name) for name in ("expansion_glassy", "expansion_rubbery")
    )
    if not shrinks:
        return ResinExpansion(below, above)
    table = _part(material, "shrinkage", "shrinkage")
    return ResinExpansion(below, above, table.curve("cure"), table.curve("volume"))


def _coefficient(material: Material, name: str) -> float:
    """Coefficient of expansion of a part, or that of the properties at 25 C, 1/K."""
    if name in material.curing_mechanics:
        return material.curing_mechanics[name].used().number("coefficient")
    if "expansion" not in material:
        raise MaterialError(f"missing expansion data of {material.name}")
    return material["expansion"](REFERENCE_TEMPERATURE)


def _shift(material: Material, cured_transition: float) -> Shift:
    part = _part(material, "shift", "shift of relaxation times (shift)")
    given = part.parameters
    return Shift(
        part.number("c1"),
        part.number("c2"),
        part.number("reference_temperature")
        if "reference_temperature" in given
        else cured_transition,
        part.number("activation") if "activation" in given else None,
    )
