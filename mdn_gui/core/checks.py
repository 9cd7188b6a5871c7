"""What a person should know about the data before training."""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

import numpy as np

from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.dataset import Dataset, FloatArray
from mdn_gui.core.encoding import ColumnKind, Encoding
from mdn_gui.core.findings import Finding, FindingKind, Mend
from mdn_gui.core.outliers import ROBUST_SDS, outliers
from mdn_gui.core.repeats import coincident_pairs, repeated_rows
from mdn_gui.core.rounding import rounding_step
from mdn_gui.core.scaling import BLOCK_ROWS, column_spread
from mdn_gui.core.selection import RowArray, Selection
from mdn_gui.core.split import num_held_out, split_of_run
from mdn_gui.core.transform import transform_named

ROWS_PER_COMPONENT = 10
"""Training rows for each component below which a mixture is not to be trusted."""

MOST_ROWS_LOOKED_AT = 1_000_000
"""Ties are counted among so many rows, drawn at random where there are more."""

_MOST_ROWS_FOR_ROUNDING = 100_000
_LEAST_ROWS_A_LEVEL = 5
_TIED_SHARE, _PILE_SHARE, _PILE_ROWS, _PILE_RATIO = 0.2, 0.05, 5, 5
_VISIBLE_STEP = 0.04
"""Of the sd of the target: half of a smaller step is far narrower than a component that is fitted."""
_COINCIDENCES = 10.0
"""Rows whose columns are coarse agree by chance, and more often where columns depend on each other."""
_GREAT = 1e30
_LEAST_RELATIVE_RANGE = 1e-10
"""A number is shown with 15 certain digits at most: a smaller range would keep less than 5 of them."""
_TOLD_APART = 3
_LONGEST_NAME = 40


def data_checks(
    selection: Selection, model_config: ModelConfig, training_config: TrainingConfig
) -> tuple[Finding, ...]:
    """Return the findings on the rows that a run with these settings would learn from; none where all is well.

    Parameters
    ----------
    selection : Selection
        Its data set is looked at; the rows of the test are not.
    model_config, training_config : ModelConfig, TrainingConfig
        The settings of the next run: K, smallest sd, split.

    Notes
    -----
    Nothing is said where the settings or the nature of the data already take care of it: a rounding much finer than
    the spread of the target, rows that agree because their columns are coarse, the extremes of a heavy tail.
    """
    with np.errstate(all="ignore"):
        rows = _Rows(selection, model_config, training_config)
        found = [check(rows) for check in _CHECKS]
    return tuple(finding for finding in found if finding is not None)


class _Rows:
    """The rows with what several checks need to know of them."""

    def __init__(self, selection: Selection, model_config: ModelConfig, training_config: TrainingConfig) -> None:
        self.dataset: Dataset = selection.dataset
        self.model_config, self.training_config = model_config, training_config
        known = len(selection.rows) == len(self.dataset)
        self._of_table = selection.rows if known else np.arange(len(self.dataset), dtype=np.int64)
        self.low, self.high, self.total = _range_and_total(self.dataset)
        x, y = self.dataset.x, self.dataset.y
        self.repeats = repeated_rows(x, y, more_than=_COINCIDENCES * coincident_pairs(x, y))

    def __len__(self) -> int:
        return len(self.dataset)

    @property
    def inputs(self) -> Iterator[tuple[Encoding, slice]]:
        """Each input column of the table, with the columns of x that it became."""
        end = 0
        for encoding in self.dataset.encodings:
            yield encoding, slice(end, end + encoding.width)
            end += encoding.width

    @property
    def numbers(self) -> Iterator[tuple[str, FloatArray, float, float]]:
        """Each column of numbers, the target last: name, values, least, greatest."""
        for encoding, place in self.inputs:
            if encoding.kind.is_numeric and encoding.kind is not ColumnKind.BOOLEAN:
                j = place.start
                yield encoding.column, self.dataset.x[:, j], float(self.low[j]), float(self.high[j])
        yield self.dataset.target_name, self.dataset.y, float(self.low[-1]), float(self.high[-1])

    @property
    def target(self) -> str:
        """Name of the target, short enough for a sentence."""
        return _short(self.dataset.target_name)

    @property
    def is_untransformed(self) -> bool:
        """Whether components are Gaussian in the units of the target."""
        return self.model_config.target_transform == "none"

    @cached_property
    def has_two_values(self) -> bool:
        """Whether the target holds two values only, in more rows than could happen to agree."""
        y, ends = self.dataset.y, (self.low[-1], self.high[-1])
        if len(y) < 2 * _LEAST_ROWS_A_LEVEL:
            return False
        blocks = (y[i : i + BLOCK_ROWS] for i in range(0, len(y), BLOCK_ROWS))
        return all(bool(((block == ends[0]) | (block == ends[1])).all()) for block in blocks)

    def of_table(self, rows: RowArray) -> RowArray:
        """Return the rows of the table that rows of the data set are."""
        return np.asarray(self._of_table[rows], dtype=np.int64)

    def held_out(self) -> int:
        """Return how many rows are held out to choose the best epoch."""
        return num_held_out(self.training_config, len(self))


