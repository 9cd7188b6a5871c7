"""What a run records: one value an epoch, the best epoch, why it stopped."""

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mdn_gui.core.fitted import FittedModel


class StopReason(enum.Enum):
    """Why a run ended."""

    COMPLETED = "completed"
    """The last epoch was reached."""
    PATIENCE = "patience"
    """No better validation NLL for ``patience`` epochs."""
    STOPPED = "stopped"
    """The person stopped it early."""
    DIVERGED = "diverged"
    """Steps were not finite, or the loss rose far, again and again; the best weights were kept."""
    INTERRUPTED = "interrupted"
    """The program ended before the run did; what it had reached by then was recovered."""


@dataclass(frozen=True)
class EpochMetrics:
    """One finished epoch of a run.

    Parameters
    ----------
    epoch, epochs : int
        This epoch, counted from 1, and the largest number of epochs of the run.
    train_nll : float
        Mean NLL of the epoch's training batches, nats a row, data units; with the noise of the step, if any.
    validation_nll : float or None
        NLL of the held-out rows after the epoch, same unit; None without held-out rows.
    best_epoch : int
        The epoch whose weights are kept so far; 0 while none is better than the start.
    patience : int or None
        Epochs without improvement after which the run stops; None when it never does.
    seconds : float
        Time since the first step of the run, compilation included.
    snapshot : FittedModel or None
        The model as it is now, a few times a second; None in between.
    first_epoch : int
        The epoch the run began with: 1, or later where it continues another run.
    """

    epoch: int
    epochs: int
    train_nll: float
    validation_nll: float | None
    best_epoch: int
    patience: int | None
    seconds: float
    snapshot: "FittedModel | None" = None
    first_epoch: int = 1

    @property
    def judged_nll(self) -> float:
        """The NLL that decides which epoch is best: validation, or training without held-out rows."""
        return self.train_nll if self.validation_nll is None else self.validation_nll

    @property
    def epochs_since_best(self) -> int:
        """Epochs trained since the best one, or since the run began where that is later."""
        return self.epoch - max(self.best_epoch, self.first_epoch - 1)

    @property
    def seconds_left_at_most(self) -> float:
        """Upper bound of the time to the last epoch, at the speed so far; patience may end it sooner."""
        left = self.epochs - self.epoch
        if self.patience is not None and self.epochs_since_best >= self.patience:
            left = 0
        return self.seconds / (self.epoch - self.first_epoch + 1) * left


@dataclass(frozen=True)
class TrainingHistory:
    """The record of a finished run.

    Parameters
    ----------
    train_nll : tuple of float
        One value an epoch, nats a row, data units.
    validation_nll : tuple of float
        One value an epoch, or empty without held-out rows.
    best_epoch : int
        The epoch whose weights were kept, counted from 1; 0 where no epoch was better than the start.
    stop_reason : StopReason
        Why the run ended.
    seconds : float
        Duration of the run, compilation included.
    rollbacks : int
        How often weights went back to the last good ones, with the learning rate halved.
    kept_nll : float or None
        NLL of what was kept of several networks, their average or one of them at its best epoch, or of the start; None
        for the best epoch of one network.
    distilled : bool
        Whether the network that learned from the joint mixture was kept.
    """

    train_nll: tuple[float, ...]
    validation_nll: tuple[float, ...]
    best_epoch: int
    stop_reason: StopReason
    seconds: float
    rollbacks: int = 0
    kept_nll: float | None = None
    distilled: bool = False

    @property
    def epochs(self) -> int:
        """Number of epochs trained."""
        return len(self.train_nll)

    @property
    def best_nll(self) -> float:
        """Judged NLL of what was kept; NaN when no epoch was finished."""
        if self.kept_nll is not None:
            return self.kept_nll
        judged = self.validation_nll or self.train_nll
        return judged[self.best_epoch - 1] if self.best_epoch else float("nan")
