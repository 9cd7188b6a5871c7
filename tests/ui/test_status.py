import pytest
from PySide6.QtCore import Qt

from mdn_gui.ui.status import StatusLine
from tests.ui.stage import Stage


@pytest.fixture
def line(qtbot) -> StatusLine:
    made = StatusLine()
    qtbot.addWidget(made)
    made.show()
    return made


def test_that_a_text_is_shown_plainly(line):
    line.show_text("<b>x</b>")
    assert line.text == "<b>x</b>"
    assert line._text.textFormat() == Qt.TextFormat.PlainText
    assert "<b>" not in line._text.toolTip()


def test_that_the_bar_moves_while_busy_and_is_gone_afterwards(line):
    line.show_state("Preparing", is_busy=True)
    assert line._bar.isVisible()
    assert (line._bar.minimum(), line._bar.maximum()) == (0, 0)
    line.show_state("Ready", is_busy=False)
    assert not line._bar.isVisible()
    assert line.text == "Ready"


@pytest.mark.parametrize(("share", "value"), [(0.0, 0), (0.25, 250), (1.0, 1000)])
def test_that_the_bar_shows_the_share_of_the_work(line, share, value):
    line.show_progress("Training", share)
    assert line._bar.isVisible()
    assert line._bar.maximum() == 1000
    assert max(line._bar.value(), 0) == value


def test_that_a_long_text_does_not_widen_the_line(line):
    before = line.minimumSizeHint().width()
    line.show_text("x" * 3000)
    assert line.minimumSizeHint().width() == before


def test_that_loading_is_told_until_training_is_ready(stage: Stage):
    stage.window.status.show_engine_loading()
    assert "loading TensorFlow" in stage.texts()
    with stage.qtbot.waitSignal(stage.session.runner.loaded):
        stage.session.runner.warm_up()
    assert "TensorFlow ready" in stage.texts()
    assert "loading TensorFlow" not in stage.texts()


def test_that_training_that_cannot_be_loaded_is_told_until_it_can(with_data: Stage):
    with_data.window.status.show_engine_loading()
    with_data.fit.load_error = ImportError("no tensorflow here")
    with with_data.qtbot.waitSignal(with_data.session.runner.load_failed):
        with_data.session.runner.warm_up()
    assert with_data.window.status._engine.text() == "TensorFlow could not be loaded"
    assert "TensorFlow could not be loaded" in with_data.texts()
    with_data.fit.load_error = None
    with_data.train()
    assert with_data.window.status._engine.text() == "TensorFlow ready"
