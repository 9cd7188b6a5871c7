"""The frozen values that travel between session, worker thread, views."""

import enum
import math
from collections.abc import Callable, Generator
from dataclasses import dataclass
from threading import Event
from typing import Protocol

from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.metrics import EpochMetrics
from mdn_gui.core.sweep import SweepRun


class FitFunction(Protocol):
    """The signature of ``mdn_gui.training.fit.fit``."""

    def __call__(
        self,
        dataset: Dataset,
        model_config: ModelConfig,
        training_config: TrainingConfig,
        *,
        stop: Event | None = None,
        continued: FittedModel | None = None,
    ) -> Generator[EpochMetrics, None, FittedModel]:
        """Train, yielding one value an epoch."""
        ...


FitLoader = Callable[[], FitFunction]
"""Returns ``fit``; the first call may take seconds, because it loads TensorFlow."""


class RunState(enum.Enum):
    """What the session is doing; every action's availability is a function of it."""

    NO_DATA = "no data"
    DATA = "data"
    PREPARING = "preparing"
    TRAINING = "training"
    STOPPING = "stopping"
    FITTED = "fitted"
    SWEEPING = "sweeping"
    """Runs of a sweep follow each other unseen; the fit on the screen is not theirs."""

    @property
    def is_running(self) -> bool:
        """True while a run lives."""
        return self in {RunState.PREPARING, RunState.TRAINING, RunState.STOPPING, RunState.SWEEPING}

    @property
    def is_live(self) -> bool:
        """True while what is shown may be a snapshot of the run under way."""
        return self.is_running and self is not RunState.SWEEPING


class Phase(enum.Enum):
    """What a run does before its first epoch."""

    LOADING = "loading TensorFlow"
    COMPILING = "compiling"


@dataclass(frozen=True, eq=False)
class RunRequest:
    """Everything a run needs, with the fit that it continues, if any; one of a sweep is judged by row at its end."""

    run_id: int
    dataset: Dataset
    model_config: ModelConfig
    training_config: TrainingConfig
    continued: FittedModel | None = None
    is_of_sweep: bool = False


@dataclass(frozen=True)
class RunPhase:
    """A run has entered a phase."""

    run_id: int
    phase: Phase


@dataclass(frozen=True)
class RunProgress:
    """Epochs that finished since the last message, oldest first."""

    run_id: int
    metrics: tuple[EpochMetrics, ...]


@dataclass(frozen=True, eq=False)
class RunEnd:
    """How a run ended: with a model, judged where it is of a sweep, with an error, or discarded (neither)."""

    run_id: int
    model: FittedModel | None = None
    error: Exception | None = None
    judged: SweepRun | None = None


@dataclass(frozen=True)
class SweepProgress:
    """How far a sweep is.

    Parameters
    ----------
    place, runs : int
        The run under way, counted from 1, of so many.
    num_components, seed : int
        Its K, its seed.
    epoch, epochs : int
        Its newest epoch, 0 before the first, of at most so many; both 0 before the first.
    best_nll : float
        Least validation NLL of the finished runs, nats a row, data units; NaN before one has finished.
    seconds_left : float
        A guess of the time to the end; NaN before there is anything to guess from.
    """

    place: int
    runs: int
    num_components: int
    seed: int
    epoch: int = 0
    epochs: int = 0
    best_nll: float = math.nan
    seconds_left: float = math.nan

    @property
    def share(self) -> float:
        """How much is done, 0 to 1."""
        return (self.place - 1 + self.epoch / max(self.epochs, 1)) / self.runs


class Severity(enum.Enum):
    """How much a notice matters."""

    INFO = "info"
    ERROR = "error"


@dataclass(frozen=True)
class Notice:
    """Something a person should know, with what to do about it.

    Parameters
    ----------
    message, hint : str
        What happened, and the remedy; both plain text.
    severity : Severity
        Colour and icon.
    details : str
        For "Copy details", such as a traceback; may be empty.
    action : str
        Id of the action that is offered as a button; may be empty.
    """

    message: str
    hint: str = ""
    severity: Severity = Severity.ERROR
    details: str = ""
    action: str = ""


class CursorOrigin(enum.Enum):
    """Why the read-out stands where it stands."""

    CURSOR = "cursor"
    """The mouse, the keyboard or a typed value put it there."""
    LAST = "last x"
    """The mouse has left; this is where it was."""
    PIN = "pin"
    """The read-out shows the pin."""
