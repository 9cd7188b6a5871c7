"""What a run has reached can be recovered."""

import numpy as np
import pytest

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.metrics import EpochMetrics, StopReason, TrainingHistory
from mdn_gui.session.unfinished import Unfinished
from tests.fakes import made_model


@pytest.fixture(scope="module")
def models() -> list[FittedModel]:
    x = np.linspace(0.0, 1.0, 9)
    return [made_model(Dataset(x[:, None], x, ("x",), "y"), seed) for seed in range(4)]


def epoch(number: int, nll: float, snapshot: FittedModel | None = None, *, validation: bool = True) -> EpochMetrics:
    return EpochMetrics(number, 50, nll - 0.1, nll if validation else None, number, 9, 0.5 * number, snapshot)


def test_that_nothing_is_there_before_the_first_snapshot():
    unfinished = Unfinished()
    unfinished.begin(None)
    assert not unfinished.add([epoch(1, 3.0)])
    assert unfinished.model is None


def test_that_the_best_snapshot_is_kept_with_every_epoch(models):
    unfinished = Unfinished()
    unfinished.begin(None)
    assert unfinished.add([epoch(1, 3.0, models[0]), epoch(2, 2.0, models[1])])
    assert not unfinished.add([epoch(3, 2.5, models[2]), epoch(4, 1.0)])
    found = unfinished.model
    assert found.network is models[1].network
    history = found.history
    assert history.stop_reason is StopReason.INTERRUPTED
    assert history.validation_nll == (3.0, 2.0, 2.5, 1.0)
    assert history.train_nll == pytest.approx((2.9, 1.9, 2.4, 0.9))
    assert (history.best_epoch, history.best_nll, history.seconds) == (2, 2.0, 2.0)


def test_that_a_run_without_held_out_rows_is_judged_by_its_training(models):
    unfinished = Unfinished()
    unfinished.begin(None)
    unfinished.add([epoch(1, 3.0, models[0], validation=False), epoch(2, 4.0, models[1], validation=False)])
    assert unfinished.model.network is models[0].network
    assert unfinished.model.history.validation_nll == ()


def test_that_a_continuation_has_the_epochs_before_it(models):
    past = TrainingHistory((5.0, 4.0), (5.5, 4.5), 2, StopReason.PATIENCE, 1.0)
    x = np.linspace(0.0, 1.0, 9)
    continued = made_model(Dataset(x[:, None], x, ("x",), "y"), 0, past)
    unfinished = Unfinished()
    unfinished.begin(continued)
    unfinished.add([epoch(3, 3.0, models[1])])
    assert unfinished.model.history.validation_nll == (5.5, 4.5, 3.0)
    assert unfinished.model.history.best_epoch == 3


def test_that_nothing_is_left_of_a_run_that_has_ended(models):
    unfinished = Unfinished()
    unfinished.begin(None)
    unfinished.add([epoch(1, 3.0, models[0])])
    unfinished.end()
    assert unfinished.model is None
