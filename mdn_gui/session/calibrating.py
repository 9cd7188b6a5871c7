"""The newest fit held against rows that it did not learn from, off the GUI thread."""

import enum

from PySide6.QtCore import QObject, Signal, Slot

from mdn_gui.core import special
from mdn_gui.core.baselines import Rival
from mdn_gui.core.calibration import Calibration, calibrate, judging_rows, rivals_of
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.joint_mixture import JointMixture
from mdn_gui.core.selection import Selection
from mdn_gui.files.options import Watch
from mdn_gui.session.background import NewestJob


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


class Calibrator(QObject):
    """Keeps the calibration of the newest fit; that of an older one never comes late.

    Parameters
    ----------
    parent : QObject, optional
        Owner.
    """

    changed = Signal(object)
    """Calibration, or Unjudged where there is none."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._judged: tuple[object, ...] = (None, None, None)
        self._calibration: Calibration | Unjudged = Unjudged.NO_FIT
        self._job = NewestJob(self)
        self._job.finished.connect(self._take)
        self._job.failed.connect(self._give_up)

    @property
    def calibration(self) -> Calibration | Unjudged:
        """What is known of the newest fit."""
        return self._calibration

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
        wanted = (None,) * 3 if model is None or selection is None else (model, selection, joint_mixture)
        if all(one is other for one, other in zip(wanted, self._judged, strict=True)):
            return
        self._judged = wanted
        self._job.drop()
        if model is None or selection is None:
            self._take(Unjudged.NO_FIT)
            return
        self._take(Unjudged.BUSY)
        self._job.start(_Judgement(model, selection, joint_mixture))

    def shut_down(self) -> None:
        """Drop the judging under way; return when its thread has ended."""
        self._job.shut_down()

    @Slot(object)
    def _take(self, calibration: Calibration | Unjudged | None) -> None:
        if calibration is not None and calibration is not self._calibration:
            self._calibration = calibration
            self.changed.emit(calibration)

    @Slot(object)
    def _give_up(self, _: Exception) -> None:
        self._take(Unjudged.FAILED)


class _Judgement:
    def __init__(self, model: FittedModel, selection: Selection, joint_mixture: JointMixture | None) -> None:
        self._model, self._selection, self._joint_mixture = model, selection, joint_mixture

    def __call__(self, watch: Watch) -> Calibration | Unjudged | None:
        """Judge; called in a thread of the pool."""
        special.load()
        rows = judging_rows(self._model, self._selection.dataset, self._selection.test)
        if rows is None:
            return Unjudged.OTHER_ROWS
        rivals = rivals_of(self._model, self._selection.dataset)
        if self._joint_mixture is not None:
            rivals = {Rival.JOINT: self._joint_mixture, **rivals}
        return calibrate(self._model, rows, rivals, self._model.training_config.seed, watch.is_cancelled)
