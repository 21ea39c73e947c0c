r"""Equilibrium found again after a part of the body was taken away or has melted.

The nodes first carry the force :math:`f_0` that is out of balance without the part; it is let go in
increments, :math:`f_{int}(u) = s f_0` with s from 1 down to 0, at constant temperature and in no
time: nothing creeps, what yields does so along the path.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

import numpy as np
from mpi4py import MPI

from bumpfem.errors import ConvergenceError
from bumpfem.physics.mechanics import MechanicalModel
from bumpfem.solvers.newton import NewtonSettings, NewtonSolver
from bumpfem.units import FloatArray

_log = logging.getLogger(__name__)

#: Smallest part of the force that is let go at once before a failure is final.
SMALLEST_PART = 1.0 / 256.0


@dataclass(frozen=True)
class SettleReport:
    """How equilibrium was found again.

    Attributes:
        handed_over: Norm of the force out of balance before, N.
        residual: The same after, N.
        increments: Increments in which it was let go.
        rejected: Increments repeated with a smaller part.
        moved: Largest displacement in doing so, mm.
    """

    handed_over: float
    residual: float
    increments: int
    rejected: int
    moved: float


def settle(
    model: MechanicalModel, temperature: float, settings: NewtonSettings | None = None
) -> SettleReport:
    """Bring ``model`` back to equilibrium at constant temperature and without time passing.

    Args:
        model: A model after :meth:`MechanicalModel.change`.
        temperature: The one that it has reached, degrees C.
        settings: Limits of Newton's method.

    Raises:
        ConvergenceError: if even the smallest part cannot be let go; the model then keeps what
            was let go before, and nothing of the rest.
    """
    solver = NewtonSolver(model, settings or NewtonSettings())
    start, u = model.u.copy(), model.u.copy()
    model.begin(0.0, None)
    handed_over, _ = solver.evaluate(u, temperature)
    unbalanced, _ = model.forces()
    carried, part, increments, rejected = 1.0, 1.0, 0, 0
    try:
        while carried > 0.0:
            wanted = max(carried - part, 0.0)
            model.carried = wanted * unbalanced
            u = model.u.copy()
            model.begin(0.0, None)
            try:
                solver.solve(u, temperature)
            except ConvergenceError as failure:
                rejected += 1
                part *= 0.5
                _log.info("settling at %.4g C in parts of %.3g: %s", temperature, part, failure)
                if part < SMALLEST_PART:
                    raise ConvergenceError(
                        f"no equilibrium at {temperature:.4g} C after a part was taken away: "
                        f"{carried:.1%} of its load cannot be handed over: {failure}"
                    ) from failure
                continue
            model.commit(u)
            carried, increments = wanted, increments + 1
    finally:
        model.carried = None
    residual, _ = solver.evaluate(u, temperature)
    return SettleReport(
        handed_over, residual, increments, rejected, _largest(model, model.u - start)
    )


def _largest(model: MechanicalModel, change: FloatArray) -> float:
    """Largest component on all ranks."""
    own = float(np.abs(change).max(initial=0.0))
    return float(model.mesh.comm.allreduce(own, MPI.MAX))
