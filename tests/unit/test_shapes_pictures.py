"""Shapes, distributions and margins draw themselves: in a notebook and with matplotlib."""

from __future__ import annotations

from math import pi
from pathlib import Path

import numpy as np
import pytest

from bumpfem.design import Package
from bumpfem.shapes.array_heights import height_model
from bumpfem.shapes.capillary import (
    Hole,
    Liquid,
    Powder,
    StandingBall,
    Tolerance,
    Tolerances,
    coplanarity_of,
    draw_back,
    free_bump,
    resin_meniscus,
    solder_in_hole,
)
from bumpfem.shapes.drawing import Patch
from bumpfem.shapes.mask_alignment import mask_alignment

SOLDER = Liquid.of_density(0.45e-3, 7.0e-3)
RESIN = Liquid.of_density(30e-6, 1.1e-3)
BALL = StandingBall.through(0.175, 0.38)


def turned(patch: Patch) -> float:
    """Volume of revolution of a patch, by Pappus' second theorem for polygons, mm3."""
    r, z = patch.points.T
    r_next, z_next = np.roll(r, -1), np.roll(z, -1)
    return abs(float(np.sum((r + r_next) * (r * z_next - r_next * z)) * pi / 3.0))


@pytest.mark.parametrize(("volume", "said"), [(0.05, "0.0767 mm midway"), (0.006, "dry midway")])
def test_resin_is_drawn_with_its_volume(volume: float, said: str) -> None:
    """The drawn resin, turned about the axis, is what was dispensed (polygon: 0.1 %)."""
    found = resin_meniscus(
        BALL, RESIN, volume=volume, pitch=0.8, contact_angle=30.0, substrate_angle=40.0
    )
    resin = next(patch for patch in found.patches() if patch.kind == "resin")
    assert turned(resin) == pytest.approx(volume, rel=1e-3)
    assert said in found._repr_svg_()
    assert len(found.plot().patches) == 2 * 3


@pytest.mark.parametrize(("radius", "said"), [(0.22, "on the wall"), (0.30, "free of the wall")])
def test_solder_in_its_hole_is_drawn_with_its_volume(radius: float, said: str) -> None:
    found = solder_in_hole(0.175, Hole(radius, radius, 0.02, 0.3), SOLDER, 0.0477)
    solder = next(patch for patch in found.patches() if patch.kind == "solder")
    assert turned(solder) == pytest.approx(0.0477, rel=1e-3)
    assert said in found._repr_svg_()
    assert len(found.plot().patches) == 2 * 4


def test_bump_is_drawn_with_its_melt_before_it_retreats() -> None:
    """The bump holds the powder's metal; the line of the film ends where the powder did."""
    powder = Powder(0.8, 0.08, 0.6)
    found = draw_back(powder, 0.4, SOLDER, outside_angle=140.0)
    bump = next(patch for patch in found.patches() if patch.kind == "bump")
    assert turned(bump) == pytest.approx(powder.volume, rel=1e-3)
    axes = found.plot()
    assert float(np.max(axes.lines[0].get_xdata())) == pytest.approx(0.4, rel=1e-9)
    assert "<polyline" in found._repr_svg_()


def test_meridian_is_a_line() -> None:
    """Two mirrored lines and no area: what lies on which side depends on its ends."""
    axes = free_bump(0.0477, 0.35, SOLDER).meridian.plot()
    assert (len(axes.lines), len(axes.patches)) == (2, 0)


def test_distribution_and_margins_are_charts(repository: Path) -> None:
    """All packages are in the histogram; every ball has both of its margins."""
    package = Package.load(repository / "meshes" / "pbga_0p80.toml")
    found = coplanarity_of(
        height_model(package, package.joint("plain")), package.joint_positions(),
        Tolerances(ball_diameter=Tolerance(0.009)), samples=200,
    )  # fmt: skip
    axes = found.plot()
    assert sum(bar.get_height() for bar in axes.patches) == pytest.approx(200.0)
    assert "<svg" in found._repr_svg_()
    aligned = mask_alignment(
        package, package.joint("masked"), peak_temperature=247.0, extrapolate=True
    )
    lines = aligned.plot().lines
    balls = len(package.joint_positions())
    assert [len(np.atleast_1d(line.get_xdata())) for line in lines[:2]] == [balls, balls]
    assert np.min(lines[0].get_ydata()) == pytest.approx(1e3 * aligned.capture_margin.min())
