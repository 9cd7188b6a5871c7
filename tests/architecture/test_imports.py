"""What importing loads, each in a fresh process."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("tensorflow", "tensorflow_probability", "tf_keras", "keras", "pandas", "sklearn")
QT = ("PySide6", "shiboken6", "pyqtgraph")
LATER = ("pyarrow", "openpyxl", "onnx", "psutil", "email", "statistics")
"""What the window needs only when a file is read or written, or a run has ended."""

BUILD_WINDOW = """
from mdn_gui.app import make_application, make_window
from pathlib import Path
app = make_application()
session, window = make_window(app, Path({preferences!r}))
window.show()
{then}
app.processEvents()
window.close()
"""


def modules_after(code: str) -> set[str]:
    program = f"{code}\nimport json, sys\nprint(json.dumps(sorted({{name.split('.')[0] for name in sys.modules}})))"
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert result.returncode == 0, result.stderr
    return set(json.loads(result.stdout.splitlines()[-1]))


def test_that_building_the_window_loads_neither_tensorflow_nor_pandas_nor_sklearn(tmp_path: Path) -> None:
    loaded = modules_after(BUILD_WINDOW.format(preferences=str(tmp_path / "preferences.ini"), then=""))
    assert "pyqtgraph" in loaded
    assert loaded.isdisjoint(HEAVY + LATER)


def test_that_opening_data_loads_sklearn_for_the_preview_at_most(tmp_path: Path) -> None:
    then = 'window.commands.open_sample("cardioid")\nwhile not session.is_preview:\n    app.processEvents()'
    loaded = modules_after(BUILD_WINDOW.format(preferences=str(tmp_path / "preferences.ini"), then=then))
    assert "sklearn" in loaded
    assert loaded.isdisjoint(set(HEAVY) - {"sklearn", "pandas"})  # scikit-learn itself loads pandas where it is there


@pytest.mark.parametrize("package", ["core", "files"])
def test_that_the_science_loads_no_qt_and_no_tensorflow(package: str) -> None:
    modules = sorted(path.stem for path in (ROOT / "mdn_gui" / package).glob("*.py") if path.stem != "__init__")
    loaded = modules_after("\n".join(f"import mdn_gui.{package}.{module}" for module in modules))
    assert loaded.isdisjoint(HEAVY + QT)


def test_that_the_command_line_loads_no_qt_and_no_tensorflow_before_it_fits() -> None:
    assert modules_after("import mdn_gui.cli.main").isdisjoint(HEAVY + QT)


def test_that_importing_the_package_loads_nothing_else() -> None:
    assert modules_after("import mdn_gui").isdisjoint((*HEAVY, *QT, "numpy", "scipy"))


def test_that_the_session_runs_without_widgets() -> None:
    code = "import mdn_gui.session.session, mdn_gui.session.garbage, sys\nassert 'PySide6.QtWidgets' not in sys.modules"
    assert "PySide6" in modules_after(code)
