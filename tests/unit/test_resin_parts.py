"""What laws of resins are built of: printed constants, shift, moduli, shrinkage, material files."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from bumpfem.constitutive import CuringMaxwell, Solidifying, Table, resin_law
from bumpfem.constitutive.prony import PronySeries
from bumpfem.constitutive.resin_expansion import ResinExpansion
from bumpfem.constitutive.resin_law import prony_series
from bumpfem.constitutive.resin_moduli import ResinModuli, network
from bumpfem.constitutive.shift import Shift
from bumpfem.errors import InputError, PropertyRangeError
from bumpfem.materials import Material, load_material
from bumpfem.units import kelvin

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
