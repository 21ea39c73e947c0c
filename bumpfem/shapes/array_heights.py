"""Height of every variant's joints as a function of what varies from joint to joint.

Two stages: the ``ball`` on the package before it is mounted (its apex over the interposer's
outermost face decides coplanarity), and the single ``joint`` on the board (its standoff). The
equilibria are those of :mod:`bumpfem.shapes.capillary`; what a part sets, it sets in closed form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import pi
from typing import Literal

import numpy as np

from bumpfem.design import Core, Joint, Mask, Package
from bumpfem.design.neck import Neck
from bumpfem.errors import InputError
from bumpfem.shapes.capillary.heights import (
    HeightModel,
    Values,
    bump_height,
    no_equilibrium,
    nothing,
)
from bumpfem.shapes.capillary.hole import solder_in_hole
from bumpfem.shapes.capillary.hole_wall import Hole
from bumpfem.shapes.capillary.liquid import Liquid
from bumpfem.shapes.capillary.mounted import mounted_joint
from bumpfem.shapes.formed_heights import fired_heights, melted_foot_heights
from bumpfem.shapes.masked import reflowed
from bumpfem.shapes.melt import molten
from bumpfem.shapes.necked import NeckProblem, necked
from bumpfem.shapes.site import Site
from bumpfem.units import FloatArray

Stage = Literal["ball", "joint"]


def height_model(package: Package, joint: Joint, stage: Stage = "ball") -> HeightModel:
    """Height of one joint of a package.

    Args:
        package: The package.
        joint: The variant.
        stage: ``ball``: apex over the interposer's outermost face before mounting; ``joint``:
            standoff of the single mounted joint.

    Raises:
        InputError: The stage is unknown.
    """
    found = _Heights(Site.of(package, joint), joint)
    if stage == "ball":
        return found.ball()
    if stage == "joint":
        return found.mounted()
    raise InputError("stage", stage, '"ball" or "joint"')


@dataclass(frozen=True)
class _Heights:
    """Height models of one joint on its lands."""

    site: Site
    joint: Joint

    @property
    def _liquid(self) -> Liquid:
        return molten(self.joint.solder)

    @property
    def _pad_face(self) -> float:
        """Height of the pad's surface over the interposer's outermost face, mm."""
        land = self.site.interposer
        return land.pad_thickness - land.resist_height

    @property
    def _rim(self) -> float:
        """Height of the wetted rim over the interposer's outermost face, mm."""
        return self._pad_face + self.site.interposer.rim_offset

    def ball(self) -> HeightModel:
        """Apex before mounting."""
        joint = self.joint
        if joint.bump is not None:
            return fired_heights(joint, joint.bump, rim_height=self._pad_face)
        if joint.neck is not None:
            return self._necked(joint.neck)
        if joint.anchor is not None and joint.anchor.fixing == "paste":
            return self._pasted()
        if joint.mask is not None and reflowed(self.site, joint, joint.mask).touches:
            return self._in_hole(joint.mask)
        return self._reflowed()

    def _reflowed(self) -> HeightModel:
        """Ball melted on its pad; a core inside may stand out of its solder."""
        nominal = {
            "ball_diameter": self.joint.ball_diameter,
            "wetted_diameter": 2.0 * self.site.interposer.wetted_radius,
            "rim_height": self._rim,
        }
        core = self.joint.core
        if core is not None and core.origin == "drop":
            core = None  # it rounded on the pad and is lower than a ball: the shell covers it
        if core is not None:
            nominal |= {"core_diameter": core.diameter, "pad_gap": core.pad_gap}
        face, rim = self._pad_face, self._rim

        def height(values: Values, found: FloatArray) -> FloatArray:
            apex = values["rim_height"] + found
            if core is None:
                return apex
            top = face + values["rim_height"] - rim + values["pad_gap"] + values["core_diameter"]
            return np.maximum(apex, top)

        return HeightModel(
            self.joint.name, nominal, self._ball_arguments, bump_height(self._liquid), height
        )

    def _ball_arguments(self, values: Values) -> dict[str, FloatArray]:
        """Volume over the rim and the rim's radius."""
        return self._over_rim(values["ball_diameter"], values["wetted_diameter"])

    def _over_rim(self, diameter: FloatArray, wetted: FloatArray) -> dict[str, FloatArray]:
        """Of a ball's volume what stands over the rim, and the rim's radius."""
        plug = 0.25 * pi * wetted**2 * self.site.interposer.rim_offset
        return {"volume": pi / 6.0 * diameter**3 - plug, "radius": 0.5 * wetted}

    def _in_hole(self, mask: Mask) -> HeightModel:
        """Ball that touches the wall of its hole when it melts."""
        nominal = {
            "ball_diameter": self.joint.ball_diameter,
            "wetted_diameter": 2.0 * self.site.interposer.wetted_radius,
            "rim_height": self._rim,
            "hole_diameter": mask.mouth_diameter,
        }
        liquid, taper = self._liquid, 0.5 * (mask.narrow_diameter - mask.mouth_diameter)
        mouth = reflowed(self.site, self.joint, mask).hole.mouth

        def arguments(values: Values) -> dict[str, FloatArray]:
            return {**self._ball_arguments(values), "hole": 0.5 * values["hole_diameter"]}

        def equilibrium(given: Mapping[str, float]) -> float:
            hole = Hole(given["hole"], given["hole"] + taper, mouth, mask.depth)
            return solder_in_hole(
                given["radius"], hole, liquid, given["volume"], through=mask.through
            ).top

        def height(values: Values, found: FloatArray) -> FloatArray:
            return values["rim_height"] + found

        return HeightModel(self.joint.name, nominal, arguments, equilibrium, height)

    def _pasted(self) -> HeightModel:
        """Solid ball on its paste."""
        nominal = {
            "ball_diameter": self.joint.ball_diameter,
            "paste_thickness": self.site.attach_thickness,
            "rim_height": self._pad_face,
        }

        def height(values: Values, found: FloatArray) -> FloatArray:
            return values["rim_height"] + values["paste_thickness"] + values["ball_diameter"]

        return HeightModel(self.joint.name, nominal, nothing, no_equilibrium, height)

    def _necked(self, neck: Neck) -> HeightModel:
        """Ball on a neck before mounting: as high as the designed neck holds it."""
        head = 0.5 * self.joint.ball_diameter
        problem = NeckProblem(self.site.interposer.wetted_radius, neck, self._liquid)
        apex = problem.under(head).heights[1] + head
        return melted_foot_heights(self.joint, neck, apex, {"rim_height": self._rim})

    def mounted(self) -> HeightModel:
        """Standoff of the single joint on the board."""
        joint = self.joint
        if joint.bump is not None:
            return fired_heights(joint, joint.bump)
        if joint.core is not None and joint.core.origin == "drop":
            return self._on_drop(joint.core)
        if joint.core is not None:
            return self._on_core(joint.core)
        if joint.neck is not None:
            return melted_foot_heights(joint, joint.neck, necked(self.site, joint).standoff, {})
        if joint.standoff is not None:
            raise InputError(
                "joint.standoff", joint.standoff, "no value", "mm",
                "an imposed standoff does not vary",
            )  # fmt: skip
        return self._between_pads()

    def _on_core(self, core: Core) -> HeightModel:
        """The core and the solder above and below it."""
        nominal = {"core_diameter": core.diameter, "pad_gap": core.pad_gap}
        attach = self.site.attach_thickness

        def height(values: Values, found: FloatArray) -> FloatArray:
            return values["core_diameter"] + 2.0 * values["pad_gap"] + attach

        return HeightModel(self.joint.name, nominal, nothing, no_equilibrium, height)

    def _on_drop(self, core: Core) -> HeightModel:
        """The drop that froze on the interposer's pad and the solder below it."""
        nominal = {
            "core_diameter": core.diameter,
            "wetted_diameter": 2.0 * self.site.interposer.wetted_radius,
            "pad_gap": core.pad_gap,
        }
        liquid, rims = molten(core.material), self.site.interposer.rim_offset

        def arguments(values: Values) -> dict[str, FloatArray]:
            return self._over_rim(values["core_diameter"], values["wetted_diameter"])

        def height(values: Values, found: FloatArray) -> FloatArray:
            return found + rims + values["pad_gap"]

        return HeightModel(self.joint.name, nominal, arguments, bump_height(liquid), height)

    def _between_pads(self) -> HeightModel:
        """Molten ball under its share of the package's weight."""
        site, liquid = self.site, self._liquid
        nominal = {
            "ball_diameter": self.joint.ball_diameter,
            "wetted_diameter": 2.0 * site.interposer.wetted_radius,
            "board_wetted_diameter": 2.0 * site.board.wetted_radius,
            "paste_volume": self.joint.paste_volume,
        }
        load = site.load_on(liquid)

        def arguments(values: Values) -> dict[str, FloatArray]:
            upper, lower = 0.5 * values["wetted_diameter"], 0.5 * values["board_wetted_diameter"]
            plugs = upper**2 * (site.rim_depth - site.attach_thickness)
            plugs = pi * (plugs + lower**2 * site.board.rim_offset)
            ball = pi / 6.0 * values["ball_diameter"] ** 3 + values["paste_volume"]
            return {"volume": ball - plugs, "upper": upper, "lower": lower}

        def equilibrium(given: Mapping[str, float]) -> float:
            return mounted_joint(
                given["volume"], 2.0 * given["lower"], 2.0 * given["upper"], liquid, load=load
            ).standoff

        def height(values: Values, found: FloatArray) -> FloatArray:
            return found + site.standoff_of_gap(0.0)

        return HeightModel(self.joint.name, nominal, arguments, equilibrium, height)
