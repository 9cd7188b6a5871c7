from collections.abc import Iterator
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from mdn_gui.core.columns import Column
from mdn_gui.core.table import Table
from mdn_gui.errors import DataError
from mdn_gui.session.loader import TableLoader
from tests.session.conftest import Ears


class FakeReader:
    """Reads nothing: a table named like the file, or the error prepared for it, once the file is released."""

    def __init__(self) -> None:
        self.errors: dict[str, Exception] = {}
        self.held: dict[str, Event] = {}
        self.read: list[str] = []

    def __call__(self, path: Path) -> Table:
        if path.name in self.held:
            self.held[path.name].wait()
        self.read.append(path.name)
        if path.name in self.errors:
            raise self.errors[path.name]
        return Table(path.name, (Column("x", np.arange(3.0), np.zeros(3, dtype=bool)),))

    def hold(self, name: str) -> Event:
        self.held[name] = Event()
        return self.held[name]


@pytest.fixture
def reader() -> FakeReader:
    return FakeReader()


@pytest.fixture
def loader(qtbot: QtBot, reader: FakeReader) -> Iterator[TableLoader]:
    made = TableLoader(reader)
    yield made
    for event in reader.held.values():
        event.set()
    made.shut_down()
    made.deleteLater()


def test_that_a_file_is_read_in_the_background_and_delivered(qtbot, loader):
    with qtbot.waitSignal(loader.loaded) as answer:
        loader.load(Path("a.csv"))
    assert answer.args[0].title == "a.csv"


@pytest.mark.parametrize("error", [DataError("a.csv is empty.", "Choose another."), KeyError("surprise")])
def test_that_an_error_of_any_kind_is_delivered(qtbot, loader, reader, hear: Ears, error):
    reader.errors["a.csv"] = error
    loaded = hear(loader.loaded)
    with qtbot.waitSignal(loader.failed) as answer:
        loader.load(Path("a.csv"))
    assert answer.args[0] is error
    assert not loaded


def test_that_a_newer_request_makes_the_older_answer_void(qtbot, loader, reader, hear: Ears):
    release = reader.hold("old.csv")
    loaded = hear(loader.loaded)
    loader.load(Path("old.csv"))
    loader.load(Path("new.csv"))
    release.set()
    qtbot.waitUntil(lambda: bool(loaded))
    assert reader.read == ["old.csv", "new.csv"]
    assert [table.title for table in loaded] == ["new.csv"]


def test_that_the_error_of_an_older_request_is_void_too(qtbot, loader, reader, hear: Ears):
    release = reader.hold("old.csv")
    reader.errors["old.csv"] = DataError("bad", "do")
    loaded, failed = hear(loader.loaded), hear(loader.failed)
    loader.load(Path("old.csv"))
    loader.load(Path("new.csv"))
    release.set()
    qtbot.waitUntil(lambda: bool(loaded))
    assert not failed


def test_that_a_cancelled_request_is_not_delivered(qtbot, loader, reader, hear: Ears):
    release = reader.hold("old.csv")
    loaded = hear(loader.loaded)
    loader.load(Path("old.csv"))
    loader.cancel()
    answers = hear(loader._report.finished)
    release.set()
    qtbot.waitUntil(lambda: bool(answers))
    assert reader.read == ["old.csv"]
    assert not loaded


def test_that_shutting_down_waits_for_the_reading_and_delivers_nothing(qtbot, reader, hear: Ears):
    loader = TableLoader(reader)
    loaded, answers = hear(loader.loaded), hear(loader._report.finished)
    loader.load(Path("a.csv"))
    qtbot.waitUntil(lambda: bool(loader._pool.activeThreadCount() or reader.read))
    loader.shut_down()
    assert reader.read == ["a.csv"]
    qtbot.waitUntil(lambda: bool(answers))
    assert not loaded
    loader.deleteLater()
