import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.importance import Spans, local_effects, permuted_rises
from mdn_gui.core.reading import Line, Section
from mdn_gui.session.importance import Importance
from tests.fakes import made_model
from tests.session.conftest import Ears


@pytest.fixture
def rows() -> Dataset:
    x = np.random.default_rng(0).normal(size=(80, 3))
    return Dataset(x, x[:, 0], ("a", "b", "c"), "y")


@pytest.fixture
def importance(qtbot: QtBot, rows: Dataset) -> Iterator[Importance]:
    """An importance of the rows that somebody watches."""
    made = Importance()
    made.take_rows(rows)
    made.watch(on=True)
    yield made
    made.shut_down()
    made.deleteLater()


class CountingModel:
    """A model that records in which threads it is read."""

    def __init__(self, model: Any) -> None:
        self.model, self.threads = model, set()

    def conditional(self, x: np.ndarray) -> Any:
        self.threads.add(threading.get_ident())
        return self.model.conditional(x)


def numbers(told: list[Any]) -> list[Any]:
    return [each for each in told if each is not None]


def test_that_both_kinds_are_told_from_another_thread(qtbot, importance, rows, hear: Ears):
    local, permuted = hear(importance.local_changed), hear(importance.permuted_changed)
    model = CountingModel(made_model(rows))
    importance.follow(Section(model, Line.through(rows)))
    importance.move_to(0.75)
    qtbot.waitUntil(lambda: bool(numbers(local)) and bool(numbers(permuted)))
    point = np.array([0.75, *rows.middle[1:]])
    expected = local_effects(model.model, rows.encodings, point, Spans.of(rows))
    assert numbers(local)[-1].mean.tolist() == expected.mean.tolist()
    assert numbers(permuted)[-1].rise.tolist() == permuted_rises(model.model, rows).rise.tolist()
    assert threading.get_ident() not in model.threads


def test_that_only_the_newest_point_is_told(qtbot, importance, rows, hear: Ears):
    local = hear(importance.local_changed)
    model = made_model(rows)
    importance.follow(Section(model, Line.through(rows)))
    for x in np.linspace(-1.0, 1.0, 40):
        importance.move_to(float(x))
    qtbot.waitUntil(lambda: bool(numbers(local)))
    expected = local_effects(model, rows.encodings, np.array([1.0, *rows.middle[1:]]), Spans.of(rows))
    assert [each.mean.tolist() for each in numbers(local)] == [expected.mean.tolist()]


def test_that_a_point_is_worked_out_once(qtbot, importance, rows, hear: Ears):
    local = hear(importance.local_changed)
    section = Section(made_model(rows), Line.through(rows))
    importance.follow(section)
    qtbot.waitUntil(lambda: bool(numbers(local)))
    importance.follow(Section(section.model, section.line))
    assert not importance._local.is_busy
    assert not importance._local._pause.isActive()


def test_that_the_rows_of_the_test_are_permuted_where_there_are_any(qtbot, importance, rows, hear: Ears):
    permuted = hear(importance.permuted_changed)
    test = Dataset(rows.x[:30] + 0.5, rows.y[:30], rows.input_names, "y")
    importance.take_rows(rows, test)
    model = made_model(rows)
    importance.follow(Section(model, Line.through(rows)))
    qtbot.waitUntil(lambda: bool(numbers(permuted)))
    assert numbers(permuted)[-1].num_rows == 30
    assert numbers(permuted)[-1].rise.tolist() == permuted_rises(model, test).rise.tolist()


def test_that_nothing_is_worked_out_while_nobody_looks(qtbot, importance, rows, hear: Ears):
    local = hear(importance.local_changed)
    importance.watch(on=False)
    importance.follow(Section(made_model(rows), Line.through(rows)))
    assert not importance._local._pause.isActive()
    importance.watch(on=True)
    qtbot.waitUntil(lambda: bool(numbers(local)))


def test_that_a_run_that_goes_on_is_read_around_the_point_while_the_rest_waits_for_its_end(
    qtbot, importance, rows, hear: Ears
):
    local, permuted = hear(importance.local_changed), hear(importance.permuted_changed)
    section = Section(made_model(rows), Line.through(rows))
    importance.follow(section, is_live=True)
    qtbot.waitUntil(lambda: bool(numbers(local)))
    assert not numbers(permuted)
    assert not importance._permuted._pause.isActive()
    importance.follow(section)
    qtbot.waitUntil(lambda: bool(numbers(permuted)))


def test_that_another_slider_does_not_permute_anew(qtbot, importance, rows, hear: Ears):
    permuted = hear(importance.permuted_changed)
    section = Section(made_model(rows), Line.through(rows))
    importance.follow(section)
    qtbot.waitUntil(lambda: bool(numbers(permuted)))
    importance.follow(Section(section.model, section.line.holding(2, 0.5)))
    assert permuted[-1] is not None
    assert not importance._permuted._pause.isActive()


def test_that_everything_goes_with_the_fit_or_the_data(qtbot, importance, rows, hear: Ears):
    local, permuted = hear(importance.local_changed), hear(importance.permuted_changed)
    section = Section(made_model(rows), Line.through(rows))
    importance.follow(section)
    qtbot.waitUntil(lambda: bool(numbers(local)) and bool(numbers(permuted)))
    importance.follow(None)
    assert local[-1] is None
    assert permuted[-1] is None
    importance.follow(section)
    qtbot.waitUntil(lambda: local[-1] is not None)
    importance.take_rows(Dataset(rows.x[:9], rows.y[:9], rows.input_names, "y"))
    assert local[-1] is None


def test_that_a_line_of_other_columns_is_not_read(importance, rows):
    other = Dataset(rows.x[:, :2], rows.y, ("p", "q"), "y")
    importance.follow(Section(made_model(other), Line.through(other)))
    assert not importance._local._pause.isActive()


def test_that_a_model_that_cannot_be_read_leaves_nothing(qtbot, importance, rows, hear: Ears):
    local = hear(importance.local_changed)
    other = made_model(Dataset(rows.x[:, :2], rows.y, ("p", "q"), "y"))
    with qtbot.waitSignals([importance._local.failed, importance._permuted.failed]):
        importance.follow(Section(other, Line.through(rows)))
    assert not numbers(local)
