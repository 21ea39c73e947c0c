r"""Curvature and bow that the cell's stress would give the package if its sides were let go.

The sides of the cell are held flat. What its slabs carry per width, averaged over its area A,

.. math:: N = \frac1A \int \sigma\, dV, \qquad M = \frac1A \int \sigma\, (z - z_0)\, dV, \qquad
          \sigma = \tfrac12 (\sigma_{xx} + \sigma_{yy}),

bends them when they are let go, by the layered plate's stiffness
:math:`D = \frac1A \int E_b\, (z - z_0)^2 dV` about its neutral plane :math:`z_0`, where
:math:`\int E_b (z - z_0)\, dV = 0` with the biaxial modulus :math:`E_b` of each slab as it is now:

.. math:: \varepsilon = -\frac{N A}{\int E_b\, dV}, \qquad \kappa = -\frac{M}{D}, \qquad
          \text{bow over the length } \ell:\ \kappa\, \ell^2 / 8 .

Sign: positive where the upper side (away from the solder joints) expands more than the lower one:
with the joints below, the middle of the package stands higher than its edges.

Before mounting, all that hangs on the interposer belongs to what carries; of solder and pads only
stress counts, not stiffness. Once a board is there, solder and core are left out: what is found is
the package's own share, held by joints that are thought soft against bending.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bumpfem.errors import InputError, ProcessError
from bumpfem.meshing import Mesh
from bumpfem.meshing.names import INTERPOSER_SIDE
from bumpfem.physics.groups import LawGroup
from bumpfem.physics.kinematics import DisplacementSpace
from bumpfem.units import FloatArray

#: Components of stress along the slabs and across them, in 3D and in an axisymmetric cell.
_ALONG = {3: (0, 1), 2: (0, 2)}
#: Regions that belong to the board or hang from the interposer.
_BOARD = ("board", "board_pad", "board_resist")
_HANGING = ("solder", "solder_layer_interposer", "solder_layer_board", "core", "resin_crown",
            "bump", "bump_barrier", "attach")  # fmt: skip


@dataclass(frozen=True)
class Warpage:
    """What the package's slabs carry, and how they would bend.

    Attributes:
        force: Mean of the two directions, per width, N/mm; tension positive.
        moment: About the neutral plane, per width, N (N mm per mm).
        moment_along: The same along x and y; radial and hoop in an axisymmetric cell.
        neutral_height: Height of the neutral plane in the cell, mm.
        strain: In the neutral plane, that the release adds.
        curvature: 1/mm; see the module for its sign.
        bow_over_pitch: Rise of the middle over one pitch, um.
        bow_over_package: The same over the package's width, um, at uniform curvature.
    """

    force: float
    moment: float
    moment_along: tuple[float, float]
    neutral_height: float
    strain: float
    curvature: float
    bow_over_pitch: float
    bow_over_package: float


def warpage(
    mesh: Mesh, space: DisplacementSpace, groups: Sequence[LawGroup], package_width: float
) -> Warpage:
    """Warpage from the committed stress and the present stiffness of a cell.

    Args:
        mesh: Half cell or axisymmetric cell.
        space: Displacement space of the mechanical model.
        groups: Its groups.
        package_width: Width of the package, mm.

    Raises:
        InputError: If the width is not positive.
        ProcessError: If no slab is stiff: the model has not been evaluated yet.
    """
    if package_width <= 0.0:
        raise InputError("package_width", package_width, "> 0", "mm")
    mounted = _anywhere(mesh, [g.activity == "solid" for g in groups if g.name in _BOARD])
    carrying = {*INTERPOSER_SIDE, "interposer_pad", *(() if mounted else _HANGING)}
    dimension = mesh.mesh.geometry.dim
    along = _ALONG[dimension]
    resultants, stiffness = np.zeros((2, 2)), np.zeros(3)
    for group in groups:
        cells = group.operator.cells
        if group.name not in carrying or group.activity != "solid" or not len(cells):
            continue
        weights = group.operator.weights
        heights = space.point_coordinates(cells)[..., dimension - 1]
        stress = group.committed_stress.reshape(*weights.shape, 6)[..., along]
        resultants += np.einsum("ncq,cqk->nk", np.stack([weights, weights * heights]), stress)
        if group.name in INTERPOSER_SIDE:
            modulus = biaxial_modulus(group, dimension)
            stiffness += [modulus * float((weights * heights**n).sum()) for n in (0, 1, 2)]
    area = mesh.facts.pitch**2 * (0.5 if mesh.kind == "half_cell" else 1.0)
    comm = mesh.mesh.comm
    force, moment = comm.allreduce(resultants) / area
    stretching, coupling, bending = comm.allreduce(stiffness) / area
    if stretching <= 0.0:
        raise ProcessError("no slab of the package is stiff: evaluate the model first")
    neutral = coupling / stretching
    own = moment - neutral * force
    curvature = -float(own.mean()) / float(bending - neutral * coupling)
    return Warpage(
        force=float(force.mean()),
        moment=float(own.mean()),
        moment_along=(float(own[0]), float(own[1])),
        neutral_height=float(neutral),
        strain=-float(force.mean()) / float(stretching),
        curvature=curvature,
        bow_over_pitch=bow(curvature, mesh.facts.pitch),
        bow_over_package=bow(curvature, package_width),
    )


def bow(curvature: float, length: float) -> float:
    """Rise of the middle of a length over its ends, um.

    Args:
        curvature: 1/mm.
        length: mm.

    >>> bow(1e-4, 20.0)
    5.0
    """
    return 1e3 * curvature * length**2 / 8.0


def biaxial_modulus(group: LawGroup, dimension: int) -> float:
    """Stress over strain of a slab stretched alike along both of its directions, MPa.

    From the mean tangent of the last evaluation, with no stress across the slab; E/(1 - nu) of an
    isotropic material, 0 of one without stiffness.
    """
    tangent = _mean_tangent(group)
    if np.linalg.norm(tangent) <= 0.0:
        return 0.0
    first, second = _ALONG[dimension]
    compliance = np.linalg.inv(tangent)
    both = compliance[first, first] + compliance[second, second] + 2.0 * compliance[first, second]
    return float(2.0 / both)


def _mean_tangent(group: LawGroup) -> FloatArray:
    """Mean of the tangents at this rank's points (6, 6), MPa."""
    if len(group.tangent) == 1:
        return np.asarray(group.tangent[0])
    return np.asarray(np.average(group.tangent, axis=0, weights=group.operator.weights.ravel()))


def _anywhere(mesh: Mesh, answers: Sequence[bool]) -> bool:
    return any(mesh.mesh.comm.allgather(any(answers)))
