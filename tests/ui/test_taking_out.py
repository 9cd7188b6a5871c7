"""The menu by which pictures and numbers leave a plot or a table."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QItemSelectionModel, Qt
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QGuiApplication,
    QImage,
    QKeySequence,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QFileDialog, QMainWindow, QTableView, QTreeView, QWidget

from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.files.tables import DataTable
from mdn_gui.ui.dialogs import QtDialogs
from mdn_gui.ui.plot_base import Plot
from mdn_gui.ui.reading.component_table import ComponentTable
from mdn_gui.ui.taking_out import TakingOut, shown_table
from tests.fakes import FakeDialogs

CONTROL = Qt.KeyboardModifier.ControlModifier


class DrawnPlot(Plot):
    """A plot that has three numbers, or none."""

    table: DataTable | None = DataTable("loss", ("epoch", "NLL"), (np.arange(3.0), np.array([0.1, -0.2, 1 / 3])))

    def drawn_table(self) -> DataTable | None:
        return self.table


class AskedPlot(DrawnPlot):
    """A plot that records how its menu is asked for; a menu cannot be shown without a display."""

    def __init__(self, name: str) -> None:
        self.asked: list[QContextMenuEvent.Reason] = []
        super().__init__(name)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QContextMenuEvent):
            self.asked.append(event.reason())
            return True
        return super().event(event)


class Desk:
    """A window with what takes things out of it; what was said and noticed is recorded."""

    def __init__(self, qtbot) -> None:
        self.window = QMainWindow()
        qtbot.addWidget(self.window)
        self.window.resize(400, 300)
        self.dialogs = FakeDialogs()
        self.taking = TakingOut(self.dialogs, lambda end: f"mcycle{end}", self.window)
        self.said: list[str] = []
        self.notices: list[object] = []
        self.taking.said.connect(self.said.append)
        self.taking.noticed.connect(self.notices.append)

    def show(self, widget: QWidget) -> None:
        self.window.setCentralWidget(widget)
        self.window.show()
        self.window.activateWindow()
        widget.setFocus()
        QApplication.processEvents()


@pytest.fixture
def desk(qtbot) -> Iterator[Desk]:
    made = Desk(qtbot)
    yield made
    made.taking.shut_down()
    QGuiApplication.clipboard().clear()


def texts(widget: QWidget) -> list[str]:
    return [action.text() for action in widget.actions() if not action.isSeparator()]


def trigger(widget: QWidget, text: str) -> None:
    next(action for action in widget.actions() if action.text() == text).trigger()


def copied() -> str:
    return QGuiApplication.clipboard().text()


def made_view(kind: type[QAbstractItemView] = QTableView) -> QAbstractItemView:
    """Return a view of three rows: a number shown with two digits, a text."""
    view = kind()
    model = QStandardItemModel(0, 2, view)
    model.setHorizontalHeaderLabels(["sd", "note"])
    for value, note in ((1 / 3, "a"), (2 / 3, "=b"), (1e-300, "")):
        number = QStandardItem(f"{value:.2f}")
        number.setData(value, Qt.ItemDataRole.UserRole)
        model.appendRow([number, QStandardItem(note)])
    view.setModel(model)
    return view


def test_that_a_plot_offers_its_picture_and_its_numbers(desk):
    plot = DrawnPlot("loss")
    desk.taking.offer(plot, "Loss")
    desk.show(plot)
    assert texts(plot) == ["Copy picture", "Save picture…", "Copy data", "Save data…"]
    assert plot.contextMenuPolicy() is Qt.ContextMenuPolicy.ActionsContextMenu


def test_that_the_numbers_of_a_plot_are_copied_to_the_bit(desk):
    plot = DrawnPlot("loss")
    desk.taking.offer(plot, "Loss")
    desk.show(plot)
    trigger(plot, "Copy data")
    rows = list(csv.reader(io.StringIO(copied()), delimiter="\t"))
    assert rows[0] == ["epoch", "NLL"]
    assert [float(row[1]) for row in rows[1:]] == [0.1, -0.2, 1 / 3]
    assert desk.said == ["3 rows copied."]


def test_that_a_picture_is_copied_twice_as_fine(desk):
    plot = DrawnPlot("loss")
    desk.taking.offer(plot, "Loss")
    desk.show(plot)
    trigger(plot, "Copy picture")
    assert QGuiApplication.clipboard().image().size() == plot.size() * 2
    assert desk.said == ["Picture copied."]


@pytest.mark.parametrize(("ending", "scale"), [(".png", 3.0), (".svg", 1.0), (".pdf", 1.0)])
def test_that_a_picture_is_saved_as_its_ending_says(desk, tmp_path, ending, scale):
    plot = DrawnPlot("loss")
    desk.taking.offer(plot, "Loss and more")
    desk.show(plot)
    path = tmp_path / f"loss{ending}"
    desk.dialogs.picture_answer = (path, scale)
    trigger(plot, "Save picture…")
    assert desk.dialogs.asked == ["picture mcycle-loss-and-more"]
    assert path.stat().st_size > 500
    if ending == ".png":
        assert QImage(str(path)).size() == plot.size() * 3
    assert desk.said == [f"Saved loss{ending}."]


def test_that_a_cancelled_dialog_saves_nothing(desk):
    plot = DrawnPlot("loss")
    desk.taking.offer(plot, "Loss")
    trigger(plot, "Save picture…")
    trigger(plot, "Save data…")
    assert desk.dialogs.asked == ["picture mcycle-loss", "save mcycle-loss.csv"]
    assert not desk.said
    plot.deleteLater()


def test_that_numbers_are_saved_in_the_background(desk, qtbot, tmp_path):
    plot = DrawnPlot("loss")
    desk.taking.offer(plot, "Loss")
    desk.show(plot)
    desk.dialogs.save_answer = tmp_path / "loss.tsv"
    trigger(plot, "Save data…")
    qtbot.waitUntil(lambda: "Saved loss.tsv." in desk.said)
    assert (tmp_path / "loss.tsv").read_text(encoding="utf-8").startswith("epoch\tNLL\n")


def test_that_a_button_beside_a_plot_takes_the_same(desk, qtbot, tmp_path):
    plot = DrawnPlot("loss")
    desk.taking.offer(plot, "Loss")
    desk.show(plot)
    desk.dialogs.save_answer = tmp_path / "loss.csv"
    desk.taking.copy_data(plot)
    desk.taking.save_data(plot)
    qtbot.waitUntil(lambda: "Saved loss.csv." in desk.said)
    assert "3 rows copied." in desk.said


@pytest.mark.parametrize("what", ["Save picture…", "Save data…"])
def test_that_what_cannot_be_written_is_explained(desk, qtbot, tmp_path, what):
    plot = DrawnPlot("loss")
    desk.taking.offer(plot, "Loss")
    desk.show(plot)
    nowhere = tmp_path / "nowhere" / "loss.png"
    desk.dialogs.picture_answer, desk.dialogs.save_answer = (nowhere, 2.0), nowhere
    trigger(plot, what)
    qtbot.waitUntil(lambda: bool(desk.notices))
    assert "there is no folder" in desk.notices[0].message
    assert desk.notices[0].hint


def test_that_a_plot_which_draws_nothing_says_so(desk):
    plot = DrawnPlot("loss")
    plot.table = None
    desk.taking.offer(plot, "Loss")
    desk.show(plot)
    QGuiApplication.clipboard().setText("before")
    trigger(plot, "Copy data")
    trigger(plot, "Save data…")
    assert desk.said == ["There is nothing to take out yet."] * 2
    assert copied() == "before"
    assert not desk.dialogs.asked


def test_that_too_many_rows_are_for_a_file(desk, monkeypatch):
    monkeypatch.setattr("mdn_gui.ui.taking_out.MOST_COPIED", 2)
    plot = DrawnPlot("loss")
    desk.taking.offer(plot, "Loss")
    desk.show(plot)
    trigger(plot, "Copy data")
    assert not copied()
    assert desk.notices[0].message == "3 rows are too many to be copied."


def test_that_what_a_menu_holds_stays_before_what_is_added(desk):
    plot = DrawnPlot("loss")
    own = QAction("Show all", plot)
    plot.addAction(own)
    desk.taking.offer(plot, "Loss")
    desk.show(plot)
    assert texts(plot)[0] == "Show all"
    assert plot.actions()[1].isSeparator()


def test_that_a_widget_without_numbers_offers_its_picture_alone(desk):
    widget = QWidget()
    desk.taking.offer(widget, "Panel")
    desk.show(widget)
    assert texts(widget) == ["Copy picture", "Save picture…"]


def test_that_a_widget_that_copies_itself_is_offered_to_be_saved(desk):
    view = made_view()
    desk.taking.offer(view, "Rows", copies=False)
    desk.show(view)
    assert texts(view) == ["Save data…"]


@pytest.mark.parametrize("kind", [QTableView, QTreeView])
def test_that_control_c_copies_all_rows_of_a_table_whatever_key_the_window_has(desk, kind):
    view = made_view(kind)
    desk.taking.offer(view, "Rows")
    desk.show(view)
    window_action = QAction("Copy read-out", desk.window)
    window_action.setShortcut(QKeySequence("Ctrl+C"))
    window_action.triggered.connect(lambda: desk.said.append("read-out"))
    desk.window.addAction(window_action)
    QTest.keyClick(view, Qt.Key.Key_C, CONTROL)
    assert desk.said == ["3 rows copied."]
    assert copied().splitlines() == ["sd\tnote", f"{1 / 3!r}\ta", f"{2 / 3!r}\t'=b", "1e-300\t"]


def test_that_control_c_stays_with_an_action_of_the_widget_that_has_it(desk):
    plot = DrawnPlot("fit")
    own = QAction("Copy read-out", plot)
    own.setShortcuts([QKeySequence("C"), QKeySequence("Ctrl+C")])
    own.triggered.connect(lambda: desk.said.append("read-out"))
    plot.addAction(own)
    desk.taking.offer(plot, "Fit")
    desk.show(plot)
    QTest.keyClick(plot, Qt.Key.Key_C, CONTROL)
    assert desk.said == ["read-out"]


def test_that_shift_f10_asks_for_the_menu_as_its_own_key_does(desk, qtbot):
    plot = AskedPlot("loss")
    desk.taking.offer(plot, "Loss")
    desk.show(plot)
    QTest.keyClick(plot, Qt.Key.Key_F10)
    QTest.keyClick(plot, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: bool(plot.asked))
    assert plot.asked == [QContextMenuEvent.Reason.Keyboard]


def test_that_only_the_selected_rows_are_copied(desk):
    view = made_view()
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    desk.taking.offer(view, "Rows")
    desk.show(view)
    select = QItemSelectionModel.SelectionFlag
    view.selectionModel().select(view.model().index(1, 0), select.ClearAndSelect | select.Rows)
    QTest.keyClick(view, Qt.Key.Key_C, CONTROL)
    assert copied().splitlines()[1:] == [f"{2 / 3!r}\t'=b"]


def test_that_hidden_rows_and_columns_stay_behind(qtbot):
    view = made_view()
    qtbot.addWidget(view)
    view.hideRow(0)
    view.hideColumn(1)
    table = shown_table(view, "rows")
    assert table.names == ("sd",)
    assert table.columns[0].tolist() == [2 / 3, 1e-300]


def test_that_the_components_leave_their_table_with_all_digits(qtbot):
    view = ComponentTable()
    qtbot.addWidget(view)
    mixture = ConditionalMixture(np.array([[1 / 3, 2 / 3]]), np.array([[0.1, 1e9]]), np.array([[1 / 7, 1e-9]]))
    view.components.show_mixture(mixture)
    table = shown_table(view, "components")
    assert table.names == ("k", "weight", "mean", "variance", "sd")
    expected = (np.array([1.0, 2.0]), mixture.weights[0], mixture.locs[0], mixture.variances[0], mixture.scales[0])
    for column, values in zip(table.columns, expected, strict=True):
        assert np.array_equal(column, values)


@pytest.mark.parametrize(
    ("typed", "chosen", "expected"),
    [
        ("/tmp/fit", "PNG, 3 × (*.png)", ("fit.png", 3.0)),
        ("/tmp/fit.v2", "SVG (*.svg)", ("fit.v2.svg", 1.0)),
        ("/tmp/fit.pdf", "PNG, 2 × (*.png)", ("fit.pdf", 2.0)),
        ("/tmp/fit.PNG", "PNG, 4 × (*.png)", ("fit.PNG", 4.0)),
        ("", "", None),
    ],
)
def test_that_the_kind_of_a_picture_is_what_was_typed_or_chosen(qtbot, monkeypatch, typed, chosen, expected):
    window = QWidget()
    qtbot.addWidget(window)
    asked: list[tuple[object, ...]] = []

    def answer(*question: object) -> tuple[str, str]:
        asked.append(question)
        return typed, chosen

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    found = QtDialogs(window).picture_to_save("mcycle-fit")
    assert (None if found is None else (found[0].name, found[1])) == expected
    assert asked[0][3].count(";;") == 4
    assert Path(str(asked[0][2])).name == "mcycle-fit"
