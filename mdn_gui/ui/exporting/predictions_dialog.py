"""The dialog that makes predictions for the rows of another table."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.questions import Questions
from mdn_gui.errors import ConfigError, UserError
from mdn_gui.files.options import ReadOptions
from mdn_gui.files.predictions import Counts, Predicted
from mdn_gui.files.wanted import Wanted
from mdn_gui.session.reporting import notice_of
from mdn_gui.ui.exporting.formats import format_box
from mdn_gui.ui.exporting.question_fields import QuestionFields
from mdn_gui.ui.exporting.running import PredictionRequest, PredictionRunner
from mdn_gui.ui.importing.fields import choice_box, line_of
from mdn_gui.ui.labels import ElidedLabel, plain_label
from mdn_gui.ui.numbers import counted, grouped
from mdn_gui.ui.texts import one_line

AskSource = Callable[[], Path | None]
"""Asks for the table; None means cancelled."""
AskOutput = Callable[[str, str], Path | None]
"""Asks where to write: proposed name, ending; None means cancelled."""

_WIDTH = 520
_REASONS_LISTED = 4


class PredictionsDialog(QDialog):
    """Asks for a table, what is read at its rows, where it goes; follows the work; says what became of the rows.

    Parameters
    ----------
    model : FittedModel
        What is read.
    questions : Questions
        What the window asks: proposed here.
    opened : ReadOptions or None
        How the open file was read; None where there is none.
    asks : tuple of callables
        Ask for the table, for the file to write.
    runner : PredictionRunner
        Does the work; outlives the dialog.
    parent : QWidget, optional
        Owner.
    """

    def __init__(
        self,
        model: FittedModel,
        questions: Questions,
        opened: ReadOptions | None,
        asks: tuple[AskSource, AskOutput],
        runner: PredictionRunner,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._model, self._opened, self._runner = model, opened, runner
        self._ask_source, self._ask_output = asks
        self._source: Path | None = None
        self._is_waiting = False
        self.setWindowTitle(self.tr("Predictions for a table"))
        self._make_fields(questions)
        self._lay_out()
        self._show_state()
        self.browse.clicked.connect(self.choose_source)
        runner.progressed.connect(self._show_progress)
        runner.finished.connect(self._show_result)
        runner.failed.connect(self._show_failure)
        self.setMinimumWidth(_WIDTH)

    def _make_fields(self, questions: Questions) -> None:
        self.path = ElidedLabel(self)
        self.browse = QPushButton(self.tr("Browse…"), self)
        self.browse.setAutoDefault(False)
        self.browse.setAccessibleName(self.tr("Browse for the table"))
        self.reading = choice_box(self, self.tr("How the table is read"))
        if self._opened is not None:
            self.reading.addItem(self.tr("like the open file"), self._opened)
        self.reading.addItem(self.tr("as guessed"), ReadOptions())
        self._asked = QuestionFields(questions, self)
        self.quantiles, self.threshold = self._asked.quantiles, self._asked.threshold
        self.keep = QCheckBox(self.tr("Keep every other column"), self)
        self.keep.setAccessibleName(self.keep.text())
        self.format = format_box(self)
        self.progress = QProgressBar(self)
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("How much of the table is read"))
        self.outcome, self.remedy = plain_label(self), plain_label(self, "muted")
        self.problem = plain_label(self, "error")

    def _lay_out(self) -> None:
        lead = plain_label(self, "muted")
        inputs = ", ".join(one_line(each.column) for each in self._model.provenance.encodings)
        target = one_line(self._model.provenance.target_name)
        text = self.tr("Its columns are found by name: {inputs}. Where it has {target}, each row is judged too.")
        lead.setText(text.format(inputs=inputs, target=target))
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.tr("Table"), line_of(self, self.path, self.browse))
        form.addRow(self.tr("Read it"), self.reading)
        self._asked.add_to(form)
        form.addRow("", self.keep)
        form.addRow(self.tr("Format"), self.format)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self.start = self.buttons.addButton(self.tr("Predict…"), QDialogButtonBox.ButtonRole.ActionRole)
        self.start.setDefault(True)
        self.stop = self.buttons.addButton(self.tr("Stop"), QDialogButtonBox.ButtonRole.ActionRole)
        self.start.clicked.connect(self.begin)
        self.stop.clicked.connect(self.cancel)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addWidget(lead)
        layout.addLayout(form)
        for widget in (self.progress, self.outcome, self.remedy, self.problem):
            layout.addWidget(widget)
        layout.addStretch(1)
        layout.addWidget(self.buttons)

    # -- what is asked ------------------------------------------------------------------------------------------------

    @Slot()
    def choose_source(self) -> None:
        """Ask for the table."""
        path = self._ask_source()
        if path is not None:
            self._source = path
            self._tell()
            self._show_state()

    @Slot()
    def begin(self) -> None:
        """Ask where the predictions go; make them. What cannot be is explained in place."""
        if self._source is None:
            return
        try:
            wanted = Wanted(self._asked.asked(), None if self.keep.isChecked() else ())
        except ConfigError as error:
            self._tell(problem=str(error))
            return
        ending = self.format.currentData()
        output = self._ask_output(f"{self._source.stem}-predicted{ending}", ending)
        if output is None:
            return
        self._tell()
        self._is_waiting = True
        self.progress.setValue(0)
        self._runner.start(self._model, PredictionRequest(self._source, output, self._options(), wanted))
        self._show_state()

    @Slot()
    def cancel(self) -> None:
        """Stop the work."""
        if self._is_waiting:
            self._runner.cancel()
            self._end()
            self._tell(outcome=self.tr("Stopped. Nothing was written."))

    def reject(self) -> None:
        """Close; work under way is stopped."""
        self.cancel()
        super().reject()

    def _options(self) -> ReadOptions:
        options: ReadOptions = self.reading.currentData()
        return options

    # -- what is shown ------------------------------------------------------------------------------------------------

    @Slot(float)
    def _show_progress(self, fraction: float) -> None:
        self.progress.setValue(round(1000 * fraction))

    @Slot(object)
    def _show_result(self, done: Predicted) -> None:
        if self._is_waiting:
            self._end()
            self._tell(outcome=result_text(done), remedy=remedy_text(done))

    @Slot(object)
    def _show_failure(self, error: BaseException) -> None:
        if self._is_waiting:
            self._end()
            notice = notice_of(error)
            self._tell(problem=str(error) if isinstance(error, UserError) else f"{notice.message} {notice.hint}")

    def _end(self) -> None:
        self._is_waiting = False
        self._show_state()

    def _tell(self, outcome: str = "", remedy: str = "", problem: str = "") -> None:
        for label, text in ((self.outcome, outcome), (self.remedy, remedy), (self.problem, problem)):
            label.setText(text)
            label.setVisible(bool(text))
        self.adjustSize()

    def _show_state(self) -> None:
        self.path.show_text(self.tr("no table chosen") if self._source is None else self._source.name)
        for field in (self.browse, self.reading, self.quantiles, self.threshold, self.keep, self.format):
            field.setEnabled(not self._is_waiting)
        self.start.setEnabled(self._source is not None and not self._is_waiting)
        self.stop.setEnabled(self._is_waiting)
        self.progress.setVisible(self._is_waiting)
        for label in (self.outcome, self.remedy, self.problem):
            label.setVisible(bool(label.text()))


def result_text(done: Predicted) -> str:
    """Return such as "10,000 rows in a.csv, 3 without numbers: 2 empty age, 1 age is not a number."."""
    rows = counted(done.num_rows, _tr("{count} row in {name}"), _tr("{count} rows in {name}"), name=done.path.name)
    if not done.num_without:
        return f"{rows}."
    without = _tr("{count} without numbers").format(count=grouped(done.num_without))
    return f"{rows}, {without}: {_reasons(done.without_numbers)}."


def remedy_text(done: Predicted) -> str:
    """Return what there is to know of rows without numbers, without a log density, outside the data; else empty."""
    sentences = []
    if done.num_without:
        sentences.append(_tr("They stay in their place, the last column says why. Mend the cells, then predict again."))
    if done.without_target:
        count = grouped(sum(count for _, count in done.without_target))
        reasons = _reasons(done.without_target)
        sentences.append(_tr("{count} without log density: {reasons}.").format(count=count, reasons=reasons))
    if done.num_outside:
        sentences.append(_outside_text(done))
    return " ".join(sentences)


def _outside_text(done: Predicted) -> str:
    """Return such as "3 rows outside the data: times."; the text names the first inputs."""
    names = [one_line(name) for name, _ in done.outside[:_REASONS_LISTED]]
    inputs = ", ".join([*names, *(["…"] if len(done.outside) > len(names) else [])])
    one, many = _tr("{count} row outside the data: {inputs}."), _tr("{count} rows outside the data: {inputs}.")
    return counted(done.num_outside, one, many, inputs=inputs)


def _reasons(counts: Counts) -> str:
    listed = [f"{grouped(count)} {one_line(reason)}" for reason, count in counts[:_REASONS_LISTED]]
    rest = sum(count for _, count in counts[_REASONS_LISTED:])
    return ", ".join([*listed, *([_tr("{count} others").format(count=grouped(rest))] if rest else [])])


def _tr(text: str) -> str:
    return QCoreApplication.translate("PredictionsDialog", text)
