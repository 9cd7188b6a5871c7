"""What a person is told where a file cannot be opened."""

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mdn_gui.errors import DataError


@contextmanager
def opening(path: Path) -> Iterator[None]:
    """Open a file within this context.

    Raises
    ------
    DataError
        When it is no regular file, is not there, may not or cannot be read.
    """
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise DataError(f"{path} is a folder.", "Choose a file in it.")
        if not stat.S_ISREG(mode):
            raise DataError(f"{path} is not a regular file.", "Save its content as a file first.")
        yield
    except FileNotFoundError:
        raise DataError(f"There is no file {path}.", "Check the name and the folder.") from None
    except PermissionError:
        raise DataError(f"{path} may not be read.", "Ask its owner for permission, or copy it.") from None
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read: {error}.", "Check the name and the disk.") from error
