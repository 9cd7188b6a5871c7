"""Stand-ins for what a test must control: the fit, the dialogs."""

from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path
from threading import Event, Semaphore, get_ident

import numpy as np

from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.fitted import FittedModel, Provenance
from mdn_gui.core.grid import GridSpec
from mdn_gui.core.joint_mixture import JointMixture
from mdn_gui.core.metrics import EpochMetrics, StopReason, TrainingHistory
from mdn_gui.core.network import Network
from mdn_gui.core.questions import Questions
from mdn_gui.core.reading import Line
from mdn_gui.core.samples import Sample
from mdn_gui.core.scaling import Standardizer
from mdn_gui.core.sweep import SweepPlan
from mdn_gui.core.table import Table
from mdn_gui.core.transform import transform_named
from mdn_gui.files.delimited import read_text
from mdn_gui.files.options import ReadOptions, Watch
from mdn_gui.session.baseline import Baseline, split_settings
from mdn_gui.session.import_memory import RememberedImports
from mdn_gui.session.importing import ImportChoice, Previewer
from mdn_gui.session.preferences import Preferences, Value
from mdn_gui.ui.dialogs import Leaving
from mdn_gui.ui.exporting.parameter_dialog import ParameterRequest
from mdn_gui.ui.exporting.running import PredictionRunner


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

    ``allow`` lets one or more epochs pass; ``error`` is raised at the next one; ``runs`` records the calls,
    ``continued`` the fits that they continue. A run that is not stopped ends for ``reason`` with what ``finish`` makes
    of a model of ``components`` components. Loading waits for ``loadable``, then raises ``load_error`` where one is
    given.
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
        self.reason = StopReason.COMPLETED
        self.components = 3
        self.finish: Callable[[FittedModel], FittedModel] = lambda model: model
        self.runs: list[tuple[Dataset, ModelConfig, TrainingConfig]] = []
        self.continued: list[FittedModel | None] = []
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
        continued: FittedModel | None = None,
    ) -> Generator[EpochMetrics, None, FittedModel]:
        """Yield ``epochs`` falling losses, each with a snapshot, behind those of the fit that is continued."""
        self.runs.append((dataset, model_config, training_config))
        self.continued.append(continued)
        past = continued.history.train_nll if continued is not None and continued.history is not None else ()
        self.threads.append(get_ident())
        self.finished.clear()
        losses = list(past)
        reason = self.reason
        first, last = len(past) + 1, len(past) + self.epochs
        try:
            for epoch in range(first, last + 1):
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
                snapshot = made_model(dataset, epoch, components=self.components)
                yield EpochMetrics(
                    epoch, last, losses[-1], losses[-1] + 0.1, epoch, 3, 0.1 * epoch, snapshot, first_epoch=first
                )
        finally:
            self.closed += 1
            self.finished.set()
        validation = tuple(loss + 0.1 for loss in losses)
        history = TrainingHistory(tuple(losses), validation, len(losses), reason, 0.5)
        made = made_model(dataset, 99, history, self.components)
        return self.finish(replace(made, training_config=training_config))


def made_joint_mixture(dataset: Dataset, components: int = 4) -> JointMixture:
    """Return a joint mixture with made-up components that reads the inputs of ``dataset``."""
    columns = dataset.num_inputs + 1
    means = np.linspace(-1.0, 1.0, components)[:, None] * np.ones(columns)
    return JointMixture(
        np.full(components, -np.log(components)),
        means,
        np.tile(0.1 * np.eye(columns) + 0.05, (components, 1, 1)),
        Standardizer.fitted_to(dataset.x),
        Standardizer.fitted_to(dataset.y[:, None]),
    )


