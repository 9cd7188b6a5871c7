"""The rows drawn from the joint mixture."""

import numpy as np
import pytest

from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.split import split_of_run
from mdn_gui.training import baseline
from mdn_gui.training.baseline import drawn_rows
from mdn_gui.training.mdn import Architecture
from mdn_gui.training.preparation import prepare
from mdn_gui.training.state import StepKind

CONFIG = TrainingConfig(seed=3, validation_fraction=0.5)


def drawn(dataset, seed=3):
    """Return the rows drawn for a run, with those it learns from."""
    train, _ = split_of_run(CONFIG, len(dataset))
    kind = StepKind(Architecture(1, (4,), 2, "tanh"), 1, 16)
    data = prepare(dataset, split_of_run(CONFIG, len(dataset)), ModelConfig(), CONFIG, kind, None)
    return drawn_rows(dataset, train, data, seed), data


@pytest.fixture(scope="module")
def line():
    rng = np.random.default_rng(0)
    x = rng.normal(10.0, 2.0, 600)
    return Dataset(x[:, np.newaxis], 3.0 * x + rng.normal(0.0, 1.5, 600), ("x",), "y")


def test_that_inputs_are_about_those_of_training_rows(line):
    rows, data = drawn(line)
    assert rows.dtype == np.float32
    spread = baseline._SPREAD * len(data.train_rows) ** -0.2
    assert rows[:, 0].mean() == pytest.approx(0.0, abs=0.05)
    assert rows[:, 0].std() == pytest.approx(np.sqrt(1.0 + spread**2), rel=0.03)
    assert len(np.unique(rows[:, 0])) > 0.9 * len(rows)


def test_that_targets_come_from_the_law_of_the_rows(line):
    rows, data = drawn(line)
    x, y = data.x_scaler.restored(rows[:, :1].astype(float)), data.y_scaler.restored(rows[:, 1:].astype(float))
    residuals = (y - 3.0 * x).ravel()
    assert residuals.mean() == pytest.approx(0.0, abs=0.3)
    assert residuals.std() == pytest.approx(1.5, rel=0.1)


def test_that_a_constant_input_stays_constant():
    y = np.random.default_rng(0).normal(size=50)
    rows, _ = drawn(Dataset(np.full((50, 1), 4.0), y, ("x",), "y"))
    assert not rows[:, 0].any()
    assert rows[:, 1].std() == pytest.approx(1.0, abs=0.1)


def test_that_held_out_rows_have_no_part_in_what_is_drawn(line):
    expected, _ = drawn(line)
    _, held_out = split_of_run(CONFIG, len(line))
    x, y = line.x.copy(), line.y.copy()
    x[held_out], y[held_out] = -500.0, 1e4
    rows, _ = drawn(Dataset(x, y, ("x",), "y"))
    np.testing.assert_array_equal(rows, expected)


def test_that_the_joint_mixture_is_fitted_to_the_training_rows_alone(line, monkeypatch):
    seen, fit_joint_mixture = [], baseline.fit_joint_mixture

    def recorded(dataset, *more):
        seen.append(dataset)
        return fit_joint_mixture(dataset, *more)

    monkeypatch.setattr(baseline, "fit_joint_mixture", recorded)
    drawn(line)
    train, _ = split_of_run(CONFIG, len(line))
    np.testing.assert_array_equal(seen[0].x, line.x[train])
    np.testing.assert_array_equal(seen[0].y, line.y[train])


def test_that_the_rows_follow_from_the_seed(line):
    (one, _), (same, _), (other, _) = drawn(line), drawn(line), drawn(line, seed=4)
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)
