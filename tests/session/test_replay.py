"""The snapshots of a run that are kept; the fit shown as it was."""

import math
from dataclasses import replace

import numpy as np
import pytest

from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.metrics import EpochMetrics
from mdn_gui.session.messages import RunProgress, RunState
from mdn_gui.session.replay import Replay, Snapshots
from mdn_gui.session.runs import Runs
from tests.fakes import FakeFit, made_model
from tests.session.conftest import Ears
from tests.session.test_session import made_table


@pytest.fixture(scope="module")
def model():
    return made_model(made_table().complete_rows(("dose",), "response").dataset)


def epoch(number: int, model=None, best: int = 1) -> EpochMetrics:
    return EpochMetrics(number, 10**6, 1.0, 1.1, best, 9, 0.1, model)


def filled(model, numbers, most=64, most_bytes=2**40, best=1) -> Snapshots:
    kept = Snapshots((), most, most_bytes)
    for number in numbers:
        kept.add((epoch(number, model, best),))
    return kept


# -- what is kept -----------------------------------------------------------------------------------------------------


def test_that_every_snapshot_of_a_batch_is_kept(model):
    kept = Snapshots()
    assert not kept.add((epoch(1), epoch(2)))
    assert kept.add((epoch(3, model), epoch(4), epoch(5, model), epoch(6, model), epoch(7)))
    assert kept.epochs == (3, 5, 6)


@pytest.mark.parametrize("step", [1, 7, 300])
def test_that_a_long_run_keeps_its_snapshots_evenly_spread(model, step):
    numbers = range(1, 3000 * step, step)
    kept = filled(model, numbers)
    assert len(kept) == 64
    assert (kept.epochs[0], kept.epochs[-1]) == (numbers[0], numbers[-1])
    gaps = np.diff(np.sqrt(kept.epochs))
    assert gaps.max() < 3.5 * math.sqrt(numbers[-1]) / 63
    assert len(set(kept.epochs)) == 64


def test_that_snapshots_that_come_ever_more_seldom_stay_spread_too(model):
    numbers = sorted({int(1.02**k) for k in range(700)})
    kept = filled(model, numbers)
    assert len(kept) == 64
    assert {numbers[0], numbers[-1]} <= set(kept.epochs)


def test_that_the_snapshot_of_the_best_epoch_stays(model):
    kept = filled(model, range(1, 101))
    kept.add((epoch(101, model, best=101),))
    for number in range(102, 5000):
        kept.add((epoch(number, model, best=101),))
    assert 101 in kept.epochs
    assert len(kept) == 64
    for number in range(5000, 6000):
        kept.add((epoch(number, model, best=number),))
    assert kept.epochs[-1] == 5999


def test_that_their_weights_take_no_more_memory_than_stated(model):
    size = filled(model, (1,)).num_bytes
    assert size == sum(array.nbytes for array in (*model.network.kernels, *model.network.biases)) > 0
    kept = filled(model, range(1, 500), most_bytes=10 * size + 1)
    assert len(kept) == 10
    assert kept.num_bytes <= 10 * size + 1
    assert (kept.epochs[0], kept.epochs[-1]) == (1, 499)


@pytest.mark.parametrize(("room", "left"), [(0.5, ()), (1.0, (9,)), (2.0, (1, 9)), (3.0, (1, 4, 9))])
def test_that_models_too_large_for_all_are_kept_as_far_as_there_is_room(model, room, left):
    size = filled(model, (1,)).num_bytes
    kept = filled(model, (1, 4, 9), most_bytes=int(room * size))
    assert kept.epochs == left


def test_that_an_epoch_is_shown_by_the_snapshot_of_it_or_before_it(model):
    kept = filled(model, (10, 20, 40))
    assert [kept.at(asked).epoch for asked in (1, 10, 19, 20, 39, 40, 999)] == [10, 10, 10, 20, 20, 40, 40]
    assert Snapshots().at(5) is None


def test_that_a_run_that_goes_on_takes_what_is_before_it(model):
    kept = filled(model, (10, 20, 40), most=3)
    assert kept.up_to(39).epochs == (10, 20)
    later = kept.up_to(40)
    later.add((epoch(50, model),))
    assert len(later.epochs) == 3
    assert kept.epochs == (10, 20, 40)


# -- showing the past -------------------------------------------------------------------------------------------------


@pytest.fixture
def runs(qtbot, fit: FakeFit, tiny_dataset):
    made = Runs(fit.load)
    made.begin_anew()
    yield made
    fit.free.set()
    made.runner.shut_down()
    made.deleteLater()


def train(qtbot, runs: Runs, dataset, continued=None) -> None:
    runs.start(dataset, ModelConfig(), TrainingConfig(), continued)
    qtbot.waitUntil(lambda: not runs.state.is_running)


@pytest.fixture
def fitted(qtbot, runs, tiny_dataset) -> Runs:
    """Runs of which one is finished: five epochs, a snapshot of each."""
    train(qtbot, runs, tiny_dataset)
    return runs


def locs(model) -> np.ndarray:
    return model.conditional([[0.3]]).locs


