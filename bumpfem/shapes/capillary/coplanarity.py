"""Monte Carlo of an array's heights: their distribution, seating plane and coplanarity.

Every sample is one package: each of its joints gets its own deviations within the tolerances, the
heights follow from the variant's equilibrium, the package's warpage is added, and the seating
plane of JESD22-B108 gives the sample's coplanarity. Percentiles come with the confidence interval
of order statistics (no distribution assumed), shares with that of Clopper and Pearson.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, inf
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import bdtr, bdtrik, betaincinv

from bumpfem.shapes.capillary.heights import HeightModel
from bumpfem.shapes.capillary.seating import regression_coplanarity, seat
from bumpfem.shapes.capillary.tolerance import Tolerance, Tolerances, bow
from bumpfem.shapes.checks import check_kind, check_number
from bumpfem.shapes.drawing import COLOURS, Chart
from bumpfem.units import FloatArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Bars of a histogram.
BINS = 40
#: Heights computed at once.
CHUNK = 200_000


@dataclass(frozen=True)
class Estimate:
    """An estimate and its confidence interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Warpage:
    """Bow of the substrate, the same for all joints of a package.

    Args:
        height: Nominal height of the outermost balls' feet over the middle, mm; positive where
            the outer balls stand nearer to the board.
        tolerance: How it varies from package to package.
    """

    height: float = 0.0
    tolerance: Tolerance | None = None

    def __post_init__(self) -> None:
        check_number("warpage.height", self.height, "mm")


@dataclass(frozen=True)
class Coplanarity(Chart):
    """Heights and coplanarity of samples of a package.

    Attributes:
        name: Name of the variant.
        mean_height: Mean of all heights, without warpage, mm.
        deviation: Standard deviation of all heights, without warpage, mm.
        height_percentiles: Heights at 0.135, 50 and 99.865 % (three standard deviations of a
            normal distribution), mm.
        coplanarity: Coplanarity of each package, mm, shape (samples,).
        regression: Coplanarity by the regression plane instead, mm, shape (samples,).
        variation: Coplanarity over the package's own mean height, shape (samples,).
        rocking_share: Share of the packages that rock on two supports.
        contributions: Share of each tolerance in the variance of heights, to first order.
        ignored: Tolerances given that this variant has no part for.
    """

    name: str
    mean_height: float
    deviation: float
    height_percentiles: tuple[float, float, float]
    coplanarity: FloatArray
    regression: FloatArray
    variation: FloatArray
    rocking_share: float
    contributions: dict[str, float]
    ignored: tuple[str, ...]

    def percentile(self, percent: float, confidence: float = 0.95) -> Estimate:
        """A percentile of coplanarity, mm, with its confidence interval.

        Args:
            percent: Between 0 and 100.
            confidence: Probability that the interval holds the true percentile.
        """
        return percentile(self.coplanarity, percent, confidence)

    def share_above(self, limit: float = 0.10, confidence: float = 0.95) -> Estimate:
        """Share of packages whose variation exceeds a limit, e.g. 10 % of the mean height."""
        return share(int(np.sum(self.variation > limit)), len(self.variation), confidence)

    def keeps(self, limit: float = 0.10, share_allowed: float = 0.00135) -> bool:
        """Whether at most a share of the packages exceeds a limit, with 95 % confidence."""
        return self.share_above(limit, 0.90).high <= share_allowed

    def fill(self, axes: Axes) -> None:
        """Histogram of the packages' coplanarity with its percentiles."""
        axes.hist(1e3 * self.coplanarity, bins=BINS, color=COLOURS["solder"])
        for percent, style in ((50.0, "-"), (95.0, "--"), (99.7, ":")):
            value = 1e3 * self.percentile(percent).value
            label = f"{percent:g} %: {value:.3g} um"
            axes.axvline(value, color=COLOURS["core"], linestyle=style, label=label)
        axes.set_title(
            f"{self.name}: heights {self.mean_height:.4g} mm, s.d. {1e3 * self.deviation:.3g} um",
            fontsize="small",
        )
        axes.set_xlabel("coplanarity, um")
        axes.set_ylabel("packages")
        axes.legend(fontsize="small")


def percentile(values: FloatArray, percent: float, confidence: float = 0.95) -> Estimate:
    """Percentile of a sample and the interval between order statistics that holds the true one.

    The number of samples below the true percentile is binomial whatever the distribution; a bound
    that lies beyond the sample is infinite.

    Raises:
        InputError: If percent or confidence are out of range.
    """
    check_number("percent", percent, "%", above=0.0, below=100.0)
    check_number("confidence", confidence, above=0.0, below=1.0)
    ordered, count, p = np.sort(values), len(values), percent / 100.0
    low = _binomial_quantile(0.5 * (1.0 - confidence), count, p)
    high = _binomial_quantile(0.5 * (1.0 + confidence), count, p) + 1
    return Estimate(
        float(np.percentile(ordered, percent)),
        float(ordered[low - 1]) if low >= 1 else -inf,
        float(ordered[high - 1]) if high <= count else inf,
    )


