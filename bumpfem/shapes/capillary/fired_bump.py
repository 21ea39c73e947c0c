"""A designed metal bump, fired: whether its powder melts and draws back to its pad."""

from __future__ import annotations

from dataclasses import dataclass

from bumpfem.design import MetalBump
from bumpfem.errors import InputError
from bumpfem.materials import load_material
from bumpfem.materials.wettability import Wetting, wetting
from bumpfem.shapes.capillary.drawback import DrawnBack, Powder, draw_back
from bumpfem.shapes.capillary.liquid import Liquid
from bumpfem.shapes.checks import check_kind, check_number
from bumpfem.shapes.drawing import Patch, Section


@dataclass(frozen=True, eq=False)
class FiredBump(Section):
    """A metal bump of a design, fired.

    Attributes:
        drawn: Its shape and how it got there.
        on_pad: Wetting of its pad.
        outside: Wetting of what surrounds the pad.
        design_height: Height that the design states, mm.
        faults: Why it cannot be made so; empty if it can.
        notes: What a user should know of it.
    """

    drawn: DrawnBack
    on_pad: Wetting
    outside: Wetting
    design_height: float
    faults: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def works(self) -> bool:
        """Whether the bump can be made as designed."""
        return not self.faults

    def patches(self) -> list[Patch]:
        """Its section, for a picture."""
        return self.drawn.patches()

    @property
    def caption(self) -> str:
        """What stands below the picture."""
        return self.drawn.caption


def fire(bump: MetalBump, substrate: str = "alumina", *, hysteresis: float = 0.0) -> FiredBump:
    """Melt and draw back the powder of a designed bump at its firing temperature.

    Args:
        bump: The bump; its footprint is its pad.
        substrate: What surrounds the pad, a material of the wettability table.
        hysteresis: How much smaller receding angles are than those of the table, degrees.

    Raises:
        MaterialError: No contact angle is known.
        InputError: The metal does not melt at the firing temperature.
    """
    check_kind("bump", bump, MetalBump)
    check_kind("substrate", substrate, str)
    check_number("hysteresis", hysteresis, "deg", least=0.0, below=180.0)
    metal, temperature = load_material(bump.metal), bump.firing_temperature
    on_pad = wetting("on_pad", bump.metal, bump.pad_material)
    outside = wetting("outside", bump.metal, substrate)
    faults, notes = [], [note for note in (on_pad.note, outside.note) if note]
    melting = metal["melting_point"].constant
    if temperature <= melting:
        raise InputError(
            "bump.firing_temperature", temperature, f"> {melting:g}", "degC",
            f"{bump.metal} does not melt",
        )  # fmt: skip
    pad_melting = load_material(bump.pad_material)["melting_point"].constant
    if temperature >= pad_melting or on_pad.pad == "melts":
        faults.append(f"the pad of {bump.pad_metal} melts at {pad_melting:g} C")
    if on_pad.pad == "dissolves":
        faults.append(f"the pad of {bump.pad_metal} dissolves in molten {bump.metal}")
    if on_pad.pad == "compounds":
        notes.append(f"{bump.metal} and {bump.pad_metal} form compounds that use up the pad")
    drawn = draw_back(
        Powder.of(bump), bump.footprint_diameter,
        Liquid.of(bump.metal, temperature, extrapolate=True),
        outside_angle=outside.at(temperature, extrapolate=True) - hysteresis,
        pad_angle=max(0.0, on_pad.at(temperature, extrapolate=True) - hysteresis),
    )  # fmt: skip
    if drawn.outcome != "complete":
        faults.append(_sentence(drawn))
    for entry in (on_pad, outside):
        low, high = entry.temperature
        if not low <= temperature <= high:
            notes.append(
                f"contact angle on {entry.solid} known from {low:g} to {high:g} C is used at"
                f" {temperature:g} C"
            )
    return FiredBump(drawn, on_pad, outside, bump.height, tuple(faults), tuple(notes))


def _sentence(drawn: DrawnBack) -> str:
    """Why a bump is not complete."""
    if drawn.outcome == "pad partly dry":
        return (
            f"the melt keeps only {drawn.bump.base_diameter:.4g} mm of the"
            f" {drawn.pad_diameter:.4g} mm wide pad"
        )
    return (
        f"metal stays on a ring {drawn.residue_width:.4g} mm wide outside the pad: the melt would"
        f" stand at {drawn.rim_angle:.0f} degrees on the rim, the substrate lets it retreat up to"
        f" {drawn.outside_angle:.0f}"
    )
