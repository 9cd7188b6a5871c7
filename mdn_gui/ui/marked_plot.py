"""A small plot whose marks are read one by one, with the mouse or the arrow keys."""

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from mdn_gui.ui.plot_base import Plot

if TYPE_CHECKING:
    from mdn_gui.core.dataset import FloatArray


class MarkedPlot(Plot):
    """A plot with a mark at each of some places along x, at one of which a vertical line stands.

    Parameters
    ----------
    name : str
        Of the plot, for people.
    parent : QWidget, optional
        Owner.
    """

    pointed = Signal(str)
    """What the mark pointed to says; "" for none."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.view.setMouseEnabled(x=False, y=False)
        self._places: FloatArray = np.empty(0)
        """Where the marks stand, ascending."""
        self._at = -1
        """The mark pointed to, counted from the left; -1 for none."""
        self._pointer = pg.InfiniteLine(angle=90, movable=False)
        self._pointer.setVisible(False)
        self.scene().sigMouseMoved.connect(self._follow_mouse)

    def text_of(self, index: int) -> str:
        """Return what mark number ``index`` says."""
        raise NotImplementedError

    def point_to(self, index: int) -> None:
        """Say what a mark shows, counted from the left; -1 for none."""
        self._at = index if 0 <= index < len(self._places) else -1
        self._pointer.setVisible(self._at >= 0)
        if self._at >= 0:
            self._pointer.setValue(float(self._places[self._at]))
        text = self.text_of(self._at) if self._at >= 0 else ""
        self.setAccessibleDescription(text)
        self.pointed.emit(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from mark to mark with the arrow keys, Home, End; Esc leaves them."""
        last = len(self._places) - 1
        wanted = {
            Qt.Key.Key_Left: max(self._at - 1, 0),
            Qt.Key.Key_Right: min(self._at + 1, last),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
            Qt.Key.Key_Escape: -1,
        }.get(Qt.Key(event.key()))
        if wanted is None or last < 0:
            event.ignore()
            return
        self.point_to(wanted)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Point to nothing."""
        super().focusOutEvent(event)
        self.point_to(-1)

    def leaveEvent(self, event: QEvent) -> None:
        """Point to nothing."""
        super().leaveEvent(event)
        self.point_to(-1)

    @Slot(object)
    def _follow_mouse(self, position: QPointF) -> None:
        if len(self._places) and self.view.sceneBoundingRect().contains(position):
            nearest = int(np.abs(self._places - self.view.mapSceneToView(position).x()).argmin())
            if nearest != self._at:
                self.point_to(nearest)
