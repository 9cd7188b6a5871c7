"""The composition root of the window: arguments, effects, parts put together."""

import argparse
import functools
import gc
import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from mdn_gui import __version__
from mdn_gui.preflight import has_display, missing_packages

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from mdn_gui.core.table import Table
    from mdn_gui.files.options import ReadOptions, Watch
    from mdn_gui.session.messages import FitFunction
    from mdn_gui.session.session import Session
    from mdn_gui.ui.main_window import MainWindow

_NICENESS = 10
"""Of the threads that train: where cores are few the window comes first."""

logger = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None) -> int:
    """Open the window; return the exit status.

    Parameters
    ----------
    argv : sequence of str, optional
        Arguments without the program's name; those of the process by default.
    """
    arguments = _parsed(argv)
    if arguments.register or arguments.unregister:
        return _tell_desktop(apply=arguments.register)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    with_display = has_display()
    if not with_display and not arguments.demo:
        return _refuse("there is no display. Start it on a desktop, or try --demo, which needs none.")
    if packages := missing_packages(with_display=with_display):
        return _refuse(f"system libraries are missing. Install them: sudo apt-get install {' '.join(packages)}")
    if not with_display:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    return _run(arguments, with_display=with_display)


def _parsed(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="mdn-gui", description="Train a mixture density network, then read p(y given x) under a cursor."
    )
    parser.add_argument(
        "file",
        nargs="?",
        type=Path,
        metavar="FILE",
        help="project (.mdn) or table to open: text, Excel, Parquet, NumPy, JSON",
    )
    parser.add_argument(
        "--demo",
        action="store_true",
        help="open the noisy cardioid and train at once; without a display, write mdn-demo.png and mdn-demo.csv",
    )
    parser.add_argument(
        "--register", action="store_true", help="have this user's desktop open .mdn files with this program, then leave"
    )
    parser.add_argument("--unregister", action="store_true", help="undo --register, then leave")
    parser.add_argument("--version", action="version", version=f"mdn-gui {__version__}")
    return parser.parse_args(argv)


def _refuse(reason: str) -> int:
    sys.stderr.write(f"mdn-gui: {reason}\n")
    return 2


def _tell_desktop(*, apply: bool) -> int:
    """Write the entry that opens project files on a double-click, or take it away; return the exit status."""
    from mdn_gui.errors import UserError
    from mdn_gui.files import desktop

    command = desktop.launch_command()
    if sys.platform in {"darwin", "win32"}:
        shown = " ".join(command)
        return _refuse(f"this system asks for it by hand: open a .mdn file with another program, choose {shown}")
    folder = desktop.data_folder(os.environ)
    try:
        paths = desktop.register(folder, command) if apply else desktop.unregister(folder)
    except UserError as error:
        return _refuse(str(error))
    told = "wrote" if apply else "removed"
    sys.stdout.writelines(f"{told} {path}\n" for path in paths)
    return 0


def _run(arguments: argparse.Namespace, *, with_display: bool) -> int:
    gc.disable()  # what the start makes stays; looking for garbage in it would take as long as a panel
    from PySide6.QtCore import QLoggingCategory, QTimer

    from mdn_gui.demo import DemoTour
    from mdn_gui.session.garbage import GarbageCollector
    from mdn_gui.session.recovery import snapshots_folder

    if not with_display:
        QLoggingCategory.setFilterRules("*.warning=false")  # the offscreen platform complains of every resize
    app = make_application()
    session, window = make_window(app, recovery_root=None if arguments.demo else snapshots_folder())
    _install_excepthooks(session)
    collector = GarbageCollector(app)
    session.runner.loaded.connect(collector.freeze)
    window.show()
    tour = None
    if arguments.file is not None:
        QTimer.singleShot(0, functools.partial(window.commands.open_path, arguments.file))  # its dialog needs the loop
    elif arguments.demo:
        window.commands.open_sample("cardioid")
        if not with_display:
            tour = DemoTour(session, window, Path.cwd())
    QTimer.singleShot(100, window.documents.offer_recovery)
    QTimer.singleShot(150, lambda: _begin(session, window, train=arguments.demo))
    signal.signal(signal.SIGINT, lambda *_: app.quit())
    status = app.exec()
    session.shut_down()
    collector.stop()
    return tour.status if tour is not None else status


def _begin(session: "Session", window: "MainWindow", *, train: bool) -> None:
    """Load TensorFlow in the worker thread, now that the window is painted."""
    window.status.show_engine_loading()
    session.runner.warm_up()
    if train:
        session.start_training()


