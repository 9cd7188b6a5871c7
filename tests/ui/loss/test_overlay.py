"""The reference lines: where they are, where their names are."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from mdn_gui.core.reference_lines import TRUTH, Reference
from mdn_gui.session.replay import Replay
from mdn_gui.ui.theme import DARK
from tests.ui.loss.runs import FOUR, GAUSSIAN, JOINT, MIXTURE, epochs, hover, labels, switch


@pytest.fixture
def shown(panel):
    panel.add_epochs(epochs(1, 100))
    return panel


def height_of(panel, nll: float) -> float:
    """Return where an NLL is drawn, pixels of the plot."""
    low, high = panel.plot.view.viewRange()[1]
    return float((high - nll) / (high - low) * panel.plot.view.height())


def test_that_a_reference_is_a_line_at_its_nll_with_its_name(shown):
    assert labels(shown) == {}
    shown.show_references((Reference(JOINT, -0.9),))
    label = labels(shown)[JOINT]
    assert label.text == "joint mixture"
    assert label.height == pytest.approx(height_of(shown, -0.9), abs=1e-6)
    assert label.box.center().y() == pytest.approx(label.height, abs=1.0)
    shown.show_references(())
    assert labels(shown) == {}


def test_that_the_seam_of_a_continued_run_has_a_line_with_its_name(shown):
    assert "continued" not in {label.text for label in shown.plot.overlay.labels()}
    shown.add_epochs(tuple(replace(each, first_epoch=101) for each in epochs(101, 150)))
    (label,) = [label for label in shown.plot.overlay.labels() if label.text == "continued"]
    low, high = shown.plot.view.viewRange()[0]
    assert label.box.left() == pytest.approx((101 - low) / (high - low) * shown.plot.view.width(), abs=6.0)
    switch(shown, "log epochs").click()
    assert shown.plot.overlay._seams == (np.log10(101),)
    table = shown.drawn_table()
    assert table is not None
    assert "trained further from epoch 101 on" in table.comments


def test_that_an_empty_plot_shows_no_reference(panel):
    panel.show_references(FOUR)
    assert labels(panel) == {}
    panel.add_epochs(epochs(1, 2))
    assert labels(panel)


def test_that_hovering_tells_the_nll_of_the_reference(shown):
    shown.show_references((Reference(JOINT, -0.9),))
    hover(shown, 40)
    assert labels(shown)[JOINT].text == "joint mixture -0.9000"
    QApplication.sendEvent(shown.plot, QEvent(QEvent.Type.Leave))
    assert labels(shown)[JOINT].text == "joint mixture"


def test_that_a_reference_is_shown_above_the_best_like_the_curves(shown):
    shown.show_references((Reference(JOINT, -0.9),))
    switch(shown, "above best").click()
    assert labels(shown)[JOINT].height == pytest.approx(height_of(shown, -0.9 - (3.2 / 100 - 1.0)), abs=1e-6)


@pytest.mark.parametrize(("nll", "is_seen"), [(-1.05, True), (-0.5, True), (40.0, False), (-40.0, False)])
def test_that_a_reference_near_the_curves_is_seen_and_a_far_one_does_not_flatten_them(shown, nll, is_seen):
    height = np.ptp(shown.plot.view.viewRange()[1])
    shown.show_references((Reference(JOINT, nll),))
    low, high = shown.plot.view.viewRange()[1]
    assert (low < nll < high) is is_seen
    assert (labels(shown)[JOINT].height is not None) is is_seen
    assert high - low < 1.6 * height


@pytest.mark.parametrize(("nll", "text"), [(40.0, "▲ joint mixture 40.000"), (-40.0, "▼ joint mixture -40.000")])
def test_that_a_reference_out_of_sight_is_told_at_the_edge_with_its_value(shown, nll, text):
    shown.show_references((Reference(JOINT, nll),))
    label = labels(shown)[JOINT]
    whole = shown.plot.overlay.boundingRect()
    assert label.text == text
    assert (label.box.top() if nll > 0 else whole.bottom() - label.box.bottom()) < 10


@pytest.mark.parametrize("is_log", [False, True], ids=["epochs", "log epochs"])
def test_that_the_names_of_references_stand_behind_the_last_epoch(shown, is_log):
    shown.resize(900, 260)
    if is_log:
        switch(shown, "log epochs").click()
    shown.show_references(FOUR)
    found, plot = labels(shown), shown.plot
    low, high = plot.view.viewRange()[0]
    last = (plot._place_of(100) - low) / (high - low) * plot.view.width()
    named = {name: label for name, label in found.items() if name}
    assert set(named) == {JOINT, MIXTURE, GAUSSIAN, TRUTH}
    assert all(label.box.left() >= last for label in named.values())
    assert last > 0.7 * plot.view.width()
    shown.show_references(())
    QApplication.processEvents()
    low, high = plot.view.viewRange()[0]
    assert (plot._place_of(100) - low) / (high - low) > 0.97


def test_that_labels_that_would_meet_stand_below_each_other_in_the_order_of_their_lines(shown):
    shown.resize(900, 260)
    shown.show_references(tuple(Reference(name, -0.8 + 0.001 * k) for k, name in enumerate((TRUTH, JOINT, MIXTURE))))
    boxes = [labels(shown)[name].box for name in (MIXTURE, JOINT, TRUTH)]
    assert all(above.bottom() <= below.top() for above, below in itertools.pairwise(boxes))
    assert len({box.right() for box in boxes}) == 1


def test_that_the_numbers_of_the_left_axis_do_not_touch_the_edge(shown):
    assert shown.plot.axes()[1].sceneBoundingRect().left() >= 5.0


CLUSTERS = [
    FOUR,
    tuple(Reference(name, -0.8) for name in (JOINT, MIXTURE, GAUSSIAN, TRUTH)),
    tuple(Reference(name, -0.8 + 0.01 * k) for k, name in enumerate((JOINT, MIXTURE, GAUSSIAN, TRUTH))),
    tuple(Reference(name, 100.0 + k) for k, name in enumerate((JOINT, MIXTURE, GAUSSIAN, TRUTH))),
    tuple(Reference(name, -1e200) for name in (JOINT, MIXTURE, GAUSSIAN, TRUTH)),
]


@pytest.mark.parametrize("references", CLUSTERS)
@pytest.mark.parametrize("size", [(800, 150), (1200, 300), (360, 120), (240, 90)])
def test_that_labels_never_meet_nor_leave_the_plot(shown, references, size):
    shown.resize(*size)
    shown.show_references(references)
    shown.show_replay(Replay((5, 50, 99), 99))
    for point in (0, 40):
        shown.plot.point_at(point)
        found = labels(shown)
        whole = shown.plot.overlay.boundingRect()
        assert all(whole.contains(label.box) for label in found.values())
        assert not any(a.box.intersects(b.box) for a, b in itertools.combinations(found.values(), 2))
    if size[0] >= 800:
        assert len(found) == 5


def test_that_a_theme_colours_references_and_their_names_anew(shown):
    shown.show_references(FOUR)
    shown.show_theme(DARK)
    assert labels(shown)[JOINT].colour == DARK.cursor
    assert labels(shown)[TRUTH].colour == DARK.text


def test_that_the_line_of_a_reference_is_painted(shown):
    shown.resize(800, 300)
    before = shown.plot.grab().toImage()
    shown.show_references((Reference(TRUTH, -0.8),))
    QApplication.processEvents()
    after = shown.plot.grab().toImage()
    low, high = shown.plot.view.viewRange()[1]
    assert low < -0.8 < high
    box = shown.plot.view.sceneBoundingRect()
    row = round(box.top() + height_of(shown, -0.8))
    changed = [
        x for x in range(200, 700) if any(before.pixel(x, row + k) != after.pixel(x, row + k) for k in (-1, 0, 1))
    ]
    assert len(changed) > 300
