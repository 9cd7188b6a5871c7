"""One window with everything behind it, driven the way a person drives it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mdn_gui.core.columns import Column
from mdn_gui.core.table import Table
from mdn_gui.session.messages import Notice, RunState
from mdn_gui.session.preferences import Preferences
from mdn_gui.session.session import Session
from mdn_gui.ui.fit.plot import FitPlot
from mdn_gui.ui.main_window import MainWindow
from mdn_gui.ui.theme_switch import ThemeSwitch
from tests.fakes import FakeBaselineFit, FakeDialogs, FakeFit

NO_BUTTON = Qt.MouseButton.NoButton
LEFT = Qt.MouseButton.LeftButton
NO_KEY = Qt.KeyboardModifier.NoModifier


def made_table(title: str = "made up", rows: int = 60, **columns: object) -> Table:
    """Return a table of the given columns; of dose, extra, response by default."""
    rng = np.random.default_rng(0)
    x = rng.uniform(-2.0, 3.0, rows)
    chosen = columns or {"dose": x, "extra": rng.normal(size=rows), "response": np.sin(x) + 0.1 * rng.normal(size=rows)}
    arrays = {name: np.asarray(values, dtype=float) for name, values in chosen.items()}
    return Table(title, tuple(Column(name, values, np.isnan(values)) for name, values in arrays.items()), title)


def saved_table(table: Table, path: Path) -> Path:
    """Write the numbers of a table to a CSV file with all digits; return its path."""
    rows = zip(*(column.values.tolist() for column in table.columns), strict=True)
    lines = [",".join(map(repr, cells)) for cells in rows]
    path.write_text("\n".join([",".join(column.name for column in table.columns), *lines, ""]), encoding="utf-8")
    return path


@dataclass
class Stage:
    """Window, session, fakes, with the gestures that tests need."""

    qtbot: QtBot
    session: Session
    window: MainWindow
    fit: FakeFit
    dialogs: FakeDialogs
    preferences: Preferences
    themes: ThemeSwitch
    preferences_path: Path
    baseline_fit: FakeBaselineFit

    @property
    def plot(self) -> FitPlot:
        return self.window.fit_plot

    @property
    def notices(self) -> list[Notice]:
        return self.window.notices.notices

    @property
    def messages(self) -> list[str]:
        """What the notices say, newest first."""
        return [notice.message for notice in self.notices]

    @property
    def state(self) -> RunState:
        return self.session.state

    def show(self) -> None:
        self.window.show()
        self.window.activateWindow()
        self.settle()

    def open(self, table: Table | None = None) -> None:
        self.session.open_table(table or made_table())
        self.settle()

    def open_file(self, path: Path) -> None:
        """Open a file as the dialog proposes; wait for its rows or for what is wrong with it."""
        answers: list[object] = []
        loader = self.session.data.loader
        for signal in (loader.loaded, loader.failed):
            signal.connect(answers.append)
        self.window.commands.open_path(path)
        self.qtbot.waitUntil(lambda: bool(answers))

    def train(self) -> None:
        """Train to the end."""
        self.session.start_training()
        self.wait_for_idle()
        self.settle()

    def train_until_running(self) -> None:
        """Train up to the first epoch; the run then waits."""
        self.fit.free.clear()
        self.session.start_training()
        self.fit.allow(1)
        self.qtbot.waitUntil(lambda: self.state is RunState.TRAINING)

    def wait_for_idle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.state.is_running)

    def wait_for_disk(self) -> None:
        """Wait until what was asked for is read or written, then told."""
        document, exports = self.window.documents.document, self.window.commands.exports
        self.qtbot.waitUntil(lambda: not (document.is_busy or exports.is_busy))
        self.settle()

    def settle(self) -> None:
        QApplication.processEvents()

    def trigger(self, action_id: str) -> None:
        self.window.actions_by_id[action_id].trigger()

    def press(self, text: str) -> None:
        """Press the button of a notice that says ``text``; the newest one where several do."""
        self.settle()
        buttons = self.window.notices.findChildren(QPushButton)
        next(button for button in reversed(buttons) if button.isVisible() and button.text() == text).click()

    def texts(self) -> str:
        """Return every text of the visible labels, new ones included: the next turn of the loop shows them."""
        self.settle()
        return "\n".join(label.text() for label in self.window.findChildren(QLabel) if label.isVisible())

    # -- the mouse ----------------------------------------------------------------------------------------------------

    def point_of(self, x: float, share_of_height: float = 0.5) -> QPoint:
        """Return where x is drawn, in the coordinates of the plot's viewport."""
        view = self.plot.view
        y = view.viewRect().top() + share_of_height * view.viewRect().height()
        return self.plot.mapFromScene(view.mapViewToScene(QPointF(x, y)))

    def x_at(self, point: QPoint) -> float:
        return float(self.plot.view.mapSceneToView(self.plot.mapToScene(point)).x())

    def move(self, point: QPoint, buttons: Qt.MouseButton = NO_BUTTON) -> None:
        """Deliver one mouse move, without a turn of the event loop."""
        send_mouse(self.plot.viewport(), QEvent.Type.MouseMove, point, NO_BUTTON, buttons)

    def move_to(self, x: float) -> float:
        """Move over x; return the exact x of that pixel."""
        point = self.point_of(x)
        self.move(point)
        return self.x_at(point)

    def leave(self) -> None:
        """Take the mouse out of the plot."""
        for widget in (self.plot.viewport(), self.plot):
            QApplication.sendEvent(widget, QEvent(QEvent.Type.Leave))

    def double_click(self, point: QPoint, button: Qt.MouseButton = LEFT) -> None:
        """Press and release twice, as the window system reports it."""
        self.move(point)
        for press in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick):
            send_mouse(self.plot.viewport(), press, point, button, button)
            send_mouse(self.plot.viewport(), QEvent.Type.MouseButtonRelease, point, button, NO_BUTTON)

    def drag(self, start: QPoint, stop: QPoint) -> None:
        self.move(start)
        send_mouse(self.plot.viewport(), QEvent.Type.MouseButtonPress, start, LEFT, LEFT)
        for share in (0.3, 0.6, 1.0):
            self.move(start + (stop - start) * share, LEFT)
        send_mouse(self.plot.viewport(), QEvent.Type.MouseButtonRelease, stop, LEFT, NO_BUTTON)


