"""Laws of the library's resins: what they agree with, and what they refuse."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bumpfem.constitutive import ResinModel, Solidifying, resin_law
from bumpfem.errors import ConvergenceError, InputError, MaterialError
from bumpfem.materials import Span, load_material, material_names
from bumpfem.materials.citations import collect
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


def test_gel_time_on_a_history_with_corners() -> None:
    """First-order cure does not care for temperature: ln(0.9/0.5)/k after the start."""
    law = cure_hardening(25.0, 0.1)
    times, temperatures = np.array([10.0, 30.0, 60.0, 300.0]), np.array([25.0, 80.0, 150.0, 150.0])
    exact = 10.0 + 100.0 * np.log(0.9 / 0.5)
    assert law.gel_time(times, temperatures) == pytest.approx(exact, abs=1e-4)
    assert law.gel_time(times, temperatures, cure=0.5) is None
    assert law.gel_time(times[:2], temperatures[:2]) is None


def test_a_film_without_melting_point_is_refused() -> None:
    with pytest.raises(MaterialError, match="missing melting_point"):
        Solidifying.of("epoxy", 25.0, Span(25.0, 200.0))
