"""Small multiples over a second input."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QBuffer, QIODevice, QPoint, Qt
from PySide6.QtGui import QImage, QPainter, QPdfWriter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.encoding import ColumnKind, Encoding
from mdn_gui.core.reading import Line, Section
from mdn_gui.core.transform import transform_named
from mdn_gui.core.transformed_mixture import TransformedMixture
from mdn_gui.ui.inputs.interaction_grid import InteractionGrid
from mdn_gui.ui.inputs.interaction_picture import round_values
from mdn_gui.ui.theme import DARK, LIGHT
from tests.fakes import made_joint_mixture, made_model

AGE, COLOUR, MASS = 0, 1, 2
KINDS = (
    Encoding("age"),
    Encoding("colour", ColumnKind.CATEGORY, ("red", "<b>blue</b>", "green")),
    Encoding("mass"),
)
WIDE = 60 + 5 * 80


def made_dataset() -> Dataset:
    rng = np.random.default_rng(0)
    age, mass = rng.uniform(20, 60, 120), rng.normal(70.0, 8.0, 120)
    colour = KINDS[1].expanded(rng.integers(0, 3, 120).astype(float))
    names = tuple(name for kind in KINDS for name in kind.names)
    return Dataset(np.column_stack((age, colour, mass)), age + mass, names, "y", encodings=KINDS)


@pytest.fixture
def dataset() -> Dataset:
    return made_dataset()


@pytest.fixture
def section(dataset: Dataset) -> Section:
    return Section(made_model(dataset), Line.through(dataset))


@pytest.fixture
def empty(qtbot, dataset) -> Iterator[InteractionGrid]:
    made = InteractionGrid()
    qtbot.addWidget(made)
    made.resize(WIDE, 150)
    made.show_dataset(dataset)
    made.watch(on=True)
    made.show()
    yield made
    made.shut_down()


def settle(qtbot, grid: InteractionGrid) -> None:
    qtbot.waitUntil(lambda: grid._drawn is not None and grid._drawn[0] is grid._wanted)


@pytest.fixture
def grid(qtbot, empty, section) -> InteractionGrid:
    """The fit along age at five masses."""
    empty.show_section(section, MASS)
    settle(qtbot, empty)
    return empty


def picture(widget: QWidget) -> np.ndarray:
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)[:, :, :3].copy()


def centre(grid: InteractionGrid, cell: int) -> QPoint:
    return grid._layout(grid._scene).pictures[cell].center().toPoint()


def test_that_there_is_a_cell_for_each_of_five_quantiles(grid, dataset):
    expected = np.quantile(dataset.x[:, -1], [0.05, 0.25, 0.5, 0.75, 0.95])
    np.testing.assert_array_equal(grid._drawn[1].values, expected)
    assert [name for name, _ in grid._scene.names] == ["mass"] * 5
    assert len(grid._layout(grid._scene).pictures) == 5


@pytest.mark.parametrize(("width", "cells"), [(300, 3), (WIDE, 5), (1000, 7)])
def test_that_there_are_as_many_cells_as_there_is_room_for(qtbot, grid, width, cells):
    grid.resize(width, 150)
    settle(qtbot, grid)
    qtbot.waitUntil(lambda: len(grid._scene.names) == cells)
    rightmost = grid._layout(grid._scene).pictures[-1]
    assert rightmost.right() <= grid.width()


def test_that_the_levels_of_a_category_have_a_cell_each(qtbot, grid, section):
    grid.show_section(section, COLOUR)
    settle(qtbot, grid)
    assert [value for _, value in grid._scene.names] == ["red", "<b>blue</b>", "green"]


def test_that_the_nearest_cell_to_where_the_input_is_held_is_marked_without_reading_anew(grid, section):
    before = grid._drawn
    for cell, value in enumerate(grid._drawn[1].values.tolist()):
        grid.show_section(Section(section.model, section.line.holding(MASS, value + 0.01)), MASS)
        assert grid._scene.held == cell
    assert grid._drawn is before
    assert not grid._job._pause.isActive()


def test_that_another_held_input_is_read_anew(qtbot, grid, section, dataset):
    before = grid._drawn[1].mean.copy()
    level = (dataset.middle[COLOUR] + 1) % 3
    moved = Section(section.model, section.line.holding(COLOUR, level))
    grid.show_section(moved, MASS)
    settle(qtbot, grid)
    assert (grid._drawn[1].mean != before).any()
    at = Section(section.model, moved.line.holding(MASS, grid._drawn[1].values[0]))
    assert grid._drawn[1].mean[0].tolist() == at.conditional(grid._drawn[1].x[:, None]).mean().tolist()


def test_that_a_click_takes_the_value_of_a_cell(grid, qtbot):
    with qtbot.waitSignal(grid.value_chosen) as chosen:
        QTest.mouseClick(grid, Qt.MouseButton.LeftButton, pos=centre(grid, 3))
    assert chosen.args == [MASS, grid._drawn[1].values[3]]


def test_that_the_arrow_keys_choose_a_cell_whose_value_enter_takes(grid, qtbot):
    chosen = []
    grid.value_chosen.connect(lambda place, value: chosen.append((place, value)))
    values = grid._drawn[1].values.tolist()
    for keys, cell in (
        ([Qt.Key.Key_Home, Qt.Key.Key_Right], 1),
        ([Qt.Key.Key_End], 4),
        ([Qt.Key.Key_Right], 4),
        ([Qt.Key.Key_Left], 3),
    ):
        for key in keys:
            QTest.keyClick(grid, key)
        assert grid.accessibleDescription().startswith("mass = ")
        QTest.keyClick(grid, Qt.Key.Key_Return if cell != 3 else Qt.Key.Key_Space)
        assert chosen[-1] == (MASS, values[cell])
    assert grid.focusPolicy() == Qt.FocusPolicy.StrongFocus


def test_that_the_mean_at_the_cursor_is_told(grid, section):
    grid.show_cursor(40.0)
    values = grid._drawn[1].values
    told = grid._scene.interaction.mean_at(40.0)
    for cell, value in enumerate(values.tolist()):
        exact = Section(section.model, section.line.holding(MASS, value)).conditional([[40.0]]).mean()[0]
        assert abs(told[cell] - exact) < 0.02 * np.ptp(grid._drawn[1].mean)
    assert "mean about" in grid._cell_text(0)
    grid.show_cursor(np.nan)
    assert "mean about" not in grid._cell_text(0)


def test_that_the_cursor_draws_a_line_in_each_cell_and_no_more(grid):
    grid.show_cursor(np.nan)
    without = picture(grid)
    grid.show_cursor(40.0)
    pixmap = grid._picture
    with_line = picture(grid)
    assert grid._picture is pixmap  # the cells are not drawn anew
    layout = grid._layout(grid._scene)
    changed = np.flatnonzero((without != with_line).any(axis=(0, 2)))
    for frame in layout.pictures:
        assert round(grid._scene.x_place(frame, 40.0)) in changed
    rows = slice(int(layout.pictures[0].top()) + 2, int(layout.pictures[0].bottom()) - 2)
    assert 5 <= (without != with_line)[rows].any(axis=(0, 2)).sum() <= 5 * 4
    grid.show_cursor(1e12)
    assert (picture(grid) == without).all()


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_that_the_cells_are_drawn_in_the_colours_of_the_theme(grid, theme):
    grid.show_theme(theme)
    pixels = picture(grid).reshape(-1, 3)[:, ::-1]
    for colour in (theme.window, theme.base, theme.text):
        wanted = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)])
        assert (np.abs(pixels.astype(int) - wanted).max(axis=1) <= 8).any(), colour


def test_that_a_vector_picture_holds_lines(grid, qtbot):
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(96)
    painter = QPainter(writer)
    QWidget.render(grid, painter, QPoint())
    painter.end()
    content = buffer.data().data()
    assert content.count(b"/Subtype /Image") >= 5  # the ground of each cell, not one picture of them all
    assert b"/Font" in content


def test_that_what_is_drawn_is_given_as_numbers(grid, section):
    table = grid.drawn_table()
    made = grid._drawn[1]
    assert table.names == ("mass", "age", "mean", "quantile_0.05", "quantile_0.95")
    assert [len(column) for column in table.columns] == [made.mean.size] * 5
    row = len(made.x) + 3
    assert [column[row] for column in table.columns] == [
        made.values[1],
        made.x[3],
        made.mean[1, 3],
        made.low[1, 3],
        made.high[1, 3],
    ]
    assert any("colour = " in comment for comment in table.comments)


def test_that_the_numbers_of_a_category_have_its_levels_by_name(qtbot, grid, section):
    grid.show_section(section, COLOUR)
    settle(qtbot, grid)
    assert set(grid.drawn_table().columns[0]) == {"red", "<b>blue</b>", "green"}


def test_that_nothing_is_drawn_without_a_fit(grid, dataset):
    grid.show_section(None, MASS)
    assert grid.drawn_table() is None
    assert len(np.unique(picture(grid).reshape(-1, 3), axis=0)) == 1
    QTest.keyClick(grid, Qt.Key.Key_Tab)
    assert grid._scene is None


def test_that_a_grid_that_nobody_watches_reads_nothing(qtbot, empty, section):
    empty.watch(on=False)
    empty.show_section(section, MASS)
    assert not empty._job._pause.isActive()
    empty.watch(on=True)
    settle(qtbot, empty)


class Infinite:
    """A transformed target whose moments no float holds."""

    def __init__(self, model) -> None:
        self.model = model

    def conditional(self, x):
        base = self.model.conditional(x)
        wide = type(base)(base.weights, base.locs, np.full_like(base.scales, 60.0))
        return TransformedMixture(wide, transform_named("log"))


@pytest.mark.parametrize("kind", ["preview", "64 components", "infinite moments", "category on the axis"])
def test_that_every_kind_of_fit_is_drawn(qtbot, empty, dataset, kind):
    models = {
        "preview": made_joint_mixture(dataset, components=40),
        "64 components": made_model(dataset, components=64),
        "infinite moments": Infinite(made_model(dataset)),
        "category on the axis": made_model(dataset),
    }
    place = COLOUR if kind == "category on the axis" else AGE
    empty.show_section(Section(models[kind], Line.through(dataset, place)), MASS)
    settle(qtbot, empty)
    empty.show_cursor(1.0 if place == COLOUR else 40.0)
    assert len(np.unique(picture(empty).reshape(-1, 3), axis=0)) > 20


@pytest.mark.parametrize("offset", [0.0, 1e12])
def test_that_constant_or_far_columns_are_drawn(qtbot, empty, offset):
    x = np.column_stack((np.full(9, offset + 3.0), np.arange(9.0) + offset))
    flat = Dataset(x, np.full(9, 2.0), ("a", "b"), "y")
    empty.show_dataset(flat)
    empty.show_section(Section(made_model(flat), Line.through(flat)), 1)
    settle(qtbot, empty)
    empty.show_cursor(offset + 3.0)
    assert len(np.unique(picture(empty).reshape(-1, 3), axis=0)) > 5


def test_that_a_model_that_cannot_be_read_leaves_nothing(qtbot, empty, dataset):
    narrow = Dataset(dataset.x[:, :1], dataset.y, ("a",), "y")
    with qtbot.waitSignal(empty._job.failed):
        empty.show_section(Section(made_model(narrow), Line.through(dataset)), MASS)
    assert empty.drawn_table() is None


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (-0.881, 85.8, (0.0, 40.0, 80.0)),
        (-1.0, 1.0, (-1.0, 0.0, 1.0)),
        (0.013, 0.0419, (0.02, 0.03, 0.04)),
        (1e12, 1e12 + 7.0, (1e12, 1e12 + 2.0, 1e12 + 4.0, 1e12 + 6.0)),
        (-3e299, 1e300, (0.0, 4e299, 8e299)),
        (2.0, 2.0, ()),
    ],
)
def test_that_the_ticks_of_y_are_round_values_within_its_range(low, high, expected):
    assert round_values(low, high) == pytest.approx(expected)
    assert all(low <= value <= high for value in round_values(low, high))


def test_that_any_range_has_two_to_four_ticks():
    rng = np.random.default_rng(0)
    for low, width in zip(rng.normal(0.0, 100.0, 2000), 10.0 ** rng.uniform(-3.0, 6.0, 2000), strict=True):
        assert 2 <= len(round_values(low, low + width)) <= 4
