"""The newest fit held against rows that it did not learn from, off the GUI thread."""

import enum
from functools import partial

from PySide6.QtCore import QObject

from mdn_gui.core import special
from mdn_gui.core.baselines import Rival
from mdn_gui.core.calibration import Calibration, calibrate, judging_rows, rivals_of
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.joint_mixture import JointMixture
from mdn_gui.core.selection import Selection
from mdn_gui.files.options import Watch
from mdn_gui.session.follower import Follower


class Unjudged(enum.Enum):
    """Why there is no calibration."""

    NO_FIT = "no fit"
    """There is no fit, or no data."""
    BUSY = "busy"
    """It is on its way."""
    OTHER_ROWS = "other rows"
    """The fit learned from other rows than those open: which of them it never saw is not known."""
    FAILED = "failed"
    """An error, which is in the log."""


class Calibrator(Follower):
    """Keeps the Calibration of the newest fit, or Unjudged where there is none."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(Unjudged.NO_FIT, parent, busy=Unjudged.BUSY, failed=Unjudged.FAILED)

    def follow(
        self, model: FittedModel | None, selection: Selection | None, joint_mixture: JointMixture | None = None
    ) -> None:
        """Judge a fit, where it, the rows or the joint mixture are not those that were last judged.

        Parameters
        ----------
        model : FittedModel or None
            A finished fit, no snapshot.
        selection : Selection or None
            The rows that are open.
        joint_mixture : JointMixture or None
            That of the rows the fit learned from, where it is known: one more to compare with.
        """
        if model is None or selection is None:
            self.ask((None,), None)
        else:
            self.ask((model, selection, joint_mixture), partial(_judged, model, selection, joint_mixture))


def _judged(
    model: FittedModel, selection: Selection, joint_mixture: JointMixture | None, watch: Watch
) -> Calibration | Unjudged | None:
    special.load()
    rows = judging_rows(model, selection.dataset, selection.test)
    if rows is None:
        return Unjudged.OTHER_ROWS
    rivals = rivals_of(model, selection.dataset)
    if joint_mixture is not None:
        rivals = {Rival.JOINT: joint_mixture, **rivals}
    return calibrate(model, rows, rivals, model.training_config.seed, watch.is_cancelled)
