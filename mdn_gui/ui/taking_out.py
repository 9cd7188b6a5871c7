"""The menu that a plot or a table has to take its picture or its numbers out."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import (
    QAbstractItemModel,
    QCoreApplication,
    QEvent,
    QKeyCombination,
    QModelIndex,
    QObject,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QTableView, QTreeView, QWidget

from mdn_gui.errors import UserError
from mdn_gui.files.tables import Column, DataTable, save_table, tsv_text
from mdn_gui.session.background import NewestJob
from mdn_gui.session.messages import Notice, Severity
from mdn_gui.session.reporting import notice_of
from mdn_gui.ui.dialogs import Dialogs
from mdn_gui.ui.numbers import counted, grouped
from mdn_gui.ui.pictures import picture_of, save_figure
from mdn_gui.ui.plot_base import Plot

MOST_COPIED = 100_000
"""Rows; more of them are for a file."""
_SCALE_OF_COPIES = 2.0
_MENU_KEY = QKeyCombination(Qt.KeyboardModifier.ShiftModifier, Qt.Key.Key_F10)

TableSource = Callable[[], DataTable | None]
"""Returns what a widget shows as numbers of full precision; None while it shows nothing."""


@dataclass(frozen=True, eq=False)
class _Offer:
    """What can be taken out of one widget."""

    widget: QWidget
    name: str
    table: TableSource | None
    copies: bool

    @property
    def takes_copy_key(self) -> bool:
        """Whether Ctrl+C copies the numbers: an action of the widget that has the key keeps it."""
        key = QKeySequence(QKeySequence.StandardKey.Copy)
        return self.copies and not any(key in action.shortcuts() for action in self.widget.actions())


class TakingOut(QObject):
    """Offers in the context menu of each plot, each table to copy or save what it shows.

    Parameters
    ----------
    dialogs : Dialogs
        Asks where to write a file.
    file_name : callable
        Makes the proposed name of a file from its end, such as "-loss.csv", or "-loss" for a picture.
    parent : QWidget
        Owner.
    """

    noticed = Signal(object)
    """Notice: something could not be taken out."""
    said = Signal(str)
    """What was taken out, in one line."""

    def __init__(self, dialogs: Dialogs, file_name: Callable[[str], str], parent: QWidget) -> None:
        super().__init__(parent)
        self._dialogs, self._file_name = dialogs, file_name
        self._offers: dict[QObject, _Offer] = {}
        self._saver = NewestJob(self)
        """A table may have a million rows."""
        self._saver.finished.connect(self._tell_saved)
        self._saver.failed.connect(self._tell_failure)

    def offer(self, widget: QWidget, name: str, *, table: TableSource | None = None, copies: bool = True) -> None:
        """Add to the context menu of a widget what can be taken out of it; what the menu holds already stays.

        Parameters
        ----------
        widget : QWidget
            A plot, or anything else that can be seen: its picture is offered too. A table: only its rows are.
        name : str
            What it shows, a word or two, for names of files.
        table : callable, optional
            Its numbers. A plot has them in ``drawn_table``; of a table the selected rows are taken, or else all.
        copies : bool
            Whether to offer to copy the numbers; False where the widget does so itself. Ctrl+C copies them, unless an
            action of the widget has that key.
        """
        if isinstance(widget, Plot):
            table = table or widget.drawn_table
        elif isinstance(widget, QTableView | QTreeView):
            table = table or partial(shown_table, widget, name)
        offer = self._offers[widget] = _Offer(widget, name, table, copies and table is not None)
        widget.installEventFilter(self)
        actions = []
        if not isinstance(widget, QTableView | QTreeView):
            actions += [
                self._action(self.tr("Copy picture"), partial(self._copy_picture, offer), widget),
                self._action(self.tr("Save picture…"), partial(self._save_picture, offer), widget),
            ]
        if offer.copies:
            actions.append(self._action(self.tr("Copy data"), partial(self._copy_data, offer), widget))
        if table is not None:
            actions.append(self._action(self.tr("Save data…"), partial(self._save_data, offer), widget))
        if widget.actions():
            separator = QAction(widget)
            separator.setSeparator(True)
            widget.addAction(separator)
        widget.addActions(actions)
        widget.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def copy_data(self, widget: QWidget) -> None:
        """Copy the numbers of a widget that was offered, for a button beside it."""
        self._copy_data(self._offers[widget])

    def save_data(self, widget: QWidget) -> None:
        """Ask where; save the numbers of a widget that was offered, for a button beside it."""
        self._save_data(self._offers[widget])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Copy numbers on Ctrl+C, which would be a key of the window or take a single cell; open the menu on Shift+F10.

        The key of the menu itself is known to Qt.
        """
        offer = self._offers.get(watched)
        if offer is None or not isinstance(event, QKeyEvent) or event.type() == QEvent.Type.KeyRelease:
            return super().eventFilter(watched, event)
        is_press = event.type() == QEvent.Type.KeyPress
        if event.matches(QKeySequence.StandardKey.Copy) and offer.takes_copy_key:
            if is_press:
                self._copy_data(offer)
            event.accept()
            return True
        if is_press and event.keyCombination() == _MENU_KEY:
            place = offer.widget.rect().center()
            request = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, place, offer.widget.mapToGlobal(place))
            QCoreApplication.postEvent(offer.widget, request)
            return True
        return super().eventFilter(watched, event)

    def shut_down(self) -> None:
        """Let what is being written be finished."""
        self._saver.shut_down()

    # -- what is asked for --------------------------------------------------------------------------------------------

    def _copy_picture(self, offer: _Offer) -> None:
        QGuiApplication.clipboard().setPixmap(picture_of(offer.widget, _SCALE_OF_COPIES))
        self.said.emit(self.tr("Picture copied."))

    def _save_picture(self, offer: _Offer) -> None:
        answer = self._dialogs.picture_to_save(self._file_name(f"-{_word(offer.name)}"))
        if answer is None:
            return
        path, scale = answer
        try:
            save_figure(path, offer.widget, scale)
        except UserError as error:
            self._tell_failure(error)
        else:
            self._tell_saved(path)

    def _copy_data(self, offer: _Offer) -> None:
        table = self._table_of(offer)
        if table is None:
            return
        if len(table) > MOST_COPIED:
            message = self.tr("{count} rows are too many to be copied.").format(count=grouped(len(table)))
            self.noticed.emit(Notice(message, self.tr("Save the data as a file instead."), Severity.INFO))
            return
        QGuiApplication.clipboard().setText(tsv_text(table))
        self.said.emit(counted(len(table), self.tr("{count} row copied."), self.tr("{count} rows copied.")))

    def _save_data(self, offer: _Offer) -> None:
        from mdn_gui.ui.exporting.formats import table_filter  # a start need not wait for it

        table = self._table_of(offer)
        if table is None:
            return
        title, suggestion = self.tr("Save the data"), self._file_name(f"-{_word(offer.name)}.csv")
        path = self._dialogs.path_to_save(title, suggestion, table_filter())
        if path is not None:
            self.said.emit(self.tr("Saving {name} …").format(name=path.name))
            self._saver.start(lambda _watch: _saved(path, table))

    def _table_of(self, offer: _Offer) -> DataTable | None:
        """Return the numbers of a widget; None, having said so, where there are none."""
        table = offer.table() if offer.table is not None else None
        if table is None or not len(table):
            self.said.emit(self.tr("There is nothing to take out yet."))
            return None
        return table

    @Slot(object)
    def _tell_saved(self, path: Path) -> None:
        self.said.emit(self.tr("Saved {name}.").format(name=path.name))

    @Slot(object)
    def _tell_failure(self, error: BaseException) -> None:
        self.noticed.emit(notice_of(error))

    def _action(self, text: str, do: Callable[[], None], widget: QWidget) -> QAction:
        action = QAction(text, widget)
        action.triggered.connect(lambda *_: do())
        return action


