"""The dialog from a file to its scatter plot: what was read, how, what for."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.selection import HoldOut
from mdn_gui.errors import DataError
from mdn_gui.files.options import Preview, ReadOptions
from mdn_gui.session.import_memory import RememberedImports
from mdn_gui.session.importing import (
    ImportChoice,
    ImportHabit,
    Outlook,
    Previewer,
    carried_over,
    free_memory,
    outlook,
    proposed_choice,
    shape_of,
)
from mdn_gui.ui.importing.header import Role
from mdn_gui.ui.importing.panels import ImportForms, RowsPanel
from mdn_gui.ui.importing.texts import outlook_text, rows_text, size_text
from mdn_gui.ui.labels import ElidedLabel, plain_label

_PAUSE_MS = 100
"""A field that is still being changed does not ask for a preview at each step."""
_NOT_TEXT = frozenset({".xlsx", ".xlsm", ".parquet", ".npy", ".npz", ".json", ".jsonl"})
_SIZE = (1000, 640)


class ImportDialog(QDialog):
    """Shows the first rows of a file; follows every change of how it is read; lets roles be chosen.

    Enter opens what is proposed, as soon as that is known. After it was accepted, :attr:`choice` is what to open.

    Parameters
    ----------
    path : Path
        The file.
    previewer : Previewer
        Reads the first rows.
    remembered : RememberedImports
        What was chosen for files of the same shape.
    parent : QWidget, optional
        Owner.
    title : str
        Name of the table; that of the file where empty.
    """

    def __init__(
        self,
        path: Path,
        previewer: Previewer,
        remembered: RememberedImports,
        parent: QWidget | None = None,
        title: str = "",
    ) -> None:
        super().__init__(parent)
        self._title = title or path.name
        self._path, self._previewer, self._remembered = path, previewer, remembered
        self.choice: ImportChoice | None = None
        self._asked = ReadOptions()
        self._guess: Preview | None = None
        self._habit: ImportHabit | None = None
        self._preview: Preview | None = None
        self._outlook = Outlook()
        self._opens_when_ready = False
        self._free_bytes = free_memory()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.setWindowTitle(self.tr("Open a table"))
        self.forms, self.panel = ImportForms(self), RowsPanel(self)
        self.summary = plain_label(self)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel, self
        )
        self.open_button = self.buttons.button(QDialogButtonBox.StandardButton.Open)
        self._build()
        self._connect()
        self._show_outlook()
        self._ask()

    def _build(self) -> None:
        self._name, self._facts = ElidedLabel(self, "strong"), ElidedLabel(self, "muted")
        self._name.show_text(self._title)
        self._facts.show_text(self._size())
        self.busy = QProgressBar(self)
        self.busy.setRange(0, 0)
        self.busy.setTextVisible(False)
        self.busy.setAccessibleName(self.tr("The file is being read"))
        policy = self.busy.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.busy.setSizePolicy(policy)
        sides = QHBoxLayout()
        sides.setSpacing(6)
        sides.addWidget(self.forms)
        sides.addWidget(self.panel, 1)
        line = QFrame(self)
        line.setObjectName("line")
        foot = QHBoxLayout()
        foot.setSpacing(16)
        foot.addWidget(self.summary, 1)
        foot.addWidget(self.buttons, 0, Qt.AlignmentFlag.AlignBottom)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 18, 14)
        layout.setSpacing(4)
        for widget in (self._name, self._facts, self.busy):
            layout.addWidget(widget)
        layout.addSpacing(6)
        layout.addLayout(sides, 1)
        layout.addSpacing(6)
        layout.addWidget(line)
        layout.addSpacing(6)
        layout.addLayout(foot)
        self.setMinimumSize(760, 460)
        self.resize(*_SIZE)
        cancel = self.buttons.button(QDialogButtonBox.StandardButton.Cancel)
        cancel.setAutoDefault(False)  # the blue one stays the one that Enter presses
        self.open_button.setDefault(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def _connect(self) -> None:
        self._previewer.previewed.connect(self._take_preview)
        self._previewer.failed.connect(self._take_failure)
        self._previewer.busy_changed.connect(self.busy.setVisible)
        self.forms.reading.edited.connect(self._read_otherwise)
        self.forms.roles.edited.connect(self._give_roles)
        self.forms.test_set.edited.connect(self._hold_out)
        self.forms.rows.edited.connect(self._sample)
        self.panel.table.role_wanted.connect(self._give_role)
        self.panel.table.kind_wanted.connect(self._read_column_as)
        self.panel.option_wanted.connect(self._go_to_option)
        self.open_button.clicked.connect(self._open_when_possible)
        self.buttons.rejected.connect(self.reject)

    # -- ending -------------------------------------------------------------------------------------------------------

    def done(self, result: int) -> None:
        """Close; what is still being read is no longer wanted."""
        self._pause.stop()
        self._previewer.previewed.disconnect(self._take_preview)
        self._previewer.failed.disconnect(self._take_failure)
        self._previewer.busy_changed.disconnect(self.busy.setVisible)
        self._previewer.drop()
        super().done(result)

    def accept(self) -> None:
        """Close with a choice, remembered for files of the same shape."""
        if self._guess is not None and self.choice is not None:
            self._remembered.keep(shape_of(self._guess), self._guess, self.choice)
        super().accept()

    def reject(self) -> None:
        """Close without a choice."""
        self.choice = None
        super().reject()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open on Enter, wherever that does not end the typing of a value or press a button."""
        if event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            super().keyPressEvent(event)
            return
        focused = self.focusWidget()
        if isinstance(focused, QPushButton) and focused is not self.open_button:
            focused.click()
        elif not isinstance(focused, QLineEdit | QAbstractSpinBox):
            self._open_when_possible()

    @Slot()
    def _open_when_possible(self) -> None:
        if self._is_waiting:
            self._opens_when_ready = True
            self._show_outlook()
        elif self.open_button.isEnabled():
            self.accept()

    # -- the preview --------------------------------------------------------------------------------------------------

    @property
    def _is_waiting(self) -> bool:
        return self._pause.isActive() or self._previewer.is_busy

    @Slot()
    def _ask(self) -> None:
        self._previewer.preview(self._path, self._asked)

    @Slot(object)
    def _take_preview(self, preview: Preview) -> None:
        if self._pause.isActive():
            return
        preview = replace(preview, table=replace(preview.table, title=self._title))
        if self._guess is None and self._asked == ReadOptions():
            self._guess = preview
            self._habit = self._remembered.habit_for(shape_of(preview))
            if self._habit is not None and self._habit.options != ReadOptions():
                self._asked = self._habit.options
                self._ask()
                return
        self._show_preview(preview)

    def _show_preview(self, preview: Preview) -> None:
        opens, self._opens_when_ready = self._opens_when_ready, False
        self._preview = preview
        if self.choice is None:
            self.choice = proposed_choice(preview, self._habit, self._free_bytes)
        else:
            self.choice = carried_over(self.choice, preview)
        self._facts.show_text(" · ".join(text for text in (preview.form, self._size(), rows_text(preview)) if text))
        self.forms.show_preview(preview, self._asked)
        self.panel.show_preview(preview)
        self._show_choice()
        is_doubtful = preview.doubts or self._outlook.doubt is not None or self.choice.options.sample is not None
        if opens and self.open_button.isEnabled() and not is_doubtful:
            self.accept()

    @Slot(object)
    def _take_failure(self, error: Exception) -> None:
        if self._pause.isActive():
            return
        if self._habit is not None and self._preview is None and self._guess is not None:
            self._habit, self._asked = None, ReadOptions()  # what was chosen for another file does not fit this one
            self._show_preview(self._guess)
            return
        self._opens_when_ready = False
        self._preview = None
        self._facts.show_text(self._size())
        self.forms.show_failure(self._asked, is_text=self._is_text)
        self.panel.show_failure(error)
        self._show_outlook()

    @property
    def _is_text(self) -> bool:
        """True of a file that other options may make readable."""
        return self._path.suffix.lower() not in _NOT_TEXT and self._path.is_file()

    def _size(self) -> str:
        try:
            return size_text(self._path.stat().st_size)
        except (OSError, ValueError):
            return ""

    # -- what the person changes --------------------------------------------------------------------------------------

    @Slot(object)
    def _read_otherwise(self, asked: ReadOptions) -> None:
        self._asked = self.forms.reading.asked = asked
        self._habit = None
        self.panel.table.rows.set_stale(stale=True)
        if asked.columns == ():
            self._await_columns()
            return
        self.busy.setVisible(True)
        self._pause.start()

    def _await_columns(self) -> None:
        """Read nothing until a column is ticked."""
        self._pause.stop()
        self._previewer.drop()
        self.busy.hide()
        self._opens_when_ready = False
        self._show_outlook()

    @Slot(str, object)
    def _read_column_as(self, name: str, kind: ColumnKind) -> None:
        self._read_otherwise(replace(self._asked, kinds={**self._asked.kinds, name: kind}))

    @Slot(str, object)
    def _give_role(self, name: str, role: Role) -> None:
        if self.choice is None or self._preview is None:
            return
        wanted = {*self.choice.inputs} - {name}
        target = "" if self.choice.target == name else self.choice.target
        if role is Role.INPUT:
            wanted.add(name)
        elif role is Role.TARGET:
            target = name
        in_order = tuple(each for each in self._preview.table.input_names if each in wanted)
        self._give_roles(in_order, target)

    @Slot(object, str)
    def _give_roles(self, inputs: tuple[str, ...], target: str) -> None:
        if self.choice is None:
            return
        if not inputs and self.choice.inputs == (target,) and self.choice.target:
            inputs = (self.choice.target,)  # to choose the only input as target means to exchange the two
        self._choose(replace(self.choice, inputs=inputs, target=target))

    @Slot(object, object)
    def _hold_out(self, hold_out: HoldOut, test_path: Path | None) -> None:
        if self.choice is not None:
            self._choose(replace(self.choice, hold_out=hold_out, test_path=test_path))

    @Slot(object, int)
    def _sample(self, sample: int | None, seed: int) -> None:
        if self.choice is not None:
            self._choose(replace(self.choice, options=replace(self.choice.options, sample=sample, seed=seed)))

    @Slot(str)
    def _go_to_option(self, option: str) -> None:
        field = self.forms.reading.field(option) if option else self.forms.reading.first_field()
        if field is not None:
            self.forms.ensureWidgetVisible(field)
            field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _choose(self, choice: ImportChoice) -> None:
        self.choice = choice
        self._show_choice()

    def _show_choice(self) -> None:
        if self._preview is not None and self.choice is not None:
            self.forms.show_choice(self._preview, self.choice, self._free_bytes)
            self.panel.show_choice(self.choice)
        self._show_outlook()

    def _show_outlook(self) -> None:
        """Say what will be opened, or why it cannot be."""
        if self._opens_when_ready:
            self.summary.setText(self.tr("Opens as soon as the first rows are read."))
        elif self._preview is None or self.choice is None:
            self.summary.setText(self.tr("Reading the first rows …") if self._is_waiting else self._remedy())
        else:
            missing = self._missing()
            self._outlook = outlook(self._preview, self.choice) if missing is None else Outlook(refusal=missing)
            self.summary.setText(outlook_text(self._preview, self.choice, self._outlook))
        can_open = self._preview is not None and self._outlook.refusal is None
        self.summary.setObjectName("error" if self._outlook.refusal is not None and self._preview else "")
        self.summary.style().polish(self.summary)
        had_focus = self.focusWidget() in {None, self, self.open_button}
        self.open_button.setEnabled(can_open)
        if had_focus:
            (self.open_button if can_open else self).setFocus()  # never on to Cancel, which Enter would press

    def _remedy(self) -> str:
        if self.forms.reading.has_options:
            return self.tr("Change how it is read, or cancel.")
        return self.tr("Check the file, or cancel.")

    def _missing(self) -> DataError | None:
        """Return what the person has begun to choose in the forms, but not ended."""
        if self._asked.columns == ():
            return DataError(self.tr("No column is read."), self.tr("Tick the columns to read."))
        if self.forms.test_set.lacks_file:
            hint = self.tr("Browse for it, or choose another test set.")
            return DataError(self.tr("No file of the test set is chosen."), hint)
        return None
