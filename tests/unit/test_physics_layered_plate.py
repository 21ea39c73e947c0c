"""Layered plate against Timoshenko's bimetal formula and its limits."""

from __future__ import annotations

import numpy as np
import pytest

from bumpfem.errors import InputError
from bumpfem.physics.layered_plate import PlateLayer, plate_expansion

LOWER, UPPER = PlateLayer(0.3, 30e3, 2.0e-3), PlateLayer(0.8, 12e3, 1.2e-3)


def test_bimetal_formula() -> None:
    """Timoshenko (1925): curvature 6 de (1+m)^2 / (h (3 (1+m)^2 + (1+mn)(m^2 + 1/(mn)))) with
    m = t1/t2, n = M1/M2; the strain of the interface follows from the balance of forces,
    so that of the lowest face is e1 + N/(M1 t1) - t1 kappa/2 with N the force in the layers.
    """
    m, n = LOWER.thickness / UPPER.thickness, LOWER.biaxial_modulus / UPPER.biaxial_modulus
    height = LOWER.thickness + UPPER.thickness
    mismatch = UPPER.strain - LOWER.strain
    below = height * (3 * (1 + m) ** 2 + (1 + m * n) * (m**2 + 1 / (m * n)))
    curvature = 6 * mismatch * (1 + m) ** 2 / below
    found = plate_expansion([LOWER, UPPER], held_flat=False)
    assert found.curvature == pytest.approx(curvature, rel=1e-12)
    # Equal and opposite forces N of the layers carry the bending moment N h/2.
    rigidity = (
        LOWER.biaxial_modulus * LOWER.thickness**3 + UPPER.biaxial_modulus * UPPER.thickness**3
    ) / 12
    pull = 2 * rigidity * curvature / height
    lower_middle = LOWER.strain + pull / (LOWER.biaxial_modulus * LOWER.thickness)
    expected = lower_middle - curvature * LOWER.thickness / 2
    assert found.bottom_strain == pytest.approx(expected, rel=1e-12)


def test_held_flat_is_the_mixture_rule() -> None:
    """Without bending the strain is the mean weighted by stiffness, M t."""
    found = plate_expansion([LOWER, UPPER], held_flat=True)
    exact = (9e3 * 2.0e-3 + 9.6e3 * 1.2e-3) / (9e3 + 9.6e3)
    assert found.bottom_strain == pytest.approx(exact, rel=1e-12)
    assert found.curvature == 0.0


@pytest.mark.parametrize("held_flat", [False, True])
def test_one_layer_and_equal_layers_expand_freely(held_flat: bool) -> None:
    """Nothing hinders a layer alone, or layers that all expand alike."""
    alone = plate_expansion([LOWER], held_flat)
    assert (alone.bottom_strain, alone.curvature) == (LOWER.strain, 0.0)
    alike = [PlateLayer(t, m, 1e-3) for t, m in ((0.1, 5e3), (0.5, 80e3), (1.0, 2e3))]
    found = plate_expansion(alike, held_flat)
    assert found.bottom_strain == pytest.approx(1e-3, rel=1e-12)
    assert found.curvature == pytest.approx(0.0, abs=1e-12)


def test_split_layer_changes_nothing() -> None:
    """A layer cut in two parallel halves is the same plate."""
    half = PlateLayer(UPPER.thickness / 2, UPPER.biaxial_modulus, UPPER.strain)
    whole = plate_expansion([LOWER, UPPER], held_flat=False)
    split = plate_expansion([LOWER, half, half], held_flat=False)
    assert split.bottom_strain == pytest.approx(whole.bottom_strain, rel=1e-12)
    assert split.curvature == pytest.approx(whole.curvature, rel=1e-10)


def test_limits_of_stiffness_and_symmetry() -> None:
    """A film as good as without stiffness follows its substrate; a symmetric stack stays flat."""
    film = PlateLayer(0.8, 1e-6, 5e-2)
    found = plate_expansion([LOWER, film], held_flat=False)
    assert found.bottom_strain == pytest.approx(LOWER.strain, rel=1e-6)
    sandwich = [LOWER, UPPER, LOWER]
    free, flat = (plate_expansion(sandwich, held) for held in (False, True))
    assert free.curvature == pytest.approx(0.0, abs=1e-15)
    assert free.bottom_strain == pytest.approx(flat.bottom_strain, rel=1e-12)
    assert np.sign(plate_expansion([UPPER, LOWER], False).curvature) == 1.0


@pytest.mark.parametrize(
    "layers", [[], [PlateLayer(0.0, 1e3, 0.0)], [LOWER, PlateLayer(0.1, 0.0, 0.0)]]
)
def test_refused_stacks(layers: list[PlateLayer]) -> None:
    """A stack without layers, thickness or stiffness has no answer."""
    with pytest.raises(InputError):
        plate_expansion(layers, held_flat=False)
