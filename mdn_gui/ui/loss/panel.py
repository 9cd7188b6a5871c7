"""The loss plot with its legend, hover values, switches, time line."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSizePolicy, QSlider, QVBoxLayout, QWidget

from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.metrics import EpochMetrics
from mdn_gui.core.reference_lines import Reference
from mdn_gui.files.tables import DataTable
from mdn_gui.session.replay import Replay
from mdn_gui.ui.calm_wheel import calm
from mdn_gui.ui.loss.plot import REACHES, LossPlot
from mdn_gui.ui.loss.record import RunRecord
from mdn_gui.ui.loss.texts import epoch_text
from mdn_gui.ui.loss.time_line import TimeLine
from mdn_gui.ui.numbers import fixed, significant, tabular
from mdn_gui.ui.theme import LIGHT, Theme

_GREAT_NLL = 1e6


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
        self._previous: tuple[RunRecord, tuple[Reference, ...]] = (RunRecord(), ())
        self._legend = QLabel(self)
        self._legend.setTextFormat(Qt.TextFormat.RichText)
        self._legend.setFont(tabular(self._legend.font()))
        self._legend.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(self._made_row())
        layout.addWidget(self.plot, 1)
        layout.addWidget(self.time_line)
        self.plot.hovered.connect(self._show_values)
        self.plot.play_requested.connect(self.time_line.toggle)
        self.plot.fit_requested.connect(self.time_line.return_to_fit)
        self.plot.epoch_requested.connect(self._take_epoch)
        self.time_line.epoch_requested.connect(self.epoch_requested)
        self.time_line.fit_requested.connect(self.fit_requested)
        self._show_values(0)
        self._show_record(RunRecord())

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
        switches = (
            (self.tr("log epochs"), self.tr("Logarithmic epoch axis"), self.plot.set_log_epochs),
            (self.tr("above best"), self.tr("NLL minus the lowest NLL of the run"), self.plot.set_above_best),
            (self.tr("whole run"), self.tr("Show the first epochs in full height too"), self.plot.set_whole_run),
        )
        for text, tip, slot in switches:
            box = QCheckBox(text, self)
            box.setToolTip(tip)
            box.toggled.connect(slot)
            row.addWidget(box)
        return row

    # -- the run ------------------------------------------------------------------------------------------------------

    def clear_run(self) -> None:
        """Show no run."""
        self._previous = (RunRecord(), ())
        self._show_record(RunRecord())

    def begin_run(self, continued: FittedModel | None = None) -> None:
        """Begin a new run, behind the epochs of the fit that it continues; the one shown can come back."""
        self._previous = self.plot.record, self.plot.references
        past = continued.history if continued is not None else None
        record = RunRecord() if past is None else RunRecord.of(past)
        record.take_seams(self.plot.record)
        self._show_record(record)

    def restore_run(self) -> None:
        """Show the run before this one again, because this one was thrown away."""
        record, references = self._previous
        self.clear_run()
        self._show_record(record, references)

    def add_epochs(self, metrics: tuple[EpochMetrics, ...]) -> None:
        """Append finished epochs."""
        self.plot.record.append(metrics)
        self.plot.redraw()
        self.time_line.setVisible(True)
        if not self.plot.pointed:
            self._show_values(0)

    def _show_record(self, record: RunRecord, references: tuple[Reference, ...] = ()) -> None:
        self.plot.show_record(record, references)
        self.time_line.setVisible(len(record) > 0)

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
        record = self.plot.record
        note = f'<span style="color:{self._colours.accent}">★</span> {self.tr("best")}'
        if epoch:
            star = " ★" if epoch == record.best_epoch else ""
            text = epoch_text(epoch, self.plot.last_epoch)
            note = f'<span style="color:{self._colours.muted}">{text}{star}</span>'
        told = []
        for colour, name, values in (
            (self._colours.train, self.tr("train"), record.train),
            (self._colours.accent, self.tr("validation"), record.validation),
        ):
            if values is None and len(record):
                continue
            value = f" {_nll_text(float(values[record.nearest(epoch)]))}" if epoch and values is not None else ""
            told.append(f'<span style="color:{colour}">━</span> {name}{value}')
        self._legend.setText(" &nbsp; ".join((*told, note)))
        unit = self.tr("NLL in nats a row; it may be negative")
        with_unit = " &nbsp; ".join((*told, note, f'<span style="color:{self._colours.muted}">{unit}</span>'))
        room = self._legend.width() - self._legend.fontMetrics().horizontalAdvance(f"   {unit}")
        if not epoch and self._legend.sizeHint().width() <= room:
            self._legend.setText(with_unit)


def _nll_text(nll: float) -> str:
    return fixed(nll, 4) if abs(nll) < _GREAT_NLL else significant(nll, 6)
