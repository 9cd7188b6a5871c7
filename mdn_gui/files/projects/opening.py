"""Opening a project file, without running anything in it."""

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from mdn_gui.errors import ProjectFileError
from mdn_gui.files.projects.archive import LARGEST_FILE
from mdn_gui.files.projects.contents import project_in
from mdn_gui.files.projects.project import Project
from mdn_gui.files.projects.refusal import RefusedError

if TYPE_CHECKING:
    from os import PathLike


def open_project(path: "str | PathLike[str]") -> Project:
    """Return the project in a file; saved again it gives the same bytes.

    The memory that is needed is that of the project, of its rows twice; never that of the whole file beside it.

    Parameters
    ----------
    path : path
        A file that ``save_project`` wrote, or a model file of the formats 1.0 to 1.3: that is a project without rows,
        with one run, number 1.

    Raises
    ------
    ProjectFileError
        When the file cannot be read, is damaged, or is of a newer format.
    """
    try:
        with file_at(Path(path)) as stream:
            return project_in(stream)
    except RefusedError as refusal:
        remedy = refusal.remedy or _remedy_of_damage(Path(path))
        raise ProjectFileError(f"{path} cannot be opened: {refusal.reason}.", remedy) from refusal


def _remedy_of_damage(path: Path) -> str:
    backup = path.with_name(f"{path.name}.bak")
    if backup.is_file():
        return f"It is damaged; open the copy before it, {backup.name}."
    return "It is damaged; open an earlier copy of it, from another folder or a backup."


@contextmanager
def file_at(path: Path) -> Iterator[BinaryIO]:
    """Yield a regular file, to be read.

    Raises
    ------
    RefusedError
        When it is none, is too large, or cannot be read.
    """
    try:
        _check_kind(path)
        with path.open("rb") as stream:
            yield stream
    except FileNotFoundError:
        raise RefusedError("there is no such file", "Check the name and the folder.") from None
    except PermissionError:
        raise RefusedError("it may not be read", "Ask its owner for permission, or copy it.") from None
    except MemoryError:
        raise RefusedError("there is not enough memory for it", "Close other programs, then try again.") from None
    except OSError as error:
        raise RefusedError(str(error), "Check the name and the disk.") from error


def _check_kind(path: Path) -> None:
    try:
        status = path.stat()
    except ValueError as error:  # such as a name with a zero byte
        raise RefusedError(str(error), "Check the name.") from error
    if not stat.S_ISREG(status.st_mode):
        kind = "a folder" if stat.S_ISDIR(status.st_mode) else "not a regular file"
        raise RefusedError(f"it is {kind}", "Choose a .mdn file.")
    if status.st_size > LARGEST_FILE:
        raise RefusedError("it is larger than 2 GiB", "Choose a .mdn file.")
