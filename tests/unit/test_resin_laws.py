"""Laws of the library's resins: what they agree with, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bumpfem.constitutive import CuringMaxwell, ResinModel, Solidifying, Table, resin_law
from bumpfem.constitutive.prony import PronySeries
from bumpfem.constitutive.resin_expansion import ResinExpansion
from bumpfem.constitutive.resin_law import prony_series
from bumpfem.constitutive.resin_moduli import ResinModuli, network
from bumpfem.constitutive.shift import Shift
from bumpfem.errors import ConvergenceError, InputError, MaterialError, PropertyRangeError
from bumpfem.materials import Material, Span, load_material, material_names
from bumpfem.materials.citations import collect
from bumpfem.units import kelvin
from tests.support.resin import Point, cure_hardening

CURING = [name for name in material_names() if load_material(name).cure]
MECHANICAL = [name for name in material_names() if load_material(name).curing_mechanics]
FAMILIES = ["epoxy", "polyimide", "phenolic", "acrylic", "silicone"]


def own_material(tmp_path: Path, drop: str, source: str = "epoxy") -> Path:
    """A user's copy of a material without one of its tables."""
    library = files("bumpfem.materials").joinpath("library")
    text = library.joinpath(f"{source}.toml").read_text(encoding="utf-8")
    tables = text.split("\n[")
    kept = [table for table in tables if not table.startswith(f"{drop}]")]
    assert len(kept) == len(tables) - 1
    path = tmp_path / "mine.toml"
    path.write_text("\n[".join(kept), encoding="utf-8")
    return path


def test_the_five_families_and_every_resin_with_kinetics_have_mechanics() -> None:
    assert set(FAMILIES) <= set(CURING) <= set(MECHANICAL)


@pytest.mark.parametrize("name", CURING)
@pytest.mark.parametrize("model", ["cure_hardening", "maxwell"])
def test_cured_resin_has_the_elastic_properties_of_the_library(
    name: str, model: ResinModel
) -> None:
    """At full cure and 25 C, over a second and an hour: joints with and without history compare.

    A paste, whose glass transition is at 85 C, relaxes by 0.3 percent in an hour; the others by
    less than 1e-4.
    """
    material = load_material(name)
    point = Point.of(resin_law(name, model, 25.0, start_cure=1.0))
    for dt, close in ((1.0, 2e-6), (3600.0, 1e-2 if material.kind == "paste" else 1e-4)):
        compliance = np.linalg.inv(point.trial(np.zeros(6), 25.0, dt)[1][0])
        modulus = 1.0 / compliance[0, 0]
        assert modulus == pytest.approx(material["youngs_modulus"](25.0), rel=close)
        ratio = -compliance[0, 1] * modulus
        assert ratio == pytest.approx(material["poissons_ratio"](25.0), rel=close)


@pytest.mark.parametrize("name", CURING)
@pytest.mark.parametrize("model", ["cure_hardening", "maxwell"])
def test_every_resin_is_liquid_as_delivered_and_cures(name: str, model: ResinModel) -> None:
    law = resin_law(name, model, 25.0)
    point = Point.of(law)
    assert law.liquid(point.state).all()
    for temperature in np.linspace(40.0, 190.0, 16):
        point.go(np.zeros(6), float(temperature), 60.0)
    for _ in range(40):
        point.go(np.zeros(6), 190.0, 300.0)
    assert not law.liquid(point.state).any()
    assert law.cure(point.state)[0] > 0.75
    held = point.go(np.zeros(6), 25.0, 600.0)[0]
    assert np.all(held[:3] > 0.0)
    assert (
        law.glass_transition(point.state)[0]
        <= load_material(name).cure["glass_transition"].parameters["cured"]
    )


@pytest.mark.parametrize("name", ["epoxy", "polyimide", "silver_epoxy", "silicone"])
def test_cured_resin_expands_as_the_library_says(name: str) -> None:
    """Held and cooled from 30 to 20 C, on the side of Tg where its elastic properties are:

    the pressure is 3 K alpha 10 K with the file's own numbers.
    """
    material = load_material(name)
    modulus, ratio, alpha = (
        material[quantity](25.0) for quantity in ("youngs_modulus", "poissons_ratio", "expansion")
    )
    point = Point.of(resin_law(name, "cure_hardening", 30.0, start_cure=1.0))
    stress = point.go(np.zeros(6), 20.0, 1.0)[0]
    np.testing.assert_allclose(stress[:3], modulus / (1.0 - 2.0 * ratio) * alpha * 10.0, rtol=1e-9)


