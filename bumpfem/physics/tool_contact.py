r"""Contact of a body with a rigid flat tool that is pushed along x.

The tool is a vertical plane at :math:`x_t(t) = x_0 + d\,v\,t`, moving in direction d = +1 or -1 at
the speed v, with a lower edge: only what lies beyond the edge can be touched. Without friction the
tool exerts a pressure along x; where a point of the surface would lie behind the plane,

.. math:: p = k \langle d\,(x_t - X_x - u_x) \rangle, \qquad
          f = d \int p\, dA, \qquad p \ge 0,

a regularised unilateral contact: the penetration :math:`p / k` shrinks as the penalty k grows. The
integral runs over what faces the tool of the undeformed surface (small strains), at the integration
points of its faces: lumped at nodes, second-order faces would carry a uniform pressure unevenly,
for the shape functions of their corners have no integral.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from mpi4py import MPI
from numpy.typing import NDArray

from bumpfem.errors import InputError
from bumpfem.physics.exposed_faces import Faces
from bumpfem.physics.kinematics import DisplacementSpace, IntArray
from bumpfem.units import FloatArray

#: Surfaces whose normal is closer to the plane across x than this (sine) do not face the tool.
_EDGEWISE = 1e-6


@dataclass(frozen=True)
class Tool:
    """A rigid plane across x.

    Attributes:
        direction: Of its motion along x, +1 or -1.
        start: Position at time zero, mm.
        speed: Of its motion, mm/s.
        start_time: Time at which it starts to move, s.
    """

    direction: float
    start: float
    speed: float
    start_time: float = 0.0

    def __post_init__(self) -> None:
        """Check direction and speed.

        Raises:
            InputError: for another direction, or a speed that is not positive.
        """
        if self.direction not in (-1.0, 1.0):
            raise InputError("tool.direction", self.direction, "+1 or -1")
        if not self.speed > 0.0:
            raise InputError("tool.speed", self.speed, "> 0", "mm/s")

    def travelled(self, time: float) -> float:
        """Way since the start, mm."""
        return self.speed * max(time - self.start_time, 0.0)

    def position(self, time: float) -> float:
        """Place of the plane, mm."""
        return self.start + self.direction * self.travelled(time)


class ToolContact:
    """Contact of exposed faces with a tool.

    Args:
        space: Displacement space.
        faces: This rank's faces that the tool may touch.
        tool: The tool.
        penalty: Pressure per penetration, MPa/mm.
        reach: Mask ``(f, q)`` of the integration points beyond the tool's edge; None for all.

    Attributes:
        penalty: As given; may be changed between increments.
        unknowns: ``(f, 6)`` local unknowns of the faces, along x.
        stiffness: ``(f, 6, 6)`` of the last evaluation, N/mm.
        pressure: ``(f, q)`` of the last evaluation, MPa; never negative.
    """

    def __init__(
        self,
        space: DisplacementSpace,
        faces: Faces,
        tool: Tool,
        penalty: float,
        reach: NDArray[np.bool_] | None = None,
    ) -> None:
        if not penalty > 0.0:
            raise InputError("tool.penalty", penalty, "> 0", "MPa/mm")
        self.tool, self.penalty, self._comm = tool, penalty, space.mesh.comm
        facing = facing_points(faces, tool.direction, reach)
        used = np.flatnonzero(facing.any(axis=1))
        kept, facing = faces.chosen(used), facing[used]
        self._shape = kept.shape
        self._weights = np.where(facing, np.linalg.norm(kept.area, axis=2), 0.0)
        self._across = np.where(facing, np.abs(kept.area[:, :, 0]), 0.0)
        self._points = kept.points
        self.unknowns: IntArray = (kept.nodes * space.dimension).astype(np.int32)
        self.stiffness = np.zeros((len(used), 6, 6))
        self.pressure = np.zeros(self._weights.shape)
        self._penetration = np.zeros(self._weights.shape)
        self._forces = np.zeros((len(used), 6))

    def evaluate(self, u: FloatArray, time: float) -> None:
        """Pressure, force and stiffness at displacement ``u`` and ``time``, s."""
        direction = self.tool.direction
        place = self._points[:, :, 0] + np.einsum("fqn,fn->fq", self._shape, u[self.unknowns])
        depth = direction * (self.tool.position(time) - place)
        touching = np.where(depth > 0.0, self._weights, 0.0)
        self._penetration = np.where(touching > 0.0, depth, 0.0)
        self.pressure = self.penalty * self._penetration
        self._forces = -direction * np.einsum(
            "fq,fqn->fn", self._weights * self.pressure, self._shape
        )
        self.stiffness = self.penalty * np.einsum(
            "fq,fqn,fqm->fnm", touching, self._shape, self._shape
        )

    def add_force(self, force: FloatArray) -> None:
        """Add the out-of-balance force of the contact, this rank's part, to ``force``."""
        np.add.at(force, self.unknowns, self._forces)

    def resultant(self) -> float:
        """Force of the tool in its direction, N, on the whole mesh."""
        return float(self._comm.allreduce(float((self._weights * self.pressure).sum()), MPI.SUM))

    def area(self) -> float:
        """Touched area across x, mm2."""
        touched = float(self._across[self.pressure > 0.0].sum())
        return float(self._comm.allreduce(touched, MPI.SUM))

    def centre(self) -> FloatArray:
        """Point ``(3,)`` of the undeformed body through which the resultant goes, mm; NaN if none.

        The mean position of the pressure; along the tool's way any point would do.
        """
        forces = self._weights * self.pressure
        own = np.append(np.einsum("fq,fqi->i", forces, self._points), forces.sum())
        summed = np.asarray(self._comm.allreduce(own, MPI.SUM))
        return np.asarray(summed[:3] / summed[3] if summed[3] > 0.0 else np.full(3, np.nan))

    def deepest(self) -> float:
        """Largest penetration, mm."""
        own = float(self._penetration.max(initial=0.0))
        return float(self._comm.allreduce(own, MPI.MAX))


