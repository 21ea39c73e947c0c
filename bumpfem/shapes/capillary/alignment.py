r"""Does a mask or alignment plate still fit its substrate at reflow temperature?

A plate whose holes lie over the pads at the placement temperature expands by
:math:`\varepsilon_p(T)`, the substrate by :math:`\varepsilon_s(T)`; both are held together at one
fixed point. A hole at distance vector :math:`d` from it is off its pad by

.. math:: u = (\varepsilon_p - \varepsilon_s + \delta)\, d + u_0,

:math:`\delta` the plate's relative error of pitch, :math:`u_0` the error of placement, taken in
the worst direction. Two things must hold at every joint:

- **capture**: when the solder starts to melt, the ball, held in its hole with a play of
  :math:`c = R_{hole} - R_{ball}`, still stands on its pad: :math:`|u| + c \le a` (pad radius a);
- **clearance**: once molten the bump centres itself on the pad and keeps its shape only if the
  wall leaves it room: :math:`|u| \le R_{hole} - R_{bump}`.

The hole itself widens with the plate, :math:`R_{hole} (1 + \varepsilon_p)`. Both margins fall
linearly with the distance, so each has a largest distance at which it vanishes. A plate that is
bonded to its substrate follows it instead: then only its error of pitch counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, inf, sqrt
from typing import TYPE_CHECKING

import numpy as np

from bumpfem.design import Mask, Package
from bumpfem.materials import load_material
from bumpfem.materials.elongation import in_plane_elongation
from bumpfem.shapes.checks import check_kind, check_number, check_pair
from bumpfem.shapes.drawing import COLOURS, Chart
from bumpfem.units import FloatArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Arrays wider than this are not told from endless ones.
MOST_COLUMNS = 10_000


@dataclass(frozen=True)
class HolePlate:
    """A mask or alignment plate with one hole for each ball.

    Args:
        material: Material in the library.
        hole_radius: Radius of the hole where it is narrowest around the ball, mm.
        placement_error: Largest offset of the whole plate on the substrate, mm.
        pitch_error: Relative error of the holes' pitch at the placement temperature.
        fixed_point: Where plate and substrate are held together, from the array's centre, mm.
    """

    material: str
    hole_radius: float
    placement_error: float = 0.0
    pitch_error: float = 0.0
    fixed_point: tuple[float, float] = (0.0, 0.0)

    def __post_init__(self) -> None:
        check_kind("plate.material", self.material, str)
        check_number("plate.hole_radius", self.hole_radius, "mm", above=0.0, below=5.0)
        check_number("plate.placement_error", self.placement_error, "mm", least=0.0)
        check_number("plate.pitch_error", self.pitch_error, above=-0.01, below=0.01)
        check_pair("plate.fixed_point", self.fixed_point, "mm")

    @classmethod
    def of(cls, mask: Mask, *, placement_error: float = 0.0, pitch_error: float = 0.0) -> HolePlate:
        """The plate that a joint's mask is; its narrowest end limits the ball."""
        return cls(mask.material, 0.5 * mask.narrow_diameter, placement_error, pitch_error)


@dataclass(frozen=True, eq=False)
class Alignment(Chart):
    """What is left of capture and clearance at every joint, in the order of ``array.sites``.

    Attributes:
        melting_mismatch: Strain of the plate less that of the substrate at the solidus.
        peak_mismatch: The same at the peak temperature.
        distance: Distance of each ball from the fixed point, mm, shape (n,).
        displacement: Offset of each hole from its pad at the peak temperature without the error
            of placement, mm, shape (n, 2).
        capture_margin: Pad radius less the worst offset of each ball when it melts, mm.
        clearance_margin: Room left between molten bump and wall at the peak, mm.
        largest_distance: Distance from the fixed point at which the first margin vanishes, mm; -inf
            where there is none even at the fixed point.
        largest_columns: Columns (and rows) of the largest square array about the fixed point that
            still works, 0 if none; None where no array of up to 10000 columns fails.
        governed_by: Which of ``capture`` and ``clearance`` ends first, or ``nothing``.
    """

    melting_mismatch: float
    peak_mismatch: float
    distance: FloatArray
    displacement: FloatArray
    capture_margin: FloatArray
    clearance_margin: FloatArray
    largest_distance: float
    largest_columns: int | None
    governed_by: str

    @property
    def margin(self) -> FloatArray:
        """The smaller of both margins at each joint, mm."""
        return np.minimum(self.capture_margin, self.clearance_margin)

    @property
    def works(self) -> bool:
        """Whether every joint of the array keeps a margin."""
        return bool(np.all(self.margin >= 0.0))

    def fill(self, axes: Axes) -> None:
        """Both margins over the distance from the fixed point; below zero it does not work."""
        order = np.argsort(self.distance)
        for name, margin, colour in (
            ("capture", self.capture_margin, COLOURS["pad"]),
            ("clearance", self.clearance_margin, COLOURS["core"]),
        ):
            axes.plot(
                self.distance[order], 1e3 * margin[order], ".-", color=colour, label=name,
            )  # fmt: skip
        axes.axhline(0.0, color="black", linewidth=0.8)
        if 0.0 < self.largest_distance <= 1.5 * float(self.distance.max()):
            axes.axvline(self.largest_distance, color="black", linestyle=":", label="largest")
        axes.set_xlabel("distance from the fixed point, mm")
        axes.set_ylabel("margin, um")
        axes.legend(fontsize="small")


