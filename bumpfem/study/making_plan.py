"""Which runs a study of making needs: each joint with its history, and without."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bumpfem.design import Joint, Package
from bumpfem.design.making_study import MakingStudy
from bumpfem.errors import MaterialError
from bumpfem.materials import load_material
from bumpfem.process.film_volume import formed_film
from bumpfem.process.heated_cell import PASTE
from bumpfem.process.reflow_outcome import melting_range
from bumpfem.process.setting_resin import SetResin
from bumpfem.study.job import Job
from bumpfem.study.making_job import MakingJob, crown_resin
from bumpfem.study.making_table import before_cycles
from bumpfem.study.making_tools import refuse_tools

#: Coarser mesh and looser steps of the runs for error bars, relative to the reference's.
COARSER, LOOSER = 1.4, 4.0
#: Largest factor on element sizes, and largest tolerance, that a study may have.
_COARSEST, _LOOSEST = 2.5, 0.1


def settings_of(study: MakingStudy) -> list[tuple[float, float]]:
    """Mesh size and tolerance of every run of a joint, the reference first."""
    size, tolerance = study.mesh_size, study.tolerance
    if not study.error_bars:
        return [(size, tolerance)]
    coarse = min(COARSER * size, _COARSEST)
    return [(size, tolerance), (coarse, tolerance), (coarse, min(LOOSER * tolerance, _LOOSEST))]


def making_jobs(study: MakingStudy, package: Package, folder: Path) -> list[MakingJob]:
    """The runs with history, references first; files of a joint's reference in its folder.

    Raises:
        InputError: A joint cannot be made, or a ball shear test of it cannot be done.
    """
    makings, cycle = study.makings(package), study.cycle.thermal_cycle()
    joints = formed_joints(study, package)
    refuse_tools(study, package, joints)
    return [
        MakingJob(
            package=package,
            joint=joint,
            making=makings[joint.name],
            cycle=cycle,
            cycles=study.cycle.cycles,
            mesh_size=size,
            tolerance=tolerance,
            layer_thickness=study.layer_thickness,
            folder=_place(folder / joint.name, number, size, tolerance),
            with_fields=number == 0,
            extrapolate=study.extrapolate,
        )
        for number, (size, tolerance) in enumerate(settings_of(study))
        for joint in joints
    ]


def formed_joints(study: MakingStudy, package: Package) -> list[Joint]:
    """The joints of a study with the shapes that their films make."""
    return [formed_film(package, joint) for joint in study.selected_joints(package)]


def plain_job(made: MakingJob, resins: SetResin | None) -> Job:
    """The run without the history of another: on its mesh, free of stress where solder freezes.

    Args:
        made: The run with history.
        resins: What its making left of its resins; None for a joint without.
    """
    temperature, source = start_without_history(made.joint, made.cycle.maximum)
    return Job(
        package=made.package,
        joint=made.joint,
        cycle=made.cycle,
        cycles=made.cycles,
        stress_free_temperature=temperature,
        mesh_size=made.mesh_size,
        tolerance=made.tolerance,
        layer_thickness=made.layer_thickness,
        folder=made.folder / "without_history",
        with_fields=made.with_fields,
        stress_free_source=source,
        extrapolate=made.extrapolate,
        crown_resin=crown_resin(made.joint),
        resins=resins,
    )


def resins_left(result: Mapping[str, Any]) -> SetResin:
    """What a joint's making left of its resins.

    Args:
        result: ``result.json`` of its run with history.
    """
    start = before_cycles(result) or {}
    cures = {"resin": start.get("cure"), PASTE: start.get("paste_cure")}
    return SetResin(
        result["resin_model"],
        {region: cure["mean"] for region, cure in cures.items() if cure is not None},
        result["shrinkage"],
    )


def start_without_history(joint: Joint, otherwise: float) -> tuple[float, str]:
    """Temperature of no stress of a joint without history, and where it comes from.

    Args:
        joint: Joint design.
        otherwise: Temperature for a joint that no solder holds, degrees C.
    """
    name = joint.solder if joint.bump is None else joint.bump.bond_material
    try:
        span = None if name is None else melting_range(load_material(name))
    except MaterialError:
        span = None
    if span is None:
        return otherwise, "the cycle's maximum"
    return span[0], "where its solder freezes"


def _place(folder: Path, number: int, size: float, tolerance: float) -> Path:
    if number == 0:
        return folder
    return folder / "runs" / f"mesh_{size:g}_tolerance_{tolerance:g}"
