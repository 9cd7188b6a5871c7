"""Earlier runs come back: their fit is shown, continued, their settings are taken."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from mdn_gui.session.messages import RunState

if TYPE_CHECKING:
    from mdn_gui.core.table import Table
    from mdn_gui.core.training_run import TrainingRun
    from mdn_gui.session.runs import Runs
    from mdn_gui.session.session import Session


class Recall(QObject):
    """Shows one of the runs of the list.

    Parameters
    ----------
    session : Session
        What is open; the owner.
    runs : Runs
        Keeps the fit that is shown.
    """

    shown = Signal(object)
    """TrainingRun whose fit is shown now."""

    def __init__(self, session: "Session", runs: "Runs") -> None:
        super().__init__(session)
        self._session, self._runs = session, runs
        session.run_list.shown_deleted.connect(self.show_fitting)
        session.run_list.shown_restored.connect(self.show)

    def show(self, number: int) -> bool:
        """Show the fit of a run; its columns get their roles where others have them. False where it cannot be shown."""
        session = self._session
        run, dataset, table = session.run_list.run(number), session.dataset, session.table
        if run is None or dataset is None or table is None:
            return False
        may_stay = session.state is RunState.SWEEPING and run.can_read(dataset)
        if not may_stay and session.refuses_changes():
            return False
        if not run.can_read(dataset):
            inputs = [encoding.column for encoding in run.model.provenance.encodings]
            if not session.choose_columns(inputs, _column_named(table, run.model.provenance.target_name)):
                return False
        if session.dataset is None or not run.can_read(session.dataset):
            return False  # the columns mean something else now
        self._adopt(run)
        return True

    def continue_from(self, number: int) -> None:
        """Train the fit of a run further."""
        if self.show(number):
            self._session.continue_training()

    def take_settings_of(self, number: int) -> None:
        """Take the settings of a run for the next one."""
        run = self._session.run_list.run(number)
        if run is not None and not self._session.refuses_changes():
            self._session.configure(run.model.model_config, run.model.training_config)

    @Slot()
    def show_fitting(self) -> None:
        """Show the run that the list names where it reads the columns that are open, else the newest one that does."""
        dataset, runs = self._session.dataset, self._session.run_list
        run = runs.newest_for(dataset) if dataset is not None else None
        runs.preferred = 0
        if run is not None:
            self._adopt(run)
        else:
            self._session.run_list.show(0)
            self._runs.begin_anew()

    def _adopt(self, run: "TrainingRun") -> None:
        self._session.run_list.show(run.number)
        self._runs.adopt(run.model)
        self._session.send_references()
        self.shown.emit(run)


def _column_named(table: "Table", label: str) -> str:
    """Return the name of the column that has this name or label; the label itself where there is none."""
    return next((column.name for column in table.columns if label in {column.name, column.label}), label)
