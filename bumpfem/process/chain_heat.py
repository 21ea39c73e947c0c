"""The heated steps of a process chain, on the axisymmetric cell of the same joint."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from mpi4py import MPI

from bumpfem.design import Joint, Package
from bumpfem.design.making import Attach, HeatedStep, Making, Mount, Step
from bumpfem.errors import BumpfemError, ProcessError
from bumpfem.meshing import Mesh, build_mesh
from bumpfem.process.heated_run import HeatedRun, HeatedStage
from bumpfem.process.heated_step import run_heated
from bumpfem.process.neck_oven import NeckOven, seek_neck_oven
from bumpfem.units import FloatArray

#: Factor on the element sizes of the cell for heat: one temperature needs no fine mesh.
HEAT_MESH_SIZE = 2.0


class ChainHeat:
    """Heats one joint again and again; rank 0 computes, all ranks know.

    Args:
        package: Package design.
        joint: Joint design.
        comm: The ranks of the mechanics.
        size: Factor on the element sizes of the axisymmetric cell.
        extrapolate: Whether thermal properties keep their end values beyond their ranges.
    """

    def __init__(
        self,
        package: Package,
        joint: Joint,
        comm: MPI.Intracomm,
        size: float = HEAT_MESH_SIZE,
        *,
        extrapolate: bool = False,
    ) -> None:
        self._extrapolate = extrapolate
        self._package, self._joint, self._comm, self._size = package, joint, comm, size
        self._mesh: Mesh | None = None
        self._sought: dict[str, NeckOven] = {}

    def with_neck_ovens(self, making: Making) -> Making:
        """The steps with an oven that is sought where a neck melts and nothing says by what heat.

        Returns:
            The same steps for a joint without a neck.

        Raises:
            BumpfemError: What :func:`bumpfem.process.neck_oven.seek_neck_oven` raises, on all
                ranks.
        """
        if self._joint.neck is None:
            return making
        steps: list[Step] = []
        for step in making.steps:
            if isinstance(step, Attach | Mount) and step.oven is None and step.programme is None:
                found = self._shared(partial(self._seek, step.kind))
                self._sought[step.kind] = found
                step = step.model_copy(update={"oven": found.oven})
            steps.append(step)
        return making.model_copy(update={"steps": tuple(steps)})

    def run(self, step: HeatedStep, present: Collection[str], cure: float | None) -> HeatedRun:
        """Heat the joint.

        Args:
            step: The step.
            present: Regions that are there or come in this step.
            cure: Degree of cure of the resin at the start; None: as it comes.

        Raises:
            BumpfemError: What :func:`bumpfem.process.heated_step.run_heated` raises, on all ranks.
        """
        return self._shared(lambda: self._heat(step, present, cure))

    def _shared[T](self, compute: Callable[[], T]) -> T:
        """What rank 0 computes, or its error, on all ranks."""
        found: T | None = None
        failure: BumpfemError | None = None
        if self._comm.rank == 0:
            try:
                found = compute()
            except BumpfemError as error:
                failure = error
        failure = self._comm.bcast(failure, root=0)
        if failure is not None:
            raise failure
        known: T | None = self._comm.bcast(found, root=0)
        if known is None:
            raise ProcessError("nothing was heated")
        return known

    def _seek(self, stage: HeatedStage) -> NeckOven:
        return seek_neck_oven(
            self._package, self._joint, stage, self._cell(), extrapolate=self._extrapolate
        )

    def _heat(self, step: HeatedStep, present: Collection[str], cure: float | None) -> HeatedRun:
        mesh = self._cell()
        regions = [name for name in mesh.regions if name in present]
        run = run_heated(
            self._package, self._joint, step.kind, step.heat, mesh, present=regions,
            cure=cure, extrapolate=self._extrapolate,
        )  # fmt: skip
        sought = self._sought.get(step.kind)
        if sought is None or step.oven != sought.oven:
            return run
        return replace(run, remarks=(*run.remarks, sought.sentence))

    def _cell(self) -> Mesh:
        """The axisymmetric cell, on this rank alone."""
        if self._mesh is None:
            self._mesh = build_mesh(
                self._package, self._joint, size=self._size, kind="axisymmetric",
                comm=MPI.COMM_SELF,
            )  # fmt: skip
        return self._mesh


def heated_table(run: HeatedRun, number: int, start: float) -> dict[str, Any]:
    """A heated step as plain data, for figures and checkpoints.

    Args:
        run: The heating.
        number: Place of its step in the chain, from 1.
        start: Time at which it began, s since the start of the chain.

    Returns:
        ``number``, ``stage``, ``start_s``, ``facts`` and the columns ``time_s`` (from the start of
        the step), ``temperature_c``, ``cure``, ``glass_transition_c`` (None without resin that
        cures).
    """
    return {
        "number": number,
        "stage": run.stage,
        "start_s": start,
        "facts": run.facts(),
        "time_s": run.times.tolist(),
        "temperature_c": run.temperature.tolist(),
        "cure": _listed(run.cure),
        "glass_transition_c": _listed(run.glass_transition),
    }


def _listed(values: FloatArray | None) -> list[float] | None:
    return None if values is None else np.asarray(values).tolist()
