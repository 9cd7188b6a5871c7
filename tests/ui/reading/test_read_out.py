"""The whole read-out beside the plot, alone."""

from dataclasses import dataclass, replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.encoding import Encoding
from mdn_gui.core.identity import ComponentFinding
from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.neighbours import Neighbours, judged_nearby
from mdn_gui.core.pin import Pin
from mdn_gui.core.questions import Questions
from mdn_gui.core.reading import InputAxis, Line, Reading, Section
from mdn_gui.session.messages import CursorOrigin
from mdn_gui.ui.reading.panel import ReadingPanel
from mdn_gui.ui.style_sheet import style_sheet
from mdn_gui.ui.theme import LIGHT
from tests.fakes import made_model
from tests.ui.read_out import names, texts

LONG = "<b>" + "an input with a long name " * 40


@dataclass
class Bench:
    panel: ReadingPanel
    dataset: Dataset
    section: Section
    axis: InputAxis

    def at(self, x: float, **changes: object) -> Reading:
        return Reading.at(x, self.section, self.axis, **changes)

    def read(self, x: float, **changes: object) -> None:
        self.panel.show_reading(self.at(x, **changes), CursorOrigin.CURSOR)

    def judge(self, x: float) -> None:
        place = self.section.line.holding(0, x).held
        found = judged_nearby(self.dataset, Neighbours(self.dataset), place, self.section.model, lambda: False)
        self.panel.show_nearby(found)


def bench(qtbot, width: int = 364, height: int = 700, *, inputs: int = 1, components: int = 3) -> Bench:
    rng = np.random.default_rng(0)
    x = rng.uniform(-2.0, 3.0, (400, inputs))
    input_names = (LONG, *(f"input {number}" for number in range(1, inputs)))
    dataset = Dataset(x, np.sin(x[:, 0]) + 0.1 * rng.normal(size=400), input_names, "response")
    panel = ReadingPanel()
    qtbot.addWidget(panel)
    panel.setStyleSheet(style_sheet(LIGHT))
    panel.show_theme(LIGHT)
    panel.resize(width, height)
    axis = InputAxis.of(dataset)
    panel.show_dataset(dataset, axis)
    panel.show()
    model = made_model(dataset, components=components)
    return Bench(panel, dataset, Section(model, Line.through(dataset)), axis)


@pytest.mark.parametrize("pinned", [False, True])
@pytest.mark.parametrize(("width", "height"), [(364, 700), (364, 1000), (300, 500)])
def test_that_nothing_sticks_out_at_any_usual_size(qtbot, width, height, pinned):
    made = bench(qtbot, width, height, inputs=2)
    if pinned:
        made.panel.show_pins((Pin("A", made.section.line, 0.1, made.at(0.1)),), made.section.line)
    made.panel.show_questions(Questions(low=0.0, high=1.0))
    made.read(0.9)
    made.judge(0.9)
    made.panel.show_now()
    QApplication.processEvents()
    content = made.panel.widget()
    assert content.width() <= made.panel.viewport().width()
    for part in (made.panel.table, made.panel.quantities, made.panel.slice, made.panel.configure, made.panel.nearby):
        right = part.mapTo(content, QPoint(part.width(), 0)).x()
        assert right <= content.width(), part
    assert made.panel.quantities.height() >= made.panel.quantities.minimumSizeHint().height()
    if height >= 700:
        assert not made.panel.verticalScrollBar().isVisible()
    assert made.panel.slice.plot.height() >= 80


def test_that_a_mixture_of_64_components_scrolls_in_its_table(qtbot):
    made = bench(qtbot, components=64)
    made.read(0.9)
    made.panel.show_now()
    QApplication.processEvents()
    assert made.panel.table.model().rowCount() == 64
    assert made.panel.table.verticalScrollBar().isVisible()
    assert not made.panel.verticalScrollBar().isVisible()


def test_that_a_place_far_outside_is_read_and_called_so(qtbot):
    made = bench(qtbot)
    made.read(1e12)
    made.judge(1e12)
    assert made.panel._support.text().startswith("Outside the data: extrapolated · 0 rows within")
    assert made.panel._support.property("warns") is True
    assert made.panel.nearby.text == "outside the data: not judged"
    assert made.panel.slice.plot._canvas.shown.nearby.num_rows == 0


