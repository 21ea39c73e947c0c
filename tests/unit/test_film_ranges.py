"""Films, melts and heat beyond the temperatures of their data: refused, or named once."""

from __future__ import annotations

import numpy as np
import pytest

from bumpfem.constitutive import Solidifying
from bumpfem.design import Package
from bumpfem.errors import PropertyRangeError
from bumpfem.materials import Material, Span, collect_extrapolations, load_material
from bumpfem.materials.extrapolation import unrecorded_extrapolations
from bumpfem.process.film import film_flow
from bumpfem.process.gel_race import viscosity_limit, wetting_viscosity
from bumpfem.process.heated_ranges import check_heated
from bumpfem.process.thermal_history import RegionHistory, ThermalHistory

HINT = "extrapolate = true in the study"
FILM = "polyester_film"


def test_thermal_properties_keep_their_end_values_and_say_so() -> None:
    """As the conduction takes them; within the range there is nothing to say."""
    heat = load_material("kapton")["heat_capacity"]
    hot = heat.range[1] + 30.0

    def history(peak: float) -> ThermalHistory:
        t = np.array([25.0, peak])
        region = RegionHistory(t, t, t, np.zeros(2), 1.0)
        return ThermalHistory(np.array([0.0, 1.0]), t, t, {"mask": region})

    with collect_extrapolations() as beyond:
        check_heated({"mask": "kapton"}, history(heat.range[1]))
        assert beyond.entries == []
        check_heated({"mask": "kapton"}, history(hot), extrapolate=True)
    found = {item.name: item for item in beyond.entries}
    assert found["heat_capacity"].reached == hot
    assert found["heat_capacity"].value == found["heat_capacity"].at_end == heat(heat.range[1])
    with pytest.raises(PropertyRangeError, match="kapton heat_capacity"):
        check_heated({"mask": "kapton"}, history(hot))


def _film(**ranges: tuple[float, float]) -> Material:
    """The polyester film with other ranges of some properties."""
    known = load_material(FILM)
    changed = {
        name: known[name].model_copy(update={"range": limits, "range_basis": "source"})
        for name, limits in ranges.items()
    }
    return known.model_copy(update={"properties": {**known.properties, **changed}})


def test_a_molten_film_needs_no_modulus() -> None:
    """It melts at 180 C, where its data end."""
    with collect_extrapolations() as beyond:
        law = Solidifying.of(FILM, 25.0, Span(-40.0, 260.0))
        molten = Solidifying.of(FILM, 300.0, Span(200.0, 300.0))
    assert beyond.entries == []
    assert law.youngs_modulus == molten.youngs_modulus
    modulus = load_material(FILM)["youngs_modulus"]
    t = np.linspace(-65.0, 180.0, 50)
    np.testing.assert_array_equal(law.youngs_modulus(t), modulus(t))


def test_a_film_that_ends_before_it_melts() -> None:
    """Its modulus goes on along its last two points, up to the melting point and no farther."""
    film = _film(youngs_modulus=(-30.0, 150.0))
    with pytest.raises(
        PropertyRangeError, match=f"{FILM} youngs_modulus is known from -30.*{HINT}"
    ):
        Solidifying.of(film, 25.0, Span(-40.0, 260.0))
    with collect_extrapolations() as beyond:
        law = Solidifying.of(film, 25.0, Span(-40.0, 260.0, extrapolate=True))
    reached = [(item.name, item.reached) for item in beyond.entries]
    assert reached == [("youngs_modulus", -40.0), ("youngs_modulus", 180.0)]
    assert law.youngs_modulus(180.0) == pytest.approx(load_material(FILM)["youngs_modulus"](180.0))


def test_flow_of_a_film_beyond_its_viscosity() -> None:
    """Viscosity and surface tension end at 300 C and keep their values there."""
    times = np.array([0.0, 1e-3, 60.0, 60.001])
    hot, edge = np.array([25.0, 320.0, 320.0, 25.0]), np.array([25.0, 300.0, 300.0, 25.0])
    with pytest.raises(
        PropertyRangeError, match=f"melt_viscosity.*180 to 300 C, not at 320.*{HINT}"
    ):
        film_flow(FILM, times, hot, 0.8, 0.05)
    with collect_extrapolations() as beyond:
        within = film_flow(FILM, times, edge, 0.8, 0.05)
        assert beyond.entries == []
        flow = film_flow(FILM, times, hot, 0.8, 0.05, extrapolate=True)
    assert {item.name: item.reached for item in beyond.entries} == {
        "melt_viscosity": 320.0,
        "surface_tension": 320.0,
    }
    assert flow.lowest_viscosity == within.lowest_viscosity
    assert flow.levelling == pytest.approx(within.levelling, rel=1e-4)


def test_surface_tension_of_a_solder_that_melts_below_its_range(pbga: Package) -> None:
    """Sn62Pb36Ag2 melts at 179 C, its surface tension is known from 183 C on."""
    joint = pbga.joint("anchored").model_copy(update={"solder": "sn62pb36ag2"})
    tension = load_material("sn62pb36ag2")["surface_tension"]
    with pytest.raises(PropertyRangeError, match=f"sn62pb36ag2 surface_tension.*179 C.*{HINT}"):
        wetting_viscosity(pbga, joint, 2.0)
    with collect_extrapolations() as beyond:
        limit = wetting_viscosity(pbga, joint, 2.0, extrapolate=True)
    radius = 0.5 * pbga.interposer_pad_for(joint).wetted_diameter
    assert limit == viscosity_limit(tension(183.0), 2.0, radius)
    (item,) = beyond.entries
    assert (item.name, item.reached, item.at_end) == ("surface_tension", 179.0, tension(183.0))


def test_the_farthest_use_of_each_end_stays() -> None:
    """Hot and cold are two ends; trials leave no trace."""
    span = Span(-80.0, 230.0, extrapolate=True)
    with collect_extrapolations() as beyond:
        part = load_material("epoxy_8552").cure["kinetics"]
        for found in (Span(25.0, 210.0, extrapolate=True), span, Span(0.0, 205.0, True)):
            found.admit(part)
        with unrecorded_extrapolations():
            Span(25.0, 400.0, extrapolate=True).admit(part)
    assert [item.reached for item in beyond.entries] == [-80.0, 230.0]
    assert "(its source gives no range)" in str(beyond.entries[0])
