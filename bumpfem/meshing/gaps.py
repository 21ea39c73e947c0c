"""Narrow places between curved surfaces, which straight element edges must not cross.

An edge of length c on a circle of radius r cuts it by the sagitta ``c^2 / (8 r)``. Where another
surface is a distance d away, the sagitta may be a fraction of d at most, so
``c <= sqrt(8 fraction r d)``.
"""

from __future__ import annotations

from math import sqrt

import numpy as np

from bumpfem.shapes import Arc, JointShape, Line, Point, Segment, Spline
from bumpfem.shapes.points import COINCIDENT, distance
from bumpfem.units import FloatArray

#: Largest sagitta relative to the width of a gap.
SAGITTA_FRACTION = 0.25
#: Largest edge length in a film relative to its thickness.
EDGE_PER_THICKNESS = 2.5
#: Points along a film.
FILM_SAMPLES = 129
#: Points that stand for each segment.
SAMPLES = 17


def narrow_places(shape: JointShape, largest: float) -> list[tuple[Point, float]]:
    """Places where the edge length is limited, and the limits.

    Args:
        shape: The joint.
        largest: Limits above this edge length do not matter, mm.

    Returns:
        (place, largest edge length) pairs, thinned out where limits overlap.
    """
    segments = _distinct(shape)
    points = [segment.points(SAMPLES) for segment in segments]
    bends = [_bend(segment, sampled) for segment, sampled in zip(segments, points, strict=True)]
    found: list[tuple[Point, float]] = []
    for i, first in enumerate(segments):
        for j, second in enumerate(segments):
            if i == j or (_is_level(first) and _is_level(second)) or _touch(first, second):
                continue
            difference = points[i][:, None, :] - points[j][None, :, :]
            gaps = np.sqrt((difference**2).sum(axis=2)).min(axis=1)
            for (r, z), bend, gap in zip(points[i], bends[i], gaps, strict=True):
                limit = sqrt(8.0 * SAGITTA_FRACTION * float(bend) * float(gap))
                if COINCIDENT < limit < largest:
                    found.append(((float(r), float(z)), limit))
    return _thinned(found)


def film_places(shape: JointShape) -> list[tuple[Point, float]]:
    """Places on the film of resin on a crown, and the edge length that its thickness allows."""
    found: list[tuple[Point, float]] = []
    for body in shape.bodies:
        if body.region == "resin_crown":
            end, face = body.loop[:2]
            limit = EDGE_PER_THICKNESS * distance(end.start, end.end)
            found += [((float(r), float(z)), limit) for r, z in face.points(FILM_SAMPLES)]
    return _thinned(found)


def hole_edges(shape: JointShape) -> list[Point]:
    """Circles at which the holes of resists and collar end."""
    holes = [body for body in shape.bodies if body.region.endswith(("resist", "mask"))]
    points = {
        (round(segment.start[0], 9), round(segment.start[1], 9))
        for body in holes
        for segment in body.loop
        if segment.start[0] < shape.inner_radius - COINCIDENT
    }
    return sorted(points)


def _distinct(shape: JointShape) -> list[Segment]:
    """Segments of all bodies off the axis, those shared by two bodies once."""
    kept: dict[tuple[int, int], Segment] = {}
    for body in shape.bodies:
        for segment in body.loop:
            if segment.radius_range[1] > COINCIDENT:
                middle = segment.at(0.5)
                kept.setdefault((round(middle[0] * 1e7), round(middle[1] * 1e7)), segment)
    return list(kept.values())


def _bend(segment: Segment, points: FloatArray) -> FloatArray:
    """Smallest radius of normal curvature of the surface of revolution at points, mm.

    That of the circle of latitude is ``r / |n_r|`` with the radial part n_r of the unit normal.
    """
    tangent = np.gradient(points, axis=0)
    normal_r = np.abs(tangent[:, 1]) / np.hypot(tangent[:, 0], tangent[:, 1])
    latitude = points[:, 0] / np.maximum(normal_r, 1e-6)
    at_axis = points[:, 0] < COINCIDENT
    if isinstance(segment, Spline):
        along = _spline_radius(tangent)
        return np.where(at_axis, along, np.minimum(latitude, along))
    if not isinstance(segment, Arc):
        return latitude
    return np.where(at_axis, segment.radius, np.minimum(latitude, segment.radius))


def _spline_radius(tangent: FloatArray) -> FloatArray:
    """Radius of curvature of a sampled meridian: length over turn of its tangent, mm."""
    turn = np.abs(np.gradient(np.unwrap(np.arctan2(tangent[:, 1], tangent[:, 0]))))
    return np.asarray(np.hypot(tangent[:, 0], tangent[:, 1]) / np.maximum(turn, 1e-9))


def _is_level(segment: Segment) -> bool:
    return isinstance(segment, Line) and abs(segment.end[1] - segment.start[1]) < COINCIDENT


def _touch(first: Segment, second: Segment) -> bool:
    """Whether segments share an end, or one ends on the other."""
    ends = [(a, b) for a in (first.start, first.end) for b in (second.start, second.end)]
    if any(distance(a, b) < COINCIDENT for a, b in ends):
        return True
    return any(
        isinstance(line, Line) and _on_line(point, line)
        for line, other in ((first, second), (second, first))
        for point in (other.start, other.end)
    )


def _on_line(point: Point, line: Line) -> bool:
    return distance(line.start, point) + distance(point, line.end) - line.length < COINCIDENT


def _thinned(found: list[tuple[Point, float]]) -> list[tuple[Point, float]]:
    """Drop places that a tighter limit within its own edge length already covers."""
    kept: list[tuple[Point, float]] = []
    for place, limit in sorted(found, key=lambda item: item[1]):
        if all(distance(place, other) > 0.7 * tighter for other, tighter in kept):
            kept.append((place, limit))
    return kept
