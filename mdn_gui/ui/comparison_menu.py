"""The menu of the runs that the one shown can be compared with."""

from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QMenu, QWidget

from mdn_gui.core.training_run import TrainingRun
from mdn_gui.session.session import Session
from mdn_gui.ui.numbers import fixed
from mdn_gui.ui.texts import one_line

_MOST_LISTED = 20
"""The newest are listed; the list of runs has all of them."""
_LONGEST_NAME = 40


class ComparisonMenu(QMenu):
    """Lists the newest runs, made anew whenever it opens.

    Parameters
    ----------
    session : Session
        Keeps the runs.
    parent : QWidget
        Owner.
    """

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTitle(self.tr("Compare with"))
        self._session = session
        self.aboutToShow.connect(self._list)
        session.run_list.changed.connect(self._enable)
        self._enable()

    @Slot()
    def _enable(self) -> None:
        self.menuAction().setEnabled(len(self._session.run_list.runs) > 1)

    @Slot()
    def _list(self) -> None:
        self.clear()
        runs, chosen = self._session.run_list.runs, self._session.run_list.chosen
        self._add(self.tr("Nothing"), None, is_chosen=chosen is None)
        self.addSeparator()
        for fit in reversed(runs[-_MOST_LISTED:]):
            dataset = self._session.dataset
            self._add(self._text_of(fit), fit.number, is_chosen=fit is chosen)
            can_be = dataset is not None and fit.can_read(dataset) and fit.model is not self._session.fitted
            self.actions()[-1].setEnabled(can_be)

    def _add(self, text: str, number: int | None, *, is_chosen: bool) -> None:
        action = self.addAction(text, partial(self._session.run_list.choose, number))
        action.setCheckable(True)
        action.setChecked(is_chosen)

    def _text_of(self, fit: TrainingRun) -> str:
        dataset, history = self._session.dataset, fit.model.history
        text = self.tr("Run {number}").format(number=fit.number)
        if fit.name:
            text += " · " + one_line(fit.name, _LONGEST_NAME).replace("&", "&&")
        if history is not None:
            text += self.tr(" · NLL {nll}").format(nll=fixed(history.best_nll, 3))
        if fit.model is self._session.fitted:
            text += self.tr(" · the one shown")
        elif dataset is not None and not fit.can_read(dataset):
            text += self.tr(" · it read other columns")
        return text
