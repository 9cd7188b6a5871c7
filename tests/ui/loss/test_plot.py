import gc
import math
import weakref

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from mdn_gui.core.metrics import EpochMetrics
from mdn_gui.core.reference_lines import Reference
from mdn_gui.files.tables import tsv_text
from mdn_gui.session.replay import Replay
from mdn_gui.ui.loss.panel import LossPanel
from mdn_gui.ui.theme import DARK, LIGHT, blend
from tests.fakes import made_model
from tests.ui.loss.runs import FOUR, JOINT, KEPT, click, epochs, hover, labels, switch
from tests.ui.stage import Stage

# -- the curves -------------------------------------------------------------------------------------------------------


def test_that_batches_of_epochs_join_into_one_curve(panel):
    panel.add_epochs(epochs(1, 3))
    panel.add_epochs(epochs(4, 10, best=10))
    x, y = panel.plot._train.getData()
    np.testing.assert_array_equal(x, np.arange(1, 11))
    np.testing.assert_allclose(y, 3.0 / x - 1.0)
    np.testing.assert_allclose(panel.plot._validation.getData()[1], 3.2 / x - 1.0)
    assert y.min() < 0  # an NLL may be negative: the axis is not logarithmic
    assert not panel.plot.getPlotItem().getAxis("left").logMode


def test_that_a_star_marks_the_best_epoch(panel):
    panel.add_epochs(epochs(1, 10, best=7))
    assert [float(v[0]) for v in panel.plot._best.getData()] == pytest.approx([7.0, 3.2 / 7 - 1.0])


def test_that_a_run_without_a_best_epoch_has_no_star(panel):
    panel.add_epochs(epochs(1, 10, best=0))
    assert len(panel.plot._best.getData()[0]) == 0


def test_that_without_validation_training_is_judged(panel):
    panel.add_epochs(epochs(1, 10, validation=False, best=10))
    assert panel.plot._validation.getData()[0].size == 0
    assert panel.plot._best.getData()[1][0] == pytest.approx(3.0 / 10 - 1.0)
    assert "validation" not in panel._legend.text()


def test_that_a_single_epoch_can_be_shown(panel):
    panel.add_epochs(epochs(1, 1))
    left, right = panel.plot.view.viewRange()[0]
    assert left <= 1.0 < right


def test_that_a_new_run_begins_with_an_empty_plot(panel):
    panel.add_epochs(epochs(1, 10))
    panel.clear_run()
    assert len(panel.plot.record) == 0
    assert panel.plot._train.getData()[0].size == 0
    assert not panel.plot.axes()[0].isVisible()
    assert panel.plot.drawn_table() is None
    assert not panel.time_line.isVisible()


def test_that_epochs_can_be_shown_on_a_logarithmic_axis(panel):
    panel.add_epochs(epochs(1, 100))
    switch(panel, "log epochs").click()
    np.testing.assert_allclose(panel.plot._train.getData()[0], np.log10(np.arange(1, 101)))
    ticks = panel.plot.axes()[0]._tickLevels[0]
    assert [text for _, text in ticks] == ["1", "2", "5", "10", "20", "50", "100"]
    switch(panel, "log epochs").click()
    assert panel.plot._train.getData()[0][-1] == 100


def test_that_values_can_be_shown_above_the_best(panel):
    panel.add_epochs(epochs(1, 100))
    switch(panel, "above best").click()
    assert panel.plot._validation.getData()[1].min() == 0.0
    assert panel.plot._train.getData()[1][0] == pytest.approx(3.0 - 3.2 / 100)


def test_that_the_first_epochs_are_cut_off_unless_the_whole_run_is_wanted(panel):
    panel.add_epochs(epochs(1, 100))
    assert panel.plot.view.viewRange()[1][1] < 2.0
    switch(panel, "whole run").click()
    assert panel.plot.view.viewRange()[1][1] > 2.0


def test_that_a_long_run_is_thinned_without_losing_its_extremes(panel):
    n = 100_000
    nll = np.sin(np.arange(1, n + 1) / 3000.0)
    nll[77_776], nll[50_000] = 1.9, -1.9
    panel.add_epochs(tuple(EpochMetrics(e, n, float(nll[e - 1]), None, 1, None, 1.0) for e in range(1, n + 1)))
    x, y = panel.plot._train.getData()
    assert len(x) < 4 * panel.plot.width()
    assert (y.min(), y.max()) == (-1.9, 1.9)
    width = n / panel.plot.view.width()
    assert x[y.argmax()] == pytest.approx(77_777, abs=width)


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e6, 3e38, 1e200])
@pytest.mark.parametrize("offset", [0.0, -1e9])
def test_that_any_finite_nll_is_drawn(panel, scale, offset):
    made = [EpochMetrics(e, 9, scale / e + offset, -scale / e + offset, 1, None, 1.0) for e in range(1, 10)]
    panel.smoothing.setValue(2)
    panel.add_epochs(tuple(made))
    for switched in ("above best", "whole run", "log epochs"):
        switch(panel, switched).click()
        panel.grab()
        low, high = panel.plot.view.viewRange()[1]
        assert math.isfinite(low)
        assert low < high < math.inf


