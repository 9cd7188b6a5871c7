import math

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF
from PySide6.QtWidgets import QApplication, QCheckBox

from mdn_gui.core.metrics import EpochMetrics
from mdn_gui.ui.loss_plot import LossPanel
from mdn_gui.ui.theme import DARK
from tests.ui.stage import NO_BUTTON, Stage, send_mouse


def epochs(first: int, last: int, *, validation: bool = True, best: int = 1) -> tuple[EpochMetrics, ...]:
    return tuple(
        EpochMetrics(e, 500, 3.0 / e - 1.0, (3.2 / e - 1.0) if validation else None, best, 9, 0.1 * e)
        for e in range(first, last + 1)
    )


@pytest.fixture
def panel(qtbot) -> LossPanel:
    made = LossPanel()
    qtbot.addWidget(made)
    made.resize(800, 300)
    made.show()
    return made


def switch(panel: LossPanel, text: str) -> QCheckBox:
    return next(box for box in panel.findChildren(QCheckBox) if box.text() == text)


def points(curve) -> int:
    x, _ = curve.getOriginalDataset()
    return 0 if x is None else len(x)


def hover(panel: LossPanel, epoch: float) -> None:
    plot = panel.plot
    QApplication.processEvents()
    y = plot.view.viewRect().center().y()
    point = plot.mapFromScene(plot.view.mapViewToScene(QPointF(epoch, y)))
    send_mouse(plot.viewport(), QEvent.Type.MouseMove, point, NO_BUTTON, NO_BUTTON)


def test_that_batches_of_epochs_join_into_one_curve(panel):
    panel.add_epochs(epochs(1, 3))
    panel.add_epochs(epochs(4, 10, best=10))
    x, y = panel.plot._train.getOriginalDataset()
    np.testing.assert_array_equal(x, np.arange(1, 11))
    np.testing.assert_allclose(y, 3.0 / x - 1.0)
    np.testing.assert_allclose(panel.plot._validation.getOriginalDataset()[1], 3.2 / x - 1.0)
    assert y.min() < 0  # an NLL may be negative: the axis is not logarithmic
    assert not panel.plot.getPlotItem().getAxis("left").logMode


def test_that_a_star_marks_the_best_epoch(panel):
    panel.add_epochs(epochs(1, 10, best=7))
    assert [float(v[0]) for v in panel.plot._best.getData()] == pytest.approx([7.0, 3.2 / 7 - 1.0])


def test_that_without_validation_training_is_judged(panel):
    panel.add_epochs(epochs(1, 10, validation=False, best=10))
    assert points(panel.plot._validation) == 0
    assert panel.plot._best.getData()[1][0] == pytest.approx(3.0 / 10 - 1.0)


def test_that_a_single_epoch_can_be_shown(panel):
    panel.add_epochs(epochs(1, 1))
    left, right = panel.plot.view.viewRange()[0]
    assert left <= 1.0 < right


def test_that_a_new_run_begins_with_an_empty_plot(panel):
    panel.add_epochs(epochs(1, 10))
    panel.clear_run()
    assert panel.plot.metrics == []
    assert points(panel.plot._train) == 0
    assert not panel.plot.axes()[0].isVisible()


def test_that_epochs_can_be_shown_on_a_logarithmic_axis(panel):
    panel.add_epochs(epochs(1, 100))
    switch(panel, "log epochs").click()
    np.testing.assert_allclose(panel.plot._train.getOriginalDataset()[0], np.log10(np.arange(1, 101)))
    assert panel.plot.axes()[0].logMode
    switch(panel, "log epochs").click()
    assert panel.plot._train.getOriginalDataset()[0][-1] == 100


def test_that_values_can_be_shown_above_the_best(panel):
    panel.add_epochs(epochs(1, 100))
    switch(panel, "above best").click()
    judged = panel.plot._validation.getOriginalDataset()[1]
    assert judged.min() == 0.0
    assert panel.plot._train.getOriginalDataset()[1][0] == pytest.approx(3.0 - 3.2 / 100)


def test_that_the_first_epochs_are_cut_off_unless_the_whole_run_is_wanted(panel):
    panel.add_epochs(epochs(1, 100))
    assert panel.plot.view.viewRange()[1][1] < 2.0
    switch(panel, "whole run").click()
    assert panel.plot.view.viewRange()[1][1] > 2.0


