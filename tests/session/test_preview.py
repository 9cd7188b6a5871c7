"""What the session shows before there is a network, and what the network is measured against."""

import threading

import numpy as np
import pytest

from mdn_gui.core.baselines import Rival
from mdn_gui.core.config import ModelConfig, TrainingConfig
from mdn_gui.core.reference_lines import Reference
from mdn_gui.session.messages import RunState
from mdn_gui.session.session import Session
from tests.fakes import FakeBaselineFit, FakeFit
from tests.session.conftest import Ears
from tests.session.test_session import made_table


def joint_nll(references: tuple[Reference, ...]) -> float:
    """Return the NLL of the joint mixture among the references of a run."""
    return next(reference.nll for reference in references if reference.name == Rival.JOINT.value)


@pytest.fixture
def previewed(qtbot, session: Session, baseline_fit: FakeBaselineFit) -> Session:
    baseline_fit.nll = 1.5
    session.open_table(made_table(dose=np.linspace(-2, 2, 21), response=np.arange(21) % 5))
    qtbot.waitUntil(lambda: session.is_preview)
    return session


def begin_run(qtbot, session: Session, fit: FakeFit) -> None:
    """Train up to the first snapshot; the run then waits."""
    fit.free.clear()
    session.start_training()
    fit.allow(1)
    qtbot.waitUntil(lambda: session.model is not None)


def test_that_columns_are_enough_to_read_a_preview(previewed, baseline_fit, fit):
    assert previewed.model is None
    assert previewed.instrument.reading.is_preview
    previewed.instrument.set_cursor(0.7)
    expected = previewed._baselines.mixture.conditional([[0.7]])
    np.testing.assert_array_equal(previewed.instrument.reading.mixture.locs, expected.locs)
    assert previewed.state is RunState.DATA
    assert not fit.runs
    assert len(baseline_fit.asked) == 1


def test_that_a_pin_can_be_put_on_the_preview(previewed):
    previewed.instrument.add_pin(1.0)
    assert previewed.instrument.pins[-1].reading.is_preview


def test_that_without_a_baseline_there_is_no_preview(qtbot, session, baseline_fit, hear: Ears):
    answers = hear(session._baselines._job._report.ended)
    session.open_table(made_table())
    qtbot.waitUntil(lambda: bool(answers))
    assert (session.is_preview, session.instrument.reading, session.model) == (False, None, None)


def test_that_the_network_takes_over_with_its_first_snapshot(qtbot, previewed, fit, hear: Ears):
    shown = hear(previewed.instrument.section_changed)
    fit.free.clear()
    previewed.start_training()
    assert previewed.is_preview  # until there is something to take its place
    fit.allow(1)
    qtbot.waitUntil(lambda: bool(shown))
    assert not previewed.is_preview
    assert shown[0].model is previewed.model
    assert not previewed.instrument.reading.is_preview
    fit.free.set()
    qtbot.waitUntil(lambda: previewed.state is RunState.FITTED)
    assert not previewed.instrument.reading.is_preview


def test_that_a_baseline_that_comes_late_does_not_replace_the_network(qtbot, session, baseline_fit, fit, hear: Ears):
    baseline_fit.nll = 1.5
    baseline_fit.may_end.clear()
    session.open_table(made_table())
    begin_run(qtbot, session, fit)
    shown, references = hear(session.instrument.section_changed), hear(session.references_changed)
    baseline_fit.may_end.set()
    qtbot.waitUntil(lambda: bool(references))
    assert not shown
    assert not session.instrument.reading.is_preview


def test_that_discarding_the_first_run_brings_the_preview_back(qtbot, previewed, fit):
    begin_run(qtbot, previewed, fit)
    previewed.discard_run()
    qtbot.waitUntil(lambda: not previewed.state.is_running)
    assert previewed.is_preview
    assert previewed.instrument.reading.is_preview


def test_that_new_data_take_the_old_preview_away(qtbot, previewed, baseline_fit):
    baseline_fit.may_end.clear()
    previewed.open_table(made_table("other"))
    assert not previewed.is_preview
    assert previewed.instrument.reading is None
    baseline_fit.may_end.set()
    qtbot.waitUntil(lambda: previewed.is_preview)
    assert baseline_fit.asked[-1][0] is previewed.dataset


@pytest.mark.parametrize("change", [{"seed": 4}, {"validation_fraction": 0.5}])
def test_that_another_split_is_fitted_anew(qtbot, previewed, baseline_fit, change):
    previewed.configure(ModelConfig(), TrainingConfig(**change))
    qtbot.waitUntil(lambda: len(baseline_fit.asked) == 2)
    assert baseline_fit.asked[1] == (previewed.dataset, TrainingConfig(**change))


def test_that_settings_that_leave_the_split_alone_start_no_fit(previewed):
    previewed.configure(ModelConfig(num_components=2), TrainingConfig(epochs=7))
    assert not previewed._baselines._job._pause.isActive()


def test_that_settings_before_any_data_start_no_fit(session, baseline_fit):
    session.configure(ModelConfig(), TrainingConfig(seed=4))
    assert not session._baselines._job._pause.isActive()


def test_that_shutting_down_waits_for_the_fit_of_the_preview(qtbot, session, baseline_fit):
    baseline_fit.may_end.clear()
    session.open_table(made_table())
    qtbot.waitUntil(lambda: bool(baseline_fit.asked))
    threading.Timer(0.05, baseline_fit.may_end.set).start()
    session.shut_down()
    assert session._baselines._job._pool.activeThreadCount() == 0


# -- the reference ----------------------------------------------------------------------------------------------------


def test_that_a_run_is_told_the_nll_of_the_baseline_on_its_held_out_rows(qtbot, previewed, fit, hear: Ears):
    references = hear(previewed.references_changed)
    begin_run(qtbot, previewed, fit)
    assert [joint_nll(each) for each in references] == [1.5]


def test_that_without_held_out_rows_there_is_no_reference(qtbot, previewed, baseline_fit, fit, hear: Ears):
    previewed.configure(ModelConfig(), TrainingConfig(validation_fraction=0.0))
    with qtbot.waitSignal(previewed._baselines.changed):
        pass
    references = hear(previewed.references_changed)
    begin_run(qtbot, previewed, fit)
    assert references == []


def test_that_the_run_shown_keeps_its_reference_when_the_next_split_is_fitted(qtbot, previewed, fit, hear: Ears):
    previewed.start_training()
    qtbot.waitUntil(lambda: previewed.state is RunState.FITTED)
    references = hear(previewed.references_changed)
    previewed.configure(ModelConfig(), TrainingConfig(seed=4))
    with qtbot.waitSignal(previewed._baselines.changed):
        pass
    assert references == []
    previewed.start_training()
    assert [joint_nll(each) for each in references] == [5.5]
