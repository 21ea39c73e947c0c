"""Heat content, its inverse, melting, and what a material of the library must have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bumpfem.constitutive import Table
from bumpfem.constitutive.enthalpy import MELTING_INTERVAL_K, HeatMaterial
from bumpfem.errors import InputError, MaterialError, PropertyRangeError
from bumpfem.materials import load_material

VARYING = HeatMaterial(
    "varying",
    Table((0.0, 100.0, 200.0, 300.0), (1.0, 3.0, 2.0, 2.5)),
    Table((0.0, 300.0), (50.0, 20.0)),
    120.0,
    123.0,
    60.0,
)


def test_the_heat_content_is_the_integral_of_the_capacity() -> None:
    """Trapezoid by trapezoid: 25 to 100 C 1.5..3, to 200 C 3..2, to 300 C 2..2.5, then 2.5."""
    to_100 = 75.0 * 0.5 * (1.5 + 3.0)
    assert VARYING.enthalpy(100.0) == pytest.approx(to_100, rel=1e-14)
    assert VARYING.enthalpy(300.0) == pytest.approx(to_100 + 250.0 + 225.0 + 60.0, rel=1e-14)
    assert VARYING.enthalpy(310.0) - VARYING.enthalpy(300.0) == pytest.approx(25.0, rel=1e-12)
    assert VARYING.enthalpy(-10.0) - VARYING.enthalpy(0.0) == pytest.approx(-10.0, rel=1e-12)
    assert VARYING.enthalpy(25.0) == pytest.approx(0.0, abs=1e-12)


@given(st.lists(st.floats(-100.0, 500.0), min_size=1, max_size=20))
def test_the_temperature_is_the_inverse_of_the_heat_content(temperatures: list[float]) -> None:
    """To rounding: heat contents of some 1e3 mJ/mm3 at slopes of 1 mJ/(mm3 K) and more."""
    t = np.array(temperatures)
    np.testing.assert_allclose(VARYING.temperature(VARYING.enthalpy(t)), t, atol=1e-9)


def test_the_slope_of_the_heat_content_is_the_capacity() -> None:
    """Against central differences, away from the corners."""
    t = np.array([-20.0, 10.0, 90.0, 119.0, 121.0, 122.9, 150.0, 250.0, 330.0])
    slope = (VARYING.enthalpy(t + 1e-4) - VARYING.enthalpy(t - 1e-4)) / 2e-4
    np.testing.assert_allclose(VARYING.heat_capacity(t), slope, rtol=1e-8)


def test_the_convex_parts_differ_by_the_heat_content() -> None:
    """H + H_2 has a capacity that never falls, H_2 too; below the first fall H_2 is zero."""
    pieces = VARYING.segments
    lost = pieces.falling()
    total_left, total_right = pieces.left + lost.left, pieces.right + lost.right
    for left, right in ((total_left, total_right), (lost.left, lost.right)):
        assert np.all(right >= left - 1e-12)
        assert np.all(left[1:] >= right[:-1] - 1e-12)
    assert pieces.first_fall == 100.0
    assert np.all(lost.right[pieces.temperature[1:] <= 100.0] == 0.0)
    assert HeatMaterial("rigid", Table.constant(1.0), Table.constant(1.0)).segments.first_fall > 1e9


def test_melted_fraction_runs_from_solidus_to_liquidus() -> None:
    found = VARYING.melted_fraction(np.array([0.0, 120.0, 121.5, 123.0, 300.0]))
    np.testing.assert_allclose(found, [0.0, 0.0, 0.5, 1.0, 1.0])
    rigid = HeatMaterial("rigid", Table.constant(1.0), Table.constant(1.0))
    assert not rigid.melts
    assert rigid.melted_fraction(1e4) == 0.0


def test_sac305_stores_its_latent_heat_between_217_and_220() -> None:
    """rho L = 7.38e-3 g/mm3 * 61.5 kJ/kg and rho c = 7.38e-3 * 226 J/(kg K), of the library."""
    sac = HeatMaterial.of("sac305")
    assert (sac.solidus, sac.liquidus) == (217.0, 220.0)
    rise = float(sac.enthalpy(220.0) - sac.enthalpy(217.0))
    assert rise == pytest.approx(7.38e-3 * (61.5e3 + 3.0 * 226.0), rel=1e-12)


@pytest.mark.parametrize(("name", "melting"), [("sn63pb37", 183.0), ("copper", 1084.6)])
def test_what_melts_at_one_temperature_gets_the_stated_interval(name: str, melting: float) -> None:
    material = HeatMaterial.of(name, extrapolate=True)
    assert material.solidus == pytest.approx(melting - 0.5 * MELTING_INTERVAL_K)
    assert material.liquidus == pytest.approx(melting + 0.5 * MELTING_INTERVAL_K)
    wide = HeatMaterial.of(name, extrapolate=True, interval=4.0)
    assert wide.solidus == pytest.approx(melting - 2.0)
    assert wide.latent_heat == material.latent_heat


def test_a_missing_property_is_named(tmp_path: Path) -> None:
    own = tmp_path / "foam.toml"
    entry = (
        'unit = "{unit}"\nvalue = 1.0\nrange = [0.0, 100.0]\nrange_basis = "source"\n'
        'source = "own"\ntranscribed_from = "own"\nstatus = "primary"\nconfidence = "high"\n'
    )
    own.write_text(
        'title = "Foam"\nkind = "polymer"\n[properties.density]\n' + entry.format(unit="g/mm3")
    )
    with pytest.raises(MaterialError, match="foam needs its heat_capacity and conductivity"):
        HeatMaterial.of(str(own))


def test_a_solder_without_latent_heat_is_refused() -> None:
    sac = load_material("sac305")
    properties = {name: item for name, item in sac.properties.items() if name != "latent_heat"}
    bare = sac.model_copy(update={"properties": properties})
    with pytest.raises(MaterialError, match="melting of sac305 needs its latent_heat"):
        HeatMaterial.of(bare)


def test_temperatures_outside_the_range_are_refused_with_material_and_range() -> None:
    material = HeatMaterial.of("kapton")
    low, high = material.valid
    material.check_range("mask", low, high, "at 3 s")
    with pytest.raises(
        PropertyRangeError, match=rf"at 3 s region mask reaches {high + 20:.1f} C.*hotter.*kapton"
    ):
        material.check_range("mask", 20.0, high + 20.0, "at 3 s")
    with pytest.raises(PropertyRangeError, match="colder than the range of kapton"):
        material.check_range("mask", low - 1.0, 20.0, "at 3 s")
    HeatMaterial.of("kapton", extrapolate=True).check_range("mask", -200.0, 900.0, "at 3 s")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"latent_heat": 5.0}, "solidus and a liquidus"),
        ({"solidus": 100.0}, "solidus and a liquidus"),
        ({"solidus": 100.0, "liquidus": 100.0, "latent_heat": 5.0}, "above the solidus"),
        ({"solidus": 100.0, "liquidus": 101.0}, "positive"),
        ({"capacity": Table.constant(0.0)}, "capacity"),
    ],
)
def test_impossible_materials_are_refused(changes: dict[str, Any], message: str) -> None:
    given: dict[str, Any] = {
        "name": "bad", "capacity": Table.constant(1.0), "conductivity": Table.constant(1.0),
    }  # fmt: skip
    with pytest.raises(InputError, match=message):
        HeatMaterial(**(given | changes))
