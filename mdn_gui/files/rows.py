"""Rows of a table as text, to take away."""

import csv
from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from mdn_gui.core.columns import Column
from mdn_gui.core.selection import RowArray, Selection
from mdn_gui.core.table import Table
from mdn_gui.core.uses import RowUses
from mdn_gui.files.saving import replace_text
from mdn_gui.files.tables import text_cell

if TYPE_CHECKING:
    from os import PathLike

_BLOCK = 4096
"""Rows made into text at once."""


def write_rows(stream: TextIO, table: Table, uses: RowUses, rows: RowArray, delimiter: str = ",") -> None:
    """Write rows: their number below the header, counted from 1, their use, every cell.

    Numbers are exact when read back; texts that a spreadsheet would take for a formula get a leading apostrophe.

    Parameters
    ----------
    stream : text stream
        Opened with ``newline=""`` where it is a file.
    table : Table
        Whose rows.
    uses : RowUses
        What becomes of each of them.
    rows : int array [M]
        Row numbers, counted from 0, in the order to be written.
    delimiter : str
        What stands between two cells.
    """
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    writer.writerow([text_cell(name) for name in ("row", "use", *(column.name for column in table.columns))])
    for start in range(0, len(rows), _BLOCK):
        writer.writerows(_cells(table, uses, rows[start : start + _BLOCK].tolist()))


def save_rows(path: "str | PathLike[str]", table: Table, selection: Selection, rows: RowArray) -> None:
    """Write rows of a table, as :func:`write_rows` does, to a CSV file (UTF-8), whole or not at all.

    Parameters
    ----------
    path : path
        Where the file belongs.
    table : Table
        Whose rows.
    selection : Selection
        What was taken from it: tells training, test, the reasons why rows are left out.
    rows : int array [M]
        Row numbers, counted from 0.

    Raises
    ------
    SaveError
        When the file cannot be written; an earlier file of that name is then unchanged.
    """
    replace_text(path, lambda text: write_rows(text, table, RowUses.of(selection, table.num_rows), rows))


def _cells(table: Table, uses: RowUses, rows: list[int]) -> Iterator[list[str]]:
    for row in rows:
        cells = (_cell(column, row) for column in table.columns)
        yield [str(row + 1), text_cell(uses.word(row)), *cells]


def _cell(column: Column, row: int) -> str:
    """Return a cell; a negative number begins with a minus sign like a formula, and stays a number."""
    is_text = bool(column.levels) or row in column.oddities
    return text_cell(column.text(row)) if is_text else column.text(row)
