"""Height and tilt at which a package floats on its molten joints.

The package is rigid: joint i at (x_i, y_i) stands ``h_i = H + a x_i + b y_i + d_i`` high, with the
slopes a, b and a given offset d_i (warpage). Each carries the force F_i(h_i) of its own volume and
pads; height and slopes follow from

``sum F_i = W``, ``sum F_i x_i = W x_g``, ``sum F_i y_i = W y_g``

by Newton's method with the stiffness ``sum K_i [1, x, y] [1, x, y]^T``, which must stay positive.
Pads count as parallel within each joint: slopes are small.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import atan, degrees

import numpy as np

from bumpfem.design import Joint, Package
from bumpfem.errors import ConvergenceError, InputError
from bumpfem.shapes.capillary.liquid import GRAM_MM_PER_S2, STANDARD_GRAVITY, Liquid
from bumpfem.shapes.capillary.mounted import RESIST_CONTACT_ANGLE, MountedJoint, mounted_joint
from bumpfem.shapes.checks import check_kind, check_number, check_pair
from bumpfem.shapes.melt import molten
from bumpfem.shapes.site import Site
from bumpfem.shapes.weight import package_mass
from bumpfem.units import FloatArray

#: Newton steps before giving up.
MOST_STEPS = 30
#: Largest change of any stand-off in a step, relative to the least stand-off.
LARGEST_STEP = 0.25
#: Largest unbalanced force, relative to weight (or to the largest force of a joint).
TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class JointField:
    """The molten joints below a package.

    Args:
        positions: x and y from the package's origin, mm, shape (n, 2).
        volumes: Solder between the planes of the pads, mm3, shape (n,).
        board_pads: Wetted diameters at the board, mm, shape (n,).
        interposer_pads: Wetted diameters at the package, mm, shape (n,).
        offsets: Stand-off of each joint over the plane of the package, mm, shape (n,).
        liquid: The molten solder.
        resist_contact_angle: Contact angle on the resist, degrees.

    Raises:
        InputError: If shapes differ, or there are fewer than three joints or all on one line.
    """

    positions: FloatArray
    volumes: FloatArray
    board_pads: FloatArray
    interposer_pads: FloatArray
    offsets: FloatArray
    liquid: Liquid
    resist_contact_angle: float = RESIST_CONTACT_ANGLE

    def __post_init__(self) -> None:
        count = len(self.positions)
        if self.positions.shape != (count, 2):
            raise InputError("positions", self.positions.shape, "shape (n, 2)")
        for name in ("volumes", "board_pads", "interposer_pads", "offsets"):
            values = getattr(self, name)
            if values.shape != (count,) or not np.isfinite(values).all():
                raise InputError(name, values.shape, f"{count} finite numbers")
        if np.linalg.matrix_rank(self.levers) < 3:
            raise InputError("positions", count, "three joints or more, not on one line")

    @property
    def levers(self) -> FloatArray:
        """Rows (1, x, y), shape (n, 3)."""
        return np.column_stack((np.ones(len(self.positions)), self.positions))

    @classmethod
    def alike(
        cls,
        positions: FloatArray,
        volume: float,
        board_pad: float,
        interposer_pad: float,
        liquid: Liquid,
    ) -> JointField:
        """Joints of one volume and one pair of pads at given positions."""
        ones = np.ones(len(positions))
        return cls(
            positions, volume * ones, board_pad * ones, interposer_pad * ones, 0.0 * ones, liquid
        )

    @classmethod
    def of(cls, package: Package, joint: Joint) -> JointField:
        """The joints of a package, all as designed."""
        site = Site.of(package, joint)
        return cls.alike(
            package.joint_positions(), joint.solder_volume - site.plug_volume,
            2.0 * site.board.wetted_radius, 2.0 * site.interposer.wetted_radius,
            molten(joint.solder),
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class FloatingPackage:
    """A package in equilibrium on its molten joints.

    Args:
        height: Stand-off at the origin of the positions, mm.
        slopes: Rise of the stand-off per length along x and y.
        joints: The joints, in the order of their positions.
        stiffness: Of height and slopes, N/mm, N and N mm, shape (3, 3).
        steps: Newton steps taken.
    """

    height: float
    slopes: tuple[float, float]
    joints: tuple[MountedJoint, ...]
    stiffness: FloatArray
    steps: int

    @property
    def tilt(self) -> tuple[float, float]:
        """Angles of the package about the y axis (rise along x) and the x axis, degrees."""
        return degrees(atan(self.slopes[0])), degrees(atan(self.slopes[1]))

    @property
    def standoffs(self) -> FloatArray:
        """Stand-offs of all joints, mm, shape (n,)."""
        return np.array([joint.standoff for joint in self.joints])

    @property
    def forces(self) -> FloatArray:
        """Forces of all joints, N, shape (n,)."""
        return np.array([joint.force for joint in self.joints])

    @property
    def lateral_stiffness(self) -> float:
        """Restoring force of all joints over a sideways shift of the package, N/mm."""
        return sum(joint.lateral_stiffness for joint in self.joints)


def weight_of(package: Package) -> float:
    """Weight of a package, N.

    Raises:
        MaterialError: A material has no density.
    """
    return package_mass(package) * STANDARD_GRAVITY * GRAM_MM_PER_S2


def float_package(
    field: JointField, weight: float, centre_of_gravity: tuple[float, float] = (0.0, 0.0)
) -> FloatingPackage:
    """Height and tilt of a package on its molten joints.

    Args:
        field: The joints.
        weight: Weight of the package, N.
        centre_of_gravity: Its place in the axes of the positions, mm.

    Raises:
        InputError: If a joint has no stable shape at its stand-off (too small to bridge it), or
            the package tips over.
        ConvergenceError: If Newton's method does not settle.
    """
    check_kind("field", field, JointField)
    check_number("weight", weight, "N")
    check_pair("centre_of_gravity", centre_of_gravity, "mm")
    levers = field.levers
    wanted = weight * np.array([1.0, *centre_of_gravity])
    mean = mounted_joint(
        float(field.volumes.mean()), float(field.board_pads.mean()),
        float(field.interposer_pads.mean()), field.liquid,
        load=weight / len(levers), resist_contact_angle=field.resist_contact_angle,
    )  # fmt: skip
    state = np.array([mean.standoff - float(field.offsets.mean()), 0.0, 0.0])
    joints: tuple[MountedJoint, ...] = (mean,) * len(levers)
    reach = float(np.abs(levers).max())
    for step in range(1, MOST_STEPS + 1):
        joints = _joints_at(field, levers @ state + field.offsets, joints)
        forces = np.array([joint.force for joint in joints])
        stiffness = levers.T * [joint.vertical_stiffness for joint in joints] @ levers
        if np.linalg.eigvalsh(stiffness)[0] <= 0.0:
            raise InputError(
                "centre_of_gravity", centre_of_gravity, "a place nearer to the middle", "mm",
                "the package tips over on its molten joints",
            )  # fmt: skip
        unbalanced = levers.T @ forces - wanted
        change = np.linalg.solve(stiffness, unbalanced)
        scale = max(abs(weight), float(np.abs(forces).max())) * reach
        if float(np.abs(unbalanced).max()) <= TOLERANCE * scale:
            slopes = (float(state[1]), float(state[2]))
            return FloatingPackage(float(state[0]), slopes, joints, stiffness, step)
        least = min(joint.standoff for joint in joints)
        largest = float(np.abs(levers @ change).max())
        state = state + min(1.0, LARGEST_STEP * least / largest) * change
    raise ConvergenceError(f"the package finds no equilibrium in {MOST_STEPS} steps")


def _joints_at(
    field: JointField, standoffs: FloatArray, known: tuple[MountedJoint, ...]
) -> tuple[MountedJoint, ...]:
    """All joints at given stand-offs; equal ones are solved once.

    Raises:
        InputError: If one has no stable shape; says which.
    """
    solved: dict[tuple[float, ...], MountedJoint] = {}
    found = []
    rows = zip(standoffs, field.volumes, field.board_pads, field.interposer_pads, strict=True)
    for index, (row, guess) in enumerate(zip(rows, known, strict=True)):
        standoff, volume, board, interposer = (float(value) for value in row)
        key = (round(standoff, 13), volume, board, interposer)
        if key not in solved:
            try:
                solved[key] = mounted_joint(
                    volume, board, interposer, field.liquid, standoff=standoff, guess=guess,
                    resist_contact_angle=field.resist_contact_angle,
                )  # fmt: skip
            except InputError as error:
                raise InputError(
                    f"joint {index}: {error.field}", error.value, error.allowed, error.unit,
                    error.reason,
                ) from error  # fmt: skip
        found.append(solved[key])
    return tuple(found)
