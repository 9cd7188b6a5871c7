"""What tells how far the fit can be trusted follows the fit: calibration, restarts, other runs, findings."""

from dataclasses import replace

import pytest

from mdn_gui.core.calibration import Calibration, Judge
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.selection import HoldOut
from mdn_gui.session.calibrating import Unjudged
from mdn_gui.ui.theme import DARK
from mdn_gui.ui.theme_switch import ThemeChoice
from tests.ui.stage import Stage


def calibration(stage: Stage) -> Calibration:
    """Return what is shown of the fit, once it is known."""
    panel = stage.window.trust.panel
    stage.qtbot.waitUntil(lambda: panel._found is not Unjudged.BUSY)
    assert isinstance(panel._found, Calibration)
    return panel._found


def with_restarts(model: FittedModel) -> FittedModel:
    """Return the model as one of three restarts."""
    network = model.network
    moved = [replace(network, biases=(*network.biases[:-1], network.biases[-1] + shift)) for shift in (0.1, 0.2)]
    return replace(model, restarts=(network, *moved))


def with_twin(model: FittedModel) -> FittedModel:
    """Return a model whose second component is like its first."""
    network, count = model.network, model.num_components
    kernel, bias = network.kernels[-1].copy(), network.biases[-1].copy()
    for part in range(3):
        kernel[:, part * count + 1], bias[part * count + 1] = kernel[:, part * count], bias[part * count]
    kernels, biases = (*network.kernels[:-1], kernel), (*network.biases[:-1], bias)
    return replace(model, network=replace(network, kernels=kernels, biases=biases))


@pytest.fixture
def two_runs(fitted: Stage) -> tuple[Stage, FittedModel, FittedModel]:
    """A window after two runs, with the fit of each."""
    first = fitted.session.fitted
    fitted.train()
    return fitted, first, fitted.session.fitted


# -- calibration ------------------------------------------------------------------------------------------------------


def test_that_a_finished_fit_is_judged_on_rows_that_it_did_not_learn_from(fitted: Stage):
    found = calibration(fitted)
    assert found.judge is Judge.VALIDATION
    assert 0 < found.num_rows < 60
    assert fitted.window.trust.panel.sentence


def test_that_the_test_set_judges_where_there_is_one(with_data: Stage):
    with_data.session.hold_out(HoldOut(0.25))
    with_data.train()
    found = calibration(with_data)
    assert (found.judge, found.num_rows) == (Judge.TEST, 15)


def test_that_nothing_is_judged_before_a_fit_nor_after_it(with_data: Stage):
    panel = with_data.window.trust.panel
    assert panel._found is Unjudged.NO_FIT
    with_data.train()
    calibration(with_data)
    with_data.trigger("reset_weights")
    assert panel._found is Unjudged.NO_FIT


def test_that_a_run_under_way_leaves_the_judgement_of_the_fit(fitted: Stage):
    before = calibration(fitted)
    fitted.train_until_running()
    assert fitted.window.trust.panel._found is before
    fitted.trigger("discard_run")
    fitted.wait_for_idle()
    assert fitted.window.trust.panel._found is before


def test_that_a_fit_of_other_rows_is_not_judged(fitted: Stage):
    calibration(fitted)
    fitted.session.exclude_rows([3])
    fitted.qtbot.waitUntil(lambda: fitted.window.trust.panel._found is Unjudged.OTHER_ROWS)
    fitted.session.restore_rows()
    assert calibration(fitted).num_rows > 0


def test_that_the_groups_follow_the_axis_of_the_plot(two_inputs: Stage):
    calibration(two_inputs)
    panel = two_inputs.window.trust.panel
    assert panel.reliability.place == 0
    two_inputs.session.instrument.choose_axis(1)
    assert panel.reliability.place == 1


def test_that_the_panel_takes_the_colours_of_another_theme(fitted: Stage):
    fitted.window.choose_theme(ThemeChoice.DARK)
    assert {plot._theme for plot in fitted.window.trust.panel.plots} == {DARK}


# -- restarts ---------------------------------------------------------------------------------------------------------


