"""The open table: what is taken from it, how it is read, changed, read again."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from mdn_gui.core.selection import HoldOut, RowArray, Selection
from mdn_gui.core.table import Table
from mdn_gui.core.taken import Taken
from mdn_gui.errors import UserError
from mdn_gui.session.importing import ImportChoice
from mdn_gui.session.loader import OpenedTable, TableLoader


class OpenData(QObject):
    """Keeps the open table with what is taken from it; a change that is not possible leaves everything as it was.

    Parameters
    ----------
    loader : TableLoader
        Reads files off the GUI thread.
    parent : QObject, optional
        Owner.
    """

    began_anew = Signal()
    """Other rows are about to be open, not those of the same file read again nor those of a project."""
    table_changed = Signal(object)
    """Table: a new table is open."""
    selection_changed = Signal(object)
    """Selection: columns have roles, rows their use."""
    file_requested = Signal(object)
    """Path of a file whose reading has begun."""
    file_opened = Signal(object)
    """ImportChoice of a file that was read."""
    reading_ended = Signal()
    """Nothing is being read any more: the file is open, refused, or the reading was cancelled."""
    exclusion_lost = Signal(int)
    """So many rows taken out by hand are used again: the file that was read again holds others."""
    failed = Signal(object)
    """What went wrong; nothing has changed."""

    def __init__(self, loader: TableLoader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.table: Table | None = None
        self.selection: Selection | None = None
        self.taken: Taken | None = None
        self.choice: ImportChoice | None = None
        self.is_reading = False
        self.is_same_source = False
        """Whether the newest selection comes from where the one before came from."""
        self.loader = loader
        loader.loaded.connect(self._open_loaded)
        loader.failed.connect(self._fail)

    def open_file(self, choice: ImportChoice) -> None:
        """Begin to read a file as chosen."""
        self.is_reading = True
        self.file_requested.emit(choice.path)
        self.loader.load(choice)

    def cancel_reading(self) -> None:
        """Stop reading; what was open stays open."""
        if self.is_reading:
            self.loader.cancel()
            self._end_reading()

    def open_table(self, table: Table) -> None:
        """Make a table the open one, with the roles it proposes."""
        self.cancel_reading()
        try:
            taken = Taken(*table.proposed_roles())
            selection = taken.selection(table)
        except UserError as error:
            self.failed.emit(error)
            return
        self.began_anew.emit()
        self._open(table, taken, selection, None)

    def open_taken(self, table: Table, taken: Taken, choice: ImportChoice | None) -> None:
        """Make the table of a project the open one, with what was taken from it.

        Parameters
        ----------
        table : Table
            The rows.
        taken : Taken
            What is taken from them.
        choice : ImportChoice or None
            How they were read from a file, to read that again.

        Raises
        ------
        DataError
            When that is not possible; nothing has changed.
        """
        selection = taken.selection(table)
        self.cancel_reading()
        self.choice = None  # another document: nothing is read again
        self._open(table, taken, selection, choice)

    def put_back(self, taken: Taken, choice: ImportChoice | None) -> None:
        """Take from the open table what was taken before."""
        if self.table is not None:
            self.choice = choice
            self._take(taken, taken.selection(self.table), is_same_source=True)

    def choose_columns(self, inputs: Sequence[str], target: str) -> bool:
        """Give columns their roles; False where that is not possible."""
        return self._retake(inputs=tuple(inputs), target=target)

    def hold_out(self, hold_out: HoldOut) -> bool:
        """Keep other rows for the test; False where that is not possible."""
        return self._retake(hold_out=hold_out, test_table=None)

    def exclude(self, rows: Sequence[int] | RowArray) -> bool:
        """Take rows of the table out, counted from 0; False where too few would be left."""
        if self.taken is None or self.table is None:
            return False
        is_out = np.zeros(self.table.num_rows, dtype=np.bool_)
        for taken_out in (self.taken.excluded, rows):
            is_out[np.asarray(taken_out, dtype=np.int64)] = True
        return self._retake(excluded=np.flatnonzero(is_out))

    def restore_excluded(self) -> bool:
        """Use every row again that was taken out by hand."""
        return self._retake(excluded=np.zeros(0, dtype=np.int64))

    def _retake(self, **changes: Any) -> bool:
        if self.table is None or self.taken is None:
            return False
        taken = replace(self.taken, **changes)
        try:
            selection = taken.selection(self.table)
        except UserError as error:
            self.failed.emit(error)
            return False
        if (choice := self.choice) is not None:  # the file is read again as it is used now
            test = choice.test_path if taken.test_table is not None else None
            roles = replace(choice, inputs=taken.inputs, target=taken.target)
            self.choice = replace(roles, hold_out=taken.hold_out, test_path=test)
        self._take(taken, selection, is_same_source=True)
        return True

    def _open(self, table: Table, taken: Taken, selection: Selection, choice: ImportChoice | None) -> None:
        is_read_again = self._is_read_again(choice)
        self.table, self.choice = table, choice
        self.table_changed.emit(table)
        self._take(taken, selection, is_same_source=is_read_again)

    def _take(self, taken: Taken, selection: Selection, *, is_same_source: bool) -> None:
        self.taken, self.selection, self.is_same_source = taken, selection, is_same_source
        self.selection_changed.emit(selection)

    @Slot(object)
    def _open_loaded(self, opened: OpenedTable) -> None:
        choice = opened.choice
        taken = Taken(choice.inputs, choice.target, hold_out=choice.hold_out, test_table=opened.test_table)
        before = self.taken if self._is_read_again(choice) else None
        same_rows = self.table is not None and self.table.holds_the_same(opened.table)
        self.is_reading = False
        if not self._is_read_again(choice):
            self.began_anew.emit()
        self._open(opened.table, taken, opened.selection, choice)
        self.file_opened.emit(choice)
        self.reading_ended.emit()
        if before is not None and len(before.excluded):
            if same_rows:
                self.exclude(before.excluded)
            else:
                self.exclusion_lost.emit(len(before.excluded))

    def _is_read_again(self, choice: ImportChoice | None) -> bool:
        return choice is not None and self.choice is not None and choice.path == self.choice.path

    @Slot(object)
    def _fail(self, error: Exception) -> None:
        self._end_reading()
        self.failed.emit(error)

    def _end_reading(self) -> None:
        self.is_reading = False
        self.reading_ended.emit()