def shown_table(view: QTableView | QTreeView, title: str) -> DataTable:
    """Return the selected rows of a view, or all, without what is hidden: numbers by ``UserRole``, texts otherwise."""
    model = view.model()
    chosen = {index.row() for index in view.selectionModel().selectedIndexes()}
    rows = [row for row in range(model.rowCount()) if (row in chosen or not chosen) and not _is_hidden(view, row)]
    places = [place for place in range(model.columnCount()) if not view.isColumnHidden(place)]
    names = tuple(str(model.headerData(place, Qt.Orientation.Horizontal) or "") for place in places)
    return DataTable(title, names, tuple(_column(model, rows, place) for place in places))


def _is_hidden(view: QTableView | QTreeView, row: int) -> bool:
    return view.isRowHidden(row, QModelIndex()) if isinstance(view, QTreeView) else view.isRowHidden(row)


def _column(model: QAbstractItemModel, rows: list[int], place: int) -> Column:
    cells = [model.index(row, place) for row in rows]
    values = [cell.data(Qt.ItemDataRole.UserRole) for cell in cells]
    if values and all(isinstance(value, int | float) for value in values):
        return np.array(values, dtype=np.float64)
    return tuple(str(cell.data() or "") for cell in cells)


def _word(name: str) -> str:
    """Return a name as part of the name of a file."""
    return "-".join("".join(char if char.isalnum() else " " for char in name.lower()).split())


def _saved(path: Path, table: DataTable) -> Path:
    save_table(path, table)
    return path
