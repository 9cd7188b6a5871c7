"""Whatever takes the focus has a name that a screen reader tells."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QDialog, QWidget

from mdn_gui.core.questions import Questions
from mdn_gui.core.samples import sample
from mdn_gui.core.sweep import SweepPlan
from mdn_gui.session.calibrating import Unjudged
from mdn_gui.session.importing import NO_FILE, ImportChoice
from mdn_gui.session.messages import Notice
from mdn_gui.ui.dialogs import SampleDialog
from mdn_gui.ui.exporting.parameter_dialog import ParameterDialog
from mdn_gui.ui.exporting.predictions_dialog import PredictionsDialog
from mdn_gui.ui.exporting.running import PredictionRunner
from mdn_gui.ui.hold_out import HoldOutDialog
from mdn_gui.ui.preferences_dialog import PreferencesDialog
from mdn_gui.ui.sweep.dialog import SweepDialog
from tests.ui.stage import Stage, made_table


def nameless(part: QWidget) -> list[QWidget]:
    found = []
    for widget in part.findChildren(QWidget):
        takes_focus = widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.focusProxy() is None
        if takes_focus and widget.isVisible():
            interface = QAccessible.queryAccessibleInterface(widget)
            if interface is None or not interface.text(QAccessible.Text.Name).strip():
                found.append(widget)
    return found


def bring_forward(stage: Stage, name: str) -> None:
    stage.window.docks.bring_forward(name)
    dock = next(dock for dock in stage.window.docks.all if dock.objectName() == name)
    stage.qtbot.waitUntil(lambda: not dock.visibleRegion().isEmpty())
    stage.settle()


def test_that_every_focusable_widget_of_the_welcome_page_has_a_name(stage: Stage):
    assert nameless(stage.window) == []


def test_that_every_focusable_widget_beside_a_fit_has_a_name(fitted: Stage):
    fitted.window.setup_panel.form._disclosure.click()
    fitted.session.instrument.add_pin(0.0)
    fitted.window.show_notice(Notice("A", "B"))
    fitted.settle()
    assert nameless(fitted.window) == []


@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)", extend=True)
def test_that_every_focusable_widget_of_every_panel_has_a_name(two_inputs: Stage):
    window = two_inputs.window
    two_inputs.trigger("pin_cursor")
    two_inputs.session.instrument.ask(Questions(low=-0.5, high=0.5))
    two_inputs.qtbot.waitUntil(lambda: window.trust.panel._found is not Unjudged.BUSY)
    for dock in window.docks.all:
        bring_forward(two_inputs, dock.objectName())
        assert nameless(window) == []
    for popup, show in (
        (window.fit_panel.menu, lambda: window.fit_panel.menu.open_below(window.fit_panel._layers)),
        (window.reading_panel.quantities.choice, window.reading_panel.quantities.configure),
    ):
        show()
        assert popup.isVisible()
        assert nameless(popup) == []
        popup.hide()


@pytest.mark.parametrize("name", ["runs", "sweep", "history"])
def test_that_panels_of_a_document_have_names_before_anything_is_in_them(with_data: Stage, name):
    bring_forward(with_data, name)
    assert nameless(with_data.window) == []


def test_that_panels_of_many_runs_have_names(fitted: Stage):
    fitted.session.start_sweep(SweepPlan((1, 2, 3), (0, 1, 2, 3)))
    fitted.qtbot.waitUntil(lambda: len(fitted.session.run_list.runs) == 13 and not fitted.state.is_running)
    fitted.session.start_sweep(SweepPlan((1,), (5,)))
    fitted.qtbot.waitUntil(lambda: len(fitted.session.run_list.runs) == 14 and not fitted.state.is_running)
    fitted.session.run_list.rename(1, "narrow")
    for name in ("runs", "sweep", "history"):
        bring_forward(fitted, name)
        assert nameless(fitted.window) == []
    assert fitted.window.runs.panel._filter.isHidden() is False
    assert fitted.window.runs.history.view.model().rowCount() == 2


def test_that_a_sweep_under_way_has_names(fitted: Stage):
    fitted.fit.free.clear()
    fitted.session.start_sweep(SweepPlan((1, 2)))
    bring_forward(fitted, "sweep")
    fitted.fit.allow(1)
    fitted.qtbot.waitUntil(lambda: "1 of 2" in fitted.window.status.text)
    assert nameless(fitted.window) == []


# -- dialogs ----------------------------------------------------------------------------------------------------------


def parameters(stage: Stage) -> QDialog:
    session = stage.session
    return ParameterDialog(session.model, session.instrument.section.line, Questions(levels=(0.1,), high=0.5))


def predictions(stage: Stage) -> QDialog:
    asks = (lambda: Path("a.csv"), lambda *_: None)
    dialog = PredictionsDialog(stage.session.model, Questions(), None, asks, PredictionRunner(stage.window))
    dialog.choose_source()
    return dialog


def preferences(stage: Stage) -> QDialog:
    return PreferencesDialog(stage.preferences, (stage.session.model_config, stage.session.training_config))


def hold_out(stage: Stage) -> QDialog:
    taken = stage.session.data.taken
    return HoldOutDialog(made_table(), ImportChoice(NO_FILE, inputs=taken.inputs, target=taken.target))


DIALOGS: dict[str, Callable[[Stage], QDialog]] = {
    "parameters": parameters,
    "predictions": predictions,
    "preferences": preferences,
    "test set": hold_out,
    "sweep": lambda _: SweepDialog(SweepPlan((1, 2)), 3.0),
    "sample": lambda _: SampleDialog(sample("cardioid")),
}


@pytest.mark.parametrize("make", DIALOGS.values(), ids=list(DIALOGS))
def test_that_every_focusable_widget_of_a_dialog_has_a_name(two_inputs: Stage, make):
    dialog = make(two_inputs)
    two_inputs.qtbot.addWidget(dialog)
    dialog.show()
    two_inputs.settle()
    assert nameless(dialog) == []
    assert dialog.windowTitle()
