"""What a joint looks like on its interposer before it is mounted.

The ball stands on the interposer's pad, which lies with its pads up. What resin, mask or neck hold
keeps the shape of the mounted joint; from that contact ring on the crown is the capillary surface
of the remaining solder, pinned at the ring. A core stays where the mounted joint has it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bumpfem.design import Joint, Mask, Package
from bumpfem.errors import ConvergenceError
from bumpfem.shapes.capillary.ends import Axis, Pinned
from bumpfem.shapes.capillary.meridian import SPLINE_NODES
from bumpfem.shapes.capillary.solve import solve_meridian
from bumpfem.shapes.capillary.stability import margins
from bumpfem.shapes.curves import Line, Segment
from bumpfem.shapes.joint import joint_outline
from bumpfem.shapes.masked import WALL_CLEARANCE, hole_wall, reflowed
from bumpfem.shapes.melt import WEIGHTLESS
from bumpfem.shapes.outline import JointShape, Outline
from bumpfem.shapes.points import COINCIDENT, Point
from bumpfem.shapes.polar import PolarCurve
from bumpfem.shapes.site import Site
from bumpfem.shapes.spline import Spline

#: Least thickness of solder over a core, mm.
LEAST_COVER = 2e-3
#: Distance from the interposer's rim within which a core may come up to the surface, mm.
RIM_WEDGE = 0.02


@dataclass(frozen=True)
class AttachedShape:
    """A joint on its interposer; heights are those of the mounted joint's cell.

    Attributes:
        mounted: The same joint when it is mounted.
        crown: Free surface from the apex on the axis to the ring; None where the joint has the
            same shape before and after mounting.
        kept: Surface from the ring to the interposer's rim, the same in both shapes; None where
            the ring is the rim.
        ring: Circle (radius, height) from which on the crown is free, mm.
        ball_height: Height of the crown over the interposer pad's face, mm.
        crown_height: Height of the crown over the interposer's outermost face, mm.
        volume: Solder on the interposer, mm3: without the paste that the board adds.
        notes: Remarks for the report; why a shape does not change.
    """

    mounted: JointShape
    crown: Outline | None
    kept: Outline | None
    ring: Point
    ball_height: float
    crown_height: float
    volume: float
    notes: tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether mounting changes the joint's shape."""
        return self.crown is not None

    def height_over_face(self, mounted: bool) -> float:
        """Height of the ball over the interposer's outermost face, before or after mounting, mm."""
        if not mounted or self.crown is None:
            return self.crown_height
        return self.crown_height - (self.mounted.board_face - self.crown.start[1])

    @property
    def outline(self) -> Outline:
        """Exposed surface before mounting, from the apex to the interposer's rim."""
        if self.crown is None:
            return self.mounted.outline
        return Outline((*self.crown.segments, *(self.kept.segments if self.kept else ())))

    @property
    def max_diameter(self) -> float:
        """Largest diameter before mounting, mm."""
        return 2.0 * self.outline.max_radius


class _KeepsShapeError(Exception):
    """The joint keeps its mounted shape, for the reason given."""


def attached_shape(package: Package, joint: Joint) -> AttachedShape:
    """Shape of a joint on its interposer.

    Args:
        package: The package.
        joint: One of its joints.

    Raises:
        InputError: If the joint cannot be.
    """
    mounted, site = joint_outline(package, joint), Site.of(package, joint)
    try:
        kept, crown = _crown(mounted, site, joint)
        _check_cover(mounted, kept, crown)
    except _KeepsShapeError as reason:
        return _unchanged(mounted, site, joint, str(reason))
    notes = []
    if joint.paste_volume > 0.0:
        notes.append(f"the board adds {joint.paste_volume:.4g} mm3 of paste when it is mounted")
    lowest = min(segment.height_range[0] for segment in crown.segments)
    return AttachedShape(
        mounted=mounted,
        crown=crown,
        kept=kept,
        ring=crown.end,
        ball_height=site.interposer_pad_face(mounted.standoff) - lowest,
        crown_height=site.interposer_resist_face(mounted.standoff) - lowest,
        volume=_volume(joint),
        notes=tuple(notes),
    )


def _volume(joint: Joint) -> float:
    """Solder on the interposer, mm3."""
    return joint.solder_volume - joint.paste_volume


def _crown(mounted: JointShape, site: Site, joint: Joint) -> tuple[Outline | None, Outline]:
    """Kept part of the outline (None: only the pad's rim) and crown.

    Raises:
        _KeepsShapeError: If there is no other shape.
    """
    if joint.bump is not None:
        raise _KeepsShapeError("the metal bump does not melt")
    held = _held(mounted, site, joint)
    if held is None and joint.mask is not None:
        return None, _in_mask(mounted, site, joint, joint.mask)
    if held is None:
        return None, _pinned(site, joint, site.interposer_rim(mounted.standoff), 0.0)
    kept = mounted.outline.split_at_height(held[1])[1]
    return kept, _pinned(site, joint, kept.start, kept.swept_volume())


def _held(mounted: JointShape, site: Site, joint: Joint) -> Point | None:
    """Lowest point of the surface that resin, a bonded mask or a neck holds; None: only the pad."""
    rings: list[Point] = []
    if joint.anchor is not None:
        height = site.interposer_resist_face(mounted.standoff) - joint.anchor.contact_height
        rings.append(mounted.outline.split_at_height(height)[1].start)
    mask = joint.collar
    if mask is not None and mask.wall_contact == "bonded":
        wall = hole_wall(site, mask, mounted.standoff)
        touching = [
            (float(r), float(z))
            for segment in mounted.outline.segments
            for r, z in segment.points(SPLINE_NODES)
            if wall.end[1] - COINCIDENT <= z <= wall.mouth[1] and r > wall.radius_at(z) - 1e-7
        ]
        rings += [min(touching, key=lambda point: point[1])] if touching else []
    if joint.neck is not None:
        rings.append([s for s in mounted.outline.segments if isinstance(s, Spline)][-1].start)
    return min(rings, key=lambda point: point[1], default=None)