def test_that_an_epoch_of_the_past_is_shown_in_place_of_the_fit(fitted, tiny_dataset, hear: Ears):
    models, replays = hear(fitted.model_changed), hear(fitted.replay_changed)
    fitted.show_epoch(2)
    np.testing.assert_array_equal(locs(fitted.model), locs(made_model(tiny_dataset, 2)))
    assert fitted.shown_epoch == 2
    assert fitted.state is RunState.FITTED
    assert fitted.fitted is not fitted.model
    assert replays == [Replay((1, 2, 3, 4, 5), 2)]
    fitted.show_epoch(None)
    assert fitted.model is fitted.fitted
    assert (fitted.shown_epoch, len(models)) == (None, 2)


def test_that_what_is_shown_already_is_not_sent_again(fitted, hear: Ears):
    fitted.show_epoch(4)
    models, replays = hear(fitted.model_changed), hear(fitted.replay_changed)
    fitted.show_epoch(4)
    assert (models, replays) == ([], [])


def test_that_without_snapshots_the_past_cannot_be_shown(runs, hear: Ears):
    models = hear(runs.model_changed)
    runs.show_epoch(3)
    assert (runs.shown_epoch, runs.model, models) == (None, None, [])


def test_that_all_snapshots_of_one_message_are_kept_but_the_newest_alone_is_shown(qtbot, runs, fit, tiny_dataset):
    fit.free.clear()
    runs.start(tiny_dataset, ModelConfig(), TrainingConfig())
    first, second = made_model(tiny_dataset, 7), made_model(tiny_dataset, 8)
    runs._take_progress(RunProgress(1, (epoch(1, first), epoch(2, second), epoch(3))))
    assert runs.snapshots.epochs == (1, 2)
    assert runs.model is second
    runs._take_progress(RunProgress(1, (epoch(4, first),)))
    assert runs.snapshots.epochs == (1, 2, 4)
    assert runs.model is second  # views are not drawn anew more often than four times a second


def test_that_a_run_goes_on_behind_the_past(qtbot, runs, fit, tiny_dataset, hear: Ears):
    fit.free.clear()
    replays = hear(runs.replay_changed)
    runs.start(tiny_dataset, ModelConfig(), TrainingConfig())
    fit.allow(1)
    qtbot.waitUntil(lambda: runs.model is not None)
    runs.show_epoch(1)
    shown, models = runs.model, hear(runs.model_changed)
    assert replays[-1] == Replay((1,), 1, is_live=True)
    fit.free.set()
    qtbot.waitUntil(lambda: not runs.state.is_running)
    assert runs.model is shown
    assert models == []
    assert runs.fitted.history.epochs == 5
    assert replays[-1] == Replay((1, 2, 3, 4, 5), 1)
    runs.show_epoch(None)
    assert runs.model is runs.fitted


def test_that_a_new_run_ends_the_past(qtbot, fitted, fit, tiny_dataset, hear: Ears):
    fitted.show_epoch(2)
    fit.free.clear()
    replays = hear(fitted.replay_changed)
    fitted.start(tiny_dataset, ModelConfig(), TrainingConfig())
    assert fitted.shown_epoch is None
    assert fitted.model is fitted.fitted  # until there is a snapshot
    assert replays[-1] == Replay((), None, is_live=True)


def test_that_a_discarded_run_gives_the_snapshots_of_the_run_before_back(qtbot, fitted, fit, tiny_dataset, hear: Ears):
    first, kept = fitted.fitted, fitted.snapshots
    fit.free.clear()
    fitted.start(tiny_dataset, ModelConfig(), TrainingConfig())
    fit.allow(1)
    qtbot.waitUntil(lambda: fitted.snapshots.epochs == (1,))
    fitted.show_epoch(1)
    replays = hear(fitted.replay_changed)
    fitted.discard()
    qtbot.waitUntil(lambda: not fitted.state.is_running)
    assert fitted.snapshots is kept
    assert fitted.model is fitted.fitted is first
    assert replays[-1] == Replay((1, 2, 3, 4, 5))


def test_that_a_run_that_fails_gives_them_back_too(qtbot, fitted, fit, tiny_dataset):
    kept = fitted.snapshots
    fit.error = ZeroDivisionError("surprise")
    train(qtbot, fitted, tiny_dataset)
    assert fitted.snapshots is kept


def test_that_a_continued_run_keeps_the_snapshots_of_the_run_before(qtbot, fitted, tiny_dataset):
    train(qtbot, fitted, tiny_dataset, fitted.fitted)
    assert fitted.snapshots.epochs == tuple(range(1, 11))


def test_that_a_run_from_an_earlier_fit_keeps_what_is_before_it_only(qtbot, fitted, tiny_dataset):
    origin = fitted.fitted
    train(qtbot, fitted, tiny_dataset, origin)
    train(qtbot, fitted, tiny_dataset, replace(origin))
    assert fitted.snapshots.epochs == tuple(range(1, 11))
    np.testing.assert_array_equal(locs(fitted.snapshots.at(7).model), locs(made_model(tiny_dataset, 7)))


def test_that_a_new_beginning_forgets_the_past(fitted, hear: Ears):
    fitted.show_epoch(2)
    replays = hear(fitted.replay_changed)
    fitted.begin_anew()
    assert (fitted.model, fitted.shown_epoch, len(fitted.snapshots)) == (None, None, 0)
    assert replays == [Replay()]
