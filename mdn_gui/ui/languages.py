"""The languages of the interface: which there are, which one a start takes."""

import re
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from mdn_gui.ui.assets import translations_folder

SYSTEM, ENGLISH = "system", "en"
_NAME = re.compile(r"mdn_gui_([a-z]{2,3}(?:_[A-Za-z]{2,4})?)\.qm")


def translations(folder: Path | None = None) -> dict[str, Path]:
    """Return the files of translated texts by their language, such as "de" or "zh_CN"; none where there is no folder.

    Parameters
    ----------
    folder : Path, optional
        Where they lie; that of the installation by default.
    """
    try:
        files = sorted((folder or translations_folder()).iterdir())
    except OSError:  # an installation without translations is none to complain of
        return {}
    return {found[1]: file for file in files if (found := _NAME.fullmatch(file.name))}


def language_name(code: str) -> str:
    """Return what a language calls itself."""
    locale = QLocale(code)
    name = locale.nativeLanguageName() or code
    return f"{name[0].upper()}{name[1:]}" + (f" ({locale.nativeTerritoryName()})" if "_" in code else "")


def use_language(app: QCoreApplication, choice: str, folder: Path | None = None) -> str:
    """Have texts, numbers in a language, before the first widget is made; return its code, "en" without translation.

    Parameters
    ----------
    app : QCoreApplication
        Keeps the translators.
    choice : str
        ``"system"``, ``"en"`` or one that has translations; any other counts as ``"system"``.
    folder : Path, optional
        Where translations lie; that of the installation by default.

    Notes
    -----
    Numbers follow the system where that is the choice, also in a language without translation.
    """
    files = translations(folder)
    if choice in {ENGLISH, *files}:
        QLocale.setDefault(QLocale(choice))
        codes = [choice]
    else:
        codes = [name.replace("-", "_") for name in QLocale.system().uiLanguages()]
    for code in codes:
        if code.partition("_")[0] == ENGLISH:
            return ENGLISH
        known = files.get(code) or files.get(code.partition("_")[0])
        if known is not None and _install(app, known):
            _install(app, Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)) / f"qtbase_{code}.qm")
            return code
    return ENGLISH


def _install(app: QCoreApplication, file: Path) -> bool:
    """Install a file of translations; False, with no harm done, where it is missing or broken."""
    translator = QTranslator(app)
    if not translator.load(str(file)) or translator.isEmpty():
        translator.deleteLater()
        return False
    return app.installTranslator(translator)
