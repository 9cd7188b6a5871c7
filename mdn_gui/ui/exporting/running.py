"""Predictions for a table, made off the GUI thread."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from mdn_gui.core.fitted import FittedModel
from mdn_gui.files.options import ReadOptions, Watch
from mdn_gui.files.wanted import Wanted
from mdn_gui.session.background import NewestJob

if TYPE_CHECKING:
    from mdn_gui.files.predictions import Predicted


@dataclass(frozen=True)
class PredictionRequest:
    """The predictions that a person asks for.

    Parameters
    ----------
    source : Path
        The table.
    output : Path
        The file to write; its ending tells the format.
    options : ReadOptions
        How the table is read.
    wanted : Wanted
        What is added.
    """

    source: Path
    output: Path
    options: ReadOptions
    wanted: Wanted


Predict = Callable[[FittedModel, PredictionRequest, Watch], "Predicted"]


def predicted(model: FittedModel, request: PredictionRequest, watch: Watch) -> "Predicted":
    """Make the predictions that are asked for; raises as :func:`mdn_gui.files.predictions.predict`."""
    from mdn_gui.files.predictions import predict  # with all that reads tables: not before the window is painted

    return predict(model, request.source, request.output, request.options, request.wanted, watch)


class PredictionRunner(QObject):
    """Makes predictions in a pool thread, one file at a time; a newer request cancels an older one.

    Parameters
    ----------
    parent : QObject, optional
        Owner.
    make : callable
        ``make(model, request, watch)`` returns Predicted or raises; called in a thread of the pool.
    """

    finished = Signal(object)
    """Predicted."""
    failed = Signal(object)
    """Exception."""
    progressed = Signal(float)
    """How much of the table is read, 0 to 1."""
    busy_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None, make: Predict = predicted) -> None:
        super().__init__(parent)
        self._make = make
        self._job = NewestJob(self)
        self._job.finished.connect(self.finished)
        self._job.failed.connect(self.failed)
        self._job.progressed.connect(self.progressed)
        self._job.busy_changed.connect(self.busy_changed)

    @property
    def is_busy(self) -> bool:
        """True while predictions are made."""
        return self._job.is_busy

    def start(self, model: FittedModel, request: PredictionRequest) -> None:
        """Begin to make predictions."""
        self._job.start(lambda watch: self._make(model, request, watch))

    def cancel(self) -> None:
        """Stop; nothing is written."""
        self._job.drop()

    def shut_down(self) -> None:
        """Stop; return when the thread has ended."""
        self._job.shut_down()
