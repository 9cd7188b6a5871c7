"""The rules that tools check: style, types, import contracts, sizes."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = sorted((ROOT / "mdn_gui").rglob("*.py"))
PYTHON = [ROOT / "main.py", *PACKAGE, *sorted((ROOT / "tests").rglob("*.py"))]
MOST_LINES, MOST_FUNCTION_LINES = 400, 50


def run(*command: str) -> str:
    result = subprocess.run(
        [sys.executable, *command], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    return "" if result.returncode == 0 else result.stdout + result.stderr


def test_that_ruff_finds_nothing() -> None:
    assert run("-m", "ruff", "check", "main.py", "mdn_gui", "tests") == ""


def test_that_ruff_would_not_format_anything_differently() -> None:
    assert run("-m", "ruff", "format", "--check", "main.py", "mdn_gui", "tests") == ""


def test_that_mypy_strict_finds_nothing() -> None:
    assert run("-m", "mypy") == ""


def test_that_every_import_contract_holds() -> None:
    assert run("-c", "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())") == ""


def lines_of_code(function: ast.FunctionDef) -> int:
    """Lines from ``def`` to the end, less the docstring."""
    first = function.body[0]
    last = function.end_lineno or function.lineno
    is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    docstring = (first.end_lineno or first.lineno) - first.lineno + 1 if is_docstring else 0
    return last - function.lineno + 1 - docstring


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(ROOT)))
def test_that_files_and_functions_stay_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    assert [f.name for f in functions if lines_of_code(f) > MOST_FUNCTION_LINES] == []
    assert len(text.splitlines()) <= MOST_LINES


@pytest.mark.parametrize("path", sorted((ROOT / "mdn_gui").rglob("__init__.py")), ids=lambda path: path.parent.name)
def test_that_package_initialisers_import_nothing(path: Path) -> None:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    assert not [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]


@pytest.mark.parametrize("path", PACKAGE, ids=lambda path: str(path.relative_to(ROOT)))
def test_that_the_first_docstring_line_states_one_job(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    if path.name == "__init__.py" and docstring is None:
        assert path.read_text(encoding="utf-8") == ""
        return
    assert docstring
    assert " and " not in docstring.splitlines()[0]


def test_that_session_uses_no_widgets() -> None:
    for path in (ROOT / "mdn_gui" / "session").glob("*.py"):
        assert "QtWidgets" not in path.read_text(encoding="utf-8"), path


def test_that_resources_are_reached_through_three_doors_only() -> None:
    users = {
        path.relative_to(ROOT / "mdn_gui").as_posix()
        for path in PACKAGE
        if "core.resources" in path.read_text(encoding="utf-8")
    }
    assert users == {"core/samples.py", "files/desktop.py", "ui/assets.py"}


def test_that_suppressions_are_none() -> None:
    marks = ("# noqa", "# type: ignore", "pytest.mark.skip", "pytest.skip(", "pytest.mark.xfail", "time.sleep(")
    here = Path(__file__)
    found = [
        f"{path.relative_to(ROOT)}: {mark}"
        for path in PYTHON
        if path != here
        for mark in marks
        if mark in path.read_text(encoding="utf-8")
    ]
    assert found == []
