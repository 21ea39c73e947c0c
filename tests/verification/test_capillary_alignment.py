"""Alignment of a mask with its substrate against hand calculation."""

from __future__ import annotations

from math import inf, sqrt
from pathlib import Path

import numpy as np
import pytest

from bumpfem.design import Package
from bumpfem.errors import InputError, PropertyRangeError
from bumpfem.materials import load_material
from bumpfem.materials.elongation import in_plane_elongation
from bumpfem.shapes.capillary.alignment import Alignment, HolePlate, align


@pytest.fixture(scope="module")
def cbga(repository: Path) -> Package:
    return Package.load(repository / "meshes" / "cbga_1p27.toml")


def with_plate(package: Package, plate: HolePlate, **values: float) -> Alignment:
    given = {"ball_radius": 0.38, "bump_radius": 0.385, "pad_radius": 0.28,
             "peak_temperature": 225.0, **values}  # fmt: skip
    return align(package, plate, **given)


def test_elongation_integrates_the_coefficient() -> None:
    """Copper 17.3 ppm/K, alumina 7 ppm/K, both constant: 200 K give 3.46e-3 and 1.4e-3."""
    copper, alumina = (load_material(name) for name in ("copper", "alumina"))
    assert in_plane_elongation(copper, 25.0, 225.0) == pytest.approx(200 * 17.3e-6, rel=1e-12)
    assert in_plane_elongation(alumina, 225.0, 25.0) == pytest.approx(-200 * 7e-6, rel=1e-12)


def test_elongation_steps_where_the_coefficient_does() -> None:
    """A coefficient tabulated with a step is integrated on both sides of it."""
    resist = load_material("solder_resist")
    whole = in_plane_elongation(resist, 25.0, 150.0)
    parts = in_plane_elongation(resist, 25.0, 90.0) + in_plane_elongation(resist, 90.0, 150.0)
    assert whole == pytest.approx(parts, rel=1e-12)


def test_copper_mask_on_alumina(cbga: Package) -> None:
    """Mismatch 10.3 ppm/K: 1.627e-3 at 183 C (solidus of Sn63Pb37), 2.06e-3 at 225 C.

    Corner of 19 x 19 at 1.27 mm: 9 sqrt(2) 1.27 = 16.16 mm, so 33.3 um at the peak. A hole of
    0.43 mm radius has grown to 0.43 (1 + 200 17.3e-6).
    """
    plate = HolePlate("copper", 0.43, placement_error=0.01)
    found = with_plate(cbga, plate)
    assert found.melting_mismatch == pytest.approx(158.0 * 10.3e-6, rel=1e-9)
    assert found.peak_mismatch == pytest.approx(200.0 * 10.3e-6, rel=1e-9)
    corner = 9.0 * sqrt(2.0) * 1.27
    assert np.hypot(*found.displacement[-1]) == pytest.approx(corner * 2.06e-3, rel=1e-9)
    hole = 0.43 * (1.0 + 200.0 * 17.3e-6)
    expected = hole - 0.385 - 0.01 - corner * 2.06e-3
    assert found.clearance_margin[-1] == pytest.approx(expected, rel=1e-9)
    hole = 0.43 * (1.0 + 158.0 * 17.3e-6)
    expected = 0.28 - (hole - 0.38) - 0.01 - corner * 158.0 * 10.3e-6
    assert found.capture_margin[-1] == pytest.approx(expected, rel=1e-9)
    assert found.works


def test_largest_array_is_the_last_that_works(cbga: Package) -> None:
    """n columns reach pitch (n - 1)/sqrt(2); the margin there is positive, that of n + 1 is not."""
    plate = HolePlate("copper", 0.43, placement_error=0.01)
    found = with_plate(cbga, plate)
    assert found.governed_by == "clearance"
    room = 0.43 * (1.0 + 200.0 * 17.3e-6) - 0.385 - 0.01
    assert found.largest_distance == pytest.approx(room / 2.06e-3, rel=1e-9)
    columns = found.largest_columns
    assert columns is not None
    reach = [1.27 * (n - 1) / sqrt(2.0) * 2.06e-3 for n in (columns, columns + 1)]
    assert reach[0] <= room < reach[1]


def test_capture_governs_a_loose_hole(cbga: Package) -> None:
    """A hole 0.26 mm wider in radius than the ball lets it roll to the rim of its pad."""
    found = with_plate(cbga, HolePlate("copper", 0.64))
    assert found.governed_by == "capture"
    assert found.largest_distance < 20.0


def test_plate_of_the_substrates_material_has_no_limit(cbga: Package) -> None:
    found = with_plate(cbga, HolePlate("alumina", 0.43))
    assert found.peak_mismatch == 0.0
    assert found.largest_distance == inf
    assert found.largest_columns is None
    assert found.governed_by == "nothing"


def test_pitch_error_adds_to_the_mismatch(cbga: Package) -> None:
    found = with_plate(cbga, HolePlate("alumina", 0.43, pitch_error=1e-3))
    assert found.peak_mismatch == pytest.approx(1e-3, rel=1e-12)


def test_fixed_corner_doubles_the_reach(cbga: Package) -> None:
    """Held at one corner instead of its middle, the far corner moves twice as far."""
    corner = tuple(cbga.joint_positions()[0].tolist())
    middle = with_plate(cbga, HolePlate("copper", 0.43))
    held = with_plate(cbga, HolePlate("copper", 0.43, fixed_point=(corner[0], corner[1])))
    assert held.displacement[-1] == pytest.approx(2.0 * middle.displacement[-1])
    assert held.margin[0] > held.margin[-1]


def test_no_room_at_all_allows_no_array(cbga: Package) -> None:
    found = with_plate(cbga, HolePlate("copper", 0.39, placement_error=0.05))
    assert found.largest_columns == 0
    assert not found.works


def test_mask_of_a_joint(cbga: Package) -> None:
    mask = cbga.joint("masked").mask
    assert mask is not None
    plate = HolePlate.of(mask)
    assert plate.hole_radius == 0.5 * mask.mouth_diameter
    with pytest.raises(PropertyRangeError):
        with_plate(cbga, plate)
    found = align(
        cbga, plate, ball_radius=0.38, bump_radius=0.385, pad_radius=0.28,
        peak_temperature=225.0, extrapolate=True,
    )  # fmt: skip
    assert found.margin.shape == (361,)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"peak_temperature": 150.0}, "peak_temperature"),
        ({"ball_radius": 0.5}, "ball_radius"),
        ({"bump_radius": 0.5}, "bump_radius"),
        ({"pad_radius": 0.0}, "pad_radius"),
    ],
)
def test_bad_alignments_are_refused(cbga: Package, values: dict[str, float], field: str) -> None:
    with pytest.raises(InputError) as caught:
        with_plate(cbga, HolePlate("copper", 0.43), **values)
    assert caught.value.field == field
