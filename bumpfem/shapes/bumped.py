"""A bump of fired metal: drawn back to the interposer's pad, bonded to the board's pad.

The molten bump stands on its pad under its own weight (:mod:`bumpfem.shapes.capillary.drawback`)
with the volume of its powder; the design's height is that of the weightless cap, and the bond takes
up the little by which the weight flattens it. A barrier metal covers the crown with constant
thickness. The bond is solder or conductive adhesive between crown and pad, whose surface is in
equilibrium between both rims, or a weld: then the crown is flattened onto the board's pad, its
volume conserved.
"""

from __future__ import annotations

from math import atan2, pi, radians

import numpy as np
from scipy.optimize import brentq

from bumpfem.design import Joint, MetalBump
from bumpfem.errors import ConvergenceError, InputError
from bumpfem.shapes.ball import Connection, check_standoff, lower_path
from bumpfem.shapes.capillary.bump import free_bump
from bumpfem.shapes.capillary.ends import Pinned
from bumpfem.shapes.capillary.fired_bump import FiredBump, fire
from bumpfem.shapes.capillary.guesses import ArcGuess
from bumpfem.shapes.capillary.liquid import Liquid
from bumpfem.shapes.capillary.meridian import Meridian
from bumpfem.shapes.capillary.solve import solve_meridian
from bumpfem.shapes.curves import Arc, Line, Segment, arc_with_volume, polyline
from bumpfem.shapes.melt import WEIGHTLESS
from bumpfem.shapes.outline import Body, Outline
from bumpfem.shapes.points import Point
from bumpfem.shapes.site import Site
from bumpfem.shapes.spheres import zone_arc, zone_height
from bumpfem.shapes.spline import Spline

#: Half width of the crown that barrier and bond cover, from the lower pole, radians.
CROWN = radians(50.0)
#: Half angle of the bond's surface without paste (hollow) and with the most paste (bulged).
BOND_HOLLOW, BOND_BULGE = radians(-12.0), radians(50.0)
#: Diameter of a weld relative to the bump's footprint (and never wider than the board's pad).
WELD_SHARE = 0.6
#: Points of the crown's and of the flank's spline.
NODES = 33


def bumped(site: Site, joint: Joint) -> Connection:
    """Metal bump on the interposer's pad and its bond to the board's pad.

    Raises:
        InputError: If bump and bond do not fit.
    """
    bump = joint.bump
    if bump is None:
        raise InputError("joint.bump", None, "a metal bump")
    fired = fire(bump)
    notes = _notes(fired)
    if bump.bond == "weld":
        return _welded(site, bump, notes)
    standoff = bump.standoff
    check_standoff(standoff, "joint.bump.height")
    top = site.interposer_pad_face(standoff)
    melt = Liquid.of(bump.metal, bump.firing_temperature, extrapolate=True)
    surface = _Surface.of(bump, top, WEIGHTLESS if site.weightless else melt)
    foot: Point = (0.5 * bump.footprint_diameter, top)
    crown, flank = surface.crown(0.0), surface.flank(foot)
    bodies = [Body("bump", (crown, flank, *polyline([foot, (0.0, top), crown.start])))]
    face, edge = crown, crown.end
    side: tuple[Line, ...] = ()
    if bump.barrier is not None:
        face = surface.crown(bump.barrier.thickness)
        edge = face.end
        side = (Line(edge, crown.end),)
        bodies.append(Body("bump_barrier", (
            face, *side, crown.reversed(), Line(crown.start, face.start),
        )))  # fmt: skip
    adhesive = bump.bond == "conductive_adhesive"
    liquid = WEIGHTLESS if adhesive else site.molten(bump.bond_material or joint.solder)
    bond = bond_surface(site.board_rim, edge, joint.paste_volume, liquid)
    floor: Point = (0.0, site.board_face)
    region = "attach" if adhesive else "solder"
    bodies.append(Body(region, (*lower_path(site), bond, face.reversed(), Line(face.start, floor))))
    rest = _ledge(foot, site, standoff)
    outline = Outline((bond, *side, flank, *rest))
    return Connection(standoff, outline, tuple(bodies), rims=(edge, foot), notes=notes,
                      solder_at_interposer=False)  # fmt: skip


def _notes(fired: FiredBump) -> tuple[str, ...]:
    """How the powder draws back, and why it would not."""
    drawn = fired.drawn
    if fired.faults:
        return tuple(f"the bump cannot be made so on {fired.outside.solid}: {fault}"
                     for fault in fired.faults)  # fmt: skip
    return (
        f"on {fired.outside.solid} the powder draws back to its pad: the melt stands at"
        f" {drawn.rim_angle:.0f} degrees on the rim and retreats up to {drawn.outside_angle:.0f}"
        " degrees",
    )


