"""A whole run: what it yields, what it returns, how it ends."""

import dataclasses
import threading
import time

import numpy as np
import pytest
import tensorflow as tf

from mdn_gui.core.config import TrainingConfig, preset
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.metrics import StopReason
from mdn_gui.errors import TrainingError
from mdn_gui.training import compiler
from mdn_gui.training import fit as fit_module
from mdn_gui.training.fit import fit, fit_model
from mdn_gui.training.run import Run
from tests.laws import Cardioid, excess
from tests.training.runs import SHORT, SMALL, bits, cardioid, drained

ENDLESS = dataclasses.replace(SHORT, epochs=1_000_000, patience=1_000_000)


def test_that_a_run_yields_every_epoch_and_returns_their_record():
    yielded, model = drained(fit(cardioid(), SMALL, SHORT))
    assert [metrics.epoch for metrics in yielded] == list(range(1, 13))
    assert {metrics.epochs for metrics in yielded} == {12}
    assert {metrics.patience for metrics in yielded} == {12}
    assert model.history.train_nll == tuple(metrics.train_nll for metrics in yielded)
    assert model.history.validation_nll == tuple(metrics.validation_nll for metrics in yielded)
    assert model.history.best_epoch == int(np.argmin(model.history.validation_nll)) + 1
    assert model.history.stop_reason is StopReason.COMPLETED
    assert model.history.seconds >= yielded[-1].seconds > 0


def test_that_the_model_carries_settings_and_provenance():
    dataset = cardioid()
    model = fit_model(dataset, SMALL, SHORT)
    assert (model.model_config, model.training_config) == (SMALL, SHORT)
    assert model.provenance.source == "cardioid"
    assert model.provenance.num_rows == 200
    assert model.network.scale_floor == pytest.approx(1e-3)


def test_that_snapshots_come_with_the_newest_epoch_of_a_chunk():
    yielded, model = drained(fit(cardioid(), SMALL, SHORT, snapshot_seconds=0.0))
    snapshots = [metrics.snapshot for metrics in yielded if metrics.snapshot]
    assert yielded[0].snapshot or yielded[1].snapshot
    assert all(snapshot.history is None for snapshot in snapshots)
    mixture = snapshots[-1].conditional(np.array([[0.5]]))
    assert np.isfinite(mixture.mean()).all()
    assert mixture.num_components == model.num_components


def test_that_the_reported_nll_is_that_of_the_model_in_data_units():
    x, y = Cardioid().sample(300, np.random.default_rng(5))
    dataset = Dataset(1000.0 * x[:, np.newaxis], 50.0 * y - 7.0, ("x",), "y")
    config = dataclasses.replace(SHORT, noise=0.0, validation_fraction=0.0, batch_size=300, learning_rate=1e-7)
    model = fit_model(dataset, SMALL, config)
    nll = -model.conditional(dataset.x).log_pdf(dataset.y).mean()
    assert model.history.train_nll[-1] == pytest.approx(nll, rel=1e-5)


def test_that_a_rerun_gives_the_same_bits():
    one, same, other = (fit_model(cardioid(), SMALL, dataclasses.replace(SHORT, seed=seed)) for seed in (4, 4, 5))
    assert bits(one) == bits(same) != bits(other)
    assert one.history.train_nll == same.history.train_nll
    assert one.history.validation_nll == same.history.validation_nll


def test_that_the_speed_of_the_machine_changes_no_bit(monkeypatch):
    usual = fit_model(cardioid(), SMALL, SHORT)
    monkeypatch.setattr(fit_module, "_CHUNK_SECONDS", 0.0)
    slow, slow_model = drained(fit(cardioid(), SMALL, SHORT, snapshot_seconds=0.0))
    assert bits(usual) == bits(slow_model)
    assert usual.history.validation_nll == slow_model.history.validation_nll
    assert all(metrics.snapshot for metrics in slow)


