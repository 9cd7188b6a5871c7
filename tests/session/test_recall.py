"""Earlier runs are shown again, continued, their settings taken; a sweep's runs are kept."""

from dataclasses import replace

import numpy as np
import pytest

from mdn_gui.core.sweep import SweepPlan
from mdn_gui.session.messages import RunState
from mdn_gui.session.session import Session
from tests.fakes import FakeFit
from tests.session.conftest import Ears
from tests.session.test_session import made_table


@pytest.fixture
def two_runs(qtbot, session: Session) -> Session:
    x = np.linspace(-2, 2, 41)
    session.open_table(made_table(dose=x, extra=x**2, response=np.arange(41) % 5))
    for components in (2, 7):
        session.configure(replace(session.model_config, num_components=components), session.training_config)
        train(qtbot, session)
    return session


def train(qtbot, session: Session) -> None:
    session.start_training()
    wait(qtbot, session)


def wait(qtbot, session: Session) -> None:
    qtbot.waitUntil(lambda: not session.state.is_running)


def test_that_an_earlier_run_is_shown_and_read(two_runs, hear: Ears):
    changed = hear(two_runs.model_changed)
    assert two_runs.recall.show(1)
    run = two_runs.run_list.run(1)
    assert two_runs.fitted is run.model
    assert two_runs.run_list.shown == 1
    assert len(changed) == 1
    mixture = two_runs.instrument.reading.mixture
    assert mixture.locs[0].tolist() == run.model.conditional([[two_runs.instrument.reading.x]]).locs[0].tolist()


def test_that_its_columns_get_their_roles(qtbot, two_runs):
    two_runs.choose_columns(("extra",), "response")
    train(qtbot, two_runs)
    assert two_runs.recall.show(1)
    assert two_runs.dataset.input_names == ("dose",)
    assert two_runs.run_list.shown == 1
    assert two_runs.recall.show(3)
    assert two_runs.dataset.input_names == ("extra",)
    assert two_runs.fitted is two_runs.run_list.run(3).model


def test_that_nothing_is_shown_while_a_run_is_under_way(qtbot, two_runs, fit: FakeFit, hear: Ears):
    fit.free.clear()
    two_runs.start_training()
    noticed = hear(two_runs.noticed)
    assert not two_runs.recall.show(1)
    two_runs.recall.take_settings_of(1)
    assert len(noticed) == 2
    assert two_runs.run_list.shown == 2
    assert two_runs.model_config.num_components == 7


def test_that_no_run_is_no_harm(two_runs):
    assert not two_runs.recall.show(77)
    two_runs.recall.take_settings_of(77)
    assert two_runs.run_list.shown == 2


def test_that_settings_are_taken_and_that_is_undone(two_runs):
    first = two_runs.run_list.run(1).model
    two_runs.recall.take_settings_of(1)
    assert (two_runs.model_config, two_runs.training_config) == (first.model_config, first.training_config)
    two_runs.history.stack.undo()
    assert two_runs.model_config.num_components == 7


def test_that_an_earlier_run_is_trained_further(qtbot, two_runs, fit: FakeFit):
    two_runs.recall.continue_from(1)
    wait(qtbot, two_runs)
    assert fit.continued[-1] is two_runs.run_list.run(1).model
    assert two_runs.run_list.runs[-1].continues == 1
    assert two_runs.run_list.shown == 3


def test_that_the_run_before_is_shown_where_the_one_shown_is_deleted(two_runs):
    two_runs.run_list.delete([2])
    assert two_runs.fitted is two_runs.run_list.run(1).model
    assert two_runs.run_list.shown == 1
    two_runs.run_list.delete([1])
    assert two_runs.fitted is None
    assert two_runs.state is RunState.DATA
    two_runs.history.stack.undo()
    two_runs.history.stack.undo()
    assert [run.number for run in two_runs.run_list.runs] == [1, 2]


def test_that_what_was_shown_is_shown_again_when_its_deletion_is_undone(two_runs):
    runs = two_runs.run_list
    two_runs.recall.show(1)
    runs.tick(1, on=True)
    runs.tick(2, on=True)
    runs.choose(1)
    runs.delete([1])
    assert (runs.shown, runs.ticked, runs.chosen) == (2, (2,), None)
    two_runs.history.stack.undo()
    assert (runs.shown, runs.chosen.number) == (1, 1)
    assert set(runs.ticked) == {1, 2}
    assert two_runs.fitted is runs.run(1).model