def _binomial_quantile(probability: float, count: int, p: float) -> int:
    """Smallest number of hits that is not exceeded with at least this probability."""
    hits = max(0, ceil(float(bdtrik(probability, count, p)) - 1e-6))
    while hits > 0 and bdtr(hits - 1, count, p) >= probability:
        hits -= 1
    while bdtr(hits, count, p) < probability:
        hits += 1
    return hits


def share(hits: int, count: int, confidence: float = 0.95) -> Estimate:
    """Share of hits with the interval of Clopper and Pearson.

    >>> round(share(0, 100).high, 4)  # 1 - 0.025^(1/100)
    0.0362
    """
    tail = 0.5 * (1.0 - confidence)
    low = float(betaincinv(hits, count - hits + 1, tail)) if hits else 0.0
    high = float(betaincinv(hits + 1, count - hits, 1.0 - tail)) if hits < count else 1.0
    return Estimate(hits / count, low, high)


def coplanarity_of(
    model: HeightModel,
    positions: FloatArray,
    tolerances: Tolerances,
    *,
    warpage: Warpage | None = None,
    samples: int = 5000,
    seed: int = 0,
    centre_of_gravity: tuple[float, float] = (0.0, 0.0),
) -> Coplanarity:
    """Sample packages and seat them.

    Args:
        model: Height of one joint of the variant.
        positions: Positions of the joints from the array's centre, mm, shape (n, 2).
        tolerances: What varies from joint to joint.
        warpage: Bow of the substrate.
        samples: Number of packages.
        seed: Seed of the random numbers; the same seed gives the same result.
        centre_of_gravity: Its projection, mm.

    Raises:
        InputError: Bad tolerances, or an array that cannot stand.
    """
    check_kind("samples", samples, int)
    check_number("samples", samples, least=20, most=1_000_000)
    generator = np.random.default_rng(seed)
    height = model.fast(tolerances)
    varying = model.varying(tolerances)
    shape_of_bow = bow(positions, 1.0)
    bend = warpage or Warpage()
    count = len(positions)
    chunk = max(1, CHUNK // count)
    collected, found, regression, variation, rocks = [], [], [], [], 0
    for first in range(0, samples, chunk):
        shape = (min(chunk, samples - first), count)
        values = {
            name: model.nominal[name] + tolerance.sample(generator, shape)
            for name, tolerance in varying.items()
        }
        heights = np.broadcast_to(height(values), shape)
        bent = np.full((shape[0], 1), bend.height)
        if bend.tolerance is not None:
            bent = bent + bend.tolerance.sample(generator, (shape[0], 1))
        apexes = heights + bent * shape_of_bow
        seating = seat(positions, apexes, centre_of_gravity)
        regression.append(regression_coplanarity(positions, apexes))
        collected.append(heights)
        found.append(seating.coplanarity)
        variation.append(seating.coplanarity / np.mean(heights, axis=1))
        rocks += int(np.sum(seating.rocks))
    everything = np.concatenate(collected)
    low, middle, high = np.percentile(everything, [0.135, 50.0, 99.865])
    return Coplanarity(
        name=model.name,
        mean_height=float(np.mean(everything)),
        deviation=float(np.std(everything)),
        height_percentiles=(float(low), float(middle), float(high)),
        coplanarity=np.concatenate(found),
        regression=np.concatenate(regression),
        variation=np.concatenate(variation),
        rocking_share=rocks / samples,
        contributions=contributions(model, tolerances),
        ignored=tuple(sorted(set(tolerances.given()) - set(varying))),
    )


def linear_deviation(model: HeightModel, tolerances: Tolerances) -> float:
    """Standard deviation of heights to first order: root of sum (dh/dp)^2 s_p^2, mm."""
    return float(np.sqrt(sum(v**2 for v in _effects(model, tolerances).values())))


def contributions(model: HeightModel, tolerances: Tolerances) -> dict[str, float]:
    """Share of each tolerance in the variance of heights, to first order."""
    squares = {name: effect**2 for name, effect in _effects(model, tolerances).items()}
    total = sum(squares.values())
    return {name: value / total if total > 0.0 else 0.0 for name, value in squares.items()}


def _effects(model: HeightModel, tolerances: Tolerances) -> dict[str, float]:
    """Change of height by one standard deviation of each tolerance, central differences, mm."""
    height = model.fast(tolerances)
    effects = {}
    for name, tolerance in model.varying(tolerances).items():
        ends = model.nominal[name] + tolerance.deviation * np.array([-0.5, 0.5])
        low, high = np.broadcast_to(height({name: ends}), (2,))
        effects[name] = float(high - low)
    return effects