def _pinned(site: Site, joint: Joint, ring: Point, kept_volume: float) -> Outline:
    """Capillary surface of the solder beyond a ring.

    Raises:
        _KeepsShapeError: If there is none.
    """
    plug = site.plug_volume - site.board.plug_volume
    volume = _volume(joint) + joint.core_volume - plug - kept_volume
    liquid = WEIGHTLESS if joint.neck is not None else site.molten(joint.solder)
    if volume <= 0.0:
        raise _KeepsShapeError("all of the solder lies within what holds it")
    try:
        meridian = solve_meridian(Pinned(ring[0], 0.0), Axis(), liquid, volume=volume)
    except ConvergenceError as error:
        raise _KeepsShapeError(f"no crown holds the solder beyond the ring: {error}") from error
    if not margins(meridian).stable:
        raise _KeepsShapeError("the crown of the solder beyond the ring would not be stable")
    nodes = [(float(r), ring[1] - float(z)) for r, z in meridian.points(SPLINE_NODES)[::-1]]
    return Outline((Spline(((0.0, nodes[0][1]), *nodes[1:-1], ring)),))


def _in_mask(mounted: JointShape, site: Site, joint: Joint, mask: Mask) -> Outline:
    """Crown of the ball that was reflowed in the hole of its mask."""
    rim = site.interposer_rim(mounted.standoff)
    if mask.kept:
        narrower = {
            field: getattr(mask, field) - 2.0 * WALL_CLEARANCE
            for field in ("mouth_diameter", "base_diameter")
            if getattr(mask, field) is not None
        }
        mask = mask.model_copy(update=narrower)
    solder = reflowed(site, joint, mask)
    segments = [_hanging(segment, rim[1]) for segment in reversed(solder.segments)]
    first, last = segments[0], segments[-1]
    if first.start[0] > COINCIDENT:
        segments.insert(0, Line((0.0, first.start[1]), first.start))
    elif isinstance(first, Spline):
        segments[0] = Spline(((0.0, first.start[1]), *first.nodes[1:]))
    if isinstance(last, Spline):
        segments[-1] = Spline((*last.nodes[:-1], rim))
    return Outline(tuple(segments))


def _hanging(segment: Segment, rim: float) -> Segment:
    """A line or spline over a pad that lies below, as it hangs from a rim, from its other end."""
    nodes = segment.nodes if isinstance(segment, Spline) else (segment.start, segment.end)
    turned = [(r, rim - z) for r, z in reversed(nodes)]
    return Spline(tuple(turned)) if isinstance(segment, Spline) else Line(turned[0], turned[1])


def _check_cover(mounted: JointShape, kept: Outline | None, crown: Outline) -> None:
    """Make sure that a core lies under solder, before and after mounting.

    Raises:
        _KeepsShapeError: If it does not.
    """
    core = core_curve(mounted)
    if core is None:
        return
    bare = PolarCurve.of(mounted.outline.segments, core.centre)
    if _cover(bare, core) < LEAST_COVER:
        raise _KeepsShapeError("the solder leaves a part of the core bare")
    outside = (*crown.segments, *(kept.segments if kept else ()))
    if _cover(PolarCurve.of(outside, core.centre), core) < LEAST_COVER:
        raise _KeepsShapeError("the crown would not cover the core")


def _cover(surface: PolarCurve, core: PolarCurve) -> float:
    """Least thickness of solder between a surface and a core along rays, mm.

    At the interposer's rim the solder ends in a wedge on a core that covers the pad.
    """
    r, z = surface.points[:, 0], surface.points[:, 1]
    thickness = surface.distances - core.distance(np.arctan2(r, surface.centre - z))
    beside = np.hypot(r - r[-1], z - z[-1]) > RIM_WEDGE
    return float(thickness[beside].min())


def core_curve(mounted: JointShape) -> PolarCurve | None:
    """Surface of a joint's core as seen from within it; None without a core."""
    cores = [body for body in mounted.bodies if body.region == "core"]
    if not cores:
        return None
    loop = [s for s in cores[0].loop if s.radius_range[1] > COINCIDENT]
    low = min(segment.height_range[0] for segment in loop)
    high = max(segment.height_range[1] for segment in loop)
    first = next(i for i, s in enumerate(loop) if s.start[0] <= COINCIDENT)
    return PolarCurve.of((*loop[first:], *loop[:first]), 0.5 * (low + high))


def _unchanged(mounted: JointShape, site: Site, joint: Joint, reason: str) -> AttachedShape:
    """The mounted shape as the attached one."""
    own = [b for b in mounted.bodies if not b.region.startswith(("board", "interposer"))]
    beside = ("resin", "mask")
    lowest = min(s.height_range[0] for b in own if b.region not in beside for s in b.loop)
    return AttachedShape(
        mounted=mounted,
        crown=None,
        kept=mounted.outline,
        ring=mounted.outline.start,
        ball_height=site.interposer_pad_face(mounted.standoff) - lowest,
        crown_height=site.interposer_resist_face(mounted.standoff) - lowest,
        volume=_volume(joint),
        notes=(f"mounting does not change the joint's shape: {reason}",),
    )
