"""Time of a thousand different mounted joints, and of 256 joints below a tilted package.

Run with ``python -m bench.shapes`` from the repository; sets one thread.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from time import perf_counter

import numpy as np

from bumpfem.shapes.capillary import Liquid, free_bump, mounted_joint
from bumpfem.shapes.capillary.package_equilibrium import JointField, float_package

COUNT = 1000


def main() -> None:
    """Print a table of seconds."""
    random = np.random.default_rng(1)
    solder = Liquid.of("sac305", 240.0)
    volumes = 0.0477 * random.uniform(0.7, 1.3, COUNT)
    board, interposer = (random.uniform(0.28, 0.42, COUNT) for _ in range(2))
    loads = random.uniform(-1e-4, 4e-4, COUNT)
    heights = random.uniform(0.24, 0.40, COUNT)
    mounted_joint(0.0477, 0.35, 0.35, solder)

    def by_load() -> None:
        for values in zip(volumes, board, interposer, loads, strict=True):
            mounted_joint(*map(float, values[:3]), solder, load=float(values[3]))

    def by_standoff() -> None:
        for values in zip(volumes, board, interposer, heights, strict=True):
            mounted_joint(*map(float, values[:3]), solder, standoff=float(values[3]))

    def bumps() -> None:
        for volume, pad in zip(volumes, board, strict=True):
            free_bump(float(volume), float(pad), solder)

    def package() -> None:
        place = 0.8 * (np.arange(16) - 7.5)
        field = JointField(
            np.array([(x, y) for x in place for y in place]), volumes[:256],
            board[:256], interposer[:256], np.zeros(256), solder,
        )  # fmt: skip
        float_package(field, 256 * 2e-5, (0.5, 0.2))

    for title, run in (
        (f"{COUNT} joints under a load", by_load),
        (f"{COUNT} joints at a stand-off", by_standoff),
        (f"{COUNT} free bumps", bumps),
        ("package on 256 different joints", package),
    ):
        start = perf_counter()
        run()
        print(f"{title:36s} {perf_counter() - start:7.2f} s")


if __name__ == "__main__":
    main()
