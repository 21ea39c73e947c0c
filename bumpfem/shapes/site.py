"""Where a joint stands: the lands of board and interposer and what surrounds them."""

from __future__ import annotations

from dataclasses import dataclass
from math import pi

from bumpfem.design import Joint, Package
from bumpfem.design import Pad as PadDesign
from bumpfem.errors import InputError
from bumpfem.shapes.capillary.liquid import Liquid
from bumpfem.shapes.curves import polyline
from bumpfem.shapes.melt import WEIGHTLESS, molten
from bumpfem.shapes.outline import Body, CellLayer
from bumpfem.shapes.points import COINCIDENT, Point
from bumpfem.shapes.weight import weight_share


@dataclass(frozen=True)
class Land:
    """One pad with the resist around it; heights count from the laminate, away from it.

    The resist is flat on its outer face. One that defines the pad (SMD) is thicker than the pad
    and covers its rim; one that does not (NSMD) leaves a ring gap around the pad.

    Args:
        side: "board" or "interposer", the prefix of its region names.
        pad_radius: Radius of the metal, mm.
        pad_thickness: Thickness of the metal, mm.
        wetted_radius: Radius that the solder wets, mm.
        opening_radius: Radius of the resist opening, mm.
        resist_height: Height of the resist's outer face over the laminate, 0 without resist, mm.
        rim_offset: Height of the wetted rim over the pad's surface (SMD: resist over pad), mm.
    """

    side: str
    pad_radius: float
    pad_thickness: float
    wetted_radius: float
    opening_radius: float
    resist_height: float
    rim_offset: float

    @classmethod
    def of(cls, side: str, pad: PadDesign, resist_thickness: float) -> Land:
        """Land of a pad and the thickness of the resist around it (0 without resist)."""
        defined = pad.definition == "SMD" and resist_thickness > 0.0
        wetted = 0.5 * pad.wetted_diameter
        if defined and 0.5 * pad.diameter <= wetted:
            raise InputError(
                f"{side}_pad.diameter",
                pad.diameter,
                f"> {pad.wetted_diameter}",
                "mm",
                "a solder-mask-defined pad is wider than its opening",
            )
        if defined and resist_thickness <= pad.thickness:
            raise InputError(
                f"{side}_resist.thickness",
                resist_thickness,
                f"> {pad.thickness}",
                "mm",
                "the resist of a solder-mask-defined pad covers its rim",
            )
        opening = wetted
        if resist_thickness > 0.0 and not defined:
            opening = 0.5 * (pad.resist_opening or pad.diameter)
        return cls(
            side=side,
            pad_radius=0.5 * pad.diameter,
            pad_thickness=pad.thickness,
            wetted_radius=wetted,
            opening_radius=opening,
            resist_height=resist_thickness,
            rim_offset=resist_thickness - pad.thickness if defined else 0.0,
        )

    @property
    def reach(self) -> float:
        """Radius beyond which the land's layers are of constant thickness, mm."""
        return max(self.pad_radius, self.opening_radius)

    @property
    def plug_volume(self) -> float:
        """Solder inside a resist opening, below the rim, mm3."""
        return pi * self.wetted_radius**2 * self.rim_offset

    def surface_path(self, radius: float) -> list[Point]:
        """Exposed surface from the wetted rim out to ``radius``, heights over the laminate."""
        if self.rim_offset > 0.0:
            return [(self.wetted_radius, self.resist_height), (radius, self.resist_height)]
        path = [(self.pad_radius, self.pad_thickness)]
        if self.resist_height <= 0.0:
            return [*path, (self.pad_radius, 0.0), (radius, 0.0)]
        if self.opening_radius > self.pad_radius + COINCIDENT:
            path += [(self.pad_radius, 0.0), (self.opening_radius, 0.0)]
        return [*path, (self.opening_radius, self.resist_height), (radius, self.resist_height)]

    def bodies(self, radius: float, base: float, direction: int) -> list[Body]:
        """Pad and resist between the axis and ``radius``.

        Args:
            radius: Outer end of the resist, mm.
            base: Height of the laminate's surface in the cell, mm.
            direction: +1 where the solder is above (board), -1 where it is below (interposer).
        """
        pad_radius, thickness = self.pad_radius, self.pad_thickness
        loops: dict[str, list[Point]] = {
            f"{self.side}_pad": [
                (0.0, 0.0),
                (pad_radius, 0.0),
                (pad_radius, thickness),
                (0.0, thickness),
            ]
        }
        if self.resist_height > 0.0:
            inner: list[Point] = [(self.opening_radius, 0.0)]
            if self.rim_offset > 0.0:
                inner = [
                    (self.opening_radius, thickness),
                    (pad_radius, thickness),
                    (pad_radius, 0.0),
                ]
            loops[f"{self.side}_resist"] = [
                *inner,
                (radius, 0.0),
                (radius, self.resist_height),
                (self.opening_radius, self.resist_height),
            ]
        result = []
        for region, points in loops.items():
            placed = [(r, base + direction * z) for r, z in points]
            if direction < 0:
                placed.reverse()
            result.append(Body(region, polyline([*placed, placed[0]])))
        return result

    def layer(self, base: float, direction: int) -> CellLayer | None:
        """The resist's continuation to the edge of the cell."""
        if self.resist_height <= 0.0:
            return None
        low, high = sorted((base, base + direction * self.resist_height))
        return CellLayer(f"{self.side}_resist", low, high)


