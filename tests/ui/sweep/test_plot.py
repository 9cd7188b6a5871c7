"""The picture of a sweep."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt

from mdn_gui.core.sweep import SweepResult, SweepRun
from mdn_gui.ui.sweep.plot import SweepPlot
from mdn_gui.ui.theme import DARK, LIGHT, contrast
from tests.ui.sweep.made import LEVELS, made_result, made_run


@pytest.fixture
def plot(qtbot):
    made = SweepPlot()
    made.resize(420, 300)
    made.show()
    yield made
    made.hide()
    made.deleteLater()


def marks(plot: SweepPlot) -> dict[float, float]:
    x, y = plot._marks.getData()
    return dict(zip(x.tolist(), y.tolist(), strict=True))


def heights(plot: SweepPlot) -> tuple[float, float]:
    low, high = plot.view.viewRange()[1]
    return low, high


def pointed(plot: SweepPlot) -> str:
    return plot.accessibleDescription()


def test_that_each_k_has_a_mark_at_its_nll_with_the_error_of_the_paired_difference(plot):
    result = made_result()
    plot.show_result(result)
    assert marks(plot) == pytest.approx({float(k): nll for k, nll in LEVELS.items()})
    errors = plot._bars.opts["height"] / 2.0
    expected = [point.excess_over(result.best).standard_error for point in result.points]
    assert errors == pytest.approx(expected)
    assert errors[2] == 0.0
    assert plot._level.value() == pytest.approx(LEVELS[3])


def test_that_the_best_is_a_star_and_the_recommended_is_filled(plot):
    plot.show_result(made_result())
    symbols = dict(zip(marks(plot), plot._marks.data["symbol"], strict=True))
    assert symbols == {1.0: "o", 2.0: "o", 3.0: "star", 4.0: "o"}
    filled = [
        k for k, brush in zip(marks(plot), plot._marks.data["brush"], strict=True) if brush.color() == LIGHT.accent
    ]
    assert filled == [2.0]


def test_that_each_seed_has_a_dot_only_where_there_are_several(plot):
    plot.show_result(made_result())
    assert len(plot._dots.getData()[0]) == 0
    result = made_result(seeds=(0, 1, 2))
    plot.show_result(result)
    x, y = plot._dots.getData()
    dots = sorted(zip(x.tolist(), y.tolist(), strict=True))
    expected = sorted((float(run.num_components), run.nll) for run in result.runs)
    assert [k for k, _ in dots] == [k for k, _ in expected]
    assert [nll for _, nll in dots] == pytest.approx([nll for _, nll in expected])
    assert len(plot._lines) == 3
    plot.show_result(None)
    assert plot._lines == []


def test_that_a_k_with_a_seed_missing_stands_where_it_can_be_compared(plot):
    """Seed 1 is harder by 1: the mean of both seeds would put K = 1 above K = 2, which it beats."""
    runs = [made_run(1, 1.0, 0), made_run(1, 2.0, 1), made_run(2, 1.3, 0)]
    plot.show_result(SweepResult.of_runs(runs))
    assert marks(plot)[2.0] - marks(plot)[1.0] == pytest.approx(0.3)


def test_that_what_is_far_above_is_shown_as_above_until_every_k_is_wanted(plot):
    plot.show_result(made_result())
    assert plot.hides_some
    assert heights(plot)[1] < LEVELS[1]
    x, y = plot._above.getData()
    assert x.tolist() == [1.0]
    assert y[0] < heights(plot)[1]
    plot.set_near(False)
    assert heights(plot)[1] > LEVELS[1]
    assert len(plot._above.getData()[0]) == 0


def test_that_nothing_is_hidden_where_all_are_near(plot):
    plot.show_result(made_result({1: 1.0, 2: 1.01, 3: 1.02}))
    assert not plot.hides_some
    assert len(plot._above.getData()[0]) == 0


def test_that_the_k_of_the_run_shown_is_ringed_around_its_mark_its_dot_is_filled(plot):
    result = made_result(seeds=(0, 1))
    plot.show_result(result)
    assert len(plot._ring.getData()[0]) == 0
    run = result.points[1].runs[1]
    plot.show_run(run.number)
    x, y = plot._ring.getData()
    assert (x[0], y[0]) == (2.0, marks(plot)[2.0])
    x, y = plot._dot.getData()
    assert (x[0], y[0]) == (2.0, run.nll)
    plot.show_run(999)
    assert len(plot._ring.getData()[0]) == len(plot._dot.getData()[0]) == 0


def test_that_the_ring_leaves_room_around_every_mark(plot):
    result = made_result()
    plot.show_result(result)
    for point in result.points:
        plot.show_run(point.runs[0].number)
        assert len(plot._dot.getData()[0]) == 0
        assert plot._ring.opts["size"] >= plot._marks.data["size"].max() + 4


def test_that_keys_go_from_k_to_k_say_what_they_show_and_enter_asks_for_it(qtbot, plot):
    plot.show_result(made_result(seeds=(5, 7)))
    asked = []
    plot.show_requested.connect(asked.append)
    qtbot.keyClick(plot, Qt.Key.Key_Return)
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    assert pointed(plot).startswith("K = 1:")
    qtbot.keyClick(plot, Qt.Key.Key_End)
    assert pointed(plot).startswith("K = 4:")
    assert "above the best" in pointed(plot)
    qtbot.keyClick(plot, Qt.Key.Key_Left)
    assert "the best" in pointed(plot)
    qtbot.keyClick(plot, Qt.Key.Key_Return)
    assert asked == [13]
    qtbot.keyClick(plot, Qt.Key.Key_Escape)
    assert pointed(plot) == ""


def test_that_what_is_pointed_to_stays_so_while_the_sweep_grows(qtbot, plot):
    plot.show_result(made_result({2: 1.0, 4: 1.1}))
    qtbot.keyClick(plot, Qt.Key.Key_End)
    plot.show_result(made_result({1: 2.0, 2: 1.0, 3: 1.0, 4: 1.1}))
    assert plot.pointed_components == 4
    plot.show_result(made_result({1: 2.0}))
    assert plot.pointed_components == 0


def test_that_a_double_click_asks_for_the_run_of_the_nearest_dot(qtbot, plot):
    result = made_result({1: 1.0, 2: 1.01}, seeds=(0, 9))
    plot.show_result(result)
    asked = []
    plot.show_requested.connect(asked.append)
    run = result.points[1].runs[1]
    place = plot.mapFromScene(plot.view.mapViewToScene(QPointF(2.0, run.nll)))
    qtbot.mouseMove(plot.viewport(), place)
    plot._follow_mouse(plot.view.mapViewToScene(QPointF(2.0, run.nll)))
    qtbot.mouseDClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert asked == [run.number]


@pytest.mark.parametrize(
    "row_nlls",
    [
        {1: [np.inf, 0.0]},
        {1: [np.inf, 0.0], 2: [0.0, 1.0]},
        {1: [1e300, 1e300], 2: [-1e300, 1e300]},
        {1: [1e12, 1e12 + 1.0], 64: [0.0, 0.0]},
        {3: [5.0]},
        {k: [1.0, 2.0] for k in range(1, 65)},
    ],
)
def test_that_extreme_sweeps_are_drawn(plot, row_nlls):
    runs = []
    for k, values in row_nlls.items():
        run = made_run(k, 1.0)
        runs.append(SweepRun(run.model, np.arange(len(values)), np.array(values)))
    plot.show_result(SweepResult.of_runs(runs))
    plot.grab()
    for low, high in plot.view.viewRange():
        assert np.isfinite([low, high]).all()
        assert low < high
    shown = [text for _, text in plot.getAxis("bottom")._tickLevels[0]]
    assert 1 <= len(shown) <= 30
    assert set(shown) <= {str(k) for k in row_nlls}


def test_that_the_recommended_k_is_always_named_on_the_axis(plot):
    levels = {k: 1.0 + (1.0 if k < 37 else 0.0) for k in range(1, 65)}
    result = made_result(levels)
    plot.show_result(result)
    shown = [text for _, text in plot.getAxis("bottom")._tickLevels[0]]
    assert str(result.recommended.num_components) in shown


def test_that_the_numbers_drawn_can_be_taken_out(plot):
    assert plot.drawn_table() is None
    result = made_result(seeds=(0, 1))
    plot.show_result(result)
    table = plot.drawn_table()
    columns = dict(zip(table.names, table.columns, strict=True))
    assert columns["num_components"].tolist() == [1.0, 2.0, 3.0, 4.0]
    assert columns["nll"].tolist() == [point.nll.value for point in result.points]
    assert columns["excess_se"].tolist() == [point.excess_over(result.best).standard_error for point in result.points]
    assert columns["seed_sd"].tolist() == [point.seed_spread for point in result.points]
    assert columns["runs"].tolist() == [2.0] * 4


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_that_the_marks_stand_out_in_both_themes(plot, theme):
    plot.show_result(made_result(seeds=(0, 1)))
    plot.show_theme(theme)
    colours = [plot._ring.opts["pen"].color(), plot._above.opts["pen"].color(), plot._dots.opts["brush"].color()]
    assert all(contrast(colour, theme.base) >= 3.0 for colour in colours)
    assert plot._marks.data["pen"][0].color() == theme.accent
