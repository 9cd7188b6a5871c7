"""Every question the window asks, behind one door that tests can replace."""

import enum
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QLabel,
    QMessageBox,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.questions import Questions
from mdn_gui.core.reading import Line
from mdn_gui.core.samples import DEFAULT_ROWS, MOST_ROWS, Sample
from mdn_gui.core.sweep import SweepPlan
from mdn_gui.core.table import Table
from mdn_gui.files.options import ReadOptions
from mdn_gui.session.import_memory import RememberedImports
from mdn_gui.session.importing import ImportChoice, Previewer
from mdn_gui.session.preferences import Preferences
from mdn_gui.ui.numbers import reader_locale

if TYPE_CHECKING:
    from mdn_gui.ui.exporting.parameter_dialog import ParameterRequest
    from mdn_gui.ui.exporting.running import PredictionRunner


Configs = tuple[ModelConfig, TrainingConfig]
_FIRST_ENDING = re.compile(r"\(\*(\.\w+)")
"""Of a filter such as "CSV (*.csv)"."""


class Leaving(enum.Enum):
    """What becomes of a document that is not saved when another takes its place."""

    SAVE = "save"
    DISCARD = "discard"
    STAY = "stay"


class Dialogs(Protocol):
    """What the window may ask a person; None means cancelled."""

    def path_to_open(self) -> Path | None:
        """Ask for a table or a project."""
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

    def parameter_request(self, model: FittedModel, line: Line, questions: Questions) -> "ParameterRequest | None":
        """Ask for a parameter table."""
        ...

    def predictions(
        self, model: FittedModel, questions: Questions, opened: ReadOptions | None, runner: "PredictionRunner"
    ) -> None:
        """Ask for another table; follow its predictions."""
        ...

    def sweep_plan(self, proposal: SweepPlan, seconds: float) -> SweepPlan | None:
        """Ask what to sweep over; ``seconds`` is what a run takes, NaN where that is not known."""
        ...

    def sample_size(self, sample: Sample) -> tuple[int, int] | None:
        """Ask for the number of rows and the seed of a simulated sample."""
        ...

    def close_while_training(self) -> bool:
        """Ask whether to throw the run away and leave."""
        ...

    def leave_document(self, name: str) -> Leaving:
        """Ask whether a modified document is saved before it is left."""
        ...

    def preferences(self, preferences: Preferences, present: Configs, apply: Callable[[str], object]) -> None:
        """Ask what a person prefers; ``apply`` takes the key of each change."""
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
        """Ask for a table or a project."""
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            self.tr("Open a table or a project"),
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
            (self.tr("Projects"), "*.mdn"),
        )
        every = (self.tr("Tables and projects"), " ".join(patterns for _, patterns in kinds))
        return [f"{text} ({patterns})" for text, patterns in (every, *kinds)] + [self.tr("All files (*)")]

    def path_to_save(self, title: str, suggestion: str, file_filter: str) -> Path | None:
        """Ask where to write a file; the ending of the kind that is chosen is added where none is typed."""
        start = str(Path(self._folder) / suggestion)
        name, chosen = QFileDialog.getSaveFileName(self._window, title, start, file_filter)
        path = self._remembered(name)
        if path is None or path.suffix:
            return path
        ending = _FIRST_ENDING.search(chosen)
        return path.with_name(path.name + (ending[1] if ending else Path(suggestion).suffix))

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

    def parameter_request(self, model: FittedModel, line: Line, questions: Questions) -> "ParameterRequest | None":
        """Ask for a parameter table."""
        from mdn_gui.ui.exporting.parameter_dialog import ParameterDialog

        dialog = ParameterDialog(model, line, questions, self._window)
        request = dialog.request if dialog.exec() else None
        dialog.deleteLater()
        return request

    def predictions(
        self, model: FittedModel, questions: Questions, opened: ReadOptions | None, runner: "PredictionRunner"
    ) -> None:
        """Ask for another table; follow its predictions."""
        from mdn_gui.ui.exporting.predictions_dialog import PredictionsDialog

        dialog = PredictionsDialog(
            model, questions, opened, (self.path_to_open, self._path_of_predictions), runner, self._window
        )
        dialog.exec()
        dialog.deleteLater()

    def _path_of_predictions(self, suggestion: str, ending: str) -> Path | None:
        from mdn_gui.ui.exporting.formats import table_filter

        return self.path_to_save(self.tr("Save the predictions"), suggestion, table_filter(ending))

    def sweep_plan(self, proposal: SweepPlan, seconds: float) -> SweepPlan | None:
        """Ask what to sweep over; ``seconds`` is what a run takes, NaN where that is not known."""
        from mdn_gui.ui.sweep.dialog import SweepDialog

        dialog = SweepDialog(proposal, seconds, self._window)
        plan = dialog.plan if dialog.exec() else None
        dialog.deleteLater()
        return plan

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

    def leave_document(self, name: str) -> Leaving:
        """Ask whether a modified document is saved before it is left."""
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(self.tr("Save the changes to {name}?").format(name=name))
        box.setInformativeText(self.tr("Otherwise the runs and edits made since the last save are lost."))
        kinds = QMessageBox.StandardButton
        box.setStandardButtons(kinds.Save | kinds.Discard | kinds.Cancel)
        box.setDefaultButton(kinds.Save)
        box.button(kinds.Discard).setText(self.tr("Don't save"))
        box.exec()
        answers = {kinds.Save: Leaving.SAVE, kinds.Discard: Leaving.DISCARD}
        return answers.get(box.standardButton(box.clickedButton()), Leaving.STAY)

    def preferences(self, preferences: Preferences, present: Configs, apply: Callable[[str], object]) -> None:
        """Ask what a person prefers; ``apply`` takes the key of each change."""
        from mdn_gui.ui.preferences_dialog import PreferencesDialog

        dialog = PreferencesDialog(preferences, present, self._window)
        dialog.changed.connect(apply)
        dialog.exec()
        dialog.deleteLater()

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
