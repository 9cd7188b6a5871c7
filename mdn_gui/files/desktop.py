"""The entry by which a Linux desktop opens project files: written for this user, taken away again."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from mdn_gui.core.resources import resource
from mdn_gui.errors import UserError

_ENTRY = "applications/mdn-gui.desktop"
_KIND = "mime/packages/mdn-gui.xml"
_ICON = "icons/hicolor/scalable/apps/mdn-gui.svg"
_INDEXES = (("update-mime-database", "mime"), ("update-desktop-database", "applications"))
"""What a desktop looks things up in is made anew by these programs, each given a folder."""
_SECONDS = 60.0
_TO_QUOTE = '\\"`$'


def data_folder(environment: Mapping[str, str]) -> Path:
    """Return the user's folder of application data, as the XDG base directory specification has it."""
    named = environment.get("XDG_DATA_HOME", "")
    return Path(named) if os.path.isabs(named) else Path.home() / ".local" / "share"


def launch_command() -> tuple[str, ...]:
    """Return what starts the window of this installation: its program, else Python with its module."""
    program = Path(sys.executable).with_name("mdn-gui")
    return (str(program),) if os.access(program, os.X_OK) else (sys.executable, "-m", "mdn_gui")


def register(folder: Path, command: Sequence[str]) -> tuple[Path, ...]:
    """Have the desktop of this user open ``.mdn`` files with a command; return the files written.

    Parameters
    ----------
    folder : Path
        See :func:`data_folder`.
    command : sequence of str
        See :func:`launch_command`.

    Raises
    ------
    UserError
        When a file cannot be written.

    Notes
    -----
    Desktop Entry Specification 1.5; Shared MIME-info Database 0.21.
    """
    entry = resource("desktop", "mdn-gui.desktop").read_text(encoding="utf-8")
    starting = f"Exec={' '.join(map(_quoted, command))} %f"
    lines = [starting if line.startswith("Exec=") else line for line in entry.splitlines()]
    contents = {
        _ENTRY: "\n".join([*lines, ""]),
        _KIND: resource("desktop", "mdn-gui.xml").read_text(encoding="utf-8"),
        _ICON: resource("icons", "mdn-gui.svg").read_text(encoding="utf-8"),
    }
    for name, content in contents.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        except OSError as error:
            message = f"{path} cannot be written: {error.strerror}."
            raise UserError(message, "Set XDG_DATA_HOME to a folder that may be written to.") from error
    _make_indexes(folder)
    return tuple(folder / name for name in contents)


def unregister(folder: Path) -> tuple[Path, ...]:
    """Take away what :func:`register` wrote; return the files that were there.

    Raises
    ------
    UserError
        When a file cannot be removed.
    """
    gone = tuple(path for path in (folder / name for name in (_ENTRY, _KIND, _ICON)) if path.is_file())
    for path in gone:
        try:
            path.unlink()
        except OSError as error:
            raise UserError(f"{path} cannot be removed: {error.strerror}.", "Remove it by hand.") from error
    if gone:
        _make_indexes(folder)
    return gone


def _make_indexes(folder: Path) -> None:
    """Have the indexes made anew by what this system has for it; without, the desktop does so at the next login."""
    for name, part in _INDEXES:
        program, place = shutil.which(name), folder / part
        if program is not None and place.is_dir():
            try:
                subprocess.run([program, str(place)], check=False, capture_output=True, timeout=_SECONDS)
            except (OSError, subprocess.TimeoutExpired):
                continue


def _quoted(argument: str) -> str:
    """Return an argument as an Exec key wants it: in quotes, special characters escaped, then those of any value."""
    inside = "".join(f"\\{char}" if char in _TO_QUOTE else char for char in argument).replace("%", "%%")
    return '"' + inside.replace("\\", "\\\\") + '"'
