import logging
import threading
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mdn_gui.core.baselines import Rival
from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.dataset import Dataset
from mdn_gui.core.joint_mixture import fit_joint_mixture
from mdn_gui.core.reference_lines import Reference
from mdn_gui.core.samples import sample
from mdn_gui.core.split import train_validation_split
from mdn_gui.errors import DataError
from mdn_gui.session import baseline as baseline_module
from mdn_gui.session.baseline import BaselineFitter, fit_baseline
from tests.fakes import FakeBaselineFit
from tests.session.conftest import Ears

MODEL, CONFIG = ModelConfig(), TrainingConfig()


def joint_nll(fitter: BaselineFitter, model_config: ModelConfig, config: TrainingConfig) -> float | None:
    """Return the NLL of the joint mixture on the rows that judge such a run, where it is known."""
    references = fitter.references_for(model_config, config)
    return next((reference.nll for reference in references if reference.name == Rival.JOINT.value), None)


@pytest.fixture
def fitter(qtbot: QtBot, baseline_fit: FakeBaselineFit) -> Iterator[BaselineFitter]:
    baseline_fit.nll = 1.5
    made = BaselineFitter(baseline_fit)
    yield made
    baseline_fit.may_end.set()
    made.shut_down()
    made.deleteLater()


# -- the fit ----------------------------------------------------------------------------------------------------------


def test_that_the_mixture_learns_from_the_training_rows_and_is_judged_on_the_others(tiny_dataset):
    config = TrainingConfig(seed=3, validation_fraction=0.25)
    baseline = fit_baseline(tiny_dataset, MODEL, config)
    train, held_out = train_validation_split(60, 0.25, 3)
    rows = Dataset(tiny_dataset.x[train], tiny_dataset.y[train], ("dose",), "response")
    expected = fit_joint_mixture(rows, 3)
    np.testing.assert_array_equal(baseline.mixture.means, expected.means)
    nll = -expected.conditional(tiny_dataset.x[held_out]).log_pdf(tiny_dataset.y[held_out]).mean()
    assert baseline.held_out_nll == pytest.approx(nll)
    assert len(held_out) == 15


def test_that_without_held_out_rows_there_is_a_mixture_but_no_nll(tiny_dataset):
    baseline = fit_baseline(tiny_dataset, MODEL, TrainingConfig(validation_fraction=0.0))
    assert baseline.held_out_nll is None
    assert baseline.mixture.num_inputs == 1


def test_that_the_mixture_has_the_transform_of_the_model_and_is_judged_in_data_units(tiny_dataset):
    y = np.exp(tiny_dataset.y)
    dataset = Dataset(tiny_dataset.x, y, tiny_dataset.input_names, "price")
    baseline = fit_baseline(dataset, replace(MODEL, target_transform="log"), CONFIG)
    _, held_out = train_validation_split(len(y), CONFIG.validation_fraction, CONFIG.seed)
    nll = -baseline.mixture.conditional(dataset.x[held_out]).log_pdf(y[held_out]).mean()
    assert baseline.held_out_nll == pytest.approx(nll)
    untransformed = fit_baseline(tiny_dataset, MODEL, CONFIG)
    assert baseline.held_out_nll == pytest.approx(untransformed.held_out_nll + tiny_dataset.y[held_out].mean())


def test_that_a_target_that_does_not_allow_the_transform_gives_no_baseline(tiny_dataset):
    dataset = Dataset(tiny_dataset.x, tiny_dataset.y - tiny_dataset.y.min(), tiny_dataset.input_names, "price")
    assert fit_baseline(dataset, replace(MODEL, target_transform="log"), CONFIG) is None


def test_that_one_training_row_gives_no_baseline():
    assert fit_baseline(Dataset([[0.0], [1.0]], [0.0, 1.0], ("x",), "y"), MODEL, CONFIG) is None


# -- in the background ------------------------------------------------------------------------------------------------


