"""The NLL of runs that are laid over the run shown, as it is or as the difference from that of the run shown."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QColor, QPen

from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.split import num_held_out
from mdn_gui.core.training_run import TrainingRun
from mdn_gui.ui.loss.record import RunRecord, column_starts, smoothed, thinned
from mdn_gui.ui.overlaid import MOST_OVERLAID
from mdn_gui.ui.theme import LIGHT, Theme, blend

GREATEST = 1e300
"""Values beyond are drawn here: a painter takes no infinite height."""
_FADED = 0.6
"""Opacity of a run that is not judged on the rows of the one shown."""

JudgedOn = tuple[str, int, int]
"""The rows that judge a run: digest of all rows, seed of the split, number of rows held out."""


class Drawn(NamedTuple):
    """A curve: places on the x axis [N], values [N] as they are drawn, the place from which on it has settled."""

    x: FloatArray
    y: FloatArray
    settled: float


@dataclass(frozen=True)
class Scale:
    """How curves are drawn.

    Parameters
    ----------
    columns : int
        Columns of pixels.
    reach : float
        Of the smoothing; 0 for none.
    lowest : float
        What is subtracted from each NLL, nats a row.
    is_log : bool
        Whether the axis of the epochs is logarithmic.
    """

    columns: int
    reach: float = 0.0
    lowest: float = 0.0
    is_log: bool = False


@dataclass(frozen=True, eq=False)
class OtherRun:
    """A run that is laid over the one shown.

    Parameters
    ----------
    number : int
        Gives its colour.
    name : str
        What it is called; may come from a person.
    record : RunRecord
        Its epochs, at least one.
    remark : str
        Why its NLL is not to be compared with that of the run shown; empty where it is.
    """

    number: int
    name: str
    record: RunRecord
    remark: str = ""

    def value_at(self, epoch: int, own: RunRecord | None = None) -> float:
        """Return its NLL after an epoch, less that of ``own`` where one is given; NaN where there is none."""
        values, first = self._judged(own), int(self.record.epochs[0])
        if not 0 <= epoch - first < len(values[0]):
            return math.nan
        value = float(values[0][epoch - first])
        if own is None:
            return value
        place = epoch - int(own.epochs[0])
        return value - float(values[1][place]) if 0 <= place < len(own) else math.nan

    def curve(self, own: RunRecord | None = None) -> tuple[FloatArray, FloatArray]:
        """Return epochs [N] with the NLL [N] that judges the run; with ``own`` the difference over common epochs.

        A difference is that of two validation NLLs, else that of two train NLLs: never of one from the other.
        """
        theirs, ours = self._judged(own)
        if own is None:
            return self.record.epochs, theirs
        first = max(self.record.epochs[0], own.epochs[0])
        count = max(int(min(self.record.epochs[-1], own.epochs[-1]) - first) + 1, 0)
        begin, own_begin = int(first - self.record.epochs[0]), int(first - own.epochs[0])
        with np.errstate(over="ignore"):
            less = theirs[begin : begin + count] - ours[own_begin : own_begin + count]
        return self.record.epochs[begin : begin + count], np.clip(less, -GREATEST, GREATEST)

    def _judged(self, own: RunRecord | None) -> tuple[FloatArray, FloatArray]:
        """Return the NLL of the run, of ``own``, both of the same kind."""
        if own is None:
            return self.record.judged, np.zeros(0)
        theirs, ours = self.record.validation, own.validation
        return (self.record.train, own.train) if theirs is None or ours is None else (theirs, ours)


def judged_on(model: FittedModel) -> JudgedOn:
    """Return what tells which rows judge the run of a model, and after learning from which."""
    config, seen = model.training_config, model.provenance
    return seen.data_digest, config.seed, num_held_out(config, seen.num_rows)


def remark_on(model: FittedModel, own: JudgedOn | None) -> str:
    """Return why the NLL of a run is not to be compared with one that is judged on ``own``; empty where it is."""
    theirs = judged_on(model)
    if own is None or theirs == own:
        return ""
    if not (theirs[0] and own[0]):
        return QCoreApplication.translate("Loss", "its rows are not recorded")
    return QCoreApplication.translate("Loss", "judged on other rows")


def seams_of(run: TrainingRun, find: Callable[[int], TrainingRun | None]) -> tuple[int, ...]:
    """Return the places, counted from 0, of the epochs at which earlier runs were trained further to become this one.

    Parameters
    ----------
    run : TrainingRun
        Any run.
    find : callable
        Returns the run of a number; None where it is no more.
    """
    seams: list[int] = []
    before = find(run.continues)
    while before is not None and before.number < run.number and before.model.history is not None:
        seams.append(before.model.history.epochs)
        run, before = before, find(before.continues)
    return tuple(reversed(seams))


class OtherCurves:
    """One curve for each run in its colour; faint dashes where its NLL is not to be compared.

    Parameters
    ----------
    plot : pyqtgraph.PlotWidget
        Where they are drawn.
    """

    def __init__(self, plot: pg.PlotWidget) -> None:
        self.runs: tuple[OtherRun, ...] = ()
        self._theme = LIGHT
        self._drawn_of: tuple[Scale, tuple[OtherRun, ...]] | None = None
        self._drawn: list[Drawn] = []
        self.curves = [pg.PlotCurveItem() for _ in range(MOST_OVERLAID)]
        self.zero = pg.InfiniteLine(pos=0.0, angle=0, movable=False)
        self.zero.setVisible(False)
        for item in (*self.curves, self.zero):
            item.setZValue(-1)
            plot.addItem(item, ignoreBounds=True)

    def show(self, runs: Sequence[OtherRun], pen: Callable[[QColor | str, float], QPen]) -> None:
        """Take other runs."""
        self.runs = tuple(runs)[:MOST_OVERLAID]
        self.show_theme(self._theme, pen)

    def show_theme(self, theme: Theme, pen: Callable[[QColor | str, float], QPen]) -> None:
        """Take new colours; ``pen`` makes a pen of a colour with a width in logical pixels."""
        self._theme = theme
        self.zero.setPen(pen(theme.muted, 1.0))
        for curve, run in zip(self.curves, self.runs, strict=False):
            colour = theme.run(run.number)
            made = pen(blend(colour, theme.base, _FADED) if run.remark else colour, 1.0)
            if run.remark:
                made.setStyle(Qt.PenStyle.DashLine)
            curve.setPen(made)

    def draw(self, scale: Scale, own: RunRecord | None = None) -> list[Drawn]:
        """Draw every run; as the difference from ``own``, which has epochs, around a zero line, where one is given."""
        state = (scale, self.runs) if own is None else None
        if state is not None and state == self._drawn_of:  # they stay as they are while the run shown goes on
            return self._drawn
        self.clear()
        for curve, run in zip(self.curves, self.runs, strict=False):
            epochs, values = run.curve(own)
            if len(epochs):
                made = _drawn(np.log10(epochs) if scale.is_log else epochs, values, scale, run.record.seams)
                curve.setData(made.x, made.y)
                self._drawn.append(made)
        self.zero.setVisible(own is not None)
        self._drawn_of = state
        return self._drawn

    def clear(self) -> None:
        """Draw nothing."""
        self._drawn_of, self._drawn = None, []
        for curve in self.curves:
            curve.setData([], [])
        self.zero.setVisible(False)


def _drawn(place: FloatArray, values: FloatArray, scale: Scale, seams: tuple[int, ...]) -> Drawn:
    """Return a curve as it is drawn: its means where it is smoothed, else its least and greatest in each column."""
    starts = column_starts(place, scale.columns)
    if scale.reach:
        within = tuple(seam for seam in seams if seam < len(values))
        x, y = place[starts], smoothed(values, starts, scale.reach, within)
    elif len(starts) < len(place):
        x, y = thinned(place, values, starts)
    else:
        x, y = place, values
    return Drawn(x, np.clip(y - scale.lowest, -GREATEST, GREATEST), float(place[len(place) // 12]))
