"""State of a joint after a step of its making, from the model that carries it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
from mpi4py import MPI

from bumpfem.constitutive.curing_law import CuringLaw
from bumpfem.meshing import Mesh
from bumpfem.meshing.interfaces import INTERFACES, named_interface
from bumpfem.physics.interface_tractions import InterfaceTractions, interface_tractions
from bumpfem.physics.mechanics import MechanicalModel
from bumpfem.physics.warpage import warpage
from bumpfem.process.chain_cell import ChainCell
from bumpfem.process.chain_clock import ChainClock
from bumpfem.process.chain_record import CureRecord, StepRecord, region_stresses
from bumpfem.process.chain_remarks import Remarks
from bumpfem.process.heated_cell import PASTE


def record_of(
    cell: ChainCell, number: int, kind: str, start: float, clock: ChainClock, remarks: Remarks
) -> StepRecord:
    """Record of a step that has just ended.

    Args:
        cell: The cell.
        number: Place of the step in the chain, from 1.
        kind: Its kind.
        start: When it began, s.
        clock: Time and temperature now.
        remarks: What the step itself has to say.
    """
    return StepRecord(
        number=number,
        kind=kind,
        start_s=start,
        end_s=clock.time,
        temperature_c=clock.temperature,
        activity={group.name: group.activity for group in cell.model.groups},
        cure=cure_state(cell, "resin"),
        paste_cure=cure_state(cell, PASTE),
        regions=region_stresses(cell.model),
        interfaces=bonded(cell.mesh, cell.model),
        warpage=_warpage(cell),
        verdict=remarks.verdict,
        shear_test=remarks.shear_test,
        notes=tuple(remarks.notes),
    )


def cure_state(cell: ChainCell, region: str) -> CureRecord | None:
    """Degree of cure of a region; None where it is absent or does not cure."""
    if region not in cell.present:
        return None
    group, comm = cell.model.group(region), cell.model.mesh.comm
    if not isinstance(group.law, CuringLaw):
        return None
    cure, weights = group.law.cure(group.state), group.operator.weights.ravel()
    total, volume = comm.allreduce(np.array([weights @ cure, weights.sum()]))
    mean = float(total / volume)
    transition = group.law.curing.glass_transition(np.array([mean]))
    return CureRecord(
        mean,
        float(comm.allreduce(float(cure.min(initial=1.0)), MPI.MIN)),
        float(comm.allreduce(float(cure.max(initial=0.0)), MPI.MAX)),
        float(transition[0]),
    )


def _warpage(cell: ChainCell) -> dict[str, Any] | None:
    """Warpage as plain data; None before anything has been computed, where there is none."""
    if cell.model.time == 0.0:
        return None
    model, width = cell.model, cell.package.body_size[0]
    return asdict(warpage(cell.mesh, model.space, model.groups, width))


def bonded(mesh: Mesh, model: MechanicalModel) -> dict[str, dict[str, Any]]:
    """Tractions along the interfaces both sides of which are solid, as plain data.

    Keys as the attributes of :class:`bumpfem.physics.interface_tractions.InterfaceTractions`.
    """
    solid = {group.name for group in model.solid_groups}
    found = {}
    for name, sides in INTERFACES.items():
        regions = {region for side in sides for region in side if region in mesh.regions}
        if not regions <= solid:
            continue
        interface = named_interface(mesh, name)
        if interface is not None:
            found[name] = _plain(interface_tractions(mesh, interface, model.solid_groups))
    return found


def _plain(tractions: InterfaceTractions) -> dict[str, Any]:
    data = asdict(tractions)
    profile = {name: values.tolist() for name, values in data["profile"].items()}
    return data | {"force": list(data["force"]), "profile": profile}
