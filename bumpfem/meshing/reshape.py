"""Move the nodes of a joint's mesh to a slightly different shape of the same joint.

Two meshes of one joint that differ in detail scatter more than a small change of shape is worth. To
see what such a change does, the same elements are moved instead of made anew.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from bumpfem.errors import MeshError
from bumpfem.meshing.mesh import Mesh
from bumpfem.shapes import JointShape
from bumpfem.units import FloatArray

#: Part of the stand-off at either pad that is moved as a whole.
KEPT = 0.1
#: Heights at which the outlines are compared.
SAMPLES = 801


def reshape(mesh: Mesh, old: JointShape, new: JointShape) -> Mesh:
    r"""Move a mesh, in place, from one shape of a joint to another of the same topology.

    With the outlines :math:`R(z)` and :math:`R'(z')` and heights mapped linearly between the parts
    next to the pads, :math:`z \to z'` and :math:`r \to r\,[1 + w\,(R'/R - 1)]`; w is 1 inside the
    joint and falls to 0 at the joint's inner radius. Pads, resists and slabs keep their form.

    Args:
        mesh: Half cell or axisymmetric cell of the old shape; its nodes are moved.
        old: Its shape.
        new: The shape wanted.

    Returns:
        The same mesh with the stand-off of the new shape.

    Raises:
        MeshError: If the shapes are so different that the joint would be turned inside out.
    """
    coordinates = mesh.mesh.geometry.x
    plane = coordinates[:, :2] if mesh.kind == "half_cell" else coordinates[:, :1]
    away = plane - np.array([mesh.centre_x, 0.0])[: plane.shape[1]]
    radii = np.linalg.norm(away, axis=1)
    axis = 2 if mesh.kind == "half_cell" else 1
    heights = coordinates[:, axis].copy()
    moved = _height(heights, old, new)
    samples = np.linspace(old.board_face, old.board_face + old.standoff, SAMPLES)
    before = _radii(old, samples)
    ratios = _radii(new, _height(samples, old, new)) / before
    if not np.all((ratios > 0.5) & (ratios < 2.0)):
        raise MeshError("the shapes differ too much to move one mesh to the other")
    surface = np.interp(heights, samples, before)
    ratio = np.interp(heights, samples, ratios, left=1.0, right=1.0)
    outside = np.clip((radii - surface) / np.maximum(old.inner_radius - surface, 1e-9), 0.0, 1.0)
    away *= (1.0 + (ratio - 1.0) * (1.0 - outside))[:, None]
    plane[:] = away + np.array([mesh.centre_x, 0.0])[: plane.shape[1]]
    coordinates[:, axis] = moved
    return replace(mesh, facts=replace(mesh.facts, standoff=new.standoff))


def _height(heights: FloatArray, old: JointShape, new: JointShape) -> FloatArray:
    low, high = old.board_face, old.board_face + old.standoff
    kept, change = KEPT * old.standoff, new.standoff - old.standoff
    share: FloatArray = np.interp(heights, [low + kept, high - kept], [0.0, 1.0])
    return heights + change * share


def _radii(shape: JointShape, heights: FloatArray) -> FloatArray:
    """Radius of the outline at heights; that of its nearest end beyond it."""
    low, high = shape.outline.start, shape.outline.end
    found = [
        low[0] if z <= low[1] else high[0] if z >= high[1] else shape.outline.radius_at(float(z))
        for z in heights
    ]
    return np.array(found)
