"""Every fatigue law against numbers worked out by hand from its printed equation."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from bumpfem.errors import InputError
from bumpfem.fatigue import CycleMeasures, fatigue_law_names, load_fatigue_law
from bumpfem.units import INCH_MM, PSI_MPA

MEASURES = CycleMeasures(
    delta_w_mpa=0.5,
    inelastic_strain_accumulated=0.02,
    creep_strain_parts=(0.005, 0.015),
    shear_strain_range=0.02,
    crack_length_mm=0.4,
    mean_temperature_c=50.0,
    dwell_minutes=10.0,
)

# Each number follows from the printed equation and constants at the measures above, worked out
# with logarithms; ln 0.5 = -0.693147, ln 0.02 = -3.912023, ln 0.01 = -4.605170.
BY_HAND = {
    # exp(ln 37.97 + 2.8 * 0.693147) = exp(3.636796 + 1.940812) = 264.44 cycles to start;
    # 3.99e-3 mm * exp(-2.05 * 0.693147) = 9.6352e-4 mm/cycle; 0.4 / 9.6352e-4 = 415.14
    "darveaux_sac305_motalab_2013": 264.44 + 415.14,
    "syed_2004_sac_sinh_strain": 1.0 / (0.0513 * 0.02),  # 974.66
    "syed_2004_sac_sinh_energy": 1.0 / (0.0019 * 0.5),  # 1052.6
    "syed_2004_sac_sinh_energy_00165": 1.0 / (0.00165 * 0.5),  # 1212.1
    "syed_2004_sac_double_power_strain": 1.0 / (0.0468 * 0.02),  # 1068.4
    "syed_2004_sac_double_power_energy": 1.0 / (0.0015 * 0.5),  # 1333.3
    # 0.0405 * 0.005 + 0.0709 * 0.015 = 2.025e-4 + 1.0635e-3 = 1.266e-3
    "syed_2004_sac_double_power_partitioned": 1.0 / 1.266e-3,
    # 4.5 * exp(1.295 * 3.912023) = 4.5 * exp(5.066070) = 4.5 * 158.550
    "schubert_2003_sac_strain": 713.48,
    # 345 * exp(1.02 * 0.693147) = 345 * exp(0.707010) = 345 * 2.027919
    "schubert_2003_sac_energy": 699.63,
    # (311.7 / 0.5)^(1/0.897) = exp(6.435188 / 0.897) = exp(7.174123)
    "morrow_sac387_pang_2004": 1305.2,
    # (9.2 / 0.01)^(1/0.853) = exp(6.824374 / 0.853) = exp(8.000438); the range is half of 0.02
    "coffin_manson_sac387_pang_2004": 2982.3,
    # (8.783e6 / 0.5)^0.4701 = exp(0.4701 * 16.681449) = exp(7.841949)
    "zhao_2010_sac_energy": 2545.2,
    # c = -0.442 - 6e-4 * 50 + 0.0174 * ln 37 = -0.472 + 0.0174 * 3.610918 = -0.4091700
    # N = 0.5 exp(ln(0.02 / 0.65) / c) = 0.5 exp(3.481240 / 0.4091700) = 0.5 exp(8.508053)
    "engelmaier_1983_snpb": 2477.3,
    # c = -0.480 - 9.3e-4 * 50 + 0.0192 * ln 51 = -0.5265 + 0.0192 * 3.931826 = -0.4510089
    # N = 0.5 exp(ln(0.85 / 0.02) / 0.4510089) = 0.5 exp(3.749504 / 0.4510089) = 0.5 exp(8.313592)
    "engelmaier_2008_sac": 2039.4,
}

#: Darveaux in the author's units: K1, K2, K3, K4 in psi and inches.
DARVEAUX_IMPERIAL = {
    "darveaux_snpb_k1_13173": (13173.0, -1.45, 3.92e-7, 1.12),
    "darveaux_snpb_k1_22400": (22400.0, -1.52, 5.86e-7, 0.98),
    "darveaux_2000_snpb_layer_13um": (71000.0, -1.62, 2.76e-7, 1.05),
    "darveaux_2000_snpb_layer_25um": (56300.0, -1.62, 3.34e-7, 1.04),
    "darveaux_2000_snpb_layer_38um": (48300.0, -1.64, 3.80e-7, 1.04),
}


def test_every_law_of_the_library_is_checked_by_hand() -> None:
    assert sorted([*BY_HAND, *DARVEAUX_IMPERIAL]) == fatigue_law_names()


@pytest.mark.parametrize("name", BY_HAND)
def test_life_is_the_number_worked_out_by_hand(name: str) -> None:
    # the hand numbers carry five digits
    assert load_fatigue_law(name).life(MEASURES).cycles == pytest.approx(BY_HAND[name], rel=1e-4)


@pytest.mark.parametrize("name", DARVEAUX_IMPERIAL)
def test_darveaux_in_psi_and_inches_gives_the_same_life(name: str) -> None:
    """The same joint computed in the author's units: a count of cycles has no unit."""
    k1, k2, k3, k4 = DARVEAUX_IMPERIAL[name]
    work_psi, crack_inch = 0.5 / PSI_MPA, 0.4 / INCH_MM  # 72.5 psi, 0.0157 in
    initiation = k1 * work_psi**k2
    rate_inch = k3 * work_psi**k4
    found = load_fatigue_law(name).life(MEASURES)
    assert found.initiation_cycles == pytest.approx(initiation, rel=1e-6)
    assert found.growth_rate_mm == pytest.approx(rate_inch * INCH_MM, rel=1e-6)
    assert found.cycles == pytest.approx(initiation + crack_inch / rate_inch, rel=1e-6)


