"""Which material and law each region of a cell has, and its thermal expansion."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from bumpfem.constitutive import Law, Table, make_law, make_orthotropic, thermal_strain
from bumpfem.design import Joint, Package
from bumpfem.errors import MaterialError
from bumpfem.materials import LawSet, Material, Span, load_law_set, load_material
from bumpfem.physics.groups import RegionLaw
from bumpfem.units import FloatArray

_SOLDER = ("solder", "solder_layer_interposer", "solder_layer_board")


@dataclass(frozen=True)
class Window:
    """Temperatures that a run will see.

    Attributes:
        lowest: Degrees C.
        highest: Degrees C.
        stress_free: Temperature of no stress, degrees C, inside the window.
        extrapolate: Whether properties are continued beyond their ranges, linearly, and recorded;
            else a window that leaves a range is an error.
    """

    lowest: float
    highest: float
    stress_free: float
    extrapolate: bool = False

    @classmethod
    def of(
        cls, temperatures: Iterable[float], stress_free: float, *, extrapolate: bool = False
    ) -> Window:
        """The window of a history and its stress-free temperature."""
        values = [*temperatures, stress_free]
        return cls(min(values), max(values), stress_free, extrapolate)

    @property
    def span(self) -> Span:
        """Its temperatures alone."""
        return Span(self.lowest, self.highest, self.extrapolate)


@dataclass(frozen=True)
class RegionMaterial:
    """Material of a region by name.

    Attributes:
        region: Region of the mesh.
        material: Material in the library.
        law: Parameter set of its law; None for elastic.
    """

    region: str
    material: str
    law: str | None


def assign_materials(
    package: Package, joint: Joint, regions: Iterable[str]
) -> list[RegionMaterial]:
    """Material and law of every region of a joint's cell.

    Solder, and a core of solder, take the law that the joint names or their material's default;
    everything else is elastic unless the joint names a law.

    Raises:
        MaterialError: if a region has no material in the design.
    """
    solder, solder_law = joint.solder, joint.solder_law
    bond = joint.bump.bond_material if joint.bump and joint.bump.bond == "solder" else None
    if bond is not None and bond != solder:
        solder, solder_law = bond, None
    names: dict[str, str | None] = {
        "interposer_pad": package.interposer_pad_for(joint).material,
        "board_pad": package.board_pad.material,
        "interposer_resist": _material(package.interposer_resist),
        "board_resist": _material(package.board_resist),
        "interposer": package.interposer.material,
        "board": package.board.material,
        "die": _material(package.die),
        "die_attach": package.die.attach_material if package.die else None,
        "mould": _material(package.mould),
        "core": _material(joint.core),
        "resin": _material(joint.anchor),
        "resin_crown": _material(joint.anchor),
        "mask": _material(joint.mask),
        "attach": _attach_material(joint),
        "bump": joint.bump.metal if joint.bump else None,
        "bump_barrier": _material(joint.bump.barrier) if joint.bump else None,
    }
    _check_melting(joint, solder)
    assigned = []
    for region in regions:
        if region in _SOLDER:
            law = solder_law or load_material(solder).default_law
            assigned.append(RegionMaterial(region, solder, law))
            continue
        name = names.get(region)
        if name is None:
            raise MaterialError(f"region {region} has no material in joint {joint.name}")
        law = None
        if region == "core" and joint.core is not None:
            known = load_material(name)
            law = joint.core.law or (known.default_law if known.kind == "solder" else None)
        assigned.append(RegionMaterial(region, name, law))
    return assigned


def _check_melting(joint: Joint, solder: str) -> None:
    """Refuse what could not be made: no solder, a core that melts with it, an agent that holds it.

    Raises:
        MaterialError: the solder is none, or the core is a solder that melts when it does.
        InputError: the mask's fixing agent would hold the ball while it melts.
    """
    known = load_material(solder)
    if known.kind != "solder":
        raise MaterialError(f"joint {joint.name}: {solder} is a {known.kind}, not a solder")
    if joint.core is not None:
        core = load_material(joint.core.material)
        if (
            _melts(core)
            and _melts(known)
            and core["solidus"].constant <= known["liquidus"].constant
        ):
            raise MaterialError(
                f"joint {joint.name}: core {core.name} melts at {core['solidus'].constant:g} C, "
                f"its shell {solder} only at {known['liquidus'].constant:g} C"
            )
    if joint.mask is not None and _melts(known):
        joint.mask.check_release(known["solidus"].constant)


def _melts(material: Material) -> bool:
    """Whether the melting range of a solder is known."""
    return material.kind == "solder" and "solidus" in material and "liquidus" in material


def _material(part: object) -> str | None:
    return getattr(part, "material", None)


def _attach_material(joint: Joint) -> str | None:
    if joint.bump is not None and joint.bump.bond == "conductive_adhesive":
        return joint.bump.bond_material
    return joint.anchor.paste_material if joint.anchor is not None else None


def region_law(assigned: RegionMaterial, window: Window) -> RegionLaw:
    """Law and thermal strain of a region over a window of temperatures.

    Raises:
        MaterialError: for a missing property or parameter set.
        PropertyRangeError: if the window leaves a property's range and does not extrapolate, or if
            the property cannot be continued so far.
    """
    material = load_material(assigned.material)
    strain = ThermalExpansion(material, window)
    law_set = None if assigned.law is None else _law_set(material, assigned.law)
    return RegionLaw(assigned.region, _law(material, law_set, window), strain)


def _law_set(material: Material, name: str) -> LawSet:
    """A parameter set of the material, or of another when it is named in full."""
    return material.law_set(name) if name in material.law_sets else load_law_set(name)


def _law(material: Material, law_set: LawSet | None, window: Window) -> Law:
    if material.is_orthotropic:
        if law_set is not None:
            raise MaterialError(f"orthotropic {material.name} cannot follow {law_set.name}")
        modulus, ratio, shear = (
            tuple(_table(material, f"{name}_{axis}", window) for axis in axes)
            for name, axes in (
                ("youngs_modulus", "xyz"),
                ("poissons_ratio", ("xy", "yz", "xz")),
                ("shear_modulus", ("xy", "yz", "xz")),
            )
        )
        return make_orthotropic(_three(modulus), _three(ratio), _three(shear))
    elastic = (_table(material, name, window) for name in ("youngs_modulus", "poissons_ratio"))
    if law_set is None:
        return make_law("elastic", {}, *elastic)
    window.span.admit(law_set)
    return make_law(law_set.law, law_set.parameters, *elastic)


def _three(tables: tuple[Table, ...]) -> tuple[Table, Table, Table]:
    first, second, third = tables
    return first, second, third


def _table(material: Material, name: str, window: Window) -> Table:
    return Table(*window.span.table(material[name]))


class ThermalExpansion:
    """Free thermal strain of a material from the stress-free temperature on.

    Args:
        material: Its expansion is a secant or an instantaneous coefficient, as its property says.
        window: Temperatures that will be asked for; the property's range is checked here.
    """

    def __init__(self, material: Material, window: Window) -> None:
        names = (
            [f"expansion_{axis}" for axis in "xyz"]
            if material.is_orthotropic
            else ["expansion"] * 3
        )
        properties = [material[name] for name in names]
        self._tables = _three(tuple(_table(material, name, window) for name in names))
        self._kind = properties[0].expansion_kind or "instantaneous"
        reference = properties[0].reference_temperature
        self._secant_reference = 25.0 if reference is None else reference
        if any(item.expansion_kind != self._kind for item in properties):
            raise MaterialError(f"{material.name}: all expansions must be of one kind")
        self._stress_free = window.stress_free
        self._known: dict[float, FloatArray] = {}

    def __call__(self, temperature: float) -> FloatArray:
        """Thermal strain (6,) at a temperature in degrees C."""
        if temperature not in self._known:
            self._known.clear()
            self._known[temperature] = thermal_strain(
                temperature, self._stress_free, self._tables, self._kind, self._secant_reference
            )
        return self._known[temperature]


class PlaneElasticity:
    """In-plane stiffness and expansion of a slab's material, for layered-plate theory.

    Args:
        material: Name in the library.
        window: Temperatures that will be asked for.
    """

    def __init__(self, material: str, window: Window) -> None:
        known = load_material(material)
        suffix, plane = ("_x", "_xy") if known.is_orthotropic else ("", "")
        self._modulus = _table(known, f"youngs_modulus{suffix}", window)
        self._ratio = _table(known, f"poissons_ratio{plane}", window)
        self._expansion = ThermalExpansion(known, window)

    def biaxial_modulus(self, temperature: float) -> float:
        """E/(1 - nu), MPa."""
        at = np.asarray([temperature])
        return float(self._modulus(at)[0] / (1.0 - self._ratio(at)[0]))

    def strain(self, temperature: float) -> float:
        """Free in-plane thermal strain along x."""
        return float(self._expansion(temperature)[0])
