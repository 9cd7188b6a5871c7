from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from mdn_gui.core.samples import SAMPLES
from mdn_gui.session.messages import RunState
from mdn_gui.ui.theme import DARK, LIGHT
from mdn_gui.ui.welcome import WelcomePage
from tests.ui.stage import Stage


@pytest.fixture
def page(qtbot) -> WelcomePage:
    made = WelcomePage(SAMPLES)
    qtbot.addWidget(made)
    made.resize(800, 700)
    made.show()
    return made


def links(page: WelcomePage) -> list[QPushButton]:
    return [page._recent.itemAt(i).widget() for i in range(page._recent.count())]


def test_that_each_sample_has_a_card(page):
    assert [card.accessibleName() for card in page.cards] == [sample.title for sample in SAMPLES]
    assert [card.accessibleDescription() for card in page.cards] == [sample.description for sample in SAMPLES]


@pytest.mark.parametrize("index", range(len(SAMPLES)))
def test_that_a_click_chooses_a_sample(page, qtbot, index):
    with qtbot.waitSignal(page.sample_requested) as chosen:
        QTest.mouseClick(page.cards[index], Qt.MouseButton.LeftButton)
    assert chosen.args == [SAMPLES[index].key]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_that_a_key_chooses_a_sample(page, qtbot, key):
    with qtbot.waitSignal(page.sample_requested) as chosen:
        QTest.keyClick(page.cards[1], key)
    assert chosen.args == [SAMPLES[1].key]


def test_that_other_keys_and_buttons_choose_nothing(page, qtbot):
    with qtbot.assertNotEmitted(page.sample_requested):
        QTest.keyClick(page.cards[0], Qt.Key.Key_A)
        QTest.mouseClick(page.cards[0], Qt.MouseButton.RightButton)
        QTest.mousePress(page.cards[0], Qt.MouseButton.LeftButton)
        QTest.mouseRelease(page.cards[0], Qt.MouseButton.LeftButton, pos=QPoint(-50, -50))


def test_that_the_thumbnail_shows_the_rows_in_the_colours_of_the_theme(page):
    thumbnail = page.cards[0]._thumbnail
    grounds = []
    for theme in (LIGHT, DARK):
        page.show_theme(theme)
        picture = thumbnail.grab().toImage()
        colours = {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}
        assert theme.accent in colours
        grounds.append(picture.pixelColor(0, 0).name())
    assert grounds == [LIGHT.base, DARK.base]


def test_that_recent_files_can_be_opened(page, qtbot):
    paths = [Path("/data/a & b.csv"), Path("/data/<b>c.csv")]
    page.show_recent_files(paths)
    assert page._recent_heading.isVisible()
    assert [link.text() for link in links(page)] == ["a && b.csv", "<b>c.csv"]
    assert "<b>" not in links(page)[1].toolTip()
    with qtbot.waitSignal(page.file_requested) as chosen:
        links(page)[1].click()
    assert chosen.args == [paths[1]]


def test_that_a_project_is_told_from_a_table(page):
    page.show_recent_files([Path("/data/a.csv"), Path("/data/b.MDN")])
    table, project = links(page)
    assert [table.accessibleName(), project.accessibleName()] == ["Table: a.csv", "Project: b.MDN"]
    assert "Project: /data/b.MDN" in project.toolTip()
    pictures = [[link.icon().pixmap(16).toImage() for link in (table, project)]]
    assert pictures[0][0] != pictures[0][1]
    page.show_theme(DARK)
    pictures.append([link.icon().pixmap(16).toImage() for link in (table, project)])
    assert pictures[0][1] != pictures[1][1]


def test_that_there_is_no_heading_without_recent_files(page):
    page.show_recent_files([Path("/a.csv")])
    page.show_recent_files([])
    assert not page._recent_heading.isVisible()
    assert links(page) == []


def test_that_only_the_newest_recent_files_are_listed(page):
    page.show_recent_files([Path(f"/{number}.csv") for number in range(9)])
    assert [link.text() for link in links(page)] == ["0.csv", "1.csv", "2.csv", "3.csv"]


def test_that_a_long_file_name_does_not_widen_the_page(page):
    before = page.widget().minimumSizeHint().width()
    page.show_recent_files([Path("/" + "n" * 250 + ".csv")])
    page.widget().layout().activate()
    assert page.widget().minimumSizeHint().width() <= before


def test_that_a_card_opens_its_sample_in_the_window(stage: Stage):
    stage.window.welcome.cards[2].chosen.emit(SAMPLES[2].key)
    assert stage.session.dataset.target_name == "accel"
    assert not stage.window.welcome.isVisible()
    assert stage.plot.isVisible()
    assert all(dock.isVisible() for dock in stage.window.docks.all[:3])


def test_that_the_open_button_asks_for_a_file(stage: Stage):
    button = next(b for b in stage.window.welcome.findChildren(QPushButton) if b.text().startswith("Open file"))
    button.click()
    assert stage.dialogs.asked == ["open"]
    assert stage.state is RunState.NO_DATA


def test_that_no_dock_stands_beside_the_welcome_page(stage: Stage):
    assert stage.window.welcome.isVisible()
    assert not any(dock.isVisible() for dock in stage.window.docks.all[:3])
