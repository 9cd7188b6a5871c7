"""Sessions without a window, and ears for their signals."""

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from mdn_gui.files.projects.saving import save_project
from mdn_gui.session.session import Session
from tests.documents import made_project
from tests.fakes import FakeBaselineFit, FakeFit, read_here
from tests.session.desks import Desk, KeptDesk

Ears = Callable[[Any], list[Any]]


@pytest.fixture(scope="session", autouse=True)
def modules_are_left_out_of_collections() -> Iterator[None]:
    """Imports live for ever; without them each collection is short."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture
def hear() -> Ears:
    """Return a function that collects what a signal sends from now on."""

    def listen(signal: Any) -> list[Any]:
        heard: list[Any] = []
        signal.connect(lambda *values: heard.append(values[0] if len(values) == 1 else values))
        return heard

    return listen


@pytest.fixture
def fit() -> FakeFit:
    return FakeFit()


@pytest.fixture
def baseline_fit() -> FakeBaselineFit:
    return FakeBaselineFit()


@pytest.fixture
def session(qtbot: QtBot, fit: FakeFit, baseline_fit: FakeBaselineFit) -> Iterator[Session]:
    made = Session(fit.load, read_here, baseline_fit)
    yield made
    baseline_fit.may_end.set()
    fit.loadable.set()
    made.shut_down()
    made.deleteLater()


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    """A document by itself."""
    made = Desk()
    yield made
    made.close()


@pytest.fixture
def other_desk(qtbot: QtBot) -> Iterator[Desk]:
    """That of another window."""
    made = Desk()
    yield made
    made.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A project file."""
    path = tmp_path / "a.mdn"
    save_project(path, made_project(7))
    return path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Where snapshots are kept."""
    return tmp_path / "recovery"


@pytest.fixture
def kept_desk(qtbot: QtBot, root: Path) -> Iterator[KeptDesk]:
    """A document with snapshots."""
    made = KeptDesk(root)
    yield made
    made.close()
