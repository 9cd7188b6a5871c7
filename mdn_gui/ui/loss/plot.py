"""The plot of train NLL, validation NLL over epochs, live, of which every epoch can be chosen."""

import math
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from mdn_gui.core.dataset import FloatArray
from mdn_gui.core.reference_lines import Reference
from mdn_gui.files.tables import DataTable
from mdn_gui.session.replay import Replay
from mdn_gui.ui.loss.others import GREATEST, Drawn, OtherCurves, OtherRun, Scale
from mdn_gui.ui.loss.overlay import Overlay
from mdn_gui.ui.loss.record import RunRecord, column_starts, smoothed, thinned
from mdn_gui.ui.loss.texts import epoch_text, loss_table, reference_name
from mdn_gui.ui.numbers import grouped
from mdn_gui.ui.plot_base import Plot
from mdn_gui.ui.theme import LIGHT, Theme, blend

REACHES = (0.0, 0.03, 0.1, 0.3)
"""Steps of the smoothing: none, then means over epochs that differ by at most this share."""
_RAW = 0.4
"""Opacity of a line behind its smoothed one."""
_FAR_REFERENCE = 0.5
"""A reference farther from the curves than this share of their height is told at the edge."""
_NAMED_FROM = 150
"""Height of the plot in pixels from which on the axis of the epochs has its name."""
_MOST_GROWTH = 50.0
"""The plot grows to so many times the height of the run shown for the sake of others."""


