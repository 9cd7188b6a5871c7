from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from mdn_gui.errors import DataError
from mdn_gui.files.options import ReadOptions
from mdn_gui.session.importing import proposed_choice
from mdn_gui.ui.importing import dialog as dialog_module
from mdn_gui.ui.importing.dialog import ImportDialog
from tests.previews import made_preview
from tests.ui.importing.gestures import choose, press, texts, wait

# -- from file to open ------------------------------------------------------------------------------------------------


def test_that_a_clean_file_opens_with_one_enter(dialog, path):
    assert dialog.open_button.hasFocus()
    press(dialog, Qt.Key.Key_Return)
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert dialog.choice == proposed_choice(made_preview(path))


def test_that_an_early_enter_opens_as_soon_as_the_rows_are_there(qtbot, begin, previews):
    previews.hold(None)
    dialog = begin()
    press(dialog, Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert "Opens as soon as" in dialog.summary.text()
    previews.release()
    qtbot.waitUntil(lambda: not dialog.isVisible())
    assert dialog.choice.target == "response"


def test_that_an_early_enter_does_not_open_what_is_doubtful(qtbot, begin, previews):
    previews.changed = {"doubts": ("1,234 may be a decimal number or a thousand.",)}
    previews.hold(None)
    dialog = begin()
    press(dialog, Qt.Key.Key_Return)
    previews.release()
    wait(qtbot, dialog)
    assert dialog.isVisible()
    assert "1,234 may be" in texts(dialog)
    press(dialog, Qt.Key.Key_Return)
    assert dialog.result() == QDialog.DialogCode.Accepted


def test_that_it_says_what_will_be_opened(dialog):
    assert dialog.summary.text() == "Input dose, target response; 5 rows, none left out."
    dialog.forms.roles.inputs.all.click()
    assert dialog.summary.text() == (
        "3 inputs, target response; 5 rows, 2 left out (1 row: empty extra; 1 row: extra is not a number)."
    )
    assert "delimited text · 87 bytes · 5 rows" in texts(dialog)
    assert "delimiter: comma" in texts(dialog)


def test_that_cancelling_chooses_nothing(dialog):
    press(dialog, Qt.Key.Key_Escape)
    assert dialog.result() == QDialog.DialogCode.Rejected
    assert dialog.choice is None


def test_that_closing_does_not_wait_for_a_preview(qtbot, begin, previews, previewer):
    release = previews.hold(None)
    dialog = begin()
    dialog.close()
    assert not dialog.isVisible()
    assert not previewer.is_busy
    release.set()
    previewer.shut_down()
    QCoreApplication.processEvents()
    assert dialog.choice is None


def test_that_a_large_table_is_told_about_first_and_enter_does_not_rush_it(qtbot, begin, previews, monkeypatch):
    monkeypatch.setattr(dialog_module, "free_memory", lambda: 10**9)
    previews.changed = {"num_rows": None, "rows_estimate": 20_000_000, "bytes_needed": 2 * 10**9}
    previews.hold(None)
    dialog = begin()
    press(dialog, Qt.Key.Key_Return)
    previews.release()
    wait(qtbot, dialog)
    assert dialog.isVisible()
    assert "about 2.0 GB of memory; 1.0 GB are free" in texts(dialog)
    assert dialog.forms.rows.is_sample.isChecked()
    assert "a sample of 5,000,000 of about 20,000,000 rows" in dialog.summary.text()
    dialog.forms.rows.seed.setValue(7)
    assert (dialog.choice.options.sample, dialog.choice.options.seed) == (5_000_000, 7)
    dialog.forms.rows.is_sample.click()
    assert dialog.choice.options.sample is None


# -- how the file is read ---------------------------------------------------------------------------------------------


def test_that_options_show_the_value_in_use_and_that_it_is_a_guess(dialog):
    reading = dialog.forms.reading
    assert reading.field("delimiter").currentText().startswith("comma")
    assert reading._rows["delimiter"].again.text() == "guessed"
    assert not reading._rows["delimiter"].again.isEnabled()
    assert reading.field("has_header").currentText() == "column names"
    for option in ("day_first", "part"):
        assert not reading.field(option).isVisible()
    assert not reading.columns.isVisible()


def test_that_another_delimiter_is_tried_at_once_and_can_be_guessed_again(qtbot, dialog, previews):
    choose(dialog.forms.reading.field("delimiter"), ";")
    assert dialog.busy.isVisible()
    wait(qtbot, dialog)
    assert previews.asked[-1] == ReadOptions(delimiter=";")
    assert not dialog.busy.isVisible()
    assert dialog.panel.table.rows.columnCount() == 1
    row = dialog.forms.reading._rows["delimiter"]
    assert row.again.text() == "guess"
    row.again.click()
    wait(qtbot, dialog)
    assert previews.asked[-1] == ReadOptions()
    assert dialog.panel.table.rows.columnCount() == 4
    assert (dialog.choice.inputs, dialog.choice.target) == (("dose",), "response")


def test_that_any_other_character_can_be_the_delimiter(qtbot, dialog, previews):
    reading = dialog.forms.reading
    choose(reading.field("delimiter"), "another")
    assert reading.character.isVisible()
    QTest.keyClicks(reading.character, ":")
    wait(qtbot, dialog)
    assert previews.asked[-1].delimiter == ":"
    assert reading.character.text() == ":"
    QTest.keyClick(reading.character, Qt.Key.Key_Return)
    assert dialog.isVisible()


def test_that_quick_changes_ask_for_one_preview(qtbot, dialog, previews):
    asked = len(previews.asked)
    for mark in (",", "'", " "):
        choose(dialog.forms.reading.field("thousands"), mark)
    wait(qtbot, dialog)
    assert [options.thousands for options in previews.asked[asked:]] == [" "]


def test_that_the_newest_preview_overtakes_an_older_one(qtbot, dialog, previews, previewer):
    release = previews.hold(";")
    choose(dialog.forms.reading.field("delimiter"), ";")
    qtbot.waitUntil(lambda: previews.asked[-1].delimiter == ";")
    choose(dialog.forms.reading.field("delimiter"), ",")
    wait(qtbot, dialog)
    release.set()
    previewer.shut_down()
    QApplication.processEvents()
    assert dialog.panel.table.rows.columnCount() == 4


def test_that_the_old_rows_are_grey_until_the_new_ones_come(qtbot, dialog, previews):
    rows = dialog.panel.table.rows
    release = previews.hold(";")
    choose(dialog.forms.reading.field("delimiter"), ";")
    qtbot.waitUntil(lambda: previews.asked[-1].delimiter == ";")
    assert rows.columnCount() == 4
    grey = rows.data(rows.index(0, 0), Qt.ItemDataRole.ForegroundRole)
    assert grey.name() == "#5a6472"
    release.set()
    wait(qtbot, dialog)
    assert rows.data(rows.index(0, 0), Qt.ItemDataRole.ForegroundRole) is None


def test_that_what_is_wrong_is_told_in_place_and_another_option_mends_it(qtbot, begin, previews):
    previews.errors[None] = DataError("a.csv: <b>byte 3</b> is not UTF-8 text.", "Choose another encoding.")
    dialog = begin()
    wait(qtbot, dialog)
    assert "a.csv: <b>byte 3</b> is not UTF-8 text." in texts(dialog)
    assert "Choose another encoding." in texts(dialog)
    assert not dialog.open_button.isEnabled()
    assert not dialog.panel.table.isVisible()
    assert not dialog.forms.roles.isVisible()
    press(dialog, Qt.Key.Key_Return)
    assert dialog.isVisible()
    choose(dialog.forms.reading.field("delimiter"), ",")
    wait(qtbot, dialog)
    assert dialog.panel.table.isVisible()
    assert dialog.forms.roles.isVisible()
    assert dialog.open_button.isEnabled()


def test_that_a_missing_file_offers_no_way_of_reading_it(qtbot, begin, previews, path):
    path.unlink()
    previews.errors[None] = DataError("There is no file a.csv.", "Check the name and the folder.")
    dialog = begin()
    wait(qtbot, dialog)
    assert not dialog.forms.reading.isVisible()
    assert "READING" not in texts(dialog)
    assert "Check the name and the folder." in texts(dialog)
    assert dialog.summary.text() == "Check the file, or cancel."


def test_that_a_title_stands_for_the_name_of_the_file(qtbot, previewer, remembered, path):
    dialog = ImportDialog(path, previewer, remembered, title="Pasted table 1")
    qtbot.addWidget(dialog)
    dialog.show()
    wait(qtbot, dialog)
    dialog.forms.roles.inputs.none.click()
    assert "Pasted table 1: no input column is chosen." in dialog.summary.text()
    assert "Pasted table 1" in texts(dialog).splitlines()
    assert "a.csv" not in texts(dialog)


def test_that_parts_and_columns_are_offered_where_there_are_some(qtbot, begin, previews):
    previews.changed = {
        "form": "Excel workbook",
        "parts": ("first", "<i>second</i>"),
        "all_columns": ("dose", "extra", "site", "response", "more"),
    }
    dialog = begin()
    wait(qtbot, dialog)
    reading = dialog.forms.reading
    assert "Sheet" in texts(dialog)
    choose(reading.field("part"), "<i>second</i>")
    wait(qtbot, dialog)
    assert previews.asked[-1].part == "<i>second</i>"
    reading.columns.names.item(4).setCheckState(Qt.CheckState.Unchecked)
    wait(qtbot, dialog)
    assert previews.asked[-1].columns == ("dose", "extra", "site", "response")


def test_that_a_doubt_leads_to_the_option_that_settles_it(qtbot, begin, previews):
    previews.changed = {"doubts": ("1,234 in x is taken for 1234, it could be 1.234.", "Something else.")}
    dialog = begin()
    wait(qtbot, dialog)
    links = [button for button in dialog.findChildren(QWidget) if getattr(button, "text", str)().startswith("Change")]
    assert sorted(link.text() for link in links) == ["Change how it is read", "Change: decimal mark"]
    next(link for link in links if "decimal" in link.text()).click()
    assert dialog.forms.reading.field("decimal").hasFocus()
