"""Sweeps made without training."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mdn_gui.core.metrics import StopReason, TrainingHistory
from mdn_gui.core.sweep import FailedRun, SweepResult, SweepRun
from tests.files.models import random_model

NOISE = np.random.default_rng(0).normal(0.0, 1.0, 400)
SMALL = np.random.default_rng(1).normal(0.0, 0.1, (70, 400))
LEVELS = {1: 2.0, 2: 1.0, 3: 0.995, 4: 0.996}
"""NLL by K: 3 is the best, 2 is recommended."""


def made_run(components: int, level: float, seed: int = 0, number: int = 0) -> SweepRun:
    """Return a run with this NLL, but for the sd of a tenth by which its rows differ from those of others."""
    history = TrainingHistory((level,) * 9, (level,) * 9, 5, StopReason.COMPLETED, 1.5)
    model = random_model(seed, components=min(components, 64), hidden=(2,), history=history)
    config = replace(model.training_config, seed=seed)
    own = SMALL[components]
    row_nll = level + NOISE + own - (NOISE + own).mean()
    rows = np.arange(400) + 400 * seed
    return SweepRun(replace(model, training_config=config), rows, row_nll, max(components - 1, 1), number)


def made_result(
    levels: dict[int, float] = LEVELS, seeds: Sequence[int] = (0,), failures: Sequence[FailedRun] = ()
) -> SweepResult:
    """Return a sweep whose runs are numbered from 11; each seed is harder by 0.01 than the one before."""
    pairs = [(k, seed) for seed in seeds for k in levels]
    runs = [made_run(k, levels[k] + 0.01 * seed, seed, 11 + at) for at, (k, seed) in enumerate(pairs)]
    result = SweepResult.of_runs(runs, failures)
    assert result is not None
    return result