def test_that_the_run_shown_comes_back_with_its_columns(qtbot, two_runs):
    two_runs.recall.show(1)
    two_runs.choose_columns(("extra",), "response")
    two_runs.history.stack.undo()
    assert two_runs.run_list.shown == 1
    two_runs.choose_columns(("extra",), "response")
    train(qtbot, two_runs)
    two_runs.history.stack.undo()
    assert two_runs.run_list.shown == 1
    assert two_runs.fitted is two_runs.run_list.run(1).model


def test_that_a_run_trained_since_stays_when_rows_come_back(qtbot, two_runs):
    two_runs.exclude_rows([1])
    train(qtbot, two_runs)
    two_runs.history.stack.undo()
    assert two_runs.run_list.shown == 3
    assert two_runs.fitted is two_runs.run_list.run(3).model


def test_that_the_run_that_is_shown_now_is_told(two_runs, hear: Ears):
    shown = hear(two_runs.recall.shown)
    two_runs.recall.show(1)
    assert [run.number for run in shown] == [1]


def test_that_another_run_is_shown_while_a_sweep_goes_on(qtbot, two_runs, fit: FakeFit):
    fit.free.clear()
    two_runs.start_sweep(SweepPlan((1, 2), (0,)))
    assert two_runs.recall.show(1)
    assert two_runs.state is RunState.SWEEPING
    assert two_runs.fitted is two_runs.run_list.run(1).model
    fit.free.set()
    wait(qtbot, two_runs)
    assert two_runs.run_list.shown == 1


def test_that_another_table_begins_with_the_settings_of_new_documents(two_runs):
    table = made_table(dose=np.arange(5.0), response=np.arange(5.0) ** 2)
    usual = replace(two_runs.model_config, num_components=4), two_runs.training_config
    two_runs.default_settings = usual
    two_runs.open_table(table)
    assert (two_runs.model_config, two_runs.training_config) == usual


def test_that_reset_weights_keeps_the_runs(two_runs):
    two_runs.reset_weights()
    assert two_runs.run_list.shown == 0
    assert len(two_runs.run_list.runs) == 2
    assert two_runs.recall.show(2)


def test_that_another_table_begins_without_runs(two_runs):
    two_runs.open_table(made_table(dose=np.arange(5.0), response=np.arange(5.0) ** 2))
    assert two_runs.run_list.runs == ()
    assert two_runs.fitted is None


def test_that_the_runs_of_a_sweep_are_kept_and_the_fit_stays(qtbot, two_runs):
    fitted = two_runs.fitted
    two_runs.start_sweep(SweepPlan((1, 2), (0, 1)))
    assert two_runs.state is RunState.SWEEPING
    wait(qtbot, two_runs)
    swept = two_runs.run_list.runs[2:]
    assert [(run.sweep, run.model.training_config.seed) for run in swept] == [(1, 0), (1, 0), (1, 1), (1, 1)]
    assert two_runs.fitted is fitted
    assert two_runs.run_list.shown == 2
    two_runs.start_sweep(SweepPlan((3,), (0,)))
    wait(qtbot, two_runs)
    assert two_runs.run_list.runs[-1].sweep == 2


def test_that_a_sweep_without_a_fit_leaves_one(qtbot, two_runs):
    two_runs.run_list.delete([1, 2])
    two_runs.start_sweep(SweepPlan((1, 2), (0,)))
    wait(qtbot, two_runs)
    assert two_runs.run_list.shown == 4
    assert two_runs.fitted is two_runs.run_list.run(4).model


def test_that_a_sweep_without_held_out_rows_is_refused_with_a_reason(two_runs, hear: Ears):
    refused = hear(two_runs.refused)
    two_runs.configure(two_runs.model_config, replace(two_runs.training_config, validation_fraction=0.0))
    two_runs.start_sweep(SweepPlan((1, 2), (0,)))
    assert len(refused) == 1
    assert refused[0].hint
    assert not two_runs.state.is_running
