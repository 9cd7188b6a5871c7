import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QWidget

from mdn_gui.core.grid import GridSpec
from mdn_gui.core.samples import sample
from mdn_gui.ui.dialogs import GridDialog, QtDialogs, SampleDialog

PROPOSAL = GridSpec(-0.1, 0.30000000000000004, 1000)


@pytest.fixture
def dialog(qtbot) -> GridDialog:
    made = GridDialog(PROPOSAL)
    qtbot.addWidget(made)
    made.show()
    return made


def press_save(dialog: QDialog) -> None:
    box = dialog.findChild(QDialogButtonBox)
    next(b for b in box.buttons() if box.buttonRole(b) == QDialogButtonBox.ButtonRole.AcceptRole).click()


def test_that_the_proposal_comes_back_to_the_bit(dialog):
    press_save(dialog)
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert dialog.grid == PROPOSAL


def test_that_another_grid_can_be_typed(dialog):
    for box, text in ((dialog.start, "-1e3"), (dialog.stop, "2.5"), (dialog.count, "11")):
        box.clear()
        QTest.keyClicks(box, text)
    press_save(dialog)
    assert dialog.grid == GridSpec(-1000.0, 2.5, 11)


@pytest.mark.parametrize(
    ("start", "stop", "count", "words"),
    [
        ("0", "1", "0", "count"),
        ("0", "1", "-3", "count"),
        ("0", "1", "99999999999", "count"),
        ("0", "1", "2.5", "Number of x: '2.5' is not a whole number"),
        ("0", "1", "many", "Number of x: 'many' is not a number"),
        ("2", "1", "10", "stops at 1, before it starts at 2"),
        ("1", "1", "10", "starts and stops at 1"),
        ("", "1", "10", "First x: '' is not a number"),
        ("0", "<b>", "10", "Last x: '<b>' is not a number"),
        ("nan", "1", "10", "First x: 'nan' is not a number"),
        ("0", "inf", "10", "Last x: 'inf' is not a number"),
        ("-1.7e308", "1.7e308", "10", "too wide"),
    ],
)
def test_that_an_impossible_grid_is_explained_and_the_dialog_stays(dialog, start, stop, count, words):
    for box, text in ((dialog.start, start), (dialog.stop, stop), (dialog.count, count)):
        box.setText(text)
    press_save(dialog)
    assert dialog.isVisible()
    assert dialog.grid == PROPOSAL
    assert words in dialog.problem.text()
    assert dialog.problem.text().rstrip().endswith(".")
    assert dialog.problem.textFormat() == Qt.TextFormat.PlainText


def test_that_cancelling_leaves_the_proposal(dialog):
    dialog.start.setText("5")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.result() == QDialog.DialogCode.Rejected
    assert not dialog.isVisible()
    assert dialog.grid == PROPOSAL


def test_that_a_german_reader_types_commas(german, qtbot):
    dialog = GridDialog(GridSpec(0.5, 1.5, 10))
    qtbot.addWidget(dialog)
    assert dialog.start.text() == "0,5"
    dialog.stop.setText("2,25")
    dialog.accept()
    assert dialog.grid == GridSpec(0.5, 2.25, 10)


def test_that_every_field_has_an_accessible_name(dialog, qtbot):
    assert [box.accessibleName() for box in (dialog.start, dialog.stop, dialog.count)] == [
        "First x",
        "Last x",
        "Number of x",
    ]
    other = SampleDialog(sample("cardioid"))
    qtbot.addWidget(other)
    assert (other.rows.accessibleName(), other.seed.accessibleName()) == ("Rows n", "Seed")


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


def test_that_the_folder_of_the_last_file_is_remembered(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    dialogs = QtDialogs(window)
    assert dialogs._remembered("") is None
    assert dialogs._folder == ""
    assert dialogs._remembered("/data/sub/a.csv").name == "a.csv"
    assert dialogs._folder == "/data/sub"
