"""Runs without a training."""

from dataclasses import replace

import numpy as np

from mdn_gui.core.config import TrainingConfig
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.metrics import StopReason, TrainingHistory
from mdn_gui.core.training_run import TrainingRun
from mdn_gui.ui.runs.shown import RunsShown
from tests.fakes import made_model

HOSTILE = "<b>bold</b>\nnext \u202eright to left <img src='x'>"


def made_data(rows: int = 30, names: tuple[str, ...] = ("dose",)) -> Dataset:
    rng = np.random.default_rng(0)
    x = rng.uniform(-1.0, 1.0, (rows, len(names)))
    return Dataset(x, np.sin(x[:, 0]) + 0.1 * rng.normal(size=rows), names, "response", "made up.csv")


DATA = made_data()


def made_history(nll: float = 0.5, *, epochs: int = 5, held_out: bool = True, **others: object) -> TrainingHistory:
    losses = tuple(nll + 1.0 / epoch for epoch in range(1, epochs + 1))
    history = TrainingHistory(losses, losses if held_out else (), epochs - 1, StopReason.PATIENCE, 12.34, kept_nll=nll)
    return replace(history, **others)


def made_run(
    number: int,
    nll: float = 0.5,
    *,
    data: Dataset = DATA,
    config: TrainingConfig | None = None,
    components: int = 3,
    history: TrainingHistory | None = None,
    **labels: object,
) -> TrainingRun:
    """Return a run whose validation NLL is ``nll``; ``labels`` are those of a TrainingRun."""
    model = made_model(data, number, history or made_history(nll), components)
    model = replace(model, training_config=config or TrainingConfig())
    run = TrainingRun(number, model, "2026-11-23T03:10:00Z", {"numpy": "2.2.0"})
    return replace(run, **labels)


def shown_of(*runs: TrainingRun, **others: object) -> RunsShown:
    """Return these runs beside DATA."""
    return replace(RunsShown(runs, dataset=DATA), **others)
