"""One run of training, followed on the terminal."""

import contextlib
import os
import sys
import tempfile
import threading
from collections.abc import Iterator

from mdn_gui.cli.interrupts import stopped_by_interrupt
from mdn_gui.cli.progress import Progress
from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.metrics import EpochMetrics

_STANDARD_ERROR = 2


def trained(
    dataset: Dataset, model_config: ModelConfig, training_config: TrainingConfig, continued: FittedModel | None = None
) -> FittedModel:
    """Return the model that the window would train, too, with a bar on the terminal; Ctrl+C ends the run early.

    Raises
    ------
    UserError
        As ``training.fit.fit``.
    """
    stop, progress = threading.Event(), Progress()
    with quiet_loading(progress):
        from mdn_gui.training.fit import fit
    with stopped_by_interrupt(stop):
        epochs = fit(dataset, model_config, training_config, stop=stop, continued=continued)
        try:
            while True:
                metrics = next(epochs)
                progress.show(fraction_done(metrics), progress_text(metrics))
        except StopIteration as finished:
            model: FittedModel = finished.value
            return model
        finally:
            progress.clear()


@contextlib.contextmanager
def quiet_loading(progress: Progress) -> Iterator[None]:
    """Keep what the libraries say as they are loaded off standard error; it is told where that fails."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    progress.show(0.0, "loading TensorFlow")
    with tempfile.TemporaryFile() as heard:
        sys.stderr.flush()
        before = os.dup(_STANDARD_ERROR)
        os.dup2(heard.fileno(), _STANDARD_ERROR)
        try:
            yield
        except Exception:
            heard.seek(0)
            os.write(before, heard.read())
            raise
        finally:
            os.dup2(before, _STANDARD_ERROR)
            os.close(before)


def fraction_done(metrics: EpochMetrics) -> float:
    """Return how much of a run is done, 0 to 1: patience may end it sooner."""
    return (metrics.epoch - metrics.first_epoch + 1) / (metrics.epochs - metrics.first_epoch + 1)


def progress_text(metrics: EpochMetrics) -> str:
    """Return what the line on a terminal says of an epoch."""
    validation = "" if metrics.validation_nll is None else f"  validation {metrics.validation_nll:.4f}"
    return (  # what counts most comes first: a narrow terminal cuts the end off
        f"epoch {metrics.epoch}/{metrics.epochs}  at most {metrics.seconds_left_at_most:.0f} s left"
        f"{validation}  train {metrics.train_nll:.4f}  best {metrics.best_epoch}"
    )
