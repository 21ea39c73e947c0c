"""Constants of the library against their publications: typed a second time, or by closed form."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bumpfem.materials import LawSet, load_law_set, load_material
from bumpfem.units import kelvin

#: Two readings of one publication, which differ in A alone.
BHATE = (9883, 1.06, 0.3686, 1077, 3.15, 0.0352, 1.6832, 3.3)
ANAND = {
    "anand_sac305_motalab_2012": (3501, 9320, 4, 0.25, 180000, 30.2, 0.010, 1.78, 21.0),
    "anand_sac305_mysore_2009": (17.994, 9970, 0.35, 0.153, 1525.98, 2.536, 0.028, 1.69, 2.15),
    "anand_sac405_motalab_2012": (3175, 9580, 4, 0.263, 183000, 31.3, 0.011, 1.77, 23.65),
    "anand_sac105_motalab_2012": (6900, 8850, 4, 0.215, 137500, 25.1, 0.0062, 1.96, 7.5),
    "anand_sac405_wang_2007": (325, 10561, 10, 0.32, 8e5, 42.1, 0.02, 2.57, 20),
    "anand_sac387_bhate_2008_large_a": (1.57e7, *BHATE),
    "anand_sac387_bhate_2008_small_a": (15.77, *BHATE),
    "anand_snpb_darveaux_2000": (4e6, 9400, 1.5, 0.303, 1378.95, 13.79, 0.07, 1.3, 12.41),
    "anand_sn62pb36ag2_wang_2001": (2.3e7, 11262, 11, 0.303, 4121.31, 80.79, 0.0212, 1.38, 42.32),
    "anand_sn60pb40_wang_2001": (1.49e7, 10830, 11, 0.303, 2640.75, 80.42, 0.0231, 1.34, 56.33),
    "anand_sn3p5ag_wang_2001": (2.23e4, 8900, 6, 0.182, 3321.15, 73.81, 0.018, 1.82, 39.09),
    "anand_pb97p5sn2p5_wang_2001": (3.25e12, 15583, 7, 0.143, 1787.02, 72.73, 0.00437, 3.73, 15.09),
    "anand_pb92p5sn5ag2p5_cheng_2000": (1.05e5, 11024, 7, 0.241, 1432, 41.63, 0.002, 1.3, 33.07),
}
GAROFALO = {
    "garofalo_sac_schubert_2003": (277984, 0.02447, 6.41, 6500),
    "garofalo_sac387_pang_2004": (32000, 0.037, 5.1, 6524.7),
    "garofalo_sac_lau_2003": (441000, 0.005, 4.2, 5412),
    "garofalo_sac_zhang_2003_tensile": (143.4, 0.108, 3.79, 7567),
    "garofalo_sac_shirley_2009": (809000, 0.115, 5.02, 10100),
    "garofalo_sac396_vianco_2004": (2630, 0.0453, 5, 6303),
}


@pytest.mark.parametrize("name", ANAND)
def test_anand_constants_are_those_of_the_publications(name: str) -> None:
    """Typed a second time, apart from the library, in the order A, Q/R, xi, m, h0, s^, n, a, s0."""
    law_set = load_law_set(name)
    names = ("A", "Q_over_R", "xi", "m", "h0", "s_hat", "n", "a", "s0")
    assert law_set.law == "anand"
    assert tuple(law_set.number(key) for key in names) == pytest.approx(ANAND[name], rel=1e-9)


@pytest.mark.parametrize("name", GAROFALO)
def test_garofalo_constants_are_those_of_the_publications(name: str) -> None:
    """Typed a second time, apart from the library, in the order A, alpha, n, Q/R."""
    law_set = load_law_set(name)
    found = tuple(law_set.number(key) for key in ("A", "alpha", "n", "Q_over_R"))
    assert law_set.law == "garofalo"
    assert found == pytest.approx(GAROFALO[name], rel=1e-9)


def test_other_creep_constants_are_those_of_the_publications() -> None:
    double = load_law_set("double_power_sac_wiese_syed").parameters
    assert double == {
        "A1": 4e-7, "n1": 3, "Q1_over_R": 3223, "A2": 1e-12, "n2": 12, "Q2_over_R": 7348,
    }  # fmt: skip
    tin_lead = load_law_set("darveaux_lau_snpb").parameters
    assert tin_lead == {"A": 926, "T0": 508, "g0": 37.78, "g1": 0.0744, "n": 3.3, "Q_over_R": 6360}


def saturation_stress(law_set: LawSet, temperature: float, rate: float) -> float:
    """Closed form of Anand at constant rate: s = s*, so sigma* = (s^/xi) Z^n asinh(Z^m)."""
    p = law_set.number
    z = rate / p("A") * math.exp(p("Q_over_R") / kelvin(temperature))
    return p("s_hat") / p("xi") * math.pow(z, p("n")) * math.asinh(math.pow(z, p("m")))


@pytest.mark.parametrize(
    ("temperature", "rate", "measured"),
    [
        (25.0, 1e-3, 40.5),
        (25.0, 1e-4, 35.5),
        (25.0, 1e-5, 29.5),
        (50.0, 1e-3, 33.5),
        (100.0, 1e-3, 24.0),
        (125.0, 1e-3, 21.5),
    ],
)
def test_motalab_set_gives_the_stresses_that_motalab_measured(
    temperature: float, rate: float, measured: float
) -> None:
    """Digitised from the published curves, good to 1 to 2 MPa, plus the misfit of the fit."""
    stress = saturation_stress(load_law_set("anand_sac305_motalab_2012"), temperature, rate)
    assert stress == pytest.approx(measured, abs=2.5)


def test_the_two_readings_of_bhate_differ_as_their_conflicts_say() -> None:
    """4 MPa against 31.6 MPa at 125 C and 1e-3 per s, as published comparisons state."""
    large = load_law_set("anand_sac387_bhate_2008_large_a")
    small = load_law_set("anand_sac387_bhate_2008_small_a")
    assert saturation_stress(large, 125.0, 1e-3) == pytest.approx(4.0, abs=0.1)
    assert saturation_stress(small, 125.0, 1e-3) == pytest.approx(31.6, abs=0.5)
    assert "small_a" in large.conflicts[0]
    assert "large_a" in small.conflicts[0]


def test_mysore_lies_about_45_percent_above_motalab() -> None:
    """The conflict that both sets state, averaged over the temperatures of the tests."""
    motalab = load_law_set("anand_sac305_motalab_2012")
    mysore = load_law_set("anand_sac305_mysore_2009")
    ratio = np.mean(
        [
            saturation_stress(mysore, t, 1e-3) / saturation_stress(motalab, t, 1e-3)
            for t in (25, 125)
        ]
    )
    assert ratio == pytest.approx(1.45, abs=0.03)
    assert all("45 %" in " ".join(s.conflicts) for s in (motalab, mysore))


def test_copper_curve_is_the_printed_one_in_plastic_strain() -> None:
    """Printed total strain = plastic strain + stress/E with the source's E = 121 GPa."""
    law_set = load_law_set("plasticity_copper_liu_2013")
    strain = np.array(law_set.curve("plastic_strain"))
    stress = np.array(law_set.curve("yield_stress"))
    np.testing.assert_allclose(stress, [121, 186, 217, 234, 248])
    np.testing.assert_allclose(strain + stress / 121e3, [0.001, 0.004, 0.01, 0.02, 0.04], rtol=1e-4)


def test_darveaux_stresses_stand_beside_their_psi() -> None:
    printed = load_law_set("anand_snpb_darveaux_2000").printed
    assert (printed["h0"].value, printed["h0"].unit) == (2.0e5, "psi")
    assert (printed["s0"].value, printed["s0"].unit) == (1800.0, "psi")


def test_silicon_expansion_follows_okada() -> None:
    """At 25 C: 3.725 (1 - exp(-0.00588 174.15)) + 5.548e-4 298.15 = 2.553 ppm/K."""
    assert load_material("silicon")["expansion"](25.0) == pytest.approx(2.553e-6, abs=1e-9)


def test_bt_shear_moduli_follow_the_formulas_in_their_notes() -> None:
    bt = load_material("bt_laminate")
    assert bt["shear_modulus_xy"](25.0) == pytest.approx(26e3 / (2 * 1.11), rel=1e-3)
    assert 1.0 / bt["shear_modulus_xz"](25.0) == pytest.approx(1 / 26e3 + 1.78 / 11e3, rel=1e-3)
