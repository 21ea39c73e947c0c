"""A material: its properties and the parameter sets of its laws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bumpfem.errors import MaterialError
from bumpfem.materials.cure_set import CurePart
from bumpfem.materials.curing_mechanics import MechanicsPart
from bumpfem.materials.lawset import LawSet
from bumpfem.materials.property import Property
from bumpfem.materials.provenance import Provenance
from bumpfem.materials.quantities import base_name, close_names

MaterialKind = Literal[
    "solder", "metal", "semiconductor", "ceramic", "laminate", "polymer", "paste"
]

_AXES = ("x", "y", "z")
_PLANES = ("xy", "yz", "xz")


class Material(BaseModel):
    """One material of the library or of the user's own file.

    Isotropic materials have ``youngs_modulus``, ``poissons_ratio`` and ``expansion``; orthotropic
    ones ``youngs_modulus_x/_y/_z``, ``shear_modulus_xy/_yz/_xz``, ``poissons_ratio_xy/_yz/_xz``
    and ``expansion_x/_y/_z`` with z through the thickness; ``poissons_ratio_xz`` is minus the
    strain along z over the strain along x under a stress along x.

    Attributes:
        name: Name in the library.
        title: What it is, in words.
        kind: Class of material.
        properties: Properties by name.
        law_sets: Parameter sets by name.
        default_law: The set taken when none is named; ``None`` means elastic.
        cure: How it cures, part by part; empty for what does not.
        curing_mechanics: How it stiffens, shrinks and relaxes, part by part.
        note: What a user must know.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str = Field(min_length=1)
    kind: MaterialKind
    properties: Mapping[str, Property]
    law_sets: Mapping[str, LawSet] = {}
    default_law: str | None = None
    cure: Mapping[str, CurePart] = {}
    curing_mechanics: Mapping[str, MechanicsPart] = {}
    note: str = ""

    @model_validator(mode="after")
    def _parts_fit_together(self) -> Material:
        if not self.properties:
            raise ValueError("a material needs at least one property")
        if self.default_law is not None and self.default_law not in self.law_sets:
            raise ValueError(
                f"default_law {self.default_law} is not among its law sets: "
                f"{close_names(self.default_law, list(self.law_sets))}"
            )
        if self.law_sets and self.default_law is None:
            raise ValueError("a material with law sets must say its default_law")
        if self.is_orthotropic:
            if "youngs_modulus" in self.properties:
                raise ValueError("youngs_modulus stands beside moduli of axes: choose one")
            self._check_stability()
        return self

    def _check_stability(self) -> None:
        """Refuse orthotropic constants whose strain energy is not positive (first values)."""
        if not all(f"youngs_modulus_{axis}" in self.properties for axis in _AXES):
            raise ValueError("an orthotropic material needs youngs_modulus_x, _y and _z")
        names = [f"poissons_ratio_{plane}" for plane in _PLANES]
        if not all(name in self.properties for name in names):
            raise ValueError(f"an orthotropic material needs {', '.join(names)}")
        e = {axis: self.properties[f"youngs_modulus_{axis}"].value[0] for axis in _AXES}
        nu = {plane: self.properties[f"poissons_ratio_{plane}"].value[0] for plane in _PLANES}
        squares = {plane: nu[plane] ** 2 * e[plane[1]] / e[plane[0]] for plane in _PLANES}
        triple = 2.0 * nu["xy"] * nu["yz"] * nu["xz"] * e["z"] / e["x"]
        if max(squares.values()) >= 1.0 or 1.0 - sum(squares.values()) - triple <= 0.0:
            raise ValueError("the orthotropic constants give a negative strain energy")

    @property
    def is_orthotropic(self) -> bool:
        """Whether the elastic constants depend on direction."""
        return any(f"youngs_modulus_{axis}" in self.properties for axis in _AXES)

    @property
    def entries(self) -> list[Provenance]:
        """Everything in it that has a source."""
        return [
            *self.properties.values(),
            *self.law_sets.values(),
            *self.cure.values(),
            *self.curing_mechanics.values(),
        ]

    def __getitem__(self, name: str) -> Property:
        """Property of a name.

        Raises:
            MaterialError: The material has no such property.
        """
        try:
            return self.properties[name]
        except KeyError:
            hint = close_names(name, list(self.properties))
            raise MaterialError(f"material {self.name} has no {name}: {hint}") from None

    def __contains__(self, name: object) -> bool:
        """Whether the material has a property of that name."""
        return name in self.properties

    def law_set(self, name: str | None = None) -> LawSet:
        """A parameter set of this material, recorded as used.

        Args:
            name: Name of the set; ``None`` takes the default.

        Raises:
            MaterialError: There is no such set here, or no default.
        """
        chosen = name or self.default_law
        if chosen is None:
            raise MaterialError(f"material {self.name} has no parameter sets: it is elastic")
        if chosen not in self.law_sets:
            hint = close_names(chosen, list(self.law_sets))
            raise MaterialError(f"material {self.name} has no parameter set {chosen}: {hint}")
        return self.law_sets[chosen].used()

    def cure_part(self, name: str) -> CurePart:
        """A part of how this material cures, recorded as used.

        Raises:
            MaterialError: It does not cure, or this part is not known.
        """
        if not self.cure:
            raise MaterialError(f"material {self.name} does not cure: it has no cure table")
        if name not in self.cure:
            hint = close_names(name, list(self.cure))
            raise MaterialError(f"the cure table of material {self.name} has no {name}: {hint}")
        return self.cure[name].used()

    def using(self, **alternatives: str) -> Material:
        """The same material with published alternatives in place of its own properties.

        Args:
            **alternatives: Property name and the alternative's full name, e.g.
                ``youngs_modulus="youngs_modulus__kariya_2003"``.

        Raises:
            MaterialError: The alternative does not exist or is another quantity.
        """
        properties = dict(self.properties)
        for name, other in alternatives.items():
            if base_name(other) != name:
                raise MaterialError(f"material {self.name}: {other} is not a {name}")
            properties[name] = self[other]
        return self.model_copy(update={"properties": properties})
