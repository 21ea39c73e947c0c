"""A film that melts: its flow, its volume and its faults."""

from __future__ import annotations

from math import pi

import numpy as np
import pytest

from bumpfem.design import Joint, Package
from bumpfem.errors import InputError, MaterialError
from bumpfem.materials import load_material
from bumpfem.process.film import film_flow, levelling_rate
from bumpfem.process.film_volume import (
    compare_film,
    film_meniscus,
    film_volume,
    formed_film,
    resin_in_cell,
)

FILM = "polyester_film"


def _joint(package: Package, **film: float) -> Joint:
    joint = package.joint("anchored")
    assert joint.anchor is not None
    changes = {"material": FILM, "family": "polyester", "route": "film", **film}
    anchor = type(joint.anchor)(**{**joint.anchor.model_dump(), **changes})
    return joint.model_copy(update={"anchor": anchor})


def test_levelling_of_thin_and_of_deep_layers() -> None:
    """Limits of the formula, gamma k^4 h^3 / (3 mu) and gamma k / (2 mu); 1 Pa s = 1e-6 N s/mm2."""
    thin = levelling_rate(3e-5, 100.0, 0.001, 2.0)
    assert thin == pytest.approx(3e-5 * 2.0**4 * 0.001**3 / (3.0 * 1e-4), rel=1e-4)
    deep = levelling_rate(3e-5, 100.0, 20.0, 2.0)
    assert deep == pytest.approx(3e-5 * 2.0 / (2.0 * 1e-4), rel=1e-6)


def test_flow_of_a_stay_is_rate_times_time() -> None:
    """A minute at one temperature above melting, the ramps of a millisecond do not count."""
    melting = load_material(FILM)["melting_point"].constant
    hot = melting + 40.0
    times = np.array([0.0, 0.001, 60.001, 60.002])
    flow = film_flow(FILM, times, np.array([25.0, hot, hot, 25.0]), 0.8, 0.05)
    viscosity = load_material(FILM)["melt_viscosity"](hot)
    tension = load_material(FILM)["surface_tension"](hot, extrapolate=True)
    rate = float(levelling_rate(tension, viscosity, 0.05, 2.0 * pi / 0.8))
    assert flow.levelling == pytest.approx(60.0 * rate, rel=1e-3)
    assert flow.time_molten == pytest.approx(60.0, abs=0.01)
    assert flow.lowest_viscosity == pytest.approx(viscosity)
    assert flow.melts == pytest.approx(0.0, abs=0.001)
    assert flow.solidifies == pytest.approx(60.001, abs=0.002)


@pytest.mark.parametrize(
    ("peak", "stay", "end", "words"),
    [
        (150.0, 60.0, 25.0, "does not melt"),
        (200.0, 1.0, 25.0, "has no time to flow"),
        (250.0, 600.0, 240.0, "still liquid at the end"),
    ],
)
def test_what_goes_wrong_with_a_film(peak: float, stay: float, end: float, words: str) -> None:
    times = np.array([0.0, 10.0, 10.0 + stay, 20.0 + stay])
    flow = film_flow(FILM, times, np.array([25.0, peak, peak, end]), 0.8, 0.02)
    assert words in flow.faults[0]
    assert FILM in flow.faults[0]


def test_a_resin_that_cures_is_no_film() -> None:
    with pytest.raises(MaterialError, match="polyimide is no film"):
        film_flow("polyimide", np.array([0.0, 1.0]), np.array([25.0, 200.0]), 0.8, 0.05)


def test_volume_of_a_film_and_the_one_that_fits(pbga: Package) -> None:
    """The thickness that is said to fit brings what is needed."""
    joint = _joint(pbga, film_thickness=0.1, film_hole_diameter=0.45)
    found = compare_film(pbga, joint, 0.03377)
    assert found is not None
    assert found.brought == pytest.approx(0.1 * (0.64 - 0.25 * pi * 0.45**2))
    assert not found.fits
    assert "+42" in found.sentence
    assert film_volume(found.thickness, 0.8, 0.45) == pytest.approx(0.03377)
    fitting = _joint(pbga, film_thickness=found.thickness, film_hole_diameter=0.45)
    again = compare_film(pbga, fitting, 0.03377)
    assert again is not None
    assert again.fits
    assert compare_film(pbga, _joint(pbga), 0.03377) is None


