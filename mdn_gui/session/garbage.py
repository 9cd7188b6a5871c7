"""Collection of cyclic garbage on the GUI thread only: Qt objects must not die in another thread."""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_INTERVAL_MS = 500


class GarbageCollector(QObject):
    """Replaces Python's automatic collection by a timer on the thread that makes it.

    Parameters
    ----------
    parent : QObject
        Owner.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._thresholds = gc.get_threshold()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.collect)
        self._timer.start(_INTERVAL_MS)

    @Slot()
    def collect(self) -> None:
        """Collect the generations that have grown past their thresholds, youngest first."""
        for generation, (count, threshold) in enumerate(zip(gc.get_count(), self._thresholds, strict=True)):
            if threshold == 0 or count <= threshold:
                return
            gc.collect(generation)

    @Slot()
    def freeze(self) -> None:
        """Exempt everything alive, such as TensorFlow's modules, from later collections, which keeps them short."""
        gc.freeze()

    def stop(self) -> None:
        """Give collection back to Python."""
        self._timer.stop()
        gc.enable()
