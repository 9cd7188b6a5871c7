import dataclasses
import math

import pytest

from mdn_gui.core.metrics import EpochMetrics, StopReason, TrainingHistory

EPOCH = EpochMetrics(8, 20, 1.5, 1.7, 5, 4, 2.0)
HISTORY = TrainingHistory((3.0, 2.0, 1.0), (3.5, 1.5, 2.5), 2, StopReason.COMPLETED, 4.0)


def changed(**values):
    return dataclasses.replace(EPOCH, **values)


def test_that_validation_judges_where_there_is_one():
    assert EPOCH.judged_nll == 1.7
    assert changed(validation_nll=None).judged_nll == 1.5


def test_that_epochs_are_counted_from_the_best_one():
    assert EPOCH.epochs_since_best == 3
    assert changed(best_epoch=8).epochs_since_best == 0
    assert changed(best_epoch=0).epochs_since_best == 8


def test_that_a_continued_run_counts_no_epoch_of_the_run_before():
    assert changed(first_epoch=7).epochs_since_best == 2
    assert changed(first_epoch=7, best_epoch=7).epochs_since_best == 1


def test_that_the_time_left_follows_from_the_epochs_of_this_run():
    assert EPOCH.seconds_left_at_most == pytest.approx(12 * 2.0 / 8)
    assert changed(first_epoch=7).seconds_left_at_most == pytest.approx(12 * 2.0 / 2)
    assert changed(epoch=9).seconds_left_at_most == 0.0
    assert changed(epoch=9, patience=None).seconds_left_at_most > 0


def test_that_the_best_nll_is_that_of_the_epoch_kept():
    assert HISTORY.best_nll == 1.5
    assert dataclasses.replace(HISTORY, validation_nll=(), best_epoch=3).best_nll == 1.0
    assert HISTORY.epochs == 3


def test_that_the_best_nll_is_that_of_what_was_kept_where_it_is_no_epoch_of_one_network():
    assert dataclasses.replace(HISTORY, kept_nll=0.25).best_nll == 0.25
    assert dataclasses.replace(HISTORY, kept_nll=0.0).best_nll == 0.0


def test_that_there_is_no_best_nll_before_the_first_epoch():
    assert math.isnan(TrainingHistory((), (), 0, StopReason.STOPPED, 0.0).best_nll)
