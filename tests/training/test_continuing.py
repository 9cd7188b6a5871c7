"""A run that goes on where a finished one ended."""

import dataclasses
import threading

import numpy as np
import pytest

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.metrics import StopReason
from mdn_gui.core.network import NetworkAverage
from mdn_gui.errors import ConfigError
from mdn_gui.training import run as run_module
from mdn_gui.training.fit import fit, fit_model
from mdn_gui.training.run import Run
from tests.training.runs import AVERAGED, SHORT, SMALL, bits, cardioid, drained, held_out_nll

DATA = cardioid()


def continued(model, *, dataset=DATA, model_config=SMALL, training_config=None, stop=None):
    """Continue a run with its own settings but for those given."""
    config = training_config or model.training_config
    return drained(fit(dataset, model_config, config, continued=model, stop=stop, snapshot_seconds=0.0))


@pytest.fixture(scope="module")
def finished():
    return fit_model(DATA, SMALL, SHORT)


@pytest.fixture(scope="module")
def averaged():
    return fit_model(DATA, SMALL, AVERAGED)


def stopped_at_once(model, **changed):
    stop = threading.Event()
    stop.set()
    return continued(model, stop=stop, **changed)[1]


def test_that_a_continued_run_counts_its_epochs_on(finished):
    yielded, model = continued(finished)
    assert [metrics.epoch for metrics in yielded] == list(range(13, 25))
    assert {metrics.epochs for metrics in yielded} == {24}
    assert {metrics.first_epoch for metrics in yielded} == {13}
    assert model.history.epochs == 24
    assert model.history.stop_reason is StopReason.COMPLETED


def test_that_the_record_of_a_continued_run_is_behind_that_of_the_run_before(finished):
    yielded, model = continued(finished)
    history, before = model.history, finished.history
    assert history.train_nll == before.train_nll + tuple(metrics.train_nll for metrics in yielded)
    assert history.validation_nll == before.validation_nll + tuple(metrics.validation_nll for metrics in yielded)
    assert history.seconds > before.seconds
    assert history.best_epoch == int(np.argmin(history.validation_nll)) + 1


def test_that_a_continued_run_begins_with_the_weights_of_the_run_before(finished):
    config = dataclasses.replace(SHORT, learning_rate=1e-7, noise=0.0, epochs=1)
    yielded, _ = continued(finished, training_config=config)
    assert yielded[0].validation_nll == pytest.approx(held_out_nll(finished, DATA), abs=1e-3)


def test_that_a_continued_run_learns_on(finished):
    _, model = continued(finished)
    assert held_out_nll(model, DATA) < held_out_nll(finished, DATA)
    assert model.history.best_epoch > 12
    assert model.history.kept_nll is None


def test_that_a_continued_run_gives_the_same_bits_again(finished):
    (_, one), (_, same) = continued(finished), continued(finished)
    assert bits(one) == bits(same)
    assert one.history.validation_nll == same.history.validation_nll


def test_that_the_order_and_noise_of_a_continued_run_are_not_those_of_the_run_before(finished):
    yielded, _ = continued(finished, training_config=dataclasses.replace(SHORT, learning_rate=1e-7))
    assert len({metrics.train_nll for metrics in yielded}) == 12
    assert yielded[0].train_nll != finished.history.train_nll[0]


@pytest.mark.parametrize(("rows", "rate"), [(200, 0.3), (30_000, 0.1)])
def test_that_a_run_stays_the_result_until_an_epoch_is_better(rows, rate):
    dataset = cardioid(rows)
    config = dataclasses.replace(SHORT, epochs=1, batch_size=2000 if rows > 2000 else 32)
    before = fit_model(dataset, SMALL, dataclasses.replace(config, epochs=30))
    wild = dataclasses.replace(config, learning_rate=rate, schedule="constant", weight_averaging=0.0)
    yielded, model = continued(before, dataset=dataset, training_config=wild)
    assert yielded[0].validation_nll > before.history.best_nll
    assert yielded[0].best_epoch == model.history.best_epoch == before.history.best_epoch
    assert bits(model) == bits(before)
    assert model.history.best_nll == pytest.approx(held_out_nll(before, dataset), abs=1e-4)


def test_that_a_continued_run_that_is_stopped_at_once_is_the_run_before(finished):
    model = stopped_at_once(finished)
    assert bits(model) == bits(finished)
    assert model.history.validation_nll == finished.history.validation_nll
    assert model.history.best_epoch == finished.history.best_epoch
    assert model.history.best_nll == pytest.approx(finished.history.best_nll, abs=1e-4)
    assert model.history.stop_reason is StopReason.STOPPED


