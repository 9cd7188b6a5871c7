"""Reading a table off the GUI thread, as the person chose."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from mdn_gui.core.selection import Selection
from mdn_gui.core.table import Table
from mdn_gui.files.options import ReadOptions, Watch
from mdn_gui.session.background import NewestJob
from mdn_gui.session.importing import ImportChoice

Read = Callable[[Path, ReadOptions, Watch], Table]
"""The signature of ``files.reading.read_file``."""


@dataclass(frozen=True, eq=False)
class OpenedTable:
    """A table that was read, with what was taken from it.

    Parameters
    ----------
    choice : ImportChoice
        What was asked for; the roles are filled in where the choice left them open.
    table : Table
        Every row.
    selection : Selection
        The rows to learn from, those for the test, those left out.
    test_table : Table or None
        The second file.
    """

    choice: ImportChoice
    table: Table
    selection: Selection
    test_table: Table | None = None


class TableLoader(QObject):
    """Reads one table at a time; a newer request cancels an older one and makes its answer void.

    Parameters
    ----------
    read : callable
        ``read(path, options, watch)`` returns a Table or raises; called in a thread of the pool.
    parent : QObject, optional
        Owner.
    """

    loaded = Signal(object)
    """OpenedTable."""
    failed = Signal(object)
    """Exception."""
    progressed = Signal(float)
    """How much is read, 0 to 1, at most ten times a second."""

    def __init__(self, read: Read, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.read = read
        self._job = NewestJob(self)
        self._job.finished.connect(self.loaded)
        self._job.failed.connect(self.failed)
        self._job.progressed.connect(self.progressed)

    def load(self, choice: ImportChoice) -> None:
        """Begin to read what was chosen."""
        self._job.start(partial(opened_table, self.read, choice))

    def cancel(self) -> None:
        """Make the answer of a pending request void; the reading ends as soon as it looks."""
        self._job.drop()

    def shut_down(self) -> None:
        """Cancel, wait for the reading that is under way."""
        self._job.shut_down()


def opened_table(read: Read, choice: ImportChoice, watch: Watch) -> OpenedTable:
    """Read what was chosen; take from it the rows to learn from.

    Parameters
    ----------
    read : callable
        As that of :class:`TableLoader`.
    choice : ImportChoice
        What to read; empty roles become the proposed ones.
    watch : Watch
        Follows the reading.

    Raises
    ------
    DataError
        When a file cannot be read, or the chosen columns hold nothing to learn from.
    """
    files = 1 if choice.test_path is None else 2
    table = read(choice.path, choice.options, _Part(watch, 0, files))
    if choice.title:
        table = replace(table, title=choice.title)
    if not (choice.inputs and choice.target):
        inputs, target = table.proposed_roles()
        choice = replace(choice, inputs=inputs, target=target)
    test_table = None
    if choice.test_path is not None:
        kinds = {name: table.column(name).kind for name in (*choice.inputs, choice.target)}
        options = replace(choice.options, kinds={**choice.options.kinds, **kinds})  # a few rows could look otherwise
        test_table = read(choice.test_path, options, _Part(watch, 1, files))
    selection = table.select(choice.inputs, choice.target, hold_out=choice.hold_out, test_table=test_table)
    make_ready(table, selection)
    return OpenedTable(choice, table, selection, test_table)


def make_ready(table: Table, selection: Selection) -> None:
    """Work out here what the window asks for at once: with millions of rows it would stand still meanwhile."""
    dataset = selection.dataset
    dataset.sorted_column(0)
    _ = (table.input_names, table.numeric_names)
    _ = (dataset.middle, dataset.column_ranges, dataset.digest, dataset.target_range, dataset.target_sd)


@dataclass(frozen=True)
class _Part:
    """A watch of one of several files."""

    watch: Watch
    place: int
    files: int

    def report(self, fraction: float) -> None:
        """Tell how much of all files is done, 0 to 1."""
        self.watch.report((self.place + fraction) / self.files)

    def is_cancelled(self) -> bool:
        """Return whether the person has had enough."""
        return self.watch.is_cancelled()
