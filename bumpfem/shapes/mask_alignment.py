"""Whether the mask of a joint still fits its package at reflow temperature."""

from __future__ import annotations

from bumpfem.design import Joint, Package
from bumpfem.errors import InputError
from bumpfem.shapes.capillary.alignment import Alignment, HolePlate, align
from bumpfem.shapes.masked import reflowed
from bumpfem.shapes.site import Site


def mask_alignment(
    package: Package,
    joint: Joint,
    *,
    peak_temperature: float,
    placement_temperature: float = 25.0,
    placement_error: float = 0.0,
    pitch_error: float = 0.0,
    extrapolate: bool = False,
) -> Alignment:
    """Capture and clearance of every ball of an array under a joint's mask.

    The ball in its hole before it melts has its nominal diameter; the molten bump has its shape in
    equilibrium on the interposer's pad in the hole.

    Args:
        package: The package.
        joint: A joint with a mask.
        peak_temperature: Highest temperature of reflow, degrees C.
        placement_temperature: Temperature at which the holes lie over the pads, degrees C.
        placement_error: Largest offset of the whole mask, mm.
        pitch_error: Relative error of the holes' pitch.
        extrapolate: Keep expansions beyond their range at the value of its end.

    Raises:
        InputError: The joint has no mask.
        PropertyRangeError: An expansion is not known up to the peak temperature.
    """
    mask = joint.mask
    if mask is None:
        raise InputError("joint.mask", "nothing", "a mask")
    site = Site.of(package, joint)
    solder = reflowed(site, joint, mask)
    plate = HolePlate.of(mask, placement_error=placement_error, pitch_error=pitch_error)
    gap = min(-solder.hole.overlap(curve) for curve in solder.curves)
    return align(
        package,
        plate,
        ball_radius=0.5 * joint.ball_diameter,
        bump_radius=plate.hole_radius - max(min(gap, 0.99 * plate.hole_radius), 0.0),
        pad_radius=site.interposer.wetted_radius,
        peak_temperature=peak_temperature,
        placement_temperature=placement_temperature,
        extrapolate=extrapolate,
    )
