"""The joint mixture is shown before the first run, and never passed off as the network."""

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication

from mdn_gui.session.messages import RunState
from mdn_gui.ui.pictures import picture_of
from mdn_gui.ui.theme import DARK
from tests.fakes import made_model
from tests.ui.stage import Stage, assert_reads

NAME = "Preview: joint Gaussian mixture, not the network"


@pytest.fixture
def previewed(hidden_stage: Stage) -> Stage:
    """A window with data and a preview, before any run."""
    hidden_stage.baseline_fit.nll = 0.5
    hidden_stage.open()
    hidden_stage.qtbot.waitUntil(lambda: hidden_stage.session.is_preview)
    hidden_stage.show()
    return hidden_stage


def name_in_plot(stage: Stage) -> str:
    item = stage.plot._preview_name
    return item.toPlainText() if item.isVisible() else ""


def panel_texts(stage: Stage) -> tuple[str, str]:
    panel = stage.window.reading_panel
    return panel._origin.text(), panel.slice._line.text()


def test_that_the_preview_is_drawn_and_named_in_the_plot(previewed: Stage):
    previewed.plot.draw_now()
    assert previewed.plot.stack.layers["means"]._lines
    assert previewed.plot.stack.layers["density"].isVisible()
    assert name_in_plot(previewed) == NAME


def test_that_the_name_stands_inside_the_view_in_every_size(previewed: Stage):
    for width, height in ((1280, 800), (900, 700)):
        previewed.window.resize(width, height)
        previewed.settle()
        plot, item = previewed.plot, previewed.plot._preview_name
        assert plot.view.sceneBoundingRect().contains(item.mapRectToScene(item.boundingRect()))


def test_that_the_picture_of_a_preview_bears_its_name(previewed: Stage):
    plot, item = previewed.plot, previewed.plot._preview_name
    picture = picture_of(previewed.window.fit_plot, 2.0).toImage()
    place = plot.mapFromScene(item.mapRectToScene(item.boundingRect())).boundingRect()
    spots = [(x, y) for x in range(place.left(), place.right()) for y in range(place.top(), place.bottom())]
    inks = {picture.pixelColor(2 * x, 2 * y).lightness() for x, y in spots}
    assert min(inks) < 60
    assert max(inks) > 240


def test_that_the_read_out_of_a_preview_says_so(previewed: Stage):
    x = previewed.move_to(0.4)
    assert panel_texts(previewed)[0] == "preview · ● cursor"
    assert panel_texts(previewed)[1].startswith("Preview: p(y | dose = ")
    previewed.session.instrument.set_cursor(x)
    previewed.trigger("copy_reading")
    assert f"\npreview\t{NAME.removeprefix('Preview: ')}\n" in QGuiApplication.clipboard().text()


def test_that_a_preview_can_be_pinned(previewed: Stage):
    previewed.trigger("pin_cursor")
    assert list(previewed.plot.pins.lines) == ["A"]


def test_that_nothing_of_a_preview_can_be_taken_for_a_fit(previewed: Stage):
    enabled = {name: action.isEnabled() for name, action in previewed.window.actions_by_id.items()}
    of_a_fit = ("table", "predictions", "report", "tfp_script", "numpy_script", "onnx")
    assert not any(enabled[f"export_{name}"] for name in of_a_fit)
    assert not enabled["copy_script"]
    assert enabled["export_picture"]
    assert not previewed.window.reading_panel._table_button.isEnabled()
    assert enabled["copy_reading"]
    assert enabled["pin_cursor"]
    exports = previewed.window.commands.exports
    for name in of_a_fit:
        getattr(exports, f"export_{name}")()
    assert previewed.dialogs.asked == []


def test_that_the_first_snapshot_takes_the_name_away(previewed: Stage):
    previewed.train_until_running()
    previewed.qtbot.waitUntil(lambda: previewed.session.model is not None)
    assert name_in_plot(previewed) == ""
    x = previewed.move_to(0.4)
    assert panel_texts(previewed)[0] == "● cursor"
    assert panel_texts(previewed)[1].startswith("p(y | dose = ")
    assert_reads(previewed, x)
    assert previewed.window.actions_by_id["export_table"].isEnabled()
    assert previewed.window.reading_panel._table_button.isEnabled()


def test_that_discarding_the_first_run_brings_the_named_preview_back(previewed: Stage):
    previewed.train_until_running()
    previewed.trigger("discard_run")
    previewed.wait_for_idle()
    assert previewed.state is RunState.DATA
    assert name_in_plot(previewed) == NAME
    assert not previewed.window.actions_by_id["export_table"].isEnabled()


def test_that_the_table_shows_the_components_that_matter_at_x(previewed: Stage):
    table = previewed.window.reading_panel.table
    for x in (-2.0, 0.5, 3.0):
        previewed.session.instrument.set_cursor(x)
        previewed.window.reading_panel.show_theme(DARK)
        weights = previewed.session.instrument.reading.mixture.weights[0]
        assert [table.isRowHidden(k) for k in range(4)] == [bool(weight < 0.01) for weight in weights]
        assert len(previewed.plot.marks.marks) == (weights >= 0.01).sum()
    assert 0 < (weights < 0.01).sum() < 4


def test_that_the_table_of_the_network_shows_every_component(previewed: Stage):
    previewed.train()
    table = previewed.window.reading_panel.table
    for x in np.linspace(-2.0, 3.0, 9):
        previewed.session.instrument.set_cursor(float(x))
        assert not any(table.isRowHidden(k) for k in range(3))


def test_that_the_name_can_be_read_in_the_dark(previewed: Stage):
    previewed.plot.show_theme(DARK)
    item = previewed.plot._preview_name
    assert item.fill.color().name() == DARK.base
    assert item.textItem.defaultTextColor().name() == DARK.text
    assert item.toPlainText() == NAME


def test_that_the_reference_of_a_run_stands_in_its_loss_plot(previewed: Stage):
    loss = previewed.window.loss_panel.plot
    previewed.train()
    assert loss.references[0].nll == 0.5
    previewed.window.setup_panel.form.editor("seed").setValue(3)
    previewed.train_until_running()
    assert {each.nll for each in loss.references} <= {3.5}
    previewed.trigger("discard_run")
    previewed.wait_for_idle()
    assert loss.references[0].nll == 0.5


def test_that_the_curves_of_the_preview_go_with_its_name(previewed: Stage):
    previewed.plot.draw_now()
    plot, model = previewed.plot, made_model(previewed.session.dataset)
    plot.show_model(model)
    assert name_in_plot(previewed) == ""
    frame = plot.stack.frame  # that of the preview is gone, in the same turn of the event loop
    x, mixture = frame.x, frame.mixture
    np.testing.assert_array_equal(mixture.locs, model.conditional(x[:, np.newaxis]).locs)
