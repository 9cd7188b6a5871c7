"""The one door through which every table comes in."""

from pathlib import Path
from typing import TYPE_CHECKING

from mdn_gui.core.table import Table
from mdn_gui.files.formats import Form, preview_here, recognised
from mdn_gui.files.isolation import preview_apart, read_apart
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
