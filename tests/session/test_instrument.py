import math

import numpy as np
import pytest

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.mixture import ConditionalMixture
from mdn_gui.core.questions import Questions
from mdn_gui.session.instrument import Instrument
from mdn_gui.session.messages import CursorOrigin
from tests.session.conftest import Ears

ROWS = np.array([[0.0, 10.0], [1.0, 20.0], [2.0, 60.0]])


class Sum:
    """A model whose only component has the sum of the inputs as its mean."""

    def __init__(self, factor: float = 1.0) -> None:
        self._factor = factor

    def conditional(self, x):
        total = self._factor * np.asarray(x).sum(axis=1, keepdims=True)
        return ConditionalMixture(np.ones_like(total), total, np.ones_like(total))


def dataset(names: tuple[str, ...] = ("a", "b"), target: str = "y") -> Dataset:
    return Dataset(ROWS, np.zeros(3), names, target)


@pytest.fixture
def instrument() -> Instrument:
    made = Instrument()
    made.begin_on(dataset())
    made.show(Sum())
    return made


def means(instrument: Instrument) -> dict[str, float]:
    return {pin.name: float(pin.reading.mixture.mean()[0]) for pin in instrument.pins if pin.reading is not None}


def test_that_the_reading_stands_where_every_input_stands(instrument):
    instrument.set_cursor(0.5)
    instrument.hold(1, 30.0)
    assert instrument.reading.mixture.mean().tolist() == [30.5]
    assert instrument.reading.held_outside == ()
    instrument.hold(1, 70.0)
    assert instrument.reading.held_outside == ("b",)


def test_that_a_pin_keeps_the_place_of_every_input(instrument):
    instrument.add_pin(0.5)
    instrument.hold(1, 60.0)
    instrument.add_pin(2.0)
    assert means(instrument) == {"A": 20.5, "B": 62.0}
    instrument.choose_axis(1)
    assert means(instrument) == {"A": 20.5, "B": 62.0}


def test_that_pins_are_read_anew_when_another_model_is_shown(instrument):
    instrument.add_pin(0.5)
    instrument.show(Sum(2.0))
    assert means(instrument) == {"A": 41.0}
    instrument.show(None)
    assert [pin.reading for pin in instrument.pins] == [None]


def test_that_the_mouse_leaves_to_the_newest_pin_on_the_line_only(instrument):
    instrument.add_pin(0.5)
    instrument.hold(1, 60.0)
    instrument.set_cursor(1.0)
    instrument.release_cursor()
    assert (instrument.reading.x, instrument.cursor_origin) == (1.0, CursorOrigin.LAST)
    instrument.hold(1, 20.0)
    instrument.release_cursor()
    assert (instrument.reading.x, instrument.cursor_origin, instrument.pin_name) == (0.5, CursorOrigin.PIN, "A")


def test_that_going_to_a_pin_takes_its_place_of_every_input(instrument):
    instrument.add_pin(0.5)
    instrument.hold(1, 60.0)
    instrument.go_to_pin("A")
    assert (instrument.reading.x, instrument.line.held[1]) == (0.5, 20.0)
    assert (instrument.cursor_origin, instrument.pin_name) == (CursorOrigin.PIN, "A")


def test_that_a_moved_pin_takes_the_cursor_along_that_stands_at_it(instrument):
    instrument.add_pin(0.5)
    instrument.release_cursor()
    instrument.move_pin("A", 1.5)
    assert (instrument.reading.x, means(instrument)) == (1.5, {"A": 21.5})
    instrument.set_cursor(0.0)
    instrument.move_pin("A", 1.0)
    assert instrument.reading.x == 0.0


def test_that_a_cursor_stays_where_a_pin_is_taken_away(instrument):
    instrument.add_pin(0.5)
    instrument.release_cursor()
    instrument.remove_pin("A")
    assert (instrument.reading.x, instrument.cursor_origin, instrument.pins) == (0.5, CursorOrigin.LAST, ())


def test_that_a_renamed_pin_stays_the_one_the_cursor_stands_at(instrument):
    instrument.add_pin(0.5)
    instrument.release_cursor()
    instrument.add_pin(2.0)
    instrument.rename_pin("A", " young ")
    assert (instrument.pin_name, instrument.reading.x) == ("young", 0.5)  # not that of the newest pin


def test_that_a_refused_name_is_shown_as_it_was(instrument):
    instrument.add_pin(0.5)
    shown = []
    instrument.pins_changed.connect(shown.append)
    instrument.rename_pin("A", " ")
    assert [pin.name for pin in shown[-1]] == ["A"]


def test_that_pins_stay_on_other_rows_of_the_same_columns(instrument, hear: Ears):
    lost = hear(instrument.pins_lost)
    instrument.add_pin(0.5)
    instrument.begin_on(dataset())
    assert [pin.name for pin in instrument.pins] == ["A"]
    assert not lost


def test_that_pins_go_with_their_columns_and_that_is_told(instrument, hear: Ears):
    lost = hear(instrument.pins_lost)
    instrument.add_pin(0.5)
    instrument.add_pin(1.5)
    instrument.begin_on(dataset(("a", "c")))
    assert instrument.pins == ()
    assert lost == [2]


def test_that_the_interval_goes_with_its_target_while_the_levels_stay(instrument):
    instrument.ask(Questions(levels=(0.1,), high=30.0))
    instrument.begin_on(dataset())
    assert instrument.questions.high == 30.0
    instrument.begin_on(dataset(target="z"))
    assert instrument.questions == Questions(levels=(0.1,))


def test_that_the_same_question_is_not_told_twice(instrument, hear: Ears):
    asked = hear(instrument.questions_changed)
    instrument.ask(Questions(mass=0.5))
    instrument.ask(Questions(mass=0.5))
    assert asked == [Questions(mass=0.5)]


def test_that_the_values_of_a_row_are_taken(instrument):
    instrument.take_row(2)
    assert (instrument.reading.x, instrument.line.held.tolist(), instrument.row) == (2.0, [2.0, 60.0], 2)
    instrument.set_cursor(0.0)
    assert instrument.row == 2  # the line still goes through it
    instrument.hold(1, 20.0)
    assert instrument.row is None


@pytest.mark.parametrize("row", [-1, 3])
def test_that_a_row_that_is_not_there_changes_nothing(instrument, row):
    before = instrument.reading
    instrument.take_row(row)
    assert (instrument.reading, instrument.row) == (before, None)


def test_that_the_others_go_back_to_their_middle_under_the_cursor(instrument):
    instrument.take_row(2)
    instrument.hold_at_middle()
    assert (instrument.reading.x, instrument.line.held[1]) == (2.0, 20.0)


def test_that_another_axis_keeps_the_place(instrument):
    instrument.set_cursor(0.5)
    instrument.choose_axis(1)
    assert (instrument.reading.x, instrument.reading.mixture.mean().tolist()) == (20.0, [20.5])


def test_that_without_data_nothing_is_read_nor_pinned():
    empty = Instrument()
    for act in (empty.release_cursor, empty.hold_at_middle, empty.remove_pins):
        act()
    for act in (empty.set_cursor, empty.add_pin):
        act(1.0)
    empty.take_row(0)
    empty.go_to_pin("A")
    empty.move_pin("A", 1.0)
    empty.show(Sum())
    assert (empty.reading, empty.pins, empty.section) == (None, (), None)


def test_that_a_place_far_outside_is_read_and_named_so(instrument):
    instrument.set_cursor(1e12)
    assert instrument.reading.is_outside
    assert math.isfinite(instrument.reading.mixture.mean()[0])
