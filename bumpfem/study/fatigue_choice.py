"""Whether a fatigue law can take what the runs of a study give, before anything is computed."""

from __future__ import annotations

from collections.abc import Sequence

from bumpfem.design import Joint, Package
from bumpfem.errors import InputError
from bumpfem.fatigue import CycleMeasures, FatigueLaw, load_fatigue_law
from bumpfem.materials import load_law_set
from bumpfem.process.region_materials import assign_materials

#: Stands for any run.
_EVERY_MEASURE = CycleMeasures(
    delta_w_mpa=0.1,
    inelastic_strain_accumulated=0.01,
    shear_strain_range=0.01,
    crack_length_mm=0.3,
    mean_temperature_c=40.0,
    dwell_minutes=10.0,
    creep_strain_parts=(0.005, 0.005),
    averaging_volume="solder_layer_interposer",
)


def usable_law(name: str, package: Package, joints: Sequence[Joint]) -> FatigueLaw:
    """A fatigue law that the runs of some joints can feed.

    Args:
        name: Name of the law's parameter set.
        package: Package design.
        joints: Joints of the study.

    Raises:
        InputError: An unknown law, one that needs a measure which no run has, or one of two creep
            mechanisms where the solder of a joint creeps by one.
    """
    law = load_fatigue_law(name)
    law.life(_EVERY_MEASURE)
    if law.measure == "creep_strain_parts":
        _check_mechanisms(package, joints, law.name)
    return law


def _check_mechanisms(package: Package, joints: Sequence[Joint], law: str) -> None:
    """Refuse a fatigue law of two creep mechanisms where the solder creeps by one.

    Raises:
        InputError: naming the joint and its law.
    """
    for joint in joints:
        for item in assign_materials(package, joint, ("solder",)):
            used = "none" if item.law is None else load_law_set(item.law).law
            if used != "double_power":
                raise InputError(
                    "fatigue.law",
                    law,
                    "a law of the whole inelastic strain or work",
                    reason=f"joint {joint.name}: it needs the two mechanisms of a double power "
                    f"law, {item.material} follows {used}; set solder_law",
                )
