"""The largest array that a mask serves: expansion of mask and substrate up to reflow.

    python studies/mask_alignment.py

For the masked joint of each ready-made package, with masks of several materials: what is left of
capture by the pad (when the solder melts) and of clearance in the hole (at the peak) at the
outermost ball, and the largest square array that works. The mask lies on the substrate without
being bonded to it. Expansions are used beyond the range of their sources (the value at its end is
kept): a first orientation, not a design.
"""

from __future__ import annotations

from pathlib import Path

import bumpfem as bf
from bumpfem.materials import load_material
from bumpfem.shapes.mask_alignment import mask_alignment

PACKAGES = ("pbga_0p80", "cbga_1p27", "csp_0p40")
MATERIALS = ("solder_resist", "polyimide", "glass_epoxy", "copper", "alumina")
#: Peak of reflow over the solidus, K, and error of placement, mm.
ABOVE_SOLIDUS, PLACEMENT_ERROR = 30.0, 0.010


def main() -> None:
    folder = Path(__file__).resolve().parent.parent / "meshes"
    print(
        f"{'package':<12}{'mask':<16}{'mismatch':>12}{'capture um':>12}{'clearance um':>14}"
        f"{'largest array':>16}  governed by"
    )
    for name in PACKAGES:
        package = bf.Package.load(folder / f"{name}.toml")
        peak = load_material(package.solder)["solidus"].constant + ABOVE_SOLIDUS
        joint = package.joint("masked")
        for material in MATERIALS:
            mask = joint.mask.model_copy(update={"material": material})
            found = mask_alignment(
                package,
                joint.model_copy(update={"mask": mask}),
                peak_temperature=peak,
                placement_error=PLACEMENT_ERROR,
                extrapolate=True,
            )
            columns = found.largest_columns
            largest = "any" if columns is None else f"{columns} x {columns}"
            print(
                f"{name:<12}{material:<16}{1e6 * found.peak_mismatch:>8.0f} ppm"
                f"{1e3 * found.capture_margin.min():>12.0f}"
                f"{1e3 * found.clearance_margin.min():>14.0f}{largest:>16}  {found.governed_by}"
            )


if __name__ == "__main__":
    main()