class _Surface:
    """The bump's surface below the interposer's pad."""

    def __init__(self, curve: Meridian, top: float, edge: float) -> None:
        self._curve, self._top, self._edge = curve, top, edge

    @classmethod
    def of(cls, bump: MetalBump, top: float, melt: Liquid) -> _Surface:
        """Surface of a bump on a pad at a height; the crown ends where it is inclined enough."""
        curve = free_bump(bump.volume, bump.footprint_diameter, melt).meridian
        crown = crown_angle(bump)

        def inclination(fraction: float) -> float:
            return pi - float(curve.states(np.array([fraction]))[0, 2]) - crown

        return cls(curve, top, float(brentq(inclination, 0.0, 1.0, xtol=1e-14)))

    def crown(self, thickness: float) -> Spline:
        """From the lower pole to the crown's edge, ``thickness`` outside the metal."""
        r, z, phi = self._curve.states(np.linspace(1.0, self._edge, NODES)).T
        r = r + thickness * np.sin(phi)
        z = self._top - (z - thickness * np.cos(phi))
        r[0] = 0.0
        return Spline(tuple(zip(r.tolist(), z.tolist(), strict=True)))

    def flank(self, foot: Point) -> Spline:
        """From the crown's edge to the foot."""
        r, z, _ = self._curve.states(np.linspace(self._edge, 0.0, NODES)).T
        points = list(zip(r.tolist(), (self._top - z).tolist(), strict=True))
        return Spline((self.crown(0.0).end, *points[1:-1], foot))


def crown_angle(bump: MetalBump) -> float:
    """Angle from the lower pole to the edge of the crown, radians; less on a flat cap."""
    side = 2.0 * atan2(2.0 * bump.height, bump.footprint_diameter)
    return min(CROWN, 0.75 * side)


def bond_surface(rim: Point, edge: Point, paste_volume: float, liquid: Liquid) -> Segment:
    """Surface from the board's rim to the crown's edge: hollow, and filled up by paste.

    The bond's own volume is that of a slightly hollow arc; paste adds to it. The surface of this
    volume between both rims is that of Young and Laplace.

    Args:
        rim: Rim of the board's pad.
        edge: Edge of the crown.
        paste_volume: Solder added by paste, mm3.
        liquid: The molten bond.

    Raises:
        InputError: If the edge lies too low, or the paste would run over crown or pad.
    """
    if edge[1] <= rim[1] + 1e-6:
        raise InputError(
            "joint.bump.bond_thickness",
            edge[1] - rim[1],
            "a thicker bond",
            "mm",
            "the bond would not reach the edge of the crown",
        )
    hollow = Arc.between(rim, edge, BOND_HOLLOW)
    volume = hollow.swept_volume() + paste_volume
    room = Arc.between(rim, edge, BOND_BULGE).swept_volume() - hollow.swept_volume()
    arc = arc_with_volume(rim, edge, volume)
    refusal = InputError(
        "joint.paste_volume", paste_volume, f"<= {room:.4g}", "mm3",
        "the bond would run over the crown or the pad",
    )  # fmt: skip
    if arc is None or paste_volume > room:
        raise refusal
    half = 0.5 * (arc.angle_end - arc.angle_start) if isinstance(arc, Arc) else 0.0
    try:
        curve = solve_meridian(
            Pinned(*rim), Pinned(*edge), liquid, volume=volume, guess=ArcGuess(rim, edge, half)
        )
    except ConvergenceError:
        raise refusal from None
    spline = curve.to_spline(NODES)
    return Spline((rim, *spline.nodes[1:-1], edge))


def _welded(site: Site, bump: MetalBump, notes: tuple[str, ...]) -> Connection:
    """Crown flattened onto the board's pad: spherical zone with the cap's volume."""
    if bump.barrier is not None:
        raise InputError(
            "joint.bump.barrier",
            bump.barrier.material,
            "no barrier",
            reason="a weld joins the bump's metal itself to the pad",
        )
    foot_radius = 0.5 * bump.footprint_diameter
    weld = min(WELD_SHARE * foot_radius, 0.95 * site.board.wetted_radius)
    standoff = zone_height(weld, foot_radius, bump.volume)
    check_standoff(standoff, "joint.bump.height")
    floor, top = site.board_face, site.interposer_pad_face(standoff)
    arc = zone_arc((weld, floor), (foot_radius, top))
    if arc.height_range[0] < floor - 1e-9:
        raise InputError(
            "joint.bump.height",
            bump.height,
            "a taller bump",
            "mm",
            "flattened to its weld the bump would sink into the board's pad",
        )
    body = Body("bump", (
        Line((0.0, floor), (weld, floor)), arc,
        *polyline([(foot_radius, top), (0.0, top), (0.0, floor)]),
    ))  # fmt: skip
    foot: Point = (foot_radius, top)
    outline = Outline((arc, *_ledge(foot, site, standoff)))
    return Connection(standoff, outline, (body,), rims=((weld, floor), foot), notes=notes,
                      solder_at_interposer=False)  # fmt: skip


def _ledge(foot: Point, site: Site, standoff: float) -> tuple[Line, ...]:
    """Exposed surface from the bump's foot over the pad to the interposer's rim."""
    rim = site.interposer_rim(standoff)
    return polyline([foot, (rim[0], foot[1]), rim])
