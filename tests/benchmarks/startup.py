"""From the start of the process to the first painted window, beside a bare PySide6 and pyqtgraph window.

    python -m tests.benchmarks.startup [--runs 7] [--json FILE]

Each start is a fresh process; one of each kind warms the disk, then the kinds alternate. The stamp is taken in the
turn of the event loop after the first paint of the window's central content, with the modules loaded by then.
"""

import gc
import json
import os
import subprocess
import sys
import tempfile
import time

import numpy as np

HEAVY = (
    "tensorflow", "tensorflow_probability", "tf_keras", "keras", "pandas", "sklearn", "matplotlib", "PySide6.QtTest",
    "scipy.special", "scipy.stats", "scipy.linalg", "scipy.sparse", "numpy.f2py", "numpy.testing", "pyqtgraph.opengl",
    "pyqtgraph.parametertree", "pyqtgraph.exporters", "PySide6.QtOpenGL", "PySide6.QtNetwork", "unittest",
)  # fmt: skip
FORBIDDEN = ("tensorflow", "tensorflow_probability", "tf_keras", "keras", "pandas", "sklearn")


def start_program() -> None:
    """Open the window of the program; print the stamp."""
    gc.disable()  # as the program does
    from mdn_gui.app import make_application, make_window

    app = make_application()
    session, window = make_window(app)
    watch = stamp_first_paint(app, window.centralWidget())
    window.show()
    app.exec()
    session.shut_down()
    del watch


def start_bare() -> None:
    """Open a window that holds one plot; print the stamp."""
    import pyqtgraph as pg
    from PySide6.QtWidgets import QApplication, QMainWindow

    app = QApplication([])
    window = QMainWindow()
    window.resize(1280, 800)
    plot = pg.PlotWidget()
    plot.plot(np.arange(100.0), np.sin(np.arange(100.0)))
    window.setCentralWidget(plot)
    watch = stamp_first_paint(app, plot)
    window.show()
    app.exec()
    del watch


def stamp_first_paint(app, content):
    """Return a filter that prints when ``content`` or a part of it has been painted, then ends the event loop."""
    from PySide6.QtCore import QEvent, QObject, QTimer
    from PySide6.QtWidgets import QWidget

    class Watch(QObject):
        is_painted = False

        def eventFilter(self, receiver, event):
            is_paint = event.type() == QEvent.Type.Paint and not self.is_painted
            if is_paint and isinstance(receiver, QWidget) and (receiver is content or content.isAncestorOf(receiver)):
                self.is_painted = True
                QTimer.singleShot(0, self.finish)
            return False

        def finish(self):
            seconds = time.time() - float(os.environ["MDN_STARTED"])
            loaded = [name for name in HEAVY if name in sys.modules]
            print(json.dumps({"seconds": seconds, "heavy": loaded, "modules": len(sys.modules)}))
            app.quit()

    watch = Watch()
    app.installEventFilter(watch)
    return watch


def started(kind: str, folder: str) -> dict[str, object]:
    """Return what one fresh process of this kind reports."""
    code = f"from tests.benchmarks import startup; startup.start_{kind}()"
    environment = os.environ | {"XDG_CONFIG_HOME": folder, "MDN_STARTED": repr(time.time())}
    process = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=120, check=True
    )
    return json.loads(process.stdout.splitlines()[-1])


def measured(runs: int) -> dict[str, object]:
    found: dict[str, list[dict[str, object]]] = {"program": [], "bare": []}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(runs + 1):
            for kind, starts in found.items():
                starts.append(started(kind, folder))
    result: dict[str, object] = {}
    for kind, starts in found.items():
        seconds = [start["seconds"] for start in starts[1:]]
        result[kind] = {
            "median_s": round(float(np.median(seconds)), 3),
            "min_s": round(min(seconds), 3),
            "max_s": round(max(seconds), 3),
            "modules": starts[-1]["modules"],
            "heavy": starts[-1]["heavy"],
        }
    result["ratio"] = round(result["program"]["median_s"] / result["bare"]["median_s"], 2)
    result["forbidden_loaded"] = [name for name in FORBIDDEN if name in result["program"]["heavy"]]
    return result


def main() -> None:
    from tests.benchmarks import reports, stage

    options = reports.parser(__doc__)
    options.add_argument("--runs", type=int, default=7)
    chosen = options.parse_args()
    with stage.display():
        result = measured(chosen.runs)
    shown = {kind: {k: v for k, v in result[kind].items() if k != "heavy"} for kind in ("program", "bare")}
    print(reports.table("start to first paint", shown))
    print(f"ratio {result['ratio']}; forbidden and loaded: {result['forbidden_loaded'] or 'none'}")
    for kind in ("program", "bare"):
        print(f"heavy modules in {kind}: {', '.join(result[kind]['heavy'])}")
    reports.keep(result, chosen.json)


if __name__ == "__main__":
    main()
