"""The dialog that asks for a parameter table: which input moves, where, what is added, in which format."""

import math
from dataclasses import dataclass, replace

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from mdn_gui.core.encoding import Encoding
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.grid import GridSpec
from mdn_gui.core.questions import Questions
from mdn_gui.core.reading import Line
from mdn_gui.errors import ConfigError
from mdn_gui.files.density_columns import NOTHING_ASKED
from mdn_gui.files.export import parameter_table
from mdn_gui.files.tables import DataTable
from mdn_gui.ui.exporting.formats import format_box
from mdn_gui.ui.exporting.held_values import HeldValues
from mdn_gui.ui.exporting.question_fields import QuestionFields
from mdn_gui.ui.exporting.value_field import ValueField
from mdn_gui.ui.importing.fields import choice_box
from mdn_gui.ui.labels import plain_label
from mdn_gui.ui.numbers import counted, grouped, parsed, precise, significant
from mdn_gui.ui.texts import one_line

_SHOWN_ROWS = 5
_SIZE = (620, 560)
_WIDEST_COLUMN = 240
_LEVELS_LISTED = 10


@dataclass(frozen=True, eq=False)
class ParameterRequest:
    """The parameter table that a person asks for.

    Parameters
    ----------
    grid : GridSpec
        Values of the column that moves.
    line : Line
        Which column moves, where the others are held.
    questions : Questions
        Which quantiles, which interval are added.
    ending : str
        Of the file, such as ".csv".
    """

    grid: GridSpec
    line: Line
    questions: Questions = NOTHING_ASKED
    ending: str = ".csv"

    def table(self, model: FittedModel) -> DataTable:
        """Return the whole table; may take a while."""
        return parameter_table(model, self.grid, self.line, self.questions)


