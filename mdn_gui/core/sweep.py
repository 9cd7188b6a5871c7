"""The choice of K: what a sweep runs, how its fits are compared."""

import dataclasses
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.dataset import Dataset, FloatArray
from mdn_gui.core.diagnostics import Estimate
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.identity import find_components
from mdn_gui.core.split import IndexArray, split_of_run
from mdn_gui.errors import ConfigError

MOST_RUNS = 500
"""Of one sweep."""
_ROWS_AT_ONCE = 16_384
_SPAN = re.compile(r"\s*(?:[-–]|\.\.)\s*")
_RANGE = re.compile(r"(\d{1,10})(?:-(\d{1,10}))?")
_SEPARATOR = re.compile(r"[,;\s]+")


@dataclass(frozen=True)
class SweepPlan:
    """The runs of a sweep: each K with each seed, all else as the settings say.

    Parameters
    ----------
    components : tuple of int
        Values of K; they are brought into order, each counts once.
    seeds : tuple of int
        Seeds, likewise. A seed settles split, start, order, noise.

    Raises
    ------
    ConfigError
        When there is none of either, one is out of its range, or there would be more than :data:`MOST_RUNS` runs.
    """

    components: tuple[int, ...]
    seeds: tuple[int, ...] = (0,)

    def __post_init__(self) -> None:
        """Check every value as the settings do."""
        if not self.components or not self.seeds:
            name = "number of components" if not self.components else "seed"
            raise ConfigError(f"The sweep has no {name}.", "Give at least one, such as 1-8 for K, 0 for the seed.")
        components = {ModelConfig(num_components=number).num_components for number in self.components}
        seeds = {TrainingConfig(seed=seed).seed for seed in self.seeds}
        object.__setattr__(self, "components", tuple(sorted(components)))
        object.__setattr__(self, "seeds", tuple(sorted(seeds)))
        if len(self) > MOST_RUNS:
            message = f"The sweep would have {len(self):,} runs: {len(components)} values of K, {len(seeds):,} seeds."
            raise ConfigError(message, f"Take fewer of either: at most {MOST_RUNS} runs.")

    @classmethod
    def of_texts(cls, components: str, seeds: str) -> "SweepPlan":
        """Return the plan of two texts such as "1-8" or "1, 2, 4-6".

        Raises
        ------
        ConfigError
            When one is no list of whole numbers, or for the reasons of the class.
        """
        return cls(_numbers_in(components, "Components"), _numbers_in(seeds, "Seeds"))

    def __len__(self) -> int:
        """Return the number of runs."""
        return len(self.components) * len(self.seeds)

    def settings(
        self, model_config: ModelConfig, training_config: TrainingConfig
    ) -> tuple[tuple[ModelConfig, TrainingConfig], ...]:
        """Return the settings of each run in their order: every K with the first seed, then with the next one.

        A sweep that is stopped early has then compared every K on some seeds.

        Raises
        ------
        ConfigError
            When the settings hold out no rows to compare on.
        """
        if training_config.validation_fraction == 0:
            raise ConfigError("Without held-out rows no K can be recommended.", "Set Validation above 0, such as 0.15.")
        return tuple(
            (
                dataclasses.replace(model_config, num_components=number),
                dataclasses.replace(training_config, seed=seed),
            )
            for seed in self.seeds
            for number in self.components
        )


def _numbers_in(text: str, name: str) -> tuple[int, ...]:
    """Return the whole numbers that a text lists; no more are made of it than a sweep may have runs, but one."""
    numbers: list[int] = []
    for part in filter(None, _SEPARATOR.split(_SPAN.sub("-", text))):
        found = _RANGE.fullmatch(part)
        if found is None:
            raise ConfigError(f"{name}: {part[:40]!r} is no whole number.", "Write such as 1-8, or 1, 2, 4, 8.")
        first, last = int(found[1]), int(found[2] or found[1])
        if last < first:
            raise ConfigError(f"{name}: {part!r} ends before it begins.", f"Write {last}-{first}.")
        if last - first >= MOST_RUNS:
            message = f"{name}: {part!r} are {last - first + 1:,} numbers."
            raise ConfigError(message, f"A sweep has at most {MOST_RUNS} runs: take fewer.")
        numbers.extend(range(first, last + 1))
    return tuple(numbers)


