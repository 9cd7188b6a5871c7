"""Whether a fit promises what the rows hold: judged on rows that it did not learn from."""

import enum
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from mdn_gui.core import special
from mdn_gui.core.baselines import Rival, fit_baselines
from mdn_gui.core.dataset import Dataset, FloatArray, frozen_array
from mdn_gui.core.diagnostics import Conditional, Estimate, Uniformity, region_mass
from mdn_gui.core.encoding import Encoding, collapsed
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.split import split_of_run
from mdn_gui.core.transform import LOGIT
from mdn_gui.core.transformed_mixture import ConditionalDensity, TransformedMixture
from mdn_gui.errors import DataError

MASSES = tuple(np.round(np.arange(0.05, 1.0, 0.05), 2).tolist())
"""Nominal masses of the intervals, regions whose coverage is reported: 5 % to 95 %."""
MASS = 0.9
"""Mass of the central interval that is followed along x."""
FEW_ROWS = 30
"""Fewer rows are a hint, no more."""

_MOST_ROWS = 10_000
_MOST_PAIRS = 5_000_000
"""Rows times K squared: the CRPS looks at pairs of components, 0.3 s."""
_MOST_REGION_WORK = 150_000.0
"""Rows times K to the power 1.5: regions are found by their edges, 1 s."""
_LEAST_ROWS, _LEAST_REGION_ROWS = 200, 20
_ROWS_AT_ONCE, _REGIONS_AT_ONCE = 2_048, 256
_MOST_GROUPS, _ROWS_IN_GROUP = 8, 15
_BINS = ((400, 20), (100, 10), (0, 5))
"""From so many rows on, so many bins of PIT values: at least 10 rows are expected in each but for very few rows."""


class Judge(enum.Enum):
    """Which rows judge a fit."""

    TEST = "test"
    """Kept for the test: neither learned from nor used to choose an epoch."""
    VALIDATION = "validation"
    """Held out of the run: not learned from, but they chose the epoch."""
    TRAINING = "training"
    """Learned from: what they say is too kind."""


@dataclass(frozen=True, eq=False)
class JudgingRows:
    """The rows that judge a fit.

    Parameters
    ----------
    judge : Judge
        Which they are.
    x : array [N, D]
        Inputs, data units.
    y : array [N]
        Targets, data units.
    encodings : tuple of Encoding
        How the inputs were made from C columns.
    """

    judge: Judge
    x: FloatArray
    y: FloatArray
    encodings: tuple[Encoding, ...]


@dataclass(frozen=True, eq=False)
class PitHistogram:
    """How many PIT values lie in each of B bins of equal width.

    Parameters
    ----------
    counts : array [B]
        Rows in each bin.
    low, high : float
        Where the number in a bin of as many uniform values lies in 95 % of the cases, ends included (binomial).
    """

    counts: FloatArray
    low: float
    high: float

    @property
    def edges(self) -> FloatArray:
        """Ends of the bins [B + 1], 0 to 1."""
        return np.linspace(0.0, 1.0, len(self.counts) + 1)


@dataclass(frozen=True)
class Group:
    """Rows that are neighbours along x.

    Parameters
    ----------
    low, centre, high : float
        Least, median, greatest x of them, data units; of a category the number of the level.
    num_rows : int
        How many.
    pit : Estimate
        Mean PIT value; 0.5 where the fit is neither too high nor too low.
    coverage : Estimate
        Fraction of rows inside the central 90 % interval.
    nll : Estimate
        Mean NLL, nats a row, data units.
    """

    low: float
    centre: float
    high: float
    num_rows: int
    pit: Estimate
    coverage: Estimate
    nll: Estimate


@dataclass(frozen=True)
class Comparison:
    """A rival on the same rows; gains are paired differences, positive where the fit is better.

    Parameters
    ----------
    nll, crps : Estimate
        Of the rival: nats a row, data units.
    nll_gain, crps_gain : Estimate
        Rival less fit, row by row.
    """

    nll: Estimate
    crps: Estimate
    nll_gain: Estimate
    crps_gain: Estimate


