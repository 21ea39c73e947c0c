"""Drawn-back metal bumps against the spherical cap, and the table of wettability."""

from __future__ import annotations

from dataclasses import replace
from math import pi, radians, sin, tan
from pathlib import Path
from typing import get_args

import pytest

from bumpfem.design import MetalBump, Package
from bumpfem.design.metal_bump import PadMetal
from bumpfem.errors import InputError, MaterialError, PropertyRangeError
from bumpfem.materials import reference_keys
from bumpfem.materials.provenance import STATUS_MEANING
from bumpfem.materials.wettability import wetting, wetting_table
from bumpfem.shapes.capillary.drawback import Powder, cap_angle, draw_back
from bumpfem.shapes.capillary.fired_bump import fire
from bumpfem.shapes.capillary.liquid import Liquid

COPPER = Liquid(1.32e-3, 7.9e-5)
WEIGHTLESS = COPPER.weightless()
POWDER = Powder(0.544, 0.15, 0.6)


def cap_volume(base_radius: float, angle: float) -> float:
    """V = pi h (3 a^2 + h^2)/6 with h = a tan(theta/2)."""
    height = base_radius * tan(0.5 * angle)
    return pi * height * (3.0 * base_radius**2 + height**2) / 6.0


def test_complete_draw_back_makes_the_cap_of_the_powders_volume() -> None:
    found = draw_back(POWDER, 0.36, WEIGHTLESS, outside_angle=125.0)
    assert found.outcome == "complete"
    assert POWDER.volume == pytest.approx(pi / 4 * 0.544**2 * 0.15 * 0.6, rel=1e-12)
    angle = 2.0 * found.height / 0.36
    assert found.rim_angle == pytest.approx(cap_angle(found.height, 0.36), rel=1e-9)
    assert cap_volume(0.18, radians(found.rim_angle)) == pytest.approx(POWDER.volume, rel=1e-9)
    assert angle == pytest.approx(tan(0.5 * radians(found.rim_angle)), rel=1e-9)
    assert found.residue_width == pytest.approx(0.0, abs=1e-12)


def test_line_stops_where_the_receding_angle_is_reached() -> None:
    """Receding angle 90 degrees: hemisphere of V = 2 pi R^3 / 3, wider than the pad."""
    found = draw_back(POWDER, 0.36, WEIGHTLESS, outside_angle=90.0)
    radius = (1.5 * POWDER.volume / pi) ** (1.0 / 3.0)
    assert found.outcome == "stopped outside"
    assert found.residue_width == pytest.approx(radius - 0.18, abs=1e-9)
    assert found.height == pytest.approx(radius, abs=1e-9)
    assert found.spare_angle < 0.0


def test_melt_that_wets_the_substrate_stays_where_it_was_printed() -> None:
    found = draw_back(POWDER, 0.36, WEIGHTLESS, outside_angle=40.0)
    assert found.outcome == "did not retreat"
    assert found.residue_width == pytest.approx(0.5 * (0.544 - 0.36), rel=1e-12)


def test_melt_that_does_not_wet_its_pad_leaves_part_of_it_dry() -> None:
    """Receding angle 120 degrees on the pad: cap of this angle and volume inside the pad."""
    found = draw_back(POWDER, 0.36, WEIGHTLESS, outside_angle=150.0, pad_angle=120.0)
    assert found.outcome == "pad partly dry"
    radius = 0.5 * found.bump.base_diameter
    assert cap_volume(radius, radians(120.0)) == pytest.approx(POWDER.volume, rel=1e-9)


def test_complete_exactly_up_to_the_rims_angle() -> None:
    rim = draw_back(POWDER, 0.36, COPPER, outside_angle=150.0).rim_angle
    for shift, outcome in ((0.01, "complete"), (-0.01, "stopped outside")):
        found = draw_back(POWDER, 0.36, COPPER, outside_angle=rim + shift)
        assert found.outcome == outcome


def test_weight_flattens_the_bump_by_the_bond_number() -> None:
    """Copper, 0.25 mm: Bond number (h / a_c)^2 = 0.004; the height falls by a tenth of that."""
    light, heavy = (
        draw_back(POWDER, 0.36, liquid, outside_angle=125.0) for liquid in (WEIGHTLESS, COPPER)
    )
    bond = (light.height / COPPER.capillary_length) ** 2
    assert 0.0 < 1.0 - heavy.height / light.height < 0.3 * bond


