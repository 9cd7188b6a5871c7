"""What is remembered between starts: window geometry, recent files, theme."""

import json
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QSettings

_RECENT_LIMIT = 8


class Preferences:
    """A tolerant settings file: what cannot be read counts as unset, and never stops a start.

    Parameters
    ----------
    path : Path or None
        The file; None for the platform's usual place.
    """

    def __init__(self, path: Path | None = None) -> None:
        if path is None:
            self._settings = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "mdn-gui", "mdn-gui")
        else:
            self._settings = QSettings(str(path), QSettings.Format.IniFormat)

    def bytes_of(self, key: str) -> QByteArray:
        """Return remembered bytes, empty when there are none."""
        value = self._value(key)
        return value if isinstance(value, QByteArray) else QByteArray()

    def text_of(self, key: str, default: str = "") -> str:
        """Return a remembered text."""
        value = self._value(key)
        return value if isinstance(value, str) else default

    def entries_of(self, key: str) -> dict[str, Any]:
        """Return remembered JSON entries by their names, none where they cannot be read."""
        try:
            entries = json.loads(self.text_of(key))
        except (ValueError, RecursionError):
            return {}
        return entries if isinstance(entries, dict) else {}

    def remember(self, key: str, value: QByteArray | str | list[str]) -> None:
        """Keep a value for the next start."""
        self._settings.setValue(key, value)

    @property
    def recent_files(self) -> tuple[Path, ...]:
        """Files opened lately that still exist, newest first."""
        value = self._value("recent_files")
        names = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        paths = (Path(name) for name in names if isinstance(name, str) and name)
        return tuple(path for path in paths if _is_file(path))

    def add_recent_file(self, path: Path) -> None:
        """Put a file first among the recent ones."""
        path = path.absolute()
        others = [str(known) for known in self.recent_files if known != path]
        self.remember("recent_files", [str(path), *others][:_RECENT_LIMIT])

    def _value(self, key: str) -> object:
        try:
            return self._settings.value(key)
        except (EOFError, RuntimeError, ValueError, TypeError):
            return None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # such as a folder that may no longer be entered
        return False
