"""A table to take away: named columns of numbers or texts, with where they come from."""

import csv
import io
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TextIO

import numpy as np
from numpy.typing import NDArray

from mdn_gui.core.dataset import FloatArray
from mdn_gui.errors import DataError

if TYPE_CHECKING:
    from os import PathLike

Column = FloatArray | NDArray[np.int64] | tuple[str, ...]
"""Numbers float64 [N], NaN where there is none; whole numbers [N]; or N texts."""
Block = Sequence[Column]
"""Some rows of a table: its columns, of one length."""

_BLOCK = 65_536
"""Rows made into text at once, so that a large table needs little memory beyond its own."""
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_PLAIN_NUMBER = re.compile(r"[-+]\d+(?:\.\d+)?(?:[eE][-+]?\d+)?", re.ASCII)
_FORMULA_IN_COMMENT = re.compile(r"""([,;|][\s"']*)(?=[=+\-@])""")


@dataclass(frozen=True, eq=False)
class DataTable:
    """Columns of one length.

    Parameters
    ----------
    title : str
        What the rows are, such as "quantiles of p(y given x)"; one word or more for a file name.
    names : tuple of str
        C column names, with units where there are several.
    columns : tuple of Column
        C columns of N rows.
    comments : tuple of str
        What the numbers come from, a line each, without the leading mark.

    Raises
    ------
    DataError
        When there is not one name for each column, or the columns differ in length.
    """

    title: str
    names: tuple[str, ...]
    columns: tuple[Column, ...]
    comments: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check that the columns make a table."""
        if len(self.names) != len(self.columns):
            message = f"The table {self.title!r} has {len(self.names)} names for {len(self.columns)} columns."
            raise DataError(message, "Give one name for each column.")
        if len({len(column) for column in self.columns}) > 1:
            message = f"The columns of the table {self.title!r} differ in length."
            raise DataError(message, "Give every column the same rows.")

    def __len__(self) -> int:
        """Return the number of rows N."""
        return len(self.columns[0]) if self.columns else 0


@dataclass(frozen=True)
class Outline:
    """What is known of a table before its rows.

    Parameters
    ----------
    names : tuple of str
        C column names.
    are_texts : tuple of bool
        Which of the columns hold texts.
    comments : tuple of str
        What the numbers come from, a line each.
    num_rows : int or None
        How many rows there will be; None where that is not known yet.
    """

    names: tuple[str, ...]
    are_texts: tuple[bool, ...]
    comments: tuple[str, ...] = ()
    num_rows: int | None = None

    @classmethod
    def of(cls, table: DataTable) -> "Outline":
        """Return the outline of a whole table."""
        are_texts = tuple(isinstance(column, tuple) for column in table.columns)
        return cls(table.names, are_texts, table.comments, len(table))


def write_table(stream: TextIO, table: DataTable, delimiter: str = ",", *, with_comments: bool = True) -> None:
    """Write a table as text: decimal points, single newlines, every number exact when read back.

    A number that is NaN becomes an empty cell, an infinite one "inf" or "-inf"; a text that a spreadsheet would take
    for a formula gets a leading apostrophe.

    Parameters
    ----------
    stream : text stream
        Opened with ``newline=""`` where it is a file.
    table : DataTable
        What to write.
    delimiter : str
        What stands between two cells.
    with_comments : bool
        Begin with the comments, each line marked ``# ``.
    """
    outline = Outline.of(table)
    if not with_comments:
        outline = replace(outline, comments=())
    write_blocks(stream, outline, _blocks(table), delimiter)


def write_blocks(stream: TextIO, outline: Outline, blocks: Iterable[Block], delimiter: str = ",") -> None:
    """Write a table as text whose rows come in blocks, as :func:`write_table` does."""
    stream.writelines(f"# {_comment(line)}\n" for line in outline.comments)
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
    writer.writerow([text_cell(name) for name in outline.names])
    for block in blocks:
        writer.writerows(zip(*map(_cells, block), strict=True))


def save_table(path: "str | PathLike[str]", table: DataTable) -> None:
    """Write a table with its comments to a file, whole or not at all, in the format that its ending tells.

    CSV, TSV (.tsv, .tab), Excel (.xlsx, comments on a second sheet), Parquet (comments in its metadata), JSON
    (``{"comments": [...], "rows": [{...}, ...]}``), JSON lines (.jsonl, without comments); CSV for any other ending.
    Numbers parse back to the same bits; what a format does not have is said by
    :func:`mdn_gui.files.workbook_writer.write_workbook` and the others.

    Raises
    ------
    SaveError
        When the file cannot be written, or its format cannot hold so many rows or columns; an earlier file of that
        name is then unchanged.
    """
    from mdn_gui.files.table_formats import save_blocks  # which builds upon this module

    save_blocks(path, Outline.of(table), _blocks(table))


def tsv_text(table: DataTable) -> str:
    """Return a table with its comments as tab-separated text, for the clipboard."""
    stream = io.StringIO()
    write_table(stream, table, "\t")
    return stream.getvalue()


def text_cell(text: str) -> str:
    """Return a text on one line, in which no spreadsheet finds a formula; a plain number, such as -1.5, is none."""
    is_formula = text.startswith(_FORMULA_STARTS) and not _PLAIN_NUMBER.fullmatch(text)
    return f"'{_one_line(text)}" if is_formula else _one_line(text)


def _blocks(table: DataTable) -> Iterator[Block]:
    for start in range(0, len(table), _BLOCK):
        yield [column[start : start + _BLOCK] for column in table.columns]


def _cells(column: Column) -> Iterator[float | str]:
    """Return what the CSV writer makes cells of: it writes the shortest text that gives the bits of a float back."""
    if isinstance(column, tuple):
        return map(text_cell, column)
    return ("" if math.isnan(value) else value for value in column.tolist())


def _comment(line: str) -> str:
    """Return a line in which a spreadsheet finds no cell that it could take for a formula."""
    return _FORMULA_IN_COMMENT.sub(r"\1'", _one_line(line))


def _one_line(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)
