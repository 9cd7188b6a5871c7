"""The newest fit judged on the rows of the test, off the GUI thread."""

from PySide6.QtCore import QObject, Signal, Slot

from mdn_gui.core import special
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.diagnostics import Conditional
from mdn_gui.core.score import Score, score_on
from mdn_gui.files.options import Watch
from mdn_gui.session.background import NewestJob


class Scorer(QObject):
    """Keeps the score of the newest fit on the test set; a score of an older fit never comes late.

    Parameters
    ----------
    parent : QObject, optional
        Owner.
    """

    scored = Signal(object)
    """Score, or None: there is no fit, no test set, or none that the fit can be judged on."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._judged: tuple[Conditional, Dataset] | None = None
        self._score: Score | None = None
        self._job = NewestJob(self)
        self._job.finished.connect(self._take)
        self._job.failed.connect(self._give_up)

    @property
    def score(self) -> Score | None:
        """The score of the newest fit, where it is known."""
        return self._score

    def follow(self, model: Conditional | None, test: Dataset | None) -> None:
        """Judge ``model`` on ``test``, where those are not what was last judged; either may be missing."""
        wanted = None if model is None or test is None else (model, test)
        if wanted is not None and self._judged is not None and all(map(_is, wanted, self._judged)):
            return
        self._judged = wanted
        self._job.drop()
        self._take(None)
        if wanted is not None:
            self._job.start(_Judgement(*wanted))

    def shut_down(self) -> None:
        """Drop the judging under way; return when its thread has ended."""
        self._job.shut_down()

    @Slot(object)
    def _take(self, score: Score | None) -> None:
        if score is not None or self._score is not None:
            self._score = score
            self.scored.emit(score)

    @Slot(object)
    def _give_up(self, _: Exception) -> None:
        self._take(None)  # it is in the log; the fit itself is as good as before


class _Judgement:
    def __init__(self, model: Conditional, test: Dataset) -> None:
        self._model, self._test = model, test

    def __call__(self, watch: Watch) -> Score | None:
        """Judge; called in a thread of the pool."""
        special.load()
        return score_on(self._model, self._test, watch.is_cancelled)


def _is(one: object, other: object) -> bool:
    return one is other
