"""What is asked of the runs that are shown."""

import math

import pytest

from mdn_gui.core.config import TrainingConfig
from mdn_gui.session.history import History
from mdn_gui.session.run_list import RunList
from mdn_gui.ui.runs.shown import Rows, RunsShown, validation_nll
from tests.ui.runs.made import DATA, made_data, made_history, made_run, shown_of

OTHER_ROWS, OTHER_COLUMNS = made_data(20), made_data(30, ("dose", "extra"))


def test_that_runs_of_one_split_differ_by_their_nll():
    first, second = made_run(1, 0.5), made_run(2, 0.25, config=TrainingConfig(epochs=7, learning_rate=0.1))
    shown = shown_of(first, second, shown=1)
    assert shown.nll_difference(second) == -0.25
    assert math.isnan(shown.nll_difference(first))


@pytest.mark.parametrize(
    "changes",
    [
        {"data": OTHER_ROWS},
        {"data": OTHER_COLUMNS},
        {"config": TrainingConfig(seed=1)},
        {"config": TrainingConfig(validation_fraction=0.2)},
        {"history": made_history(0.2, held_out=False)},
    ],
)
def test_that_runs_judged_on_other_rows_are_not_compared(changes):
    first, second = made_run(1), made_run(2, **changes)
    assert math.isnan(shown_of(first, second, shown=1).nll_difference(second))
    assert math.isnan(shown_of(first, second, shown=2).nll_difference(first))
    assert math.isnan(shown_of(first, second, shown=0).nll_difference(first))


def test_that_an_nll_of_the_training_rows_is_not_called_validation_nll():
    assert math.isnan(validation_nll(made_run(1, history=made_history(0.2, held_out=False))))
    assert validation_nll(made_run(1, 0.2)) == 0.2


def test_that_each_run_says_what_it_learned_from():
    shown = shown_of(made_run(1), made_run(2, data=OTHER_ROWS), made_run(3, data=OTHER_COLUMNS))
    assert [shown.rows_of(run) for run in shown.runs] == [Rows.THESE, Rows.OTHER, Rows.OTHER_COLUMNS]
    assert RunsShown(shown.runs).rows_of(shown.runs[0]) is None


def test_that_it_is_made_of_the_list_of_runs():
    runs = RunList(History())
    for number in (1, 2, 3):
        runs.take(made_run(number).model)
    runs.tick(1, on=True)
    shown = RunsShown.of(runs, DATA)
    assert (shown.runs, shown.shown, shown.ticked, shown.chosen) == (runs.runs, 3, (1,), 2)
    assert shown.dataset is DATA
    runs.choose(None)
    assert RunsShown.of(runs, None).chosen == 0
