"""The left panel: what the data are, which columns have roles, the settings."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from mdn_gui.core.selection import Selection
from mdn_gui.core.table import Table
from mdn_gui.ui.calm_wheel import calm
from mdn_gui.ui.config_form import ConfigForm
from mdn_gui.ui.texts import left_out_text, left_out_tip, rows_text, tip_text


class SetupPanel(QScrollArea):
    """Data and settings; shows values, emits wishes."""

    columns_chosen = Signal(object, str)
    """Tuple of input names, target name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = _plain_label(self, "strong")
        self._title.setText(self.tr("No data yet"))
        self._rows = _plain_label(self, "muted")
        self._input = self._column_box(self.tr("Input x"))
        self._target = self._column_box(self.tr("Target y"))
        self._roles = ("", "")
        self.form = ConfigForm(self)
        content = QWidget(self)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(14, 4, 12, 12)
        layout.setSpacing(6)
        for widget in (self._title, self._rows):
            layout.addWidget(widget)
        columns = QFormLayout()
        columns.setHorizontalSpacing(10)
        columns.setVerticalSpacing(6)
        columns.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for text, box in ((self.tr("Input x"), self._input), (self.tr("Target y"), self._target)):
            label = QLabel(text, self)
            label.setObjectName("muted")
            label.setMinimumWidth(self.form.label_width())
            label.setBuddy(box)
            columns.addRow(label, box)
        layout.addLayout(columns)
        layout.addSpacing(10)
        layout.addWidget(self.form)
        layout.addStretch(1)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumWidth(content.minimumSizeHint().width() + 12)

    def show_table(self, table: Table) -> None:
        """Offer the numeric columns of a table."""
        self._title.setText(table.title)
        self._title.setToolTip(tip_text("\n".join(line for line in (table.source, *table.notes) if line)))
        for box in (self._input, self._target):
            with QSignalBlocker(box):
                box.clear()
                box.addItems(list(table.numeric_names))

    def show_selection(self, selection: Selection) -> None:
        """Show which columns have roles, how many rows are used."""
        dataset = selection.dataset
        for box, name in ((self._input, dataset.input_names[0]), (self._target, dataset.target_name)):
            with QSignalBlocker(box):
                box.setCurrentText(name)
        self._roles = (dataset.input_names[0], dataset.target_name)
        self._rows.setText(f"{rows_text(len(dataset))} · {left_out_text(selection)}")
        self._rows.setToolTip(tip_text(left_out_tip(selection)))

    def set_locked(self, *, locked: bool) -> None:
        """Make everything read-only while a run is under way."""
        self.form.set_locked(locked=locked)
        for box in (self._input, self._target):
            box.setEnabled(not locked and box.count() > 0)

    @Slot()
    def _choose(self) -> None:
        if self._input.currentText() == self._target.currentText():
            self._swap()
        self.columns_chosen.emit((self._input.currentText(),), self._target.currentText())

    def _swap(self) -> None:
        """Give the other role the column that this one had: choosing y for x means to exchange them."""
        was_input, was_target = self._roles
        input_changed = self._input.currentText() != was_input
        other, column = (self._target, was_input) if input_changed else (self._input, was_target)
        with QSignalBlocker(other):
            other.setCurrentText(column)

    def _column_box(self, name: str) -> QComboBox:
        box = QComboBox(self)
        box.setAccessibleName(name)
        box.setEnabled(False)
        box.setMinimumContentsLength(6)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.currentTextChanged.connect(self._choose)
        calm(box)
        return box


def _plain_label(parent: QWidget, name: str) -> QLabel:
    label = QLabel(parent)
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    label.setWordWrap(True)
    return label
