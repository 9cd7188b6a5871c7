"""Every question the window asks, behind one door that tests can replace."""

from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from mdn_gui.core.grid import GridSpec
from mdn_gui.core.samples import DEFAULT_ROWS, MOST_ROWS, Sample
from mdn_gui.core.table import Table
from mdn_gui.errors import ConfigError
from mdn_gui.session.import_memory import RememberedImports
from mdn_gui.session.importing import ImportChoice, Previewer
from mdn_gui.ui.numbers import parsed, precise, reader_locale


class Dialogs(Protocol):
    """What the window may ask a person; None means cancelled."""

    def path_to_open(self) -> Path | None:
        """Ask for a table."""
        ...

    def import_choice(
        self, path: Path, previewer: Previewer, remembered: RememberedImports, title: str = ""
    ) -> ImportChoice | None:
        """Ask how a file is read, what its columns are used for; show its title, or the name of the file."""
        ...

    def hold_out(self, table: Table, choice: ImportChoice) -> ImportChoice | None:
        """Ask which rows of the open table are kept for the test."""
        ...

    def path_to_save(self, title: str, suggestion: str, file_filter: str) -> Path | None:
        """Ask where to write a file."""
        ...

    def picture_to_save(self, suggestion: str) -> tuple[Path, float] | None:
        """Ask where to write a picture, whose kind its ending tells, and how many pixels a PNG has for each here."""
        ...

    def table_grid(self, proposal: GridSpec) -> GridSpec | None:
        """Ask for the x values of a parameter table."""
        ...

    def sample_size(self, sample: Sample) -> tuple[int, int] | None:
        """Ask for the number of rows and the seed of a simulated sample."""
        ...

    def close_while_training(self) -> bool:
        """Ask whether to throw the run away and leave."""
        ...

    def tell(self, title: str, text: str) -> None:
        """Show a text."""
        ...


