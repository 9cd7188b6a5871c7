"""What a person changes in data, settings, pins: each change is recorded, so that it can be taken back."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import Field, fields
from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Slot

from mdn_gui.core.config import ModelConfig, TrainingConfig, setting_of
from mdn_gui.core.pin import Pin
from mdn_gui.core.selection import HoldOut, RowArray
from mdn_gui.core.taken import Taken
from mdn_gui.session.data import OpenData
from mdn_gui.session.history import History
from mdn_gui.session.importing import ImportChoice
from mdn_gui.session.instrument import Instrument
from mdn_gui.session.run_list import RunList

Configs = tuple[ModelConfig, TrainingConfig]
_LONGEST_NAME = 40


class Edits(QObject):
    """Changes what is taken from the table; records that, other settings, other pins.

    Parameters
    ----------
    data : OpenData
        What is open.
    instrument : Instrument
        Tells when a person has changed the pins.
    history : History
        Where everything is recorded.
    runs : RunList
        Tells which run is shown, so that it is shown again with the columns that it reads.
    parent : QObject, optional
        Owner.
    """

    def __init__(
        self, data: OpenData, instrument: Instrument, history: History, runs: RunList, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._data, self._instrument, self._history, self._runs = data, instrument, history, runs
        instrument.pins_edited.connect(self._record_pins)

    # -- data ---------------------------------------------------------------------------------------------------------

    def choose_columns(self, inputs: Sequence[str], target: str) -> bool:
        """Give columns their roles; False where that is not possible."""
        text = self.tr("{inputs} → {target}").format(inputs=_cut(", ".join(inputs)), target=_cut(target))
        return self._changing_data(text, partial(self._data.choose_columns, inputs, target))

    def hold_out(self, hold_out: HoldOut) -> bool:
        """Keep other rows for the test; False where that is not possible."""
        return self._changing_data(self.tr("Test set"), partial(self._data.hold_out, hold_out))

    def exclude(self, rows: Sequence[int] | RowArray) -> bool:
        """Take rows of the table out, counted from 0; False where too few would be left."""
        text = self.tr("Exclude {count} rows").format(count=len(rows)) if len(rows) != 1 else self.tr("Exclude a row")
        return self._changing_data(text, partial(self._data.exclude, rows))

    def restore_excluded(self) -> bool:
        """Use every row again that was taken out by hand."""
        return self._changing_data(self.tr("Restore excluded rows"), self._data.restore_excluded)

    def _changing_data(self, text: str, change: Callable[[], bool]) -> bool:
        data = self._data
        taken, choice, shown = data.taken, data.choice, self._runs.shown
        is_changed = change()
        if is_changed and taken is not None and data.taken is not None:
            undo = partial(self._put_back, taken, choice, shown)
            redo = partial(self._put_back, data.taken, data.choice, self._runs.shown)
            self._history.record(text, undo, redo)
        return is_changed

    def _put_back(self, taken: Taken, choice: ImportChoice | None, shown: int) -> None:
        self._runs.preferred = shown
        self._data.put_back(taken, choice)
        self._runs.preferred = 0

    # -- settings -----------------------------------------------------------------------------------------------------

    def record_settings(
        self, before: Configs, after: Configs, put: Callable[[ModelConfig, TrainingConfig], None]
    ) -> None:
        """Record that settings were changed; ``put`` takes others."""
        changed = _changed(fields(ModelConfig), before[0], after[0])
        changed += _changed(fields(TrainingConfig), before[1], after[1])
        if not changed:
            return
        names = [QCoreApplication.translate("Settings", setting_of(field).label) for field, _ in changed]
        text, key = self.tr("Settings: {names}").format(names=_cut(", ".join(names))), ""
        if len(changed) == 1:
            field, value = changed[0]
            text = self.tr("{name}: {value}").format(name=names[0], value=self._value_text(value))
            key = f"setting {field.name}"
        self._history.record(text, partial(put, *before), partial(put, *after), key)

    def _value_text(self, value: Any) -> str:
        if value is None:
            return self.tr("automatic")
        if isinstance(value, bool):
            return self.tr("yes") if value else self.tr("no")
        return _cut(", ".join(map(str, value)) if isinstance(value, tuple) else str(value))

    # -- pins ---------------------------------------------------------------------------------------------------------

    @Slot(object, object)
    def _record_pins(self, before: tuple[Pin, ...], after: tuple[Pin, ...]) -> None:
        names, names_after = [pin.name for pin in before], [pin.name for pin in after]
        gone = [name for name in names if name not in names_after]
        new = [name for name in names_after if name not in names]
        key = ""
        if gone and new:
            text = self.tr("Rename pin {name}").format(name=_cut(new[0]))
        elif new:
            text = self.tr("Pin {name}").format(name=_cut(new[0]))
        elif gone:
            text = self.tr("Remove {count} pins").format(count=len(gone))
            text = text if len(gone) > 1 else self.tr("Remove pin {name}").format(name=_cut(gone[0]))
        else:
            pairs = zip(before, after, strict=True)
            name = next((new.name for old, new in pairs if old.place != new.place), "")
            text, key = self.tr("Move pin {name}").format(name=_cut(name)), f"pin {name}"
        put = self._instrument.put_pins
        self._history.record(text, partial(put, before), partial(put, after), key)


def _changed(declared: Iterable[Field[Any]], before: object, after: object) -> list[tuple[Field[Any], Any]]:
    """Return the settings that differ, each with its newer value."""
    values = ((field, getattr(before, field.name), getattr(after, field.name)) for field in declared)
    return [(field, new) for field, old, new in values if old != new]


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST_NAME else f"{text[: _LONGEST_NAME - 1]}…"
