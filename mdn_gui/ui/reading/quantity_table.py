"""The table of what is read of p(y given x): moments, quantiles, region, modes, a probability."""

import math
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QElapsedTimer, QEvent, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QBrush, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from mdn_gui.core.pin import Pin
from mdn_gui.core.quantities import Shape, quantities
from mdn_gui.core.questions import Questions
from mdn_gui.core.reading import Reading
from mdn_gui.files.tables import DataTable
from mdn_gui.ui.reading.copied_text import copied_rows
from mdn_gui.ui.reading.quantity_choice import QuantityChoice
from mdn_gui.ui.reading.quantity_model import QuantityRow
from mdn_gui.ui.reading.quantity_texts import difference, full_name, plain_numbers
from mdn_gui.ui.reading.quantity_view import QuantityView
from mdn_gui.ui.texts import one_line
from mdn_gui.ui.theme import Theme, blend

_PAUSE_MS, _LATEST_MS = 30, 500
"""What is slow takes longer than a mouse move may: it follows when the mouse pauses, and now and then meanwhile."""
_UNUSUAL = frozenset({"skewness", "entropy", "effective_components"})
"""Shown to who asks for them."""


class QuantityTable(QuantityView):
    """The quantities at the cursor; while there are pins, those at one of them with the differences."""

    questions_changed = Signal(object)
    """Questions that a person wants to be asked; they are taken by :meth:`show_questions`."""
    rows_chosen = Signal(object)
    """tuple of str: the keys of the rows that a person has chosen to see."""
    interval_edited = Signal()
    """A person wants to change the interval whose probability is read."""
    compared_pin_chosen = Signal(str)
    """Name of the pin that a person has chosen to compare with."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._questions = Questions()
        self._all = quantities(self._questions)
        self._hidden: frozenset[str] = _UNUSUAL
        self._pins: tuple[Pin, ...] = ()
        self._compared = ""
        self._target_name = ""
        self.choice = QuantityChoice(self)
        self.choice.rows_ticked.connect(self._choose_rows)
        self.choice.questions_changed.connect(self.questions_changed)
        self.choice.usual.clicked.connect(self._choose_usual)
        self.doubleClicked.connect(self._edit_current)
        self._make_actions()
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(_PAUSE_MS)
        self._slow.timeout.connect(self.show_now)
        self._since_slow = QElapsedTimer()
        self._since_slow.start()
        self._show_quantities()

    def _make_actions(self) -> None:
        self._rows_menu, self._pins_menu = QMenu(self.tr("Rows"), self), QMenu(self.tr("Compare with"), self)
        self._rows_menu.aboutToShow.connect(self._fill_rows_menu)
        self._pins_menu.aboutToShow.connect(self._fill_pins_menu)
        copy = QAction(self.tr("Copy rows\tCtrl+C"), self)
        copy.triggered.connect(self.copy)
        add = QAction(self.tr("Add quantile…"), self)
        add.triggered.connect(lambda: self.configure(self.choice.levels))
        configure = QAction(self.tr("Configure…"), self)
        configure.triggered.connect(lambda _ticked: self.configure())
        self.addActions([copy, self._rows_menu.menuAction(), self._pins_menu.menuAction(), add, configure])

    # -- values in ----------------------------------------------------------------------------------------------------

    def show_target(self, name: str, spread: float) -> None:
        """Take name and sd, data units, of the target; forget how wide the texts of other data were."""
        self._target_name = name
        self.quantities.show_spread(spread)
        self.forget_sizes()

    def show_questions(self, questions: Questions) -> None:
        """Ask other questions; what was hidden stays hidden, the region whatever its mass."""
        if questions != self._questions:
            self._questions = questions
            self._all = quantities(questions)
            self._show_quantities()

    def show_rows(self, keys: Iterable[object]) -> None:
        """Show the rows of these keys, of which unknown ones do not matter; the usual ones where no key is known."""
        names = {_family(key) for key in keys if isinstance(key, str)}
        known = {_family(each.key) for each in self._all}
        self._hidden = frozenset(known - names) if known & names else _UNUSUAL
        self._show_quantities()

    def show_reading(self, reading: Reading | None) -> None:
        """Show what is read at x; what is slow a moment later."""
        self.quantities.show_reading(reading)
        self._follow()

    def show_pins(self, pins: tuple[Pin, ...]) -> None:
        """Compare with one of these pins: the last, or the one chosen."""
        self._pins = pins
        self._show_pin()

    def show_compared_pin(self, name: str) -> None:
        """Compare with the pin of that name, as long as there is one."""
        self._compared = name
        self._show_pin()

    def show_theme(self, theme: Theme) -> None:
        """Take new colours."""
        self.quantities.show_grey(QBrush(blend(theme.muted, theme.base, 0.6)))

    @Slot()
    def show_now(self) -> None:
        """Show every quantity at once, for a picture."""
        self._slow.stop()
        self._since_slow.start()
        self.quantities.read_all()
        self.widen()

    @property
    def is_complete(self) -> bool:
        """Whether every value shown is that of the cursor."""
        return self.quantities.is_complete

    @property
    def compared_pin(self) -> Pin | None:
        """The pin that is compared with."""
        return self.quantities.pin

    def shown_keys(self) -> tuple[str, ...]:
        """Return the keys of the rows that are shown."""
        return tuple(row.quantity.key for row in self.quantities.rows)

    def drawn_table(self) -> DataTable | None:
        """Return the rows that are shown, exact; None where nothing is read."""
        self.show_now()
        rows = self.quantities.rows
        if not any(row.here is not None for row in rows):
            return None
        return self._table_of(rows)

    # -- a person -----------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Keep the key of copying from the actions of the window."""
        if event.type() == QEvent.Type.ShortcutOverride and _copies(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy, edit what is asked, take a quantile away; everything else moves in the table."""
        if _copies(event):
            self.copy()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2}:
            self._edit_current()
        elif event.key() == Qt.Key.Key_Delete:
            self._remove_current()
        else:
            super().keyPressEvent(event)

    @Slot()
    def copy(self) -> None:
        """Copy the selected rows, or all, as tab-separated text: C locale, all digits."""
        self.show_now()
        chosen = {index.row() for index in self.selectionModel().selectedRows()}
        rows = [row for number, row in enumerate(self.quantities.rows) if number in chosen or not chosen]
        QGuiApplication.clipboard().setText(copied_rows(self._table_of(rows)))

    def configure(self, field: QWidget | None = None) -> None:
        """Open the choice of what is read, with the keyboard in one of its fields."""
        self.choice.show_choice(self._all, self.shown_keys(), self._questions)
        self.choice.open_at(self.mapToGlobal(QPoint(self.width(), self.height())), field)

    @Slot()
    def _edit_current(self) -> None:
        row = self._current()
        if row is None:
            return
        if row.quantity.key == "probability":
            self.interval_edited.emit()
        elif row.quantity.probability is None:
            self.configure()
        else:
            is_region = row.quantity.shape is Shape.INTERVALS
            self.configure(self.choice.mass if is_region else self.choice.levels)

    def _remove_current(self) -> None:
        """Ask for one quantile less, or for no probability."""
        row = self._current()
        if row is None:
            return
        level = row.quantity.probability
        if row.quantity.key == "probability":
            self.questions_changed.emit(replace(self._questions, low=-math.inf, high=math.inf))
        elif level is not None and row.quantity.shape is Shape.NUMBER:
            levels = tuple(each for each in self._questions.levels if each != level)
            self.questions_changed.emit(replace(self._questions, levels=levels))

    def _current(self) -> QuantityRow | None:
        number = self.currentIndex().row()
        return self.quantities.rows[number] if 0 <= number < len(self.quantities.rows) else None

    @Slot(object)
    def _choose_rows(self, keys: tuple[str, ...]) -> None:
        self._hidden = frozenset(_family(each.key) for each in self._all) - {_family(key) for key in keys}
        self._show_quantities()
        self.rows_chosen.emit(keys)

    @Slot()
    def _choose_usual(self) -> None:
        self.questions_changed.emit(replace(Questions(), low=self._questions.low, high=self._questions.high))
        self._choose_rows(tuple(each.key for each in self._all if each.key not in _UNUSUAL))

    def _fill_rows_menu(self) -> None:
        self._rows_menu.clear()
        shown = self.shown_keys()
        for quantity in self._all:
            action = self._rows_menu.addAction(full_name(quantity, self._questions))
            action.setCheckable(True)
            action.setChecked(quantity.key in shown)
            action.toggled.connect(lambda ticked, key=quantity.key: self._tick(key, is_shown=ticked))

    def _tick(self, key: str, *, is_shown: bool) -> None:
        shown = {*self.shown_keys(), key} if is_shown else {*self.shown_keys()} - {key}
        self._choose_rows(tuple(each.key for each in self._all if each.key in shown))

    def _fill_pins_menu(self) -> None:
        self._pins_menu.clear()
        group = QActionGroup(self._pins_menu)
        for pin in self._pins:
            action = self._pins_menu.addAction(one_line(pin.name, 40).replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(pin is self.quantities.pin)
            action.triggered.connect(lambda _=False, name=pin.name: self._choose_pin(name))
            group.addAction(action)

    def _choose_pin(self, name: str) -> None:
        self.show_compared_pin(name)
        self.compared_pin_chosen.emit(name)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _show_quantities(self) -> None:
        shown = [each for each in self._all if _family(each.key) not in self._hidden]
        self.quantities.show_rows(shown, self._questions)
        self.forget_sizes()
        if self.choice.isVisible():
            self.choice.show_choice(self._all, self.shown_keys(), self._questions)

    def _show_pin(self) -> None:
        named = [pin for pin in self._pins if pin.name == self._compared]
        pin = next(iter((*named, *self._pins[-1:])), None)
        begins = (pin is None) is not (self.quantities.pin is None)
        self._pins_menu.menuAction().setVisible(len(self._pins) > 1)
        self.quantities.show_pin(pin)
        if begins:
            self.forget_sizes()
        self._follow()

    def _follow(self) -> None:
        """Read what is slow when the mouse pauses."""
        self.widen()
        if self.quantities.is_complete:
            self._slow.stop()
        elif not self._slow.isActive() or self._since_slow.elapsed() < _LATEST_MS:
            self._slow.start()

    def _table_of(self, rows: Iterable[QuantityRow]) -> DataTable:
        """Return rows exactly: a row for each number of a quantity."""
        names, here, there, changes = [], [], [], []
        for row in rows:
            at_cursor = plain_numbers(row.quantity, self._questions, row.here)
            at_pin = plain_numbers(row.quantity, self._questions, row.there)
            for name in at_cursor | at_pin:
                names.append(name)
                here.append(at_cursor.get(name, math.nan))
                there.append(at_pin.get(name, math.nan))
                changes.append(difference(row.quantity, row.here, row.there))
        titles, columns = ["quantity", "at the cursor"], [np.array(here)]
        if self.compared_pin is not None:
            titles += [f"at pin {one_line(self.compared_pin.name)}", "difference"]
            columns += [np.array(there), np.array(changes)]
        comments = (f"target: {one_line(self._target_name)}",) if self._target_name else ()
        return DataTable("quantities of p(y given x)", tuple(titles), (tuple(names), *columns), comments)


def _family(key: str) -> str:
    """Return what is remembered of a key: the region is one row whatever its mass."""
    return "region" if key.startswith("region_") else key


def _copies(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Copy)