def test_that_snapshots_are_not_held_by_the_plot(panel, tiny_dataset):
    model = made_model(tiny_dataset)
    alive = weakref.ref(model)
    panel.add_epochs((EpochMetrics(1, 9, 1.0, 1.0, 1, None, 1.0, model),))
    assert len(panel.plot.record) == 1
    del model
    gc.collect()
    assert alive() is None


# -- smoothing --------------------------------------------------------------------------------------------------------


def zigzag(last: int) -> tuple[EpochMetrics, ...]:
    return tuple(EpochMetrics(e, last, 1.0 + (-1.0) ** e, (-1.0) ** e, 2, 9, 1.0) for e in range(1, last + 1))


def test_that_smoothing_draws_the_trend_over_the_faint_line_itself(panel):
    panel.add_epochs(zigzag(200))
    assert panel.plot._train_trend.getData()[0].size == 0
    panel.smoothing.setValue(3)
    np.testing.assert_array_equal(np.ptp(panel.plot._train.getData()[1]), 2.0)
    trend = panel.plot._train_trend.getData()[1]
    assert np.ptp(trend[50:]) < 0.1
    assert trend[-1] == pytest.approx(1.0, abs=0.05)
    assert panel.plot._train.opts["pen"].color() == blend(LIGHT.train, LIGHT.base, 0.4)
    assert panel.plot._train_trend.opts["pen"].color().name() == LIGHT.train
    panel.smoothing.setValue(0)
    assert panel.plot._train_trend.getData()[0].size == 0
    assert panel.plot._train.opts["pen"].color().name() == LIGHT.train


def test_that_hover_values_and_star_are_never_smoothed(panel):
    panel.add_epochs(zigzag(200))
    panel.smoothing.setValue(3)
    hover(panel, 100)
    assert "train 2.0000" in panel._legend.text()
    hover(panel, 101)
    assert "train 0.0000" in panel._legend.text()
    assert panel.plot._best.getData()[1][0] == 1.0


# -- hovering ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("log", [False, True])
def test_that_hovering_tells_the_values_of_an_epoch(panel, log):
    panel.add_epochs(epochs(1, 100))
    if log:
        switch(panel, "log epochs").click()
    hover(panel, math.log10(40) if log else 40)
    assert "epoch 40 of 100" in panel._legend.text()
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


def test_that_values_stay_while_epochs_come(panel):
    panel.add_epochs(epochs(1, 100))
    hover(panel, 40)
    panel.add_epochs(epochs(101, 110))
    assert "epoch 40" in panel._legend.text()


def test_that_a_theme_pens_the_curves_anew(panel):
    panel.add_epochs(epochs(1, 10))
    panel.show_theme(DARK)
    assert panel.plot._train.opts["pen"].color().name() == DARK.train
    assert panel.plot._validation.opts["pen"].color().name() == DARK.accent
    assert DARK.train in panel._legend.text()


# -- choosing an epoch ------------------------------------------------------------------------------------------------


@pytest.fixture
def asked(panel):
    """What the panel asks for, epochs and "fit", of a run with four snapshots."""
    panel.add_epochs(epochs(1, 100))
    panel.show_replay(KEPT)
    heard = []
    panel.epoch_requested.connect(heard.append)
    panel.fit_requested.connect(lambda: heard.append("fit"))
    return heard


def test_that_a_click_asks_for_its_epoch(panel, asked):
    click(panel, 33)
    assert asked == [33]


def test_that_only_the_left_button_asks_and_only_where_there_are_snapshots(panel, asked):
    click(panel, 33, Qt.MouseButton.RightButton)
    panel.show_replay(Replay())
    click(panel, 33)
    assert asked == []


def test_that_a_click_asks_for_the_epoch_under_it_on_a_logarithmic_axis(panel, asked):
    switch(panel, "log epochs").click()
    click(panel, math.log10(33))
    assert asked == [33]


def test_that_the_keys_choose_a_snapshot_and_enter_shows_it(panel, asked):
    plot = panel.plot
    places = []
    for key in ("Left", "Left", "Home", "Left", "Right", "End", "Right"):
        QTest.keyClick(plot, getattr(Qt.Key, f"Key_{key}"))
        places.append(plot.pointed)
    assert places == [80, 40, 10, 10, 20, 80, 80]
    assert "epoch 80" in panel._legend.text()
    assert asked == []
    QTest.keyClick(plot, Qt.Key.Key_Return)
    assert asked == [80]


