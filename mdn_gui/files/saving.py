"""How a file is written: whole, or not at all."""

import contextlib
import errno
import io
import os
import re
import secrets
import shutil
import stat
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, TextIO

from mdn_gui.errors import UserError

_SECONDS_KEPT = 86_400.0
"""Time since the last change from which a half-written file is nobody's any more."""
_LONGEST_NAME = 255
"""Bytes of a name that file systems allow."""
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_NOT_ALLOWED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_NO_FOLDER = frozenset({errno.ENOENT, errno.ENOTDIR})


class SaveError(UserError):
    """A file could not be written; what was there before is unchanged."""


def replace_text(path: "str | os.PathLike[str]", write: Callable[[TextIO], object]) -> None:
    """Write a text file (UTF-8, line ends as written), whole or not at all.

    Parameters
    ----------
    path : path
        Where the file belongs.
    write : callable
        Writes the content to the text stream it is given.

    Raises
    ------
    SaveError
        When the file cannot be written; an earlier file of that name is then unchanged.
    """

    def write_bytes(binary: BinaryIO) -> None:
        text = io.TextIOWrapper(binary, encoding="utf-8", errors="replace", newline="")
        write(text)
        text.flush()
        text.detach()

    replace_file(path, write_bytes)


def replace_file(
    path: "str | os.PathLike[str]",
    write: Callable[[BinaryIO], object],
    *,
    check: Callable[[Path], None] | None = None,
    keep_previous: bool = False,
) -> None:
    """Write a file beside its place, then put it there in one step.

    Whatever happens, the place holds the old file or the new one, complete. A symbolic link is followed. Beside it
    stands ``.NAME.HEX.part`` as long as it is written; what was killed more than a day ago is removed first.

    Parameters
    ----------
    path : path
        Where the file belongs.
    write : callable
        Writes the content to the binary stream it is given.
    check : callable, optional
        Reads the finished file at the path it is given, before that takes its place; raises to refuse it.
    keep_previous : bool
        Leave the old file as ``NAME.bak``.

    Raises
    ------
    SaveError
        When the file system refuses.
    """
    temporary: Path | None = None
    try:
        target = checked_destination(path)
        _remove_leftovers(target)
        temporary = _beside(target)
        with temporary.open("xb") as stream:
            write(stream)
            stream.flush()
            os.fsync(stream.fileno())
        if check is not None:
            check(temporary)
        if target.exists():
            shutil.copymode(target, temporary)
            if keep_previous:
                _keep(target)
        temporary.replace(target)
        _sync_folder(target.parent)
    except OSError as error:
        raise _refusal(Path(path), error) from error
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)


def checked_destination(path: "str | os.PathLike[str]") -> Path:
    """Return the real place of a file to be written, links followed.

    Raises
    ------
    SaveError
        When a folder or a device is there, or there is no folder to hold it.
    """
    try:
        target = Path(os.path.realpath(path))
        if not target.parent.is_dir():
            raise _refusal(target, OSError(errno.ENOENT, ""))
        if target.exists() and not stat.S_ISREG(target.stat().st_mode):
            kind = "a folder" if target.is_dir() else "not a regular file"
            raise SaveError(f"{path} is {kind}.", "Give the name of a file.")
    except OSError as error:
        raise _refusal(Path(path), error) from error
    except ValueError:
        raise SaveError(f"{os.fspath(path)!r} cannot be the name of a file.", "Give another name.") from None
    return target


def _beside(target: Path) -> Path:
    """Return a name for a file that is written for ``target``, or, where that is too long, a short one."""
    named = f".{target.name}.{secrets.token_hex(8)}.part"
    return target.with_name(named if len(os.fsencode(named)) <= _LONGEST_NAME else f".{secrets.token_hex(8)}.part")


def _remove_leftovers(target: Path) -> None:
    """Remove what a process that was killed has left of this file; a younger one may still be written by another."""
    leftover = re.compile(rf"\.{re.escape(target.name)}\.[0-9a-f]{{16}}\.part")
    oldest = time.time() - _SECONDS_KEPT
    with contextlib.suppress(OSError), os.scandir(target.parent) as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                if leftover.fullmatch(entry.name) and entry.stat(follow_symlinks=False).st_ctime < oldest:
                    os.unlink(entry.path)


def _keep(target: Path) -> None:
    """Put a second name, or a copy, of the old file at ``NAME.bak``; the old file never leaves its place."""
    temporary = _beside(target)
    try:
        try:
            os.link(target, temporary)
        except OSError:  # a file system without hard links
            shutil.copyfile(target, temporary)
        temporary.replace(target.with_name(f"{target.name}.bak"))
    finally:
        temporary.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a power cut, where the system lets a folder be opened."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _refusal(path: Path, error: OSError) -> SaveError:
    if error.errno in _FULL:
        return SaveError(f"{path} was not saved: the disk is full.", "Free some space, or save in another folder.")
    if error.errno in _NO_FOLDER:
        message = f"{path} was not saved: there is no folder {path.parent}."
        return SaveError(message, "Choose a folder that exists.")
    if error.errno in _NOT_ALLOWED:
        message = f"{path} was not saved: writing in {path.parent} is not allowed."
        return SaveError(message, "Save in another folder, or ask for permission.")
    return SaveError(f"{path} was not saved: {error.strerror or error}.", "Try again, or save in another folder.")
