"""What a person chooses when a table is opened: proposed from a preview, remembered for files of the same shape."""

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from mdn_gui.core.columns import MOST_LEVELS, Column
from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.selection import ALL_ROWS_TRAIN, HoldOut, Selection
from mdn_gui.core.table import Table
from mdn_gui.errors import DataError
from mdn_gui.files.cells import NumberFormat
from mdn_gui.files.options import Preview, ReadOptions, Watch
from mdn_gui.session.background import NewestJob

_PREVIEWS_AT_ONCE = 3
"""The newest preview must not wait for one that takes long to notice that it is no longer wanted."""

_DATE = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}(?!\S*\1)")

NO_FILE = Path()
"""Stands for the file of a table that came from none."""

PreviewFile = Callable[[Path, ReadOptions, Watch], Preview]
"""The signature of ``files.reading.preview_file``."""


@dataclass(frozen=True)
class ImportChoice:
    """Everything that decides what is opened; what is left empty is guessed or proposed when the file is read.

    Parameters
    ----------
    path : Path
        The file.
    options : ReadOptions
        How it is read.
    inputs, target : tuple of str, str
        Names of the columns with a role.
    hold_out : HoldOut
        Which rows are kept for the test.
    test_path : Path or None
        A second file with the rows of the test, read with the same options.
    title : str
        Name of the table; that of the file where empty.
    """

    path: Path
    options: ReadOptions = field(default_factory=ReadOptions)
    inputs: tuple[str, ...] = ()
    target: str = ""
    hold_out: HoldOut = ALL_ROWS_TRAIN
    test_path: Path | None = None
    title: str = ""


@dataclass(frozen=True)
class ImportHabit:
    """What the person chose last for files of one shape.

    Parameters
    ----------
    options : ReadOptions
        Only what differed from the guess; the rest is guessed again.
    inputs, target : tuple of str, str
        Names of the columns with a role.
    hold_out : HoldOut
        Which rows were kept for the test.
    """

    options: ReadOptions = field(default_factory=ReadOptions)
    inputs: tuple[str, ...] = ()
    target: str = ""
    hold_out: HoldOut = ALL_ROWS_TRAIN


