"""When a run hands out the model as it is."""

import dataclasses
import itertools
import math

import pytest

from mdn_gui.core.metrics import EpochMetrics
from mdn_gui.training import fit as fit_module
from mdn_gui.training.fit import fit, fit_model
from tests.training.runs import SHORT, SMALL, bits, cardioid, drained

LONG = dataclasses.replace(SHORT, epochs=200, patience=200)


def epoch(number: int, first: int = 1) -> EpochMetrics:
    return EpochMetrics(number, 10**6, 1.0, 1.0, 1, None, 0.0, first_epoch=first)


def epochs_with_snapshots(seconds_an_epoch: float, cost: float, last: int, *, limit: float = 0.25, first: int = 1):
    """Return after which epochs a snapshot is due in a run of such a speed, each snapshot at such a cost."""
    due, found, now = fit_module._Due(limit), [], 0.0
    for number in range(first, first + last):
        now += seconds_an_epoch
        if due.is_due(epoch(number, first), now):
            found.append(number)
            due.took(epoch(number, first), now, now + cost)
            now += cost
    return found


def test_that_snapshots_are_frequent_while_the_run_is_young():
    found = epochs_with_snapshots(0.002, 0.0001, 400)
    assert found[:12] == [1, 4, 7, 10, 13, 16, 19, 22, 25, 28, 31, 34]
    assert len(found) > 50
    assert all(later - now <= max(0.06 * later + 1, 3) for now, later in itertools.pairwise(found))


def test_that_snapshots_that_nobody_waits_for_take_a_fiftieth_of_the_time_at_most():
    for cost in (0.0001, 0.001, 0.01):
        found = epochs_with_snapshots(0.001, cost, 10_000, limit=1e9)
        assert len(found) > 1
        assert (len(found) - 1) * cost <= 0.02 * (10.0 + len(found) * cost)


def test_that_an_old_run_is_seen_as_often_as_asked_for():
    found = epochs_with_snapshots(0.001, 0.0001, 100_000)
    assert max(later - now for now, later in itertools.pairwise(found)) <= 251


def test_that_a_continued_run_counts_as_young_again():
    assert epochs_with_snapshots(0.002, 0.0001, 30, first=1001)[:3] == [1001, 1004, 1007]


def test_that_no_snapshot_is_due_after_an_infinite_time():
    assert epochs_with_snapshots(1.0, 0.0, 100, limit=math.inf) == []


def test_that_a_short_run_has_snapshots_enough_to_look_back_at(monkeypatch):
    monkeypatch.setattr(fit_module, "_CHUNK_SECONDS", 0.0)  # one step a chunk, so that every epoch ends one
    yielded, _ = drained(fit(cardioid(), SMALL, LONG, snapshot_seconds=3600.0))
    assert sum(metrics.snapshot is not None for metrics in yielded) >= 8
    assert any(metrics.snapshot is not None for metrics in yielded[:2])


def test_that_a_snapshot_has_the_same_bits_whenever_others_are_taken(monkeypatch):
    monkeypatch.setattr(fit_module, "_CHUNK_SECONDS", 0.0)
    every, model = drained(fit(cardioid(), SMALL, LONG, snapshot_seconds=0.0))
    some, same = drained(fit(cardioid(), SMALL, LONG, snapshot_seconds=3600.0))
    assert all(metrics.snapshot for metrics in every)
    kept = [metrics for metrics in some if metrics.snapshot]
    assert 1 < len(kept) < len(every)
    assert [bits(metrics.snapshot) for metrics in kept] == [bits(every[m.epoch - 1].snapshot) for m in kept]
    assert bits(model) == bits(same) == bits(fit_model(cardioid(), SMALL, LONG))
    assert [metrics.train_nll for metrics in some] == [metrics.train_nll for metrics in every]


@pytest.mark.parametrize("seconds", [0.0, 0.25, math.inf])
def test_that_snapshots_change_nothing_that_is_recorded(seconds):
    _, model = drained(fit(cardioid(), SMALL, SHORT, snapshot_seconds=seconds))
    expected = fit_model(cardioid(), SMALL, SHORT)
    assert model.history.validation_nll == expected.history.validation_nll
    assert bits(model) == bits(expected)
