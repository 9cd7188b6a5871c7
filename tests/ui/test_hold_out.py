"""Which rows of the open table are kept for the test."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QWidget

from mdn_gui.core.columns import Column
from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.selection import ALL_ROWS_TRAIN, HoldOut
from mdn_gui.core.table import Table
from mdn_gui.files.options import ReadOptions
from mdn_gui.session.importing import NO_FILE, ImportChoice
from mdn_gui.ui.hold_out import HoldOutDialog
from mdn_gui.ui.importing.rows import HeldOutForm
from tests.ui.stage import Stage, made_table, saved_table

OPENED = ImportChoice(Path("rows.csv"), ReadOptions(delimiter=";", seed=7), ("dose",), "response", title="named")
FRACTION, COLUMN, FILE, NONE = HeldOutForm.FRACTION, HeldOutForm.COLUMN, HeldOutForm.FILE, HeldOutForm.NONE


def grouped_table(rows: int = 30) -> Table:
    """Return dose, group, response; every third row is of group "b"."""
    dose = np.linspace(0, 3, rows)
    filled = np.zeros(rows, dtype=bool)
    group = Column("group", np.arange(rows) % 3 == 1, filled, ColumnKind.CATEGORY, ("a", "b"))
    return Table("rows", (Column("dose", dose, filled), group, Column("response", np.sin(dose), filled)), "rows")


@pytest.fixture
def dialog(qtbot) -> HoldOutDialog:
    """The dialog over a table that came from a file."""
    return shown(qtbot, OPENED)


def shown(qtbot, choice: ImportChoice) -> HoldOutDialog:
    made = HoldOutDialog(grouped_table(), choice)
    qtbot.addWidget(made)
    made.show()
    return made


def choose(dialog: HoldOutDialog, way: int) -> None:
    dialog.form.way.setCurrentIndex(way)
    dialog.form.way.activated.emit(way)


def ways_offered(dialog: HoldOutDialog) -> list[int]:
    model = dialog.form.way.model()
    return [way for way in range(model.rowCount()) if model.item(way).isEnabled()]


def editors_seen(dialog: HoldOutDialog) -> set[str]:
    form = dialog.form
    editors: dict[str, QWidget] = {name: getattr(form, name) for name in ("percent", "seed", "column", "level", "path")}
    return {name for name, editor in editors.items() if editor.isVisible()}


# -- the dialog -------------------------------------------------------------------------------------------------------


def test_that_the_dialog_says_what_a_test_set_is_for(dialog):
    assert any("never trained on" in label.text() for label in dialog.findChildren(QLabel))
    assert dialog.windowTitle() == "Test set"


def test_that_nothing_is_chosen_at_first(dialog):
    assert dialog.form.way.currentIndex() == NONE
    assert editors_seen(dialog) == set()
    assert dialog.choice is OPENED


def test_that_choosing_a_fraction_keeps_the_rest(dialog):
    choose(dialog, FRACTION)
    assert editors_seen(dialog) == {"percent", "seed"}
    dialog.form.percent.setValue(35)
    dialog.form.seed.setValue(4)
    assert dialog.choice == replace(OPENED, hold_out=HoldOut(0.35, 4))


def test_that_rows_with_a_value_in_a_column_are_chosen(dialog):
    choose(dialog, COLUMN)
    assert editors_seen(dialog) == {"column", "level"}
    assert [dialog.form.column.itemText(i) for i in range(dialog.form.column.count())] == ["group"]
    dialog.form.level.setCurrentText("b")
    dialog.form.level.activated.emit(dialog.form.level.currentIndex())
    assert dialog.choice == replace(OPENED, hold_out=HoldOut(column="group", level="b"))


def test_that_a_second_file_is_chosen(dialog, tmp_path):
    choose(dialog, FILE)
    assert editors_seen(dialog) == {"path"}
    assert dialog.choice == OPENED
    dialog.form.take_file(tmp_path / "test.csv")
    assert dialog.choice == replace(OPENED, test_path=tmp_path / "test.csv")
    assert dialog.form.way.currentIndex() == FILE


def test_that_ok_waits_for_the_second_file(dialog, tmp_path):
    ok = dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok)
    choose(dialog, FILE)
    assert not ok.isEnabled()
    assert dialog.form.path.text() == "no file chosen"
    dialog.form.take_file(tmp_path / "test.csv")
    assert ok.isEnabled()
    dialog.form.take_file(tmp_path / "other.csv")
    assert dialog.form.path.text() == "other.csv"
    choose(dialog, FRACTION)
    assert ok.isEnabled()


def test_that_the_name_of_the_second_file_has_room_beside_its_button(qtbot, dialog, tmp_path):
    choose(dialog, FILE)
    form = dialog.form
    qtbot.waitUntil(lambda: form.path.isVisible() and form.path.width() > 0)
    assert form.path.width() >= form.path.fontMetrics().horizontalAdvance("no file chosen")
    assert form.path.mapTo(form, QPoint()).x() == form.way.x()
    assert form.browse.mapTo(form, form.browse.rect().topRight()).x() == form.way.geometry().right()


def test_that_none_takes_the_test_set_back(qtbot):
    dialog = shown(qtbot, replace(OPENED, hold_out=HoldOut(0.3, 2)))
    assert (dialog.form.percent.value(), dialog.form.seed.value()) == (30, 2)
    choose(dialog, NONE)
    assert dialog.choice == OPENED


@pytest.mark.parametrize(
    ("choice", "way"),
    [
        (replace(OPENED, hold_out=HoldOut(0.4)), FRACTION),
        (replace(OPENED, hold_out=HoldOut(column="group", level="a")), COLUMN),
        (replace(OPENED, test_path=Path("test.csv")), FILE),
    ],
)
def test_that_the_test_set_that_there_is_stands_in_the_dialog(qtbot, choice, way):
    dialog = shown(qtbot, choice)
    assert dialog.form.way.currentIndex() == way
    assert dialog.choice is choice


@pytest.mark.parametrize(("path", "has_file"), [(OPENED.path, True), (NO_FILE, False)])
def test_that_a_second_file_is_offered_only_where_the_table_came_from_one(qtbot, path, has_file):
    dialog = shown(qtbot, replace(OPENED, path=path))
    assert (FILE in ways_offered(dialog)) is has_file
    choose(dialog, FRACTION)
    assert (FILE in ways_offered(dialog)) is has_file


def test_that_ok_and_cancel_end_the_dialog(qtbot):
    for button, result in ((QDialogButtonBox.StandardButton.Ok, 1), (QDialogButtonBox.StandardButton.Cancel, 0)):
        dialog = shown(qtbot, OPENED)
        dialog.findChild(QDialogButtonBox).button(button).click()
        assert dialog.result() == result
        assert not dialog.isVisible()


# -- in the window ----------------------------------------------------------------------------------------------------


@pytest.fixture
def asked(with_data: Stage) -> list[ImportChoice]:
    """What the dialog was opened with; it answers with a quarter of the rows."""
    seen: list[ImportChoice] = []

    def answer(choice: ImportChoice) -> ImportChoice:
        seen.append(choice)
        return replace(choice, hold_out=HoldOut(0.25))

    with_data.dialogs.hold_out_answer = answer
    return seen


def test_that_the_chosen_rows_are_kept_for_the_test(with_data: Stage, asked):
    with_data.session.choose_columns(("extra",), "dose")
    with_data.session.exclude_rows([5])
    with_data.trigger("choose_test_set")
    assert [(c.path, c.inputs, c.target, c.hold_out) for c in asked] == [(NO_FILE, ("extra",), "dose", ALL_ROWS_TRAIN)]
    expected = np.setdiff1d(np.flatnonzero(HoldOut(0.25).drawn(60)), [5])
    np.testing.assert_array_equal(with_data.session.selection.test_rows, expected)
    assert with_data.session.dataset.input_names == ("extra",)
    assert with_data.session.data.taken.excluded.tolist() == [5]
    assert with_data.session.data.choice is None


def test_that_the_same_answer_or_none_changes_nothing(with_data: Stage):
    selection = with_data.session.selection
    for answer in (lambda choice: choice, lambda _: None):
        with_data.dialogs.hold_out_answer = answer
        with_data.trigger("choose_test_set")
        assert with_data.session.selection is selection
    assert with_data.dialogs.asked == ["test set"] * 2


def test_that_a_test_set_that_is_too_small_is_a_notice(with_data: Stage):
    with_data.dialogs.hold_out_answer = lambda choice: replace(choice, hold_out=HoldOut(0.01))
    with_data.trigger("choose_test_set")
    assert "1 of 60 usable rows are for the test" in with_data.notices[0].message
    assert with_data.session.selection.test is None


@pytest.fixture
def from_file(stage: Stage, tmp_path) -> Stage:
    """A window whose table came from a file."""
    stage.open_file(saved_table(made_table(), tmp_path / "rows.csv"))
    return stage


def choose_second_file(stage: Stage, path: Path) -> None:
    stage.dialogs.hold_out_answer = lambda choice: replace(choice, test_path=path)
    with stage.qtbot.waitSignal(stage.session.data.reading_ended):
        stage.trigger("choose_test_set")


def test_that_a_second_file_is_read_with_the_columns_that_are_chosen_now(from_file: Stage, tmp_path):
    from_file.session.choose_columns(("extra",), "dose")
    choose_second_file(from_file, saved_table(made_table(rows=12), tmp_path / "test.csv"))
    assert len(from_file.session.selection.test) == 12
    assert len(from_file.session.dataset) == 60
    assert (from_file.session.dataset.input_names, from_file.session.dataset.target_name) == (("extra",), "dose")


def test_that_a_fraction_takes_the_place_of_a_second_file_and_back(from_file: Stage, tmp_path):
    test = saved_table(made_table(rows=12), tmp_path / "test.csv")
    choose_second_file(from_file, test)
    from_file.dialogs.hold_out_answer = lambda choice: replace(choice, hold_out=HoldOut(0.25), test_path=None)
    from_file.trigger("choose_test_set")
    assert (len(from_file.session.selection.test), len(from_file.session.dataset)) == (15, 45)
    from_file.dialogs.hold_out_answer = lambda choice: None if choice.test_path else choice
    from_file.trigger("choose_test_set")
    choose_second_file(from_file, test)
    assert len(from_file.session.selection.test) == 12


def test_that_the_same_second_file_is_not_read_again(from_file: Stage, tmp_path):
    choose_second_file(from_file, saved_table(made_table(rows=12), tmp_path / "test.csv"))
    selection = from_file.session.selection
    from_file.dialogs.hold_out_answer = lambda choice: choice
    from_file.trigger("choose_test_set")
    assert not from_file.session.data.is_reading
    assert from_file.session.selection is selection


def test_that_rows_taken_out_stay_out_when_a_second_file_is_chosen(from_file: Stage, tmp_path):
    from_file.session.exclude_rows([3, 4])
    choose_second_file(from_file, saved_table(made_table(rows=12), tmp_path / "test.csv"))
    assert from_file.session.data.taken.excluded.tolist() == [3, 4]


def test_that_a_second_file_without_the_columns_is_a_notice(from_file: Stage, tmp_path):
    selection = from_file.session.selection
    other = made_table("t", a=np.arange(9.0), b=np.arange(9.0) ** 2)
    choose_second_file(from_file, saved_table(other, tmp_path / "other.csv"))
    assert "other.csv" in from_file.notices[0].message
    assert from_file.session.selection is selection
    assert from_file.session.data.choice.test_path is None