def _range_and_total(dataset: Dataset) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return least value, greatest value, sum [D + 1] of each input, then of the target."""
    lows, highs, totals = [], [], []
    for begin in range(0, len(dataset), BLOCK_ROWS):
        some = slice(begin, begin + BLOCK_ROWS)
        x, y = dataset.x[some], dataset.y[some]
        lows.append(np.append(x.min(axis=0), y.min()))
        highs.append(np.append(x.max(axis=0), y.max()))
        totals.append(np.append(x.sum(axis=0), y.sum()))
    return np.min(lows, axis=0), np.max(highs, axis=0), np.sum(totals, axis=0)


# -- inputs -----------------------------------------------------------------------------------------------------------


def _constant(rows: _Rows) -> Finding | None:
    columns, parts = [], []
    train: RowArray | None = None
    held_out = rows.held_out()
    for encoding, place in rows.inputs:
        name, values = encoding.column, rows.dataset.x[:, place]
        if bool((rows.low[place] == rows.high[place]).all()):
            columns.append(name)
            parts.append(f"{_short(name)} is the same in every row")
        elif encoding.width == 1 and _may_be_held_out(values[:, 0], held_out):
            train = split_of_run(rows.training_config, len(rows))[0] if train is None else train
            first = values[train[0], 0]
            if bool((values[train, 0] == first).all()):
                columns.append(name)
                others = int((values[:, 0] != first).sum())
                parts.append(f"{_short(name)} is the same in every training row; {others:,} held-out rows differ")
    if not parts:
        return None
    can_drop = len(columns) < len(rows.dataset.encodings)
    return Finding(
        FindingKind.CONSTANT,
        _listed(parts),
        "Nothing can be learned from a constant input." + ("" if can_drop else " Choose another input."),
        Mend.DROP_INPUTS if can_drop else None,
        tuple(columns),
    )


def _may_be_held_out(values: FloatArray, held_out: int) -> bool:
    """Return whether so few ``values`` [N] differ from the others that all of them may be held out."""
    differing = int(np.count_nonzero(values != values[0]))
    return min(differing, len(values) - differing) <= held_out


def _rare_levels(rows: _Rows) -> Finding | None:
    columns, parts = [], []
    for encoding, place in rows.inputs:
        if encoding.kind is ColumnKind.CATEGORY:
            counts = list(zip(encoding.levels, rows.total[place], strict=True))
        elif encoding.kind is ColumnKind.BOOLEAN:
            true = float(rows.total[place.start])
            counts = [("true", true), ("false", len(rows) - true)]
        else:
            continue
        rare = [(level, int(count)) for level, count in counts if count < _LEAST_ROWS_A_LEVEL]
        if rare and max(count for _, count in counts) < len(rows):  # else it is constant
            shown = ", ".join(f"{_short(level)} ({count})" for level, count in rare[:_TOLD_APART])
            more = f" and {len(rare) - _TOLD_APART} more" if len(rare) > _TOLD_APART else ""
            columns.append(encoding.column)
            parts.append(f"{_short(encoding.column)}: fewer than {_LEAST_ROWS_A_LEVEL} rows with {shown}{more}")
    if not parts:
        return None
    remedy = "The density there is hardly more than a guess. Merge rare levels in the file, or exclude their rows."
    return Finding(FindingKind.RARE_LEVELS, _listed(parts), remedy, columns=tuple(columns))


# -- the target -------------------------------------------------------------------------------------------------------


def _transform(rows: _Rows) -> Finding | None:
    transform, y = transform_named(rows.model_config.target_transform), rows.dataset.y
    found = rows.of_table(np.flatnonzero(~np.isfinite(transform.forward(y))))
    if not len(found):
        return None
    return Finding(
        FindingKind.TRANSFORM,
        f"{rows.target}: {len(found):,} of {len(y):,} rows do not allow the {transform.name} ({_rows_text(found)}).",
        f"It needs values {transform.needed}. Learn the target as it is, or exclude these rows.",
        Mend.NO_TRANSFORM,
        (rows.dataset.target_name,),
        rows=found,
    )


def _two_values(rows: _Rows) -> Finding | None:
    if not rows.has_two_values:
        return None
    return Finding(
        FindingKind.TWO_VALUES,
        f"{rows.target} holds only two values, {rows.low[-1]:g} and {rows.high[-1]:g}.",
        "The weights of the components tell how likely each is; the density only shows how narrow a component may be.",
        columns=(rows.dataset.target_name,),
    )


def _ties(rows: _Rows) -> Finding | None:
    if rows.has_two_values:
        return None
    y = rows.dataset.y
    y = np.delete(y, rows.repeats) if len(rows.repeats) else y  # these are told of already
    step, y = _step(y), _some(y, MOST_ROWS_LOOKED_AT)
    values, counts = np.unique(y, return_counts=True)
    tied, place = int(counts[counts > 1].sum()), int(counts.argmax())
    most, next_most = int(counts[place]), int(np.partition(counts, -2)[-2]) if len(counts) > 1 else 0
    is_pile = most >= max(_PILE_ROWS, _PILE_SHARE * len(y)) and (step == 0.0 or most >= _PILE_RATIO * next_most)
    if not (is_pile or (step == 0.0 and tied >= max(_PILE_ROWS, _TIED_SHARE * len(y)))):
        return None
    seen = f"{len(y):,} rows" if len(y) >= len(rows) - len(rows.repeats) else f"{len(y):,} rows drawn at random"
    if is_pile:
        message = f"{rows.target}: {most:,} of {seen} hold exactly {values[place]:g}."
    else:
        message = f"{rows.target}: {tied:,} of {seen} share their value with another row, without a common step."
    floor = rows.model_config.scale_floor * _sd(y)
    amount = f", now {floor:.3g}" if rows.is_untransformed else ""
    remedy = (
        f"A component there can become as narrow as the smallest sd{amount}."
        if floor > 0
        else "The density there grows without limit. Set the smallest sd above 0 in all settings."
    )
    return Finding(FindingKind.TIES, message, remedy, columns=(rows.dataset.target_name,))


def _rounding(rows: _Rows) -> Finding | None:
    if rows.has_two_values or not rows.is_untransformed:  # else the width of a step changes with y
        return None
    step = _step(rows.dataset.y)
    sd = _sd(_some(rows.dataset.y, MOST_ROWS_LOOKED_AT))
    floor = rows.model_config.scale_floor * sd
    if not step > 0.0 or (floor > 0.0 and (step < _VISIBLE_STEP * sd or 0.5 * step <= floor)):
        return None
    remedy = (
        f"The smallest sd is raised from {floor:.3g} to half the step, {0.5 * step:.3g}: the rows tell no more."
        if floor > 0.0
        else "A component can become as narrow as a point on one value. Set the smallest sd above 0 in all settings."
    )
    return Finding(
        FindingKind.ROUNDING,
        f"{rows.target} is rounded to multiples of {step:.3g}.",
        remedy,
        columns=(rows.dataset.target_name,),
    )


def _step(y: FloatArray) -> float:
    return rounding_step(_some(y, _MOST_ROWS_FOR_ROUNDING))


def _sd(y: FloatArray) -> float:
    return float(column_spread(y[:, np.newaxis])[0])


# -- rows -------------------------------------------------------------------------------------------------------------


def _repeats(rows: _Rows) -> Finding | None:
    if not len(rows.repeats):
        return None
    found = rows.of_table(rows.repeats)
    verb = "repeats" if len(found) == 1 else "repeat"
    return Finding(
        FindingKind.REPEATS,
        f"{len(found):,} of {len(rows):,} rows {verb} an earlier row exactly ({_rows_text(found)}).",
        "Copies count twice, and can be in training and validation at once. Exclude them unless they were measured.",
        Mend.EXCLUDE_ROWS,
        rows=found,
    )


def _outliers(rows: _Rows) -> Finding | None:
    columns, parts, found = [], [], np.zeros(0, dtype=np.int64)
    for name, values, low, high in rows.numbers:
        far = outliers(values, low, high)
        if len(far.rows):
            of_table = rows.of_table(far.rows)
            one = len(far.rows) == 1
            held = f"{values[far.rows[0]]:.4g}" if one else f"{len(far.rows):,} values"
            where = f"{held} in {_rows_text(of_table)} {'is' if one else 'are'}"
            parts.append(f"{_short(name)}: {where} far from all others ({far.low:.4g} to {far.high:.4g})")
            columns.append(name)
            found = np.union1d(found, of_table)
    if not parts:
        return None
    remedy = (
        f"More than {ROBUST_SDS:g} sds, as the interquartile range gives them, from the median. Look at these rows; "
        "exclude what is a mistake."
    )
    return Finding(FindingKind.OUTLIERS, _listed(parts), remedy, Mend.SELECT_ROWS, tuple(columns), rows=found)


def _few_rows(rows: _Rows) -> Finding | None:
    count, train = rows.model_config.num_components, len(rows) - rows.held_out()
    if train >= ROWS_PER_COMPONENT * count:
        return None
    fewer = max(1, train // ROWS_PER_COMPONENT)
    components = "component" if count == 1 else "components"
    return Finding(
        FindingKind.FEW_ROWS,
        f"{train:,} training rows for {count} {components}: fewer than {ROWS_PER_COMPONENT} for each.",
        "Components may settle on single rows. " + ("Fewer will not." if fewer < count else "More rows are needed."),
        Mend.SET_COMPONENTS if fewer < count else None,
        num_components=fewer if fewer < count else 0,
    )


def _scale(rows: _Rows) -> Finding | None:
    columns, parts = [], []
    for name, _, low, high in rows.numbers:
        greatest = max(abs(low), abs(high))
        if greatest > _GREAT:
            parts.append(f"{_short(name)} reaches {greatest:.3g}")
        elif 0.0 < greatest < 1.0 / _GREAT:
            parts.append(f"{_short(name)} stays below {greatest:.3g}")
        elif 0.0 < high / 2 - low / 2 < 0.5 * _LEAST_RELATIVE_RANGE * greatest:
            parts.append(f"{_short(name)} changes by {high - low:.3g} around {low:.6g} only")
        else:
            continue
        columns.append(name)
    if not parts:
        return None
    remedy = "Few digits are left to learn from, or to show. Change the unit in the file, or take an offset off."
    return Finding(FindingKind.SCALE, _listed(parts), remedy, columns=tuple(columns))


_CHECKS: tuple[Callable[[_Rows], Finding | None], ...] = (
    _transform,
    _outliers,
    _scale,
    _repeats,
    _constant,
    _few_rows,
    _rare_levels,
    _two_values,
    _ties,
    _rounding,
)
"""In the order told: what is likely a mistake first, what is only worth knowing last."""


# -- sentences --------------------------------------------------------------------------------------------------------


def _some(values: FloatArray, most: int) -> FloatArray:
    """Return ``values`` [N], or one drawn from each of ``most`` equal parts."""
    if len(values) <= most:
        return values
    edges = np.linspace(0, len(values), most + 1)
    return values[(edges[:-1] + np.random.default_rng(0).random(most) * np.diff(edges)).astype(np.int64)]


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def _listed(parts: Sequence[str]) -> str:
    more = f"; and {len(parts) - _TOLD_APART} more columns" if len(parts) > _TOLD_APART else ""
    return "; ".join(parts[:_TOLD_APART]) + f"{more}."


def _rows_text(rows: RowArray) -> str:
    """Return such as "row 18" or "rows 4, 7, 8, …", counted from 1 below the header."""
    shown = ", ".join(str(row + 1) for row in rows[:_TOLD_APART])
    return f"{'row' if len(rows) == 1 else 'rows'} {shown}{', …' if len(rows) > _TOLD_APART else ''}"
