import threading

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QObject, QRectF, QSize

from mdn_gui.core.binning import Cloud
from mdn_gui.ui.fit.crowd import MOST_POINTS, Crowd
from mdn_gui.ui.theme import DARK

PIXELS = QSize(400, 300)
WHOLE = QRectF(-4.0, -4.0, 8.0, 8.0)


@pytest.fixture
def crowd(qtbot):
    owner = QObject()
    made = Crowd(owner)
    made.set_view(WHOLE, PIXELS)
    yield made
    made.shut_down()


def rows(count):
    rng = np.random.default_rng(0)
    return rng.normal(size=count), rng.normal(size=count)


def drawn(qtbot, crowd, act):
    with qtbot.waitSignal(crowd.pictured, timeout=5000):
        act()


def rect_of(crowd):
    return crowd.image.mapRectToParent(crowd.image.boundingRect())


def test_that_few_rows_are_points_at_once(crowd):
    x, y = rows(MOST_POINTS)
    crowd.show_rows(x, y)
    np.testing.assert_array_equal(crowd.points.getData()[0], x)
    np.testing.assert_array_equal(crowd.points.getData()[1], y)
    assert not crowd.image.isVisible()
    assert crowd.cloud.is_in_order


def test_that_many_rows_are_an_image_of_the_view_with_room_around(qtbot, crowd):
    drawn(qtbot, crowd, lambda: crowd.show_rows(*rows(MOST_POINTS + 1)))
    assert crowd.image.isVisible()
    assert len(crowd.points.data) == 0
    assert rect_of(crowd).contains(WHOLE)
    assert crowd.image.image.max() == 1.0
    assert crowd.image.image.shape == (300, 225)


def test_that_points_are_drawn_where_few_of_many_are_seen(qtbot, crowd):
    x, y = rows(200_000)
    drawn(qtbot, crowd, lambda: crowd.show_rows(x, y))
    drawn(qtbot, crowd, lambda: crowd.set_view(QRectF(0.0, 0.0, 0.2, 0.2), PIXELS))
    shown = crowd.points.getData()
    assert not crowd.image.isVisible()
    inside = (x >= 0.0) & (x <= 0.2) & (y >= 0.0) & (y <= 0.2)
    assert {*zip(x[inside], y[inside], strict=True)} <= {*zip(*shown, strict=True)}
    drawn(qtbot, crowd, lambda: crowd.set_view(WHOLE, PIXELS))
    assert crowd.image.isVisible()
    assert len(crowd.points.data) == 0


def test_that_a_small_move_of_the_view_needs_no_new_picture(qtbot, crowd):
    drawn(qtbot, crowd, lambda: crowd.show_rows(*rows(60_000)))
    crowd.set_view(WHOLE.translated(0.5, 0.2), PIXELS)
    assert crowd._wanted is None
    assert not crowd._counting.is_busy
    drawn(qtbot, crowd, lambda: crowd.set_view(WHOLE.translated(2.0, 0.0), PIXELS))
    assert rect_of(crowd).contains(WHOLE.translated(2.0, 0.0))


def test_that_the_old_picture_stays_until_the_new_one_is_there(qtbot, crowd, monkeypatch):
    drawn(qtbot, crowd, lambda: crowd.show_rows(*rows(60_000)))
    qtbot.waitUntil(lambda: crowd.cloud.is_in_order)
    may_count, count = threading.Event(), Cloud.picture
    monkeypatch.setattr(Cloud, "picture", lambda *given: may_count.wait(10) and count(*given))
    before = rect_of(crowd)
    for width in (4.0, 2.0, 1.0):
        crowd.set_view(QRectF(-2.0, -2.0, width, 4.0), PIXELS)
        assert crowd.image.isVisible()
        assert rect_of(crowd) == before
    may_count.set()
    qtbot.waitUntil(lambda: crowd._picture.frame.x_high == pytest.approx(-2.0 + 1.25))  # the newest wins


def test_that_a_picture_of_other_rows_is_dropped(qtbot, crowd, monkeypatch):
    may_count, count = threading.Event(), Cloud.picture
    monkeypatch.setattr(Cloud, "picture", lambda *given: may_count.wait(10) and count(*given))
    crowd.show_rows(*rows(60_000))
    crowd.show_rows(*rows(10))
    may_count.set()
    crowd._counting._pool.waitForDone()
    QCoreApplication.processEvents()  # the answer would be delivered now
    assert not crowd.image.isVisible()
    assert len(crowd.points.data) == 10


def test_that_the_rows_are_put_in_order_after_the_first_picture(qtbot, crowd):
    x, y = rows(60_000)
    with qtbot.waitSignal(crowd.ordered, timeout=5000):
        crowd.show_rows(x, y)
    np.testing.assert_array_equal(crowd.cloud.x, np.sort(x))


@pytest.mark.parametrize("count", [100, 60_000])
def test_that_rows_inside_an_outline_are_found(qtbot, crowd, count):
    x, y = rows(count)
    crowd.show_rows(x, y)
    found = []
    crowd.pick(np.array([[-1, -1], [1, -1], [1, 1], [-1, 1.0]]), found.append)
    qtbot.waitUntil(lambda: bool(found))
    np.testing.assert_array_equal(found[0], np.flatnonzero((abs(x) < 1) & (abs(y) < 1)))


def test_that_rows_in_a_hundredth_of_the_cells_are_seen(qtbot, crowd):
    x, y = np.zeros(60_000), np.zeros(60_000)
    x[0] = y[0] = 3.9
    drawn(qtbot, crowd, lambda: crowd.show_rows(x, y))
    assert crowd.image.image.max() == 1.0


def test_that_hidden_rows_stay_hidden_when_a_picture_comes(qtbot, crowd):
    crowd.set_visible(visible=False)
    drawn(qtbot, crowd, lambda: crowd.show_rows(*rows(60_000)))
    assert not crowd.image.isVisible()
    crowd.set_visible(visible=True)
    assert crowd.image.isVisible()


def test_that_a_failure_leaves_the_next_picture_possible(qtbot, crowd, monkeypatch, caplog):
    count = Cloud.picture

    def fail(*_):
        raise MemoryError

    monkeypatch.setattr(Cloud, "picture", fail)
    crowd.show_rows(*rows(60_000))
    qtbot.waitUntil(lambda: not crowd._counting.is_busy)
    assert "a job in the background failed" in caplog.text
    monkeypatch.setattr(Cloud, "picture", count)
    drawn(qtbot, crowd, lambda: crowd.set_view(WHOLE.translated(1.0, 0.0), PIXELS))


def test_that_colours_follow_the_theme(qtbot):
    owner = QObject()
    picked = Crowd(owner, is_selection=True)
    picked.show_theme(DARK)
    assert picked.points.opts["brush"].color().name() == DARK.accent
    assert picked.image.lut[-1].tolist()[:3] == [int(DARK.accent[at : at + 2], 16) for at in (1, 3, 5)]
    picked.shut_down()
