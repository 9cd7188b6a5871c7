"""Files for the commands, a training that takes no time."""

import os
import signal
import sys
import threading
import types
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.fitted import FittedModel, Provenance
from mdn_gui.core.metrics import EpochMetrics, StopReason, TrainingHistory
from tests.cli.made import saved
from tests.files.models import HISTORY, random_model


@pytest.fixture(autouse=True)
def environment() -> Iterator[None]:
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def model_file(tmp_path: Path) -> Path:
    return saved(tmp_path / "m.mdn", random_model())


@pytest.fixture
def data_file(tmp_path: Path) -> Path:
    path = tmp_path / "data.csv"
    path.write_text("row,x,z,y\n1,1,5,2\n2,2,7,3.5\n3,NA,1,4\n4,3,9,1\n", encoding="utf-8")
    return path


@pytest.fixture
def rows_file(tmp_path: Path) -> Path:
    """Twelve rows, of which the last four are of another group."""
    path = tmp_path / "rows.csv"
    lines = (f"{row},{row % 5},{row * row},{'b' if row > 8 else 'a'}" for row in range(1, 13))
    path.write_text("\n".join(["x,z,y,group", *lines]) + "\n", encoding="utf-8")
    return path


class FakeFit:
    """Stands in for training: notes what it was asked, yields two epochs, returns a random model.

    ``interrupts`` is how often Ctrl+C is pressed in the first epoch of run number ``interrupted``, ``errors`` what it
    raises in place of runs.
    """

    def __init__(self) -> None:
        self.interrupts, self.interrupted = 0, 1
        self.errors: list[Exception | None] = []
        self.calls: list[tuple[Dataset, Any, Any]] = []
        self.continued: list[FittedModel | None] = []
        self.was_stopped = False

    def __call__(
        self,
        dataset: Dataset,
        model: Any,
        training: Any,
        *,
        stop: threading.Event,
        continued: FittedModel | None = None,
        **_others: object,
    ) -> Generator[EpochMetrics, None, FittedModel]:
        self.calls.append((dataset, model, training))
        self.continued.append(continued)
        if self.errors and (error := self.errors.pop(0)) is not None:
            raise error
        yield EpochMetrics(1, 3, 1.5, 1.6, 1, None, 1.0)
        for _ in range(self.interrupts if len(self.calls) == self.interrupted else 0):
            signal.raise_signal(signal.SIGINT)
        self.was_stopped = stop.is_set()
        yield EpochMetrics(2, 3, 0.25, 0.3, 2, None, 2.0)
        reason = StopReason.STOPPED if self.was_stopped else StopReason.PATIENCE
        history = TrainingHistory(HISTORY.train_nll, HISTORY.validation_nll, 2, reason, 2.0)
        made = random_model(
            len(self.calls),
            names=dataset.input_names,
            target=dataset.target_name,
            components=model.num_components,
            history=history,
        )
        config = replace(model, hidden_layers=made.model_config.hidden_layers)
        return replace(made, provenance=Provenance.of(dataset), model_config=config, training_config=training)


@pytest.fixture
def fake_fit(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeFit]:
    fake = FakeFit()
    module = types.ModuleType("mdn_gui.training.fit")
    module.fit = fake
    monkeypatch.setitem(sys.modules, "mdn_gui.training.fit", module)
    real = sys.modules.pop("mdn_gui.training.sweep", None)  # it holds the fit that was there when it was loaded
    yield fake
    sys.modules.pop("mdn_gui.training.sweep", None)
    if real is not None:
        sys.modules["mdn_gui.training.sweep"] = real