def test_that_the_restarts_of_the_fit_are_offered_along_the_line(with_data: Stage):
    with_data.session.choose_columns(("dose", "extra"), "response")
    with_data.fit.finish = with_restarts
    with_data.train()
    members = with_data.plot.stack.subject.members
    assert [each.model.network for each in members] == list(with_data.session.fitted.restarts)
    assert with_data.plot.stack.is_offered("members")
    with_data.session.instrument.hold(1, 0.75)
    members = with_data.plot.stack.subject.members
    assert {float(each.line.held[1]) for each in members} == {0.75}
    assert all(each.line is with_data.session.instrument.line for each in members)


def test_that_a_snapshot_has_no_restarts(with_data: Stage):
    with_data.fit.finish = with_restarts
    with_data.train()
    with_data.session.show_epoch(2)
    assert with_data.plot.stack.subject.members == ()
    with_data.trigger("show_fit")
    assert len(with_data.plot.stack.subject.members) == 3


def test_that_a_fit_without_restarts_offers_none(fitted: Stage):
    assert fitted.plot.stack.subject.members == ()
    assert not fitted.plot.stack.is_offered("members")


# -- other runs -------------------------------------------------------------------------------------------------------


def test_that_the_run_before_is_offered_for_comparison(two_runs):
    stage, first, _ = two_runs
    other = stage.plot.stack.subject.comparison
    assert (other.section.model, other.name) == (first, "run 1")
    assert stage.plot.stack.is_offered("difference")
    stage.session.run_list.choose(None)
    assert stage.plot.stack.subject.comparison is None
    assert not stage.plot.stack.is_offered("difference")


def test_that_the_other_run_is_read_along_the_same_line(with_data: Stage):
    with_data.session.choose_columns(("dose", "extra"), "response")
    with_data.train()
    with_data.train()
    with_data.session.instrument.choose_axis(1)
    assert with_data.plot.stack.subject.comparison.section.line is with_data.session.instrument.line


def test_that_an_epoch_of_the_past_can_be_compared_too(two_runs):
    stage, first, _ = two_runs
    stage.session.show_epoch(2)
    assert stage.plot.stack.subject.comparison.section.model is first


def test_that_a_run_of_other_inputs_is_not_compared(two_runs):
    stage, _, _ = two_runs
    stage.session.choose_columns(("extra",), "response")
    assert stage.plot.stack.subject.comparison is None
    stage.train()
    assert stage.session.run_list.chosen.number == 2
    assert stage.plot.stack.subject.comparison is None


# -- components that are not needed -----------------------------------------------------------------------------------


def test_that_a_duplicate_is_marked_and_its_removal_offered(with_data: Stage):
    with_data.fit.finish = with_twin
    with_data.train()
    desk, panel = with_data.window.trust, with_data.window.reading_panel
    with_data.qtbot.waitUntil(lambda: bool(desk.findings))
    assert [each.kind for each in desk.findings] == ["duplicate"]
    assert panel.findings.text.startswith("* Component 2 can go")
    assert panel.findings.isVisible()
    with_data.fit.finish, with_data.fit.components = lambda model: model, 2
    panel.findings.link.click()
    with_data.wait_for_idle()
    assert with_data.fit.continued[-1].num_components == 2
    with_data.qtbot.waitUntil(lambda: not desk.findings)
    assert panel.findings.isHidden()


def test_that_findings_go_when_the_rows_are_others(with_data: Stage):
    with_data.fit.finish = with_twin
    with_data.train()
    with_data.qtbot.waitUntil(lambda: bool(with_data.window.trust.findings))
    with_data.session.exclude_rows([3])
    assert with_data.window.trust.findings == ()
    with_data.qtbot.waitUntil(lambda: not with_data.window.trust._finder._job.is_busy)
    assert with_data.window.trust.findings == ()
    assert not with_data.window.actions_by_id["remove_components"].isEnabled()
    with_data.session.restore_rows()
    with_data.qtbot.waitUntil(lambda: bool(with_data.window.trust.findings))
    assert with_data.window.actions_by_id["remove_components"].isEnabled()
