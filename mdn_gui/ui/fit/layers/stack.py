"""The layers of the fit plot: which are on, when each is drawn."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSize, Qt, QTimer, Signal, Slot

from mdn_gui.core.support import Support
from mdn_gui.session.background import NewestJob
from mdn_gui.ui.fit.layers.frame import Frame, Subject
from mdn_gui.ui.fit.layers.layer import Layer, SlowLayer
from mdn_gui.ui.fit.layers.rows import Rows
from mdn_gui.ui.fit.layers.table import LAYERS
from mdn_gui.ui.theme import Theme

FINE, COARSE = (300, 160), (120, 80)
"""Places at which the model is evaluated along x, cells of its picture along y: at rest, while something changes."""
_PAUSE_MS = 150
"""As long as something changes more often than this, everything quick is drawn coarsely, at once."""


class LayerStack(QObject):
    """Draws a subject: coarsely at once, finely after a pause, what is slow when a thread has worked it out.

    Parameters
    ----------
    view : pyqtgraph.ViewBox
        Where the layers are put.
    parent : QObject
        Owner.
    """

    framed = Signal(object)
    """Frame: it is being drawn."""
    _wanted = Signal()
    offer_changed = Signal()
    """Another layer has something to draw, now or later; or one no longer."""

    def __init__(self, view: Any, parent: QObject) -> None:
        super().__init__(parent)
        self._view = view
        self.subject = Subject()
        self.layers: dict[str, Layer] = {spec.name: spec.kind(view) for spec in LAYERS}
        self.is_on = {spec.name: spec.is_on for spec in LAYERS}
        self._offered = dict.fromkeys(self.layers, True)
        self._fineness = 1.0
        self._support: tuple[object, Support] | None = None
        self.frame: Frame | None = None
        for layer in self.layers.values():
            for height, item in layer.items():
                item.setZValue(height)
                view.addItem(item, ignoreBounds=True)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._go_on)
        self._steps: Iterator[int] = iter(())
        self._is_wanted = False
        # not by the timer: Qt paints before it looks at timers, and would paint everything once more
        self._wanted.connect(self._begin_steps, Qt.ConnectionType.QueuedConnection)
        self._waiting: list[SlowLayer] = []
        self._answers: list[tuple[SlowLayer, object]] = []
        self._job = NewestJob(self)
        self._job.finished.connect(self._take)
        self._job.failed.connect(self._begin_slow)
        self._offer()

    # -- what is drawn ------------------------------------------------------------------------------------------------

    @property
    def is_drawing(self) -> bool:
        """Whether something is still to be drawn."""
        return self._is_wanted or self._timer.isActive() or self._job.is_busy

    def show(self, subject: Subject) -> None:
        """Draw another subject."""
        self.subject = subject
        self._offer()
        self.schedule()

    def switch(self, name: str, *, on: bool) -> None:
        """Switch a layer."""
        self.is_on[name] = on
        self.schedule()

    def show_theme(self, theme: Theme, fineness: float) -> None:
        """Take new colours, the number of device pixels in a logical pixel."""
        self._fineness = fineness
        for layer in self.layers.values():
            layer.set_fineness(fineness)
            layer.show_theme(theme)

    @Slot()
    def schedule(self, *_: Any) -> None:
        """Begin to draw anew in the next turn of the event loop."""
        self._job.drop()
        self._timer.stop()
        self._steps = self._stages()
        if not self._is_wanted:
            self._is_wanted = True
            self._wanted.emit()

    def draw_coarsely_now(self) -> None:
        """Draw everything quick at once; the rest follows in its turn."""
        self.schedule()
        self._is_wanted = False
        self._go_on()

    def draw_now(self) -> None:
        """Draw every layer that is on, finely, at once."""
        self._job.drop()
        self._timer.stop()
        self._is_wanted = False
        frame = self._begin(COARSE if self.subject.is_live else FINE)
        for layer in self._drawn():
            layer.draw(frame)
            if isinstance(layer, SlowLayer):
                layer.draw_now(frame)

    def on_layers(self) -> dict[str, Layer]:
        """Return the layers that are on and have something to draw, by name."""
        return {name: layer for name, layer in self.layers.items() if self._is_shown(name)}

    def fine_frame(self) -> Frame:
        """Return what is seen, evaluated as finely as at rest."""
        return self._made(FINE)

    def shut_down(self) -> None:
        """Wait for the threads."""
        self._timer.stop()
        self._is_wanted = False
        self._job.shut_down()
        rows = self.layers["points"]
        if isinstance(rows, Rows):
            rows.shut_down()

    # -- stages -------------------------------------------------------------------------------------------------------

    @Slot()
    def _begin_steps(self) -> None:
        if self._is_wanted:
            self._is_wanted = False
            self._go_on()
            self._tell_at_once()

    def _tell_at_once(self) -> None:
        """Have the scene tell now what has changed: it is painted with what else has, not once more after that."""
        for _ in range(2):  # it gathers what has changed, then tells it
            QCoreApplication.sendPostedEvents(self._view.scene(), QEvent.Type.MetaCall.value)

    @Slot()
    def _go_on(self) -> None:
        pause = next(self._steps, None)
        if pause is not None:
            self._timer.start(pause)

    def _stages(self) -> Iterator[int]:
        """Draw stage by stage; yield the milliseconds until the next stage."""
        self._answers = []
        frame = self._begin(COARSE)
        for layer in self._drawn():
            layer.draw(frame)
            if isinstance(layer, SlowLayer):
                layer.keep_if_true(frame)
        yield _PAUSE_MS
        if not self.subject.is_live:  # the snapshots of a run stay coarse, so that mouse moves need not wait for them
            frame = self._begin(FINE)
            yield 0
            for layer in self._drawn():
                layer.draw(frame)
                yield 0
        self._waiting = [each for each in self._drawn() if isinstance(each, SlowLayer)]
        self._begin_slow()

    def _begin(self, shape: tuple[int, int]) -> Frame:
        frame = self.frame = self._made(shape)
        self._show_layers()
        self.framed.emit(frame)
        return frame

    def _made(self, shape: tuple[int, int]) -> Frame:
        pixels: QSize = self._view.size().toSize()
        frame = replace(Frame.of(self.subject, self._view.viewRect(), pixels, shape), fineness=self._fineness)
        frame = replace(frame, is_dense=self.is_on["density"] and not self.subject.look.is_soft)
        dataset = self.subject.dataset
        if dataset is None or frame.mixture is None or not self.is_on["fading"]:
            return frame
        if self._support is None or self._support[0] is not dataset:
            self._support = (dataset, Support.of(dataset))
        return frame.faded(self._support[1])

    def _drawn(self) -> list[Layer]:
        """Return the layers that are seen; rows follow the view even where only those that are picked are seen."""
        return [layer for name, layer in self.layers.items() if self._is_shown(name) or name == "points"]

    def _is_shown(self, name: str) -> bool:
        has_model = self.subject.model is not None
        return self.is_on[name] and self._offered[name] and (has_model or not self.layers[name].needs_model)

    def _show_layers(self) -> None:
        for name, layer in self.layers.items():
            layer.set_shown(shown=self._is_shown(name))

    def _offer(self) -> None:
        offered = {name: layer.is_offered(self.subject) for name, layer in self.layers.items()}
        if offered != self._offered:
            self._offered = offered
            self.offer_changed.emit()

    def is_offered(self, name: str) -> bool:
        """Return whether a layer has something to draw, now or later."""
        return self._offered[name]

    # -- slow layers --------------------------------------------------------------------------------------------------

    @Slot()
    def _begin_slow(self, *_: object) -> None:
        """Begin with the next slow layer that is not true of the frame; after the last one, draw all at once."""
        frame = self.frame
        if frame is None:
            return
        while self._waiting:
            layer = self._waiting.pop(0)
            if not layer.keep_if_true(frame):
                self._current = layer
                self._job.start(partial(_run, layer.work(frame)))
                return
        for layer, answer in self._answers:  # each of them alone would have everything painted anew
            layer.show_answer(frame, answer)
        self._answers = []

    @Slot(object)
    def _take(self, answer: object) -> None:
        self._answers.append((self._current, answer))
        self._begin_slow()


def _run(work: Any, _watch: object) -> object:
    return work()
