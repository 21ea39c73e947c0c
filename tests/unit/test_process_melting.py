"""Joints that could not be made are refused when their materials are assigned."""

from __future__ import annotations

import pytest

from bumpfem.design import Core, Joint, Mask, Package
from bumpfem.errors import InputError, MaterialError
from bumpfem.process.region_materials import assign_materials


def test_core_must_not_melt_with_its_shell(pbga: Package) -> None:
    """SnPb melts at 183 C, its SAC305 shell at 220 C; 95Pb5Sn melts at 308 C."""
    low = Joint(
        name="low", ball_diameter=0.45, solder="sac305",
        core=Core(diameter=0.3, material="sn63pb37"),
    )  # fmt: skip
    with pytest.raises(MaterialError, match="melts at 183 C"):
        assign_materials(pbga, low, ["solder", "core"])
    high = Joint(
        name="high", ball_diameter=0.45, solder="sac305",
        core=Core(diameter=0.3, material="pb95sn5"),
    )  # fmt: skip
    laws = {item.region: item.law for item in assign_materials(pbga, high, ["solder", "core"])}
    assert laws["solder"] == "anand_sac305_motalab_2012"
    assert laws["core"] is not None


def test_solder_must_be_a_solder(pbga: Package) -> None:
    joint = Joint(name="odd", ball_diameter=0.45, solder="copper")
    with pytest.raises(MaterialError, match="copper is a metal, not a solder"):
        assign_materials(pbga, joint, ["solder"])


def test_fixing_agent_must_let_go_before_the_solder_melts(pbga: Package) -> None:
    fields = pbga.joint("masked").mask
    assert fields is not None
    for temperature, fits in ((150.0, True), (250.0, False)):
        mask = Mask(**{**fields.model_dump(), "release_temperature": temperature})
        joint = Joint(name="held", ball_diameter=0.45, solder="sac305", mask=mask)
        if fits:
            assign_materials(pbga, joint, ["solder", "mask"])
        else:
            with pytest.raises(InputError, match="release_temperature"):
                assign_materials(pbga, joint, ["solder", "mask"])
