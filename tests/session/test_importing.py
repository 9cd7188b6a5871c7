import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.selection import HoldOut
from mdn_gui.files.options import ReadOptions
from mdn_gui.session.import_memory import MOST_SHAPES, RememberedImports
from mdn_gui.session.importing import (
    ImportChoice,
    ImportHabit,
    Previewer,
    carried_over,
    outlook,
    possible_kinds,
    proposed_choice,
    proposed_sample,
    shape_of,
)
from mdn_gui.session.preferences import Preferences
from tests.previews import CSV, FakePreviews, made_column, made_preview
from tests.session.conftest import Ears

PATH = Path("a.csv")


@pytest.fixture
def previews() -> FakePreviews:
    return FakePreviews()


@pytest.fixture
def previewer(qtbot: QtBot, previews: FakePreviews) -> Iterator[Previewer]:
    made = Previewer(previews)
    yield made
    previews.release()
    made.shut_down()
    made.deleteLater()


@pytest.fixture
def remembered(tmp_path: Path) -> RememberedImports:
    return RememberedImports(Preferences(tmp_path / "preferences.ini"))


# -- the preview ------------------------------------------------------------------------------------------------------


def test_that_the_newest_preview_wins_without_waiting_for_the_older_one(qtbot, previewer, previews, hear: Ears):
    previews.hold(None)
    heard, busy = hear(previewer.previewed), hear(previewer.busy_changed)
    previewer.preview(PATH, ReadOptions())
    previewer.preview(PATH, ReadOptions(delimiter=","))
    qtbot.waitUntil(lambda: bool(heard))
    assert previews.made == [ReadOptions(delimiter=",")]
    previews.release()
    previewer.shut_down()
    QCoreApplication.processEvents()
    assert [preview.options.delimiter for preview in heard] == [","]
    assert busy == [True, False]


def test_that_what_is_wrong_with_a_file_is_delivered(qtbot, previewer, previews):
    previews.errors[None] = KeyError("surprise")
    with qtbot.waitSignal(previewer.failed) as answer:
        previewer.preview(PATH, ReadOptions())
    assert answer.args[0] is previews.errors[None]


# -- the proposal -----------------------------------------------------------------------------------------------------


def test_that_first_and_last_numeric_column_are_proposed_with_the_options_in_use():
    preview = made_preview(PATH)
    choice = proposed_choice(preview)
    assert choice == ImportChoice(PATH, preview.options, ("dose",), "response")


def test_that_nothing_is_proposed_where_no_two_columns_hold_numbers():
    choice = proposed_choice(made_preview(PATH, "a,b\n1,x\n2,y\n"))
    assert (choice.inputs, choice.target) == ((), "")


def test_that_one_category_with_one_number_is_proposed():
    choice = proposed_choice(made_preview(PATH, "a,b\nx,1\ny,2\nx,4\ny,3\n"))
    assert (choice.inputs, choice.target) == (("a",), "b")


def test_that_the_choice_of_the_last_time_is_proposed_where_its_columns_are_there():
    hold_out = HoldOut(column="site", level="b")
    habit = ImportHabit(inputs=("extra", "dose"), target="response", hold_out=hold_out)
    choice = proposed_choice(made_preview(PATH), habit)
    assert (choice.inputs, choice.target, choice.hold_out) == (("extra", "dose"), "response", hold_out)
    choice = proposed_choice(made_preview(PATH), ImportHabit(inputs=("gone",), target="response"))
    assert (choice.inputs, choice.target) == (("dose",), "response")


def test_that_a_sample_is_proposed_where_the_table_takes_more_than_half_of_the_free_memory():
    preview = replace(made_preview(PATH), rows_estimate=1_000_000, bytes_needed=1000)
    assert proposed_sample(preview, 2000) is None
    assert proposed_sample(preview, 1999) == 990_000
    assert proposed_choice(preview, None, 500).options.sample == 250_000
    assert proposed_choice(preview, None, 5000).options.sample is None
    assert proposed_sample(preview, 0) == 2


# -- the proposal meets another preview -------------------------------------------------------------------------------


