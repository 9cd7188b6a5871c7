"""The mark of the run that is subtracted: only where a difference is drawn or was asked for."""

import pytest

from mdn_gui.core.training_run import TrainingRun
from mdn_gui.ui.runs.columns import Place
from mdn_gui.ui.runs.shown import RunsShown, better_elsewhere
from tests.fakes import made_model
from tests.ui.runs.made import DATA, made_data, made_history, made_run
from tests.ui.stage import Stage


@pytest.fixture
def twice(fitted: Stage) -> Stage:
    """A window with two runs, the second of which is shown."""
    fitted.train()
    return fitted


def shown(stage: Stage) -> RunsShown:
    return stage.window.runs.panel.table.runs.shown


def test_that_a_run_nobody_chose_is_not_marked(twice: Stage):
    assert twice.session.run_list.chosen.number == 1
    assert shown(twice).chosen == 0


def test_that_it_is_marked_while_the_layer_is_on(twice: Stage):
    twice.window.fit_panel.switches["difference"].setChecked(True)
    assert shown(twice).chosen == 1
    twice.window.fit_panel.switches["difference"].setChecked(False)
    assert shown(twice).chosen == 0


def test_that_a_run_that_a_person_chose_is_marked_until_another_run_ends(twice: Stage):
    twice.session.run_list.choose(1)
    assert shown(twice).chosen == 1
    twice.train()
    assert shown(twice).chosen == 0


def test_that_the_header_explains_the_mark(twice: Stage):
    model = twice.window.runs.panel.table.runs
    assert "difference" in model._columns[Place.MARK].tip


def of_sweep(number: int, nll: float) -> TrainingRun:
    return made_run(number, nll, sweep=1)


def test_that_the_best_run_outside_that_beats_all_of_the_same_rows_is_found():
    sweep = [of_sweep(1, 0.5), of_sweep(2, 0.4)]
    other_rows = made_run(6, 0.1, data=made_data(31))
    others = [made_run(3, 0.45), made_run(4, 0.3), made_run(5, 0.2), other_rows]
    assert better_elsewhere(sweep, [*sweep, *others]) is others[2]
    assert better_elsewhere(sweep, [*sweep, others[0], other_rows]) is None
    assert better_elsewhere((), others) is None
    assert better_elsewhere(sweep, [*sweep, made_run(7, 0.3999)]) is None
    without = TrainingRun(9, made_model(DATA, 9, made_history(0.1, held_out=False)))
    assert better_elsewhere(sweep, [*sweep, without]) is None