def test_without_shrinkage_there_is_none() -> None:
    """The stress that a hold at the temperature of gelation leaves is that of shrinkage alone."""
    found = []
    for shrinks in (True, False):
        point = Point.of(resin_law("epoxy", "cure_hardening", 150.0, shrinkage=shrinks))
        found.append(point.go(np.zeros(6), 150.0, 1800.0)[0, 0])
    assert found[0] > 10.0
    assert found[1] == 0.0


@pytest.mark.parametrize(
    ("drop", "model", "words"),
    [
        ("curing_mechanics.shrinkage", "cure_hardening", "missing shrinkage data"),
        ("curing_mechanics.rubbery", "cure_hardening", "missing rubbery modulus data"),
        ("curing_mechanics.transition", "maxwell", "missing transition width data"),
        ("curing_mechanics.expansion_rubbery", "maxwell", "missing expansion above"),
        ("curing_mechanics.prony", "maxwell", "missing relaxation terms"),
        ("curing_mechanics.shift", "maxwell", "missing shift"),
        ("properties.youngs_modulus", "maxwell", "missing youngs_modulus data"),
        ("properties.expansion", "maxwell", "missing expansion data"),
        ("cure.gel_cure", "maxwell", "gel_cure"),
    ],
)
def test_missing_data_are_named(tmp_path: Path, drop: str, model: ResinModel, words: str) -> None:
    path = own_material(tmp_path, drop)
    with pytest.raises(MaterialError, match=words) as caught:
        resin_law(str(path), model, 25.0)
    assert "mine" in str(caught.value)


def test_shrinkage_data_are_asked_for_only_where_shrinkage_is(tmp_path: Path) -> None:
    path = own_material(tmp_path, "curing_mechanics.shrinkage")
    law = resin_law(str(path), "cure_hardening", 25.0, shrinkage=False)
    assert law.expansion.shrinkage == (0.0, 0.0)


def test_what_a_law_was_made_of_is_cited() -> None:
    with collect() as used:
        resin_law("vialux_81", "cure_hardening", 25.0)
    read = {entry.what for entry in used.entries if entry.key == "dunne2001"}
    assert {
        "vialux_81 curing mechanics shrinkage",
        "vialux_81 curing mechanics expansion_rubbery",
    } <= read


def test_resins_without_kinetics_enter_cured() -> None:
    with pytest.raises(MaterialError, match="fully cured"):
        resin_law("underfill_u8439_1", "maxwell", 25.0)
    law = resin_law("underfill_u8439_1", "maxwell", 25.0, start_cure=1.0)
    point = Point.of(law)
    stress = point.go(1e-3 * np.array([0, 0, 0, 1.0, 0, 0]), 25.0, 0.0)
    assert stress[0, 3] == pytest.approx(2.626, rel=1e-6)
    with pytest.raises(MaterialError, match="missing shift"):
        resin_law("mould_compound_cel9240", "maxwell", 25.0, start_cure=1.0)


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (("epoxy", "creep", 25.0), "resin_model"),
        (("epoxy", "maxwell", -300.0), "start_temperature"),
        (("epoxy", "maxwell", float("nan")), "start_temperature"),
        (("epoxy", "cure_hardening", 25.0, 1.2), "start_cure"),
        (("epoxy", "cure_hardening", 25.0, -0.1), "start_cure"),
    ],
)
def test_bad_input_is_named(arguments: tuple[Any, ...], field: str) -> None:
    with pytest.raises(InputError) as caught:
        resin_law(*arguments)
    assert caught.value.field == field


def test_a_strain_that_is_not_finite_is_refused() -> None:
    point = Point.of(cure_hardening(25.0, 1.0))
    with pytest.raises(ConvergenceError, match="point 0"):
        point.go(np.array([np.nan, 0, 0, 0, 0, 0]), 25.0, 1.0)
    with pytest.raises(InputError, match="temperature"):
        point.go(np.zeros(6), float("nan"), 1.0)


#: Typed a second time, apart from the library.
U8439 = {
    12.06: 0.003595, 9.136e-5: 0.245594, 0.09962: 0.021828, 9.952e-4: 0.093408,
    7.028e-4: 0.257259, 2.052e-7: 0.186807, 9.326e-3: 0.065765, 4.920e-3: 0.120212,
}  # fmt: skip
CEL9240 = {
    1e-8: (239.32, 518.54), 1e-6: (272.59, 590.62), 1e-4: (354.33, 767.71), 1e-3: (349.54, 757.34),
    1e-2: (513.6, 1112.8), 0.1: (966.29, 2093.6), 1.0: (853.56, 1849.4), 10.0: (1106.5, 2397.4),
    1e2: (726.77, 1574.6), 1e3: (560.19, 1213.8), 1e4: (475.34, 1029.7), 1e6: (305.22, 662.19),
    1e8: (87.513, 183.44), 1e9: (150.87, 342.3),
}  # fmt: skip


