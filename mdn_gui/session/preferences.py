"""What is remembered between starts: what a person prefers, window geometry, recent files."""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QByteArray, QSettings

from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.errors import ConfigError

ConfigT = TypeVar("ConfigT", ModelConfig, TrainingConfig)
Value = str | int
"""What is preferred: a choice, a number, or True or False."""

_RECENT_LIMIT = 8
_MOST_BYTES = 16_000_000
"""A larger settings file is none of ours."""


@dataclass(frozen=True)
class Preference:
    """Something that a person may choose once for all documents; its kind follows from its default.

    Parameters
    ----------
    key : str
        By which it is remembered.
    text, tip : str
        Name shown beside the value, one sentence about it; not yet translated.
    default : str, int or bool
        What it is until a person chooses: one of the choices, a number, on or off.
    choices : tuple of (str, str)
        Value with its name, not yet translated; empty for a number, a switch.
    minimum, maximum : int
        Inclusive range of a number.
    unit : str
        Shown behind a number.
    """

    key: str
    text: str
    tip: str
    default: Value
    choices: tuple[tuple[str, str], ...] = ()
    minimum: int = 0
    maximum: int = 0
    unit: str = ""

    def taken(self, value: object) -> Value:
        """Return what a remembered value states; the default where it is of a wrong kind or out of range."""
        if isinstance(self.default, bool):
            return {"true": True, "false": False}.get(str(value).lower(), self.default)
        if isinstance(self.default, int):
            number = int(str(value)) if str(value).isascii() and str(value).isdigit() and len(str(value)) < 10 else -1
            return number if self.minimum <= number <= self.maximum else self.default
        return value if isinstance(value, str) and self._is_choice(value) else self.default

    def _is_choice(self, value: str) -> bool:
        return self.key == LANGUAGE or value in dict(self.choices)  # which languages there are is known at the start


def _marked(text: str) -> str:
    """Mark a text for translation in the context Preferences."""
    return text


THEME, LANGUAGE, RECOVERY_INTERVAL, KEEP_ROWS = "theme", "language", "recovery_interval", "keep_rows"
PREFERENCES = (
    Preference(
        THEME,
        _marked("Theme"),
        _marked("Colours of the window"),
        "system",
        (("system", _marked("As the system")), ("light", _marked("Light")), ("dark", _marked("Dark"))),
    ),
    Preference(
        LANGUAGE,
        _marked("Language"),
        _marked("Language of the texts, decimal mark of the numbers; from the next start on"),
        "system",
        (("system", _marked("As the system")), ("en", "English")),
    ),
    Preference(
        RECOVERY_INTERVAL,
        _marked("Keep a copy every"),
        _marked("How often unsaved work is put where it is found again after a crash"),
        20,
        minimum=5,
        maximum=30,
        unit=_marked("s"),
    ),
    Preference(
        KEEP_ROWS,
        _marked("Keep the rows in project files"),
        _marked("The file is larger, yet opens where the table is not at hand"),
        default=True,
    ),
)
"""In the order of the dialog."""
_BY_KEY = {each.key: each for each in PREFERENCES}
_DEFAULT_SETTINGS = "default_settings"


class Preferences:
    """A tolerant settings file: what cannot be read counts as unset, and never stops a start.

    Parameters
    ----------
    path : Path or None
        The file; None for the platform's usual place.
    """

    def __init__(self, path: Path | None = None) -> None:
        if path is None:
            path = Path(
                QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "mdn-gui", "mdn-gui").fileName()
            )
        self.set_aside = _set_aside(path)
        """Where the settings were put that could not be read; None where they could, or are still in their place."""
        self._settings = QSettings(str(path), QSettings.Format.IniFormat)

    # -- what a person prefers ----------------------------------------------------------------------------------------

    def value_of(self, key: str) -> Value:
        """Return what is preferred, of the kind of its default.

        Parameters
        ----------
        key : str
            One of PREFERENCES.
        """
        return _BY_KEY[key].taken(self._value(key))

    def prefer(self, key: str, value: Value) -> None:
        """Keep what is preferred; see :meth:`value_of`."""
        self.remember(key, str(value).lower() if isinstance(value, bool) else str(value))

    @property
    def recovery_seconds(self) -> int:
        """Seconds between two copies for the recovery after a crash."""
        return int(self.value_of(RECOVERY_INTERVAL))

    @property
    def keeps_rows(self) -> bool:
        """Whether a project file holds the rows."""
        return bool(self.value_of(KEEP_ROWS))

    @property
    def default_settings(self) -> tuple[ModelConfig, TrainingConfig]:
        """The settings that a new document begins with; a value that cannot be read is that of the factory."""
        kept = self.entries_of(_DEFAULT_SETTINGS)
        return _with(ModelConfig(), _entries(kept, "model")), _with(TrainingConfig(), _entries(kept, "training"))

    def keep_default_settings(self, configs: tuple[ModelConfig, TrainingConfig] | None) -> None:
        """Let new documents begin with these settings; with those of the factory for None."""
        if configs is None:
            self._settings.remove(_DEFAULT_SETTINGS)
        else:
            self.remember(_DEFAULT_SETTINGS, json.dumps({"model": asdict(configs[0]), "training": asdict(configs[1])}))

    # -- what is remembered -------------------------------------------------------------------------------------------

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


def _set_aside(path: Path) -> Path | None:
    """Rename a settings file that is damaged or cannot be read; return its new place, None where that is not done."""
    try:
        if not path.is_file() or (path.stat().st_size <= _MOST_BYTES and not _is_damaged(path.read_bytes())):
            return None
    except ValueError:
        return None
    except OSError:
        pass  # it cannot be read: its folder may still allow to rename it
    aside = path.with_name(f"{path.name}.unreadable-{datetime.now():%Y-%m-%d-%H%M%S}")
    with suppress(OSError):
        os.replace(path, aside)
        return aside
    return None


def _is_damaged(data: bytes) -> bool:
    """Return whether there is a line that is neither a section, nor a key with its value, nor a remark."""
    try:
        lines = data.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        return True
    return any("\0" in line or not _is_line(line.strip()) for line in lines)


def _is_line(line: str) -> bool:
    return not line or line.startswith(";") or (line.startswith("[") and line.endswith("]")) or "=" in line


def _entries(kept: Mapping[str, Any], name: str) -> dict[str, Any]:
    entries = kept.get(name)
    return entries if isinstance(entries, dict) else {}


def _with(config: ConfigT, entries: Mapping[str, Any]) -> ConfigT:
    """Return settings with those that entries state; each that cannot be taken is passed over."""
    for each in fields(config):
        with suppress(ConfigError, TypeError, ValueError):
            config = replace(config, **{each.name: entries.get(each.name, getattr(config, each.name))})
    return config