def test_darveaux_in_metres_gives_the_same_life() -> None:
    """Motalab prints metres: a path of 0.46 mm is 0.46e-3 m."""
    initiation = 37.97 * 0.3**-2.80
    growth = 0.46e-3 / (3.99e-6 * 0.3**2.05)
    found = load_fatigue_law("darveaux_sac305_motalab_2013").life(
        replace(MEASURES, delta_w_mpa=0.3, crack_length_mm=0.46)
    )
    assert found.cycles == pytest.approx(initiation + growth, rel=1e-12)
    assert found.cycles == found.initiation_cycles + found.growth_cycles


@pytest.mark.parametrize("name", fatigue_law_names())
def test_life_falls_with_damage_and_its_log_slope_is_negative(name: str) -> None:
    law = load_fatigue_law(name)
    value = law.damage_measure(MEASURES)
    lives = [
        law.life(law.with_measure(MEASURES, value * factor)).cycles
        for factor in (1e-3, 0.1, 0.5, 1.0, 2.0, 10.0)
    ]
    assert lives == sorted(lives, reverse=True)
    assert len(set(lives)) == len(lives)


@pytest.mark.parametrize("name", fatigue_law_names())
def test_no_inelastic_work_means_infinite_life_and_is_said(name: str) -> None:
    law = load_fatigue_law(name)
    estimate = law.life(law.with_measure(MEASURES, 0.0))
    assert estimate.infinite
    assert "life is infinite" in estimate.note
    assert law.life(MEASURES).note == ""


@pytest.mark.parametrize("name", fatigue_law_names())
def test_missing_measure_is_named(name: str) -> None:
    law = load_fatigue_law(name)
    with pytest.raises(InputError, match=f"measures.{law.measure}"):
        law.life(CycleMeasures())


@pytest.mark.parametrize("name", ["delta_w_mpa", "inelastic_strain_accumulated", "crack_length_mm"])
@pytest.mark.parametrize("value", [-0.1, math.nan, math.inf])
def test_measures_refuse_negative_and_not_finite_values(name: str, value: float) -> None:
    with pytest.raises(InputError, match=name):
        CycleMeasures(**{name: value})


def test_darveaux_needs_a_crack_path() -> None:
    law = load_fatigue_law("darveaux_sac305_motalab_2013")
    with pytest.raises(InputError, match="crack_length_mm"):
        law.life(replace(MEASURES, crack_length_mm=None))
    with pytest.raises(InputError, match="crack_length_mm"):
        law.life(replace(MEASURES, crack_length_mm=0.0))


@pytest.mark.parametrize(
    ("name", "measure"),
    [
        ("syed_2004_sac_sinh_strain", "accumulated"),
        ("syed_2004_sac_double_power_strain", "accumulated"),
        ("schubert_2003_sac_strain", "accumulated"),
        ("coffin_manson_sac387_pang_2004", "range"),
    ],
)
def test_each_strain_law_takes_the_strain_it_was_fitted_to(name: str, measure: str) -> None:
    """Syed and Schubert take the accumulated creep strain, Pang the range: half of it."""
    law = load_fatigue_law(name)
    assert law.measure == f"inelastic_strain_{measure}"
    expected = 0.02 if measure == "accumulated" else 0.01
    assert law.damage_measure(MEASURES) == expected