@dataclass(frozen=True)
class Site:
    """The two lands of a joint, the paste (if any) at the interposer's pad, and its load.

    Args:
        board: Land of the board.
        interposer: Land of the interposer.
        half_pitch: Half the distance to the next joint, mm.
        attach_thickness: Thickness of the paste between interposer pad and ball, mm.
        load: Weight that the molten joint carries, N.
        load_note: Where the load comes from, for the report.
        weightless: Whether everything molten is without weight.
    """

    board: Land
    interposer: Land
    half_pitch: float
    attach_thickness: float = 0.0
    load: float = 0.0
    load_note: str = ""
    weightless: bool = False

    @classmethod
    def of(cls, package: Package, joint: Joint, *, weightless: bool = False) -> Site:
        """Site of a joint of a package."""
        resists = (package.board_resist, package.interposer_resist)
        board, interposer = (0.0 if r is None else r.thickness for r in resists)
        anchor = joint.anchor
        pasted = anchor is not None and anchor.fixing == "paste"
        load, load_note = (0.0, "") if weightless else weight_share(package)
        return cls(
            board=Land.of("board", package.board_pad, board),
            interposer=Land.of("interposer", package.interposer_pad, interposer),
            half_pitch=0.5 * package.pitch,
            attach_thickness=(anchor.paste_thickness or 0.0) if anchor and pasted else 0.0,
            load=load,
            load_note=load_note,
            weightless=weightless,
        )

    def load_on(self, liquid: Liquid) -> float:
        """Weight that a molten joint carries, N; a liquid without weight carries none."""
        return self.load if liquid.specific_weight else 0.0

    def molten(self, material: str) -> Liquid:
        """A solder of the library when it freezes."""
        return WEIGHTLESS if self.weightless else molten(material)

    @property
    def board_face(self) -> float:
        """Height of the board pad's solder-side surface, mm."""
        return self.board.pad_thickness

    @property
    def board_rim(self) -> Point:
        """Rim of the wetted circle at the board."""
        return self.board.wetted_radius, self.board_face + self.board.rim_offset

    @property
    def rim_depth(self) -> float:
        """Distance of the upper rim from the interposer pad's surface, mm."""
        return max(self.interposer.rim_offset, self.attach_thickness)

    @property
    def plug_volume(self) -> float:
        """Solder outside the free outline, inside resist openings, mm3."""
        radius = self.interposer.wetted_radius
        above = pi * radius**2 * (self.rim_depth - self.attach_thickness)
        return self.board.plug_volume + above

    def interposer_pad_face(self, standoff: float) -> float:
        """Height of the interposer pad's solder-side surface, mm."""
        return self.board_face + standoff

    def interposer_face(self, standoff: float) -> float:
        """Height at which the solder ends: the pad's surface or that of the paste on it, mm."""
        return self.interposer_pad_face(standoff) - self.attach_thickness

    def interposer_rim(self, standoff: float) -> Point:
        """Rim of the wetted circle at the interposer."""
        height = self.interposer_pad_face(standoff) - self.rim_depth
        return self.interposer.wetted_radius, height

    def interposer_surface(self, standoff: float) -> float:
        """Height of the interposer laminate's solder-side surface, mm."""
        return self.interposer_pad_face(standoff) + self.interposer.pad_thickness

    def interposer_resist_face(self, standoff: float) -> float:
        """Height of the interposer's exposed (resist) surface, mm."""
        return self.interposer_surface(standoff) - self.interposer.resist_height

    def standoff_of_gap(self, gap: float) -> float:
        """Standoff whose rims are ``gap`` apart, mm."""
        return gap + self.board.rim_offset + self.rim_depth