def test_that_roles_survive_a_change_of_how_the_file_is_read():
    choice = ImportChoice(PATH, ReadOptions(sample=50, seed=3), ("extra",), "dose", HoldOut(0.2))
    preview = made_preview(PATH, options=ReadOptions(thousands=","))
    newer = carried_over(choice, preview)
    assert (newer.inputs, newer.target, newer.hold_out) == (("extra",), "dose", HoldOut(0.2))
    assert newer.options == replace(preview.options, sample=50, seed=3)


def test_that_roles_are_proposed_anew_where_the_columns_are_gone():
    choice = ImportChoice(PATH, inputs=("dose,extra",), target="site,response", hold_out=HoldOut(column="gone"))
    newer = carried_over(choice, made_preview(PATH))
    assert (newer.inputs, newer.target, newer.hold_out) == (("dose",), "response", HoldOut())


def test_that_a_target_that_is_no_number_any_more_is_left_open():
    preview = made_preview(PATH, options=ReadOptions(kinds={"response": ColumnKind.CATEGORY}))
    newer = carried_over(ImportChoice(PATH, inputs=("dose",), target="response"), preview)
    assert (newer.inputs, newer.target) == (("dose",), "")
    assert "no target column" in str(outlook(preview, newer).refusal)


# -- the outlook ------------------------------------------------------------------------------------------------------


def test_that_the_previewed_rows_tell_what_is_left_out():
    seen = outlook(made_preview(PATH), ImportChoice(PATH, inputs=("dose", "extra"), target="response"))
    assert seen.refusal is seen.doubt is None
    assert [group.reason for group in seen.selection.left_out] == ["empty extra", "extra is not a number"]


CONSTANT = "a,b\n1,5\n2,5\n3,5\n"


def test_that_a_constant_target_is_refused_only_where_every_row_is_seen():
    choice = ImportChoice(PATH, inputs=("a",), target="b")
    assert "every value of 'b' is 5" in str(outlook(made_preview(PATH, CONSTANT), choice).refusal)
    seen = outlook(made_preview(PATH, CONSTANT, num_rows=1000), choice)
    assert seen.refusal is None
    assert "every value of 'b' is 5" in str(seen.doubt)
    seen = outlook(replace(made_preview(PATH, CONSTANT), num_rows=None), choice)
    assert seen.refusal is None


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (ImportChoice(PATH, inputs=(), target="response"), "no input column"),
        (ImportChoice(PATH, inputs=("dose",), target=""), "no target column"),
        (ImportChoice(PATH, inputs=("dose",), target="dose"), "chosen twice"),
        (ImportChoice(PATH, inputs=("dose",), target="site"), "'site' does not hold numbers"),
        (ImportChoice(PATH, inputs=("dose",), target="response", hold_out=HoldOut(column="dose")), "has a role"),
    ],
)
def test_that_an_impossible_role_is_refused_however_long_the_file(choice, words):
    refusal = outlook(made_preview(PATH, num_rows=1000), choice).refusal
    assert words in str(refusal)
    assert refusal.hint


def test_that_a_table_without_numbers_is_refused_in_those_words():
    refusal = outlook(made_preview(PATH, "a,b\nx,y\nz,w\n"), ImportChoice(PATH)).refusal
    assert "no column holds numbers" in str(refusal)


def test_that_a_table_with_one_column_of_numbers_is_refused_in_those_words():
    preview = made_preview(PATH, "a,b\n1,x\n2,y\n")
    assert "only 'a' holds numbers" in str(outlook(preview, proposed_choice(preview)).refusal)


