"""The solder between two lands: the ball itself, plain or with paste under it."""

from __future__ import annotations

from dataclasses import dataclass

from bumpfem.design import Joint
from bumpfem.errors import InputError
from bumpfem.shapes.capillary.meridian import SPLINE_NODES, Meridian
from bumpfem.shapes.capillary.mounted import mounted_joint
from bumpfem.shapes.curves import Line, Segment, polyline
from bumpfem.shapes.outline import Body, Outline
from bumpfem.shapes.points import Point
from bumpfem.shapes.site import Site
from bumpfem.shapes.spline import Spline

#: Least standoff that can be meshed with two embedded layers, mm.
LEAST_STANDOFF = 0.03


@dataclass(frozen=True)
class Connection:
    """What one variant puts between the lands.

    Args:
        standoff: Distance of the facing pad surfaces, mm.
        outline: Exposed surface from the board's rim to the interposer's rim.
        bodies: Everything enclosed by it.
        rims: Further circles at which strain concentrates.
        notes: Remarks for the report.
        solder_at_interposer: Whether the solder reaches the interposer's pad (or its paste).
    """

    standoff: float
    outline: Outline
    bodies: tuple[Body, ...]
    rims: tuple[Point, ...] = ()
    notes: tuple[str, ...] = ()
    solder_at_interposer: bool = True


def lower_path(site: Site) -> tuple[Line, ...]:
    """From the axis over the board's wetted circle to its rim."""
    rim, face = site.board_rim, site.board_face
    return polyline([(0.0, face), (rim[0], face), rim])


def upper_path(site: Site, standoff: float) -> tuple[Line, ...]:
    """From the interposer's rim over the wetted circle to the axis."""
    rim, face = site.interposer_rim(standoff), site.interposer_face(standoff)
    return polyline([rim, (rim[0], face), (0.0, face)])


def solid_solder(
    site: Site, standoff: float, outline: Outline, hole: tuple[Segment, ...] = ()
) -> Body:
    """Solder between both faces inside an outline.

    Args:
        site: The lands.
        standoff: Distance of the pads, mm.
        outline: Free surface from rim to rim.
        hole: Surface of a core on the axis, from its upper to its lower pole.
    """
    top = (0.0, site.interposer_face(standoff))
    bottom = (0.0, site.board_face)
    if hole:
        axis = (Line(top, hole[0].start), *hole, Line(hole[-1].end, bottom))
    else:
        axis = (Line(top, bottom),)
    loop = (*lower_path(site), *outline.segments, *upper_path(site, standoff), *axis)
    return Body("solder", loop)


def check_standoff(standoff: float, name: str = "joint.standoff") -> None:
    """Refuse a joint too flat to hold its two averaging layers.

    Raises:
        InputError: If the standoff is below the least one.
    """
    if standoff < LEAST_STANDOFF:
        raise InputError(
            name,
            f"{standoff:.4g}",
            f">= {LEAST_STANDOFF}",
            "mm",
            "the volume is too small to bridge the pads",
        )


def plain(site: Site, joint: Joint) -> Connection:
    """Ball soldered to both pads, in capillary equilibrium between their rims.

    It carries its share of the package's weight, or stands at the imposed standoff.

    Raises:
        InputError: If there is no stable joint, or it would spread beyond its pads.
    """
    outline, standoff = free_outline(site, joint)
    check_standoff(standoff)
    body = solid_solder(site, standoff, outline)
    notes = (site.load_note,) if joint.standoff is None and site.load_note else ()
    return Connection(standoff, outline, (body,), notes=notes)


def free_outline(site: Site, joint: Joint) -> tuple[Outline, float]:
    """Outline of the joint's whole volume between both rims, and its standoff in mm.

    Raises:
        InputError: As :func:`plain`.
    """
    volume = joint.solder_volume - site.plug_volume
    if volume <= 0.0:
        raise InputError(
            "joint.solder_volume", joint.solder_volume, f"> {site.plug_volume:.4g}", "mm3",
            "the solder does not even fill the resist openings",
        )  # fmt: skip
    liquid = site.molten(joint.solder)
    gap = None if joint.standoff is None else joint.standoff - site.standoff_of_gap(0.0)
    if gap is not None and gap <= 0.0:
        raise InputError(
            "joint.standoff", joint.standoff, f"> {site.standoff_of_gap(0.0):.4g}", "mm",
            "the rims of both pads would overlap",
        )  # fmt: skip
    try:
        made = mounted_joint(
            volume, 2.0 * site.board.wetted_radius, 2.0 * site.interposer.wetted_radius, liquid,
            load=site.load_on(liquid) if gap is None else 0.0, standoff=gap,
        )  # fmt: skip
    except InputError as error:
        raise InputError(
            f"joint.{error.field}", error.value, f"{error.allowed} between the rims", error.unit,
            error.reason,
        ) from error  # fmt: skip
    if made.notes:
        field = "joint.ball_diameter" if joint.standoff is None else "joint.standoff"
        value = joint.ball_diameter if joint.standoff is None else joint.standoff
        raise InputError(field, value, "a shape within its pads", "mm", made.notes[0])
    return outline_of(made.meridian, site), site.standoff_of_gap(made.standoff)


def outline_of(meridian: Meridian, site: Site) -> Outline:
    """A meridian between both rims (heights from the board's rim) as an outline of the site."""
    radius, base = site.board_rim
    points = meridian.points(SPLINE_NODES)
    inner = [(float(r), float(z) + base) for r, z in points[1:-1]]
    top = base + meridian.heights[1]
    nodes = ((radius, base), *inner, (site.interposer.wetted_radius, top))
    return Outline((Spline(nodes),))
