import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from mdn_gui.session.messages import Notice, Severity
from mdn_gui.ui.notices import NoticeArea
from tests.ui.stage import Stage


@pytest.fixture
def area(qtbot) -> NoticeArea:
    made = NoticeArea()
    qtbot.addWidget(made)
    made.show()
    return made


def button(area: NoticeArea, text: str, frame: int = 0) -> QPushButton:
    widget: QWidget = area._frames[frame]
    return next(b for b in widget.findChildren(QPushButton) if b.text() == text)


def visible_texts(area: NoticeArea) -> list[str]:
    QApplication.processEvents()
    return [label.text() for frame in area._frames for label in frame.findChildren(QLabel) if label.isVisible()]


def test_that_a_notice_shows_cause_and_remedy(area):
    area.show_notice(Notice("It broke.", "Mend it."))
    assert visible_texts(area) == ["It broke.", "Mend it."]


def test_that_newer_notices_stand_first_and_the_oldest_makes_room(area):
    for number in range(5):
        area.show_notice(Notice(str(number)))
    assert [notice.message for notice in area.notices] == ["4", "3", "2"]
    assert visible_texts(area) == ["4", "3", "2"]
    assert [area._layout.itemAt(i).widget().notice.message for i in range(3)] == ["4", "3", "2"]


def test_that_the_same_notice_is_not_shown_twice(area):
    for _ in range(3):
        area.show_notice(Notice("It broke.", "Mend it."))
    assert len(area.notices) == 1


def test_that_a_notice_stays_until_it_is_dismissed(area, qtbot):
    area.show_notice(Notice("first"))
    area.show_notice(Notice("second"))
    with qtbot.waitSignal(area.count_changed) as counted:
        button(area, "Dismiss", 1).click()
    assert counted.args == [1]
    assert [notice.message for notice in area.notices] == ["second"]


def test_that_all_can_be_cleared(area):
    area.show_notice(Notice("first"))
    area.show_notice(Notice("second"))
    area.clear()
    assert area.notices == []
    assert visible_texts(area) == []


def test_that_details_can_be_copied(area):
    area.show_notice(Notice("It broke.", "Mend it.", details="Traceback: line 1"))
    button(area, "Copy details").click()
    assert QGuiApplication.clipboard().text() == "It broke.\nMend it.\nTraceback: line 1"


def test_that_hostile_texts_are_plain(area):
    area.show_notice(Notice("<b>x</b><img src=x>", "<a href='x'>y</a>"))
    labels = area._frames[0].findChildren(QLabel)
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}


def test_that_an_error_looks_different_from_an_information(area):
    area.show_notice(Notice("a", severity=Severity.INFO))
    area.show_notice(Notice("b", severity=Severity.ERROR))
    assert [frame.objectName() for frame in area._frames] == ["noticeError", "notice"]


def test_that_a_notice_takes_the_lines_it_needs(stage: Stage):
    stage.window.show_notice(Notice("word " * 200))
    label = stage.window.notices.findChild(QLabel)
    stage.qtbot.waitUntil(lambda: label.height() >= label.heightForWidth(label.width()) > 0)
    assert label.height() > 1.5 * label.fontMetrics().height()
