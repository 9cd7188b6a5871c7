from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QWidget

from mdn_gui.core.samples import sample
from mdn_gui.ui.dialogs import Leaving, QtDialogs, SampleDialog
from mdn_gui.ui.exporting.formats import table_filter

PROJECT_FILTER = "Project (*.mdn)"


@pytest.fixture
def dialogs(qtbot) -> QtDialogs:
    window = QWidget()
    qtbot.addWidget(window)
    made = QtDialogs(window)
    made.window = window  # lives as long as they do
    return made


def test_that_every_field_has_an_accessible_name(qtbot):
    dialog = SampleDialog(sample("cardioid"))
    qtbot.addWidget(dialog)
    assert (dialog.rows.accessibleName(), dialog.seed.accessibleName()) == ("Rows n", "Seed")


def test_that_a_sample_has_two_thousand_rows_and_seed_zero_at_first(qtbot):
    dialog = SampleDialog(sample("cardioid"))
    qtbot.addWidget(dialog)
    assert dialog.choice == (2000, 0)
    assert dialog.windowTitle() == "Noisy cardioid"
    dialog.rows.setValue(1)
    dialog.seed.setValue(-1)
    assert dialog.choice == (2, 0)
    dialog.rows.setValue(50)
    dialog.seed.setValue(7)
    assert dialog.choice == (50, 7)


def test_that_the_folder_of_the_last_file_is_remembered(dialogs):
    assert dialogs._remembered("") is None
    assert dialogs._folder == ""
    assert dialogs._remembered("/data/sub/a.csv").name == "a.csv"
    assert dialogs._folder == "/data/sub"


# -- where to write ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "chosen", "written"),
    [
        ("/data/kept", PROJECT_FILTER, "/data/kept.mdn"),
        ("/data/kept.mdn", PROJECT_FILTER, "/data/kept.mdn"),
        ("/data/values", table_filter(".parquet"), "/data/values.parquet"),
        ("/data/values.tsv", table_filter(".csv"), "/data/values.tsv"),
        ("/data/a.b/values", table_filter(".csv"), "/data/a.b/values.csv"),
        ("/data/values", "", "/data/values.txt"),
    ],
)
def test_that_a_name_without_an_ending_gets_that_of_the_chosen_kind(dialogs, monkeypatch, typed, chosen, written):
    asked = []

    def answer(*arguments: object) -> tuple[str, str]:
        asked.append(arguments)
        return typed, chosen

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    assert dialogs.path_to_save("Save", "proposed.txt", chosen) == Path(written)
    assert asked[0][1:] == ("Save", "proposed.txt", chosen)
    dialogs.path_to_save("Save", "next.txt", chosen)
    assert asked[1][2] == str(Path(written).parent / "next.txt")


def test_that_nothing_chosen_is_no_path(dialogs, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    assert dialogs.path_to_save("Save", "proposed.mdn", PROJECT_FILTER) is None


def test_that_projects_are_offered_where_tables_are_opened(dialogs, monkeypatch):
    asked = []

    def answer(*arguments: object) -> tuple[str, str]:
        asked.append(arguments)
        return "/data/kept.mdn", ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", answer)
    assert dialogs.path_to_open() == Path("/data/kept.mdn")
    assert "Projects (*.mdn)" in asked[0][3]
    assert asked[0][3].split(";;")[0].endswith("*.mdn)")


# -- a modified document ----------------------------------------------------------------------------------------------

KINDS = QMessageBox.StandardButton


def answered(dialogs: QtDialogs, press: object, seen: list[QMessageBox], name: str = "kept.mdn") -> Leaving:
    """Ask whether the document is left; ``press`` is a button, or a key."""

    def do() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        seen.append(box)
        if isinstance(press, QMessageBox.StandardButton):
            box.button(press).click()
        else:
            QTest.keyClick(box, press)

    QTimer.singleShot(0, do)
    return dialogs.leave_document(name)


@pytest.mark.parametrize(
    ("press", "answer"),
    [
        (KINDS.Save, Leaving.SAVE),
        (KINDS.Discard, Leaving.DISCARD),
        (KINDS.Cancel, Leaving.STAY),
        (Qt.Key.Key_Escape, Leaving.STAY),
        (Qt.Key.Key_Return, Leaving.SAVE),
    ],
    ids=str,
)
def test_that_a_modified_document_is_saved_left_or_kept(dialogs, press, answer):
    seen: list[QMessageBox] = []
    assert answered(dialogs, press, seen) is answer
    assert seen[0].text() == "Save the changes to kept.mdn?"


def test_that_a_name_is_plain_text_in_the_question(dialogs):
    seen: list[QMessageBox] = []
    answered(dialogs, KINDS.Cancel, seen, "<b>a</b>.mdn")
    assert seen[0].text() == "Save the changes to <b>a</b>.mdn?"
    assert seen[0].textFormat() == Qt.TextFormat.PlainText
