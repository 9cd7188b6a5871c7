"""The components that a fit does not need, looked for off the GUI thread."""

import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from mdn_gui.core.dataset import Dataset
from mdn_gui.core.fitted import FittedModel
from mdn_gui.core.identity import ComponentFinding, find_components
from mdn_gui.session import identifying
from mdn_gui.session.identifying import ComponentFinder
from tests.core.test_identity import model_with
from tests.session.conftest import Ears


@pytest.fixture
def finder(qtbot: QtBot) -> Iterator[ComponentFinder]:
    made = ComponentFinder()
    yield made
    made.shut_down()
    made.deleteLater()


@pytest.fixture
def wasteful(tiny_dataset: Dataset) -> FittedModel:
    """A model whose second component is dead, whose fourth is like its third."""
    return model_with(tiny_dataset, [0.0, -30.0, 1.0, 0.5], [-1.0, 0.0, 1.0, 1.0])


@pytest.fixture
def lean(tiny_dataset: Dataset) -> FittedModel:
    return model_with(tiny_dataset, [0.0, 0.5], [-1.0, 1.0])


class Searches:
    """Stands for the search: records where it runs, and waits while ``may_go_on`` is not set."""

    def __init__(self) -> None:
        self.threads: list[int] = []
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def __call__(self, *arguments: Any) -> tuple[ComponentFinding, ...]:
        self.threads.append(threading.get_ident())
        assert self.may_go_on.wait(5.0)
        return find_components(*arguments)


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> Iterator[Searches]:
    made = Searches()
    monkeypatch.setattr(identifying, "find_components", made)
    yield made
    made.may_go_on.set()


def wait_for_rest(qtbot: QtBot, finder: ComponentFinder) -> None:
    qtbot.waitUntil(lambda: not finder._job.is_busy)


def test_that_components_without_use_are_found_in_another_thread(
    qtbot, finder, wasteful, tiny_dataset, searches, hear: Ears
):
    told = hear(finder.changed)
    finder.follow(wasteful, tiny_dataset)
    wait_for_rest(qtbot, finder)
    assert [(each.component, each.kind, each.twin) for each in finder.answer] == [
        (1, "dead", None),
        (3, "duplicate", 2),
    ]
    assert told == [finder.answer]
    assert len(searches.threads) == 1
    assert searches.threads[0] != threading.get_ident()


def test_that_a_fit_that_needs_every_component_tells_nothing(qtbot, finder, lean, tiny_dataset, searches, hear: Ears):
    told = hear(finder.changed)
    finder.follow(lean, tiny_dataset)
    wait_for_rest(qtbot, finder)
    assert len(searches.threads) == 1
    assert (finder.answer, told) == ((), [])


def test_that_the_same_fit_on_the_same_rows_is_looked_at_once(qtbot, finder, wasteful, tiny_dataset, searches):
    for _ in range(3):
        finder.follow(wasteful, tiny_dataset)
        wait_for_rest(qtbot, finder)
    assert len(searches.threads) == 1
    other = Dataset(tiny_dataset.x[:9], tiny_dataset.y[:9], ("dose",), "response")
    finder.follow(wasteful, other)
    wait_for_rest(qtbot, finder)
    assert len(searches.threads) == 2


@pytest.mark.parametrize("without", ["fit", "rows"])
def test_that_findings_go_at_once_with_what_they_were_found_of(
    qtbot, finder, wasteful, tiny_dataset, hear: Ears, without
):
    finder.follow(wasteful, tiny_dataset)
    wait_for_rest(qtbot, finder)
    told = hear(finder.changed)
    finder.follow(*((None, tiny_dataset) if without == "fit" else (wasteful, None)))
    assert (finder.answer, told) == ((), [()])


@pytest.mark.parametrize("is_followed", [True, False])
def test_that_what_is_found_of_an_older_fit_never_comes_late(
    qtbot, finder, wasteful, lean, tiny_dataset, searches, hear: Ears, is_followed
):
    told = hear(finder.changed)
    searches.may_go_on.clear()
    finder.follow(wasteful, tiny_dataset)
    qtbot.waitUntil(lambda: bool(searches.threads))
    finder.follow(lean if is_followed else None, tiny_dataset)
    searches.may_go_on.set()
    wait_for_rest(qtbot, finder)
    finder.shut_down()
    QCoreApplication.processEvents()
    assert len(searches.threads) == 1 + is_followed
    assert told == []


def test_that_rows_that_the_fit_cannot_read_give_no_findings(qtbot, finder, wasteful, tiny_dataset, searches):
    finder.follow(wasteful, tiny_dataset)
    wait_for_rest(qtbot, finder)
    assert finder.answer
    finder.follow(wasteful, Dataset(np.zeros((3, 2)), np.arange(3.0), ("a", "b"), "response"))
    wait_for_rest(qtbot, finder)
    assert len(searches.threads) == 2
    assert finder.answer == ()
