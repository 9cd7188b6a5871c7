"""The one door through which every table comes in."""

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mdn_gui.core.table import Table
from mdn_gui.files.formats import Form, preview_here, recognised
from mdn_gui.files.isolation import preview_apart, read_apart, stream_apart
from mdn_gui.files.options import Preview, ReadOptions, Unwatched, Watch

if TYPE_CHECKING:
    from os import PathLike

_AS_GUESSED = ReadOptions()
_UNWATCHED = Unwatched()


def preview_file(path: "str | PathLike[str]", options: ReadOptions = _AS_GUESSED, watch: Watch = _UNWATCHED) -> Preview:
    """Return the first rows of a file, with what was guessed.

    Text is looked at here, where that is bounded work; every other kind in a child process.

    Parameters
    ----------
    path : path
        The file.
    options : ReadOptions
        How it is read; None lets the reader guess.
    watch : Watch
        Asked from another thread whether to go on, but for text.

    Raises
    ------
    DataError
        When the file cannot be read, is of a kind that is not read, or holds no table.
    ReadingCancelledError
        When the watch says so.
    """
    path = Path(path)
    if recognised(path) is Form.TEXT:
        return preview_here(path, options)
    return preview_apart(path, options, watch)


def read_file(path: "str | PathLike[str]", options: ReadOptions = _AS_GUESSED, watch: Watch = _UNWATCHED) -> Table:
    """Return the table in a file, read in a child process.

    Parameters
    ----------
    path : path
        The file.
    options : ReadOptions
        How it is read; None lets the reader guess.
    watch : Watch
        Is told how much is done; asked from another thread whether to go on.

    Raises
    ------
    DataError
        When the file cannot be read, is of a kind that is not read, or holds no table; when reading it takes too much
        memory or time.
    ReadingCancelledError
        When the watch says so.
    """
    path = Path(path)
    recognised(path)
    return read_apart(path, options, watch)


def stream_file(
    path: "str | PathLike[str]", options: ReadOptions = _AS_GUESSED, watch: Watch = _UNWATCHED
) -> Generator[Table, None, None]:
    """Yield the table in a file as tables of some thousand rows each, read in a child process as they are taken.

    Delimited text and Parquet take little memory however long they are; every other kind is read whole in the child.
    The columns of all tables have the same kinds; levels, origins are those of each. A sample is not drawn. Close the
    iterator when it is not exhausted.

    Parameters
    ----------
    path : path
        The file.
    options : ReadOptions
        How it is read; ``columns`` tells of any kind of file which are wanted.
    watch : Watch
        Is told how much is read; asked from another thread whether to go on.

    Raises
    ------
    DataError
        As :func:`read_file`, when rows are taken; when a column is not there.
    ReadingCancelledError
        When the watch says so.
    """
    path = Path(path)
    recognised(path)
    return stream_apart(path, replace(options, sample=None), watch)