def make_application() -> "QApplication":
    """Return the QApplication, with the settings that must precede its windows."""
    import pyqtgraph as pg
    from PySide6.QtWidgets import QApplication

    # Every mouse move counts: with pyqtgraph's limit the cursor could rest beside the mouse.
    pg.setConfigOptions(antialias=False, imageAxisOrder="col-major", mouseRateLimit=0)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("mdn-gui")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("mdn-gui")
    app.setStyle("Fusion")
    return app


def make_window(
    app: "QApplication", preferences_path: Path | None = None, recovery_root: Path | None = None
) -> "tuple[Session, MainWindow]":
    """Return a session with the real training behind it, and its window, not yet shown.

    Parameters
    ----------
    app : QApplication
        With the settings of :func:`make_application`.
    preferences_path : Path, optional
        The file of the preferences; the usual one by default.
    recovery_root : Path, optional
        Where snapshots against a crash are kept; none are without it.
    """
    from mdn_gui.session.baseline import fit_baseline
    from mdn_gui.session.keeping import Keeping
    from mdn_gui.session.preferences import LANGUAGE, THEME, Preferences
    from mdn_gui.session.session import Session
    from mdn_gui.ui.languages import use_language
    from mdn_gui.ui.main_window import MainWindow
    from mdn_gui.ui.texts import set_aside_notice
    from mdn_gui.ui.theme_switch import ThemeChoice, ThemeSwitch

    preferences = Preferences(preferences_path)
    use_language(app, str(preferences.value_of(LANGUAGE)))
    choice = ThemeChoice(str(preferences.value_of(THEME)))
    session = Session(load_fit, _read_file, fit_baseline)
    keeping = Keeping(session, recovery_root)
    window = MainWindow(session, preferences, ThemeSwitch(app, choice), keeping=keeping)
    session.take_settings(*preferences.default_settings)
    if preferences.set_aside is not None:
        window.show_notice(set_aside_notice(preferences.set_aside))
    return session, window


def _read_file(path: Path, options: "ReadOptions", watch: "Watch") -> "Table":
    """Read a table; what reads is loaded with the first one, in the thread that reads."""
    from mdn_gui.files.reading import read_file

    return read_file(path, options, watch)


@functools.cache
def load_fit() -> "FitFunction":
    """Load TensorFlow, trace the default network; return the fit function. Called in the worker thread."""
    _give_way()
    _load_shared_libraries()
    from mdn_gui.core import special
    from mdn_gui.core.libraries import library_versions
    from mdn_gui.training.fit import fit

    special.load()  # the first read-out must not wait for it
    library_versions()  # nor the end of the first run for these
    _rehearse(fit)
    return fit


def _give_way() -> None:
    """Take a lower priority for this thread, for those that TensorFlow starts in it; never for the window's own."""
    if sys.platform.startswith("linux") and threading.current_thread() is not threading.main_thread():
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)  # Linux has it for each thread


def _rehearse(fit: "FitFunction") -> None:
    """Fit made-up rows for one epoch, so that a first run finds its steps traced.

    They have one input and make as many training rows as usual data: other numbers would ask for another batch size.
    """
    import numpy as np

    from mdn_gui.core.config import ModelConfig, TrainingConfig
    from mdn_gui.core.dataset import Dataset

    x = np.linspace(-1.0, 1.0, 2_000)
    for _ in fit(Dataset(x[:, None], x, ("x",), "y"), ModelConfig(), TrainingConfig(epochs=1)):
        pass


def _load_shared_libraries() -> None:
    """Load TensorFlow's large libraries through ctypes, which lets the GUI thread run meanwhile."""
    if not sys.platform.startswith("linux") or "tensorflow" in sys.modules:
        return
    import ctypes
    from importlib.util import find_spec

    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")  # as in training.fit; the libraries read it as they are loaded
    # a function called through ctypes lets other threads run, which ctypes.CDLL(path) does not
    dlopen = ctypes.CDLL(None).dlopen
    dlopen.argtypes, dlopen.restype = (ctypes.c_char_p, ctypes.c_int), ctypes.c_void_p
    spec = find_spec("tensorflow")
    for folder in spec.submodule_search_locations or () if spec else ():
        for name in ("libtensorflow_framework.so.2", "libtensorflow_cc.so.2"):
            if not dlopen(os.fsencode(os.path.join(folder, name)), os.RTLD_NOW):
                logger.debug("%s is loaded by TensorFlow itself", name)


def _install_excepthooks(session: "Session") -> None:
    def show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        logger.error("unexpected error", exc_info=(kind, error, trace))
        session.report(error)

    def log_only(hook: threading.ExceptHookArgs) -> None:
        logger.error("unexpected error in thread %s", hook.thread, exc_info=hook.exc_value)

    sys.excepthook = show
    threading.excepthook = log_only