@pytest.mark.parametrize(
    ("cells", "kinds"),
    [
        (["1", "2", "3"], {ColumnKind.NUMBER, ColumnKind.CATEGORY}),
        (["1", "0", "1"], {ColumnKind.NUMBER, ColumnKind.CATEGORY, ColumnKind.BOOLEAN}),
        (["yes", "no", ""], {ColumnKind.CATEGORY, ColumnKind.BOOLEAN}),
        (["2020-01-31", "2021-02-01", "x"], {ColumnKind.CATEGORY, ColumnKind.DAYS, ColumnKind.SECONDS}),
        ([f"note {i}" for i in range(60)], set()),
        (["1,5", "2,5", "x"], {ColumnKind.CATEGORY}),
    ],
)
def test_that_a_column_can_be_read_as_what_most_of_its_cells_could_mean(cells, kinds):
    column = made_column("a", cells, ColumnKind.TEXT)
    assert possible_kinds(column, cells, ReadOptions()) == kinds | {ColumnKind.TEXT}


def test_that_numbers_with_a_decimal_comma_are_possible_where_that_mark_is_in_use():
    column = made_column("a", ["1,5", "2,5"], ColumnKind.TEXT)
    assert ColumnKind.NUMBER in possible_kinds(column, ["1,5", "2,5"], ReadOptions(decimal=","))


# -- remembered -------------------------------------------------------------------------------------------------------


def test_that_the_shape_is_the_form_with_the_names_of_the_columns():
    preview = made_preview(PATH)
    assert shape_of(preview) == shape_of(made_preview(Path("b.csv"), CSV.replace("2.5", "9")))
    assert shape_of(preview) != shape_of(made_preview(PATH, CSV.replace("dose", "doses")))
    assert shape_of(preview) != shape_of(replace(preview, form="Excel workbook"))


def test_that_a_choice_is_remembered_by_what_differs_from_the_guess(tmp_path, remembered):
    guess = made_preview(PATH)
    kinds = {"site": ColumnKind.TEXT}
    options = replace(guess.options, thousands=",", kinds=kinds, sample=99, seed=4)
    choice = ImportChoice(PATH, options, ("dose",), "response", HoldOut(0.25, 3), Path("test.csv"))
    remembered.keep("shape", guess, choice)
    again = RememberedImports(Preferences(tmp_path / "preferences.ini")).habit_for("shape")
    assert again == ImportHabit(ReadOptions(thousands=",", kinds=kinds), ("dose",), "response", HoldOut(0.25, 3))
    assert remembered.habit_for("other") is None


def test_that_the_columns_of_a_parquet_file_and_a_missing_header_are_remembered(remembered):
    guess = made_preview(PATH)
    options = replace(guess.options, columns=("a", "b"), has_header=False)
    remembered.keep("shape", guess, ImportChoice(PATH, options, ("a",), "b"))
    assert remembered.habit_for("shape").options == ReadOptions(columns=("a", "b"), has_header=False)


def test_that_the_last_fifty_shapes_are_remembered(remembered):
    guess = made_preview(PATH)
    choice = ImportChoice(PATH, guess.options, ("dose",), "response")
    for number in range(MOST_SHAPES):
        remembered.keep(str(number), guess, choice)
    remembered.keep("0", guess, choice)
    remembered.keep("one more", guess, choice)
    known = [shape for shape in (*map(str, range(MOST_SHAPES)), "one more") if remembered.habit_for(shape)]
    assert known == [str(number) for number in range(MOST_SHAPES) if number != 1] + ["one more"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[1]",
        "[" * 5000,
        json.dumps({"shape": 3}),
        json.dumps({"shape": {"options": {}}}),
        json.dumps({"shape": {"options": {"decimal": 5}, "columns": None, "kinds": {}}}),
        json.dumps({"shape": {"options": {}, "columns": None, "kinds": {"a": "MAGIC"}}}),
        json.dumps({"shape": {"options": {}, "columns": None, "kinds": {}, "inputs": ["a"], "target": "b",
                              "hold_out": {"fraction": 7, "seed": 0, "column": "", "level": ""}}}),
    ],
)  # fmt: skip
def test_that_what_cannot_be_read_is_not_remembered(tmp_path, text):
    preferences = Preferences(tmp_path / "preferences.ini")
    preferences.remember("imports", text)
    remembered = RememberedImports(preferences)
    assert remembered.habit_for("shape") is None
    remembered.keep("shape", made_preview(PATH), ImportChoice(PATH, inputs=("a",), target="b"))
    assert remembered.habit_for("shape") is not None
