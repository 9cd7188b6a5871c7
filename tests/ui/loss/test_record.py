from dataclasses import replace

import numpy as np
import pytest

from mdn_gui.core.metrics import StopReason, TrainingHistory
from mdn_gui.ui.loss.record import RunRecord, column_starts, smoothed, thinned
from tests.ui.loss.runs import epochs


def test_that_epochs_join_whatever_their_batches():
    whole, pieces = RunRecord(), RunRecord()
    every = epochs(1, 1000, best=900)
    whole.append(every)
    for begin in range(0, 1000, 7):
        pieces.append(every[begin : begin + 7])
    pieces.append(())
    assert len(pieces) == 1000
    for name in ("epochs", "log_epochs", "train", "validation", "judged"):
        np.testing.assert_array_equal(getattr(pieces, name), getattr(whole, name))
    assert pieces.best == whole.best == 899


def test_that_a_finished_run_is_told_by_its_history():
    history = TrainingHistory((3.0, 2.0, 1.0), (), 3, StopReason.COMPLETED, 1.0)
    record = RunRecord.of(history)
    assert record.train.tolist() == [3.0, 2.0, 1.0]
    assert record.validation is None
    assert record.best == 2


def test_that_the_best_epoch_of_a_run_before_is_not_looked_for_beyond_it():
    record = RunRecord()
    assert record.best is None
    record.append(epochs(13, 20, best=5))
    assert record.best is None
    assert record.nearest(14.4) == 1
    assert (record.nearest(-1e9), record.nearest(1e9)) == (0, 7)


def test_that_thinning_keeps_the_extremes_of_each_column():
    values = np.random.default_rng(0).normal(size=10_000)
    place = np.log10(np.arange(1.0, 10_001.0))
    starts = column_starts(place, 300)
    x, y = thinned(place, values, starts)
    assert len(starts) <= 300
    assert len(x) == 2 * len(starts)
    assert starts[0] == 0
    ends = [*starts[1:], 10_000]
    for k, (begin, end) in enumerate(zip(starts, ends, strict=True)):
        assert y[2 * k] == values[begin:end].min()
        assert y[2 * k + 1] == values[begin:end].max()
        assert x[2 * k] == x[2 * k + 1] == place[begin]


@pytest.mark.parametrize("reach", [0.03, 0.1, 0.3])
def test_that_a_smoothed_value_is_the_mean_of_its_neighbours(reach):
    values = np.random.default_rng(1).normal(size=500) - 7.0
    places = np.array([0, 1, 9, 100, 333, 498, 499])
    expected = [values[max(i - int(reach * (i + 1)), 0) : i + int(reach * (i + 1)) + 1].mean() for i in places]
    np.testing.assert_allclose(smoothed(values, places, reach), expected, rtol=1e-12)


def test_that_each_stretch_of_a_continued_run_is_smoothed_by_itself():
    values = np.concatenate([np.full(200, 3.0), np.full(100, 1.0), np.full(50, 2.0)])
    places = np.arange(0, 350, 7)
    np.testing.assert_allclose(smoothed(values, places, 0.3, (200, 300)), values[places], rtol=1e-12)
    assert abs(smoothed(values, places, 0.3) - values[places]).max() > 0.5


def test_that_a_record_knows_where_it_was_continued():
    record = RunRecord.of(TrainingHistory((3.0, 2.0, 1.0), (), 3, StopReason.COMPLETED, 1.0))
    further = [replace(each, first_epoch=4) for each in epochs(4, 9, validation=False)]
    record.append(further[:2])
    record.append(further[2:])
    assert record.seams == (3,)
    again = RunRecord.of(TrainingHistory(tuple(record.train.tolist()), (), 3, StopReason.COMPLETED, 1.0))
    again.take_seams(record)
    again.append([replace(each, first_epoch=10) for each in epochs(10, 11, validation=False)])
    assert again.seams == (3, 9)
    other = RunRecord.of(TrainingHistory((3.5, 2.0, 1.0, 0.0), (), 3, StopReason.COMPLETED, 1.0))
    other.take_seams(record)
    assert other.seams == ()


def test_that_a_straight_line_and_a_constant_stay_what_they_are():
    every = np.arange(300)
    np.testing.assert_allclose(smoothed(np.full(300, 5.0), every, 0.3), 5.0, rtol=1e-15)
    inside = every[:200]
    np.testing.assert_allclose(smoothed(2.0 * every - 50.0, inside, 0.3), 2.0 * inside - 50.0, rtol=1e-12)


@pytest.mark.parametrize("where", [0, 250, 999])
def test_that_one_huge_value_leaves_the_digits_of_distant_ones(where):
    values = np.random.default_rng(2).normal(size=1000)
    spiked = values.copy()
    spiked[where] = 1e30
    far = np.array([i for i in (5, 60, 500, 800) if abs(i - where) > 0.1 * (i + 1)])
    np.testing.assert_allclose(smoothed(spiked, far, 0.1), smoothed(values, far, 0.1), atol=1e-8)
