"""Heights, coplanarity and their spread for every variant of a package.

    python studies/coplanarity.py [meshes/pbga_0p80.toml] [samples]

Every sample is one package whose balls, pads, cores, powders and pastes vary within the tolerances
below; its seating plane and coplanarity are those of JESD22-B108. The tolerances are examples of
their class, not a standard's: put the ones of your drawings here.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

import bumpfem as bf
from bumpfem.errors import BumpfemError, InputError
from bumpfem.shapes.array_heights import Stage, height_model
from bumpfem.shapes.capillary.coplanarity import Warpage, coplanarity_of
from bumpfem.shapes.capillary.tolerance import Tolerance, Tolerances
from bumpfem.shapes.checks import check_number

VARIANTS = ["plain", "anchored", "masked", "cored", "necked", "metal_bump"]
#: Largest variation of heights that counts as even.
LIMIT = 0.10
#: Bow of the substrate from its middle to its outermost ball and how much it varies, mm.
WARPAGE = Warpage(0.0, Tolerance(0.010))
HEADER = (
    f"{'joint':<11}{'stage':<7}{'mean mm':>9}{'s.d. um':>9}{'coplanarity um, 50/95/99.7 %':>31}"
    f"{'95 % bounds of the 99.7 %':>27}{'variation, 95 %':>17}{'share > 10 %':>14}  from"
)


def tolerances(package: bf.Package) -> Tolerances:
    """Example tolerances, relative to the sizes of the package (half widths, 3 s.d.)."""
    ball, pad = package.ball_diameter, package.interposer_pad.wetted_diameter
    return Tolerances(
        ball_diameter=Tolerance(0.02 * ball),
        wetted_diameter=Tolerance(0.05 * pad),
        board_wetted_diameter=Tolerance(0.05 * package.board_pad.wetted_diameter),
        rim_height=Tolerance(0.005),
        core_diameter=Tolerance(0.01 * ball),
        pad_gap=Tolerance(0.003),
        melted_fraction=Tolerance(0.03),
        powder_thickness=Tolerance(0.02 * ball),
        powder_diameter=Tolerance(0.03 * ball),
        packing=Tolerance(0.03),
        barrier_thickness=Tolerance(0.001),
        bond_thickness=Tolerance(0.005),
        paste_thickness=Tolerance(0.004),
        hole_diameter=Tolerance(0.005),
    )


def row(package: bf.Package, name: str, stage: Stage, samples: int) -> str:
    """One line of the table."""
    model = height_model(package, package.joint(name), stage)
    found = coplanarity_of(
        model, package.joint_positions(), tolerances(package), warpage=WARPAGE, samples=samples
    )
    low, middle, high = (found.percentile(p) for p in (50.0, 95.0, 99.7))
    share = found.share_above(LIMIT)
    largest = max(found.contributions, key=lambda key: found.contributions[key])
    part = found.contributions[largest]
    return (
        f"{name:<11}{stage:<7}{found.mean_height:>9.4f}{1e3 * found.deviation:>9.2f}"
        f"{1e3 * low.value:>13.1f}{1e3 * middle.value:>9.1f}{1e3 * high.value:>9.1f}"
        f"{1e3 * high.low:>15.1f} to {1e3 * high.high:>8.1f}"
        f"{np.percentile(found.variation, 95.0):>17.1%}{share.value:>14.2%}"
        f"  {part:.0%} {largest.replace('_', ' ')}"
    )


def main(path: Path, samples: int) -> None:
    """Print the table."""
    check_number("samples", samples, least=20, most=1_000_000)
    package = bf.Package.load(path)
    count = len(package.array.sites)
    print(f"{package.title}: {count} joints, {samples} packages of each variant\n")
    print(HEADER)
    stages: tuple[Stage, ...] = ("ball", "joint")
    stated = {name: package.joint(name).neck for name in VARIANTS}
    for name in VARIANTS:
        for stage in stages:
            try:
                print(row(package, name, stage, samples))
            except BumpfemError as error:
                print(f"{name:<11}{stage:<7}{error}")
    for name, neck in stated.items():
        if neck is not None:
            print(f"\n{name}: its design states a variation of {neck.height_variation:.0%}")


def arguments(words: list[str]) -> tuple[Path, int]:
    """Package and number of samples of a command line.

    Raises:
        InputError: Names the argument.
    """
    folder = Path(__file__).resolve().parent.parent
    path = Path(words[0]) if words else folder / "meshes" / "pbga_0p80.toml"
    count = words[1] if len(words) > 1 else "4000"
    if len(words) > 2:
        raise InputError("arguments", " ".join(words), "a package's file and a number of packages")
    if not count.isdecimal():
        raise InputError("samples", count, "a whole number, 20 to 1000000")
    return path, int(count)


if __name__ == "__main__":
    try:
        main(*arguments(sys.argv[1:]))
    except BumpfemError as error:
        sys.exit(f"coplanarity: {error}")
