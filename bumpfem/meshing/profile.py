"""Meridian faces of a joint in gmsh's OpenCASCADE kernel, split into averaging layers."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import gmsh

from bumpfem.errors import MeshError
from bumpfem.shapes import JointShape
from bumpfem.shapes.curves import Arc, Line, Segment
from bumpfem.shapes.outline import Body
from bumpfem.shapes.points import Point, distance
from bumpfem.shapes.spline import Spline

#: Maps a point of the meridian plane to the model's coordinates.
Placement = Callable[[Point], tuple[float, float, float]]
DimTag = tuple[int, int]

#: Arcs flatter than this are meshed as their chords, mm.
FLAT_ARC = 1e-7


class Sketch:
    """Draws meridian loops, with points and curves shared between neighbours."""

    def __init__(self, place: Placement) -> None:
        self._place = place
        self._points: dict[tuple[int, int], int] = {}
        self._curves: dict[tuple[int, int, int, int], int] = {}

    def point(self, point: Point) -> int:
        """Tag of the point, made once."""
        key = (round(point[0] * 1e8), round(point[1] * 1e8))
        if key not in self._points:
            self._points[key] = gmsh.model.occ.addPoint(*self._place(point))
        return self._points[key]

    def curve(self, segment: Segment) -> int:
        """Tag of the curve, made once whatever its direction."""
        first, last = self.point(segment.start), self.point(segment.end)
        middle = segment.at(0.5)
        key = (min(first, last), max(first, last),
               round(middle[0] * 1e6), round(middle[1] * 1e6))  # fmt: skip
        if key in self._curves:
            return self._curves[key]
        occ = gmsh.model.occ
        if isinstance(segment, Spline):
            inner = [occ.addPoint(*self._place(node)) for node in segment.nodes[1:-1]]
            tag = occ.addSpline([first, *inner, last])
        elif isinstance(segment, Arc) and not _is_flat(segment):
            through = occ.addPoint(*self._place(middle))
            tag = occ.addCircleArc(first, through, last, center=False)
            occ.remove([(0, through)])
        else:
            tag = occ.addLine(first, last)
        self._curves[key] = int(tag)
        return int(tag)

    def face(self, body: Body) -> int:
        """Tag of the plane face inside a body's loop."""
        return self.loop(body.loop)

    def loop(self, segments: tuple[Segment, ...]) -> int:
        """Tag of the plane face inside a closed loop."""
        curves = [self.curve(segment) for segment in segments]
        return int(gmsh.model.occ.addPlaneSurface([gmsh.model.occ.addCurveLoop(curves)]))

    def rectangle(self, r0: float, r1: float, z0: float, z1: float) -> int:
        """Tag of a rectangular face."""
        corners = [(r0, z0), (r1, z0), (r1, z1), (r0, z1), (r0, z0)]
        return self.loop(tuple(Line(a, b) for a, b in itertools.pairwise(corners)))


def _is_flat(arc: Arc) -> bool:
    chord = Line(arc.start, arc.end)
    return distance(arc.at(0.5), chord.at(0.5)) < FLAT_ARC


def joint_faces(
    sketch: Sketch, shape: JointShape, layers: dict[str, tuple[float, float]]
) -> list[tuple[str, int]]:
    """Faces of all bodies of a joint, the solder split into averaging layers.

    Args:
        sketch: Where to draw.
        shape: The joint.
        layers: Bottom and top of each solder layer by region name.

    Returns:
        (region, face tag) pairs; faces touch but their common curves are not merged yet.

    Raises:
        MeshError: If a layer holds no solder.
    """
    faces: list[tuple[str, int]] = []
    solder: list[int] = []
    for body in shape.bodies:
        tag = sketch.face(body)
        if body.region == "solder":
            solder.append(tag)
        else:
            faces.append((body.region, tag))
    if not solder:
        return faces
    reach = shape.inner_radius
    tools = {name: sketch.rectangle(0.0, reach, *heights) for name, heights in layers.items()}
    objects = [(2, tag) for tag in solder]
    _, parents = gmsh.model.occ.fragment(objects, [(2, tag) for tag in tools.values()])
    pieces = {dim_tag for found in parents[: len(solder)] for dim_tag in found}
    waste: set[DimTag] = set()
    for name, found in zip(tools, parents[len(solder) :], strict=True):
        inside = pieces.intersection(found)
        if not inside:
            raise MeshError(f"{name} holds no solder: the joint is too flat for this thickness")
        faces += [(name, tag) for _, tag in sorted(inside)]
        waste.update(set(found) - inside)
        pieces -= inside
    if not pieces:
        raise MeshError("the averaging layers leave no solder between them")
    faces += [("solder", tag) for _, tag in sorted(pieces)]
    gmsh.model.occ.remove(sorted(waste), recursive=True)
    return faces


def merge(parts: list[tuple[str, DimTag]]) -> list[tuple[str, DimTag]]:
    """Make touching parts conformal; every part must stay whole and lie in no other.

    Args:
        parts: (region, entity) pairs of one dimension.

    Returns:
        The same parts with their new entities.

    Raises:
        MeshError: If parts overlap or one is lost.
    """
    entities = [entity for _, entity in parts]
    if len(entities) > 1:
        _, parents = gmsh.model.occ.fragment(entities[:1], entities[1:])
    else:
        parents = [entities]
    owner: dict[DimTag, str] = {}
    merged: list[tuple[str, DimTag]] = []
    for (region, _), found in zip(parts, parents, strict=True):
        if not found:
            raise MeshError(f"part of region {region} was lost while joining the parts")
        for entity in found:
            if entity in owner:
                raise MeshError(f"regions {owner[entity]} and {region} overlap")
            owner[entity] = region
            merged.append((region, entity))
    return merged