def test_that_without_held_out_rows_the_last_epoch_is_kept():
    config = dataclasses.replace(SHORT, validation_fraction=0.0)
    yielded, model = drained(fit(cardioid(), SMALL, config, snapshot_seconds=0.0))
    assert model.history.best_epoch == 12
    assert model.history.validation_nll == ()
    assert model.history.stop_reason is StopReason.COMPLETED
    assert yielded[-1].validation_nll is None
    assert yielded[-1].patience is None
    assert bits(yielded[-1].snapshot) == bits(model)


def test_that_patience_ends_a_run_with_its_best_epoch():
    config = dataclasses.replace(SHORT, epochs=4000, patience=4, batch_size=64, learning_rate=0.05)
    _, model = drained(fit(cardioid(60), SMALL, config))
    history = model.history
    assert history.stop_reason is StopReason.PATIENCE
    assert history.epochs == history.best_epoch + 4
    assert history.best_nll == min(history.validation_nll)


def test_that_a_stop_is_heeded_at_once_with_the_best_epoch_kept():
    stop = threading.Event()
    epochs = fit(cardioid(), SMALL, ENDLESS, stop=stop)
    while next(epochs).epoch < 50:
        continue
    stop.set()
    begin = time.perf_counter()
    _, model = drained(epochs)
    assert time.perf_counter() - begin < 0.5
    assert model.history.stop_reason is StopReason.STOPPED
    assert model.history.epochs >= 50
    assert model.history.best_nll == min(model.history.validation_nll)


def test_that_a_stop_before_the_first_epoch_gives_the_start():
    stop = threading.Event()
    stop.set()
    yielded, model = drained(fit(cardioid(), SMALL, SHORT, stop=stop))
    assert yielded == []
    assert model.history.epochs == 0
    assert model.history.best_epoch == 0
    assert model.history.stop_reason is StopReason.STOPPED
    mixture = model.conditional(np.array([[0.0]]))
    assert mixture.weights.sum() == pytest.approx(1.0)


def test_that_a_discarded_run_leaves_the_next_one_untouched():
    epochs = fit(cardioid(), SMALL, SHORT)
    next(epochs)
    epochs.close()
    assert list(epochs) == []
    assert bits(fit_model(cardioid(), SMALL, SHORT)) == bits(fit_model(cardioid(), SMALL, SHORT))


def test_that_several_inputs_are_learned_from():
    rng = np.random.default_rng(0)
    x = rng.uniform(-1.0, 1.0, (600, 3)) * (1.0, 100.0, 1e-3)
    y = 2.0 * x[:, 0] + 0.02 * x[:, 1] - 1000.0 * x[:, 2] + rng.normal(0.0, 0.2, 600)
    config = TrainingConfig(epochs=100, batch_size=64)
    model = fit_model(Dataset(x, y, ("a", "b", "c"), "y"), SMALL, config)
    test = rng.uniform(-1.0, 1.0, (500, 3)) * (1.0, 100.0, 1e-3)
    truth = 2.0 * test[:, 0] + 0.02 * test[:, 1] - 1000.0 * test[:, 2]
    mixture = model.conditional(test)
    assert np.sqrt(np.mean((mixture.mean() - truth) ** 2)) < 0.15
    assert np.sqrt(mixture.variance()).mean() == pytest.approx(0.2, abs=0.05)


def test_that_the_default_settings_come_close_to_the_cardioid():
    assert excess(Cardioid(), fit_model(cardioid(2000), *preset("default")), n=5000) <= 0.10


def test_that_the_published_recipe_learns_as_published():
    model = fit_model(cardioid(2000), *preset("tfp-example"))
    assert model.history.epochs == 20
    assert 0.10 <= excess(Cardioid(), model, n=5000) <= 0.45


def test_that_lack_of_memory_is_told_with_its_remedy(monkeypatch):
    def exhausted(*_arguments):
        raise tf.errors.ResourceExhaustedError(None, None, "out of memory")

    run = Run(cardioid(), SMALL, SHORT)
    monkeypatch.setattr(compiler, "compiled_chunk", lambda *_arguments, **_options: exhausted)
    with pytest.raises(TrainingError, match="not enough memory") as caught:
        run.advance(1)
    assert "smaller batch" in caught.value.hint