class LossPlot(Plot):
    """Curves of both NLLs with a star at the best epoch; the y axis is never logarithmic, since an NLL can be < 0."""

    hovered = Signal(int)
    """Epoch under the mouse or chosen by keys, counted from 1; 0 when there is none."""
    epoch_requested = Signal(int)
    """Show the fit as it was after this epoch."""
    fit_requested = Signal()
    """Show the fit itself again."""
    play_requested = Signal()
    """Play the run, or pause."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName(self.tr("Loss plot"))
        self.setAccessibleDescription(
            self.tr("Left and Right choose an epoch, Enter shows the fit as it was then, Escape the fit itself")
        )
        self.view.setMouseEnabled(x=False, y=False)
        self.getPlotItem().layout.setContentsMargins(6, 4, 6, 5)  # the numbers of the left axis reach its edge
        self.record = RunRecord()
        self.references: tuple[Reference, ...] = ()
        self.reach = 0.0
        self._replay = Replay()
        self.pointed = 0
        """The epoch under the hover line; 0 when there is none."""
        self._log_epochs = self._above_best = self._whole_run = self._wants_difference = False
        self._curves = [pg.PlotCurveItem() for _ in range(4)]
        self._train, self._validation, self._train_trend, self._validation_trend = self._curves
        for curve in self._curves:
            self.addItem(curve, ignoreBounds=True)
        self.others = OtherCurves(self)
        self._best = pg.ScatterPlotItem(symbol="star", size=15, pxMode=True)
        self._line = pg.InfiniteLine(angle=90, movable=False)
        for item in (self._line, self._best):
            item.setZValue(5)
            self.addItem(item, ignoreBounds=True)
        self._line.setVisible(False)
        self.overlay = Overlay(self.view, reference_name)
        self.scene().sigMouseMoved.connect(self._follow_mouse)
        self.scene().sigMouseClicked.connect(self._take_click)
        self.show_theme(LIGHT)
        self.redraw()

    # -- what is shown ------------------------------------------------------------------------------------------------

    def show_record(self, record: RunRecord, references: tuple[Reference, ...] = ()) -> None:
        """Show the epochs of a run with what it is measured against."""
        self.record, self.references = record, references
        self.point_at(0)
        self.redraw()

    def show_others(self, others: tuple[OtherRun, ...]) -> None:
        """Lay other runs over the one shown."""
        self.others.show(others, self.pen)
        self.redraw()

    def show_references(self, references: tuple[Reference, ...]) -> None:
        """Draw a line at the NLL of each on the rows that judge the run, nats a row."""
        self.references = references
        self.redraw()

    def show_replay(self, replay: Replay) -> None:
        """Mark the epochs that can be shown, the one that is."""
        self._replay = replay
        self.view.setCursor(Qt.CursorShape.PointingHandCursor if replay.epochs else Qt.CursorShape.ArrowCursor)
        self._mark_epochs()

    def set_log_epochs(self, on: object) -> None:
        """Use a logarithmic epoch axis, or not."""
        self._log_epochs = bool(on)
        self.getPlotItem().getAxis("bottom").setLogMode(x=self._log_epochs)
        self.point_at(0)
        self.redraw()

    def set_above_best(self, on: object) -> None:
        """Show each NLL minus the lowest one, or as it is."""
        self._above_best = bool(on)
        self.redraw()

    def set_whole_run(self, on: object) -> None:
        """Show the first epochs too, although their height hides the rest."""
        self._whole_run = bool(on)
        self.redraw()

    def set_difference(self, on: object) -> None:
        """Show of the other runs how much higher their NLL is than that of the run shown, or the NLLs themselves."""
        self._wants_difference = bool(on)
        self.redraw()

    @property
    def is_difference(self) -> bool:
        """Whether differences are shown: there are other runs to subtract from."""
        return self._wants_difference and bool(self.others.runs)

    def set_smoothing(self, step: int) -> None:
        """Draw means over neighbouring epochs, the NLL itself faintly behind; step 0 draws the NLL alone."""
        self.reach = REACHES[step]
        self._pen_curves()
        self.redraw()

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        super().show_theme(theme)
        self._pen_curves()
        self.others.show_theme(theme, self.pen)
        self._best.setBrush(pg.mkBrush(QColor(theme.accent)))
        self._best.setPen(self.pen(theme.base, 1.0))
        self._line.setPen(self.pen(theme.muted, 1.0))
        self.overlay.show_theme(theme, self.font())

    def _pen_curves(self) -> None:
        for raw, trend, colour in (
            (self._train, self._train_trend, self._theme.train),
            (self._validation, self._validation_trend, self._theme.accent),
        ):
            raw.setPen(self.pen(blend(colour, self._theme.base, _RAW) if self.reach else colour, 1.0))
            trend.setPen(self.pen(colour, 1.6))

    def drawn_table(self) -> DataTable | None:
        """Return the NLL of every epoch, whatever part of it is seen; None without a run."""
        if not len(self.record) and not self.others.runs:
            return None
        return loss_table(self.record, self.references, self.reach, self.others.runs)

    # -- drawing ------------------------------------------------------------------------------------------------------

    def redraw(self) -> None:
        """Draw every epoch so far."""
        own, has_others = len(self.record) > 0, bool(self.others.runs)
        for item in (*self._curves, self._best):
            item.setData([], [])
        groups: list[list[Drawn]] = []
        lowest = float(self.record.judged.min()) if self._above_best and own and not self.is_difference else 0.0
        scale = Scale(self._columns, self.reach, lowest, self._log_epochs)
        if self.is_difference:
            groups = [[each] for each in self.others.draw(scale, self.record)] if own else []
        else:
            groups = [self._draw_own(lowest)] if own else []
            groups += [[each] for each in self.others.draw(scale)] if has_others else []
        if not groups or not has_others:
            self.others.clear()
        for axis in self.axes():
            axis.setVisible(bool(groups))
        self.overlay.show_hint("" if groups else self._hint())
        is_referred = own and bool(groups) and not self.is_difference
        references = self.references if is_referred else ()
        if groups:
            self._set_heights(groups, lowest, references)
        self.overlay.show_references(references, lowest)
        if groups:
            self._set_widths([each for group in groups for each in group])
        self._mark_epochs()

    def _hint(self) -> str:
        if not self.is_difference:
            return self.tr("The NLL of a run is drawn here while it trains")
        if len(self.record):
            return self.tr("The runs have no epoch in common")
        return self.tr("No run is shown from which others could differ")

    @property
    def _columns(self) -> int:
        return max(round(self.view.width() * self.fineness), 200)

    def _draw_own(self, lowest: float) -> list[Drawn]:
        """Draw the run shown, which has epochs."""
        record, place, drawn = self.record, self._places(), []
        starts = column_starts(place, self._columns)
        for values, raw, trend in (
            (record.train, self._train, self._train_trend),
            (record.validation, self._validation, self._validation_trend),
        ):
            if values is None:
                continue
            x, y = thinned(place, values, starts) if len(starts) < len(place) else (place, values)
            y = np.clip(y - lowest, -GREATEST, GREATEST)
            raw.setData(x, y)
            drawn.append(Drawn(x, y, float(place[len(place) // 12])))
            if self.reach:
                means = smoothed(values, starts, self.reach, record.seams)
                trend.setData(place[starts], np.clip(means - lowest, None, GREATEST))
        best = record.best
        if best is not None:
            self._best.setData([place[best]], [record.judged[best] - lowest])
        return drawn

    def _places(self) -> FloatArray:
        return self.record.log_epochs if self._log_epochs else self.record.epochs

    def _place_of(self, epoch: float) -> float:
        return math.log10(max(epoch, 1.0)) if self._log_epochs else float(epoch)

    def _set_heights(self, groups: list[list[Drawn]], lowest: float, references: tuple[Reference, ...]) -> None:
        """Take the range of the NLL, the first group of which is that of the run shown where there is one."""
        low, high = self._range_of(groups[0])
        farthest = math.inf if self.is_difference else _MOST_GROWTH * (high - low or 1.0)
        for group in groups[1:]:
            other_low, other_high = self._range_of(group)
            low = min(low, max(other_low, low - farthest))
            high = max(high, min(other_high, high + farthest))
        if self.is_difference:
            low, high = min(low, 0.0), max(high, 0.0)
        reach = _FAR_REFERENCE * (high - low)
        near = [each.nll - lowest for each in references if low - reach <= each.nll - lowest <= high + reach]
        low, high = min(low, *near, low), max(high, *near, high)
        margin = 0.06 * (high - low) or max(0.05, 1e-6 * abs(high))
        self.view.setYRange(low - margin, high + margin, padding=0.01)
        self._name_axis()

    def _set_widths(self, curves: list[Drawn]) -> None:
        """Take the range of the epochs, with a margin for the names of the references behind the last one."""
        left, right = min(float(each.x[0]) for each in curves), max(float(each.x[-1]) for each in curves)
        right = right if right > left else left + 1
        self.view.setXRange(left, left + (right - left) / (1.0 - self.overlay.margin), padding=0.01)

    def _range_of(self, group: list[Drawn]) -> tuple[float, float]:
        """Return the range of the curves of a run, without the first epochs where these are far above the rest."""
        values = np.concatenate([each.y if self._whole_run else each.y[each.x >= each.settled] for each in group])
        low, high = float(values.min()), float(values.max())
        if not self._whole_run:
            high = min(high, low + 1.6 * (float(np.quantile(values, 0.97)) - low))
        return low, high

    def _name_axis(self) -> None:
        """Give a logarithmic axis the numbers 1, 2, 5, 10 ...; name the axis where that leaves room for the curves."""
        axis = self.axes()[0]
        axis.setTicks([_log_ticks(self.last_drawn)] if self._log_epochs else None)
        has_room = self.height() >= _NAMED_FROM
        name = self.tr("NLL less that of the run shown") if self.is_difference else self.tr("NLL, nats a row")
        if has_room and self.axes()[1].labelText != name:
            self.set_axis_label("bottom", self.tr("epoch"))
            self.set_axis_label("left", name)
        for each in self.axes():
            each.showLabel(has_room)

    def _mark_epochs(self) -> None:
        shown = self._replay.shown
        known = len(self.record) > 0
        self.overlay.show_seams(tuple(self._places()[list(self.record.seams)].tolist()))
        self.overlay.show_snapshots(tuple(map(self._place_of, self._replay.epochs)) if known else ())
        is_marked = known and shown is not None
        mark = (self._place_of(shown or 1), epoch_text(shown or 1, self.last_epoch)) if is_marked else None
        self.overlay.show_epoch(mark)

    @property
    def last_epoch(self) -> int:
        """The newest epoch; 0 without a run."""
        return int(self.record.epochs[-1]) if len(self.record) else 0

    @property
    def first_drawn(self) -> int:
        """The first epoch of any run that is drawn; 0 without one."""
        records = (self.record, *(run.record for run in self.others.runs))
        return min((int(each.epochs[0]) for each in records if len(each)), default=0)

    @property
    def last_drawn(self) -> int:
        """The last epoch of any run that is drawn; 0 without one."""
        records = (self.record, *(run.record for run in self.others.runs))
        return max((int(each.epochs[-1]) for each in records if len(each)), default=0)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Draw for as many pixels as there are."""
        super().resizeEvent(event)
        if event is not None and hasattr(self, "record"):
            self.redraw()

    # -- mouse, keys --------------------------------------------------------------------------------------------------

    def point_at(self, epoch: int) -> None:
        """Put the hover line at an epoch and tell its values; 0 takes it away."""
        self.pointed = epoch
        self._line.setVisible(epoch > 0)
        if epoch:
            self._line.setValue(self._place_of(epoch))
        self.overlay.show_values(on=epoch > 0)
        self.hovered.emit(epoch)

    def _epoch_at(self, position: QPointF) -> int:
        """Return the epoch at a place of the scene; 0 where there is none."""
        box: QRectF = self.view.sceneBoundingRect()
        if not self.last_drawn or not box.contains(position):
            return 0
        place = float(self.view.mapSceneToView(position).x())
        wanted = 10.0 ** min(place, 300.0) if self._log_epochs else place
        return min(max(round(wanted), self.first_drawn), self.last_drawn)

    @Slot(object)
    def _follow_mouse(self, position: QPointF) -> None:
        if epoch := self._epoch_at(position):
            self.point_at(epoch)

    @Slot(object)
    def _take_click(self, click: Any) -> None:
        epoch = self._epoch_at(click.scenePos())
        if click.button() == Qt.MouseButton.LeftButton and epoch and self._replay.epochs:
            self.epoch_requested.emit(min(epoch, self.last_epoch))

    def leaveEvent(self, event: QEvent) -> None:
        """Hide the hover line."""
        super().leaveEvent(event)
        self.point_at(0)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the hover line, which the keys have moved."""
        super().focusOutEvent(event)
        self.point_at(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose a snapshot, show it, return to the fit, play."""
        key = Qt.Key(event.key())
        if key in {Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End} and self._replay.epochs:
            self.point_at(self._snapshot_by(key))
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.pointed and self._replay.epochs:
            self.epoch_requested.emit(self.pointed)
        elif key == Qt.Key.Key_Escape and (self._replay.shown is not None or self.pointed):
            self.point_at(0)
            self.fit_requested.emit()
        elif key == Qt.Key.Key_Space:
            self.play_requested.emit()
        else:
            event.ignore()

    def _snapshot_by(self, key: Qt.Key) -> int:
        """Return the epoch of the snapshot that a key leads to, from the one chosen, else shown, else the newest."""
        epochs = self._replay.epochs
        here = self.pointed or self._replay.shown or self.last_epoch + 1
        if key == Qt.Key.Key_Left:
            return max((epoch for epoch in epochs if epoch < here), default=epochs[0])
        if key == Qt.Key.Key_Right:
            return min((epoch for epoch in epochs if epoch > here), default=epochs[-1])
        return epochs[0] if key == Qt.Key.Key_Home else epochs[-1]


def _log_ticks(last: int) -> list[tuple[float, str]]:
    """Return places on a logarithmic axis with the epochs 1, 2, 5, 10, 20, ... up to the last one."""
    epochs = [step * 10**power for power in range(len(str(last))) for step in (1, 2, 5)]
    return [(math.log10(epoch), grouped(epoch)) for epoch in epochs if epoch <= last]