def send_mouse(
    widget: QWidget, kind: QEvent.Type, point: QPoint, button: Qt.MouseButton, buttons: Qt.MouseButton
) -> None:
    """Deliver one mouse event to a widget."""
    place = QPointF(point)
    QApplication.sendEvent(widget, QMouseEvent(kind, place, widget.mapToGlobal(place), button, buttons, NO_KEY))


def table_value(stage: Stage, k: int, column: int) -> float:
    """Return the number behind a cell of the component table."""
    model = stage.window.reading_panel.table.model()
    return float(model.data(model.index(k, column), Qt.ItemDataRole.UserRole))


def assert_cursor_at(stage: Stage, x: float) -> None:
    """Assert that the cursor line stands at x, or at the edge beyond which x lies, with an arrow."""
    marks, view = stage.plot.marks, stage.plot.view.viewRect()
    assert marks.x() == min(max(x, view.left()), view.right())
    assert marks.side == (x > view.right()) - (x < view.left())


def assert_reads(stage: Stage, x: float) -> None:
    """Assert that line, marks, table, slice show the mixture of the session's model at x."""
    mixture = stage.session.model.conditional([[x]])
    columns = (mixture.weights, mixture.locs, mixture.variances, mixture.scales)
    for k in range(mixture.num_components):
        for column, expected in enumerate(columns, start=1):
            assert table_value(stage, k, column) == expected[0, k]
    assert stage.plot.marks.isVisible()
    assert_cursor_at(stage, x)
    assert [mark.y for mark in stage.plot.marks.marks] == mixture.locs[0].tolist()
    y, density = stage.window.reading_panel.density.drawn_table().columns[:2]
    np.testing.assert_allclose(density, mixture.pdf(y[None, :])[0], rtol=1e-9, atol=1e-12)
