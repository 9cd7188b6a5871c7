"""Stored runs in the loss plot: one that is shown, others that are laid over it, what they differ by."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.metrics import StopReason, TrainingHistory
from mdn_gui.core.reference_lines import Reference
from mdn_gui.core.training_run import TrainingRun
from mdn_gui.ui.loss.others import seams_of
from mdn_gui.ui.loss.panel import LossPanel
from mdn_gui.ui.overlaid import MOST_OVERLAID
from mdn_gui.ui.theme import DARK, LIGHT
from tests.fakes import made_model
from tests.ui.loss.runs import JOINT, epochs, hover, labels, switch

DATA = Dataset(np.linspace(0.0, 1.0, 40)[:, None], np.linspace(0.0, 2.0, 40), ("x",), "y")


def history(count: int, level: float = 0.0, *, validation: bool = True) -> TrainingHistory:
    """Return a falling NLL: level + 3 / epoch on the training rows, 0.1 more on the held-out ones."""
    train = tuple(level + 3.0 / epoch for epoch in range(1, count + 1))
    held_out = tuple(nll + 0.1 for nll in train) if validation else ()
    return TrainingHistory(train, held_out, count, StopReason.COMPLETED, 1.0)


def run(number: int, count: int = 50, level: float = 0.0, *, seed: int = 0, validation: bool = True) -> TrainingRun:
    model = made_model(DATA, number, history(count, level, validation=validation))
    config = replace(model.training_config, seed=seed, validation_fraction=0.2 if validation else 0.0)
    return TrainingRun(number, replace(model, training_config=config))


def curves(panel: LossPanel) -> dict[int, tuple[np.ndarray, np.ndarray]]:
    """Return what is drawn of each other run, by its number."""
    others = panel.plot.others
    drawn = zip(others.runs, others.curves, strict=False)
    return {each.number: tuple(map(np.asarray, curve.getData())) for each, curve in drawn}


def pens(panel: LossPanel) -> dict[int, object]:
    others = panel.plot.others
    return {each.number: curve.opts["pen"] for each, curve in zip(others.runs, others.curves, strict=False)}


@pytest.fixture
def shown(panel) -> LossPanel:
    panel.show_history(run(9, 60))
    return panel


# -- the run shown ----------------------------------------------------------------------------------------------------


def test_that_the_record_of_a_stored_run_is_shown(panel):
    panel.show_history(run(1, 30))
    assert panel.plot.record.train.tolist() == list(history(30).train_nll)
    assert panel.plot.record.best_epoch == 30
    assert panel.time_line.isVisible()
    panel.show_history(run(2, 12, validation=False))
    assert len(panel.plot.record) == 12
    assert panel.plot.record.validation is None
    panel.show_history(None)
    assert len(panel.plot.record) == 0
    assert not panel.time_line.isVisible()


def test_that_a_run_without_a_history_is_shown_as_none(shown):
    bare = run(2)
    shown.show_history(replace(bare, model=replace(bare.model, history=None)))
    assert len(shown.plot.record) == 0


def test_that_the_legend_names_the_stored_run_but_not_the_one_under_way(shown):
    assert shown._legend.text().startswith("run 9: ")
    hover(shown, 20)
    assert shown._legend.text().startswith("run 9: ")
    shown.show_name(replace(shown._shown, name="wide <b>"))
    assert shown._legend.text().startswith("wide &lt;b&gt;: ")
    shown.show_name(run(3))
    assert shown._legend.text().startswith("wide")
    shown.begin_run()
    shown.add_epochs(epochs(1, 5))
    assert ": " not in shown._legend.text().split("train")[0].split(">")[-1]
    assert "wide" not in shown._legend.text()
    shown.restore_run()
    assert shown._legend.text().startswith("wide")


def test_that_references_stay_only_where_the_same_rows_judge(shown):
    shown.show_references((Reference(JOINT, 0.2),))
    shown.show_history(run(2))
    assert JOINT in labels(shown)
    shown.show_history(run(3, seed=5))
    assert labels(shown) == {}


def test_that_a_continued_run_has_its_seams(panel):
    first, second = run(1, 20), replace(run(2, 50), continues=1)
    third, runs = replace(run(3, 70), continues=2), {}
    runs = {each.number: each for each in (first, second, third)}
    assert seams_of(third, runs.get) == (20, 50)
    assert seams_of(second, runs.get) == (20,)
    assert seams_of(first, runs.get) == ()
    del runs[1]
    assert seams_of(third, runs.get) == (50,)
    runs[2] = replace(second, continues=3)
    assert seams_of(third, runs.get) == (50,)
    panel.show_history(third, seams=(20, 50))
    assert panel.plot.overlay._seams == (21.0, 51.0)


def test_that_a_run_thrown_away_leaves_the_stored_one(shown):
    shown.show_others([run(1)])
    shown.begin_run()
    shown.add_epochs(epochs(1, 5))
    shown.restore_run()
    assert len(shown.plot.record) == 60
    assert curves(shown)[1][0].size
    assert pens(shown)[1].style() is Qt.PenStyle.SolidLine


# -- the others -------------------------------------------------------------------------------------------------------


def test_that_each_other_run_is_a_curve_of_its_validation_nll_in_its_colour(shown):
    shown.show_others([run(1, 40), run(2, 50, 1.0)])
    drawn = curves(shown)
    assert drawn[1][0].tolist() == list(range(1, 41))
    np.testing.assert_array_equal(drawn[2][1], history(50, 1.0).validation_nll)
    assert pens(shown)[1].color() == LIGHT.run(1)
    shown.show_theme(DARK)
    assert pens(shown)[2].color() == DARK.run(2)
    shown.show_others([])
    assert curves(shown) == {}
    assert all(curve.getData()[0] is None or not len(curve.getData()[0]) for curve in shown.plot.others.curves)


def test_that_the_train_nll_is_drawn_of_a_run_without_held_out_rows(shown):
    shown.show_others([run(1, 40, validation=False)])
    np.testing.assert_array_equal(curves(shown)[1][1], history(40).train_nll)


def test_that_the_run_shown_is_not_laid_over_itself(panel):
    nine = run(9, 60)
    panel.show_history(nine)
    panel.show_others([run(1), nine])
    assert list(curves(panel)) == [1]
    panel.show_history(run(1))
    assert 9 in curves(panel)


def test_that_so_many_runs_are_drawn_at_most_the_last_ones(shown):
    shown.show_others([run(number) for number in range(1, 9 + MOST_OVERLAID) if number != 9])
    assert len(curves(shown)) == MOST_OVERLAID == len(LIGHT.runs) == len(DARK.runs)
    assert max(curves(shown)) == 8 + MOST_OVERLAID


@pytest.mark.parametrize(
    ("other", "remark"),
    [
        (run(1), ""),
        (run(1, seed=3), "judged on other rows"),
        (run(1, validation=False), "judged on other rows"),
        (
            replace(
                run(1),
                model=replace(run(1).model, provenance=replace(run(1).model.provenance, data_digest="other")),
            ),
            "judged on other rows",
        ),
        (
            replace(run(1), model=replace(run(1).model, provenance=replace(run(1).model.provenance, data_digest=""))),
            "its rows are not recorded",
        ),
    ],
    ids=["the same", "another split", "no held-out rows", "other rows", "unknown rows"],
)
def test_that_a_run_that_cannot_be_compared_is_faint_dashes_with_the_reason(shown, other, remark):
    shown.show_others([other])
    pen = pens(shown)[1]
    assert (pen.style() is Qt.PenStyle.DashLine) is bool(remark)
    assert (pen.color() == LIGHT.run(1)) is not bool(remark)
    assert remark in shown._others_legend.text()
    assert ("other rows" in shown._others_legend.text()) is ("other rows" in remark)
    table = shown.drawn_table()
    assert any("run 1" in line for line in table.comments) is bool(remark)


def test_that_the_rows_of_a_run_that_trains_are_known_from_its_first_snapshot(panel):
    panel.show_others([run(1), run(2, seed=4)])
    panel.begin_run()
    assert len(curves(panel)) == 2
    first = replace(epochs(1, 1)[0], snapshot=run(7).model)
    panel.add_epochs((first,))
    assert [pens(panel)[number].style() for number in (1, 2)] == [Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine]


def test_that_the_others_are_seen_while_no_run_is_shown(panel):
    panel.show_others([run(1, 40), run(2, 80)])
    assert panel.plot.getAxis("left").isVisible()
    assert panel.plot.view.viewRange()[0][1] == pytest.approx(80, rel=0.03)
    hover(panel, 60)
    assert panel.plot.pointed == 60
    assert "run&nbsp;1&nbsp;–" in panel._others_legend.text()


# -- what is done to all curves ---------------------------------------------------------------------------------------


def test_that_above_best_lowers_every_curve_by_the_same(shown):
    shown.show_others([run(1, 40, 1.0)])
    switch(shown, "above best").click()
    best = min(history(60).validation_nll)
    np.testing.assert_allclose(curves(shown)[1][1], np.array(history(40, 1.0).validation_nll) - best, rtol=1e-12)


def test_that_log_epochs_place_every_curve(shown):
    shown.show_others([run(1, 40)])
    switch(shown, "log epochs").click()
    np.testing.assert_allclose(curves(shown)[1][0], np.log10(np.arange(1, 41)))


def test_that_equal_runs_are_equal_curves_however_smooth(shown):
    shown.show_others([run(1, 60)])
    for step in (1, 2, 3):
        shown.smoothing.setValue(step)
        np.testing.assert_allclose(curves(shown)[1][1], shown.plot._validation_trend.getData()[1], rtol=1e-12)


def test_that_every_curve_has_room_yet_one_that_is_far_off_does_not_flatten_the_rest(shown):
    shown.show_others([run(1, 50, 2.0)])
    low, high = shown.plot.view.viewRange()[1]
    assert low < min(history(60).validation_nll)
    assert high > history(50, 2.0).validation_nll[-1]
    alone = np.ptp(shown.plot.view.viewRange()[1])
    shown.show_others([run(1, 50, 1e200)])
    low, high = shown.plot.view.viewRange()[1]
    assert np.isfinite([low, high]).all()
    assert high - low < 100 * alone


# -- the difference ---------------------------------------------------------------------------------------------------


def test_that_the_difference_is_taken_epoch_by_epoch_over_common_epochs(shown):
    shown.show_others([run(1, 40, 0.5), run(2, 90, -0.25)])
    switch(shown, "difference").click()
    drawn = curves(shown)
    np.testing.assert_allclose(drawn[1][1], np.full(40, 0.5), atol=1e-12)
    assert drawn[2][0].tolist() == list(range(1, 61))
    np.testing.assert_allclose(drawn[2][1], np.full(60, -0.25), atol=1e-12)
    assert shown.plot.others.zero.isVisible()
    assert shown.plot._train.getData()[0] is None or not len(shown.plot._train.getData()[0])
    low, high = shown.plot.view.viewRange()[1]
    assert low < -0.25
    assert high > 0.5
    assert shown.plot.getAxis("left").labelText == "NLL less that of the run shown"
    assert "minus its own" in shown._legend.text()
    assert not shown.above_best.isEnabled()
    switch(shown, "difference").click()
    assert shown.plot.getAxis("left").labelText == "NLL, nats a row"
    assert not shown.plot.others.zero.isVisible()
    assert shown.above_best.isEnabled()


def test_that_nlls_of_one_kind_are_subtracted(shown):
    shown.show_others([run(1, 40, 0.5, validation=False)])
    switch(shown, "difference").click()
    np.testing.assert_allclose(curves(shown)[1][1], np.full(40, 0.5), atol=1e-12)
    hover(shown, 7)
    assert "0.5000" in shown._others_legend.text()


def test_that_the_difference_follows_a_run_that_trains(panel):
    panel.show_others([run(1, 40)])
    switch(panel, "difference").click()
    assert panel.plot.overlay._hint == "No run is shown from which others could differ"
    panel.begin_run()
    panel.add_epochs(epochs(1, 5))
    assert len(curves(panel)[1][0]) == 5
    panel.add_epochs(epochs(6, 8))
    expected = np.array(history(8).validation_nll) - panel.plot.record.validation
    np.testing.assert_allclose(curves(panel)[1][1], expected)


def test_that_without_other_runs_there_is_no_difference_to_switch(shown):
    assert not shown.difference.isVisible()
    shown.show_others([run(1)])
    shown.difference.click()
    shown.show_others([])
    assert not shown.difference.isVisible()
    assert shown.plot._train.getData()[0].size
    assert not shown.plot.others.zero.isVisible()
    assert not shown._others_legend.isVisible()


# -- what is told -----------------------------------------------------------------------------------------------------


def test_that_the_legend_tells_the_best_nll_of_each_run_and_its_value_under_the_mouse(shown):
    shown.show_others([run(1, 40, 0.5), replace(run(2, 60), name="<b>wide</b> & deep")])
    text = shown._others_legend.text()
    assert f"run&nbsp;1&nbsp;★&nbsp;{history(40, 0.5).best_nll:.4f}" in text
    assert "&lt;b&gt;wide&lt;/b&gt;&nbsp;&amp;&nbsp;deep" in text
    hover(shown, 20)
    assert f"run&nbsp;1&nbsp;{history(40, 0.5).validation_nll[19]:.4f}" in shown._others_legend.text()
    hover(shown, 55)
    assert "run&nbsp;1&nbsp;–" in shown._others_legend.text()


def test_that_beyond_the_run_shown_its_values_are_not_told(shown):
    shown.show_others([run(1, 120)])
    hover(shown, 100)
    assert shown.plot.pointed == 100
    assert "epoch 100 of 120" in shown._legend.text()
    assert "0." not in shown._legend.text()
    hover(shown, 30)
    assert "epoch 30 of 60" in shown._legend.text()


def test_that_the_table_has_a_column_for_each_run(shown):
    shown.show_others([run(1, 40), run(2, 80, validation=False)])
    table = shown.drawn_table()
    names = ("epoch", "train NLL", "validation NLL", "best epoch", "validation NLL of run 1", "train NLL of run 2")
    assert table.names == names
    assert [len(column) for column in table.columns] == [80] * 6
    np.testing.assert_array_equal(table.columns[4][:40], history(40).validation_nll)
    assert np.isnan(table.columns[4][40:]).all()
    assert np.isnan(table.columns[1][60:]).all()
    np.testing.assert_array_equal(table.columns[5], history(80).train_nll)
