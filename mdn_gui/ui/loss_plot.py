"""The plot of train NLL, validation NLL over epochs, live."""

import math
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.metrics import EpochMetrics, TrainingHistory
from mdn_gui.ui.numbers import fixed, tabular
from mdn_gui.ui.plot_base import Plot
from mdn_gui.ui.theme import LIGHT, Theme

_LABEL_PLACE = {"position": 0.01, "anchors": ((0.0, 1.0), (0.0, 1.0))}
"""At the left end, above the line: there the curves still come from far above."""


class LossPlot(Plot):
    """Curves of both NLLs with a star at the best epoch; the y axis is never logarithmic, since an NLL can be < 0."""

    hovered = Signal(int)
    """Epoch under the mouse, counted from 1; 0 when it has left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName(self.tr("Loss plot"))
        self.view.setMouseEnabled(x=False, y=False)
        self.set_axis_label("bottom", self.tr("epoch"))
        self._metrics: list[EpochMetrics] = []
        self._reference_nll: float | None = None
        self._log_epochs = self._above_best = self._whole_run = False
        self._train = pg.PlotDataItem()
        self._validation = pg.PlotDataItem()
        for curve in (self._train, self._validation):
            curve.setDownsampling(auto=True, method="peak")
            curve.setClipToView(True)
            self.addItem(curve)
        self._best = pg.ScatterPlotItem(symbol="star", size=15, pxMode=True)
        self._line = pg.InfiniteLine(angle=90, movable=False)
        self._reference = pg.InfiniteLine(angle=0, movable=False, label="", labelOpts=_LABEL_PLACE)
        for item in (self._reference, self._best, self._line):
            item.setZValue(5)
            self.addItem(item, ignoreBounds=True)
        self._line.setVisible(False)
        self.scene().sigMouseMoved.connect(self._follow_mouse)
        self.show_theme(LIGHT)
        self.redraw()

    @property
    def metrics(self) -> list[EpochMetrics]:
        """The epochs shown."""
        return self._metrics

    @property
    def reference_nll(self) -> float | None:
        """NLL of the joint mixture on the held-out rows of the run, nats a row."""
        return self._reference_nll

    def clear_run(self) -> None:
        """Begin a new run."""
        self._metrics, self._reference_nll = [], None
        self.redraw()

    def show_reference(self, nll: float | None) -> None:
        """Draw a line at the NLL of the joint mixture on the held-out rows of the run, or none."""
        self._reference_nll = nll
        self._name_reference()
        self.redraw()

    def add_epochs(self, metrics: tuple[EpochMetrics, ...]) -> None:
        """Append finished epochs."""
        self._metrics.extend(metrics)
        self.redraw()

    def set_log_epochs(self, on: object) -> None:
        """Use a logarithmic epoch axis, or not."""
        self._log_epochs = bool(on)
        self.getPlotItem().getAxis("bottom").setLogMode(x=self._log_epochs)
        self.redraw()

    def set_above_best(self, on: object) -> None:
        """Show each NLL minus the lowest one, or as it is."""
        self._above_best = bool(on)
        self.redraw()

    def set_whole_run(self, on: object) -> None:
        """Show the first epochs too, although their height hides the rest."""
        self._whole_run = bool(on)
        self.redraw()

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        super().show_theme(theme)
        self._train.setPen(self.pen(theme.train, 1.0))
        self._validation.setPen(self.pen(theme.accent, 1.0))
        self._best.setBrush(pg.mkBrush(QColor(theme.accent)))
        self._best.setPen(self.pen(theme.base, 1.0))
        self._line.setPen(self.pen(theme.muted, 1.0))
        self._reference.setPen(self.pen(theme.cursor, 1.0, Qt.PenStyle.DashLine))
        self._reference.label.setColor(QColor(theme.cursor))
        plate = QColor(theme.base)
        plate.setAlphaF(0.8)  # what it covers still shimmers through
        self._reference.label.fill = pg.mkBrush(plate)

    def redraw(self) -> None:
        """Draw every epoch so far."""
        for axis in self.axes():
            axis.setVisible(bool(self._metrics))
        self._reference.setVisible(bool(self._metrics) and self._reference_nll is not None)
        if not self._metrics:
            for item in (self._train, self._validation, self._best):
                item.setData([], [])
            return
        epochs = np.array([m.epoch for m in self._metrics], dtype=float)
        train = np.array([m.train_nll for m in self._metrics])
        validation = np.array([math.nan if m.validation_nll is None else m.validation_nll for m in self._metrics])
        judged = train if np.isnan(validation).all() else validation
        lowest = float(judged.min()) if self._above_best else 0.0
        train, validation, judged = train - lowest, validation - lowest, judged - lowest
        if self._reference_nll is not None:
            self._reference.setValue(self._reference_nll - lowest)
        place = np.log10(epochs) if self._log_epochs else epochs
        self._train.setData(place, train)
        has_validation = not np.isnan(validation).all()
        self._validation.setData(place if has_validation else [], validation if has_validation else [])
        best = self._metrics[-1].best_epoch - int(self._metrics[0].epoch)
        self._best.setData([place[best]], [judged[best]]) if best >= 0 else self._best.setData([], [])
        self._set_view(place, train, judged)

    def _set_view(self, place: np.ndarray, train: np.ndarray, judged: np.ndarray) -> None:
        settled = slice(0 if self._whole_run else len(judged) // 12, None)
        values = np.concatenate((train[settled], judged[settled]))
        low, high = float(values.min()), float(values.max())
        if not self._whole_run:
            high = min(high, low + 1.6 * (float(np.quantile(values, 0.97)) - low))
        if self._reference.isVisible():
            reference = float(self._reference.value())
            if abs(reference - 0.5 * (low + high)) <= high - low:
                low, high = min(low, reference), max(high, reference)
        margin = 0.06 * (high - low) or 0.05
        right = float(place[-1])
        left = float(place[0])
        self.view.setRange(
            xRange=(left, right if right > left else left + 1), yRange=(low - margin, high + margin), padding=0.01
        )

    @Slot(object)
    def _follow_mouse(self, position: QPointF) -> None:
        if not self._metrics or not self.view.sceneBoundingRect().contains(position):
            return
        place = float(self.view.mapSceneToView(position).x())
        wanted = 10.0**place if self._log_epochs else place
        index = min(max(round(wanted) - self._metrics[0].epoch, 0), len(self._metrics) - 1)
        epoch = self._metrics[index].epoch
        self._line.setValue(math.log10(epoch) if self._log_epochs else epoch)
        self._line.setVisible(True)
        self._name_reference(with_value=True)
        self.hovered.emit(epoch)

    def leaveEvent(self, event: QEvent) -> None:
        """Hide the hover line."""
        super().leaveEvent(event)
        self._line.setVisible(False)
        self._name_reference()
        self.hovered.emit(0)

    def _name_reference(self, *, with_value: bool = False) -> None:
        value = "" if self._reference_nll is None or not with_value else " " + fixed(self._reference_nll, 4)
        self._reference.label.setFormat(self.tr("joint mixture") + value)


def _epochs_of(history: TrainingHistory) -> tuple[EpochMetrics, ...]:
    """Return what is drawn of each epoch of a finished run."""
    validation = history.validation_nll or (None,) * history.epochs
    return tuple(
        EpochMetrics(epoch, history.epochs, train_nll, validation_nll, history.best_epoch, None, history.seconds)
        for epoch, (train_nll, validation_nll) in enumerate(zip(history.train_nll, validation, strict=True), start=1)
    )


class LossPanel(QWidget):
    """The loss plot with its legend, hover values, switches."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = LossPlot(self)
        self._colours = LIGHT
        self._previous: tuple[list[EpochMetrics], float | None] = ([], None)
        self._legend = QLabel(self)
        self._legend.setTextFormat(Qt.TextFormat.RichText)
        self._legend.setFont(tabular(self._legend.font()))
        self._legend.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        switches = (
            (self.tr("log epochs"), self.tr("Logarithmic epoch axis"), self.plot.set_log_epochs),
            (self.tr("above best"), self.tr("NLL minus the lowest NLL of the run"), self.plot.set_above_best),
            (self.tr("whole run"), self.tr("Show the first epochs in full height too"), self.plot.set_whole_run),
        )
        row = QHBoxLayout()
        row.setContentsMargins(14, 2, 14, 0)
        row.setSpacing(14)
        row.addWidget(self._legend, 1)
        for text, tip, slot in switches:
            box = QCheckBox(text, self)
            box.setToolTip(tip)
            box.toggled.connect(slot)
            row.addWidget(box)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(row)
        layout.addWidget(self.plot, 1)
        self.plot.hovered.connect(self._show_values)
        self._show_values(0)

    def clear_run(self) -> None:
        """Show no run."""
        self._previous = ([], None)
        self.plot.clear_run()
        self._show_values(0)

    def begin_run(self, continued: FittedModel | None = None) -> None:
        """Begin a new run, behind the epochs of the fit that it continues; the one shown can come back."""
        previous = self.plot.metrics, self.plot.reference_nll
        self.clear_run()
        self._previous = previous
        if continued is not None and continued.history is not None:
            self.add_epochs(_epochs_of(continued.history))

    def restore_run(self) -> None:
        """Show the run before this one again, because this one was thrown away."""
        metrics, reference_nll = self._previous
        self.clear_run()
        self.add_epochs(tuple(metrics))
        self.show_reference(reference_nll)

    def add_epochs(self, metrics: tuple[EpochMetrics, ...]) -> None:
        """Append finished epochs."""
        self.plot.add_epochs(metrics)

    def show_reference(self, nll: float | None) -> None:
        """Draw a line at the NLL of the joint mixture on the held-out rows of the run, or none."""
        self.plot.show_reference(nll)

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self._colours = theme
        self.plot.show_theme(theme)
        self._show_values(0)

    @Slot(int)
    def _show_values(self, epoch: int) -> None:
        train, validation, note = self.tr("train"), self.tr("validation"), ""
        if epoch:
            metrics: Any = self.plot.metrics[epoch - self.plot.metrics[0].epoch]
            train += " " + fixed(metrics.train_nll, 4)
            if metrics.validation_nll is not None:
                validation += " " + fixed(metrics.validation_nll, 4)
            note = self.tr("epoch {epoch}").format(epoch=epoch)
        self._legend.setText(
            f'<span style="color:{self._colours.train}">━</span> {train} &nbsp; '
            f'<span style="color:{self._colours.accent}">━</span> {validation} &nbsp; '
            f'<span style="color:{self._colours.accent}">★</span> {self.tr("best")} &nbsp; '
            f'<span style="color:{self._colours.muted}">{note}</span>'
        )