class ParameterDialog(QDialog):
    """Asks for a parameter table; shows its first rows; what cannot be is explained in place.

    After it was accepted, :attr:`request` is what to save.

    Parameters
    ----------
    model : FittedModel
        Whose parameters.
    line : Line
        The line through its inputs that the window shows.
    questions : Questions
        What the window asks.
    parent : QWidget, optional
        Owner.
    """

    def __init__(self, model: FittedModel, line: Line, questions: Questions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model, self._line, self._questions = model, line, questions
        self.request: ParameterRequest | None = None
        self.setWindowTitle(self.tr("Parameter table"))
        self._make_fields()
        self._make_preview()
        self._lay_out()
        self._propose()
        self.moving.activated.connect(self._propose)
        for field in (self.start, self.stop, self.count, self.quantiles, self.threshold):
            field.textChanged.connect(self._show)
        self.probability.toggled.connect(self._show)
        self.held.changed.connect(self._show)
        self.resize(*_SIZE)

    # -- what it is made of -------------------------------------------------------------------------------------------

    def _make_fields(self) -> None:
        self.moving: QComboBox = choice_box(self, self.tr("Input that moves"))
        for encoding in self._line.encodings:
            self.moving.addItem(one_line(encoding.column), encoding.column)
        self.moving.setCurrentIndex(self._line.place)
        self.start, self.stop, self.count = ValueField(self), ValueField(self), QLineEdit("1000", self)
        self.levels = plain_label(self)
        self.levels.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.held = HeldValues(self._line, self)
        self._fields = QuestionFields(self._questions, self)
        self.quantiles, self.threshold = self._fields.quantiles, self._fields.threshold
        self._has_other_interval = self._questions.has_interval and not math.isinf(self._questions.low)
        self.probability = QCheckBox(self._interval_text(), self)
        self.probability.setChecked(self._has_other_interval)
        self.probability.setAccessibleName(self.probability.text())
        self.format = format_box(self)

    def _interval_text(self) -> str:
        low, high = self._questions.low, self._questions.high
        if math.isinf(high):
            return f"P(y > {precise(low)})"
        return f"P({precise(low)} < y ≤ {precise(high)})"

    def _make_preview(self) -> None:
        self.rows = QTableWidget(self)
        self.rows.setAccessibleName(self.tr("First rows of the table"))
        self.rows.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.rows.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.rows.verticalHeader().hide()
        self.rows.horizontalHeader().setMaximumSectionSize(_WIDEST_COLUMN)
        self.rows.setMinimumHeight(7 * self.fontMetrics().height())
        self.summary, self.problem = plain_label(self, "muted"), plain_label(self, "error")

    def _lay_out(self) -> None:
        self._form = form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for text, field in (
            (self.tr("Input that moves"), self.moving),
            (self.tr("First value"), self.start),
            (self.tr("Last value"), self.stop),
            (self.tr("Number of values"), self.count),
        ):
            field.setAccessibleName(text)
            form.addRow(text, field)
        form.addRow(self.tr("Levels"), self.levels)
        form.addRow(self.tr("Held"), self.held)
        self._fields.add_to(form)
        form.addRow("", self.probability)
        form.setRowVisible(self.held, len(self._line.encodings) > 1)
        form.setRowVisible(self.probability, self._has_other_interval)
        form.addRow(self.tr("Format"), self.format)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel, self)
        self.save = buttons.button(QDialogButtonBox.StandardButton.Save)
        self.save.setText(self.tr("Save…"))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addLayout(form)
        layout.addWidget(self.rows, 1)
        layout.addWidget(self.summary)
        layout.addWidget(self.problem)
        layout.addWidget(buttons)

    # -- what it shows ------------------------------------------------------------------------------------------------

    @property
    def _encoding(self) -> Encoding:
        """The column that moves."""
        return self._line.encodings[self.moving.currentIndex()]

    @Slot()
    def _propose(self) -> None:
        """Propose the range of the data for the input that moves."""
        place = self.moving.currentIndex()
        encoding = self._encoding
        low, high = self._model.provenance.column_ranges[place].tolist()
        for end, value in ((self.start, low), (self.stop, high)):
            with QSignalBlocker(end):
                end.show_value(value, encoding)
        for field in (self.start, self.stop, self.count):
            self._form.setRowVisible(field, not encoding.levels)
        self._form.setRowVisible(self.levels, bool(encoding.levels))
        more = ", …" if len(encoding.levels) > _LEVELS_LISTED else ""
        self.levels.setText(", ".join(map(one_line, encoding.levels[:_LEVELS_LISTED])) + more)
        self.held.show_moving(place)
        if low == high and not encoding.levels:
            with QSignalBlocker(self.count):
                self.count.setText("1")
        self._show()

    @Slot()
    def _show(self) -> None:
        """Show the first rows, or what is wrong: then nothing can be saved."""
        self.threshold.setEnabled(not self.probability.isChecked())
        try:
            asked, reason = self._asked(), ""
        except ConfigError as error:
            asked, reason = None, str(error)
        self.problem.setText(reason)
        self.problem.setVisible(bool(reason))
        self.save.setEnabled(not reason)
        if asked is None:
            self.summary.clear()
            self.rows.setRowCount(0)
            return
        first = replace(asked, grid=_first_rows(asked.grid)).table(self._model)
        self._show_rows(first)
        size = counted(asked.grid.count, self.tr("{count} row"), self.tr("{count} rows"))
        columns = self.tr("{count} columns").format(count=grouped(len(first.names)))
        self.summary.setText(f"{size} × {columns}")

    def _show_rows(self, first: DataTable) -> None:
        self.rows.setColumnCount(len(first.names))
        self.rows.setRowCount(len(first))
        self.rows.setHorizontalHeaderLabels([one_line(name) for name in first.names])
        for place, column in enumerate(first.columns):
            for row, value in enumerate(column):
                cell = QTableWidgetItem(significant(float(value), 5))
                cell.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.rows.setItem(row, place, cell)
        self.rows.resizeColumnsToContents()

    # -- what is asked ------------------------------------------------------------------------------------------------

    def accept(self) -> None:
        """Close when the table is possible; say what is wrong otherwise."""
        try:
            self.request = self._asked()
        except ConfigError:
            self._show()
            return
        super().accept()

    def _asked(self) -> ParameterRequest:
        """Return what the fields ask for.

        Raises
        ------
        ConfigError
            When that cannot be.
        """
        encoding = self._encoding
        if encoding.levels:
            grid = GridSpec.of_levels(len(encoding.levels))
        else:
            grid = GridSpec(self._value(self.start), self._value(self.stop), self._whole(self.count))
        if self.probability.isChecked():
            asked = replace(self._fields.asked_levels(), low=self._questions.low, high=self._questions.high)
        else:
            asked = self._fields.asked()
        return ParameterRequest(grid, self.held.line(), asked, self.format.currentData())

    def _value(self, field: ValueField) -> float:
        value = field.value()
        if value is None:
            name, text = field.accessibleName(), field.text()
            message = self.tr("{name}: {text!r} is not a number.").format(name=name, text=text)
            hint = self.tr("Type a number such as 1.25.")
            if self._encoding.kind.is_date:
                message = self.tr("{name}: {text!r} is not a date.").format(name=name, text=text)
                hint = self.tr("Type a date such as 2020-06-01.")
            raise ConfigError(message, hint)
        return value

    def _whole(self, field: QLineEdit) -> int:
        value = parsed(field.text())
        if value is None or value != int(value):
            name, text = field.accessibleName(), field.text()
            message = self.tr("{name}: {text!r} is not a whole number.").format(name=name, text=text)
            raise ConfigError(message, self.tr("Type a number such as 1000."))
        return int(value)


def _first_rows(grid: GridSpec) -> GridSpec:
    if grid.count <= _SHOWN_ROWS:
        return grid
    last = grid.start + (_SHOWN_ROWS - 1) * ((grid.stop - grid.start) / (grid.count - 1))
    return GridSpec(grid.start, last, _SHOWN_ROWS if last > grid.start else 1)