def align(
    package: Package,
    plate: HolePlate,
    *,
    ball_radius: float,
    bump_radius: float,
    pad_radius: float,
    peak_temperature: float,
    placement_temperature: float = 25.0,
    substrate: str | None = None,
    extrapolate: bool = False,
) -> Alignment:
    """Margins of all joints of a package under a plate (equations: head of this module).

    Args:
        package: Gives pitch, array, solder and, unless ``substrate`` is named, the interposer.
        plate: The mask or alignment plate.
        ball_radius: Radius of the ball in its hole before it melts, mm.
        bump_radius: Largest radius of the molten bump within the hole, mm.
        pad_radius: Wetted radius of the pad, mm.
        peak_temperature: Highest temperature of reflow, degrees C.
        placement_temperature: Temperature at which the holes lie over the pads, degrees C.
        substrate: Material of the plate's counterpart; None: the package's interposer.
        extrapolate: Keep expansions beyond their range at the value of its end.

    Raises:
        InputError: A ball or bump that does not fit its hole, or temperatures out of order.
        PropertyRangeError: An expansion is not known up to the peak temperature.
    """
    check_kind("package", package, Package)
    check_kind("plate", plate, HolePlate)
    solidus = load_material(package.solder)["solidus"].constant
    check_number(
        "peak_temperature", peak_temperature, "degC", above=solidus,
        reason=f"{package.solder} melts from its solidus on",
    )  # fmt: skip
    check_number("placement_temperature", placement_temperature, "degC")
    for name, radius in (("ball_radius", ball_radius), ("bump_radius", bump_radius)):
        check_number(
            name, radius, "mm", above=0.0, most=plate.hole_radius,
            reason="it stands in the hole",
        )  # fmt: skip
    check_number("pad_radius", pad_radius, "mm", above=0.0)
    upper = load_material(plate.material)
    lower = load_material(substrate or package.interposer.material)

    def strains(temperature: float) -> tuple[float, float]:
        span = (placement_temperature, temperature)
        own = in_plane_elongation(upper, *span, extrapolate=extrapolate)
        other = in_plane_elongation(lower, *span, extrapolate=extrapolate)
        return own - other + plate.pitch_error, plate.hole_radius * (1.0 + own)

    (melting, melting_hole), (peak, peak_hole) = strains(solidus), strains(peak_temperature)
    reach = package.joint_positions() - np.asarray(plate.fixed_point)
    distance = np.hypot(reach[:, 0], reach[:, 1])
    play = melting_hole - ball_radius
    allowed = {
        "capture": (pad_radius - play - plate.placement_error, abs(melting)),
        "clearance": (peak_hole - bump_radius - plate.placement_error, abs(peak)),
    }
    limits = {name: _limit(*pair) for name, pair in allowed.items()}
    governing = min(limits, key=lambda name: limits[name])
    largest = limits[governing]
    return Alignment(
        melting_mismatch=melting,
        peak_mismatch=peak,
        distance=distance,
        displacement=peak * reach,
        capture_margin=allowed["capture"][0] - abs(melting) * distance,
        clearance_margin=allowed["clearance"][0] - abs(peak) * distance,
        largest_distance=largest,
        largest_columns=_columns(largest, package.pitch),
        governed_by=governing if largest < inf else "nothing",
    )


def _limit(room: float, mismatch: float) -> float:
    """Distance at which ``room - mismatch * distance`` vanishes, mm; -inf without any room."""
    if room < 0.0:
        return -inf
    return room / mismatch if mismatch > 0.0 else inf


def _columns(distance: float, pitch: float) -> int | None:
    """Columns n of a square array whose corner, ``pitch (n - 1) / sqrt(2)``, is within reach."""
    if distance < 0.0:
        return 0
    if distance > MOST_COLUMNS * pitch / sqrt(2.0):
        return None
    return 1 + floor(sqrt(2.0) * distance / pitch * (1.0 + 1e-12))
