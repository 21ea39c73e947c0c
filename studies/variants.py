"""The six joints of the 0.80 mm PBGA in thermal cycles, compared from Python.

The same as ``bumpfem run studies/variants.toml``; run it with ``python studies/variants.py``.
Results and report go to ``results/variants_py``.
"""

from pathlib import Path

import bumpfem as bf

HERE = Path(__file__).resolve().parent


def main() -> None:
    package = bf.Package.load(HERE.parent / "meshes" / "pbga_0p80.toml")
    joints = bf.variants(package, ["plain", "anchored", "masked", "cored", "necked", "metal_bump"])
    cycle = bf.ThermalCycle.jedec("G")  # JESD22-A104, -40/125 C
    lives = bf.compare(
        package,
        joints,
        cycle,
        law="darveaux_sac305_motalab_2013",
        folder="results/variants_py",
    )
    print(lives)
    for joint, why in lives.why.items():
        print(f"\n{joint}: {why}")
    print(f"\nreport: {lives.report()}")


# The runs are spread over processes, which import this file: only the main one may start them.
if __name__ == "__main__":
    main()