def test_that_the_keys_begin_at_the_epoch_shown(panel, asked):
    panel.show_replay(Replay(KEPT.epochs, 40))
    QTest.keyClick(panel.plot, Qt.Key.Key_Left)
    assert panel.plot.pointed == 20


def test_that_escape_returns_to_the_fit(panel, asked):
    panel.show_replay(Replay(KEPT.epochs, 40))
    QTest.keyClick(panel.plot, Qt.Key.Key_Escape)
    assert asked == ["fit"]


def test_that_keys_without_snapshots_do_nothing(panel, asked):
    panel.show_replay(Replay())
    for key in (Qt.Key.Key_Left, Qt.Key.Key_End, Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Space, Qt.Key.Key_A):
        QTest.keyClick(panel.plot, key)
    assert asked == []
    assert not panel.time_line.is_playing


def test_that_the_epoch_shown_is_marked_and_named(panel, asked):
    assert "" not in labels(panel)
    panel.show_replay(Replay(KEPT.epochs, 40))
    assert labels(panel)[""].text == "epoch 40 of 100"
    switch(panel, "log epochs").click()
    assert panel.plot.overlay._epoch[0] == pytest.approx(math.log10(40))
    panel.show_replay(KEPT)
    assert "" not in labels(panel)


# -- the table --------------------------------------------------------------------------------------------------------


def test_that_the_table_has_every_epoch_at_full_precision_whatever_is_switched(panel):
    panel.add_epochs(epochs(1, 100, best=7))
    panel.show_references(FOUR)
    plain = panel.drawn_table()
    for name in ("log epochs", "above best"):
        switch(panel, name).click()
    table = panel.plot.drawn_table()
    assert tsv_text(table) == tsv_text(plain)
    assert table.names == ("epoch", "train NLL", "validation NLL", "best epoch")
    e = np.arange(1.0, 101.0)
    for column, expected in zip(table.columns, (e, 3.0 / e - 1.0, 3.2 / e - 1.0, e == 7), strict=True):
        np.testing.assert_array_equal(column, expected)
    assert "reference: truth, NLL -1.0" in table.comments


def test_that_the_table_tells_the_smoothed_values_where_they_are_drawn(panel):
    panel.add_epochs(epochs(1, 100, validation=False))
    panel.smoothing.setValue(2)
    table = panel.drawn_table()
    assert table.names == ("epoch", "train NLL", "smoothed train NLL", "best epoch")
    assert any("at most 0.1" in comment for comment in table.comments)
    np.testing.assert_array_equal(table.columns[2][[0, -1]], panel.plot._train_trend.getData()[1][[0, -1]])


def test_that_a_table_does_not_change_while_the_run_goes_on(panel):
    panel.add_epochs(epochs(1, 3))
    table = panel.drawn_table()
    panel.add_epochs(epochs(4, 9))
    assert [len(column) for column in table.columns] == [3, 3, 3, 3]


# -- a run and the one before -----------------------------------------------------------------------------------------


def test_that_a_run_thrown_away_leaves_the_one_before(panel):
    panel.add_epochs(epochs(1, 100))
    panel.show_references(FOUR)
    panel.begin_run()
    assert len(panel.plot.record) == 0
    assert panel.plot.references == ()
    panel.add_epochs(epochs(1, 5))
    panel.show_references((Reference(JOINT, -0.7),))
    assert panel.plot.references == (Reference(JOINT, -0.7),)
    panel.restore_run()
    assert len(panel.plot.record) == 100
    assert panel.plot.references == FOUR


def test_that_the_plot_follows_a_run_live(with_data: Stage):
    with_data.train_until_running()
    plot = with_data.window.loss_panel.plot
    assert plot.record.epochs.tolist() == [1]
    with_data.fit.free.set()
    with_data.wait_for_idle()
    assert plot.record.epochs.tolist() == [1, 2, 3, 4, 5]
    with_data.train()
    assert plot.record.epochs.tolist() == [1, 2, 3, 4, 5]
    with_data.open()
    assert len(plot.record) == 0


def test_that_the_plot_says_that_nll_is_in_nats_and_may_be_negative(qtbot):
    panel = LossPanel()
    qtbot.addWidget(panel)
    panel.resize(1200, 400)
    panel.show()
    panel.add_epochs(epochs(1, 3))
    assert panel.plot.getAxis("left").labelText == "NLL, nats a row"
    assert "NLL in nats a row; it may be negative" in panel._legend.text()
    panel.resize(300, 400)
    qtbot.waitUntil(lambda: "nats" not in panel._legend.text())
