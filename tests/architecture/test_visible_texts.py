"""Every text a person sees in the window goes through translation."""

import ast
from pathlib import Path

import pytest

UI = Path(__file__).resolve().parents[2] / "mdn_gui" / "ui"
TAKES_TEXT = {
    "setText",
    "setToolTip",
    "setWindowTitle",
    "setAccessibleName",
    "setAccessibleDescription",
    "setStatusTip",
    "setPlaceholderText",
    "setSpecialValueText",
    "setInformativeText",
    "addMenu",
    "addAction",
    "QLabel",
    "QPushButton",
    "QCheckBox",
    "QDockWidget",
    "QMenu",
    "QToolBar",
}
"""Calls whose text argument a person reads."""
NAMES = {"mdn-gui"}
"""Texts that are the same in every language."""


def spoken_literals(tree: ast.AST) -> list[str]:
    return [
        argument.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and (getattr(node.func, "attr", "") in TAKES_TEXT or getattr(node.func, "id", "") in TAKES_TEXT)
        for argument in node.args
        if isinstance(argument, ast.Constant)
        and isinstance(argument.value, str)
        and any(character.isalpha() for character in argument.value)
        and argument.value not in NAMES
    ]


@pytest.mark.parametrize("path", sorted(UI.rglob("*.py")), ids=lambda path: str(path.relative_to(UI)))
def test_that_no_text_is_shown_untranslated(path: Path) -> None:
    assert spoken_literals(ast.parse(path.read_text(encoding="utf-8"))) == []


def test_that_an_untranslated_text_would_be_found() -> None:
    assert spoken_literals(ast.parse('label.setText("Train")')) == ["Train"]
    assert spoken_literals(ast.parse('label.setText(self.tr("Train"))')) == []