def listed(numbers: Iterable[int]) -> str:
    """Return ascending whole numbers as :meth:`SweepPlan.of_texts` reads them, such as "1-4, 8"."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(f"{first}" if first == last else f"{first}-{last}" for first, last in spans)


@dataclass(frozen=True)
class FailedRun:
    """A run of a sweep that came to nothing.

    Parameters
    ----------
    num_components, seed : int
        Which one.
    reason : str
        What went wrong, for people.
    """

    num_components: int
    seed: int
    reason: str


@dataclass(frozen=True, eq=False)
class SweepRun:
    """One fit of a sweep with what its held-out rows say.

    Parameters
    ----------
    model : FittedModel
        What the run kept.
    rows : int array [V]
        The rows of the data set that were held out, ascending; they follow from the seed.
    row_nll : array [V]
        NLL of each of them, nats, data units; infinite where the density is 0 in float64.
    num_needed : int
        Components that it could not do without, of all networks together.
    number : int
        That of the run in its project; 0 where it has none.
    """

    model: FittedModel
    rows: IndexArray
    row_nll: FloatArray
    num_needed: int = 0
    number: int = 0

    @classmethod
    def judged(cls, model: FittedModel, dataset: Dataset, number: int = 0) -> "SweepRun":
        """Judge a finished fit on the rows of its data set that it held out.

        Raises
        ------
        DataError
            When it reads other columns.
        """
        rows = _held_out(model.training_config, len(dataset))
        row_nll = np.empty(len(rows))
        for begin in range(0, len(rows), _ROWS_AT_ONCE):
            some = rows[begin : begin + _ROWS_AT_ONCE]
            row_nll[begin : begin + _ROWS_AT_ONCE] = -model.conditional(dataset.x[some]).log_pdf(dataset.y[some])
        row_nll.setflags(write=False)
        needed = model.num_components - len(find_components(model, dataset.x, dataset.y))
        return cls(model, rows, row_nll, needed, number)

    @property
    def num_components(self) -> int:
        """Number of components K that was asked for."""
        return self.model.model_config.num_components

    @property
    def seed(self) -> int:
        """The seed of the run."""
        return self.model.training_config.seed

    @property
    def epochs(self) -> int:
        """Number of epochs trained."""
        return self.model.history.epochs if self.model.history is not None else 0

    @property
    def seconds(self) -> float:
        """Duration of the run."""
        return self.model.history.seconds if self.model.history is not None else 0.0

    @cached_property
    def nll(self) -> float:
        """Validation NLL, nats a row, data units."""
        return Estimate.of_mean(self.row_nll).value


@lru_cache(maxsize=4)
def _held_out(config: TrainingConfig, num_rows: int) -> IndexArray:
    """Return the rows that a run holds out: one array for every K of a seed."""
    rows = split_of_run(config, num_rows)[1]
    rows.setflags(write=False)
    return rows


@dataclass(frozen=True, eq=False)
class SweepPoint:
    """One K of a sweep.

    Parameters
    ----------
    runs : tuple of SweepRun
        Ascending in the seed, at least one, each with this K and another seed.
    """

    runs: tuple[SweepRun, ...]

    @property
    def num_components(self) -> int:
        """Number of components K that was asked for."""
        return self.runs[0].num_components

    @property
    def seeds(self) -> tuple[int, ...]:
        """Seeds of its runs, ascending."""
        return tuple(run.seed for run in self.runs)

    @cached_property
    def nll(self) -> Estimate:
        """Validation NLL, nats a row, data units, with its own standard error: how far other rows would move it."""
        return _mean_over_rows([run.rows for run in self.runs], [run.row_nll for run in self.runs])

    @property
    def seed_spread(self) -> float:
        """Sd of the validation NLL from seed to seed, nats a row: luck of split and start; NaN for one seed."""
        values = np.array([run.nll for run in self.runs])
        return float(values.std(ddof=1)) if len(values) > 1 and np.isfinite(values).all() else math.nan

    def excess_over(self, other: "SweepPoint") -> Estimate:
        """Return how much worse the NLL is than that of another point, nats a row, with its standard error.

        Notes
        -----
        The mean difference row by row, of the seeds that both have; without one, the difference of the means. The rows
        are the same, so what makes a row hard for every K cancels: Vehtari, Gelman and Gabry (2017), Practical Bayesian
        model evaluation, section 5.2.
        """
        theirs = {run.seed: run for run in other.runs}
        pairs = [(run, theirs[run.seed]) for run in self.runs if run.seed in theirs]
        if not pairs:
            error = math.hypot(self.nll.standard_error, other.nll.standard_error)
            with np.errstate(invalid="ignore"):
                return Estimate(float(np.subtract(self.nll.value, other.nll.value)), error)
        differences = [_difference(one.row_nll, two.row_nll) for one, two in pairs]
        return _mean_over_rows([one.rows for one, _ in pairs], differences)


def _difference(one: FloatArray, two: FloatArray) -> FloatArray:
    """Return one NLL less the other; equal infinities do not differ."""
    differs = one != two
    return np.subtract(one, two, out=np.zeros(len(differs)), where=differs)


def _mean_over_rows(rows: list[IndexArray], values: list[FloatArray]) -> Estimate:
    """Return the mean of all values with its standard error: of a row that several seeds hold out they are not apart.

    Notes
    -----
    The deviations of a row are added before they are squared (Liang and Zeger 1986); with one seed that is the usual
    sd / sqrt(N).
    """
    pooled = np.concatenate(values)
    if len(values) == 1:
        return Estimate.of_mean(pooled)
    _, row_of = np.unique(np.concatenate(rows), return_inverse=True)
    with np.errstate(over="ignore", invalid="ignore"):
        mean = float(pooled.mean())
        by_row = np.bincount(row_of, weights=pooled - mean) if np.isfinite(pooled).all() else np.empty(0)
    if len(by_row) < 2:
        return Estimate(mean, math.inf)
    correction = len(by_row) / (len(by_row) - 1)
    return Estimate(mean, float(np.sqrt(correction * np.square(by_row).sum())) / len(pooled))


@dataclass(frozen=True, eq=False)
class SweepResult:
    """The finished runs of a sweep.

    Parameters
    ----------
    points : tuple of SweepPoint
        Ascending in K, at least one.
    failures : tuple of FailedRun
        What came to nothing, in the order of the plan.
    """

    points: tuple[SweepPoint, ...]
    failures: tuple[FailedRun, ...] = ()

    @classmethod
    def of_runs(cls, runs: Iterable[SweepRun], failures: Iterable[FailedRun] = ()) -> "SweepResult | None":
        """Put runs on one data set together; of equal K and seed the last counts. None where there is none."""
        found = {(run.num_components, run.seed): run for run in runs}
        points: dict[int, list[SweepRun]] = {}
        for (number, _), run in sorted(found.items(), key=lambda item: item[0]):
            points.setdefault(number, []).append(run)
        return cls(tuple(SweepPoint(tuple(each)) for each in points.values()), tuple(failures)) if points else None

    @property
    def runs(self) -> tuple[SweepRun, ...]:
        """Every run, by K, then by seed."""
        return tuple(run for point in self.points for run in point.runs)

    @cached_property
    def best(self) -> SweepPoint:
        """The point with the smallest validation NLL on the seeds that it shares; the smallest K among equals."""
        best = self.points[0]
        for point in self.points[1:]:
            if point.excess_over(best).value < 0.0:
                best = point
        return best

    @cached_property
    def recommended(self) -> SweepPoint:
        """The smallest K whose validation NLL is within one standard error of the best one's.

        Notes
        -----
        Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, section 7.10. The standard error is that
        of the difference from the best point, row by row: the error of the best NLL alone is mostly the spread of the
        rows themselves, common to every K, and would let real improvements pass for noise. All points stopped at
        their best epoch on these rows, so that each NLL is slightly too good: the choice, not the figure, is what
        they are for.
        """
        return next(point for point in self.points if point is self.best or _is_close(self.excesses[point]))

    @cached_property
    def excesses(self) -> dict[SweepPoint, Estimate]:
        """By how much the NLL of each point is worse than that of the best one."""
        return {point: point.excess_over(self.best) for point in self.points}

    def worked_out(self) -> "SweepResult":
        """Work everything out, so that it can be read at once; return the result itself."""
        for point in self.points:
            _ = point.nll, point.seed_spread
        _ = self.recommended
        return self


def _is_close(excess: Estimate) -> bool:
    return math.isfinite(excess.value) and excess.value <= excess.standard_error
