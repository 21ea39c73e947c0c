"""The library of fatigue laws: complete, convertible and cited."""

from __future__ import annotations

import re

import pytest
from pydantic import ValidationError

from bumpfem.errors import InputError
from bumpfem.fatigue import (
    Calibration,
    Constant,
    FatigueLaw,
    NorrisLandzberg,
    acceleration_model_names,
    fatigue_law_names,
    load_acceleration_model,
    load_fatigue_law,
)
from bumpfem.materials import citations, law_set_names
from bumpfem.materials.bibliography import reference_keys
from bumpfem.units import INCH_MM, PSI_MPA

LAWS: list[FatigueLaw | NorrisLandzberg] = [
    *(load_fatigue_law(name) for name in fatigue_law_names()),
    *(load_acceleration_model(name) for name in acceleration_model_names()),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_every_set_is_bound_to_a_calibration(law: FatigueLaw | NorrisLandzberg) -> None:
    fit = law.calibration
    assert fit.source in reference_keys()
    assert fit.alloys
    assert fit.transcribed_from
    constants = [value for _, value in law if isinstance(value, Constant)]
    assert constants
    assert all(constant.unit for constant in constants)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_constitutive_sets_named_by_a_calibration_exist(
    law: FatigueLaw | NorrisLandzberg,
) -> None:
    assert set(law.calibration.law_sets or ()) <= set(law_set_names())


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_author_numbers_convert_to_the_library_numbers(law: FatigueLaw | NorrisLandzberg) -> None:
    """An author's unit ``in/cycle psi^n`` is 25.4 mm and 0.00689476 MPa to the power n."""
    for _, constant in law:
        if not isinstance(constant, Constant) or constant.author_value is None:
            continue
        factor = 1.0
        unit = constant.author_unit or ""
        if unit.startswith("in/"):
            factor *= INCH_MM
        if unit.startswith("m/"):
            factor *= 1000.0
        found = re.search(r"psi\^(-?[\d.]+)", unit)
        if found:
            factor *= PSI_MPA ** float(found[1])
        assert factor != 1.0
        assert constant.value == pytest.approx(constant.author_value * factor, rel=1e-7)


def test_two_printed_constants_of_syed_are_both_there_and_name_each_other() -> None:
    first = load_fatigue_law("syed_2004_sac_sinh_energy")
    second = load_fatigue_law("syed_2004_sac_sinh_energy_00165")
    assert second.name in first.calibration.conflicts[0]
    assert first.name in second.calibration.conflicts[0]


def test_loading_a_law_records_its_source() -> None:
    with citations.collect() as used:
        load_fatigue_law("morrow_sac387_pang_2004")
        load_acceleration_model("norris_landzberg_pan_2005_sac")
    assert used.keys == ["pan2005", "pang2004"]


def test_unknown_name_is_answered_with_near_ones() -> None:
    with pytest.raises(InputError, match="darveaux_sac305_motalab_2013"):
        load_fatigue_law("darveaux_sac305_motalab")
    with pytest.raises(InputError, match="one of"):
        load_acceleration_model("??")


def test_constant_with_half_an_author_number_is_refused() -> None:
    with pytest.raises(ValidationError, match="go together"):
        Constant(value=1.0, unit="1", author_value=2.0)


def test_calibration_refuses_unknown_keys() -> None:
    entry = load_fatigue_law("zhao_2010_sac_energy").calibration.model_dump()
    with pytest.raises(ValidationError, match="alloy_family"):
        Calibration.model_validate({**entry, "alloy_family": "sac"})
