r"""How many times as long one joint lives as another, and how sure that is.

Two joints on meshes of one kind err alike: coarse elements raise the work at the edge of every pad.
What they share leaves their ratio untouched; what differs shows when the ratio is formed on each
mesh and with each tolerance. With the lives :math:`N_a, N_b` of both joints in runs of equal
settings, the bar is that of

.. math:: \rho = \ln (N_a / N_b), \qquad N_a/N_b\, e^{\pm (e_{mesh} + e_{time})},

with both errors from the differences of :math:`\rho` between runs, as those of a single quantity
(:func:`bumpfem.comparison.ranking.numerical_error`). The mesh error is at least the scatter of both
lives between meshes of equal fineness, added: that part is each joint's own and does not cancel.
"""

from __future__ import annotations

import math

from bumpfem.comparison.joint_life import JointLife
from bumpfem.comparison.ranking import (
    ErrorModel,
    Interval,
    Sample,
    logarithmic_error,
    quotient,
)


def life_ratio(
    row: JointLife, other: JointLife, model: ErrorModel | None = None
) -> Interval | None:
    """Life of a joint over that of another, with its bar; see the module.

    Where the joints have no runs of equal settings, or a life has no end, the bar is the worst case
    of both single bars.

    Args:
        row: The joint.
        other: What it is compared with.
        model: Safety factor and order of the error estimate.

    Returns:
        The ratio; None where it has no value.
    """
    if row.life is None or other.life is None:
        return None
    worst = quotient(row.life, other.life)
    if worst is None or not 0.0 < worst.value < math.inf:
        return worst
    shared = sorted(row.lives.keys() & other.lives.keys())
    if not shared or shared[0] != min(row.lives) or shared[0] != min(other.lives):
        return worst
    pairs = {setting: (row.lives[setting], other.lives[setting]) for setting in shared}
    samples = [
        Sample(*setting, math.log(first / second))
        for setting, (first, second) in pairs.items()
        if 0.0 < first < math.inf and 0.0 < second < math.inf
    ]
    error = logarithmic_error(samples, model)
    if math.isinf(error.total):
        return worst
    spread = math.exp(max(error.mesh, row.scatter + other.scatter) + error.time)
    return Interval(worst.value / spread, worst.value, worst.value * spread)
