"""What the fit plot tells beside its curves."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from mdn_gui.core.questions import Questions
from tests.ui.stage import Stage


def test_that_a_dragged_threshold_has_no_more_digits_than_a_pixel(fitted: Stage):
    asked = []
    fitted.plot.show_questions(Questions(low=0.25))
    fitted.plot.draw_now()
    fitted.plot.interval_requested.connect(lambda low, high: asked.append(low))
    fitted.plot.stack.layers["interval"].lines[0].setValue(-0.003691778632892939)
    pixel = fitted.plot.view.viewPixelSize()[1]
    assert len(repr(asked[0])) < 8
    assert asked[0] == pytest.approx(-0.003691778632892939, abs=pixel)


def test_that_the_table_says_what_it_is_of(fitted: Stage):
    fitted.plot.show_questions(Questions(levels=(0.1, 0.9), mass=0.8, low=0.25))
    comments = fitted.plot.drawn_table().comments
    dataset = fitted.session.dataset
    assert f"data: {dataset.source}, {len(dataset)} rows" in comments
    assert f"target: {dataset.target_name}" in comments
    assert "quantiles: 0.1, 0.9" in comments
    assert "highest-density region: 0.8" in comments
    assert "interval: 0.25 < y <= inf" in comments
    assert not any(line.startswith("epoch") for line in comments)
    fitted.plot.show_model(fitted.plot.stack.subject.model, epoch=7)
    assert "epoch: 7 of the run, not the fit" in fitted.plot.drawn_table().comments


@pytest.mark.parametrize(("x", "side", "text"), [(90.0, 1, "90.00 ▸"), (-90.0, -1, "◂ -90.00"), (0.0, 0, "")])
def test_that_an_arrow_at_the_edge_tells_of_a_cursor_outside_the_view(fitted: Stage, x, side, text):
    fitted.session.instrument.set_cursor(x)
    fitted.plot.draw_now()
    marks, view = fitted.plot.marks, fitted.plot.view.viewRect()
    assert (marks.side, marks.arrow_text) == (side, text)
    assert marks.pos().x() == pytest.approx(np.clip(x, view.left(), view.right()))
    assert not fitted.plot._strip().isEmpty()


def test_that_the_pointer_shows_what_can_be_dragged(fitted: Stage):
    fitted.session.instrument.add_pin(0.0)
    assert fitted.plot.pins.lines["A"].cursor().shape() is Qt.CursorShape.SplitHCursor
    line, _ = fitted.plot.stack.layers["interval"].lines
    assert line.cursor().shape() is Qt.CursorShape.SplitVCursor