def test_that_patience_counts_from_where_a_continued_run_began(finished):
    config = dataclasses.replace(SHORT, epochs=50, patience=3, learning_rate=0.5, schedule="constant")
    yielded, model = continued(finished, training_config=config)
    assert model.history.stop_reason is StopReason.PATIENCE
    assert yielded[-1].epoch == max(model.history.best_epoch, 12) + 3


def test_that_a_run_whose_best_epoch_is_long_past_is_continued():
    before = fit_model(DATA, SMALL, SHORT)
    before = dataclasses.replace(before, history=dataclasses.replace(before.history, best_epoch=2))
    run = Run(DATA, SMALL, dataclasses.replace(SHORT, patience=3), before)
    assert [metrics.epoch for metrics in run.advance(1000)][:3] == [13, 14, 15]


def test_that_scaling_and_limits_are_those_of_the_run_before(finished):
    moved = Dataset(DATA.x + 3.0, 2.0 * DATA.y, DATA.input_names, DATA.target_name)
    _, model = continued(finished, dataset=moved)
    for name in ("x_scaler", "y_scaler"):
        np.testing.assert_array_equal(getattr(model, name).mean, getattr(finished, name).mean)
        np.testing.assert_array_equal(getattr(model, name).sd, getattr(finished, name).sd)
    assert model.network.scale_floor == finished.network.scale_floor
    assert model.network.scale_ceiling == finished.network.scale_ceiling


def test_that_an_average_is_continued_with_all_its_networks(averaged):
    yielded, model = continued(averaged)
    assert yielded[-1].epoch == 160
    assert isinstance(model.network, NetworkAverage)
    assert held_out_nll(model, DATA) < held_out_nll(averaged, DATA)
    assert model.history.best_nll == pytest.approx(held_out_nll(model, DATA), abs=1e-5)


def test_that_a_continued_average_that_is_stopped_at_once_is_that_average(averaged):
    model = stopped_at_once(averaged)
    assert len(model.network.members) == len(averaged.network.members) > 1
    assert held_out_nll(model, DATA) == pytest.approx(held_out_nll(averaged, DATA), abs=1e-4)


def test_that_the_best_of_a_continued_average_is_told_with_its_own_nll(averaged):
    model = stopped_at_once(averaged, training_config=dataclasses.replace(AVERAGED, combination="best"))
    assert len(model.network.members) == 1
    assert model.history.best_nll == pytest.approx(held_out_nll(model, DATA), abs=1e-4)


def test_that_a_continued_run_that_finds_nothing_better_still_learned_from_the_joint_mixture(monkeypatch):
    monkeypatch.setattr(run_module, "simplest_nearly_best", lambda _rows, _networks, _order: (1, 0.5))
    config = dataclasses.replace(SHORT, distillation=True)
    before = fit_model(DATA, SMALL, config)
    assert before.history.distilled
    model = stopped_at_once(before, training_config=config)
    assert bits(model) == bits(before)
    assert model.history.distilled
    assert model.history.best_nll == pytest.approx(held_out_nll(before, DATA), abs=1e-4)


def test_that_a_run_without_held_out_rows_is_continued_to_its_last_epoch():
    config = dataclasses.replace(SHORT, validation_fraction=0.0)
    yielded, model = continued(fit_model(DATA, SMALL, config))
    assert model.history.best_epoch == model.history.epochs == 24
    assert bits(model) == bits(yielded[-1].snapshot)


@pytest.mark.parametrize(
    ("changed", "what", "remedy"),
    [
        ({"model_config": dataclasses.replace(SMALL, num_components=3)}, "model's settings", "new run"),
        ({"model_config": dataclasses.replace(SMALL, activation="elu")}, "model's settings", "new run"),
        ({"dataset": dataclasses.replace(DATA, input_names=("z",))}, "inputs", "new run"),
        ({"training_config": dataclasses.replace(SHORT, seed=1)}, "seed or the validation", "Keep both"),
        (
            {"training_config": dataclasses.replace(SHORT, validation_fraction=0.3)},
            "seed or the validation",
            "held out",
        ),
    ],
    ids=["components", "activation", "inputs", "seed", "validation"],
)
def test_that_what_does_not_continue_a_run_is_refused_with_a_remedy(finished, changed, what, remedy):
    with pytest.raises(ConfigError, match=what) as caught:
        continued(finished, **changed)
    assert remedy in caught.value.hint


def test_that_the_settings_of_training_may_change(finished):
    config = dataclasses.replace(SHORT, epochs=3, learning_rate=1e-3, batch_size=50, noise=0.0, weight_decay=0.1)
    yielded, model = continued(finished, training_config=config)
    assert [metrics.epoch for metrics in yielded] == [13, 14, 15]
    assert model.training_config == config