def test_endless_film_retreats_below_the_puddles_thickness() -> None:
    found = draw_back(POWDER, 0.36, COPPER, outside_angle=125.0)
    puddle = 2.0 * COPPER.capillary_length * sin(radians(62.5))
    assert found.level_thickness == pytest.approx(puddle, rel=1e-12)
    assert found.film_thickness == pytest.approx(0.09)


@pytest.mark.parametrize("name", ["pbga_0p80", "cbga_1p27", "csp_0p40"])
def test_shipped_bumps_can_be_fired_on_alumina(repository: Path, name: str) -> None:
    """Their powder draws back, and weight takes less than 0.2 % off the designed height."""
    bump = Package.load(repository / "meshes" / f"{name}.toml").joint("metal_bump").bump
    assert bump is not None
    found = fire(bump)
    assert found.works, found.faults
    assert 0.998 < found.drawn.height / bump.height < 1.0


def bump_of(metal: str, pad_metal: str, temperature: float) -> MetalBump:
    return MetalBump.model_validate({
        "metal": metal, "pad_metal": pad_metal, "height": 0.15, "footprint_diameter": 0.36,
        "powder_thickness": 0.1, "firing_temperature": temperature, "bond_thickness": 0.03,
    })  # fmt: skip


def test_pads_that_dissolve_or_melt_are_found() -> None:
    assert any("dissolves" in fault for fault in fire(bump_of("copper", "nickel", 1120.0)).faults)
    assert any("melts" in fault for fault in fire(bump_of("nickel", "nickel", 1480.0)).faults)
    compounds = fire(bump_of("aluminium", "chromium", 700.0))
    assert any("compounds" in note for note in compounds.notes)


def test_hysteresis_lowers_the_receding_angle() -> None:
    """A bump that stands at 109 degrees needs more than that outside: 125 - 20 is too little."""
    bump = bump_of("copper", "tungsten", 1120.0).model_copy(update={"height": 0.25})
    assert fire(bump).works
    faults = fire(bump, hysteresis=20.0).faults
    assert any("outside the pad" in fault for fault in faults)


def test_metal_must_melt() -> None:
    with pytest.raises(InputError, match="does not melt"):
        fire(bump_of("copper", "tungsten", 1000.0))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"pad_diameter": 0.6}, "powder.diameter"),
        ({"outside_angle": 0.0}, "outside_angle"),
        ({"pad_angle": 130.0}, "pad_angle"),
    ],
)
def test_bad_draw_backs_are_refused(values: dict[str, float], field: str) -> None:
    given = {"pad_diameter": 0.36, "outside_angle": 125.0, **values}
    pad = given.pop("pad_diameter")
    with pytest.raises(InputError) as caught:
        draw_back(POWDER, pad, COPPER, **given)
    assert caught.value.field == field


def test_powder_is_checked() -> None:
    for changes in ({"diameter": 0.0}, {"thickness": -1.0}, {"packing": 1.5}):
        with pytest.raises(InputError):
            replace(POWDER, **changes)


def test_every_bump_metal_has_its_wettability() -> None:
    """All metals on all pads of the design, and on alumina, each with source and status."""
    table = wetting_table()
    metals = ("aluminium", "copper", "nickel", "silver", "gold")
    for metal in metals:
        assert ("outside", metal, "alumina") in table
        for pad in get_args(PadMetal):
            bump = bump_of(metal, pad, 1500.0)
            assert wetting("on_pad", metal, bump.pad_material).pad is not None
    for entry in table.values():
        assert entry.status in STATUS_MEANING
        assert reference_keys().issuperset(entry.sources)
        assert entry.range[0] <= entry.contact_angle <= entry.range[1]


def test_wettability_is_not_asked_outside_its_range() -> None:
    with pytest.raises(PropertyRangeError):
        wetting("on_pad", "copper", "tungsten").at(1100.0)
    with pytest.raises(MaterialError, match="no contact angle"):
        wetting("outside", "copper", "polyimide")
