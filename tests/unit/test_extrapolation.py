"""Properties and parameter sets beyond the temperatures of their sources: how far, and how said."""

from __future__ import annotations

import numpy as np
import pytest

from bumpfem.design import Array, Package, Pad, Slab
from bumpfem.errors import PropertyRangeError
from bumpfem.materials import (
    Extrapolation,
    collect,
    collect_extrapolations,
    extrapolation_words,
    load_law_set,
    load_material,
)
from bumpfem.physics.mechanics import Loading, MechanicalModel
from bumpfem.process.cell_loading import slab_expansion
from bumpfem.process.region_materials import RegionMaterial, ThermalExpansion, Window, region_law
from tests.support.mechanics import all_cells, box, heat, held, rollers

FROZEN = 217.0
HOT = Window(-40.0, FROZEN, FROZEN, extrapolate=True)


def test_a_table_goes_on_along_its_last_two_points() -> None:
    """SAC305: 38.2 GPa at 75 C, 30 GPa at 125 C, so 164 MPa/K less beyond: 14.912 GPa at 217 C;
    below, 57.4 GPa at -40 C and 46.5 GPa at 25 C go on with 10900/65 MPa/K.
    """
    modulus = load_material("sac305")["youngs_modulus"]
    with collect_extrapolations() as beyond, collect() as used:
        temperatures, values = modulus.continued(-65.0, FROZEN)
    assert (temperatures[0], temperatures[-1]) == (-65.0, FROZEN)
    assert values[-1] == pytest.approx(30000.0 - 164.0 * 92.0, rel=1e-12)
    assert values[0] == pytest.approx(57400.0 + 10900.0 / 65.0 * 25.0, rel=1e-12)
    asked = np.linspace(-40.0, 125.0, 101)
    np.testing.assert_allclose(np.interp(asked, temperatures, values), modulus(asked), rtol=1e-12)
    assert np.interp(171.0, temperatures, values) == pytest.approx(30000.0 - 164.0 * 46.0)
    assert [(item.reached, item.at_end) for item in beyond.entries] == [
        (-65.0, 57400.0), (FROZEN, 30000.0),
    ]  # fmt: skip
    assert used.entries


def test_a_constant_stays_and_is_recorded_too() -> None:
    expansion = load_material("fr4")["expansion_x"]
    with collect_extrapolations() as beyond:
        _, values = expansion.continued(0.0, FROZEN)
    assert set(values) == set(expansion.value)
    (item,) = beyond.entries
    assert (item.material, item.name, item.highest, item.reached) == (
        "fr4", "expansion_x", 150.0, FROZEN,
    )  # fmt: skip
    assert "constant" in str(item)


def test_inside_the_range_nothing_is_recorded_and_the_table_is_the_same() -> None:
    modulus = load_material("sac305")["youngs_modulus"]
    with collect_extrapolations() as beyond:
        assert modulus.continued(-40.0, 125.0) == modulus.table(-40.0, 125.0)
    assert not beyond.entries


def test_a_step_of_the_glass_transition_goes_on_with_its_upper_slope() -> None:
    """The table of the resist ends with two equal points, so 140 ppm/K stay."""
    temperatures, values = load_material("solder_resist")["expansion"].continued(0.0, FROZEN)
    assert np.interp(FROZEN, temperatures, values) == pytest.approx(140e-6)


def test_a_modulus_that_would_vanish_is_refused() -> None:
    """45.74 GPa at -40 C and 16.7 GPa at 125 C meet zero at 219.9 C."""
    modulus = load_material("sac405")["youngs_modulus"]
    zero = 125.0 + 16700.0 / ((45740.0 - 16700.0) / 165.0)
    assert modulus.continued(0.0, zero - 0.1)[1][-1] > 0.0
    with pytest.raises(PropertyRangeError) as caught:
        modulus.continued(0.0, 230.0)
    for word in ("sac405", "youngs_modulus", "-40 to 125 C", "230 C", "MPa", "positive"):
        assert word in str(caught.value)
    with pytest.raises(PropertyRangeError, match="positive"):
        region_law(
            RegionMaterial("solder", "sac405", None), Window(0.0, 230.0, 230.0, extrapolate=True)
        )


def test_a_law_ends_where_its_strength_vanishes() -> None:
    """Darveaux and Lau: g0 - g1 T = 37.78 - 0.0744 T is zero at 507.8 K, just below T0 = 508 K."""
    law = load_law_set("darveaux_lau_snpb")
    with collect_extrapolations() as beyond:
        law.check_continued(-40.0, 183.0)
    (item,) = beyond.entries
    assert (item.name, item.reached, item.value) == (law.name, 183.0, None)
    with pytest.raises(PropertyRangeError, match="g0 - g1 T"):
        law.check_continued(-40.0, 234.8)


