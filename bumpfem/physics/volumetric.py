"""Which regions take the mean volumetric strain of each cell."""

from __future__ import annotations

import numpy as np

from bumpfem.physics.groups import RegionLaw, initial_stiffness
from bumpfem.physics.kinematics import Volumetric

#: A volume counts as stiff if its compliance under pressure is below this part of the sum of the
#: axial ones; for an isotropic material the ratio is 1 - 2 nu, so Poisson's ratio above 0.45.
_STIFF_VOLUME = 0.1


def takes_cell_mean(material: RegionLaw, volumetric: Volumetric) -> bool:
    """Whether a region's volumetric strain is averaged over each cell."""
    if volumetric != "by_law":
        return volumetric == "cell_mean"
    if material.law.n_state > 0:
        return True
    compliance = np.linalg.inv(initial_stiffness(material.law, 25.0))[:3, :3]
    return float(compliance.sum()) < _STIFF_VOLUME * float(np.trace(compliance))
