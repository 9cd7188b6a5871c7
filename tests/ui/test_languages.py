"""The languages of the interface."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from mdn_gui.ui.languages import language_name, translations, use_language
from mdn_gui.ui.numbers import fixed

GERMAN = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)) / "qtbase_de.qm"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a file of translations, in place of our own that of Qt, beside files that are none."""
    shutil.copy(GERMAN, tmp_path / "mdn_gui_de.qm")
    (tmp_path / "mdn_gui_fr.qm").write_bytes(b"broken")
    (tmp_path / "mdn_gui_zh_CN.qm").write_bytes(b"")
    (tmp_path / "notes.txt").write_text("nothing")
    (tmp_path / "mdn_gui_..qm").write_text("nothing")
    return tmp_path


@pytest.fixture
def app(application) -> Iterator[QCoreApplication]:
    """The application, with its language afterwards as it was before."""
    before, children = QLocale(), set(application.findChildren(QTranslator))
    yield application
    QLocale.setDefault(before)
    for translator in set(application.findChildren(QTranslator)) - children:
        application.removeTranslator(translator)
        translator.deleteLater()


def test_that_the_files_tell_the_languages(folder):
    assert list(translations(folder)) == ["de", "fr", "zh_CN"]
    assert translations(folder / "nowhere") == {}
    assert isinstance(translations(), dict)


def test_that_a_language_is_called_as_it_calls_itself():
    assert language_name("de") == "Deutsch"
    assert language_name("zh_CN").endswith(")")


def test_that_a_language_translates_texts_and_numbers(app, folder):
    assert use_language(app, "de", folder) == "de"
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Abbrechen"
    assert fixed(1.5, 2) == "1,50"


@pytest.mark.parametrize("choice", ["fr", "zh_CN", "en"])
def test_that_a_broken_file_or_none_leaves_english_texts(app, folder, choice):
    assert use_language(app, choice, folder) == "en"
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancel"
    assert QLocale().language() == QLocale(choice).language()


@pytest.mark.parametrize("choice", ["system", "xx", "../../etc/passwd"])
def test_that_any_other_choice_is_that_of_the_system(app, tmp_path, choice):
    before = QLocale()
    assert use_language(app, choice, tmp_path) == "en"
    assert QLocale() == before
