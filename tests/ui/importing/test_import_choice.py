from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QLabel, QLineEdit, QSpinBox, QWidget

from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.selection import HoldOut
from mdn_gui.errors import DataError
from mdn_gui.files.options import ReadOptions
from mdn_gui.session.importing import ImportChoice, shape_of
from tests.previews import made_preview
from tests.ui.importing.gestures import choose, press, trigger, wait

# -- remembered -------------------------------------------------------------------------------------------------------


def test_that_a_file_of_the_same_shape_is_opened_as_the_last_one(qtbot, begin, previews):
    first = begin()
    wait(qtbot, first)
    choose(first.forms.reading.field("thousands"), "'")
    wait(qtbot, first)
    trigger(first, 1, "Use as input x")
    press(first, Qt.Key.Key_Return)
    assert first.result() == QDialog.DialogCode.Accepted
    second = begin()
    wait(qtbot, second)
    assert previews.asked[-2:] == [ReadOptions(), ReadOptions(thousands="'")]
    assert second.choice.inputs == ("dose", "extra")
    assert second.forms.reading._rows["thousands"].again.text() == "guess"


def test_that_a_memory_that_does_not_fit_is_passed_over(qtbot, begin, previews, remembered, path):
    guess = made_preview(path)
    options = ReadOptions("utf-8", "|", ".", "", has_header=True)
    remembered.keep(shape_of(guess), guess, ImportChoice(path, options, ("extra",), "dose"))
    previews.errors["|"] = DataError("one column.", "Choose another delimiter.")
    dialog = begin()
    wait(qtbot, dialog)
    assert previews.asked == [ReadOptions(), ReadOptions(delimiter="|")]
    assert dialog.choice.inputs == ("dose",)
    assert dialog.forms.reading._rows["delimiter"].again.text() == "guessed"
    assert dialog.open_button.isEnabled()


# -- roles, test set --------------------------------------------------------------------------------------------------


def test_that_the_menu_of_a_header_gives_roles(dialog):
    trigger(dialog, 2, "Use as input x")
    assert dialog.choice.inputs == ("dose", "site")
    trigger(dialog, 1, "Use as target y")
    assert (dialog.choice.inputs, dialog.choice.target) == (("dose", "site"), "extra")
    assert dialog.forms.roles.target.currentText() == "extra"
    trigger(dialog, 0, "Do not use")
    assert dialog.choice.inputs == ("site",)
    assert dialog.forms.roles.inputs.ticked() == ("site",)


def test_that_the_menu_of_a_header_reads_the_column_otherwise(qtbot, dialog, previews):
    trigger(dialog, 1, "category")
    wait(qtbot, dialog)
    assert previews.asked[-1] == ReadOptions(kinds={"extra": ColumnKind.CATEGORY})
    trigger(dialog, 2, "text")
    wait(qtbot, dialog)
    assert previews.asked[-1].kinds == {"extra": ColumnKind.CATEGORY, "site": ColumnKind.TEXT}


def test_that_an_impossible_choice_says_why_and_cannot_be_opened(dialog):
    dialog.forms.roles.inputs.none.click()
    assert not dialog.open_button.isEnabled()
    assert dialog.summary.text() == "a.csv: no input column is chosen. Choose at least one column for x."
    press(dialog, Qt.Key.Key_Return)
    assert dialog.isVisible()
    dialog.forms.roles.inputs.all.click()
    assert dialog.open_button.isEnabled()
    assert dialog.choice.inputs == ("dose", "extra", "site")


def test_that_the_target_leaves_the_inputs(dialog):
    dialog.forms.roles.inputs.all.click()
    choose(dialog.forms.roles.target, "extra")
    assert (dialog.choice.inputs, dialog.choice.target) == (("dose", "site"), "extra")
    names = dialog.forms.roles.inputs.names
    assert [names.item(row).isEnabled() for row in range(names.rowCount())] == [True, False, True, True]


def test_that_the_only_input_as_target_is_exchanged_with_it(dialog):
    choose(dialog.forms.roles.target, "dose")
    assert (dialog.choice.inputs, dialog.choice.target) == (("response",), "dose")
    trigger(dialog, 3, "Use as target y")
    assert (dialog.choice.inputs, dialog.choice.target) == (("dose",), "response")
    assert dialog.open_button.isEnabled()
    dialog.forms.roles.inputs.none.click()
    choose(dialog.forms.roles.target, "extra")
    assert (dialog.choice.inputs, dialog.choice.target) == ((), "extra")