def facing_points(
    faces: Faces, direction: float, reach: NDArray[np.bool_] | None = None
) -> NDArray[np.bool_]:
    """Which integration points ``(f, q)`` face a tool that moves in ``direction``, within reach."""
    facing = -direction * faces.area[:, :, 0] > _EDGEWISE * np.linalg.norm(faces.area, axis=2)
    return np.asarray(facing if reach is None else facing & reach)


def first_touch(
    space: DisplacementSpace,
    faces: Faces,
    u: FloatArray,
    direction: float,
    reach: NDArray[np.bool_] | None = None,
) -> float:
    """Place at which a tool moving in ``direction`` first touches the displaced faces, mm.

    Raises:
        InputError: if nothing lies beyond the tool's edge on any rank.
    """
    facing = facing_points(faces, direction, reach)
    place = faces.points[:, :, 0] + np.einsum(
        "fqn,fn->fq", faces.shape, u[faces.nodes * space.dimension]
    )
    nearest = float(np.max(-direction * place[facing], initial=-np.inf))
    found = float(space.mesh.comm.allreduce(nearest, MPI.MAX))
    if not np.isfinite(found):
        raise InputError("tool", "no face", "a tool edge below the top of the body")
    return -direction * found


def contact_penalty(
    space: DisplacementSpace,
    faces: Faces,
    direction: float,
    stiffness: float,
    ratio: float,
) -> float:
    """Penalty for faces of a material with a modulus ``stiffness`` in MPa, MPa/mm.

    The ratio times the modulus over the size of a typical face that faces the tool: a pressure p
    sinks in by p / (ratio * modulus) of a face.
    """
    areas = np.linalg.norm(faces.area, axis=2).sum(axis=1)
    facing = areas[facing_points(faces, direction).any(axis=1)]
    comm = space.mesh.comm
    total = float(comm.allreduce(float(facing.sum()), MPI.SUM))
    count = int(comm.allreduce(len(facing), MPI.SUM))
    if not count:
        raise InputError("tool", "no face", "faces that face the tool")
    return ratio * stiffness / float(np.sqrt(total / count))