def test_that_the_fit_runs_in_a_thread_of_its_own(qtbot, fitter, baseline_fit, tiny_dataset):
    with qtbot.waitSignal(fitter.changed):
        fitter.follow(tiny_dataset, MODEL, CONFIG)
    assert baseline_fit.threads != [threading.get_ident()]
    assert baseline_fit.asked == [(tiny_dataset, CONFIG)]
    assert fitter.mixture is not None
    assert joint_nll(fitter, MODEL, CONFIG) == 1.5


def test_that_the_nll_is_known_for_runs_of_the_same_split_only(qtbot, fitter, tiny_dataset):
    assert joint_nll(fitter, MODEL, CONFIG) is None
    with qtbot.waitSignal(fitter.changed):
        fitter.follow(tiny_dataset, MODEL, CONFIG)
    assert joint_nll(fitter, MODEL, TrainingConfig(learning_rate=0.1)) == 1.5
    assert joint_nll(fitter, MODEL, TrainingConfig(seed=1)) is None
    assert joint_nll(fitter, MODEL, TrainingConfig(validation_fraction=0.3)) is None


def test_that_steps_in_quick_succession_make_one_fit(qtbot, fitter, baseline_fit, tiny_dataset):
    with qtbot.waitSignal(fitter.changed):
        for seed in range(10):
            fitter.follow(tiny_dataset, MODEL, TrainingConfig(seed=seed))
    assert [config.seed for _, config in baseline_fit.asked] == [9]


def test_that_the_answer_to_an_older_request_is_dropped(qtbot, fitter, baseline_fit, tiny_dataset, hear: Ears):
    changes, answers = hear(fitter.changed), hear(fitter._job._report.ended)
    baseline_fit.may_end.clear()
    fitter.follow(tiny_dataset, MODEL, CONFIG)
    qtbot.waitUntil(lambda: len(baseline_fit.asked) == 1)
    fitter.follow(tiny_dataset, MODEL, TrainingConfig(seed=1))
    baseline_fit.may_end.set()
    qtbot.waitUntil(lambda: len(answers) == 2)
    assert len(changes) == 1
    assert joint_nll(fitter, MODEL, TrainingConfig(seed=1)) == 2.5


def test_that_the_same_data_and_split_are_not_fitted_again(qtbot, fitter, baseline_fit, tiny_dataset):
    with qtbot.waitSignal(fitter.changed):
        fitter.follow(tiny_dataset, MODEL, CONFIG)
    fitter.follow(tiny_dataset, MODEL, TrainingConfig(epochs=7))
    assert not fitter._job._pause.isActive()


def test_that_another_split_keeps_the_mixture_until_its_own_is_there(qtbot, fitter, baseline_fit, tiny_dataset):
    with qtbot.waitSignal(fitter.changed):
        fitter.follow(tiny_dataset, MODEL, CONFIG)
    first = fitter.mixture
    with qtbot.waitSignal(fitter.changed):
        fitter.follow(tiny_dataset, MODEL, TrainingConfig(seed=1))
        assert fitter.mixture is first
    assert fitter.mixture is not first


def test_that_another_transform_is_fitted_anew_and_judges_runs_with_it_only(qtbot, fitter, baseline_fit, tiny_dataset):
    with qtbot.waitSignal(fitter.changed):
        fitter.follow(tiny_dataset, MODEL, CONFIG)
    log = replace(MODEL, target_transform="log")
    assert joint_nll(fitter, log, CONFIG) is None
    with qtbot.waitSignal(fitter.changed):
        fitter.follow(tiny_dataset, log, CONFIG)
    assert baseline_fit.transforms == ["none", "log"]
    assert joint_nll(fitter, log, CONFIG) == 1.5
    assert joint_nll(fitter, MODEL, CONFIG) is None


