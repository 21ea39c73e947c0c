"""From a sheared model to the result of the test."""

from __future__ import annotations

from collections.abc import Mapping
from math import hypot

from bumpfem.design.making_steps import BallShear
from bumpfem.errors import InputError, MeshError
from bumpfem.meshing import Mesh
from bumpfem.meshing.interfaces import INTERFACES, Interface, named_interfaces
from bumpfem.physics.interface_tractions import InterfaceTractions, interface_tractions
from bumpfem.physics.mechanics import MechanicalModel
from bumpfem.process.chain_record import RegionStress, region_stresses
from bumpfem.process.shear_place import ShearPlace
from bumpfem.process.shear_recorder import ShearRecorder
from bumpfem.process.shear_result import BallShearResult, ShearCurve
from bumpfem.process.shear_settings import BallShearSettings


def shear_outcome(
    model: MechanicalModel,
    mesh: Mesh,
    test: BallShear,
    place: ShearPlace,
    recorder: ShearRecorder,
    settings: BallShearSettings,
) -> BallShearResult:
    """Evaluate a test; the model takes the stress that it had at the highest force.

    Args:
        model: After the test.
        mesh: Its mesh.
        test: Conditions of the test.
        place: Where the tool stood.
        recorder: What was recorded.
        settings: How it was computed.

    Raises:
        InputError: for the strength of something that is not there.
        MeshError: if the ball touches no pad.
    """
    for group in model.solid_groups:
        group.stress[:] = recorder.peak_stress[group.name]
        group.committed_stress[:] = group.stress
    curve, work = recorder.curve(), recorder.work()
    interfaces = {
        name: interface_tractions(mesh, found, model.solid_groups)
        for name, found in solid_interfaces(model, mesh).items()
    }
    if "ball_pad" not in interfaces:
        raise MeshError("a ball shear test needs a ball on a pad of the interposer")
    regions = region_stresses(model)
    used = utilisation(regions, interfaces, settings.strengths)
    return BallShearResult(
        tool_height=test.tool_height,
        speed=test.speed,
        temperature=test.temperature,
        ball_height=place.ball_height,
        pad_area=interfaces["ball_pad"].area,
        curve=curve,
        penetration=recorder.penetration,
        regions=regions,
        interfaces=interfaces,
        utilisation=used,
        inelastic_work=work,
        ball_only=settings.ball_only,
        yields=dict(settings.yields),
        verdict=verdict(curve, work, interfaces, used),
    )


def solid_interfaces(model: MechanicalModel, mesh: Mesh) -> dict[str, Interface]:
    """Named interfaces whose inside is solid now."""
    solid = {group.name for group in model.solid_groups}
    return {
        name: found
        for name, found in named_interfaces(mesh).items()
        if solid & set(INTERFACES[name][0])
    }


def utilisation(
    regions: Mapping[str, RegionStress],
    interfaces: Mapping[str, InterfaceTractions],
    strengths: Mapping[str, float],
) -> dict[str, float]:
    """Largest stress over strength, of what has a strength.

    Raises:
        InputError: for the strength of something that is not there.
    """
    stress = {name: item.von_mises_max for name, item in regions.items()}
    for name, item in interfaces.items():
        stress[name] = hypot(max(item.peel_max, 0.0), item.shear_max)
    for name in strengths:
        if name not in stress:
            known = ", ".join(sorted(stress))
            raise InputError("ball_shear.strengths", name, f"names among {known}")
    return {name: stress[name] / strength for name, strength in strengths.items()}


def verdict(
    curve: ShearCurve,
    work: Mapping[str, float],
    interfaces: Mapping[str, InterfaceTractions],
    used: Mapping[str, float],
) -> str:
    """Where the joint gives way, and what its interfaces must bear for it, in words.

    Args:
        curve: Force over travel.
        work: Dissipated in each flowing region, mJ.
        interfaces: Tractions at the highest force.
        used: Stress over strength of what has a known strength.
    """
    total = sum(work.values())
    where = "nothing has flowed"
    if total > 0.0:
        most = max(work, key=lambda name: work[name])
        where = f"{work[most] / total:.0%} of the dissipated work is done in {most}"
    end = "the force is at its limit load"
    if not curve.levelled:
        end = (
            f"the force still rises by {curve.late_rise:.1%} over the last tenth of the travel: "
            "no limit load is reached"
        )
    peeled = max(interfaces.values(), key=lambda item: item.peel_max)
    sheared = max(interfaces.values(), key=lambda item: item.shear_max)
    weakest = ""
    if used:
        name = max(used, key=lambda name: used[name])
        weakest = f"; the most used is {name}, at {used[name]:.0%} of its strength"
    return (
        f"{where}; {end}; the largest peel is {peeled.peel_max:.0f} MPa on {peeled.name}, "
        f"the largest shear {sheared.shear_max:.0f} MPa on {sheared.name}{weakest}"
    )