def test_that_the_room_of_longer_texts_is_given_back_when_the_cursor_rests(qtbot):
    made = bench(qtbot)
    table, quantities = made.panel.table, made.panel.quantities

    def show(reading: Reading) -> None:
        made.panel.show_reading(reading, CursorOrigin.CURSOR)
        made.panel.show_now()

    def sizes() -> list[int]:
        lines = range(quantities.quantities.rowCount())
        return [*(table.columnWidth(column) for column in range(5)), *(quantities.rowHeight(line) for line in lines)]

    show(made.at(0.5))
    made.panel._tidy()
    before = sizes()
    far = ConditionalMixture([[0.4, 0.3, 0.3]], [[-1e9, 0.0, 1e9]], [[1.0, 1e-9, 1e7]])
    show(replace(made.at(0.5), mixture=far))
    assert sizes()[:5] != before[:5]
    assert sizes()[5:] != before[5:]
    show(made.at(0.5))
    qtbot.waitUntil(lambda: sizes() == before, timeout=4000)


def test_that_inputs_held_outside_their_range_are_named(qtbot):
    made = bench(qtbot, inputs=2)
    made.read(0.5, held_outside=("input 1", "<i>b</i>", "c", "d"))
    assert made.panel._support.text() == "Held outside the data: input 1, <i>b</i>, c, …"
    assert made.panel._support.textFormat() is Qt.TextFormat.PlainText
    assert made.panel._support.property("warns") is True
    made.read(0.5)
    assert made.panel._support.property("warns") is False
    assert made.panel._support.isHidden()  # how many rows are near several inputs is said below


def test_that_rows_near_another_x_are_grey(qtbot):
    made = bench(qtbot, inputs=2)
    made.read(0.5)
    made.judge(0.5)
    assert made.panel.nearby.isEnabled()
    assert "in every input" in made.panel.nearby.text
    made.read(0.6)
    assert not made.panel.nearby.isEnabled()
    made.judge(0.6)
    assert made.panel.nearby.isEnabled()
    made.panel.show_nearby(None)
    assert made.panel.nearby.text == ""


def test_that_other_questions_are_read_at_once_or_soon(qtbot):
    made = bench(qtbot)
    made.read(0.5)
    made.panel.show_questions(Questions(levels=(0.25,), high=0.3))
    made.panel.show_now()
    assert names(made.panel.quantities)[:6] == ["P(y ≤ 0.3)", "mean", "sd", "25 % quantile", "90 % region", "modes"]
    assert texts(made.panel.quantities, "quantile_0.25")[0] != "–"


def test_that_a_level_read_in_the_slice_becomes_a_quantile(qtbot):
    made = bench(qtbot)
    with qtbot.waitSignal(made.panel.questions_changed) as caught:
        made.panel.slice.level_requested.emit(0.123)
    assert 0.123 in caught.args[0].levels
    assert 0.5 in caught.args[0].levels


def test_that_the_wish_to_edit_the_interval_goes_to_its_box(qtbot):
    made = bench(qtbot)
    made.read(0.5)
    made.panel.show_questions(Questions(high=0.3))
    made.panel.activateWindow()
    QApplication.processEvents()
    made.panel.quantities.setFocus()
    made.panel.quantities.selectRow(names(made.panel.quantities).index("P(y ≤ 0.3)"))
    QTest.keyClick(made.panel.quantities, Qt.Key.Key_Return)
    assert made.panel.slice.interval.high.hasFocus()


def test_that_the_wish_to_remove_components_is_passed_on(qtbot):
    made = bench(qtbot)
    made.read(0.5)
    made.panel.show_findings((ComponentFinding(1, "dead"),))
    assert made.panel.table.components.index(1, 0).data() == "2*"
    with qtbot.waitSignal(made.panel.removal_requested) as caught:
        made.panel.findings.link.click()
    assert caught.args == [(1,)]


def test_that_a_preview_of_many_components_shows_those_that_matter(qtbot):
    made = bench(qtbot)
    weights = np.append(np.full(3, 0.33), np.full(37, 0.01 / 37))
    mixture = ConditionalMixture([weights], [np.arange(40.0)], [np.ones(40)])
    line = Line((Encoding("x"),), 0, np.zeros(1))
    preview = Reading(0.5, mixture, 3, 0.1, is_outside=False, is_preview=True, line=line)
    made.panel.show_reading(preview, CursorOrigin.CURSOR)
    made.panel.show_now()
    assert sum(not made.panel.table.isRowHidden(k) for k in range(40)) == 3
    assert made.panel._origin.text().startswith("preview")
    assert texts(made.panel.quantities, "mean")[0] == f"{mixture.mean()[0]:.4f}"


def test_that_everything_that_takes_the_focus_has_a_name(qtbot):
    made = bench(qtbot)
    for part in (made.panel.table, made.panel.quantities, made.panel.quantities.choice):
        assert part.accessibleName()
    for field in (made.panel.quantities.choice.levels, made.panel.quantities.choice.mass):
        assert field.accessibleName()
