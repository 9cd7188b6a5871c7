"""How much each input matters to p(y given x): around one point, over all rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from mdn_gui.core.dataset import Dataset, FloatArray
from mdn_gui.core.diagnostics import Conditional, Estimate
from mdn_gui.core.encoding import Encoding, expanded
from mdn_gui.core.histogram import column_range, levels_of
from mdn_gui.core.shape_distance import shape_distance

STEP = 0.05
"""Share of the central 90 % range of an input by which it is moved."""
ENDS = (0.05, 0.95)
"""Quantiles between which that range lies."""
MOST_COLUMNS = 200
"""Columns that are looked at; of more, the first ones."""
MOST_ROWS = 2000
"""Rows in which columns are permuted."""

_ROWS_AT_ONCE = 256
_ROUNDING = 32.0 * float(np.finfo(np.float64).eps)
_PERMUTATION_STREAM = 11


@dataclass(frozen=True, eq=False)
class Spans:
    """What a data set says about how far each of its first C columns moves.

    Parameters
    ----------
    low, high : array [C]
        Least and greatest value, data units; of levels their numbers.
    step : array [C]
        5 % of the range between the quantiles 0.05 and 0.95, of the whole range where that is 0; 0 for a constant
        column, NaN for one that has levels.
    """

    low: FloatArray
    high: FloatArray
    step: FloatArray

    @classmethod
    def of(cls, dataset: Dataset) -> "Spans":
        """Look at the columns of a data set, the first 200 of more."""
        count = min(len(dataset.encodings), MOST_COLUMNS)
        low, high = np.transpose([column_range(dataset, place) for place in range(count)])
        return cls(low, high, np.array([_step_of(dataset, place, low, high) for place in range(count)]))


def _step_of(dataset: Dataset, place: int, low: FloatArray, high: FloatArray) -> float:
    if not high[place] > low[place]:
        return 0.0
    if levels_of(dataset.encodings[place]):
        return np.nan
    ends = np.quantile(dataset.column(place), ENDS)
    return float(STEP * (ends[1] - ends[0] if ends[1] > ends[0] else high[place] - low[place]))


@dataclass(frozen=True, eq=False)
class LocalEffects:
    """What changes around one point when one of the first C columns moves, the others held.

    Parameters
    ----------
    step : array [C]
        h by which a column moves, data units; 0 for a constant one, NaN for one that moves over its levels.
    mean, sd : array [C]
        Change of mixture mean, of mixture sd for one step, data units of the target; with the sign of the change when
        the column rises, or, over levels, of the greatest change from where it stands. NaN where it is not finite.
    shape : array [C]
        Distance of the standardised densities for one step, without unit, at least 0.
    """

    step: FloatArray
    mean: FloatArray
    sd: FloatArray
    shape: FloatArray


@dataclass(frozen=True)
class _Move:
    """A column goes from one value to another; ``share`` of the change is what one step makes."""

    place: int
    start: float
    stop: float
    share: float


def local_effects(
    model: Conditional,
    encodings: Sequence[Encoding],
    point: FloatArray,
    spans: Spans,
    is_cancelled: Callable[[], bool] = bool,
) -> LocalEffects | None:
    """Return the effect of each column around a point by finite differences; None where that was cancelled.

    Parameters
    ----------
    model : Conditional
        What is read.
    encodings : sequence of Encoding
        How the inputs are made from the columns.
    point : array
        Value of every column, data units; of a category the number of the level.
    spans : Spans
        How far the columns move. A column moves from x - h to x + h, or as far as its range reaches; the change is
        that of one h. Outside its range it may move back to it. One with levels moves to each of them.
    is_cancelled : callable
        Asked between blocks.

    Raises
    ------
    DataError
        When the point does not fit the model.
    """
    count = len(spans.step)
    moves = [move for place in range(count) for move in _moves(place, float(point[place]), spans, encodings[place])]
    changes = np.zeros((3, len(moves)))
    for begin in range(0, len(moves), _ROWS_AT_ONCE):
        if is_cancelled():
            return None
        some = slice(begin, begin + _ROWS_AT_ONCE)
        changes[:, some] = _changes(model, encodings, point, moves[some])
    greatest = np.zeros((3, count))
    owners = np.array([move.place for move in moves], dtype=np.intp)
    for place in np.unique(owners):
        own = changes[:, owners == place]
        greatest[:, place] = own[range(3), np.abs(own).argmax(axis=1)]
    return LocalEffects(spans.step, *greatest)


def _moves(place: int, value: float, spans: Spans, encoding: Encoding) -> list[_Move]:
    step = float(spans.step[place])
    if step == 0.0:
        return []
    if np.isnan(step):
        return [_Move(place, value, float(level), 1.0) for level in range(len(levels_of(encoding)))]
    start = max(value - step, min(float(spans.low[place]), value))
    stop = min(value + step, max(float(spans.high[place]), value))
    return [_Move(place, start, stop, step / (stop - start))] if stop > start else []


def _changes(model: Conditional, encodings: Sequence[Encoding], point: FloatArray, moves: list[_Move]) -> FloatArray:
    """Return the change of mean, of sd, of shape [3, M] that one step of each move makes."""
    rows, places = np.arange(len(moves)), [move.place for move in moves]
    ends = []
    for values in ([move.start for move in moves], [move.stop for move in moves]):
        columns = np.tile(point, (len(moves), 1))
        columns[rows, places] = values
        ends.append(model.conditional(expanded(encodings, columns)))
    first, second = ends
    change = (
        _difference(first.mean(), second.mean()),
        _difference(first.sd(), second.sd()),
        shape_distance(first, second),
    )
    return np.asarray(np.stack(change) * np.array([move.share for move in moves]))


def _difference(first: FloatArray, second: FloatArray) -> FloatArray:
    """Return second - first; 0 where that is no more than rounding."""
    with np.errstate(invalid="ignore", over="ignore"):
        difference = np.asarray(second - first)
        difference[np.abs(difference) <= _ROUNDING * np.maximum(np.abs(first), np.abs(second))] = 0.0
    difference[~(np.isfinite(first) & np.isfinite(second))] = np.nan
    return difference


@dataclass(frozen=True, eq=False)
class PermutedRises:
    """How much worse the rows are told when one of the first C columns is permuted among them.

    Parameters
    ----------
    rise, standard_error : array [C]
        Mean rise of the NLL, nats a row, with its standard error over the rows; about 0 for a column without use.
    num_rows : int
        Rows that were judged.
    """

    rise: FloatArray
    standard_error: FloatArray
    num_rows: int


def permuted_rises(
    model: Conditional, dataset: Dataset, seed: int = 0, is_cancelled: Callable[[], bool] = bool
) -> PermutedRises | None:
    """Return the permutation importance of each column on the NLL; None where that was cancelled.

    Parameters
    ----------
    model : Conditional
        What is judged.
    dataset : Dataset
        The rows, best those that the model never saw; at most 2,000 of them, drawn by the seed, are used.
    seed : int
        The same seed and rows give the same permutations.
    is_cancelled : callable
        Asked between blocks.

    Raises
    ------
    DataError
        When the inputs do not fit the model.

    Notes
    -----
    Breiman (2001), Random forests, section 10, with the NLL as the loss; the columns of a category move together.
    """
    rng = np.random.default_rng([seed, _PERMUTATION_STREAM])
    x, y = dataset.x, dataset.y
    if len(y) > MOST_ROWS:
        chosen = np.sort(rng.choice(len(y), MOST_ROWS, replace=False))
        x, y = x[chosen], y[chosen]
    ends = np.cumsum([encoding.width for encoding in dataset.encodings])[:MOST_COLUMNS].tolist()
    starts = [0, *ends[:-1]]
    before = _nll(model, x, y)
    estimates = []
    for start, end in zip(starts, ends, strict=True):
        if is_cancelled():
            return None
        order = rng.permutation(len(y))
        with np.errstate(invalid="ignore"):
            estimates.append(Estimate.of_mean(_nll(model, x, y, (slice(start, end), order)) - before))
    rises, errors = (np.array(values) for values in zip(*((e.value, e.standard_error) for e in estimates), strict=True))
    return PermutedRises(rises, errors, len(y))


def _nll(
    model: Conditional, x: FloatArray, y: FloatArray, permuted: tuple[slice, FloatArray | np.ndarray] | None = None
) -> FloatArray:
    """Return the NLL [N] of rows, block by block; with some inputs taken from other rows."""
    nll = np.empty(len(y))
    for begin in range(0, len(y), _ROWS_AT_ONCE):
        some = slice(begin, begin + _ROWS_AT_ONCE)
        inputs = x[some]
        if permuted is not None:
            inputs = inputs.copy()
            inputs[:, permuted[0]] = x[permuted[1][some], permuted[0]]
        nll[some] = -model.conditional(inputs).log_pdf(y[some])
    return nll