class FakeBaselineFit:
    """A fit of the baseline that finds none, unless ``nll`` is set; it waits for ``may_end``, raises ``error``.

    ``asked`` records the calls, ``transforms`` those of their models, ``threads`` where they ran.
    """

    def __init__(self, nll: float | None = None) -> None:
        self.nll = nll
        self.error: Exception | None = None
        self.may_end = Event()
        self.may_end.set()
        self.asked: list[tuple[Dataset, TrainingConfig]] = []
        self.transforms: list[str] = []
        self.threads: list[int] = []

    def __call__(self, dataset: Dataset, model_config: ModelConfig, config: TrainingConfig) -> Baseline | None:
        """Answer with a made-up mixture whose NLL is ``nll`` plus the seed."""
        self.asked.append((dataset, config))
        self.transforms.append(model_config.target_transform)
        self.threads.append(get_ident())
        nll = self.nll
        self.may_end.wait()
        if self.error is not None:
            raise self.error
        if nll is None:
            return None
        held_out_nll = nll + config.seed if config.validation_fraction else None
        transform = transform_named(model_config.target_transform)
        return Baseline(replace(made_joint_mixture(dataset), transform=transform), held_out_nll, split_settings(config))


ACCEPTED = ImportChoice(Path())
"""An answer of the import dialog: open the file as it is proposed."""


class FakeDialogs:
    """Answers prepared by the test; what was asked is recorded."""

    def __init__(self) -> None:
        self.open_answer: Path | None = None
        self.import_answer: ImportChoice | None = ACCEPTED
        self.hold_out_answer: Callable[[ImportChoice], ImportChoice | None] = lambda _: None
        self.save_answer: Path | None = None
        self.picture_answer: tuple[Path, float] | None = None
        self.grid_answer: GridSpec | None = None
        self.sweep_answer: SweepPlan | None = None
        self.sample_answer: tuple[int, int] | None = None
        self.close_answer = True
        self.leave_answer = Leaving.DISCARD
        self.preferred: dict[str, Value] = {}
        self.predictions_of: tuple[FittedModel, Questions, ReadOptions | None, PredictionRunner] | None = None
        self.asked: list[str] = []
        self.told: list[tuple[str, str]] = []

    def path_to_open(self) -> Path | None:
        self.asked.append("open")
        return self.open_answer

    def import_choice(
        self, path: Path, previewer: Previewer, remembered: RememberedImports, title: str = ""
    ) -> ImportChoice | None:
        """Take what is proposed: everything is left to the reader."""
        self.asked.append(f"import {title or path.name}")
        return ImportChoice(path) if self.import_answer is ACCEPTED else self.import_answer

    def hold_out(self, table: Table, choice: ImportChoice) -> ImportChoice | None:
        self.asked.append("test set")
        return self.hold_out_answer(choice)

    def path_to_save(self, title: str, suggestion: str, file_filter: str) -> Path | None:
        self.asked.append(f"save {suggestion}")
        return self.save_answer

    def picture_to_save(self, suggestion: str) -> tuple[Path, float] | None:
        self.asked.append(f"picture {suggestion}")
        return self.picture_answer

    def parameter_request(self, model: FittedModel, line: Line, questions: Questions) -> ParameterRequest | None:
        """Take a grid over the range of the column that moves, or the levels of a category."""
        self.asked.append("grid")
        levels = line.encodings[line.place].levels
        over = GridSpec.of_levels(len(levels)) if levels else GridSpec.over(model.provenance.column_ranges[line.place])
        return ParameterRequest(self.grid_answer or over, line)

    def predictions(
        self, model: FittedModel, questions: Questions, opened: ReadOptions | None, runner: PredictionRunner
    ) -> None:
        self.asked.append("predictions")
        self.predictions_of = model, questions, opened, runner

    def sweep_plan(self, proposal: SweepPlan, seconds: float) -> SweepPlan | None:
        self.asked.append("sweep")
        return self.sweep_answer

    def sample_size(self, sample: Sample) -> tuple[int, int] | None:
        self.asked.append(f"size of {sample.key}")
        return self.sample_answer

    def close_while_training(self) -> bool:
        self.asked.append("close")
        return self.close_answer

    def leave_document(self, name: str) -> Leaving:
        self.asked.append(f"leave {name}")
        return self.leave_answer

    def preferences(self, preferences: Preferences, present: object, apply: Callable[[str], object]) -> None:
        """Prefer what the test has prepared."""
        self.asked.append("preferences")
        for key, value in self.preferred.items():
            preferences.prefer(key, value)
            apply(key)

    def tell(self, title: str, text: str) -> None:
        self.told.append((title, text))


def read_here(path: Path, options: ReadOptions, watch: Watch) -> Table:
    """Read delimited text in this process; a child process for each test would cost a third of a second."""
    return read_text(path, options, watch)