def test_that_a_fraction_a_column_or_a_second_file_can_be_the_test_set(dialog, tmp_path):
    form = dialog.forms.test_set

    def choose_way(way: int) -> None:
        form.way.setCurrentIndex(way)
        form.way.activated.emit(way)

    choose_way(form.FRACTION)
    form.percent.setValue(40)
    form.seed.setValue(3)
    assert dialog.choice.hold_out == HoldOut(0.4, 3)
    assert "40 % kept for the test: 2 of 5 rows" in dialog.summary.text()
    choose_way(form.COLUMN)
    choose(form.column, "site")
    assert [form.level.itemText(row) for row in range(form.level.count())] == ["a", "b"]
    choose(form.level, "b")
    assert dialog.choice.hold_out == HoldOut(column="site", level="b")
    assert "rows with site = b kept for the test: 2 of 5 rows" in dialog.summary.text()
    choose_way(form.FILE)
    assert not dialog.open_button.isEnabled()
    assert dialog.summary.text().startswith("No file of the test set is chosen.")
    assert form.path.width() >= form.path.fontMetrics().horizontalAdvance(form.path.text()) > 0
    form.take_file(tmp_path / "test.csv")
    assert dialog.open_button.isEnabled()
    assert form.path.text() == "test.csv"
    assert dialog.choice.test_path == tmp_path / "test.csv"
    assert dialog.choice.hold_out == HoldOut()
    assert "tested on test.csv" in dialog.summary.text()
    choose_way(form.NONE)
    assert dialog.choice.test_path is None


def test_that_no_column_to_read_is_refused_until_one_is_ticked(qtbot, begin, previews):
    previews.changed = {"all_columns": ("dose", "extra", "site", "response")}
    dialog = begin()
    wait(qtbot, dialog)
    asked = len(previews.asked)
    dialog.forms.reading.columns.none.click()
    assert not dialog.open_button.isEnabled()
    assert dialog.summary.text().startswith("No column is read.")
    trigger(dialog, 2, "text")
    assert not dialog._is_waiting
    assert not dialog.busy.isVisible()
    assert len(previews.asked) == asked
    press(dialog, Qt.Key.Key_Return)
    assert dialog.isVisible()
    dialog.forms.reading.columns.all.click()
    wait(qtbot, dialog)
    assert previews.asked[-1] == ReadOptions(kinds={"site": ColumnKind.TEXT})
    assert dialog.open_button.isEnabled()


# -- access -----------------------------------------------------------------------------------------------------------


def test_that_every_focusable_widget_has_a_name(dialog):
    def is_part(widget: QWidget) -> bool:
        """Whether it belongs to a field that has the name."""
        parent = widget.parentWidget()
        return parent is not None and (isinstance(parent, QSpinBox | QComboBox | QLineEdit) or is_part(parent))

    unnamed = [
        widget
        for widget in dialog.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not widget.accessibleName()
        and not getattr(widget, "text", str)()
        and not is_part(widget)
    ]
    assert unnamed == []


def test_that_tab_goes_down_the_form(dialog):
    fields = [dialog.forms.roles.target, dialog.forms.roles.inputs.list, dialog.forms.test_set.way]
    widget, seen = dialog.forms.reading.field("has_header"), []
    while widget is not dialog.forms.test_set.way:
        widget = widget.nextInFocusChain()
        if widget in fields:
            seen.append(widget)
    assert seen == fields


def test_that_texts_of_a_file_are_never_taken_for_formatting(qtbot, begin, previews):
    previews.text = "<b>x</b>,<img src=x>\n1,2\n2,<i>much</i>\n3,5\n4,4\n"
    previews.changed = {"doubts": ("<b>bold</b>",), "parts": ("<u>part</u>", "b")}
    dialog = begin()
    wait(qtbot, dialog)
    shown = [label for label in dialog.findChildren(QLabel) if "<" in label.text()]
    assert len(shown) >= 2
    assert {label.textFormat() for label in shown} == {Qt.TextFormat.PlainText}
    tips = [widget.toolTip() for widget in dialog.findChildren(QWidget) if "<" in widget.toolTip()]
    assert all(tip.startswith("<qt>") for tip in tips)
    assert "Input <b>x</b>" in dialog.summary.text()


def test_that_enter_ends_typing_before_it_opens(dialog):
    dialog.forms.rows.is_sample.click()
    dialog.forms.rows.count.setFocus()
    press(dialog, Qt.Key.Key_Return)
    assert dialog.isVisible()
    dialog.panel.table.setFocus()
    press(dialog, Qt.Key.Key_Return)
    assert not dialog.isVisible()
