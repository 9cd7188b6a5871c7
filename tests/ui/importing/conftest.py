"""The import dialog over a reader that does as the test says."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from mdn_gui.session.import_memory import RememberedImports
from mdn_gui.session.importing import Previewer
from mdn_gui.session.preferences import Preferences
from mdn_gui.ui.importing import dialog as dialog_module
from mdn_gui.ui.importing.dialog import ImportDialog
from tests.previews import CSV, FakePreviews
from tests.ui.importing.gestures import Open, wait

PLENTY = 10**12


@pytest.fixture
def previews() -> FakePreviews:
    return FakePreviews()


@pytest.fixture
def previewer(qtbot: QtBot, previews: FakePreviews) -> Iterator[Previewer]:
    made = Previewer(previews)
    yield made
    previews.release()
    made.shut_down()
    made.deleteLater()


@pytest.fixture
def remembered(tmp_path: Path) -> RememberedImports:
    return RememberedImports(Preferences(tmp_path / "preferences.ini"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "a.csv"
    made.write_text(CSV, encoding="utf-8")
    return made


@pytest.fixture
def begin(qtbot, previewer, remembered, path, monkeypatch) -> Open:
    """Return a function that shows the dialog."""
    monkeypatch.setattr(dialog_module, "free_memory", lambda: PLENTY)

    def show() -> ImportDialog:
        dialog = ImportDialog(path, previewer, remembered)
        qtbot.addWidget(dialog)
        dialog.show()
        dialog.activateWindow()
        return dialog

    return show


@pytest.fixture
def dialog(qtbot, begin) -> ImportDialog:
    """The dialog with its first preview."""
    made = begin()
    wait(qtbot, made)
    return made
