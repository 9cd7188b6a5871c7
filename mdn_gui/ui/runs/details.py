"""What is known of one run: how it ended, its settings, its data, what a person writes about it."""

from html import escape

from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent, QTextOption
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QMenu,
    QPlainTextEdit,
    QSizePolicy,
    QTextBrowser,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mdn_gui.core.file_names import file_name
from mdn_gui.core.training_run import TrainingRun
from mdn_gui.session.run_list import LONGEST_NOTES
from mdn_gui.ui.labels import ElidedLabel
from mdn_gui.ui.numbers import grouped, tabular
from mdn_gui.ui.runs.actions import RunActions
from mdn_gui.ui.runs.settings_lines import SettingLine, setting_lines
from mdn_gui.ui.runs.shown import RunsShown
from mdn_gui.ui.runs.texts import local_time, name_text, number_text, origin_text, rows_text, short_end_text
from mdn_gui.ui.texts import end_text, one_line, tip_text
from mdn_gui.ui.theme import LIGHT, Theme

_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_DIGITS_OF_DIGEST, _LONGEST = 12, 400
_LOW, _WIDE, _TWO_COLUMNS = 240, 620, 360
"""Logical pixels: below this height the notes have one line; from this width on they stand at the right; where it is
low, from this width on the facts stand in two columns."""
_ANY = 16_777_215
"""Greatest height of a widget."""