def test_meniscus_of_a_film_holds_its_volume(pbga: Package) -> None:
    """A film that wets better climbs higher and leaves less midway."""
    joint = _joint(pbga, film_thickness=0.1, film_hole_diameter=0.45)
    wet, dry = film_meniscus(pbga, joint, 20.0), film_meniscus(pbga, joint, 70.0)
    assert wet.volume == dry.volume == pytest.approx(film_volume(0.1, 0.8, 0.45))
    assert wet.contact_height > dry.contact_height + 0.02
    assert wet.thickness < dry.thickness


def test_film_forms_the_layer(pbga: Package) -> None:
    """Layer and meniscus of the formed joint hold what the film brings; they rise as designed.

    A film that brings what the design holds forms the design.
    """
    plain = pbga.joint("plain")
    assert formed_film(pbga, plain) == plain
    layers = []
    for thickness in (0.06, 0.075, 0.09):
        joint = _joint(pbga, film_thickness=thickness, film_hole_diameter=0.45)
        formed = formed_film(pbga, joint)
        assert joint.anchor is not None
        assert formed.anchor is not None
        held = resin_in_cell(pbga, formed)
        assert held == pytest.approx(film_volume(thickness, pbga.pitch, 0.45), rel=1e-4)
        rises = [x.contact_height - x.thickness for x in (joint.anchor, formed.anchor)]
        assert rises[1] == pytest.approx(rises[0])
        layers.append(formed.anchor.thickness)
    assert layers == sorted(layers)
    design = _joint(pbga)
    fitting = resin_in_cell(pbga, design) / film_volume(1.0, pbga.pitch, 0.45)
    again = formed_film(pbga, _joint(pbga, film_thickness=fitting, film_hole_diameter=0.45))
    assert design.anchor is not None
    assert again.anchor is not None
    assert again.anchor.thickness == pytest.approx(design.anchor.thickness, rel=1e-5)


def test_a_film_that_makes_no_layer_is_refused(pbga: Package) -> None:
    """Three times the resin would run over the balls' crowns or into each other."""
    joint = _joint(pbga, film_thickness=0.35, film_hole_diameter=0.45)
    with pytest.raises(InputError, match="film_thickness"):
        formed_film(pbga, joint)


@pytest.mark.parametrize(
    ("film", "words"),
    [
        ({"film_thickness": 0.1}, "film_hole_diameter"),
        ({"film_hole_diameter": 0.4}, "film_thickness"),
    ],
)
def test_a_film_needs_both_of_its_lengths(
    pbga: Package, film: dict[str, float], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        _joint(pbga, **film)


def test_other_routes_have_no_film(pbga: Package) -> None:
    anchored = pbga.joint("anchored")
    assert anchored.anchor is not None
    data = {**anchored.anchor.model_dump(), "film_thickness": 0.1, "film_hole_diameter": 0.4}
    with pytest.raises(InputError, match='route "spread" has no film'):
        type(anchored.anchor)(**data)
    with pytest.raises(InputError, match="only a film has holes"):
        compare_film(pbga, anchored, 0.03)
    with pytest.raises(InputError, match="only a film has holes"):
        film_meniscus(pbga, pbga.joint("plain"), 30.0)


@pytest.mark.parametrize(("thickness", "hole"), [(0.0, 0.4), (0.1, 0.0), (0.1, 0.8)])
def test_lengths_of_a_film_that_cannot_be(thickness: float, hole: float) -> None:
    with pytest.raises(InputError, match="film"):
        film_volume(thickness, 0.8, hole)
