"""Dissolution by Nernst and Brunner against its closed form and its limits."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bumpfem.errors import InputError, MaterialError, PropertyRangeError
from bumpfem.materials import load_material
from bumpfem.process.dissolution import Dissolved, MetalFace, dissolve, saturating

LIQUIDUS = 220.0


def _at(
    temperature: float, time: float, *faces: MetalFace, solder: str = "sac305", volume: float = 0.05
) -> list[Dissolved]:
    times = np.linspace(0.0, time, 7)
    return dissolve(faces, solder, volume, times, np.full(7, temperature), LIQUIDUS)


PAD = MetalFace("board_pad", "copper", 0.1, 0.035)


def test_constant_temperature_is_the_closed_form() -> None:
    """n = n_s - (n_s - n_0) exp(-K A t / V), h = rho_solder V (n - n_0) / (rho_metal A)."""
    (found,) = _at(250.0, 12.0, PAD)
    copper, solder = load_material("copper"), load_material("sac305")
    rate = copper["dissolution_rate_constant"](250.0) * 0.1 / 0.05
    limit = copper["solubility_in_tin"](250.0)
    n = limit - (limit - 0.005) * math.exp(-rate * 12.0)
    ratio = solder["density"](25.0) / copper["density"](25.0)
    assert found.concentration == pytest.approx(n, rel=1e-12)
    assert found.depth == pytest.approx(ratio * 0.05 * (n - 0.005) / 0.1, rel=1e-12)
    assert found.remaining == pytest.approx(0.035 - found.depth)
    assert found.consumed_after is None
    assert n == pytest.approx(saturating(0.005, limit, rate, 12.0))


def test_a_long_time_saturates_the_solder_whatever_the_rate() -> None:
    """Then h = rho_solder V (n_s - n_0) / (rho_copper A): some micrometres, as pads lose."""
    (found,) = _at(250.0, 1e4, PAD)
    expected = 7.38 / 8.96 * 0.05 * (0.014 - 0.005) / 0.1
    assert found.depth == pytest.approx(expected, rel=1e-3)
    assert 0.002 < found.depth < 0.006


def test_two_faces_of_one_metal_share_their_solder() -> None:
    """Both lose the same thickness, and together what one face of both areas loses."""
    board = MetalFace("board_pad", "copper", 0.1, 0.035)
    other = MetalFace("interposer_pad", "copper", 0.06, 0.035)
    both = _at(250.0, 20.0, board, other)
    (one,) = _at(250.0, 20.0, MetalFace("both", "copper", 0.16, 0.035))
    assert both[0].depth == pytest.approx(one.depth)
    assert both[1].depth == pytest.approx(one.depth)


def test_a_thin_layer_is_gone_after_the_time_of_the_closed_form() -> None:
    """The time at which h(t) reaches the thickness, from the closed form solved for t."""
    thin = MetalFace("finish", "gold", 0.1, 0.0002)
    (found,) = _at(250.0, 30.0, thin)
    gold, solder = load_material("gold"), load_material("sac305")
    ratio = solder["density"](25.0) / gold["density"](25.0)
    n = 0.0002 * 0.1 / (ratio * 0.05)
    limit = gold["solubility_in_tin"](250.0)
    time = -math.log(1.0 - n / limit) * 0.05 / (0.1 * gold["dissolution_rate_constant"](250.0))
    assert found.remaining == pytest.approx(0.0, abs=1e-15)
    assert found.consumed_after == pytest.approx(time, rel=1e-9)
    assert found.concentration == pytest.approx(n)


def test_metal_is_kept_when_one_of_two_faces_is_used_up() -> None:
    """rho_metal (A1 h1 + A2 h2) = rho_solder V n, also after the thin face is gone."""
    thin, thick = (MetalFace(name, "gold", 0.1, t) for name, t in (("a", 1e-4), ("b", 1e-2)))
    first, second = _at(250.0, 10.0, thin, thick)
    assert first.remaining == pytest.approx(0.0, abs=1e-15)
    ratio = load_material("sac305")["density"](25.0) / load_material("gold")["density"](25.0)
    lost = 0.1 * (first.depth + second.depth)
    assert lost == pytest.approx(ratio * 0.05 * first.concentration)


def test_only_molten_time_counts() -> None:
    """A history from 200 to 240 and back at 1 C/s is molten for 40 s, at 230 C in the mean."""
    times, temperatures = np.array([0.0, 40.0, 80.0]), np.array([200.0, 240.0, 200.0])
    (found,) = dissolve([PAD], "sac305", 0.05, times, temperatures, LIQUIDUS)
    (same,) = _at(230.0, 40.0, PAD)
    assert found.depth == pytest.approx(same.depth)
    (cold,) = _at(219.0, 100.0, PAD)
    assert cold.depth == 0.0
    assert cold.saturation == 0.0


def test_nickel_holds_where_copper_goes() -> None:
    """The reason for a nickel barrier: it loses a tenth or less of what copper does."""
    copper, nickel = _at(250.0, 60.0, PAD, MetalFace("barrier", "nickel", 0.1, 0.005))
    assert nickel.depth < 0.1 * copper.depth


def test_solder_that_is_full_of_a_metal_takes_no_more() -> None:
    """SAC387 holds 0.7 % copper; its solubility at 221 C is 0.87 %, in tin-lead far less."""
    face = MetalFace("pad", "silver", 0.1, 0.01)
    (full,) = _at(220.5, 60.0, face, solder="sac405")
    assert full.depth == 0.0
    lead, tin = (_at(250.0, 60.0, PAD, solder=name)[0].depth for name in ("sn63pb37", "sac305"))
    assert lead < tin


def test_bad_input_is_refused() -> None:
    with pytest.raises(InputError, match="volume"):
        _at(250.0, 1.0, PAD, volume=0.0)
    with pytest.raises(InputError, match=r"pad\.area"):
        _at(250.0, 1.0, MetalFace("pad", "copper", 0.0, 0.01))
    with pytest.raises(MaterialError, match="tungsten"):
        _at(250.0, 1.0, MetalFace("pad", "tungsten", 0.1, 0.01))
    with pytest.raises(PropertyRangeError, match="copper dissolution_rate_constant"):
        _at(350.0, 1.0, PAD)