class QtDialogs(QObject):
    """The dialogs a person sees.

    Parameters
    ----------
    window : QWidget
        Parent of every dialog.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._folder = ""

    def path_to_open(self) -> Path | None:
        """Ask for a table."""
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            self.tr("Open a table"),
            self._folder,
            ";;".join(self._table_filters()),
        )
        return self._remembered(name)

    def import_choice(
        self, path: Path, previewer: Previewer, remembered: RememberedImports, title: str = ""
    ) -> ImportChoice | None:
        """Ask how a file is read, what its columns are used for; show its title, or the name of the file."""
        from mdn_gui.ui.importing.dialog import ImportDialog  # a start need not wait for it

        dialog = ImportDialog(path, previewer, remembered, self._window, title)
        choice = dialog.choice if dialog.exec() else None
        dialog.deleteLater()
        return choice

    def hold_out(self, table: Table, choice: ImportChoice) -> ImportChoice | None:
        """Ask which rows of the open table are kept for the test."""
        from mdn_gui.ui.hold_out import HoldOutDialog

        dialog = HoldOutDialog(table, choice, self._window)
        answer = dialog.choice if dialog.exec() else None
        dialog.deleteLater()
        return answer

    def _table_filters(self) -> list[str]:
        """Return the filters of files with tables: all of them, each kind, every file."""
        kinds = (
            (self.tr("Delimited text"), "*.csv *.tsv *.txt *.dat"),
            (self.tr("Compressed text"), "*.gz *.bz2 *.xz *.zip"),
            (self.tr("Excel workbooks"), "*.xlsx *.xlsm"),
            (self.tr("Parquet files"), "*.parquet"),
            (self.tr("NumPy arrays"), "*.npy *.npz"),
            (self.tr("JSON records"), "*.json *.jsonl"),
        )
        every = (self.tr("All tables"), " ".join(patterns for _, patterns in kinds))
        return [f"{text} ({patterns})" for text, patterns in (every, *kinds)] + [self.tr("All files (*)")]

    def path_to_save(self, title: str, suggestion: str, file_filter: str) -> Path | None:
        """Ask where to write a file; the suffix of ``suggestion`` is added where none is typed."""
        start = str(Path(self._folder) / suggestion)
        name, _ = QFileDialog.getSaveFileName(self._window, title, start, file_filter)
        path = self._remembered(name)
        return path if path is None or path.suffix else path.with_suffix(Path(suggestion).suffix)

    def picture_to_save(self, suggestion: str) -> tuple[Path, float] | None:
        """Ask where to write a picture; the ending of the kind that is chosen is added where none is typed."""
        png = self.tr("PNG, {scale} ×")
        kinds = {f"{png.format(scale=scale)} (*.png)": (".png", float(scale)) for scale in (2, 3, 4)}
        kinds |= {"SVG (*.svg)": (".svg", 1.0), "PDF (*.pdf)": (".pdf", 1.0)}
        start = str(Path(self._folder) / suggestion)
        title = self.tr("Save the picture")
        name, chosen = QFileDialog.getSaveFileName(self._window, title, start, ";;".join(kinds))
        path = self._remembered(name)
        if path is None:
            return None
        ending, scale = kinds.get(chosen, (".png", 2.0))
        is_complete = path.suffix.lower() in {known for known, _ in kinds.values()}
        return path if is_complete else path.with_name(path.name + ending), scale

    def table_grid(self, proposal: GridSpec) -> GridSpec | None:
        """Ask for the x values of a parameter table."""
        dialog = GridDialog(proposal, self._window)
        return dialog.grid if dialog.exec() else None

    def sample_size(self, sample: Sample) -> tuple[int, int] | None:
        """Ask for the number of rows and the seed of a simulated sample."""
        dialog = SampleDialog(sample, self._window)
        return dialog.choice if dialog.exec() else None

    def close_while_training(self) -> bool:
        """Ask whether to throw the run away and leave."""
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(self.tr("A run is under way."))
        box.setInformativeText(self.tr("Leaving now throws it away."))
        leave = box.addButton(self.tr("Leave"), QMessageBox.ButtonRole.DestructiveRole)
        stay = box.addButton(self.tr("Keep training"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        box.exec()
        return box.clickedButton() is leave

    def tell(self, title: str, text: str) -> None:
        """Show a text."""
        box = QMessageBox(self._window)
        box.setWindowTitle(title)
        box.setTextFormat(Qt.TextFormat.RichText)
        box.setText(text)
        box.exec()

    def _remembered(self, name: str) -> Path | None:
        if not name:
            return None
        path = Path(name)
        self._folder = str(path.parent)
        return path


class GridDialog(QDialog):
    """Start, stop, count of a parameter table; a wrong grid is explained in place."""

    def __init__(self, proposal: GridSpec, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grid = proposal
        self.setWindowTitle(self.tr("Parameter table"))
        self.start = QLineEdit(precise(proposal.start), self)
        self.stop = QLineEdit(precise(proposal.stop), self)
        self.count = QLineEdit(str(proposal.count), self)
        lead = QLabel(
            self.tr("Weights, means, variances and sds of every component at equally spaced x, as CSV."), self
        )
        lead.setWordWrap(True)
        self.problem = QLabel(self)
        self.problem.setObjectName("error")
        self.problem.setWordWrap(True)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        form = QFormLayout()
        for text, box in (
            (self.tr("First x"), self.start),
            (self.tr("Last x"), self.stop),
            (self.tr("Number of x"), self.count),
        ):
            box.setAccessibleName(text)
            form.addRow(text, box)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel, self)
        buttons.button(QDialogButtonBox.StandardButton.Save).setText(self.tr("Save…"))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(lead)
        layout.addLayout(form)
        layout.addWidget(self.problem)
        layout.addWidget(buttons)
        self.setMinimumWidth(360)

    def accept(self) -> None:
        """Close when the grid is possible; say what is wrong otherwise."""
        try:
            self.grid = GridSpec(self._number(self.start), self._number(self.stop), self._whole(self.count))
        except ConfigError as error:
            self.problem.setText(str(error))
            return
        super().accept()

    def _number(self, box: QLineEdit) -> float:
        value = parsed(box.text())
        if value is None:
            message = self.tr("{name}: {text!r} is not a number.").format(name=box.accessibleName(), text=box.text())
            raise ConfigError(message, self.tr("Type a number such as 1.25."))
        return value

    def _whole(self, box: QLineEdit) -> int:
        value = self._number(box)
        if value != int(value):
            message = self.tr("{name}: {text!r} is not a whole number.").format(
                name=box.accessibleName(), text=box.text()
            )
            raise ConfigError(message, self.tr("Type a number such as 1000."))
        return int(value)


class SampleDialog(QDialog):
    """Number of rows, seed of a simulated sample."""

    def __init__(self, sample: Sample, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(sample.title)
        self.rows, self.seed = QSpinBox(self), QSpinBox(self)
        self.rows.setRange(2, MOST_ROWS)
        self.rows.setValue(DEFAULT_ROWS)
        self.seed.setRange(0, 2**31 - 1)
        lead = QLabel(sample.description, self)
        lead.setWordWrap(True)
        form = QFormLayout()
        for text, box in ((self.tr("Rows n"), self.rows), (self.tr("Seed"), self.seed)):
            box.setLocale(reader_locale())
            box.setAccessibleName(text)
            form.addRow(text, box)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(lead)
        layout.addLayout(form)
        layout.addWidget(buttons)
        self.setMinimumWidth(360)

    @property
    def choice(self) -> tuple[int, int]:
        """Number of rows, seed."""
        return self.rows.value(), self.seed.value()
