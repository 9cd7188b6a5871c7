"""What was chosen for files of the same shape, between starts."""

import json
from dataclasses import fields, replace
from typing import Any

from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.selection import HoldOut
from mdn_gui.errors import ConfigError
from mdn_gui.files.options import Preview, ReadOptions
from mdn_gui.session.importing import ImportChoice, ImportHabit
from mdn_gui.session.preferences import Preferences

MOST_SHAPES = 50
_KEY = "imports"
_KEPT = tuple(field.name for field in fields(ReadOptions) if field.name not in {"columns", "kinds", "sample", "seed"})


class RememberedImports:
    """The habits of the last 50 shapes; what cannot be read counts as not remembered.

    Parameters
    ----------
    preferences : Preferences
        Where they are kept.
    """

    def __init__(self, preferences: Preferences) -> None:
        self._preferences = preferences

    def habit_for(self, shape: str) -> ImportHabit | None:
        """Return what was chosen last for this shape."""
        entry = self._preferences.entries_of(_KEY).get(shape)
        try:
            return None if entry is None else _habit(entry)
        except (TypeError, ValueError, KeyError, AttributeError, ConfigError):
            return None

    def keep(self, shape: str, guess: Preview, choice: ImportChoice) -> None:
        """Remember a choice.

        Parameters
        ----------
        shape : str
            See :func:`mdn_gui.session.importing.shape_of`.
        guess : Preview
            The preview with every option guessed: only what differs from it is kept.
        choice : ImportChoice
            What the person opened.
        """
        entries = self._preferences.entries_of(_KEY)
        entries.pop(shape, None)
        entries[shape] = _entry(guess.options, choice)
        newest = dict(list(entries.items())[-MOST_SHAPES:])
        self._preferences.remember(_KEY, json.dumps(newest))


def _entry(guessed: ReadOptions, choice: ImportChoice) -> dict[str, Any]:
    chosen = {name: getattr(choice.options, name) for name in _KEPT}
    kinds = choice.options.kinds.items()
    return {
        "options": {name: value for name, value in chosen.items() if value not in {None, getattr(guessed, name)}},
        "columns": None if choice.options.columns == guessed.columns else choice.options.columns,
        "kinds": {name: kind.name for name, kind in kinds if guessed.kinds.get(name) is not kind},
        "inputs": choice.inputs,
        "target": choice.target,
        "hold_out": vars(choice.hold_out),
    }


def _habit(entry: dict[str, Any]) -> ImportHabit:
    options = {name: value for name, value in entry["options"].items() if name in _KEPT}
    for name, value in options.items():
        if not isinstance(value, bool if name in {"has_header", "day_first"} else str):
            raise TypeError(name)
    kinds = {str(name): ColumnKind[kind] for name, kind in entry["kinds"].items()}
    columns = None if entry["columns"] is None else tuple(map(str, entry["columns"]))
    hold_out = HoldOut(
        float(entry["hold_out"]["fraction"]),
        int(entry["hold_out"]["seed"]),
        str(entry["hold_out"]["column"]),
        str(entry["hold_out"]["level"]),
    )
    read = replace(ReadOptions(**options), kinds=kinds, columns=columns)
    return ImportHabit(read, tuple(map(str, entry["inputs"])), str(entry["target"]), hold_out)
