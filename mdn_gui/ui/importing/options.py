"""The form of the import dialog that says how the file is read."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QLineEdit, QPushButton, QWidget

from mdn_gui.files.options import Preview, ReadOptions
from mdn_gui.ui.check_list import CheckList
from mdn_gui.ui.importing.fields import choice_box, muted_label
from mdn_gui.ui.importing.texts import OPTIONS, option_label, part_label
from mdn_gui.ui.texts import one_line

_MENDING = frozenset({"encoding", "delimiter", "decimal", "thousands", "has_header"})
"""Options that may make a text readable."""
_ANOTHER = "another"

Choices = Sequence[tuple[str, Any]]


class ReadingForm(QWidget):
    """The options that apply to a file: the value in use, whether it was guessed."""

    edited = Signal(object)
    """ReadOptions with what the person decided; None where the reader guesses, () where no column is to be read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.asked = ReadOptions()
        """What the person decided so far, here or elsewhere."""
        self._all_columns: tuple[str, ...] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self._rows = {option: self._add_row(option, place) for place, option in enumerate(OPTIONS)}
        for option, choices in self._choices().items():
            self._rows[option].show_choices(choices)
        for row in self._rows.values():
            row.show_value(None, is_there=False, is_guess=True)
        self.character = QLineEdit(self)
        self.character.setMaxLength(1)
        self.character.setAccessibleName(self.tr("Character between cells"))
        self.character.setPlaceholderText(self.tr("one character"))
        self.character.textEdited.connect(self._take_character)
        self._grid.addWidget(self.character, len(OPTIONS), 1)
        self.columns = CheckList(self.tr("Columns to read"), self)
        self.columns.edited.connect(self._take_columns)
        self._columns_label = muted_label(self, self.tr("Columns to read"), self.columns.list)
        self._grid.addWidget(self._columns_label, len(OPTIONS) + 1, 0, 1, 3)
        self._grid.addWidget(self.columns, len(OPTIONS) + 2, 0, 1, 3)

    def show_preview(self, preview: Preview, asked: ReadOptions) -> None:
        """Show the options that were used; those the person did not ask for were guessed."""
        self.asked = asked
        part = self._rows["part"]
        part.show_choices([(one_line(name), name) for name in preview.parts])
        part.label.setText(part_label(preview.form))
        part.field.setAccessibleName(part_label(preview.form))
        for option, row in self._rows.items():
            value = getattr(preview.options, option)
            is_there = bool(preview.parts) if option == "part" else value is not None
            row.show_value(value, is_there=is_there, is_guess=getattr(asked, option) is None)
        self._show_character(preview.options.delimiter)
        self._all_columns = preview.all_columns
        self._show_columns()
        if preview.all_columns:
            self.columns.show_names(preview.all_columns, preview.options.columns or preview.all_columns)
        self.setVisible(self.has_options)

    def show_asked(self, asked: ReadOptions, *, is_text: bool) -> None:
        """Show what was asked of a file that cannot be read so far; of text everything can be tried."""
        self.asked = asked
        for option, row in self._rows.items():
            value = getattr(asked, option)
            is_there = value is not None or (is_text and option in _MENDING) or not row.field.isHidden()
            row.show_value(value, is_there=is_there, is_guess=value is None)
        self._show_character(asked.delimiter)
        self._show_columns()
        self.setVisible(self.has_options)

    @property
    def has_options(self) -> bool:
        """True where there is anything to choose."""
        return bool(self._all_columns) or any(not row.field.isHidden() for row in self._rows.values())

    def field(self, option: str) -> QWidget:
        """Return the widget of an option."""
        return self.columns.list if option == "columns" else self._rows[option].field

    def first_field(self) -> QWidget | None:
        """Return the first field that is shown."""
        return next((row.field for row in self._rows.values() if not row.field.isHidden()), None)

    def _add_row(self, option: str, place: int) -> "_Row":
        field, again = choice_box(self, option_label(option)), QPushButton(self)
        label = muted_label(self, option_label(option), field)
        field.setPlaceholderText(self.tr("guessed"))
        field.activated.connect(lambda index: self._take(option, field.itemData(index)))
        again.setObjectName("link")
        again.setAutoDefault(False)
        again.setAccessibleName(self.tr("Guess again: {option}").format(option=option_label(option)))
        again.setToolTip(self.tr("Let the program guess this."))
        again.setFixedWidth(max(map(again.fontMetrics().horizontalAdvance, (self.tr("guessed"), self.tr("guess")))) + 6)
        again.clicked.connect(partial(self._take, option, None))
        for column, widget in enumerate((label, field, again)):
            self._grid.addWidget(widget, place, column)
        return _Row(label, field, again, self.tr("guessed"), self.tr("guess"))

    def _choices(self) -> dict[str, Choices]:
        return {
            "encoding": [
                ("UTF-8", "utf-8"),
                ("UTF-16", "utf-16"),
                (self.tr("Western (cp1252)"), "cp1252"),
                (self.tr("Central European (cp1250)"), "cp1250"),
                (self.tr("Cyrillic (cp1251)"), "cp1251"),
                (self.tr("Chinese (gb18030)"), "gb18030"),
                (self.tr("Japanese (shift_jis)"), "shift_jis"),
            ],
            "delimiter": [
                (self.tr("comma  ,"), ","),
                (self.tr("semicolon  ;"), ";"),
                (self.tr("tab"), "tab"),
                (self.tr("vertical bar  |"), "|"),
                (self.tr("blanks"), "blanks"),
                (self.tr("none: one column"), ""),
                (self.tr("another character"), _ANOTHER),
            ],
            "decimal": [(self.tr("point  1.5"), "."), (self.tr("comma  1,5"), ",")],
            "thousands": [
                (self.tr("none"), ""),
                (self.tr("comma  1,234"), ","),
                (self.tr("point  1.234"), "."),
                (self.tr("apostrophe  1'234"), "'"),
                (self.tr("blank  1 234"), " "),
            ],
            "has_header": [(self.tr("column names"), True), (self.tr("data"), False)],
            "day_first": [(self.tr("day first  31/12"), True), (self.tr("month first  12/31"), False)],
        }

    def _show_character(self, delimiter: str | None) -> None:
        known = [value for _, value in self._choices()["delimiter"]]
        field = self._rows["delimiter"].field
        is_another = delimiter is not None and delimiter not in known
        if is_another:
            field.setCurrentIndex(field.findData(_ANOTHER))
            self.character.setText(str(delimiter))
        self.character.setVisible(is_another and not field.isHidden())

    def _show_columns(self) -> None:
        for widget in (self._columns_label, self.columns):
            widget.setVisible(bool(self._all_columns))

    def _take(self, option: str, value: object) -> None:
        if value == _ANOTHER:
            self.character.clear()
            self.character.show()
            self.character.setFocus()
            return
        self._ask(**{option: value})

    @Slot(str)
    def _take_character(self, text: str) -> None:
        if text:
            self._ask(delimiter=text)

    @Slot(object)
    def _take_columns(self, names: tuple[str, ...]) -> None:
        self._ask(columns=None if names == self._all_columns else names)

    def _ask(self, **changed: Any) -> None:
        self.asked = replace(self.asked, **changed)
        self.edited.emit(self.asked)


@dataclass(frozen=True)
class _Row:
    """One option: its name, its value, whether that is a guess."""

    label: QLabel
    field: QComboBox
    again: QPushButton
    guessed: str
    guess: str

    def show_choices(self, choices: Choices) -> None:
        """Offer other values."""
        if [self.field.itemData(index) for index in range(self.field.count())] != [value for _, value in choices]:
            self.field.clear()
            for text, value in choices:
                self.field.addItem(text, value)

    def show_value(self, value: object, *, is_there: bool, is_guess: bool) -> None:
        """Show the value in use; nothing where there is none yet."""
        for widget in (self.label, self.field, self.again):
            widget.setVisible(is_there)
        index = self.field.findData(value) if value is not None else -1
        if value is not None and index < 0:
            self.field.addItem(one_line(str(value)), value)
            index = self.field.count() - 1
        self.field.setCurrentIndex(index)
        self.again.setText(self.guessed if is_guess and value is not None else "" if is_guess else self.guess)
        self.again.setEnabled(not is_guess)
