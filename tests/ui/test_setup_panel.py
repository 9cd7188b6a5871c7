import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QTextDocumentFragment, QWheelEvent
from PySide6.QtWidgets import QApplication, QComboBox, QWidget

from mdn_gui.core.columns import Column
from mdn_gui.core.table import Table
from mdn_gui.session.messages import RunState
from mdn_gui.ui.setup_panel import SetupPanel
from tests.ui.stage import Stage, made_table


@pytest.fixture
def panel(qtbot) -> SetupPanel:
    made = SetupPanel()
    qtbot.addWidget(made)
    return made


def items(box: QComboBox) -> list[str]:
    return [box.itemText(i) for i in range(box.count())]


def gappy_table() -> Table:
    a = Column("a", np.array([1.0, np.nan, 3.0, 4.0, 5.5]), np.array([False, True, False, False, False]))
    b = Column("b", np.array([1.0, 2.0, np.inf, 4.0, 7.0]), np.zeros(5, dtype=bool))
    words = Column("words", np.full(5, np.nan), np.zeros(5, dtype=bool))
    return Table("gaps.csv", (a, b, words), "/somewhere/gaps.csv", notes=("delimiter: semicolon",))


def test_that_only_numeric_columns_are_offered(panel):
    panel.show_table(gappy_table())
    assert items(panel.roles.input) == items(panel.roles.target) == ["a", "b"]


def test_that_source_and_assumptions_are_in_the_tool_tip(panel):
    panel.show_table(gappy_table())
    assert panel._title.text() == "gaps.csv"
    tip = QTextDocumentFragment.fromHtml(panel._title.toolTip()).toPlainText()
    assert tip.splitlines() == ["/somewhere/gaps.csv", "delimiter: semicolon"]


def test_that_rows_left_out_are_counted_and_explained(panel):
    table = gappy_table()
    panel.show_table(table)
    panel.show_selection(table.select(("a",), "b"))
    assert panel._rows.text() == "3 rows · 2 left out"
    tip = QTextDocumentFragment.fromHtml(panel._rows.toolTip()).toPlainText()
    assert tip.splitlines() == ["1: empty a (row 2)", "1: b is infinite (row 3)"]
    assert (panel.roles.input.currentText(), panel.roles.target.currentText()) == ("a", "b")


def test_that_showing_data_is_no_choice(panel, qtbot):
    with qtbot.assertNotEmitted(panel.columns_chosen):
        panel.show_table(gappy_table())
        panel.show_selection(gappy_table().select(("b",), "a"))


def test_that_a_choice_names_input_and_target(panel, qtbot):
    table = gappy_table()
    panel.show_table(table)
    panel.show_selection(table.select(("a",), "b"))
    with qtbot.waitSignal(panel.columns_chosen) as chosen:
        panel.roles.input.setCurrentText("b")
    assert chosen.args == [("b",), "a"]


def test_that_boxes_are_off_without_data_and_while_locked(panel):
    panel.set_locked(locked=False)
    assert not panel.roles.input.isEnabled()
    panel.show_table(gappy_table())
    panel.set_locked(locked=False)
    assert panel.roles.input.isEnabled()
    panel.set_locked(locked=True)
    assert not panel.roles.input.isEnabled()
    assert panel.roles.input.currentText() == "a"


def test_that_another_column_becomes_the_input(with_data: Stage):
    with_data.window.setup_panel.roles.input.setCurrentText("extra")
    assert with_data.session.dataset.input_names == ("extra",)
    assert with_data.plot.axes()[0].label.toPlainText().strip() == "extra"
    assert with_data.window.reading_panel._name.text() == "extra"


def test_that_choosing_the_other_roles_column_exchanges_the_two(fitted: Stage):
    panel = fitted.window.setup_panel
    panel.roles.input.setCurrentText("response")
    assert (panel.roles.input.currentText(), panel.roles.target.currentText()) == ("response", "dose")
    assert (fitted.session.dataset.input_names, fitted.session.dataset.target_name) == (("response",), "dose")
    panel.roles.input.setCurrentText("dose")
    assert (fitted.session.dataset.input_names, fitted.session.dataset.target_name) == (("dose",), "response")
    panel.roles.target.setCurrentText("dose")
    assert (panel.roles.input.currentText(), panel.roles.target.currentText()) == ("response", "dose")
    assert fitted.notices == []


def test_that_one_column_for_both_is_a_notice_and_data_and_fit_stay(fitted: Stage):
    selection, model = fitted.session.selection, fitted.session.model
    assert not fitted.session.choose_columns(("dose",), "dose")
    assert "'dose' is chosen twice" in fitted.notices[0].message
    assert fitted.notices[0].hint
    assert fitted.session.selection is selection
    assert fitted.session.model is model
    assert fitted.state is RunState.FITTED


def test_that_the_wheel_over_a_field_without_focus_changes_nothing(fitted: Stage):
    panel, model = fitted.window.setup_panel, fitted.session.model
    fitted.plot.setFocus()
    for field in (
        panel.roles.input,
        panel.roles.target,
        panel.form.editor("num_components"),
        panel.form.editor("activation"),
    ):
        turn_wheel(field)
    assert fitted.session.model is model
    assert fitted.session.dataset.input_names == ("dose",)
    assert (fitted.session.model_config.num_components, fitted.session.model_config.activation) == (8, "automatic")
    box = panel.form.editor("num_components")
    box.setFocus()
    turn_wheel(box)
    assert fitted.session.model_config.num_components == 7


def turn_wheel(widget: QWidget) -> None:
    place, inverted = QPointF(widget.rect().center()), False
    event = QWheelEvent(
        place,
        widget.mapToGlobal(place),
        QPoint(0, 0),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        inverted,
    )
    QApplication.sendEvent(widget, event)


def test_that_hostile_column_names_can_be_chosen(stage: Stage):
    names = ("<b>x</b><img src=x>", "a & b", "two\nlines", "w" * 500)
    rng = np.random.default_rng(0)
    stage.open(made_table("t", **{name: rng.normal(size=20) for name in names}))
    panel = stage.window.setup_panel
    assert items(panel.roles.input)[:4] == list(names)
    panel.roles.input.setCurrentIndex(2)
    assert stage.session.dataset.input_names == ("two\nlines",)
    panel.roles.target.setCurrentIndex(1)
    assert stage.session.dataset.target_name == "a & b"
