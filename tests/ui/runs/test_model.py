"""The rows of the list of runs."""

import time
from dataclasses import replace

import pytest
from PySide6.QtCore import QItemSelectionModel, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from mdn_gui.core.metrics import StopReason
from mdn_gui.ui.runs.columns import Place
from mdn_gui.ui.runs.model import RunsModel
from mdn_gui.ui.runs.shown import RunsShown
from mdn_gui.ui.theme import LIGHT
from tests.ui.runs.made import HOSTILE, made_data, made_history, made_run, shown_of

UP, DOWN = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


@pytest.fixture
def model(qtbot) -> RunsModel:
    made = RunsModel()
    made.tester = QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal)
    return made


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch):
    """A clock one hour ahead of UTC in winter."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def text(model: RunsModel, row: int, place: Place, role: Qt.ItemDataRole = Qt.ItemDataRole.DisplayRole) -> str:
    return str(model.index(row, place).data(role))


def column(model: RunsModel, place: Place) -> list[str]:
    return [text(model, row, place) for row in range(model.rowCount())]


def spoken(model: RunsModel, place: Place) -> list[str]:
    return [text(model, row, place, Qt.ItemDataRole.AccessibleTextRole) for row in range(model.rowCount())]


def test_that_each_run_has_a_row_the_newest_first(model):
    model.show_runs(shown_of(made_run(1), made_run(2, name="best"), made_run(3)))
    assert model.numbers == (3, 2, 1)
    assert column(model, Place.NAME) == ["Run 3", "best", "Run 1"]
    assert column(model, Place.NUMBER) == ["3", "2", "1"]


def test_that_a_row_tells_what_is_known_of_the_run(model, berlin):
    history = made_history(-0.41234, epochs=1200, stop_reason=StopReason.STOPPED)
    run = made_run(2, components=8, history=history, continues=1, sweep=4, notes="two\nlines", is_starred=True)
    model.show_runs(shown_of(made_run(1, -0.4), run, shown=1, ticked=(2,)))
    row = {place: text(model, 0, place) for place in Place}
    assert row[Place.COMPONENTS] == "8"
    assert row[Place.NLL] == "-0.4123"
    assert row[Place.DIFFERENCE] == "-0.0123"
    assert row[Place.EPOCHS] == "1,199 / 1,200"
    assert row[Place.REASON] == "by you"
    assert row[Place.SECONDS] == "12.3"
    assert row[Place.ENDED] == "2026-11-23 04:10"
    assert row[Place.ORIGIN] == "run 1, sweep 4"
    assert row[Place.ROWS] == "these rows"
    assert row[Place.NOTES] == "two lines"
    assert text(model, 1, Place.DIFFERENCE) == ""
    assert spoken(model, Place.STAR) == ["starred", "not starred"]
    assert spoken(model, Place.OVERLAY) == ["laid over", "not laid over"]
    assert spoken(model, Place.MARK) == ["", "shown"]


def test_that_what_is_not_known_is_empty(model):
    run = made_run(1, history=made_history(held_out=False), ended="no time")
    model.show_runs(RunsShown((run,)))
    for place in (Place.NLL, Place.DIFFERENCE, Place.ENDED, Place.ORIGIN, Place.ROWS, Place.NOTES):
        assert text(model, 0, place) == ""


def test_that_the_run_shown_the_one_subtracted_are_marked(model):
    model.show_runs(shown_of(made_run(1), made_run(2), shown=1, chosen=2))
    assert spoken(model, Place.MARK) == ["subtracted", "shown"]
    shown, other = (model.index(row, Place.NAME) for row in (1, 0))
    assert shown.data(Qt.ItemDataRole.FontRole).bold()
    assert other.data(Qt.ItemDataRole.FontRole) is None
    assert shown.data(Qt.ItemDataRole.ForegroundRole).name() == LIGHT.accent


def test_that_numbers_are_sorted_as_numbers_missing_ones_last(model):
    kept = [made_run(1, 9.5), made_run(2, 10.25), made_run(3, -1.0)]
    model.show_runs(shown_of(*kept, made_run(4, history=made_history(held_out=False))))
    model.sort(Place.NLL, UP)
    assert model.numbers == (3, 1, 2, 4)
    model.sort(Place.NLL, DOWN)
    assert model.numbers == (2, 1, 3, 4)


def test_that_starred_runs_come_first_each_the_newest_first(model):
    model.show_runs(shown_of(*(made_run(number, is_starred=number in {2, 4}) for number in range(1, 6))))
    for order in (UP, DOWN):
        model.sort(Place.STAR, order)
        assert model.numbers == (4, 2, 5, 3, 1)


def test_that_names_are_sorted_whatever_their_case_those_without_one_last(model):
    model.show_runs(shown_of(made_run(1, name="beta"), made_run(2), made_run(3, name="Alpha"), made_run(10)))
    model.sort(Place.NAME, UP)
    assert column(model, Place.NAME) == ["Alpha", "beta", "Run 10", "Run 2"]


@pytest.mark.parametrize("place", list(Place))
def test_that_every_column_sorts(model, place):
    runs = [made_run(1), made_run(2, name="b", notes="x"), made_run(3, data=made_data(20), continues=2)]
    model.show_runs(shown_of(*runs, made_run(4, history=made_history(held_out=False)), shown=1, ticked=(3,), chosen=2))
    for order in (UP, DOWN):
        model.sort(place, order)
        assert sorted(model.numbers) == [1, 2, 3, 4]
        assert text_of_header(model, place).endswith(("▴", "▾")[order is DOWN])


def text_of_header(model: RunsModel, place: Place) -> str:
    return str(model.headerData(place, Qt.Orientation.Horizontal))


def test_that_the_filter_looks_at_names_and_notes(model):
    model.show_runs(shown_of(made_run(1, name="Wide Tails"), made_run(2, notes="tails too\nthin"), made_run(12)))
    for typed, numbers in (("TAILS", (2, 1)), ("too thin", (2,)), ("run 1", (12,)), ("", (12, 2, 1)), ("(", ())):
        model.show_filter(typed)
        assert model.numbers == numbers
    model.show_filter("tails")
    model.show_runs(shown_of(made_run(1, name="Wide Tails"), made_run(13, name="tails"), made_run(14)))
    assert model.numbers == (13, 1)


def test_that_rows_keep_their_place_in_a_selection_when_runs_come_and_go(model):
    runs = [made_run(number, 1.0 / number) for number in range(1, 6)]
    model.show_runs(shown_of(*runs))
    model.sort(Place.NLL, UP)
    kept = QPersistentModelIndex(model.index(model.row_of(3), Place.NAME))
    selection = QItemSelectionModel(model)
    selection.select(model.index(model.row_of(4), 0), QItemSelectionModel.SelectionFlag.Select)
    model.show_runs(shown_of(runs[0], runs[2], runs[3], made_run(6, 0.3), made_run(7, 99.0)))
    assert model.numbers == (4, 6, 3, 1, 7)
    assert model.run_at(kept.row()).number == 3
    assert [model.run_at(index.row()).number for index in selection.selectedIndexes()] == [4]
    model.sort(Place.NLL, DOWN)
    assert model.run_at(kept.row()).number == 3


def test_that_a_change_elsewhere_leaves_a_name_alone_that_is_being_written(model, qtbot):
    runs = [made_run(1), made_run(2)]
    model.show_runs(shown_of(*runs))
    changed: list[range] = []
    model.dataChanged.connect(lambda first, last: changed.append(range(first.column(), last.column() + 1)))
    model.show_runs(shown_of(*runs, made_run(3), shown=3, ticked=(1,)))
    model.show_runs(shown_of(*runs, model.shown.runs[2], shown=1))
    wholes = [columns for columns in changed if Place.NAME in columns or Place.NOTES in columns]
    assert len(wholes) == 1  # the new run alone
    assert any(Place.OVERLAY in columns for columns in changed)


def test_that_what_is_written_is_told_on_one_line_without_tricks(model, qtbot):
    model.show_runs(shown_of(made_run(1)))
    index = model.index(0, Place.NAME)
    for typed, told in (
        (HOSTILE, "<b>bold</b> next right to left <img src='x'>"),
        ("x" * 10_000, "x" * 200),
        ("  \u0627\u0644\u0639\u0631\u0628\u064a\u0629 ", "\u0627\u0644\u0639\u0631\u0628\u064a\u0629"),
        ("nul\0 \x07bell", "nul bell"),
        ("\U0001f469\u200d\U0001f52c", "\U0001f469\u200d\U0001f52c"),
    ):
        with qtbot.waitSignal(model.renamed) as told_signal:
            model.setData(index, typed)
        assert told_signal.args == [1, told]
        assert text(model, 0, Place.NAME) == "Run 1"  # until it comes back
    with qtbot.waitSignal(model.noted) as noted:
        model.setData(model.index(0, Place.NOTES), "y" * 20_000)
    assert noted.args == [1, "y" * 10_000]


def test_that_what_has_not_changed_is_not_told(model, qtbot):
    model.show_runs(shown_of(made_run(1, name="best", notes="good")))
    with qtbot.assertNotEmitted(model.renamed), qtbot.assertNotEmitted(model.noted):
        model.setData(model.index(0, Place.NAME), " best ")
        model.setData(model.index(0, Place.NOTES), "good")
        model.setData(model.index(0, Place.NLL), "1")
        model.setData(model.index(0, Place.NAME), "other", Qt.ItemDataRole.DisplayRole)


def test_that_only_names_and_notes_of_one_line_are_written_in_place(model):
    model.show_runs(shown_of(made_run(1, notes="one"), made_run(2, notes="two\nlines")))
    can_be_edited = Qt.ItemFlag.ItemIsEditable
    places = [place for place in Place if model.index(1, place).flags() & can_be_edited]
    assert places == [Place.NAME, Place.NOTES]
    assert not model.index(0, Place.NOTES).flags() & can_be_edited


def test_that_names_from_a_file_are_shown_as_plain_text(model):
    model.show_runs(shown_of(made_run(1, name=HOSTILE, notes=HOSTILE * 500)))
    name = text(model, 0, Place.NAME)
    assert "\n" not in name
    assert "\u202e" not in name
    for place in (Place.NAME, Place.NOTES):
        tip = text(model, 0, place, Qt.ItemDataRole.ToolTipRole)
        assert "&lt;b&gt;" in tip
        assert "<b>" not in tip
        assert "<img" not in tip
        assert len(tip) < 10_000


def test_that_it_follows_the_locale_of_the_reader(model, german):
    model.show_runs(shown_of(made_run(1, -0.5)))
    assert text(model, 0, Place.NLL) == "-0,5000"


def test_that_a_thousand_runs_are_sorted_filtered_replaced():
    model, first = RunsModel(), made_run(1)
    runs = [replace(first, number=number, name=f"n{number % 7}") for number in range(1, 1001)]
    model.show_runs(shown_of(*runs))
    model.sort(Place.NAME, UP)
    assert len(model.numbers) == 1000
    model.show_filter("n3")
    assert len(model.numbers) == 143
    model.show_filter("")
    model.show_runs(shown_of(*runs[::2]))
    assert sorted(model.numbers) == list(range(1, 1001, 2))
