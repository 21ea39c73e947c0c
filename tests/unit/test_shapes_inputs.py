"""Whatever Python hands to a shape, an error of the library names the value."""

from __future__ import annotations

from collections.abc import Callable
from math import inf, nan
from typing import Any

import pytest

from bumpfem.errors import InputError
from bumpfem.shapes.capillary import (
    Hole,
    HolePlate,
    Liquid,
    Powder,
    StandingBall,
    Tolerance,
    Warpage,
    draw_back,
    free_bump,
    mounted_joint,
    resin_meniscus,
    solder_in_hole,
)
from bumpfem.shapes.capillary.cored import cored_joint
from bumpfem.shapes.capillary.melted_foot import MeltedFoot
from bumpfem.shapes.capillary.necked import necked_shape

SOLDER = Liquid.of_density(0.45e-3, 7.0e-3)
RESIN = Liquid.of_density(30e-6, 1.1e-3)
PADS = {"board_pad_diameter": 0.35, "interposer_pad_diameter": 0.35, "liquid": SOLDER}
#: A call and its arguments; each number is replaced by what is none.
CALLS: list[tuple[Callable[..., object], dict[str, Any]]] = [
    (Liquid, {"surface_tension": 0.45e-3, "specific_weight": 0.0}),
    (Liquid.of_density, {"surface_tension": 0.45e-3, "density": 7e-3}),
    (Liquid.of, {"material": "sac305", "temperature": 240.0}),
    (mounted_joint, {"volume": 0.05, "load": 0.0, "resist_contact_angle": 180.0, **PADS}),
    (mounted_joint, {"volume": 0.05, "standoff": 0.3, **PADS}),
    (free_bump, {"volume": 0.05, "pad_diameter": 0.35, "liquid": SOLDER, "contact_angle": 30.0}),
    (
        cored_joint,
        {"ball_diameter": 0.45, "core_diameter": 0.3, "load": 0.0, "gap": 0.0,
         "contact_angle": 0.0, "core_density": 8e-3, **PADS},
    ),
    (Tolerance, {"half_width": 0.01, "sigmas": 3.0}),
    (Warpage, {"height": 0.01}),
    (StandingBall, {"radius": 0.2, "centre": 0.1}),
    (StandingBall.through, {"foot_radius": 0.175, "height": 0.38}),
    (
        resin_meniscus,
        {"ball": StandingBall(0.2, 0.1), "liquid": RESIN, "volume": 0.05, "pitch": 0.8,
         "contact_angle": 30.0, "substrate_angle": 20.0, "coat_angle": 180.0},
    ),
    (Hole, {"mouth_radius": 0.22, "end_radius": 0.22, "mouth": 0.0, "depth": 0.3,
            "contact_angle": 180.0}),
    (solder_in_hole, {"pad_radius": 0.175, "hole": Hole(0.22, 0.22, 0.0, 0.3), "liquid": SOLDER,
                      "volume": 0.0477}),
    (Powder, {"diameter": 0.8, "thickness": 0.1, "packing": 0.6}),
    (draw_back, {"powder": Powder(0.8, 0.08, 0.6), "pad_diameter": 0.4, "liquid": SOLDER,
                 "outside_angle": 120.0, "pad_angle": 0.0}),
    (HolePlate, {"material": "copper", "hole_radius": 0.2, "placement_error": 0.0,
                 "pitch_error": 0.0, "fixed_point": (0.0, 0.0)}),
    (MeltedFoot, {"ball_diameter": 0.45, "pad_radius": 0.19, "melted_fraction": 0.025,
                  "contact_angle": 0.0, "swelling": 1.0, "least_gap": 0.0, "pad_angle": 0.0}),
    (necked_shape, {"foot": MeltedFoot(0.45, 0.19, 0.025), "liquid": SOLDER, "load": 0.0}),
]  # fmt: skip
CASES = [(call, values, name) for call, values in CALLS for name in values]


@pytest.mark.parametrize(
    ("call", "values", "name"), CASES,
    ids=[f"{getattr(call, '__name__', 'call')}-{name}" for call, _, name in CASES],
)  # fmt: skip
def test_what_is_no_number_is_named(
    call: Callable[..., object], values: dict[str, Any], name: str
) -> None:
    """Strings, NaN, infinity and lists: an InputError whose field ends in the argument's name."""
    for wrong in ("thick", nan, inf, -inf, [1.0]):
        if name == "material" and wrong == "thick":
            continue
        with pytest.raises(InputError) as caught:
            call(**{**values, name: wrong})
        named = caught.value.field.rpartition(".")[2]
        assert named == name or name in caught.value.field
        assert caught.value.allowed


@pytest.mark.parametrize(
    ("name", "pads"),
    [("ball_diameter", {"ball_diameter": -0.45}), ("core_diameter", {"core_diameter": 0.46}),
     ("core_diameter", {"core_diameter": 0.44}),
     ("board_pad_diameter", {"board_pad_diameter": 9.0}), ("load", {"load": -0.01})],
)  # fmt: skip
def test_errors_of_cored_joints_name_what_was_given(name: str, pads: dict[str, float]) -> None:
    """Neither shell volumes nor radii of the core, which nobody gave."""
    values = {"ball_diameter": 0.45, "core_diameter": 0.3, **PADS, **pads}
    with pytest.raises(InputError) as caught:
        cored_joint(**values)
    assert caught.value.field == name
