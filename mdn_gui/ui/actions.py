"""Every action of the window, declared once: menus, toolbar, shortcut sheet come from this table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAction, QKeySequence

from mdn_gui.session.messages import RunState

if TYPE_CHECKING:
    from mdn_gui.ui.commands import Commands


@dataclass(frozen=True)
class Situation:
    """What decides whether an action can be used."""

    state: RunState = RunState.NO_DATA
    has_model: bool = False
    """A network, finished or learning, is shown."""
    is_readable: bool = False
    """p(y given x) can be read: of a network, or of the preview before it."""
    has_pin: bool = False
    has_diverged: bool = False
    """The fit is what a run kept that diverged."""
    saw_these_rows: bool = True
    """The fit learned from the rows that are open."""
    is_reading: bool = False
    """A file is being read."""
    has_file: bool = False
    """The open table came from a file."""
    has_picked: bool = False
    """Rows are picked in the plot or in the table."""
    has_excluded: bool = False
    """Rows were taken out by hand."""
    has_findings: bool = False
    """Some components of the fit are not needed."""
    shows_past: bool = False
    """An epoch of the past is shown, not the newest network."""
    can_undo: bool = False
    can_redo: bool = False


def _always(_: Situation) -> bool:
    return True


def _when_idle(situation: Situation) -> bool:
    return not situation.state.is_running


def _with_data(situation: Situation) -> bool:
    return situation.state is not RunState.NO_DATA


def _when_trainable(situation: Situation) -> bool:
    return situation.state in {RunState.DATA, RunState.FITTED} and not situation.is_reading


def _when_changeable(situation: Situation) -> bool:
    return situation.state in {RunState.DATA, RunState.FITTED}


def _with_file(situation: Situation) -> bool:
    return _when_changeable(situation) and situation.has_file


def _when_reading(situation: Situation) -> bool:
    return situation.is_reading


def _with_picked(situation: Situation) -> bool:
    return _when_changeable(situation) and situation.has_picked


def _with_excluded(situation: Situation) -> bool:
    return _when_changeable(situation) and situation.has_excluded


def _when_stoppable(situation: Situation) -> bool:
    return situation.state in {RunState.PREPARING, RunState.TRAINING, RunState.SWEEPING}


def _when_discardable(situation: Situation) -> bool:
    """Return whether a run of its own is under way: of a sweep there is only its end."""
    return situation.state.is_running and situation.state is not RunState.SWEEPING


def _with_model(situation: Situation) -> bool:
    return situation.has_model


def _when_readable(situation: Situation) -> bool:
    return situation.is_readable


def _with_fit(situation: Situation) -> bool:
    return situation.state is RunState.FITTED


def _when_diverged(situation: Situation) -> bool:
    return situation.state is RunState.FITTED and situation.has_diverged


def _when_continuable(situation: Situation) -> bool:
    return _with_fit(situation) and situation.saw_these_rows


def _when_prunable(situation: Situation) -> bool:
    return _when_continuable(situation) and situation.has_findings


def _when_past(situation: Situation) -> bool:
    return situation.shows_past


def _with_picked_data(situation: Situation) -> bool:
    return _with_data(situation) and situation.has_picked


def _when_undoable(situation: Situation) -> bool:
    return situation.can_undo and _when_idle(situation)


def _when_redoable(situation: Situation) -> bool:
    return situation.can_redo and _when_idle(situation)


def _with_pin(situation: Situation) -> bool:
    return situation.has_pin


@dataclass(frozen=True)
class ActionSpec:
    """One action.

    Parameters
    ----------
    id : str
        Stable name.
    text : str
        In English; translated when the action is made.
    handler : str
        Name of the method of ``Commands`` that carries it out, such as "train", or of one of its parts, such as
        "documents.save".
    menu : str
        Id of its menu: file, edit, data, model, view, help.
    enabled_when : callable
        Function of the Situation.
    shortcut : str
        One or several key sequences, separated by "; "; may be empty.
    icon : str
        Name of a picture; may be empty.
    """

    id: str
    text: str
    handler: str
    menu: str
    enabled_when: Callable[[Situation], bool] = _always
    shortcut: str = ""
    icon: str = ""


def _spec(
    action_id: str, text: str, menu: str, enabled_when: Callable[[Situation], bool], *keys: str, part: str = ""
) -> ActionSpec:
    shortcut, icon = (*keys, "", "")[:2]
    return ActionSpec(action_id, text, f"{part}.{action_id}".lstrip("."), menu, enabled_when, shortcut, icon)


def _marked(text: str) -> str:
    """Mark a text for translation in the context Actions."""
    return text


ACTIONS: tuple[ActionSpec, ...] = (
    _spec("open_file", _marked("Open…"), "file", _when_idle, "Ctrl+O", "open"),
    _spec("cancel_reading", _marked("Cancel reading"), "file", _when_reading, "Ctrl+.", "discard"),
    _spec("save", _marked("Save"), "file", _with_data, "Ctrl+S", "save", part="documents"),
    _spec("save_as", _marked("Save as…"), "file", _with_data, "Ctrl+Shift+S", part="documents"),
    _spec("export_table", _marked("Parameter table…"), "file", _with_model, "Ctrl+E", "table", part="exports"),
    _spec("export_predictions", _marked("Predictions for a table…"), "file", _with_model, part="exports"),
    _spec(
        "export_picture", _marked("Picture of the fit…"), "file", _with_data, "Ctrl+Shift+E", "picture", part="exports"
    ),
    _spec("export_report", _marked("Report…"), "file", _with_fit, part="exports"),
    _spec("export_tfp_script", _marked("Python script, TensorFlow Probability…"), "file", _with_model, part="exports"),
    _spec("export_numpy_script", _marked("Python script, NumPy only…"), "file", _with_model, part="exports"),
    _spec("export_onnx", _marked("ONNX model…"), "file", _with_model, part="exports"),
    _spec("quit", _marked("Quit"), "file", _always, "Ctrl+Q"),
    _spec("undo", _marked("Undo"), "edit", _when_undoable, "Ctrl+Z", "undo"),
    _spec("redo", _marked("Redo"), "edit", _when_redoable, "Ctrl+Shift+Z; Ctrl+Y", "redo"),
    _spec("paste_table", _marked("Paste table"), "edit", _when_idle, "Ctrl+V"),
    _spec("copy_script", _marked("Copy as Python"), "edit", _with_model, "Ctrl+Alt+C", part="exports"),
    _spec("copy_reading", _marked("Copy read-out"), "edit", _when_readable, "C; Ctrl+C", "copy"),
    _spec("pin_cursor", _marked("Pin this x"), "edit", _when_readable, "P", "pin"),
    _spec("remove_pin", _marked("Remove newest pin"), "edit", _with_pin, "Shift+P"),
    _spec("remove_pins", _marked("Remove all pins"), "edit", _with_pin),
    _spec("type_x", _marked("Type an x"), "edit", _when_readable, "G"),
    _spec("ask_interval", _marked("Probability of an interval"), "edit", _when_readable, "I"),
    _spec("show_preferences", _marked("Preferences…"), "edit", _always, "Ctrl+,"),
    _spec("read_differently", _marked("Read differently…"), "data", _with_file, "Ctrl+Shift+O"),
    _spec("reload_file", _marked("Reload file"), "data", _with_file, "Ctrl+R"),
    _spec("choose_test_set", _marked("Test set…"), "data", _when_changeable),
    _spec("take_picked_row", _marked("Take the values of the picked row"), "data", _with_picked_data, "R"),
    _spec("hold_at_middle", _marked("Hold the other inputs at their middle"), "data", _with_data, "M"),
    _spec("exclude_picked", _marked("Exclude picked rows"), "data", _with_picked, "Del"),
    _spec("restore_rows", _marked("Restore excluded rows"), "data", _with_excluded, "Shift+Del"),
    _spec("list_left_out", _marked("List rows left out"), "data", _with_data),
    _spec("train", _marked("Train"), "model", _when_trainable, "F5", "play"),
    _spec("continue_training", _marked("Continue training"), "model", _when_continuable, "F6"),
    _spec("new_seed", _marked("New seed"), "model", _when_trainable, "F7"),
    _spec("retry_slower", _marked("Retry at 0.3 × the learning rate"), "model", _when_diverged),
    _spec("begin_sweep", _marked("Sweep over K and seeds…"), "model", _when_trainable, "F8"),
    _spec("stop_early", _marked("Stop early"), "model", _when_stoppable, "Shift+F5", "stop"),
    _spec("discard_run", _marked("Discard run"), "model", _when_discardable, "Ctrl+F5", "discard"),
    _spec("remove_components", _marked("Remove unneeded components and continue"), "model", _when_prunable),
    _spec("show_fit", _marked("Back to the fit"), "model", _when_past),
    _spec("reset_weights", _marked("Reset weights"), "model", _with_fit),
    _spec("type_axis", _marked("Choose the input on the axis"), "view", _with_data, "X"),
    _spec("show_pins", _marked("Compare pins"), "view", _with_data, "Ctrl+P"),
    _spec("show_runs", _marked("Runs"), "view", _with_data, "Ctrl+L"),
    _spec("view_all", _marked("Show all data"), "view", _with_data, "Ctrl+0"),
    _spec("reset_layout", _marked("Reset layout"), "view", _always),
    _spec("show_shortcuts", _marked("Keyboard shortcuts"), "help", _always, "?"),
    _spec("show_about", _marked("About mdn-gui"), "help", _always),
)


def make_actions(commands: "Commands", parent: QObject) -> dict[str, QAction]:
    """Return a live QAction for each row of the table, keyed by id."""
    made = {}
    for spec in ACTIONS:
        action = QAction(QCoreApplication.translate("Actions", spec.text), parent)
        action.setObjectName(spec.id)
        if spec.shortcut:
            action.setShortcuts(QKeySequence.listFromString(spec.shortcut))
        action.triggered.connect(partial(_run, attrgetter(spec.handler)(commands)))
        made[spec.id] = action
    return made


def enable_actions(actions: Mapping[str, QAction], situation: Situation) -> None:
    """Enable what the situation allows."""
    for spec in ACTIONS:
        actions[spec.id].setEnabled(spec.enabled_when(situation))


def _run(handler: Callable[[], None], *_: object) -> None:
    handler()
