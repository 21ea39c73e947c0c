"""What a process chain leaves behind after each of its steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from mpi4py import MPI

from bumpfem.physics.groups import LawGroup, von_mises
from bumpfem.physics.mechanics import MechanicalModel


@dataclass(frozen=True)
class RegionStress:
    """Stress of one region.

    Attributes:
        von_mises_mean: Volume average of the von Mises stress, MPa.
        von_mises_max: Largest value at an integration point, MPa; it grows with the fineness of
            the mesh where an edge concentrates stress.
        pressure_mean: Volume average of minus the mean normal stress, MPa.
    """

    von_mises_mean: float
    von_mises_max: float
    pressure_mean: float


@dataclass(frozen=True)
class CureRecord:
    """Degree of cure of the resin and its glass transition.

    Attributes:
        mean: Volume average.
        lowest: Smallest value.
        highest: Largest value.
        glass_transition_c: At the mean cure, degrees C.
    """

    mean: float
    lowest: float
    highest: float
    glass_transition_c: float


@dataclass(frozen=True)
class StepRecord:
    """State of the joint after one step of its making.

    Attributes:
        number: Place of the step in the chain, from 1.
        kind: Kind of the step.
        start_s: When it began, s since the start of the chain.
        end_s: When it ended.
        temperature_c: Temperature of the cell at its end, degrees C.
        activity: ``absent``, ``liquid`` or ``solid`` for each region.
        cure: Of the resin, if there is any that cures.
        paste_cure: Of the paste that holds the ball, if there is one that cures.
        regions: Stress of every solid region.
        interfaces: Peel and shear traction along each interface of resin and pad, MPa.
        warpage: Curvature and bow of the released package.
        verdict: Race of wetting against gelation, where the step has one.
        shear_test: Ball-shear test, where the step is one.
        notes: Remarks for the report.
    """

    number: int
    kind: str
    start_s: float
    end_s: float
    temperature_c: float
    activity: Mapping[str, str]
    cure: CureRecord | None = None
    paste_cure: CureRecord | None = None
    regions: Mapping[str, RegionStress] = field(default_factory=dict)
    interfaces: Mapping[str, Any] = field(default_factory=dict)
    warpage: Mapping[str, float] | None = None
    verdict: Mapping[str, Any] | None = None
    shear_test: Mapping[str, Any] | None = None
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Plain data for a file."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> StepRecord:
        """The record that :meth:`as_dict` made plain data of."""
        cures = {name: data[name] for name in ("cure", "paste_cure")}
        return cls(
            **{
                **data,
                **{name: cure and CureRecord(**cure) for name, cure in cures.items()},
                "regions": {name: RegionStress(**item) for name, item in data["regions"].items()},
                "notes": tuple(data["notes"]),
            }
        )


def region_stresses(model: MechanicalModel) -> dict[str, RegionStress]:
    """Stress of every solid region, over all ranks."""
    comm = model.mesh.comm
    return {
        group.name: _region_stress(group, comm)
        for group in model.groups
        if group.activity == "solid"
    }


def _region_stress(group: LawGroup, comm: MPI.Intracomm) -> RegionStress:
    weights = group.operator.weights.ravel()
    equivalent = von_mises(group.committed_stress)
    pressure = -group.committed_stress[:, :3].mean(axis=1)
    volume, mean, push = comm.allreduce(
        np.array([weights.sum(), weights @ equivalent, weights @ pressure])
    )
    highest = comm.allreduce(float(equivalent.max(initial=0.0)), MPI.MAX)
    return RegionStress(float(mean / volume), highest, float(push / volume))
