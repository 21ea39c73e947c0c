"""When something happens to resin or paste in a heated step of a process chain."""

from __future__ import annotations

import numpy as np
from mpi4py import MPI

from bumpfem.constitutive.curing_elastic import CureHardening
from bumpfem.constitutive.curing_law import CuringLaw
from bumpfem.physics.groups import LawGroup
from bumpfem.physics.mechanics import MechanicalModel
from bumpfem.process.heated_run import HeatedRun
from bumpfem.solvers.history import TemperatureHistory

#: Temperature below the highest of a heating at which a paste whose cure is not computed sets, K.
BELOW_PEAK = 1.0


def about_to_gel(group: LawGroup, history: TemperatureHistory, comm: MPI.Intracomm) -> float | None:
    """Time at which a liquid region is about to gel by its own law, s; None where it does not.

    Args:
        group: The region; its most cured point counts.
        history: Temperature of the cell.
        comm: The ranks that share the region.
    """
    if group.activity != "liquid" or not isinstance(group.law, CuringLaw):
        return None
    own = float(group.law.cure(group.state).max(initial=0.0))
    cure = float(comm.allreduce(own, MPI.MAX))
    return group.law.gel_time(history.times, history.temperatures, cure)


def end_of_peak(run: HeatedRun) -> float:
    """Last time at which a heating is within ``BELOW_PEAK`` of its highest temperature, s."""
    hot = np.flatnonzero(run.temperature >= run.temperature.max() - BELOW_PEAK)
    return float(run.times[hot[-1]])


def hottest_time(run: HeatedRun) -> float:
    """Time of the highest temperature, s: a film is molten then."""
    return float(run.times[int(np.argmax(run.temperature))])


def unrelaxed(model: MechanicalModel, hottest: float) -> list[str]:
    """Remark on resins that cycles soften, with a law that does not relax.

    Args:
        model: The model as the cycles begin.
        hottest: Highest temperature of the cycles, degrees C.
    """
    found = []
    for group in model.solid_groups:
        law = group.law
        if not isinstance(law, CureHardening):
            continue
        own = float(law.glass_transition(group.state).min(initial=np.inf))
        transition = float(model.mesh.comm.allreduce(own, MPI.MIN))
        if hottest > transition - 0.5 * law.moduli.transition_width:
            found.append(
                f"{group.name}: the cycles reach {hottest:g} degC, within its glass transition at "
                f"{transition:.0f} degC; cure_hardening does not relax there: take maxwell"
            )
    return found
