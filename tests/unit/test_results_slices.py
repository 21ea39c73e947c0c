"""The weakest slice between the layers, on a field that is known point by point."""

from __future__ import annotations

import numpy as np
import pytest

from bumpfem.constitutive import Norton, Table
from bumpfem.physics.mechanics import Loading
from bumpfem.results.slices import weakest_slice
from tests.support.mechanics import box, one_region


def test_slice_of_a_linear_field() -> None:
    """Work that grows linearly with height: the weakest slice is the top one, its mean is the value
    at its middle, and its area that of the box, doubled for the other half.
    """
    law = Norton(Table.constant(50e3), Table.constant(0.36), A=1e-12, n=3.0)
    model = one_region(
        box((4, 2, 20), (0.4, 0.2, 1.0)), law, lambda space: Loading(), name="solder"
    )
    group = model.group("solder")
    height = model.space.point_coordinates(group.operator.cells)[:, :, 2].ravel()
    found = weakest_slice(model, 0.1, 2.0 * height, 0.5 * height)
    assert found is not None
    assert found.height_mm == pytest.approx(0.95, abs=0.03)
    assert found.delta_w_mpa == pytest.approx(2.0 * found.height_mm, rel=0.02)
    assert found.inelastic_strain_accumulated == pytest.approx(0.5 * found.height_mm, rel=0.02)
    area = np.pi * found.diameter_mm**2 / 4.0
    assert area == pytest.approx(2 * 0.4 * 0.2, rel=0.1)


def test_thin_solder_has_no_slice() -> None:
    law = Norton(Table.constant(50e3), Table.constant(0.36), A=1e-12, n=3.0)
    model = one_region(box((2, 2, 2), (0.4, 0.2, 0.1)), law, lambda space: Loading(), name="solder")
    points = model.group("solder").operator.points
    assert weakest_slice(model, 0.2, np.ones(points), np.ones(points)) is None
