from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from mdn_gui.core.columns import Column
from mdn_gui.core.encoding import ColumnKind
from mdn_gui.core.selection import HoldOut
from mdn_gui.core.table import Table
from mdn_gui.errors import DataError
from mdn_gui.files.options import ReadOptions, Watch
from mdn_gui.session.importing import ImportChoice
from mdn_gui.session.loader import TableLoader
from tests.session.conftest import Ears


class FakeReader:
    """Reads nothing: a table named like the file, or the error prepared for it, once the file is released."""

    def __init__(self) -> None:
        self.errors: dict[str, Exception] = {}
        self.held: dict[str, Event] = {}
        self.read: list[str] = []
        self.options: list[ReadOptions] = []
        self.reports: tuple[float, ...] = ()

    def __call__(self, path: Path, options: ReadOptions, watch: Watch) -> Table:
        if path.name in self.held:
            self.held[path.name].wait()
        self.read.append(path.name)
        self.options.append(options)
        for fraction in self.reports:
            watch.report(fraction)
        if path.name in self.errors:
            raise self.errors[path.name]
        x = np.arange(10.0)
        columns = {"x": x, "z": np.cos(x), "y": np.sin(x)}
        return Table(path.name, tuple(Column(name, each, np.isnan(each)) for name, each in columns.items()))

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


def test_that_a_file_is_read_in_the_background_and_delivered_with_its_rows(qtbot, loader, reader):
    options = ReadOptions(delimiter=";")
    with qtbot.waitSignal(loader.loaded) as answer:
        loader.load(ImportChoice(Path("a.csv"), options, ("x", "z"), "y", title="mine"))
    opened = answer.args[0]
    assert opened.table.title == "mine"
    assert opened.selection.dataset.input_names == ("x", "z")
    assert opened.selection.dataset.target_name == "y"
    assert opened.test_table is None
    assert reader.options == [options]


def test_that_roles_left_open_become_the_proposed_ones(qtbot, loader):
    with qtbot.waitSignal(loader.loaded) as answer:
        loader.load(ImportChoice(Path("a.csv")))
    opened = answer.args[0]
    assert (opened.choice.inputs, opened.choice.target) == (("z",), "y")
    assert opened.selection.dataset.input_names == ("z",)
    assert opened.table.title == "a.csv"


def test_that_rows_are_held_out_for_the_test(qtbot, loader):
    with qtbot.waitSignal(loader.loaded) as answer:
        loader.load(ImportChoice(Path("a.csv"), inputs=("x",), target="y", hold_out=HoldOut(0.3)))
    assert len(answer.args[0].selection.test) == 3
    assert len(answer.args[0].selection.dataset) == 7


def test_that_a_second_file_is_the_test_set_read_with_the_same_options(qtbot, loader, reader, hear: Ears):
    reader.reports = (0.5,)
    reported = hear(loader.progressed)
    options = ReadOptions(delimiter=";")
    with qtbot.waitSignal(loader.loaded) as answer:
        loader.load(ImportChoice(Path("a.csv"), options, ("x",), "y", test_path=Path("b.csv")))
    assert reader.read == ["a.csv", "b.csv"]
    assert [replace(each, kinds={}) for each in reader.options] == [options, options]
    assert answer.args[0].test_table.title == "b.csv"
    assert len(answer.args[0].selection.test) == 10
    assert reported[0] == 0.25


@pytest.mark.parametrize("error", [DataError("a.csv is empty.", "Choose another."), KeyError("surprise")])
def test_that_an_error_of_any_kind_is_delivered(qtbot, loader, reader, hear: Ears, error):
    reader.errors["a.csv"] = error
    loaded = hear(loader.loaded)
    with qtbot.waitSignal(loader.failed) as answer:
        loader.load(ImportChoice(Path("a.csv")))
    assert answer.args[0] is error
    assert not loaded


def test_that_columns_with_nothing_to_learn_from_are_an_error(qtbot, loader):
    with qtbot.waitSignal(loader.failed) as answer:
        loader.load(ImportChoice(Path("a.csv"), inputs=("x",), target="nowhere"))
    assert "no column 'nowhere'" in str(answer.args[0])


def test_that_a_newer_request_makes_the_older_answer_void(qtbot, loader, reader, hear: Ears):
    release = reader.hold("old.csv")
    loaded, failed = hear(loader.loaded), hear(loader.failed)
    reader.errors["old.csv"] = DataError("bad", "do")
    loader.load(ImportChoice(Path("old.csv")))
    loader.load(ImportChoice(Path("new.csv")))
    release.set()
    qtbot.waitUntil(lambda: bool(loaded))
    assert [opened.table.title for opened in loaded] == ["new.csv"]
    assert not failed


def test_that_a_cancelled_request_is_not_delivered(qtbot, loader, reader, hear: Ears):
    release = reader.hold("old.csv")
    loaded = hear(loader.loaded)
    loader.load(ImportChoice(Path("old.csv")))
    loader.cancel()
    release.set()
    loader.shut_down()
    QCoreApplication.processEvents()
    assert not loaded


def test_that_a_second_file_is_read_in_the_kinds_of_the_first(qtbot, loader, reader, hear: Ears):
    loaded = hear(loader.loaded)
    loader.load(ImportChoice(Path("a.csv"), inputs=("x",), target="y", test_path=Path("b.csv")))
    qtbot.waitUntil(lambda: bool(loaded))
    assert reader.read == ["a.csv", "b.csv"]
    assert reader.options[0].kinds == {}
    assert reader.options[1].kinds == {"x": ColumnKind.NUMBER, "y": ColumnKind.NUMBER}
