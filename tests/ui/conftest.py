"""Windows with a fake fit behind them."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mdn_gui.app import make_application
from mdn_gui.core import special
from mdn_gui.session.keeping import Keeping
from mdn_gui.session.preferences import Preferences
from mdn_gui.session.session import Session
from mdn_gui.ui.dialogs import Leaving
from mdn_gui.ui.main_window import MainWindow
from mdn_gui.ui.theme_switch import ThemeChoice, ThemeSwitch
from tests.fakes import FakeBaselineFit, FakeDialogs, FakeFit, read_here
from tests.ui.stage import Stage


@pytest.fixture(scope="session", autouse=True)
def application(qapp: QApplication) -> Iterator[QApplication]:
    """The application as a start makes it."""
    app = make_application()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    special.load()
    gc.collect()
    gc.freeze()
    yield app
    gc.unfreeze()


@pytest.fixture
def german() -> Iterator[QLocale]:
    """A decimal comma."""
    before = QLocale()
    locale = QLocale(QLocale.Language.German, QLocale.Country.Germany)
    QLocale.setDefault(locale)
    yield locale
    QLocale.setDefault(before)


@pytest.fixture
def preferences_path(tmp_path: Path) -> Path:
    return tmp_path / "preferences.ini"


@contextmanager
def made_stage(
    qtbot: QtBot, preferences_path: Path, recovery_root: Path | None = None, fit: FakeFit | None = None
) -> Iterator[Stage]:
    """Give a window without data, not yet shown; with a place for snapshots it keeps some against a crash."""
    fit, baseline_fit = fit or FakeFit(), FakeBaselineFit()
    session = Session(fit.load, read_here, baseline_fit)
    themes = ThemeSwitch(make_application(), ThemeChoice.LIGHT)
    preferences, dialogs = Preferences(preferences_path), FakeDialogs()
    window = MainWindow(session, preferences, themes, dialogs, Keeping(session, recovery_root))
    yield Stage(qtbot, session, window, fit, dialogs, preferences, themes, preferences_path, baseline_fit)
    dialogs.close_answer, dialogs.leave_answer = True, Leaving.DISCARD
    fit.loadable.set()
    baseline_fit.may_end.set()
    window.close()
    session.shut_down()
    QApplication.clipboard().clear()
    for thing in (window, session, themes):
        thing.deleteLater()


@pytest.fixture
def hidden_stage(application: QApplication, qtbot: QtBot, preferences_path: Path) -> Iterator[Stage]:
    """A window without data, not yet shown."""
    with made_stage(qtbot, preferences_path) as stage:
        yield stage


@pytest.fixture
def stage(hidden_stage: Stage) -> Stage:
    """A window without data."""
    hidden_stage.show()
    return hidden_stage


@pytest.fixture
def with_data(hidden_stage: Stage) -> Stage:
    """A window with 60 rows of dose, extra, response."""
    hidden_stage.open()
    hidden_stage.show()
    return hidden_stage


@pytest.fixture
def fitted(hidden_stage: Stage) -> Stage:
    """A window with the same rows, whose model is trained."""
    hidden_stage.open()
    hidden_stage.train()
    hidden_stage.show()
    return hidden_stage


@pytest.fixture
def two_inputs(hidden_stage: Stage) -> Stage:
    """A window with the same rows, whose model has dose and extra as its inputs."""
    hidden_stage.open()
    hidden_stage.session.choose_columns(("dose", "extra"), "response")
    hidden_stage.train()
    hidden_stage.show()
    return hidden_stage
