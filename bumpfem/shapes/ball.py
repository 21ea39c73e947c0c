"""The solder between two lands: the ball itself, plain or with paste under it."""

from __future__ import annotations

from dataclasses import dataclass

from bumpfem.design import Joint
from bumpfem.errors import InputError
from bumpfem.shapes.curves import Line, Segment, polyline
from bumpfem.shapes.outline import Body, Outline
from bumpfem.shapes.points import Point
from bumpfem.shapes.site import Site
from bumpfem.shapes.spheres import bulge, truncated_sphere

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
    """Ball soldered to both pads: truncated sphere, or an arc where the standoff is imposed.

    Raises:
        InputError: If no outline with this volume fits.
    """
    volume = joint.solder_volume - site.plug_volume
    rim = site.board_rim
    arc: Segment
    if joint.standoff is None:
        arc = truncated_sphere(rim, site.interposer.wetted_radius, volume)
        standoff = site.standoff_of_gap(arc.end[1] - rim[1])
    else:
        standoff = joint.standoff
        arc = bulge(rim, site.interposer_rim(standoff), volume)
    check_standoff(standoff)
    outline = Outline((arc,))
    return Connection(standoff, outline, (solid_solder(site, standoff, outline),))