@dataclass(frozen=True, eq=False)
class Calibration:
    """How a fit did on N rows.

    Parameters
    ----------
    judge : Judge
        Which rows they are.
    num_available : int
        How many such rows there are; N of them, drawn by the seed of the run, were judged.
    encodings : tuple of Encoding
        Of the C columns.
    columns : array [N, C]
        Their values, data units; of a category the number of the level.
    median : array [N]
        Median of p(y given x) at each row, data units.
    nll, crps, pit : array [N]
        Nats, data units, 0 to 1.
    width : array [N]
        Of the central 90 % interval, data units.
    region_mass : array [R]
        Of the first R <= N rows: mass of the highest-density region whose edge y is on.
    rivals : dict of Rival to Comparison
        What the fit is compared with.
    """

    judge: Judge
    num_available: int
    encodings: tuple[Encoding, ...]
    columns: FloatArray
    median: FloatArray
    nll: FloatArray
    crps: FloatArray
    pit: FloatArray
    width: FloatArray
    region_mass: FloatArray
    rivals: Mapping[Rival, Comparison]

    @property
    def num_rows(self) -> int:
        """Number of rows judged."""
        return len(self.pit)

    @property
    def num_impossible(self) -> int:
        """Number of rows whose density is 0 in float64: their NLL is infinite."""
        return int(np.isinf(self.nll).sum())

    @cached_property
    def uniformity(self) -> Uniformity:
        """The Kolmogorov-Smirnov test of the PIT values."""
        return Uniformity.of(self.pit)

    @cached_property
    def bias(self) -> Estimate:
        """Mean PIT value: above 0.5 the rows lie higher than the fit says."""
        return _of_pit(self.pit)

    @cached_property
    def sharpness(self) -> Estimate:
        """Mean width of the central 90 % interval, data units."""
        return Estimate.of_mean(self.width)

    @cached_property
    def mean_nll(self) -> Estimate:
        """Mean NLL, nats a row, data units."""
        return Estimate.of_mean(self.nll)

    @cached_property
    def mean_crps(self) -> Estimate:
        """Mean continuous ranked probability score, data units."""
        return Estimate.of_mean(self.crps)

    def central(self, mass: float) -> Estimate:
        """Return the fraction of rows inside the central interval of a mass between 0 and 1."""
        return Estimate.of_fraction(_is_inside(self.pit, mass))

    def regions(self, mass: float) -> Estimate:
        """Return the fraction of the first R rows inside the highest-density region of a mass between 0 and 1."""
        return Estimate.of_fraction(self.region_mass <= mass)

    def histogram(self) -> PitHistogram:
        """Return the histogram of the PIT values, with the band of a uniform law."""
        count = self.num_rows
        bins = next(bins for least, bins in _BINS if count >= least)
        counts = np.bincount(np.minimum((self.pit * bins).astype(np.intp), bins - 1), minlength=bins)
        below = special.load().bdtr(np.arange(count + 1.0), count, 1.0 / bins)
        low, high = (float(np.searchsorted(below, probability)) for probability in (0.025, 0.975))
        return PitHistogram(counts.astype(np.float64), low, high)

    def along(self, place: int | None) -> tuple[Group, ...]:
        """Return up to 8 groups of rows along a column, of equal count but for equal values, which stay together.

        Parameters
        ----------
        place : int or None
            Number of the column, counted from 0: of a category each of the 8 most frequent levels is a group. None
            for the median of the fit.
        """
        values = self.median if place is None else self.columns[:, place]
        if place is not None and self.encodings[place].levels:
            levels, counts = np.unique(values, return_counts=True)
            frequent = np.sort(levels[np.argsort(-counts, kind="stable")[:_MOST_GROUPS]])
            return tuple(self._group(values, np.flatnonzero(values == level)) for level in frequent)
        order = np.argsort(values, kind="stable")
        ordered, wanted = values[order], min(max(len(order) // _ROWS_IN_GROUP, 1), _MOST_GROUPS)
        cuts = np.searchsorted(ordered, ordered[np.arange(1, wanted) * len(order) // wanted])
        parts = np.split(order, np.unique(cuts[cuts > 0]))
        return tuple(self._group(values, part) for part in parts)

    def _group(self, values: FloatArray, rows: np.ndarray) -> Group:
        x, pit = values[rows], self.pit[rows]
        ends = float(x.min()), float(np.median(x)), float(x.max())
        coverage = Estimate.of_fraction(_is_inside(pit, MASS))
        return Group(*ends, len(rows), _of_pit(pit), coverage, Estimate.of_mean(self.nll[rows]))


def judging_rows(model: FittedModel, dataset: Dataset, test: Dataset | None) -> JudgingRows | None:
    """Return the fairest rows there are; None where the fit learned from other rows than those of ``dataset``.

    Those of the test, else those that the run held out, else those that it learned from.
    """
    if model.provenance.data_digest != dataset.digest:
        return None
    if test is not None:
        return JudgingRows(Judge.TEST, test.x, test.y, test.encodings)
    train, held_out = split_of_run(model.training_config, len(dataset))
    judge, rows = (Judge.VALIDATION, held_out) if len(held_out) else (Judge.TRAINING, train)
    return JudgingRows(judge, dataset.x[rows], dataset.y[rows], dataset.encodings)


def rivals_of(model: FittedModel, dataset: Dataset) -> dict[Rival, Conditional]:
    """Return what a fit is compared with, fitted to the rows that it learned from."""
    train, _ = split_of_run(model.training_config, len(dataset))
    seed, floor = model.training_config.seed, model.smallest_scale
    return fit_baselines(dataset.x[train], dataset.y[train], seed, model.transform, floor)


def calibrate(
    model: Conditional,
    rows: JudgingRows,
    rivals: Mapping[Rival, Conditional],
    seed: int = 0,
    is_cancelled: Callable[[], bool] = bool,
) -> Calibration | None:
    """Judge a conditional density, about 2 s at most whatever the rows; None where that was cancelled.

    Parameters
    ----------
    model : Conditional
        What is judged.
    rows : JudgingRows
        At most 10,000 of them are used; fewer where there are many components, 200 at least.
    rivals : dict of Rival to Conditional
        What is judged on the same rows.
    seed : int
        Draws them where there are more.
    is_cancelled : callable
        Asked between blocks; by default the rows are judged to the end.

    Raises
    ------
    DataError
        When there are no rows, or their inputs do not fit the model.

    Notes
    -----
    PIT values and coverage: Dawid (1984); Gneiting, Balabdaoui and Raftery (2007). Region mass: Hyndman (1996).
    """
    if len(rows.y) == 0:
        raise DataError("There are no rows to judge the fit on.", "Keep some for a test, or hold some out.")
    most, with_regions = _most_rows(model.conditional(rows.x[:1]))
    x, y = rows.x, rows.y
    if len(y) > most:
        chosen = np.random.default_rng([seed, 5]).choice(len(y), most, replace=False)
        x, y = x[chosen], y[chosen]
    own = [_scores(model, x[some], y[some]) for some in _blocks(len(y), is_cancelled)]
    masses = [
        region_mass(model.conditional(x[some]), y[some])
        for some in _blocks(min(with_regions, len(y)), is_cancelled, _REGIONS_AT_ONCE)
    ]
    judged = {rival: _rival_scores(each, x, y, is_cancelled) for rival, each in rivals.items()}
    if is_cancelled():
        return None
    median, nll, crps, pit, width = map(frozen_array, np.concatenate(own, axis=1))
    columns = frozen_array(collapsed(rows.encodings, x))
    parts = median, nll, crps, pit, width, frozen_array(np.concatenate(masses))
    found = {rival: _comparison(*scores, nll, crps) for rival, scores in judged.items()}
    return Calibration(rows.judge, len(rows.y), rows.encodings, columns, *parts, found)


def _most_rows(density: ConditionalDensity) -> tuple[int, int]:
    """Return how many rows are judged, of how many the regions are looked at, for densities such as this one."""
    components = density.num_components
    pairs, regions, least = _MOST_PAIRS, _MOST_REGION_WORK, _LEAST_ROWS
    if isinstance(density, TransformedMixture) and density.transform is LOGIT:
        pairs, regions, least = pairs // 100, regions / 5.0, least // 2  # its CRPS is a quadrature
    rows = max(min(_MOST_ROWS, pairs // components**2), least)
    return rows, max(int(regions / components**1.5), _LEAST_REGION_ROWS)


def _blocks(count: int, is_cancelled: Callable[[], bool], rows_at_once: int = _ROWS_AT_ONCE) -> Iterator[slice]:
    for begin in range(0, count, rows_at_once):
        if is_cancelled():
            return
        yield slice(begin, min(begin + rows_at_once, count))


def _scores(model: Conditional, x: FloatArray, y: FloatArray) -> FloatArray:
    """Return median, NLL, CRPS, PIT value, width of the 90 % interval at each row [5, N]."""
    density = model.conditional(x)
    low, median, high = density.quantile([0.5 - MASS / 2, 0.5, 0.5 + MASS / 2]).T
    with np.errstate(over="ignore", invalid="ignore"):
        return np.stack([median, -density.log_pdf(y), density.crps(y), density.cdf(y), high - low])


def _rival_scores(
    rival: Conditional, x: FloatArray, y: FloatArray, is_cancelled: Callable[[], bool]
) -> tuple[FloatArray, FloatArray]:
    """Return NLL, CRPS at each row, each [N]; fewer where that was cancelled."""
    nll, crps = [np.empty(0)], [np.empty(0)]
    for some in _blocks(len(y), is_cancelled):
        density = rival.conditional(x[some])
        nll.append(-density.log_pdf(y[some]))
        crps.append(density.crps(y[some]))
    return np.concatenate(nll), np.concatenate(crps)


def _comparison(nll: FloatArray, crps: FloatArray, own_nll: FloatArray, own_crps: FloatArray) -> Comparison:
    with np.errstate(over="ignore", invalid="ignore"):
        gains = nll - own_nll, crps - own_crps
    return Comparison(*map(Estimate.of_mean, (nll, crps, *gains)))


def _is_inside(pit: FloatArray, mass: float) -> NDArray[np.bool_]:
    return np.abs(pit - 0.5) <= 0.5 * mass


def _of_pit(pit: FloatArray) -> Estimate:
    """Return the mean of PIT values, with a standard error not below that of uniform ones."""
    found, least = Estimate.of_mean(pit), 1.0 / math.sqrt(12.0 * len(pit))
    return Estimate(found.value, max(found.standard_error, least) if len(pit) > 1 else least)