def test_that_other_data_take_the_mixture_away_at_once(qtbot, fitter, tiny_dataset):
    with qtbot.waitSignal(fitter.changed):
        fitter.follow(tiny_dataset, MODEL, CONFIG)
    fitter.follow(Dataset(tiny_dataset.x, tiny_dataset.y, ("dose",), "response"), MODEL, CONFIG)
    assert fitter.mixture is None
    assert joint_nll(fitter, MODEL, CONFIG) is None


def test_that_a_fit_that_fails_is_logged_and_changes_nothing(qtbot, fitter, baseline_fit, tiny_dataset, hear, caplog):
    changes, answers = hear(fitter.changed), hear(fitter._job._report.ended)
    baseline_fit.error = ZeroDivisionError("surprise")
    with caplog.at_level(logging.ERROR):
        fitter.follow(tiny_dataset, MODEL, CONFIG)
        qtbot.waitUntil(lambda: bool(answers))
    assert "ZeroDivisionError: surprise" in caplog.text
    assert not changes
    assert fitter.mixture is None


def test_that_shutting_down_waits_for_the_fit_and_delivers_nothing(qtbot, fitter, baseline_fit, tiny_dataset, hear):
    changes, answers = hear(fitter.changed), hear(fitter._job._report.ended)
    baseline_fit.may_end.clear()
    fitter.follow(tiny_dataset, MODEL, CONFIG)
    qtbot.waitUntil(lambda: len(baseline_fit.asked) == 1)
    threading.Timer(0.05, baseline_fit.may_end.set).start()
    fitter.shut_down()
    assert fitter._job._pool.activeThreadCount() == 0
    qtbot.waitUntil(lambda: bool(answers))
    assert not changes


def test_that_shutting_down_before_the_fit_begins_never_begins_it(qtbot, fitter, baseline_fit, tiny_dataset):
    fitter.follow(tiny_dataset, MODEL, CONFIG)
    fitter.shut_down()
    assert not fitter._job._pause.isActive()
    assert not baseline_fit.asked


# -- the references ---------------------------------------------------------------------------------------------------


def test_that_the_references_of_a_run_are_those_of_its_split_and_transform(qtbot, fitter, tiny_dataset):
    with qtbot.waitSignal(fitter.changed):
        fitter.follow(tiny_dataset, MODEL, CONFIG)
    assert fitter.references_for(MODEL, CONFIG) == (Reference("joint mixture", 1.5),)
    assert fitter.references_for(MODEL, TrainingConfig(seed=1)) == ()
    assert fitter.references_for(replace(MODEL, target_transform="log"), CONFIG) == ()


def test_that_everything_a_run_is_measured_against_is_judged_with_the_baseline():
    dataset = sample("cardioid").table(300, 0).complete_rows(("x",), "y").dataset
    found = fit_baseline(dataset, MODEL, CONFIG)
    names = ["joint mixture", "one Gaussian", "unconditional mixture", "truth"]
    assert [each.name for each in found.references] == names
    assert found.references[0].nll == found.held_out_nll
    assert fit_baseline(dataset, MODEL, TrainingConfig(validation_fraction=0.0)).references == ()


def test_that_a_baseline_without_other_references_is_still_one(monkeypatch, tiny_dataset):
    def refuse(*_arguments):
        raise DataError("No finite sd.", "Scale the target.")

    monkeypatch.setattr(baseline_module, "reference_lines", refuse)
    found = fit_baseline(tiny_dataset, MODEL, CONFIG)
    assert [each.name for each in found.references] == ["joint mixture"]


def test_that_the_mixture_is_told_for_runs_of_its_split_and_transform_only(qtbot, fitter, tiny_dataset):
    with qtbot.waitSignal(fitter.changed):
        fitter.follow(tiny_dataset, MODEL, CONFIG)
    assert fitter.mixture_for(MODEL, CONFIG) is fitter.mixture
    assert fitter.mixture_for(MODEL, replace(CONFIG, seed=7)) is None
    assert fitter.mixture_for(replace(MODEL, target_transform="log"), CONFIG) is None
