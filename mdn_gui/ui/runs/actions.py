"""What a person can do with the runs that are selected."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from mdn_gui.core.training_run import TrainingRun
from mdn_gui.ui.runs.shown import Rows, RunsShown

_READABLE = frozenset({Rows.THESE, Rows.OTHER})


class RunActions(QObject):
    """The actions of the context menu, with what each asks for.

    Parameters
    ----------
    parent : QWidget
        Owner.
    """

    show_requested = Signal(int)
    tick_requested = Signal(int, bool)
    star_requested = Signal(int, bool)
    delete_requested = Signal(object)
    """Tuple of int."""
    settings_requested = Signal(int)
    continue_requested = Signal(int)
    compare_requested = Signal(object)
    """Number of a run, or None."""
    rename_requested = Signal()
    """Let a person write the name of the current run."""
    notes_requested = Signal()
    """Let a person write about the current run."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._selected: tuple[TrainingRun, ...] = ()
        self._shown = RunsShown()
        self._is_running = False
        self.show_run = self._action(self.tr("Show\tReturn"), self.show_selected)
        self.overlay = self._action(self.tr("Overlay\tSpace"), self.toggle_overlay, checkable=True)
        self.compare = self._action(self.tr("Compare with (difference)"), self._compare, checkable=True)
        self.star = self._action(self.tr("Star\tS"), self.toggle_star, checkable=True)
        self.rename = self._action(self.tr("Rename\tF2"), self.rename_requested.emit)
        self.notes = self._action(self.tr("Notes"), self.notes_requested.emit)
        self.take_settings = self._action(self.tr("Take its settings"), self._take_settings)
        self.continue_run = self._action(self.tr("Continue from here"), self._continue)
        self.delete = self._action(self.tr("Delete\tDel"), self.delete_selected)
        for action, text in (
            (self.show_run, self.tr("Show")),
            (self.overlay, self.tr("Overlay")),
            (self.continue_run, self.tr("Continue")),
            (self.take_settings, self.tr("Take settings")),
        ):
            action.setIconText(text)  # that of its button
        self.show_run.setToolTip(self.tr("Show the fit of this run (Return)"))
        self.overlay.setToolTip(self.tr("Lay it over the run shown (Space)"))
        self.take_settings.setToolTip(self.tr("Set the settings of the next run to those of this one"))
        self.continue_run.setToolTip(self.tr("Train this run further; it needs the rows that it learned from"))
        self._tell()

    def all(self, parent: QWidget) -> list[QAction]:
        """Return the actions in groups, for a menu."""
        return [
            self.show_run,
            self.overlay,
            self.compare,
            _separator(parent),
            self.star,
            self.rename,
            self.notes,
            _separator(parent),
            self.take_settings,
            self.continue_run,
            _separator(parent),
            self.delete,
        ]

    def buttons(self) -> list[QAction]:
        """Return the actions that have a button beside the menu of :meth:`rest`."""
        return [self.show_run, self.overlay, self.continue_run, self.take_settings]

    def rest(self, parent: QWidget) -> list[QAction]:
        """Return the other actions in groups, for a menu."""
        return [self.compare, self.star, self.rename, self.notes, _separator(parent), self.delete]

    def follow(self, selected: Sequence[TrainingRun], shown: RunsShown) -> None:
        """Act on these runs from now on."""
        self._selected, self._shown = tuple(selected), shown
        self._tell()

    def show_state(self, *, is_running: bool) -> None:
        """Grey what cannot be done while a run is under way."""
        self._is_running = is_running
        self._tell()

    # -- what is asked for --------------------------------------------------------------------------------------------

    def show_selected(self) -> None:
        """Ask for the fit of the selected run."""
        if self.show_run.isEnabled():
            self.show_requested.emit(self._selected[0].number)

    def toggle_overlay(self) -> None:
        """Lay the selected runs over the one shown; take them away where all of them are."""
        if self.overlay.isEnabled():
            runs = self._readable()
            on = not all(run.number in self._shown.ticked for run in runs)
            for run in runs:
                self.tick_requested.emit(run.number, on)

    def toggle_star(self) -> None:
        """Star the selected runs; take the stars away where all of them have one."""
        if self.star.isEnabled():
            on = not all(run.is_starred for run in self._selected)
            for run in [run for run in self._selected if run.is_starred is not on]:
                self.star_requested.emit(run.number, on)

    def delete_selected(self) -> None:
        """Ask for the selected runs to be deleted."""
        if self.delete.isEnabled():
            self.delete_requested.emit(tuple(run.number for run in self._selected))

    def _compare(self) -> None:
        number = self._selected[0].number
        self.compare_requested.emit(None if number == self._shown.chosen else number)

    def _take_settings(self) -> None:
        self.settings_requested.emit(self._selected[0].number)

    def _continue(self) -> None:
        self.continue_requested.emit(self._selected[0].number)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _readable(self) -> list[TrainingRun]:
        """Return the selected runs that read the columns of the data."""
        return [run for run in self._selected if self._shown.rows_of(run) in _READABLE]

    def _tell(self) -> None:
        """Enable what can be done; tick what is so."""
        runs, shown, free = self._selected, self._shown, not self._is_running
        readable, one = self._readable(), len(runs) == 1
        is_shown = one and runs[0].number == shown.shown
        for action, can_be_used in (
            (self.show_run, one and free and not is_shown),
            (self.overlay, bool(readable)),
            (self.compare, one and bool(readable) and not is_shown),
            (self.star, bool(runs)),
            (self.rename, one),
            (self.notes, one),
            (self.take_settings, one and free),
            (self.continue_run, one and free and shown.rows_of(runs[0]) is Rows.THESE),
            (self.delete, bool(runs) and free),
        ):
            action.setEnabled(can_be_used)
        self.overlay.setChecked(bool(readable) and all(run.number in shown.ticked for run in readable))
        self.compare.setChecked(one and runs[0].number == shown.chosen)
        self.star.setChecked(bool(runs) and all(run.is_starred for run in runs))

    def _action(self, text: str, do: Callable[[], object], *, checkable: bool = False) -> QAction:
        action = QAction(text, self)
        action.setCheckable(checkable)
        action.triggered.connect(lambda *_: self._do(do))
        return action

    def _do(self, do: Callable[[], object]) -> None:
        do()
        self._tell()  # a tick that Qt has set stands only when it is so


def _separator(parent: QWidget) -> QAction:
    separator = QAction(parent)
    separator.setSeparator(True)
    return separator
