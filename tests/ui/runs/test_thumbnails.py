"""The small pictures of runs."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QColor, QPixmap

from mdn_gui.core.network import Network
from mdn_gui.core.thumbnail import thumbnail
from mdn_gui.ui.runs.thumbnails import SIZE, Thumbnails, drawn
from mdn_gui.ui.theme import DARK, LIGHT
from tests.fakes import made_model
from tests.ui.runs.made import DATA


@pytest.fixture
def thumbnails(qtbot) -> Iterator[Thumbnails]:
    made = Thumbnails()
    yield made
    made.shut_down()


def colours(pixmap: QPixmap) -> set[str]:
    image = pixmap.toImage()
    return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}


def test_that_a_picture_is_made_once_off_the_gui_thread(thumbnails, qtbot):
    model = made_model(DATA)
    with qtbot.waitSignal(thumbnails.ready):
        assert thumbnails.picture_of(model, 1.0) is None
        assert thumbnails.picture_of(model, 1.0) is None
    first = thumbnails.picture_of(model, 1.0)
    assert first.size() == SIZE
    with qtbot.assertNotEmitted(thumbnails.ready):
        assert thumbnails.picture_of(model, 1.0) is first


def test_that_many_are_made_one_after_the_other(thumbnails, qtbot):
    models = [made_model(DATA, seed) for seed in range(12)]
    for model in models:
        thumbnails.picture_of(model, 1.0)
    qtbot.waitUntil(lambda: all(model in thumbnails._known for model in models))
    images = {thumbnails.picture_of(model, 1.0).toImage().cacheKey() for model in models}
    assert len(images) == 12


def test_that_those_scrolled_away_long_ago_are_let_go(thumbnails, qtbot):
    models = [made_model(DATA, seed) for seed in range(100)]
    for model in models:
        thumbnails.picture_of(model, 1.0)
    qtbot.waitUntil(lambda: models[-1] in thumbnails._known and not thumbnails._waiting and not thumbnails._job.is_busy)
    assert len(thumbnails._known) == 65  # the first one was under way at once
    thumbnails.picture_of(models[5], 1.0)
    qtbot.waitUntil(lambda: thumbnails.picture_of(models[5], 1.0) is not None)


def test_that_a_model_that_cannot_be_read_has_none_and_does_not_stop_the_others(thumbnails, qtbot, caplog):
    good = made_model(DATA)
    broken = replace(good, network=Network((np.zeros((2, 3)),), (np.zeros(3),), "tanh"))
    thumbnails.picture_of(good, 1.0)
    thumbnails.picture_of(broken, 1.0)
    qtbot.waitUntil(lambda: broken in thumbnails._known and good in thumbnails._known)
    assert thumbnails.picture_of(broken, 1.0) is None
    assert thumbnails.picture_of(good, 1.0) is not None


def test_that_a_picture_goes_with_its_model(thumbnails, qtbot):
    models = [made_model(DATA, seed) for seed in range(2)]
    qtbot.waitUntil(lambda: all(thumbnails.picture_of(model, 1.0) is not None for model in models))
    thumbnails.keep(models[1:])
    assert set(thumbnails._known) == set(thumbnails._drawn) == {models[1]}
    assert thumbnails.picture_of(models[1], 1.0) is not None


def test_that_it_has_the_colours_of_the_theme_the_pixels_of_the_screen(thumbnails, qtbot):
    model = made_model(DATA)
    with qtbot.waitSignal(thumbnails.ready):
        thumbnails.picture_of(model, 1.0)
    for theme in (LIGHT, DARK):
        thumbnails.show_theme(theme)
        found = thumbnails.picture_of(model, 1.0)
        assert {theme.base, theme.border} <= colours(found)
    fine = thumbnails.picture_of(model, 2.0)
    assert (fine.width(), fine.devicePixelRatio()) == (2 * SIZE.width(), 2.0)
    assert fine.deviceIndependentSize().toSize() == SIZE


def test_that_great_y_is_at_the_top():
    model = made_model(DATA, components=1)
    rising = Network((np.array([[0.0, 1.0, 0.0]]),), (np.array([0.0, 0.0, -3.0]),), "tanh")
    image = drawn(thumbnail(replace(model, network=rising)), LIGHT).toImage()
    colour = QColor(LIGHT.components[0])

    def height_of_line(x: int) -> float:
        far = [
            sum(abs(a - b) for a, b in zip(image.pixelColor(x, y).getRgb(), colour.getRgb(), strict=True))
            for y in range(2, SIZE.height() - 2)
        ]
        return float(np.argmin(far))

    assert height_of_line(8) > height_of_line(SIZE.width() // 2) > height_of_line(SIZE.width() - 8)


@pytest.mark.parametrize("components", [1, 64])
def test_that_few_and_many_components_can_be_drawn(components):
    found = drawn(thumbnail(made_model(DATA, components=components)), DARK)
    assert len(colours(found)) > 5
