"""Properties, parameter sets and citations: what they give, and what they refuse."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from bumpfem.errors import MaterialError, PropertyRangeError
from bumpfem.materials import (
    Citation,
    LawSet,
    Property,
    bibliography,
    collect,
    describe_material,
    list_materials,
    load_law_set,
    load_material,
)

COMMON: dict[str, Any] = {
    "material": "test",
    "range": (0.0, 100.0),
    "range_basis": "source",
    "source": "liu2013",
    "transcribed_from": "test",
    "status": "secondary",
    "confidence": "high",
}


def test_modulus_between_two_points_lies_on_the_straight_line() -> None:
    """46.5 GPa at 25 C and 38.2 GPa at 75 C give 42.35 GPa half way."""
    modulus = load_material("sac305")["youngs_modulus"]
    assert modulus(50.0) == pytest.approx(42350.0)
    np.testing.assert_allclose(
        modulus(np.array([[-40.0, 25.0], [75.0, 125.0]])), [[57400, 46500], [38200, 30000]]
    )
    assert isinstance(modulus(50.0), float)


def test_a_constant_has_the_shape_of_what_is_asked() -> None:
    assert load_material("sac305")["poissons_ratio"](np.zeros((2, 3))).shape == (2, 3)


@pytest.mark.parametrize("temperature", [-41.0, 126.0])
def test_outside_its_range_a_property_raises_and_says_what_and_where(temperature: float) -> None:
    with pytest.raises(PropertyRangeError) as caught:
        load_material("sac305")["youngs_modulus"](temperature)
    text = str(caught.value)
    for part in ("sac305", "youngs_modulus", f"{temperature:g} C", "-40 to 125 C", "jep_1054784"):
        assert part in text


def test_extrapolation_keeps_the_value_at_the_end_of_the_range() -> None:
    modulus = load_material("sac305")["youngs_modulus"]
    assert modulus(217.0, extrapolate=True) == 30000.0
    assert modulus(-65.0, extrapolate=True) == 57400.0


def test_not_a_number_is_outside_every_range() -> None:
    with pytest.raises(PropertyRangeError, match="not a number"):
        load_material("sac305")["youngs_modulus"](np.array([25.0, np.nan]), extrapolate=True)


def test_table_is_the_property_itself_between_its_points() -> None:
    expansion = load_material("solder_resist")["expansion"]
    temperatures, values = expansion.table(-40.0, 125.0)
    asked = np.linspace(-40.0, 125.0, 331)
    np.testing.assert_allclose(np.interp(asked, temperatures, values), expansion(asked), rtol=1e-12)
    assert np.all(np.diff(temperatures) > 0.0)
    with pytest.raises(PropertyRangeError):
        expansion.table(-40.0, 160.0)


def test_table_with_extrapolation_holds_its_ends() -> None:
    temperatures, values = load_material("sac305")["youngs_modulus"].table(
        -65.0, 217.0, extrapolate=True
    )
    assert (temperatures[0], temperatures[-1]) == (-65.0, 217.0)
    assert (values[0], values[-1]) == (57400.0, 30000.0)


def test_step_at_the_glass_transition_has_its_two_slopes() -> None:
    expansion = load_material("solder_resist")["expansion"]
    assert expansion.expansion_kind == "instantaneous"
    assert expansion(100.0) == pytest.approx(55e-6)
    assert expansion(110.0) == pytest.approx(140e-6)


def test_constant_property_gives_its_number_and_a_table_refuses() -> None:
    sac305 = load_material("sac305")
    assert (sac305["solidus"].constant, sac305["liquidus"].constant) == (217.0, 220.0)
    with pytest.raises(MaterialError, match="depends on temperature"):
        _ = sac305["youngs_modulus"].constant


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"unit": "GPa"}, "library keeps MPa"),
        ({"name": "youngs_modulos"}, "did you mean youngs_modulus"),
        ({"temperature": (0.0, 0.0, 100.0)}, "must increase"),
        ({"temperature": (0.0, 100.0)}, "as many values"),
        ({"temperature": None}, "need the temperatures"),
        ({"range": (-10.0, 100.0)}, "beyond the table"),
        ({"range": (100.0, 0.0)}, "not a temperature range"),
        ({"value": (1.0, -2.0, 3.0)}, "must be positive"),
        ({"value": (1.0, float("nan"), 3.0)}, "finite"),
        ({"source": ""}, "source is empty"),
        ({"status": "sure"}, "status"),
        ({"expansion_kind": "secant"}, "expansion_kind"),
        ({"printed_value": (1.0, 2.0, 3.0), "printed_unit": "GPa"}, "1.0 GPa is 1000 MPa"),
        ({"printed_value": (1.0, 2.0, 3.0), "printed_unit": "furlong"}, "is unknown"),
        ({"printed_value": (1.0, 2.0, 3.0), "printed_unit": "g/cm3"}, "does not convert to MPa"),
        ({"printed_value": (1.0, 2.0, 3.0)}, "belong together"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_an_unsound_property_is_refused(change: dict[str, Any], message: str) -> None:
    sound = {
        **COMMON,
        "name": "youngs_modulus",
        "unit": "MPa",
        "temperature": (0.0, 50.0, 100.0),
        "value": (1.0, 2.0, 3.0),
    }
    assert Property.model_validate(sound)(25.0) == 1.5
    with pytest.raises(ValueError, match=message):
        Property.model_validate({**sound, **change})


@pytest.mark.parametrize(
    ("law", "parameters", "message"),
    [
        ("garofalo", {"A": 1.0, "alpha": 0.1, "n": 3.0}, "missing Q_over_R"),
        ("norton", {"A": 1.0, "m": 1.0, "n": 3.0, "Q_over_R": 6e3}, "unknown m"),
        ("norton", {"A": -1.0, "n": 3.0, "Q_over_R": 6e3}, "A = -1.0 must be a positive"),
        ("norton", {"A": (1.0, 2.0), "n": 3.0, "Q_over_R": 6e3}, "A must be a number"),
        ("plasticity", {"plastic_strain": (0.0, 0.1), "yield_stress": 5.0}, "must be a list"),
        ("plasticity", {"plastic_strain": (0.1, 0.2), "yield_stress": (5.0, 6.0)}, "strain 0"),
        ("plasticity", {"plastic_strain": (0.0, 0.2), "yield_stress": (7.0, 6.0)}, "not fall"),
        ("plasticity", {"plastic_strain": (0.0, 0.0), "yield_stress": (5.0, 6.0)}, "increase"),
        ("perzyna", {}, "perzyna"),
    ],
)
def test_a_parameter_set_refuses_what_its_law_does_not_have(
    law: str, parameters: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        LawSet.model_validate(
            {**COMMON, "name": "x", "law": law, "alloy": "x", "parameters": parameters}
        )


def test_unknown_names_come_with_close_ones() -> None:
    with pytest.raises(MaterialError, match="sac305"):
        load_material("sac306")
    with pytest.raises(MaterialError, match="anand_sac305_motalab_2012"):
        load_law_set("anand_sac305_motalab")
    with pytest.raises(MaterialError, match="has no densty: did you mean density"):
        _ = load_material("sac305")["densty"]
    with pytest.raises(MaterialError, match="has no parameter set garofalo"):
        load_material("sac305").law_set("garofalo")
    with pytest.raises(MaterialError, match="elastic"):
        load_material("silicon").law_set()


def test_law_set_range_is_checked_on_demand() -> None:
    law_set = load_law_set("anand_sac305_motalab_2012")
    law_set.check_range(-40.0, 125.0)
    law_set.check_range(-40.0, 217.0, extrapolate=True)
    with pytest.raises(PropertyRangeError, match="not at 217 C"):
        law_set.check_range(-40.0, 217.0)


def test_an_alternative_replaces_a_property_of_the_same_quantity_only() -> None:
    kariya = load_material("sac305").using(youngs_modulus="youngs_modulus__kariya")
    assert kariya["youngs_modulus"](25.0) == pytest.approx(76087 - 109 * 298.15, rel=1e-5)
    assert load_material("sac305")["youngs_modulus"](25.0) == 46500.0
    with pytest.raises(MaterialError, match="is not a youngs_modulus"):
        load_material("sac305").using(youngs_modulus="expansion")


def test_only_what_is_used_is_cited_with_its_status() -> None:
    sac305 = load_material("sac305")
    with collect() as used:
        sac305["youngs_modulus"](25.0)
        sac305["youngs_modulus"](50.0)
        sac305["surface_tension"].table(220.0, 240.0)
        load_law_set("double_power_sac_wiese_syed")
    sac305["density"](25.0)
    assert used.entries == [
        ("jep_1054784", "secondary", "sac305 youngs_modulus"),
        ("solder_surface_tension", "unverified", "sac305 surface_tension"),
        ("syed2004", "unverified", "double_power_sac_wiese_syed"),
        ("wiese", "unverified", "double_power_sac_wiese_syed"),
    ]
    assert used.keys == ["jep_1054784", "solder_surface_tension", "syed2004", "wiese"]


def test_a_failed_reading_and_a_listing_cite_nothing() -> None:
    with collect() as used:
        describe_material("sac305")
        list_materials()
        with pytest.raises(PropertyRangeError):
            load_material("sac305")["youngs_modulus"](500.0)
    assert used.entries == []


def test_nested_collectors_both_record_and_threads_keep_apart() -> None:
    modulus = load_material("silicon")["youngs_modulus"]
    with collect() as outer, ThreadPoolExecutor(1) as pool:
        with collect() as inner:
            modulus(25.0)
        pool.submit(load_material("copper")["expansion"], 25.0).result()
    assert (
        inner.entries == outer.entries == [("silicon_data", "estimated", "silicon youngs_modulus")]
    )


def test_citations_of_a_worker_are_taken_up() -> None:
    with collect() as used:
        pass
    used.add([Citation("liu2013", "secondary", "copper expansion")])
    assert used.entries[0].key == "liu2013"


def test_a_source_of_the_users_own_is_shown_as_such() -> None:
    assert bibliography(["my_tests_2024"]) == [
        "[my_tests_2024] source named in the user's own file"
    ]


def test_rows_for_people_hold_every_material_and_its_numbers() -> None:
    rows = {row.name: row for row in list_materials()}
    assert rows["bt_laminate"].elastic == "orthotropic"
    assert rows["sac305"].default_law == "anand_sac305_motalab_2012"
    shown = describe_material("sac305")
    modulus = next(row for row in shown.properties if row.name == "youngs_modulus")
    assert (modulus.value, modulus.unit) == ("57400 46500 38200 30000", "MPa")
    assert modulus.printed == "57.4 46.5 38.2 30 GPa"
    assert modulus.range == "-40 to 125 C (source)"
    default = next(row for row in shown.law_sets if row.is_default)
    assert ("Q_over_R", "9320", "K") in default.parameters
    assert default.calibration_range == "25 to 125 C"