def test_printed_relaxation_is_that_of_the_publications() -> None:
    underfill, compound = prony_series("underfill_u8439_1"), prony_series("mould_compound_cel9240")
    assert dict(zip(underfill.times, underfill.shear, strict=True)) == U8439
    assert underfill.bulk == ()
    printed = zip(compound.times, compound.shear, compound.bulk, strict=True)
    assert {time: (shear, bulk) for time, shear, bulk in printed} == CEL9240


def test_glassy_moduli_are_the_sums_of_what_is_printed() -> None:
    parts = load_material("mould_compound_cel9240").curing_mechanics
    shear, bulk = np.array(list(CEL9240.values())).sum(axis=0)
    assert parts["glassy"].number("shear_modulus") == pytest.approx(shear, rel=1e-7)
    assert parts["glassy"].number("bulk_modulus") == pytest.approx(bulk, rel=1e-7)
    parts = load_material("underfill_u8439_1").curing_mechanics
    left = 2626.0 * (1.0 - sum(U8439.values()))
    assert parts["rubbery"].number("shear_modulus") == pytest.approx(left, rel=1e-5)


def test_filled_epoxy_is_that_of_its_report() -> None:
    parts = load_material("epon828_d230_alumina").curing_mechanics
    assert dict(parts["glassy"].parameters) == {"shear_modulus": 2032.0, "bulk_modulus": 7000.0}
    assert dict(parts["rubbery"].parameters) == {"shear_modulus": 29.1, "bulk_modulus": 4000.0}
    law = resin_law("epon828_d230_alumina", "maxwell", 90.0, start_cure=1.0)
    assert isinstance(law, CuringMaxwell)
    assert (law.shift.c1, law.shift.c2, law.shift.reference) == (16.0, 57.0, 90.0)


def test_shift_on_both_sides_of_its_reference() -> None:
    """WLF at 10 K above: 17.44 10/61.6 decades faster; Arrhenius 10 K below, by hand."""
    shift = Shift(17.44, 51.6, 130.0, 36e3)
    found = shift.logarithm(np.array([140.0, 120.0, 130.0]), np.zeros(3))
    assert found[0] == pytest.approx(-np.log(10.0) * 174.4 / 61.6, rel=1e-14)
    assert found[1] == pytest.approx(36e3 * (1 / kelvin(120.0) - 1 / kelvin(130.0)), rel=1e-14)
    assert found[2] == 0.0
    moved = shift.logarithm(np.array([100.0]), np.array([-40.0]))
    assert moved[0] == pytest.approx(found[0], rel=1e-14)


def test_shift_without_activation_freezes_at_its_pole() -> None:
    found = Shift(16.0, 57.0, 90.0).logarithm(np.array([89.0, 40.0, 33.0, 0.0]), np.zeros(4))
    assert np.all(np.diff(found) >= 0.0)
    assert found[0] == pytest.approx(np.log(10.0) * 16.0 / 56.0, rel=1e-14)
    assert found[-1] == found[-2] == 600.0


def test_shift_with_odd_signs_ends_at_its_pole() -> None:
    """The printed constants of U8439-1: 1.9 decades at most below, no meaning from 111.42 C on."""
    shift = Shift(-1.916, -36.42, 75.0)
    low, high = shift.logarithm(np.array([-1000.0 + 750.0, 100.0]), np.zeros(2))
    assert 0.0 < low < 1.916 * np.log(10.0)
    assert high < 0.0
    with pytest.raises(PropertyRangeError, match=r"111\.42"):
        shift.logarithm(np.array([112.0]), np.zeros(1))


@pytest.mark.parametrize(
    "build",
    [
        lambda: Shift(17.0, -50.0, 100.0),
        lambda: Shift(17.0, 50.0, -300.0),
        lambda: Shift(17.0, 50.0, 100.0, -1.0),
        lambda: PronySeries((), ()),
        lambda: PronySeries((1.0, -1.0), (0.5, 0.5)),
        lambda: PronySeries((1.0,), (0.5, 0.5)),
        lambda: PronySeries((1.0,), (0.0,)),
        lambda: PronySeries((1.0,), (1.0,), (-1.0,)),
        lambda: ResinModuli(0.0, 1.0, 0.0, 0.0, 10.0),
        lambda: ResinModuli(1.0, 1.0, 2.0, 0.0, 10.0),
        lambda: ResinModuli(1.0, 1.0, 0.0, 0.0, 0.0),
        lambda: ResinExpansion(float("inf"), 0.0),
        lambda: ResinExpansion(0.0, 0.0, (0.0, 0.5), (0.0, 0.1)),
        lambda: ResinExpansion(0.0, 0.0, (0.0, 1.0), (0.1, 0.0)),
        lambda: ResinExpansion(0.0, 0.0, (0.0, 1.0), (0.1,)),
        lambda: Solidifying(
            Table.constant(1.0), Table.constant(0.3), Table.constant(0.0), 180.0, float("nan")
        ),
    ],
)
def test_constants_without_sense_are_refused(build: Callable[[], object]) -> None:
    with pytest.raises(InputError):
        build()


