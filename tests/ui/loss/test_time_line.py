"""The bar with which a run is looked at again."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from mdn_gui.session.replay import Replay
from mdn_gui.ui.loss.time_line import TimeLine
from tests.ui.loss.runs import KEPT, click, epochs


class Answering:
    """Shows what a time line asks for, as a session does; ``asked`` is all of it."""

    def __init__(self, bar: TimeLine, *, is_live: bool = False) -> None:
        self.bar, self.is_live = bar, is_live
        self.asked: list[int | None] = []
        bar.epoch_requested.connect(self.show)
        bar.fit_requested.connect(lambda: self.show(None))

    def show(self, epoch: int | None) -> None:
        self.asked.append(epoch)
        self.bar.show_replay(Replay(KEPT.epochs, epoch, self.is_live))


@pytest.fixture
def bar(qtbot) -> TimeLine:
    made = TimeLine()
    qtbot.addWidget(made)
    made.show()
    made.show_replay(KEPT)
    return made


def test_that_the_slider_has_a_place_for_each_snapshot_and_the_fit_at_its_end(bar):
    assert (bar.slider.minimum(), bar.slider.maximum(), bar.slider.value()) == (0, 4, 4)
    answering = Answering(bar)
    bar.slider.setValue(1)
    bar.slider.setValue(4)
    assert answering.asked == [20, None]


def test_that_the_epoch_shown_is_said_with_the_way_back(bar):
    answering = Answering(bar)
    assert not bar.chip.isVisible()
    answering.show(40)
    assert bar.slider.value() == 2
    assert bar.chip.isVisible()
    assert bar.chip.text() == "Epoch 40 · back to the fit"
    bar.chip.click()
    assert answering.asked[-1] is None
    assert not bar.chip.isVisible()


def test_that_during_a_run_the_way_back_leads_to_what_it_learns_now(bar):
    Answering(bar, is_live=True).show(40)
    assert bar.chip.text() == "Epoch 40 · back to the live fit"


def test_that_playing_shows_every_snapshot_in_turn_and_ends_at_the_fit(qtbot, bar):
    answering = Answering(bar)
    bar.speed.click()
    bar.play.click()
    assert answering.asked == [10]
    assert bar.play.accessibleName() == "Pause"
    qtbot.waitUntil(lambda: not bar.is_playing)
    assert answering.asked == [10, 20, 40, 80, None]
    assert bar.play.accessibleName() == "Play the run"
    assert not bar.play.isChecked()


def test_that_playing_goes_on_from_the_epoch_shown(qtbot, bar):
    answering = Answering(bar)
    answering.show(40)
    bar.play.click()
    qtbot.waitUntil(lambda: not bar.is_playing)
    assert answering.asked == [40, 80, None]


def test_that_snapshots_thinned_while_playing_are_passed_over(qtbot, bar):
    answering = Answering(bar)
    answering.show(20)
    bar.play.click()
    bar.show_replay(Replay((10, 80), 20))
    bar.epoch_requested.disconnect(answering.show)
    with qtbot.waitSignal(bar.epoch_requested) as asked:
        pass
    assert asked.args == [80]
    bar.stop()


def test_that_the_speed_is_ten_snapshots_a_second_at_most(bar):
    speeds = {}
    for _ in range(3):
        bar.speed.click()
        speeds[bar.speed.text()] = bar._clock.interval()
    assert speeds == {"0.5×": 400, "1×": 200, "2×": 100}


def test_that_the_space_bar_plays_and_pauses_wherever_the_focus_is(bar):
    Answering(bar)
    for part in (bar, bar.slider):
        QTest.keyClick(part, Qt.Key.Key_Space)
        assert bar.is_playing
        QTest.keyClick(part, Qt.Key.Key_Space)
        assert not bar.is_playing


def test_that_escape_leads_back_to_the_fit(bar):
    answering = Answering(bar)
    answering.show(40)
    QTest.keyClick(bar.slider, Qt.Key.Key_Escape)
    assert answering.asked[-1] is None


@pytest.mark.parametrize(
    "end",
    [
        lambda bar: bar.hide(),
        lambda bar: bar.show_replay(Replay(KEPT.epochs, 10, is_live=True)),
        lambda bar: bar.show_replay(Replay()),
        lambda bar: bar.show_replay(KEPT),
        lambda bar: bar.slider.setValue(3),
    ],
    ids=["hidden", "a run begins", "other data", "the fit is shown", "the slider is moved"],
)
def test_that_playing_ends(bar, end):
    Answering(bar)
    bar.play.click()
    assert bar.is_playing
    end(bar)
    assert not bar.is_playing


def test_that_a_run_without_snapshots_cannot_be_played(bar):
    answering = Answering(bar)
    bar.show_replay(Replay())
    QTest.keyClick(bar, Qt.Key.Key_Space)
    assert not bar.play.isEnabled()
    assert not bar.slider.isEnabled()
    assert answering.asked == []


def test_that_a_run_without_snapshots_says_so_in_place_of_a_slider(bar):
    assert not bar.nothing.isVisible()
    height = bar.sizeHint().height()
    bar.show_replay(Replay())
    assert not any(part.isVisible() for part in (bar.slider, bar.play, bar.speed))
    assert bar.nothing.isVisible()
    assert "kept epoch" in bar.nothing.text()
    assert bar.minimumHeight() == height
    bar.show_replay(Replay((), None, is_live=True))
    assert bar.slider.isVisible()
    assert not bar.nothing.isVisible()
    bar.show_replay(KEPT)
    assert bar.slider.isVisible()


def test_that_the_handle_stays_under_the_mouse_while_snapshots_come(bar):
    bar.slider.setSliderDown(True)
    bar.slider.setValue(1)
    bar.show_replay(Replay((10, 20, 40, 80, 90), None, is_live=True))
    assert (bar.slider.maximum(), bar.slider.value()) == (4, 1)
    bar.slider.setSliderDown(False)
    assert (bar.slider.maximum(), bar.slider.value()) == (5, 5)


def test_that_a_click_into_the_plot_ends_the_playing(panel):
    panel.add_epochs(epochs(1, 100))
    panel.show_replay(Replay(KEPT.epochs, 40))
    panel.time_line.play.click()
    assert panel.time_line.is_playing
    click(panel, 15)
    assert not panel.time_line.is_playing


def test_that_everything_that_takes_the_focus_has_a_name(bar):
    parts = (bar.play, bar.slider, bar.speed)
    assert all(part.accessibleName() for part in parts)
    assert len({part.accessibleName() for part in parts}) == 3
    assert bar.chip.text()
