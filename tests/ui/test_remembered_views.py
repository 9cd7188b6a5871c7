"""What the plots show, what the read-out lists, between starts."""

import json
from collections.abc import Callable, Iterator

import pytest

from mdn_gui.core.questions import Questions
from mdn_gui.session.preferences import Preferences
from mdn_gui.session.session import Session
from mdn_gui.ui.main_window import MainWindow
from tests.fakes import FakeDialogs, read_here
from tests.ui.stage import Stage

NextWindow = Callable[[], MainWindow]


@pytest.fixture
def next_window(stage: Stage) -> Iterator[NextWindow]:
    """Return a function that opens the window of the next start."""
    session = Session(stage.fit.load, read_here, stage.baseline_fit)

    def opened() -> MainWindow:
        window = MainWindow(session, Preferences(stage.preferences_path), stage.themes, FakeDialogs())
        stage.qtbot.addWidget(window)
        return window

    yield opened
    session.shut_down()
    session.deleteLater()


def shown(window: MainWindow) -> tuple[object, ...]:
    """Return what is remembered of a window."""
    reading = window.reading_panel
    return (
        window.fit_panel.states(),
        reading.quantities.shown_keys(),
        reading.table.shown_columns(),
        window.session.instrument.questions,
    )


def test_that_views_are_there_at_the_next_start(stage: Stage, next_window: NextWindow):
    at_first = shown(stage.window)
    panel = stage.window.fit_panel
    panel.switches["region"].setChecked(True)
    panel.switches["points"].setChecked(False)
    panel.menu.scale.setCurrentIndex(1)
    panel.menu.scale.activated.emit(1)
    stage.window.reading_panel.quantities.show_rows(["mean", "sd"])
    stage.window.reading_panel.table.show_columns(["weight", "mean"])
    stage.session.instrument.ask(Questions((0.1, 0.5), 0.8))
    before = shown(stage.window)
    stage.window.close()
    after = shown(next_window())
    assert after == before
    assert all(now != then for now, then in zip(after, at_first, strict=True))


def test_that_what_is_remembered_reaches_the_plot_and_its_menu(stage: Stage, next_window: NextWindow):
    stage.window.fit_panel.switches["region"].setChecked(True)
    stage.session.instrument.ask(Questions((0.1, 0.5), 0.8))
    stage.window.close()
    window = next_window()
    assert window.fit_plot.stack.is_on["region"]
    assert window.fit_panel.menu.boxes["region"].isChecked()
    assert window.fit_panel.menu.mass.text() == "80 %"
    assert window.fit_plot.stack.subject.questions.levels == (0.1, 0.5)


def test_that_the_interval_is_not_remembered(stage: Stage, next_window: NextWindow):
    stage.session.instrument.ask(Questions((0.5,), 0.8, -1.0, 2.0))
    stage.window.close()
    assert next_window().session.instrument.questions == Questions((0.5,), 0.8)


HOSTILE = [
    "",
    "rubbish",
    "[" * 100_000,
    "null",
    "[1, 2]",
    '{"layers": 3, "rows": {}, "columns": "weight", "levels": 7, "mass": "a"}',
    '{"layers": [], "rows": null, "columns": null, "levels": null, "mass": null}',
    '{"layers": {"points": "yes", "scale": [], "colours": {}, "nowhere": true}}',
    '{"rows": [["mean"], {}, null, 1e999], "columns": [[], {}, false]}',
    '{"rows": ["nowhere"], "columns": ["nowhere"]}',
    '{"levels": [0.5, NaN], "mass": 0.5}',
    '{"levels": [[0.5]], "mass": 0.5}',
    '{"levels": ["0.5"], "mass": 0.5}',
    '{"levels": [2], "mass": 0.5}',
    '{"levels": [0.5], "mass": 1.5}',
    '{"levels": [0.5], "mass": Infinity}',
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:40])
def test_that_what_cannot_be_read_counts_as_not_remembered(stage: Stage, next_window: NextWindow, text):
    at_first = shown(stage.window)
    stage.preferences.remember("views", text)
    stage.preferences._settings.sync()
    assert shown(next_window()) == at_first


def test_that_what_can_be_read_stays_beside_what_cannot(stage: Stage, next_window: NextWindow):
    kept = {"layers": {"region": True, "points": 3}, "rows": ["mean", 7], "levels": "rubbish", "mass": 0.5}
    stage.preferences.remember("views", json.dumps(kept))
    stage.preferences._settings.sync()
    window = next_window()
    assert window.fit_panel.switches["region"].isChecked()
    assert window.fit_panel.switches["points"].isChecked()
    assert window.reading_panel.quantities.shown_keys() == ("mean",)
    assert window.session.instrument.questions == Questions()
