"""The two sides of the import dialog: the forms on the left, the first rows on the right."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from mdn_gui.files.options import Preview, ReadOptions
from mdn_gui.session.importing import ImportChoice
from mdn_gui.ui.importing.options import ReadingForm
from mdn_gui.ui.importing.roles import RolesForm
from mdn_gui.ui.importing.rows import HeldOutForm, RowsForm
from mdn_gui.ui.importing.table import ImportTable
from mdn_gui.ui.importing.texts import error_texts, option_in_doubt, option_label
from mdn_gui.ui.labels import ElidedLabel, plain_label

_WIDTH = 344
_MOST_DOUBTS = 3


class ImportForms(QScrollArea):
    """Reading, roles, test set, rows: each under its heading."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.reading, self.roles = ReadingForm(self), RolesForm(self)
        self.test_set, self.rows = HeldOutForm(self), RowsForm(self)
        content = QWidget(self)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 12, 0)
        layout.setSpacing(6)
        self._headings: list[QLabel] = []
        for text, form in (
            (self.tr("READING"), self.reading),
            (self.tr("ROLES"), self.roles),
            (self.tr("TEST SET"), self.test_set),
            (self.tr("ROWS"), self.rows),
        ):
            heading = QLabel(text, self)
            heading.setObjectName("heading")
            self._headings.append(heading)
            layout.addWidget(heading)
            layout.addWidget(form)
            layout.addSpacing(10)
        layout.addStretch(1)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFixedWidth(_WIDTH)
        self._show_roles(shown=False)

    def show_preview(self, preview: Preview, asked: ReadOptions) -> None:
        """Show how the file was read."""
        self.reading.show_preview(preview, asked)
        self._show_roles(shown=True)

    def show_choice(self, preview: Preview, choice: ImportChoice, free_bytes: int) -> None:
        """Show what the columns, the rows are used for."""
        self.roles.show_choice(preview, choice)
        self.test_set.show_choice(preview.table, choice)
        self.rows.show_choice(preview, choice, free_bytes)

    def show_failure(self, asked: ReadOptions, *, is_text: bool) -> None:
        """Leave only the options that may mend the reading."""
        self.reading.show_asked(asked, is_text=is_text)
        self._show_roles(shown=False)

    def _show_roles(self, *, shown: bool) -> None:
        self._headings[0].setVisible(self.reading.has_options)
        for widget in (self.roles, self.test_set, self.rows, *self._headings[1:]):
            widget.setVisible(shown)


class RowsPanel(QWidget):
    """Doubts above, the first rows or what is wrong with the file, notes below."""

    option_wanted = Signal(str)
    """Name of the option that a doubt is about; empty for none in particular."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = ImportTable(self)
        self._doubts = QVBoxLayout()
        self._doubts.setSpacing(6)
        self._frames: list[QFrame] = []
        self._notes = ElidedLabel(self, "muted")
        refusal = QFrame(self)
        refusal.setObjectName("refusal")
        self._message, self._hint = plain_label(refusal, "strong"), plain_label(refusal)
        for label in (self._message, self._hint):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        texts = QVBoxLayout(refusal)
        texts.setContentsMargins(14, 12, 14, 12)
        texts.addWidget(self._message)
        texts.addWidget(self._hint)
        page = QWidget(self)
        above = QVBoxLayout(page)
        above.setContentsMargins(0, 0, 0, 0)
        above.addWidget(refusal)
        above.addStretch(1)
        self._pages = QStackedWidget(self)
        self._waiting = QWidget(self)
        for each in (self._waiting, self.table, page):
            self._pages.addWidget(each)
        self._refusal_page = page
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(self._doubts)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self._notes)

    def show_preview(self, preview: Preview) -> None:
        """Show the first rows, what is doubtful about them, what was assumed."""
        self.table.show_preview(preview)
        self._pages.setCurrentWidget(self.table)
        self._notes.show_text(" · ".join(preview.table.notes))
        self._show_doubts(preview.doubts)

    def show_choice(self, choice: ImportChoice) -> None:
        """Show the roles of the columns."""
        self.table.rows.show_roles(choice)

    def show_failure(self, error: Exception) -> None:
        """Show what is wrong in place of the rows."""
        message, hint = error_texts(error)
        self._message.setText(message)
        self._hint.setText(hint)
        self._pages.setCurrentWidget(self._refusal_page)
        self._notes.show_text("")
        self._show_doubts(())

    def _show_doubts(self, doubts: tuple[str, ...]) -> None:
        for frame in self._frames:
            self._doubts.removeWidget(frame)
            frame.hide()
            frame.deleteLater()
        shown = list(doubts[:_MOST_DOUBTS])
        if len(doubts) > _MOST_DOUBTS:
            shown[-1] += " " + self.tr("({count} more)").format(count=len(doubts) - _MOST_DOUBTS)
        self._frames = [self._doubt_frame(doubt) for doubt in shown]
        for frame in self._frames:
            self._doubts.addWidget(frame)

    def _doubt_frame(self, doubt: str) -> QFrame:
        frame = QFrame(self)
        frame.setObjectName("doubt")
        label = plain_label(frame)
        label.setText(doubt)
        option = option_in_doubt(doubt)
        words = self.tr("Change: {option}") if option else self.tr("Change how it is read")
        change = QPushButton(words.format(option=option_label(option).lower() if option else ""), frame)
        change.setObjectName("link")
        change.setAutoDefault(False)
        change.clicked.connect(lambda: self.option_wanted.emit(option))
        layout = QHBoxLayout(frame)
        layout.setContentsMargins(10, 6, 10, 6)
        layout.setSpacing(12)
        layout.addWidget(label, 1)
        layout.addWidget(change, 0, Qt.AlignmentFlag.AlignTop)
        return frame
