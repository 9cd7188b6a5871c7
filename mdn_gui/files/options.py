"""How a file is read, what its first rows look like: the values between reader, child process, import dialog."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.table import Table

PREVIEW_ROWS = 200
"""Rows that a preview shows."""


@dataclass(frozen=True)
class ReadOptions:
    """Everything that can be said about how a file is read; None lets the reader guess.

    Parameters
    ----------
    encoding : str or None
        Of text: "utf-8", "utf-16", "cp1252" or another name that Python knows.
    delimiter : str or None
        Of text: "," ";" "tab" "|" "blanks", any other single character, or "" for one column.
    decimal : str or None
        Of text: "." or ",".
    thousands : str or None
        Of text: "" for none, "." "," "'" or " " (which also stands for no-break and thin spaces).
    has_header : bool or None
        Whether the first row holds the names.
    day_first : bool or None
        Whether 01/02/2020 is the first of February.
    part : str or None
        Which sheet of a workbook, array of an .npz archive, member of a .zip archive, list of a JSON object.
    columns : tuple of str or None
        Which columns of a Parquet file are read; all by default.
    kinds : mapping of str to ColumnKind
        What the cells of a column mean, where the person decided.
    sample : int or None
        Read so many rows, drawn at random, in their order; all by default.
    seed : int
        Draws them.
    """

    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    has_header: bool | None = None
    day_first: bool | None = None
    part: str | None = None
    columns: tuple[str, ...] | None = None
    kinds: Mapping[str, ColumnKind] = field(default_factory=dict)
    sample: int | None = None
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Preview:
    """The first rows of a file, read as the options say.

    Parameters
    ----------
    path : Path
        The file.
    form : str
        What it is, for people: "delimited text", "Excel workbook", "Parquet file", "NumPy array", "JSON records".
    options : ReadOptions
        The options that were used, with the guesses filled in; those that do not apply to the form stay None.
    parts : tuple of str
        Sheets, arrays or members to choose from; empty where there is no choice.
    all_columns : tuple of str
        Every column of a Parquet file, those not read too; empty for other forms.
    table : Table
        The first rows, at most 200, typed as the whole file would be by them.
    cells : tuple of tuple of str
        The same rows as they stand in the file, row by row.
    doubts : tuple of str
        Guesses that could be wrong, a sentence each, such as that ``1,234`` may be a decimal or a thousand.
    num_rows : int or None
        Rows in the file, where it is known.
    rows_estimate : int
        Rows in the file, as good as is known.
    bytes_needed : int
        Estimate of the memory that the whole table takes while it is read.
    """

    path: Path
    form: str
    options: ReadOptions
    table: Table
    cells: tuple[tuple[str, ...], ...]
    parts: tuple[str, ...] = ()
    all_columns: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    num_rows: int | None = None
    rows_estimate: int = 0
    bytes_needed: int = 0


class Watch(Protocol):
    """What follows a reading from outside."""

    def report(self, fraction: float) -> None:
        """Tell how much is done, 0 to 1."""
        ...

    def is_cancelled(self) -> bool:
        """Return whether the person has had enough."""
        ...


class Unwatched:
    """A watch that sees nothing and never cancels."""

    def report(self, fraction: float) -> None:
        """Tell how much is done, 0 to 1."""

    def is_cancelled(self) -> bool:
        """Return whether the person has had enough."""
        return False


class ReadingCancelledError(Exception):
    """The person cancelled the reading; nothing is to be told."""