def test_gel_time_on_a_history_with_corners() -> None:
    """First-order cure does not care for temperature: ln(0.9/0.5)/k after the start."""
    law = cure_hardening(25.0, 0.1)
    times, temperatures = np.array([10.0, 30.0, 60.0, 300.0]), np.array([25.0, 80.0, 150.0, 150.0])
    exact = 10.0 + 100.0 * np.log(0.9 / 0.5)
    assert law.gel_time(times, temperatures) == pytest.approx(exact, abs=1e-4)
    assert law.gel_time(times, temperatures, cure=0.5) is None
    assert law.gel_time(times[:2], temperatures[:2]) is None


def test_network_is_that_of_percolation() -> None:
    """Zero before the gel point, a floor of 0.001 at it, 1 at full cure; 8/3 between."""
    found = network(np.array([0.3, 0.5, 0.8, 1.0]), 0.5)
    between = 0.001 + 0.999 * ((0.64 - 0.25) / 0.75) ** (8.0 / 3.0)
    np.testing.assert_allclose(found, [0.0, 0.001, between, 1.0], rtol=1e-14)


def test_shrinkage_table_is_followed_piece_by_piece() -> None:
    """Half of the slope in the upper half of the cure; linear strain is a third of the volume."""
    table = ResinExpansion(0.0, 0.0, (0.0, 0.5, 1.0), (0.0, 0.02, 0.03))
    slopes = table.chemical(np.array([0.0, 0.2, 0.7, 1.0]))
    np.testing.assert_allclose(slopes, [-0.04 / 3, -0.04 / 3, -0.02 / 3, -0.02 / 3])


def test_a_film_without_melting_point_is_refused() -> None:
    with pytest.raises(MaterialError, match="missing melting_point"):
        Solidifying.of("epoxy", 25.0, Span(25.0, 200.0))


MINIMUM = {
    "name": "rubbery", "material": "m", "source": "s", "transcribed_from": "t",
    "status": "illustrative", "confidence": "low", "range": (-65.0, 300.0), "range_basis": "formal",
}  # fmt: skip


@pytest.mark.parametrize(
    ("part", "parameters", "words"),
    [
        ("rubery", {"shear_modulus": 1.0}, "did you mean rubbery"),
        ("rubbery", {"shear_modulus": 1.0}, "missing bulk_modulus"),
        ("rubbery", {"shear_modulus": 1.0, "bulk_modulus": 1.0, "width": 3.0}, "unknown width"),
        ("rubbery", {"shear_modulus": -1.0, "bulk_modulus": 1.0}, "must be positive"),
        ("glassy", {"shear_modulus": 0.0, "bulk_modulus": 1.0}, "must be positive"),
        ("glassy", {"shear_modulus": (1.0,), "bulk_modulus": 1.0}, "must be a number"),
        ("shrinkage", {"cure": (0.0, 0.9), "volume": (0.0, 0.1)}, "from 0 to 1"),
        ("shrinkage", {"cure": (0.0, 1.0), "volume": (0.0, 1.1)}, "below 1"),
        ("shrinkage", {"cure": 0.0, "volume": 0.0}, "must be a list"),
        ("prony", {"relaxation_time": (1.0,)}, "shear weights or shear moduli"),
        ("prony", {"relaxation_time": (1.0,), "shear_weight": (1.0, 2.0)}, "per relaxation time"),
        (
            "prony",
            {"relaxation_time": (1.0,), "shear_weight": (1.0,), "bulk_modulus": (1.0,)},
            "shear weights or shear moduli",
        ),
    ],
)
def test_faults_of_a_material_file_are_named(
    part: str, parameters: dict[str, object], words: str
) -> None:
    entry = {**MINIMUM, "name": part, "parameters": parameters}
    with pytest.raises(ValueError, match=words):
        Material.model_validate({
            "name": "m", "title": "t", "kind": "polymer", "properties": {},
            "curing_mechanics": {part: entry},
        })  # fmt: skip


def test_a_printed_number_must_convert() -> None:
    entry = {
        **MINIMUM,
        "parameters": {"shear_modulus": 10.0, "bulk_modulus": 1000.0},
        "printed": {"bulk_modulus": {"value": 2.0, "unit": "GPa"}},
    }
    with pytest.raises(ValueError, match=r"not 1000\.0"):
        Material.model_validate({
            "name": "m", "title": "t", "kind": "polymer", "properties": {},
            "curing_mechanics": {"rubbery": entry},
        })  # fmt: skip
