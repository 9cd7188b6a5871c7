"""The loss plot with its legend, hover values, switches, time line."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSizePolicy, QSlider, QVBoxLayout, QWidget

from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.metrics import EpochMetrics
from mdn_gui.core.reference_lines import Reference
from mdn_gui.core.training_run import TrainingRun
from mdn_gui.files.tables import DataTable
from mdn_gui.session.replay import Replay
from mdn_gui.ui.calm_wheel import calm
from mdn_gui.ui.loss.legend import others_text, values_text
from mdn_gui.ui.loss.others import JudgedOn, OtherRun, judged_on, remark_on
from mdn_gui.ui.loss.plot import REACHES, LossPlot
from mdn_gui.ui.loss.record import RunRecord
from mdn_gui.ui.loss.time_line import TimeLine
from mdn_gui.ui.numbers import tabular
from mdn_gui.ui.overlaid import MOST_OVERLAID, run_name
from mdn_gui.ui.theme import LIGHT, Theme

_Recorded = tuple[RunRecord, tuple[Reference, ...], JudgedOn | None, TrainingRun | None]
"""What is drawn of a run: its epochs, what it is measured against, the rows that judge it, the run where it is kept."""


class LossPanel(QWidget):
    """Everything about the NLL of a run, from which the fit can be shown as it was after an epoch."""

    epoch_requested = Signal(int)
    """Show the fit as it was after this epoch."""
    fit_requested = Signal()
    """Show the fit itself again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = LossPlot(self)
        self.time_line = TimeLine(self)
        self._colours = LIGHT
        self._previous: _Recorded = (RunRecord(), (), None, None)
        self._judged_on: JudgedOn | None = None
        self._shown: TrainingRun | None = None
        self._others: tuple[TrainingRun, ...] = ()
        self._records: dict[int, tuple[FittedModel, RunRecord]] = {}
        self._legend, self._others_legend = self._made_legend(), self._made_legend()
        self._others_legend.setContentsMargins(14, 0, 14, 0)
        self._others_legend.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(self._made_row())
        layout.addWidget(self._others_legend)
        layout.addWidget(self.plot, 1)
        layout.addWidget(self.time_line)
        self.plot.hovered.connect(self._show_values)
        self.plot.play_requested.connect(self.time_line.toggle)
        self.plot.fit_requested.connect(self.time_line.return_to_fit)
        self.plot.epoch_requested.connect(self._take_epoch)
        self.time_line.epoch_requested.connect(self.epoch_requested)
        self.time_line.fit_requested.connect(self.fit_requested)
        self.clear_run()

    def _made_legend(self) -> QLabel:
        legend = QLabel(self)
        legend.setTextFormat(Qt.TextFormat.RichText)
        legend.setFont(tabular(legend.font()))
        legend.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        return legend

    def _made_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(14, 2, 14, 0)
        row.setSpacing(12)
        row.addWidget(self._legend, 1)
        label = QLabel(self.tr("smooth"), self)
        self.smoothing = QSlider(Qt.Orientation.Horizontal, self)
        self.smoothing.setRange(0, len(REACHES) - 1)
        self.smoothing.setPageStep(1)
        self.smoothing.setFixedWidth(48)
        self.smoothing.setAccessibleName(self.tr("Smoothing of the curves"))
        self.smoothing.setToolTip(self.tr("Means over neighbouring epochs; the curve itself stays faintly behind"))
        calm(self.smoothing)
        self.smoothing.valueChanged.connect(self.plot.set_smoothing)
        pair = QHBoxLayout()
        pair.setSpacing(5)
        pair.addWidget(label)
        pair.addWidget(self.smoothing)
        row.addLayout(pair)
        for box in self._made_switches():
            row.addWidget(box)
        return row

    def _made_switches(self) -> tuple[QCheckBox, ...]:
        self.difference, self.above_best = (
            QCheckBox(self.tr("difference"), self),
            QCheckBox(self.tr("above best"), self),
        )
        log_epochs, whole_run = QCheckBox(self.tr("log epochs"), self), QCheckBox(self.tr("whole run"), self)
        for box, tip, slot in (
            (
                self.difference,
                self.tr("NLL of each other run minus that of the run shown, epoch by epoch"),
                self._set_difference,
            ),
            (log_epochs, self.tr("Logarithmic epoch axis"), self.plot.set_log_epochs),
            (self.above_best, self.tr("NLL minus the lowest NLL of the run"), self.plot.set_above_best),
            (whole_run, self.tr("Show the first epochs in full height too"), self.plot.set_whole_run),
        ):
            box.setToolTip(tip)
            box.toggled.connect(slot)
        self.difference.setVisible(False)
        return self.difference, log_epochs, self.above_best, whole_run

    # -- the run ------------------------------------------------------------------------------------------------------

    def clear_run(self) -> None:
        """Show no run."""
        self._previous = (RunRecord(), (), None, None)
        self._show_record(RunRecord(), (), None)

    def begin_run(self, continued: FittedModel | None = None) -> None:
        """Begin a new run, behind the epochs of the fit that it continues; the one shown can come back."""
        self._previous = self.plot.record, self.plot.references, self._judged_on, self._shown
        past = continued.history if continued is not None else None
        record = RunRecord() if past is None else RunRecord.of(past)
        record.take_seams(self.plot.record)
        self._show_record(record, (), judged_on(continued) if continued is not None else None)

    def restore_run(self) -> None:
        """Show the run before this one again, because this one was thrown away."""
        previous = self._previous
        self.clear_run()
        self._show_record(*previous)

    def show_history(self, run: TrainingRun | None, *, seams: tuple[int, ...] = ()) -> None:
        """Show the record of a finished run, or none.

        Parameters
        ----------
        run : TrainingRun or None
            One without a history is shown as none.
        seams : tuple of int
            Places, counted from 0, of the epochs at which earlier runs were trained further to become this one.
        """
        history = run.model.history if run is not None else None
        if run is None or history is None or not history.epochs:
            self.clear_run()
            return
        record, rows = RunRecord.of(history), judged_on(run.model)
        record.take_seams(self.plot.record)
        record.seams = record.seams or tuple(seam for seam in seams if seam < len(record))
        self._previous = (RunRecord(), (), None, None)
        self._show_record(record, self.plot.references if rows == self._judged_on else (), rows, run)

    def show_name(self, run: TrainingRun | None) -> None:
        """Call the run shown as it is called now; its record is the same as before."""
        if run is not None and self._shown is not None and run.model is self._shown.model:
            self._shown = run
            self._show_values(self.plot.pointed)

    def show_others(self, runs: Sequence[TrainingRun]) -> None:
        """Lay the NLL of other runs over that of the run shown, of which at most eight have epochs to draw."""
        self._others = tuple(run for run in runs if run.model.history is not None and run.model.history.epochs)
        self._draw_others()

    def add_epochs(self, metrics: tuple[EpochMetrics, ...]) -> None:
        """Append finished epochs."""
        self.plot.record.append(metrics)
        self.plot.redraw()
        self.time_line.setVisible(True)
        snapshot = next((each.snapshot for each in metrics if each.snapshot is not None), None)
        if self._judged_on is None and snapshot is not None:
            self._judged_on = judged_on(snapshot)
            self._draw_others()
        if not self.plot.pointed:
            self._show_values(0)

    def _show_record(
        self,
        record: RunRecord,
        references: tuple[Reference, ...],
        rows: JudgedOn | None,
        shown: TrainingRun | None = None,
    ) -> None:
        self._judged_on, self._shown = rows, shown
        self.plot.show_record(record, references)
        self.time_line.setVisible(len(record) > 0)
        self._draw_others()

    def _draw_others(self) -> None:
        """Draw the runs that are laid over the one shown, which is not one of them."""
        shown = self._shown.model if self._shown is not None else None
        others = [run for run in self._others if run.model is not shown][-MOST_OVERLAID:]
        self._records = {run.number: (run.model, self._record_of(run)) for run in others}
        drawn = tuple(
            OtherRun(run.number, run_name(run), self._records[run.number][1], remark_on(run.model, self._judged_on))
            for run in others
        )
        self.plot.show_others(drawn)
        self.difference.setVisible(bool(drawn))
        self.above_best.setEnabled(not self.plot.is_difference)
        self._others_legend.setVisible(bool(drawn))
        self._show_values(self.plot.pointed)

    def _record_of(self, run: TrainingRun) -> RunRecord:
        """Return the epochs of a run; those that are drawn need not be gathered again."""
        model, record = self._records.get(run.number, (None, None))
        if record is not None and model is run.model:
            return record
        return RunRecord.of(run.model.history) if run.model.history is not None else RunRecord()

    @Slot(bool)
    def _set_difference(self, on: object) -> None:
        self.plot.set_difference(on)
        self.above_best.setEnabled(not self.plot.is_difference)
        self._show_values(self.plot.pointed)

    def show_references(self, references: tuple[Reference, ...]) -> None:
        """Draw a line at the NLL of each on the rows that judge the run, nats a row."""
        self.plot.show_references(references)

    def show_replay(self, replay: Replay) -> None:
        """Show which epochs can be shown, which one is."""
        self.plot.show_replay(replay)
        self.time_line.show_replay(replay)

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self._colours = theme
        self.plot.show_theme(theme)
        self.time_line.show_theme(theme)
        self._show_values(0)

    def drawn_table(self) -> DataTable | None:
        """Return the NLL of every epoch; None without a run."""
        return self.plot.drawn_table()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Name the unit where there is room for it."""
        super().resizeEvent(event)
        self._show_values(0)

    @Slot(int)
    def _take_epoch(self, epoch: int) -> None:
        self.time_line.stop()
        self.epoch_requested.emit(epoch)

    @Slot(int)
    def _show_values(self, epoch: int) -> None:
        name = run_name(self._shown) if self._shown is not None else ""
        told = values_text(self.plot, epoch, self._colours, name)
        self._legend.setText(told)
        if self.plot.others.runs:
            self._others_legend.setText(others_text(self.plot, epoch, self._colours))
        unit = self.tr("NLL in nats a row; it may be negative")
        with_unit = f'{told} &nbsp; <span style="color:{self._colours.muted}">{unit}</span>'
        room = self._legend.width() - self._legend.fontMetrics().horizontalAdvance(f"   {unit}")
        if not epoch and self._legend.sizeHint().width() <= room:
            self._legend.setText(with_unit)