class Previewer(QObject):
    """Makes previews in a pool thread; the newest request wins.

    Parameters
    ----------
    preview_file : callable
        ``preview_file(path, options, watch)`` returns a Preview or raises; called in a thread of the pool.
    parent : QObject, optional
        Owner.
    """

    previewed = Signal(object)
    """Preview."""
    failed = Signal(object)
    """Exception."""
    busy_changed = Signal(bool)

    def __init__(self, preview_file: PreviewFile, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._preview_file = preview_file
        self._job = NewestJob(self, threads=_PREVIEWS_AT_ONCE)
        self._job.finished.connect(self.previewed)
        self._job.failed.connect(self.failed)
        self._job.busy_changed.connect(self.busy_changed)

    @property
    def is_busy(self) -> bool:
        """True while a preview is being made."""
        return self._job.is_busy

    def preview(self, path: Path, options: ReadOptions) -> None:
        """Begin to read the first rows of the file at ``path``."""
        self._job.start(partial(self._preview_file, path, options))

    def drop(self) -> None:
        """Make the answer that is awaited void."""
        self._job.drop()

    def shut_down(self) -> None:
        """Wait for the previews that are under way."""
        self._job.shut_down()


def proposed_choice(preview: Preview, habit: ImportHabit | None = None, free_bytes: int | None = None) -> ImportChoice:
    """Return what opens when nothing is changed.

    Parameters
    ----------
    preview : Preview
        The first rows.
    habit : ImportHabit, optional
        What the person chose last for a file like this; passed over where its columns are not there.
    free_bytes : int, optional
        Memory that is free; where the table needs more than half of it a sample is proposed.

    Returns
    -------
    ImportChoice
        Without roles where there are not two columns to choose from.
    """
    inputs, target = _proposed_roles(preview.table)
    hold_out = ALL_ROWS_TRAIN
    if habit is not None:
        names = {column.name for column in preview.table.columns}
        if _fit(preview.table, habit.inputs, habit.target):
            inputs, target = habit.inputs, habit.target
        if not habit.hold_out.column or habit.hold_out.column in names - {*inputs, target}:
            hold_out = habit.hold_out
    options = replace(preview.options, sample=proposed_sample(preview, free_bytes))
    return ImportChoice(preview.path, options, inputs, target, hold_out)


def carried_over(choice: ImportChoice, preview: Preview) -> ImportChoice:
    """Return a choice with the options of a newer preview of its file, and its roles where the columns are still there.

    A column that can no longer have its role loses it; where the target or every input is gone, roles are proposed.
    """
    names = {column.name for column in preview.table.columns}
    options = replace(preview.options, sample=choice.options.sample, seed=choice.options.seed)
    hold_out = choice.hold_out if choice.hold_out.column in {"", *names} else ALL_ROWS_TRAIN
    if choice.target in names and not (choice.inputs and names.isdisjoint(choice.inputs)):
        inputs = tuple(name for name in choice.inputs if name in preview.table.input_names)
        target = choice.target if choice.target in preview.table.numeric_names else ""
    else:
        inputs, target = _proposed_roles(preview.table)
    return replace(choice, options=options, inputs=inputs, target=target, hold_out=hold_out)


def proposed_sample(preview: Preview, free_bytes: int | None) -> int | None:
    """Return a number of rows that half of the free memory holds; None where all of them do."""
    if free_bytes is None or preview.bytes_needed <= free_bytes // 2:
        return None
    rows = preview.rows_estimate * (free_bytes // 2) // preview.bytes_needed
    unit: int = 10 ** max(len(str(rows)) - 2, 0)
    return max(rows // unit * unit, 2)


def free_memory() -> int:
    """Return the bytes that a program can still take."""
    import psutil  # a start need not wait for it

    return int(psutil.virtual_memory().available)


@dataclass(frozen=True, eq=False)
class Outlook:
    """What a choice would open, as far as the previewed rows tell.

    Parameters
    ----------
    selection : Selection or None
        What is taken from the previewed rows; None where that is refused.
    refusal : DataError or None
        Why the choice cannot be opened.
    doubt : DataError or None
        What is wrong with the previewed rows but may be right for the whole file.
    """

    selection: Selection | None = None
    refusal: DataError | None = None
    doubt: DataError | None = None


def outlook(preview: Preview, choice: ImportChoice) -> Outlook:
    """Return what a choice would open; the first rows of a longer file can refuse a role, not what the cells hold."""
    table = preview.table
    try:
        if not (table.numeric_names and (choice.inputs or choice.target)):
            table.proposed_roles()  # says it better than that no input or target is chosen
        if choice.inputs and not choice.target:
            raise DataError(f"{table.title}: no target column is chosen.", "Choose the column for y.")
        return Outlook(table.select(choice.inputs, choice.target, hold_out=choice.hold_out))
    except DataError as error:
        is_whole = preview.num_rows is not None and preview.num_rows <= table.num_rows
        has_roles = _fit(table, choice.inputs, choice.target)
        has_roles = has_roles and choice.hold_out.column not in {*choice.inputs, choice.target}
        return Outlook(doubt=error) if has_roles and not is_whole else Outlook(refusal=error)


def possible_kinds(column: Column, cells: Sequence[str], options: ReadOptions) -> frozenset[ColumnKind]:
    """Return what the cells of a column could mean.

    Parameters
    ----------
    column : Column
        As it was read.
    cells : sequence of str [N]
        The same cells as they stand in the file.
    options : ReadOptions
        Those that were used.
    """
    filled = [cell.replace("\0", " ").strip() for cell, empty in zip(cells, column.empty, strict=False) if not empty]
    texts = set(filled)
    kinds = {column.kind, ColumnKind.TEXT}
    numbers = NumberFormat(options.decimal or ".", options.thousands or "")
    if 2 * sum(numbers.value(cell) is not None for cell in filled) >= max(len(filled), 1):
        kinds.add(ColumnKind.NUMBER)
    if 0 < len(texts) <= MOST_LEVELS:
        kinds.add(ColumnKind.CATEGORY)
    if 0 < len(texts) <= 2:
        kinds.add(ColumnKind.BOOLEAN)
    if column.kind.is_date or 2 * sum(_DATE.match(cell) is not None for cell in filled) > len(filled):
        kinds |= {ColumnKind.DAYS, ColumnKind.SECONDS}
    return frozenset(kinds)


def shape_of(preview: Preview) -> str:
    """Return what files have in common that are likely read alike: their form, the names of their columns.

    Parameters
    ----------
    preview : Preview
        Made with every option guessed.
    """
    names = [column.name for column in preview.table.columns]
    return hashlib.sha256(json.dumps([preview.form, names]).encode()).hexdigest()[:32]


def _proposed_roles(table: Table) -> tuple[tuple[str, ...], str]:
    try:
        return table.proposed_roles()
    except DataError:
        return (), ""


def _fit(table: Table, inputs: tuple[str, ...], target: str) -> bool:
    """Return whether columns can have their roles, by their kinds."""
    names = {*inputs, target}
    is_usable = bool(inputs) and len(names) == len(inputs) + 1
    return is_usable and target in table.numeric_names and names <= {*table.input_names, *table.numeric_names}
