"""Runs that are laid over the fit shown in the fit plot."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtGui import QColor

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.reading import Line, Section
from mdn_gui.core.training_run import TrainingRun
from mdn_gui.core.transform import LOG
from mdn_gui.core.transformed_mixture import in_data_units
from mdn_gui.ui.fit.layers.frame import Comparison, Subject
from mdn_gui.ui.fit.layers.other_runs import LEAST_WEIGHT, OtherRuns
from mdn_gui.ui.fit.layers.strokes import LEVELS
from mdn_gui.ui.fit.panel import FitPanel
from mdn_gui.ui.overlaid import run_name
from mdn_gui.ui.theme import DARK, LIGHT
from tests.fakes import made_model
from tests.ui.fit.layers.frames import frame_of, is_inked, painted, steady_mixture
from tests.ui.fit.layers.test_layers import Steady
from tests.ui.stage import Stage

DATA = Dataset(np.linspace(0.0, 1.0, 20)[:, None], np.linspace(0.0, 1.0, 20), ("a",), "y")


class Broad:
    """p(y given x) of a target with a mean that no number holds."""

    def conditional(self, x):
        return in_data_units(steady_mixture(len(np.asarray(x)), (1.0,)), LOG)


def laid(*locs: float) -> Subject:
    line = Line(DATA.encodings, 0, np.zeros(1))
    return Subject(
        others=tuple(Comparison(Section(Steady(loc), line), f"run {k}", k) for k, loc in enumerate(locs, start=1))
    )


class Branching:
    """p(y given x) with branches at -2 and 2, the weight of the upper one falling from 1 at x = 0 to 0 at x = 1."""

    def conditional(self, x):
        x = np.asarray(x)[:, 0]
        return ConditionalMixture(
            np.stack((x, 1.0 - x), axis=1), np.tile((-2.0, 2.0), (len(x), 1)), np.full((len(x), 2), 0.2)
        )


def branching() -> Subject:
    return Subject(others=(Comparison(Section(Branching(), Line(DATA.encodings, 0, np.zeros(1))), "run 1", 1),))


def test_that_each_run_has_a_line_at_its_mean(qapp):
    layer = OtherRuns()
    frame = frame_of(steady_mixture(50), laid(-2.0, 1.0))
    layer.draw_now(frame)
    assert [stroke.run.number for stroke in layer.strokes] == [1, 2]
    for stroke, mean in zip(layer.strokes, (-2.0, 1.0), strict=True):
        ((level, line),) = stroke.means
        assert level == LEVELS
        assert {point.y() for point in line} == {mean}
        assert (line.first().x(), line.last().x()) == (frame.x[0], frame.x[-1])
    image = painted(layer)
    assert is_inked(image, 0.3, 1.0)
    assert not is_inked(image, 0.3, 2.5)


def test_that_a_run_with_two_branches_has_a_line_in_each_and_none_between(qapp):
    layer = OtherRuns()
    layer.draw_now(frame_of(steady_mixture(300), branching()))
    assert {point.y() for _, line in layer.strokes[0].means for point in line} == {-2.0, 2.0}
    image = painted(layer)
    assert is_inked(image, 0.5, 2.0)
    assert is_inked(image, 0.5, -2.0)
    assert not any(is_inked(image, x, y) for x in (0.2, 0.5, 0.8) for y in np.linspace(-1.8, 1.8, 60))


def test_that_a_mean_ends_where_its_weight_falls_below_five_percent_and_fades_on_the_way(qapp):
    layer = OtherRuns()
    layer.draw_now(frame_of(steady_mixture(300), branching()))
    upper = sorted(
        (line.first().x(), line.last().x(), level) for level, line in layer.strokes[0].means if line.first().y() == 2.0
    )
    assert upper[0][0] == 0.0
    assert 1.0 - LEAST_WEIGHT - 0.02 < upper[-1][1] <= 1.0 - LEAST_WEIGHT
    assert all(before[1] == after[0] for before, after in pairwise(upper))
    levels = [level for *_, level in upper]
    assert levels == sorted(levels, reverse=True)
    assert levels[0] == LEVELS
    assert levels[-1] < LEVELS // 2


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_that_each_run_has_its_own_colour(qapp, theme):
    layer = OtherRuns()
    layer.show_theme(theme)
    layer.set_fineness(4.0)
    layer.draw_now(frame_of(steady_mixture(50), laid(-2.0, 1.0)))
    image = painted(layer)
    for number, y in ((1, -2.0), (2, 1.0)):
        row = round((3.0 - y) / 6.0 * image.height())
        column = [image.pixelColor(60, row + k) for k in (-1, 0, 1)]
        assert any(near(colour, theme.run(number)) for colour in column)


def near(first: QColor, second: QColor) -> bool:
    pairs = zip(first.getRgb()[:3], second.getRgb()[:3], strict=True)
    return max(abs(a - b) for a, b in pairs) < 60


def test_that_a_mean_that_is_infinite_does_no_harm(qapp):
    line = Line(DATA.encodings, 0, np.zeros(1))
    layer = OtherRuns()
    layer.draw_now(frame_of(steady_mixture(50), Subject(others=(Comparison(Section(Broad(), line), "run 1", 1),))))
    assert not painted(layer).isNull()


def test_that_nothing_is_offered_without_another_run(qapp):
    assert not OtherRuns.is_offered(Subject())
    assert OtherRuns.is_offered(laid(0.0))


# -- in the window ----------------------------------------------------------------------------------------------------


@pytest.fixture
def three_runs(fitted: Stage) -> Stage:
    """A window after three runs with the first two laid over the third."""
    fitted.train()
    fitted.train()
    fitted.session.run_list.tick(1, on=True)
    fitted.session.run_list.tick(2, on=True)
    return fitted


def layer_of(stage: Stage) -> OtherRuns:
    layer = stage.plot.stack.layers["runs"]
    assert isinstance(layer, OtherRuns)
    return layer


def test_that_ticked_runs_are_drawn_when_a_thread_has_worked_them_out(three_runs: Stage):
    three_runs.qtbot.waitUntil(lambda: not three_runs.plot.is_drawing)
    layer = layer_of(three_runs)
    assert [stroke.run.name for stroke in layer.strokes] == ["run 1", "run 2"]
    run, frame = three_runs.session.run_list.run(2), three_runs.plot.stack.frame
    expected = run.model.conditional(frame.x[-1:, None])
    ends = {line.last().y() for _, line in layer.strokes[1].means if line.last().x() == frame.x[-1]}
    assert ends == set(expected.locs[0][expected.weights[0] >= LEAST_WEIGHT].tolist())
    three_runs.session.run_list.tick(1, on=False)
    three_runs.session.run_list.tick(2, on=False)
    assert not three_runs.plot.stack.is_offered("runs")
    three_runs.qtbot.waitUntil(lambda: not layer.isVisible())


def test_that_the_run_shown_and_one_of_other_columns_are_passed_over(three_runs: Stage):
    three_runs.session.run_list.tick(3, on=True)
    assert [each.number for each in three_runs.plot.stack.subject.others] == [1, 2]
    three_runs.session.choose_columns(("extra",), "response")
    three_runs.train()
    assert three_runs.plot.stack.subject.others == ()


def test_that_a_rename_is_told_above_the_plot(three_runs: Stage):
    three_runs.session.run_list.rename(2, "wide")
    assert [each.name for each in three_runs.plot.stack.subject.others] == ["run 1", "wide"]
    three_runs.qtbot.waitUntil(lambda: not three_runs.plot.is_drawing)
    assert [text for *_, text in layer_of(three_runs).names.entries()] == ["run 1", "wide"]


def test_that_the_names_stand_above_the_view_and_give_their_room_back(three_runs: Stage):
    three_runs.qtbot.waitUntil(lambda: not three_runs.plot.is_drawing)
    names, view = layer_of(three_runs).names, three_runs.plot.view
    three_runs.qtbot.waitUntil(lambda: names.size().height() > 10.0)
    assert names.sceneBoundingRect().bottom() <= view.sceneBoundingRect().top()
    assert names.sceneBoundingRect().left() == pytest.approx(view.sceneBoundingRect().left(), abs=1.0)
    top = view.sceneBoundingRect().top()
    for number in (1, 2):
        three_runs.session.run_list.tick(number, on=False)
    three_runs.qtbot.waitUntil(lambda: view.sceneBoundingRect().top() < top - 10.0)
    assert not names.isVisible()


def test_that_another_fit_shown_leaves_the_curves_of_the_others(three_runs: Stage):
    three_runs.qtbot.waitUntil(lambda: not three_runs.plot.is_drawing)
    layer, stack = layer_of(three_runs), three_runs.plot.stack
    drawn = layer.drawn_of
    stack.show(replace(stack.subject, model=Steady(0.0)))
    three_runs.qtbot.waitUntil(lambda: not three_runs.plot.is_drawing)
    assert layer.drawn_of == drawn is not None
    assert layer.strokes


def test_that_the_table_has_the_curves_of_the_other_runs(three_runs: Stage):
    table = three_runs.plot.drawn_table()
    place = table.names.index("mixture mean of run 2")
    assert table.names[place + 1 : place + 3] == ("quantile 0.05 of run 2", "quantile 0.95 of run 2")
    mixture = three_runs.session.run_list.run(2).model.conditional(np.asarray(table.columns[0])[:, None])
    np.testing.assert_array_equal(table.columns[place], mixture.mean())
    np.testing.assert_array_equal(table.columns[place + 1], mixture.quantile(0.05))
    for k in range(mixture.num_components):
        assert table.names[place + 3 + 2 * k :][:2] == (f"weight {k + 1} of run 2", f"mean {k + 1} of run 2")
        np.testing.assert_array_equal(table.columns[place + 3 + 2 * k], mixture.weights[:, k])
        np.testing.assert_array_equal(table.columns[place + 4 + 2 * k], mixture.locs[:, k])


def test_that_the_switch_of_the_other_runs_is_remembered(qtbot):
    panel = FitPanel()
    qtbot.addWidget(panel)
    assert panel.states()["runs"] is True
    panel.restore({"runs": False})
    assert panel.states()["runs"] is False
    panel.plot.shut_down()


def test_that_a_run_is_called_by_its_name_else_by_its_number():
    run = TrainingRun(4, made_model(DATA))
    assert run_name(run) == "run 4"
    assert run_name(replace(run, name=" wide ")) == "wide"
