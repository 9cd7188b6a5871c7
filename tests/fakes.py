"""Stand-ins for what a test must control: the fit, the dialogs."""

from collections.abc import Generator
from pathlib import Path
from threading import Event, Semaphore, get_ident

import numpy as np

from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.fitted import FittedModel, Provenance
from mdn_gui.core.grid import GridSpec
from mdn_gui.core.metrics import EpochMetrics, StopReason, TrainingHistory
from mdn_gui.core.network import Network
from mdn_gui.core.samples import Sample
from mdn_gui.core.scaling import Standardizer


def made_model(
    dataset: Dataset, seed: int = 0, history: TrainingHistory | None = None, components: int = 3
) -> FittedModel:
    """Return a model with random weights that reads the inputs of ``dataset``."""
    rng = np.random.default_rng(seed)
    network = Network(
        (rng.normal(size=(dataset.num_inputs, 8)), rng.normal(size=(8, 3 * components))),
        (rng.normal(size=8), rng.normal(size=3 * components)),
        "tanh",
        1e-3,
        10.0,
    )
    y_scaler = Standardizer.fitted_to(dataset.y[:, None])
    config = ModelConfig(num_components=components, hidden_layers=(8,))
    return FittedModel(
        network,
        Standardizer.fitted_to(dataset.x),
        y_scaler,
        Provenance.of(dataset),
        config,
        TrainingConfig(),
        history,
    )


class FakeFit:
    """A fit whose every epoch waits for the test, unless ``free`` is set.

    ``allow`` lets one or more epochs pass; ``error`` is raised at the next one; ``runs`` records the calls. Loading
    waits for ``loadable``, then raises ``load_error`` where one is given.
    """

    def __init__(self, epochs: int = 5, *, free: bool = True) -> None:
        self.epochs = epochs
        self.free = Event()
        if free:
            self.free.set()
        self._permits = Semaphore(0)
        self.loadable = Event()
        self.loadable.set()
        self.load_error: Exception | None = None
        self.error: Exception | None = None
        self.threads: list[int] = []
        self.finished = Event()
        self.runs: list[tuple[Dataset, ModelConfig, TrainingConfig]] = []
        self.loads = 0
        self.closed = 0
        self.stops_seen = 0

    def load(self) -> "FakeFit":
        """The loader that the runner calls in its thread."""
        self.loadable.wait()
        self.loads += 1
        if self.load_error is not None:
            raise self.load_error
        return self

    def allow(self, epochs: int = 1) -> None:
        """Let so many epochs pass."""
        for _ in range(epochs):
            self._permits.release()

    def _may_go_on(self) -> bool:
        return self._permits.acquire(blocking=False) or self.free.wait(0.005)

    def __call__(
        self,
        dataset: Dataset,
        model_config: ModelConfig,
        training_config: TrainingConfig,
        *,
        stop: Event | None = None,
    ) -> Generator[EpochMetrics, None, FittedModel]:
        """Yield ``epochs`` falling losses, each with a snapshot."""
        self.runs.append((dataset, model_config, training_config))
        self.threads.append(get_ident())
        self.finished.clear()
        losses: list[float] = []
        reason = StopReason.COMPLETED
        try:
            for epoch in range(1, self.epochs + 1):
                while not self._may_go_on():
                    if stop is not None and stop.is_set():
                        break
                if self.error is not None:
                    raise self.error
                if stop is not None and stop.is_set():
                    self.stops_seen += 1
                    reason = StopReason.STOPPED
                    break
                losses.append(1.0 / epoch)
                yield EpochMetrics(
                    epoch, self.epochs, losses[-1], losses[-1] + 0.1, epoch, 3, 0.1 * epoch, made_model(dataset, epoch)
                )
        finally:
            self.closed += 1
            self.finished.set()
        validation = tuple(loss + 0.1 for loss in losses)
        history = TrainingHistory(tuple(losses), validation, len(losses), reason, 0.5)
        return made_model(dataset, 99, history)


class FakeDialogs:
    """Answers prepared by the test; what was asked is recorded."""

    def __init__(self) -> None:
        self.open_answer: Path | None = None
        self.save_answer: Path | None = None
        self.grid_answer: GridSpec | None = None
        self.sample_answer: tuple[int, int] | None = None
        self.close_answer = True
        self.asked: list[str] = []
        self.told: list[tuple[str, str]] = []

    def path_to_open(self) -> Path | None:
        self.asked.append("open")
        return self.open_answer

    def path_to_save(self, title: str, suggestion: str, file_filter: str) -> Path | None:
        self.asked.append(f"save {suggestion}")
        return self.save_answer

    def table_grid(self, proposal: GridSpec) -> GridSpec | None:
        self.asked.append("grid")
        return self.grid_answer or proposal

    def sample_size(self, sample: Sample) -> tuple[int, int] | None:
        self.asked.append(f"size of {sample.key}")
        return self.sample_answer

    def close_while_training(self) -> bool:
        self.asked.append("close")
        return self.close_answer

    def tell(self, title: str, text: str) -> None:
        self.told.append((title, text))