def test_without_it_the_error_says_what_would_allow_it() -> None:
    window = Window(-40.0, FROZEN, FROZEN)
    for item in (
        RegionMaterial("board", "fr4", None),
        RegionMaterial("solder", "sac305", None),
        RegionMaterial("solder", "sac305", "anand_sac305_motalab_2012"),
    ):
        with pytest.raises(PropertyRangeError, match=r"217 C.*extrapolate = true in the study"):
            region_law(item, window)


def test_every_number_of_a_region_is_named() -> None:
    """Modulus, Poisson's ratio, expansion and parameter set of the solder all end before 217 C."""
    with collect_extrapolations() as beyond:
        region_law(RegionMaterial("solder", "sac305", "anand_sac305_motalab_2012"), HOT)
    assert [item.name for item in beyond.entries] == [
        "anand_sac305_motalab_2012", "expansion", "poissons_ratio", "youngs_modulus",
    ]  # fmt: skip
    text = extrapolation_words(beyond.entries)
    for item in beyond.entries:
        assert item.name in text
    assert "linearly from 30000 to 14912 MPa" in text
    assert extrapolation_words([]) == ""


def test_record_survives_json() -> None:
    """``result.json`` holds it as a table, which makes the same record again."""
    item = Extrapolation("fr4", "expansion_x", -65.0, 150.0, 217.0, "1/K", 1e-5, 1e-5)
    assert Extrapolation(**item._asdict()) == item


def test_free_expansion_from_solidification() -> None:
    """Instantaneous: the area under the table, its continuation included.

    Copper foil: 17.3 ppm/K at 125 C, 0.008 ppm/K per K more beyond: from 217 C down to 125 C the
    mean is 17.3 + 0.008 x 46 ppm/K. FR-4 along x: 16.2 ppm/K all the way. The state of no stress is
    at 217 C.
    """
    foil = ThermalExpansion(load_material("copper_foil"), HOT)
    assert not foil(FROZEN).any()
    mean = 17.3e-6 + (17.3e-6 - 16.7e-6) / 75.0 * 46.0
    assert foil(125.0)[0] == pytest.approx(-mean * 92.0, rel=1e-9)
    board = ThermalExpansion(load_material("fr4"), HOT)
    assert board(25.0)[0] == pytest.approx(-16.2e-6 * 192.0, rel=1e-9)


def test_layered_plate_from_solidification() -> None:
    """Interposer of BT under mould, held flat: the mean of both strains weighed by M t.

    M = E/(1 - nu): 26 GPa / 0.89 and 24 GPa / 0.7; 15 and 20 ppm/K over 242 K from 217 to -25 C.
    """
    pad = Pad(diameter=0.3, thickness=0.03)
    package = Package(
        name="two_layers", pitch=0.8, array=Array(columns=2, rows=2), solder="sac305",
        ball_diameter=0.4, interposer=Slab(material="bt_laminate", thickness=0.3),
        board=Slab(material="fr4", thickness=0.8), interposer_pad=pad, board_pad=pad,
        mould=Slab(material="mould_compound", thickness=0.7), interposer_loading="flat",
    )  # fmt: skip
    found = slab_expansion(package, HOT)
    stiff = np.array([26e3 / 0.89 * 0.3, 24e3 / 0.7 * 0.7])
    exact = -242.0 * (stiff @ [15e-6, 20e-6]) / stiff.sum()
    assert found.interposer(-25.0) == pytest.approx(exact, rel=1e-9)
    assert found.mismatch(-25.0) == pytest.approx(exact + 242.0 * 16.2e-6, rel=1e-9)
    assert found.mismatch(FROZEN) == 0.0


@pytest.mark.parametrize(
    ("temperature", "modulus"), [(150.0, 30000.0 - 164.0 * 25.0), (25.0, 46500.0)]
)
def test_stress_of_a_held_bar_from_solidification(temperature: float, modulus: float) -> None:
    """Elastic SAC305 between fixed ends, free to contract sideways: E(T) alpha (217 - T).

    At 150 C the modulus is the continued one, 25.9 GPa: 39.04 MPa.
    """
    mesh = box((2, 1, 1), (2.0, 1.0, 1.0))
    law = region_law(RegionMaterial("bar", "sac305", None), HOT)
    model = MechanicalModel(
        mesh,
        {"bar": all_cells(mesh)},
        [law],
        lambda space: Loading([*rollers(space), held(space, lambda x: x[:, 0] > 2.0 - 1e-9, 0)]),
    )
    heat(model, FROZEN, temperature)
    stress = model.groups[0].committed_stress
    exact = modulus * 22.5e-6 * (FROZEN - temperature)
    np.testing.assert_allclose(stress[:, 0], exact, rtol=1e-6)
    assert np.abs(stress[:, 1:]).max() < 1e-6 * exact
