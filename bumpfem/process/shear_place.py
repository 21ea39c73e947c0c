"""Where the tool of a ball shear test stands on a joint's half cell, and what it may touch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from mpi4py import MPI
from numpy.typing import NDArray

from bumpfem.design import Joint
from bumpfem.design.making import BallShear, Dispense, Making, Mount
from bumpfem.errors import InputError, MeshError
from bumpfem.meshing import Mesh
from bumpfem.physics.exposed_faces import Faces, exposed_faces
from bumpfem.physics.kinematics import DisplacementSpace
from bumpfem.shapes.attached import AttachedShape

#: Regions whose exposed faces a tool can touch: the ball and what stands around its foot.
TOUCHED = (
    "solder", "solder_layer_interposer", "solder_layer_board", "core", "attach", "bump",
    "bump_barrier", "resin", "resin_crown", "mask",
)  # fmt: skip
#: Regions of these that make up the ball itself.
BALL = TOUCHED[:7]
#: The others: a tool that touches the ball alone passes through them, to the ball's faces in them.
CUT = TOUCHED[7:]
#: Regions whose outermost face is the interposer's surface, from which heights are measured.
SURFACE = ("interposer_resist", "interposer")
#: Part of the ball's height above which a shear tool may not stand, JESD22-B117.
LARGEST_TOOL_HEIGHT = 0.25
#: Two heights closer than this are one, mm.
SAME_HEIGHT = 1e-6


@dataclass(frozen=True)
class ShearPlace:
    """Heights of a ball on its interposer and what lies beyond the tool's edge.

    Attributes:
        surface: z of the interposer's outermost face, mm.
        ball_height: Top of the ball over the interposer's outermost face, mm.
        layer_height: Top of the layers at the cell's edge over that face, mm; 0 without layers.
        faces: This rank's exposed faces of ball, resin and mask.
        reach: Mask ``(f, q)`` of their integration points beyond the tool's edge.
    """

    surface: float
    ball_height: float
    layer_height: float
    faces: Faces
    reach: NDArray[np.bool_]


def shear_place(
    mesh: Mesh,
    space: DisplacementSpace,
    solid: Iterable[str],
    tool_height: float,
    *,
    ball_only: bool = False,
) -> ShearPlace:
    """Find the ball and what the tool can touch.

    The interposer's outermost face looks down, so a height h over it is at its z less h. Heights
    are those of the mesh, without displacements.

    Args:
        mesh: Half-cell mesh.
        space: Displacement space on it.
        solid: Regions that are solid now.
        tool_height: Of the tool's lower edge over the interposer's outermost face, mm.
        ball_only: Whether the tool passes through resin and mask and touches the ball alone, also
            where they cover it. A ball in a soft resin is then pushed where a bare one is.

    Raises:
        InputError: for a height above a quarter of the ball, or not above resin or mask.
        MeshError: if there is no ball or no interposer.
    """
    if mesh.kind != "half_cell":
        raise InputError("mesh.kind", mesh.kind, "half_cell")
    known = [name for name in solid if name in mesh.regions]
    ball = [name for name in known if name in BALL]
    surface = next((name for name in SURFACE if name in known), None)
    if not ball or surface is None:
        raise MeshError(f"a ball shear test needs a ball and an interposer; solid are {known}")
    level = _lowest(mesh, [surface])
    ball_height = level - _lowest(mesh, ball)
    edge = mesh.centre_x + 0.5 * mesh.facts.pitch
    layer_height = max(level - _lowest(mesh, _layers(known), beyond_x=edge - SAME_HEIGHT), 0.0)
    check_tool_height(tool_height, ball_height, layer_height)
    touched = ball if ball_only else [name for name in known if name in TOUCHED]
    cover = [name for name in known if not (ball_only and name in CUT)]
    faces = exposed_faces(space, mesh.cells(*touched), mesh.cells(*cover))
    reach = faces.points[:, :, 2] < level - tool_height
    return ShearPlace(level, ball_height, layer_height, faces, reach)


def check_tools(making: Making, joint: Joint, shape: AttachedShape) -> None:
    """Refuse shear tests whose tool stands too high or too low for the shape of a joint.

    Args:
        making: Steps.
        joint: The joint; its film, if it has one, formed.
        shape: Its shape before and after mounting.

    Raises:
        InputError: As :func:`check_tool_height`; names the step by number and kind.
    """
    layer, mounted = 0.0, False
    for number, step in enumerate(making.steps, start=1):
        mounted = mounted or isinstance(step, Mount)
        if isinstance(step, Dispense) and joint.anchor is not None:
            layer = joint.anchor.thickness
        if not isinstance(step, BallShear):
            continue
        try:
            check_tool_height(step.tool_height, shape.height_over_face(mounted), layer)
        except InputError as error:
            raise InputError(
                f"making.steps.{number}.tool_height", error.value, error.allowed, error.unit,
                f"step {number} of {len(making.steps)}, {step.kind}: {error.reason}",
            ) from None  # fmt: skip


def check_tool_height(tool_height: float, ball_height: float, layer_height: float) -> None:
    """Refuse a tool that JESD22-B117 does not allow, or that would shear the layer of resin.

    Args:
        tool_height: Of the tool's edge over the interposer's outermost face, mm.
        ball_height: Of the ball over this face, mm.
        layer_height: Of the layer around the ball over this face, mm; 0 without one.

    Raises:
        InputError: The height is not between layer and a quarter of the ball.
    """
    largest = LARGEST_TOOL_HEIGHT * ball_height
    if layer_height + SAME_HEIGHT < tool_height <= largest + SAME_HEIGHT:
        return
    reason = "JESD22-B117"
    if layer_height >= largest:
        reason = "the layer is thicker than the highest tool that the standard allows"
    raise InputError(
        "ball_shear.tool_height",
        tool_height,
        f"more than {layer_height:.4g} (top of the layer around the ball) and at most "
        f"{largest:.4g} (a quarter of the ball's height of {ball_height:.4g})",
        "mm",
        reason,
    )


def _layers(known: list[str]) -> list[str]:
    return [name for name in known if name in (*SURFACE, "resin", "mask")]


def _lowest(mesh: Mesh, regions: list[str], beyond_x: float = -np.inf) -> float:
    """Lowest z of the nodes of some regions, over all ranks, mm."""
    nodes = mesh.mesh.geometry.x[mesh.mesh.geometry.dofmaps[0][mesh.cells(*regions)]]
    nodes = nodes.reshape(-1, 3)
    lowest = float(nodes[nodes[:, 0] > beyond_x, 2].min(initial=np.inf))
    return float(mesh.mesh.comm.allreduce(lowest, MPI.MIN))
