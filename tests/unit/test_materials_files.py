"""Users' own material files: what may stand in them, and what is refused with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from bumpfem.errors import MaterialError
from bumpfem.materials import load_material

OWN = """
title = "My solder"
kind = "solder"
default_law = "mine"

[properties.youngs_modulus]
unit = "MPa"
temperature = [-40.0, 125.0]
value = [50000.0, 30000.0]
printed_value = [50.0, 30.0]
printed_unit = "GPa"
range = [-40.0, 125.0]
range_basis = "source"
source = "my_tests_2024"
transcribed_from = "my notebook"
status = "primary"
confidence = "high"

[properties.expansion]
same_as = "sac305.expansion"

[law_sets.mine]
law = "norton"
alloy = "mine"
range = [0.0, 125.0]
range_basis = "source"
source = "my_tests_2024"
transcribed_from = "my notebook"
status = "primary"
confidence = "high"
[law_sets.mine.parameters]
A = 1.0
n = 5.0
Q_over_R = 6000.0
"""


def own_file(folder: Path, text: str = OWN) -> Path:
    path = folder / "my_solder.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_missing_parameter_in_a_file_is_a_material_error_naming_it(tmp_path: Path) -> None:
    path = own_file(tmp_path, OWN.replace("Q_over_R = 6000.0", "Q_overR = 6000.0"))
    with pytest.raises(MaterialError, match="missing Q_over_R; unknown Q_overR") as caught:
        load_material(path)
    assert "law_sets.mine" in str(caught.value)


def test_own_file_is_read_by_path_and_may_borrow_from_the_library(tmp_path: Path) -> None:
    material = load_material(str(own_file(tmp_path)))
    assert material["youngs_modulus"](42.5) == pytest.approx(40000.0)
    assert material["expansion"](25.0) == 22.5e-6
    assert material["expansion"].sources == ("jep_1054784",)
    assert material["expansion"].material == "my_solder"
    assert material.law_set().number("n") == 5.0


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('kind = "solder"', 'kind = "cheese"', "kind"),
        ('kind = "solder"', "kind = ", "not valid TOML"),
        ('title = "My solder"', 'name = "other"', "must be 'my_solder'"),
        ('title = "My solder"', 'tittle = "My solder"', "tittle"),
        ('default_law = "mine"', 'default_law = "mien"', "did you mean mine"),
        ('default_law = "mine"\n', "", "default_law"),
        ('source = "my_tests_2024"\n', "", "source"),
        ('status = "primary"\n', "", "status"),
        ("range = [-40.0, 125.0]\n", "", "range"),
        ('unit = "MPa"\n', "", "unit"),
        ("sac305.expansion", "sac305.expnsion", "did you mean expansion"),
        ("sac305.expansion", "sac300.expansion", "did you mean sac305"),
        ('same_as = "sac305.expansion"', 'name = "x"', "must not give name"),
        ("[properties.expansion]", "[properties]\nexpansion = 1.0\n[ignored]", "properties"),
    ],
)
def test_a_faulty_file_is_refused_with_the_place(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert old in OWN
    with pytest.raises(MaterialError, match=message) as caught:
        load_material(own_file(tmp_path, OWN.replace(old, new, 1)))
    assert "my_solder" in str(caught.value)


def test_a_file_that_is_not_there_is_a_material_error(tmp_path: Path) -> None:
    with pytest.raises(MaterialError, match="cannot be read"):
        load_material(tmp_path / "nothing.toml")


def orthotropic_file(folder: Path, ratio_xz: float) -> Path:
    lines = ['title = "Laminate"', 'kind = "laminate"']
    lines += [
        f'[properties.{quantity}]\nsame_as = "bt_laminate.{quantity}"'
        for quantity in load_material("bt_laminate").properties
        if quantity != "poissons_ratio_xz"
    ]
    lines += [
        f'[properties.poissons_ratio_xz]\nsame_as = "bt_laminate.poissons_ratio_xz"\n'
        f"value = {ratio_xz}"
    ]
    path = folder / "laminate.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_orthotropic_constants_must_store_energy(tmp_path: Path) -> None:
    """nu_xz^2 E_z/E_x must stay below 1: with 26 and 11 GPa nu_xz = 1.6 gives 1.08."""
    assert load_material(orthotropic_file(tmp_path, 0.39)).is_orthotropic
    with pytest.raises(MaterialError, match="negative strain energy"):
        load_material(orthotropic_file(tmp_path, 1.6))
