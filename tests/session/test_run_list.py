"""Runs are kept, labelled, deleted, brought back; which one is shown, laid over, compared."""

from dataclasses import replace

import numpy as np
import pytest

from mdn_gui.core.dataset import Dataset
from mdn_gui.session import run_list as module
from mdn_gui.session.history import History
from mdn_gui.session.run_list import LONGEST_NAME, LONGEST_NOTES, RunList
from tests.fakes import made_model
from tests.session.conftest import Ears


def dataset(name: str = "x", rows: int = 9) -> Dataset:
    x = np.linspace(0.0, 1.0, rows)
    return Dataset(x[:, None], np.sin(x), (name,), "y")


@pytest.fixture
def history(qtbot) -> History:
    return History()


@pytest.fixture
def runs(history: History) -> RunList:
    made = RunList(history)
    for seed in range(3):
        made.take(made_model(dataset(), seed))
    return made


def numbers(runs: RunList) -> list[int]:
    return [run.number for run in runs.runs]


def test_that_runs_are_numbered_in_order_and_the_newest_is_shown(runs):
    assert numbers(runs) == [1, 2, 3]
    assert runs.shown == 3
    assert runs.chosen.number == 2
    assert all(run.ended.endswith("Z") and run.libraries["numpy"] == np.__version__ for run in runs.runs)


def test_that_a_number_is_never_given_twice(runs):
    runs.delete([3])
    assert runs.take(made_model(dataset(), 9)).number == 4
    assert numbers(runs) == [1, 2, 4]


def test_that_a_run_of_a_sweep_is_not_shown(runs):
    run = runs.take(made_model(dataset(), 9), sweep=1)
    assert (run.sweep, runs.shown, runs.chosen.number) == (1, 3, 2)


def test_that_a_continuation_names_the_run_it_continues(runs):
    assert runs.take(made_model(dataset(), 9), continues=2).continues == 2


@pytest.mark.parametrize(
    ("change", "label", "value"),
    [
        (lambda runs: runs.rename(2, "  wide \n net "), "name", "wide net"),
        (lambda runs: runs.rename(2, 999 * "x"), "name", LONGEST_NAME * "x"),
        (lambda runs: runs.note(2, "first\nsecond"), "notes", "first\nsecond"),
        (lambda runs: runs.note(2, 99_999 * "x"), "notes", LONGEST_NOTES * "x"),
        (lambda runs: runs.star(2, on=True), "is_starred", True),
    ],
)
def test_that_labels_can_be_undone(runs, history, hear: Ears, change, label, value):
    edited, before = hear(runs.edited), getattr(runs.run(2), label)
    change(runs)
    assert getattr(runs.run(2), label) == value
    history.stack.undo()
    assert getattr(runs.run(2), label) == before
    history.stack.redo()
    assert getattr(runs.run(2), label) == value
    assert len(edited) == 3
    assert numbers(runs) == [1, 2, 3]


def test_that_the_same_label_again_is_no_edit_but_shown_as_it_is(runs, history, hear: Ears):
    runs.rename(2, "wide")
    changed, edited = hear(runs.changed), hear(runs.edited)
    runs.rename(2, " wide ")
    assert (len(changed), len(edited), history.stack.count()) == (1, 0, 1)


def test_that_a_label_of_no_run_is_passed_over(runs, history):
    runs.rename(77, "x")
    assert history.stack.count() == 0


def test_that_deleted_runs_come_back_in_their_places(runs, history, hear: Ears):
    kept, gone = runs.run(1), hear(runs.shown_deleted)
    runs.tick(1, on=True)
    runs.choose(1)
    runs.delete([1, 2, 77])
    assert numbers(runs) == [3]
    assert (runs.ticked, runs.chosen, gone) == ((), None, [])
    assert history.stack.undoText() == "Delete 2 runs"
    history.stack.undo()
    assert numbers(runs) == [1, 2, 3]
    assert runs.run(1) is kept
    history.stack.redo()
    assert numbers(runs) == [3]


def test_that_a_run_that_ends_between_deletion_and_undo_stays(runs, history):
    runs.delete([1])
    runs.take(made_model(dataset(), 9))
    history.stack.undo()
    assert numbers(runs) == [1, 2, 3, 4]


def test_that_the_deletion_of_the_run_shown_is_told(runs, hear: Ears):
    gone = hear(runs.shown_deleted)
    runs.delete([3])
    assert len(gone) == 1
    assert runs.shown == 0


def test_that_deleting_nothing_is_no_edit(runs, history):
    runs.delete([77])
    assert history.stack.count() == 0


def test_that_ticks_are_kept_in_their_order_each_once(runs):
    for number in (2, 1, 2, 77):
        runs.tick(number, on=True)
    assert runs.ticked == (1, 2)
    runs.tick(1, on=False)
    assert runs.ticked == (2,)


def test_that_only_a_run_that_reads_the_columns_can_be_compared(runs):
    runs.choose(1)
    assert runs.other_than(runs.run(3).model, dataset()) is runs.run(1)
    assert runs.other_than(runs.run(1).model, dataset()) is None
    assert runs.other_than(runs.run(3).model, dataset("z")) is None
    runs.choose(None)
    assert runs.chosen is None


def test_that_the_run_shown_comes_first_among_those_that_fit(runs):
    assert runs.newest_for(dataset()).number == 3
    runs.show(1)
    assert runs.newest_for(dataset()).number == 1
    assert runs.newest_for(dataset("z")) is None


def test_that_a_run_that_saw_these_rows_comes_before_the_one_shown(runs):
    other = runs.take(made_model(dataset(rows=5), 9))
    assert runs.shown == other.number
    assert runs.newest_for(dataset()).number == 3
    assert runs.newest_for(dataset(rows=5)) is other


def test_that_the_number_of_a_model_is_found(runs):
    assert runs.number_of(runs.run(2).model) == 2
    assert runs.number_of(None) == 0


def test_that_a_project_brings_its_runs(runs, history, hear: Ears):
    edited = hear(runs.edited)
    kept = (replace(runs.run(2), number=7),)
    runs.tick(1, on=True)
    runs.hold(kept, 3, 7)
    assert (runs.runs, runs.made, runs.shown, runs.ticked, runs.chosen) == (kept, 7, 7, (), None)
    assert edited == []
    runs.clear()
    assert (runs.runs, runs.made, runs.shown) == ((), 0, 0)


def test_that_the_oldest_run_without_a_star_makes_room(runs, monkeypatch, hear: Ears):
    monkeypatch.setattr(module, "MOST_RUNS", 3)
    full = hear(runs.full)
    runs.star(1, on=True)
    runs.take(made_model(dataset(), 9))
    assert numbers(runs) == [1, 3, 4]
    assert full == [3]