@pytest.mark.parametrize("log", [False, True])
def test_that_hovering_tells_the_values_of_an_epoch(panel, log):
    panel.add_epochs(epochs(1, 100))
    if log:
        switch(panel, "log epochs").click()
    hover(panel, math.log10(40) if log else 40)
    assert "epoch 40" in panel._legend.text()
    assert f"train {3.0 / 40 - 1:.4f}" in panel._legend.text()
    assert f"validation {3.2 / 40 - 1:.4f}" in panel._legend.text()
    assert panel.plot._line.isVisible()
    assert panel.plot._line.value() == pytest.approx(math.log10(40) if log else 40)


def test_that_leaving_takes_the_values_away(panel):
    panel.add_epochs(epochs(1, 100))
    hover(panel, 40)
    QApplication.sendEvent(panel.plot, QEvent(QEvent.Type.Leave))
    assert "epoch" not in panel._legend.text()
    assert not panel.plot._line.isVisible()


def test_that_hovering_an_empty_plot_is_harmless(panel):
    hover(panel, 0.5)
    assert "epoch" not in panel._legend.text()


def test_that_a_theme_pens_the_curves_anew(panel):
    panel.add_epochs(epochs(1, 10))
    panel.show_theme(DARK)
    assert panel.plot._train.opts["pen"].color().name() == DARK.train
    assert panel.plot._validation.opts["pen"].color().name() == DARK.accent
    assert DARK.train in panel._legend.text()


def test_that_the_plot_follows_a_run_live(with_data: Stage):
    with_data.train_until_running()
    plot = with_data.window.loss_panel.plot
    assert [m.epoch for m in plot.metrics] == [1]
    with_data.fit.free.set()
    with_data.wait_for_idle()
    assert [m.epoch for m in plot.metrics] == [1, 2, 3, 4, 5]
    with_data.train()
    assert [m.epoch for m in plot.metrics] == [1, 2, 3, 4, 5]
    with_data.open()
    assert plot.metrics == []


def test_that_the_plot_says_that_nll_is_in_nats_and_may_be_negative(stage: Stage):
    titles = [dock.windowTitle() for dock in stage.window.docks.all[:4]]
    assert any("nats" in title and "negative" in title for title in titles)


# -- the reference line -----------------------------------------------------------------------------------------------


def test_that_the_reference_is_a_line_at_its_nll_with_its_name(panel):
    panel.add_epochs(epochs(1, 100))
    assert not panel.plot._reference.isVisible()
    panel.show_reference(-0.9)
    assert panel.plot._reference.isVisible()
    assert panel.plot._reference.value() == -0.9
    assert panel.plot._reference.label.toPlainText() == "joint mixture"
    panel.show_reference(None)
    assert not panel.plot._reference.isVisible()


def test_that_an_empty_plot_shows_no_reference(panel):
    panel.show_reference(-0.9)
    assert not panel.plot._reference.isVisible()
    panel.add_epochs(epochs(1, 2))
    assert panel.plot._reference.isVisible()


def test_that_hovering_tells_the_nll_of_the_reference(panel):
    panel.add_epochs(epochs(1, 100))
    panel.show_reference(-0.9)
    hover(panel, 40)
    assert panel.plot._reference.label.toPlainText() == "joint mixture -0.9000"
    QApplication.sendEvent(panel.plot, QEvent(QEvent.Type.Leave))
    assert panel.plot._reference.label.toPlainText() == "joint mixture"


def test_that_the_reference_is_shown_above_the_best_like_the_curves(panel):
    panel.add_epochs(epochs(1, 100))
    panel.show_reference(-0.9)
    switch(panel, "above best").click()
    assert panel.plot._reference.value() == pytest.approx(-0.9 - (3.2 / 100 - 1.0))


@pytest.mark.parametrize(("reference", "is_seen"), [(-1.05, True), (-0.5, True), (40.0, False), (-40.0, False)])
def test_that_a_reference_near_the_curves_is_seen_and_a_far_one_does_not_flatten_them(panel, reference, is_seen):
    panel.add_epochs(epochs(1, 100))
    height = np.ptp(panel.plot.view.viewRange()[1])
    panel.show_reference(reference)
    low, high = panel.plot.view.viewRange()[1]
    assert (low < reference < high) is is_seen
    assert high - low < 1.6 * height


def test_that_the_reference_goes_and_comes_back_with_its_run(panel):
    panel.add_epochs(epochs(1, 100))
    panel.show_reference(-0.9)
    panel.begin_run()
    assert panel.plot.reference_nll is None
    panel.show_reference(-0.7)
    panel.restore_run()
    assert panel.plot.reference_nll == -0.9
    panel.clear_run()
    assert panel.plot.reference_nll is None


def test_that_a_theme_pens_the_reference_anew(panel):
    panel.show_theme(DARK)
    assert panel.plot._reference.pen.color().name() == DARK.cursor
    assert panel.plot._reference.label.color.name() == DARK.cursor
