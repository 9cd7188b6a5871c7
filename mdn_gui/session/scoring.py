"""The newest fit judged on the rows of the test, off the GUI thread."""

from functools import partial

from PySide6.QtCore import QObject

from mdn_gui.core import special
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.diagnostics import Conditional
from mdn_gui.core.score import Score, score_on
from mdn_gui.files.options import Watch
from mdn_gui.session.follower import Follower


class Scorer(Follower):
    """Keeps the Score of the newest fit on the test set; None: no fit, no test set, or none it can be judged on."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(None, parent)

    def follow(self, model: Conditional | None, test: Dataset | None) -> None:
        """Judge ``model`` on ``test``, where those are not what was last judged; either may be missing."""
        work = None if model is None or test is None else partial(_judged, model, test)
        self.ask((model, test), work)


def _judged(model: Conditional, test: Dataset, watch: Watch) -> Score | None:
    special.load()
    return score_on(model, test, watch.is_cancelled)