class NotesEdit(QPlainTextEdit):
    """Notes of several lines; given on when a person leaves them, or presses Ctrl+Enter."""

    noted = Signal()
    """What stands there is meant."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setAccessibleName(self.tr("Notes"))
        self.setPlaceholderText(self.tr("Notes"))

    def event(self, event: QEvent) -> bool:
        """Keep Ctrl+Enter from the actions of the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _ends(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give the notes on."""
        if _ends(event):
            self.noted.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Give the notes on, unless it is a menu that has come."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.noted.emit()


class RunDetails(QWidget):
    """The selected run beside the list.

    Parameters
    ----------
    actions : RunActions
        What can be done with it.
    parent : QWidget, optional
        Owner.
    """

    noted = Signal(int, str)
    """Number of a run, what a person writes about it."""

    def __init__(self, actions: RunActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run: TrainingRun | None = None
        self._shown, self._theme, self._count = RunsShown(), LIGHT, 0
        self._written_html, self._columns = "", 2
        self._title, self._end = ElidedLabel(self, "strong"), ElidedLabel(self)
        self._end.setFont(tabular(self._end.font()))
        self._menu = QMenu(self)
        self._menu.addActions(actions.rest(self._menu))
        self._buttons = [self._made_button() for _ in actions.buttons()]
        for button, action in zip(self._buttons, actions.buttons(), strict=True):
            button.setDefaultAction(action)
            button.setAccessibleName(action.iconText())
        self._button = self._made_button()
        self._button.setText(self.tr("Actions ▾"))
        self._button.setAccessibleName(self.tr("What else can be done with the selected runs"))
        self._button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._button.setMenu(self._menu)
        self._text = QTextBrowser(self)
        self._text.setAccessibleName(self.tr("Details of the run"))
        self._text.setFrameShape(QTextBrowser.Shape.NoFrame)
        self._text.setOpenLinks(False)
        self._text.setWordWrapMode(QTextOption.WrapMode.WordWrap)
        self._text.setFont(tabular(self._text.font()))
        self._text.document().setDocumentMargin(0.0)
        self._text.viewport().setAutoFillBackground(False)
        self.notes = NotesEdit(self)
        self.notes.noted.connect(self.commit)
        self._build()
        self._arrange()
        self.show_run(None, RunsShown())

    def _made_button(self) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName("small")
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(10)
        self._title.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        head.addWidget(self._title)
        head.addWidget(self._end, 1)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.setSpacing(2)
        for button in (*self._buttons, self._button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        self._body = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._body.setSpacing(5)
        self._body.addWidget(self._text, 3)
        self._body.addWidget(self.notes)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addLayout(buttons)
        layout.addLayout(self._body, 1)

    @property
    def text(self) -> str:
        """What is written of the run, without the looks."""
        return f"{self._end.text()}\n{self._text.toPlainText()}".strip()

    def show_run(self, run: TrainingRun | None, shown: RunsShown, count: int = 1) -> None:
        """Show a run; of several that are selected only how many they are."""
        is_other = run is None or self._run is None or run.number != self._run.number
        written = self._written() if is_other and self._is_among(shown) else None
        notes_before = "" if self._run is None else self._run.notes
        self._run, self._shown, self._count = run, shown, count
        notes = "" if run is None else run.notes
        if is_other or notes != notes_before:
            with QSignalBlocker(self.notes):
                self.notes.setPlainText(notes[:LONGEST_NOTES])
        self.notes.setEnabled(run is not None)
        self._button.setEnabled(run is not None or count > 1)
        self._title.show_text(self._heading())
        self._end.show_text("" if run is None else short_end_text(run))
        self._end.setToolTip(tip_text("" if run is None else end_text(run.model)))
        self._write(keep_place=not is_other)
        if written is not None:
            self.noted.emit(*written)  # at the end, as the runs come back before it returns

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self._theme = theme
        self._write(keep_place=True)

    def commit(self) -> None:
        """Give on what has been written, before anything else is done with it."""
        written = self._written()
        if written is not None:
            self.noted.emit(*written)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange what is told anew."""
        super().resizeEvent(event)
        self._arrange()

    def sizeHint(self) -> QSize:
        """Return room for the buttons, for two columns of facts."""
        return QSize(self.minimumSizeHint().width(), 180)

    def minimumSizeHint(self) -> QSize:
        """Return the least useful size."""
        buttons = (*self._buttons, self._button)
        return QSize(sum(button.sizeHint().width() + 2 for button in buttons) + 10, 100)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _arrange(self) -> None:
        """Put the notes at the right where it is wide, else below, with more lines where it is high."""
        is_wide, line = self.width() >= _WIDE, self.notes.fontMetrics().lineSpacing()
        directions = QBoxLayout.Direction
        self._body.setDirection(directions.LeftToRight if is_wide else directions.TopToBottom)
        self._body.setStretch(1, 1 if is_wide else 0)
        lines = 1 if self.height() < _LOW else 3
        self.notes.setMinimumHeight(line * lines + 14)
        self.notes.setMaximumHeight(_ANY if is_wide else line * lines + 14)
        enough = _TWO_COLUMNS if self.height() < _LOW else _WIDE
        columns = 2 if self.width() >= enough else 1
        if columns != self._columns:
            self._columns = columns
            self._write(keep_place=True)

    def _written(self) -> tuple[int, str] | None:
        """Return the number of the run with its notes where a person has changed them."""
        notes = self.notes.toPlainText()[:LONGEST_NOTES]
        return None if self._run is None or notes == self._run.notes else (self._run.number, notes)

    def _is_among(self, shown: RunsShown) -> bool:
        """Return whether the run is still there: in another document another one may have its number."""
        same = shown.run(self._run.number) if self._run is not None else None
        return same is not None and self._run is not None and same.model is self._run.model

    def _heading(self) -> str:
        run = self._run
        if run is None:
            return self.tr("{count} runs").format(count=grouped(self._count)) if self._count > 1 else ""
        if not run.name:
            return number_text(run.number)
        return f"{number_text(run.number)} · {name_text(run)}"

    def _write(self, *, keep_place: bool) -> None:
        place, html = self._text.verticalScrollBar().value(), self._html()
        if html != self._written_html:  # setting it takes milliseconds
            self._written_html = html
            self._text.setHtml(html)
        self._text.verticalScrollBar().setValue(place if keep_place else 0)

    def _html(self) -> str:
        run = self._run
        if run is None:
            return ""
        current = self._shown.current
        other = current if current is not None and current is not run else None
        lines = setting_lines(run.model, None if other is None else other.model)
        differing = [line for line in lines if line.differs]
        same = [(line.label, escape(line.value)) for line in lines if not line.differs]
        title = self.tr("Other settings") if differing else self.tr("Settings")
        parts, settings = [], [self._title_line(title), self._table(same)]
        if other is not None and differing:
            title = self.tr("Differs from run {number}, the one shown").format(number=other.number)
            parts += [self._title_line(title), self._table([self._differing(line) for line in differing])]
        elif other is not None:
            title = self.tr("The same settings as run {number}, the one shown").format(number=other.number)
            parts.append(self._title_line(title))
        data = [
            self._title_line(self.tr("Data")),
            self._table(self._data()),
            self._line(file_name(run.model.provenance.source)),
        ]
        parts += [*settings, *data] if other is None else [*data, *settings]
        parts += [self._title_line(self.tr("Made with")), self._line(self._versions())]
        return "".join(parts)

    def _differing(self, line: SettingLine) -> tuple[str, str]:
        other = self.tr("shown: {value}").format(value=line.other)
        return line.label, f"<b>{escape(line.value)}</b> <span style='color:{self._theme.muted}'>{escape(other)}</span>"

    def _data(self) -> list[tuple[str, str]]:
        run = self._run
        if run is None:
            return []
        seen = run.model.provenance
        columns = ", ".join(one_line(each.label, 60) for each in seen.encodings)
        pairs = [
            (self.tr("Rows"), f"{grouped(seen.num_rows)}  {self._rows_text(run)}".strip()),
            (self.tr("Columns"), f"{one_line(columns, 400)} → {one_line(seen.target_name, 60)}"),
            (self.tr("From"), origin_text(run)),
            (self.tr("Ended"), local_time(run.ended)),
            (self.tr("Digest"), seen.data_digest[:_DIGITS_OF_DIGEST]),
        ]
        return [(label, escape(value)) for label, value in pairs if value]

    def _rows_text(self, run: TrainingRun) -> str:
        text = rows_text(self._shown.rows_of(run))
        return f"({text})" if text else ""

    def _versions(self) -> str:
        run = self._run
        versions = run.libraries if run is not None else {}
        listed = ", ".join(f"{one_line(str(name), 40)} {one_line(str(each), 40)}" for name, each in versions.items())
        return listed or self.tr("not recorded")

    def _line(self, text: str) -> str:
        return f"<p style='margin:0px 0px 0px 1px'>{escape(one_line(text, _LONGEST))}</p>" if text else ""

    def _title_line(self, title: str) -> str:
        return f"<p style='margin-top:3px; margin-bottom:1px; color:{self._theme.muted}'>{escape(title)}</p>"

    def _table(self, pairs: list[tuple[str, str]]) -> str:
        """Return labels beside values, which are HTML already, in as many columns as there is room for."""
        cells = [
            f"<td style='padding-right:8px'>{escape(label)}</td><td style='padding-right:14px'>{value}</td>"
            for label, value in pairs
        ]
        high = -(-len(cells) // self._columns)
        rows = "".join(f"<tr>{''.join(cells[row::high])}</tr>" for row in range(high))
        return f"<table cellspacing='0' cellpadding='1'>{rows}</table>"


def _ends(event: QKeyEvent) -> bool:
    return event.key() in _ENTER and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