def test_partitioned_law_with_one_mechanism_is_a_plain_reciprocal() -> None:
    law = load_fatigue_law("syed_2004_sac_double_power_partitioned")
    first = law.life(replace(MEASURES, creep_strain_parts=(0.02, 0.0))).cycles
    second = law.life(replace(MEASURES, creep_strain_parts=(0.0, 0.02))).cycles
    assert first == pytest.approx(1.0 / (0.0405 * 0.02))
    assert second == pytest.approx(1.0 / (0.0709 * 0.02))


def test_engelmaier_at_twice_the_ductility_lives_half_a_cycle_and_says_so() -> None:
    """The bracket is 1 there, and 1 to any power is 1: half a cycle, whatever the exponent."""
    law = load_fatigue_law("engelmaier_1983_snpb")
    estimate = law.life(replace(MEASURES, shear_strain_range=0.65))
    assert estimate.cycles == pytest.approx(0.5)
    assert any(m.kind == "validity" for m in estimate.mismatches)


def test_engelmaier_longer_dwell_and_hotter_mean_shorten_life() -> None:
    law = load_fatigue_law("engelmaier_1983_snpb")
    base = law.life(MEASURES).cycles
    assert law.life(replace(MEASURES, dwell_minutes=60.0)).cycles < base
    assert law.life(replace(MEASURES, mean_temperature_c=80.0)).cycles < base


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"dwell_minutes": 0.0}, "dwell_minutes"),
        ({"dwell_minutes": None}, "dwell_minutes"),
        ({"mean_temperature_c": None}, "mean_temperature_c"),
        ({"mean_temperature_c": -900.0}, "exponent"),
    ],
)
def test_engelmaier_refuses_what_has_no_meaning(change: dict[str, float], field: str) -> None:
    law = load_fatigue_law("engelmaier_1983_snpb")
    with pytest.raises(InputError, match=field):
        law.life(replace(MEASURES, **change))


def test_engelmaier_says_when_a_cycle_mixes_kinds_of_damage() -> None:
    law = load_fatigue_law("engelmaier_1983_snpb")
    mixed = replace(MEASURES, temperature_minimum_c=-40.0, temperature_maximum_c=125.0)
    warm = replace(MEASURES, temperature_minimum_c=0.0, temperature_maximum_c=100.0)
    assert [m.kind for m in law.validity(mixed)] == ["validity"]
    assert law.validity(warm) == []


def test_bounds_of_life_are_lives_at_the_bounds_of_the_measure() -> None:
    """Syed's energy law: 1/(0.0019 W) at W = 0.4, 0.5 and 0.625 MPa."""
    law = load_fatigue_law("syed_2004_sac_sinh_energy")
    found = law.life_interval(MEASURES, 0.4, 0.625)
    assert found.low == pytest.approx(1.0 / (0.0019 * 0.625))
    assert found.estimate.cycles == pytest.approx(1.0 / (0.0019 * 0.5))
    assert found.high == pytest.approx(1.0 / (0.0019 * 0.4))


def test_bounds_at_zero_and_infinity() -> None:
    found = load_fatigue_law("darveaux_sac305_motalab_2013").life_interval(MEASURES, 0.0, math.inf)
    assert found.low == 0.0
    assert math.isinf(found.high)


@pytest.mark.parametrize(("low", "high"), [(0.6, 0.7), (0.3, 0.4), (-0.1, 0.6)])
def test_bounds_that_do_not_enclose_the_value_are_refused(low: float, high: float) -> None:
    law = load_fatigue_law("syed_2004_sac_sinh_energy")
    with pytest.raises(InputError, match="bounds of delta_w_mpa"):
        law.life_interval(MEASURES, low, high)


@pytest.mark.parametrize("name", fatigue_law_names())
def test_setting_a_measure_is_read_back(name: str) -> None:
    law = load_fatigue_law(name)
    assert law.damage_measure(law.with_measure(MEASURES, 0.0123)) == pytest.approx(0.0123)


def test_a_vanishing_work_does_not_overflow() -> None:
    law = load_fatigue_law("darveaux_sac305_motalab_2013")
    assert law.life(replace(MEASURES, delta_w_mpa=1e-300)).cycles == math.inf
