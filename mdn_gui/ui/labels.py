"""Labels of texts that may come from a file: plain, never wider than their place."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from mdn_gui.ui.texts import one_line, tip_text

_LONGEST = 2000


def plain_label(parent: QWidget, name: str = "") -> QLabel:
    """Return a label that wraps, takes no formatting from its text, has the look of ``name``."""
    label = QLabel(parent)
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    label.setWordWrap(True)
    return label


class ElidedLabel(QLabel):
    """One line that ends in "…" where there is no room; the whole text is its tool tip."""

    def __init__(self, parent: QWidget, name: str = "") -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_text(self, text: str) -> None:
        """Show ``text`` on one line."""
        self.setText(one_line(text, _LONGEST))
        self.setToolTip(tip_text(text[:_LONGEST]))

    def minimumSizeHint(self) -> QSize:
        """Return the height of a line; any width will do."""
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw what fits."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        place = self.contentsRect()
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine
        painter.drawText(place, flags, self.fitting(place.width()))

    def fitting(self, width: int) -> str:
        """Return what is drawn where there are so many pixels."""
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, width)


class TwoLinesLabel(ElidedLabel):
    """A text on two lines at most, the second of which ends in "…" where there is no room; always as high as two."""

    def minimumSizeHint(self) -> QSize:
        """Return the height of two lines; any width will do."""
        return QSize(0, 2 * self.fontMetrics().lineSpacing())

    def sizeHint(self) -> QSize:
        """Return the height of two lines."""
        return QSize(super().sizeHint().width(), self.minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw what fits."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        place = self.contentsRect()
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(place, flags, "\n".join(self.lines(place.width())))

    def lines(self, width: int) -> list[str]:
        """Return the lines that are drawn where there are so many pixels."""
        metrics, text = self.fontMetrics(), self.text()
        if metrics.horizontalAdvance(text) <= width:
            return [text]
        words = text.split(" ")
        fitting = [count for count in range(1, len(words)) if _is_within(" ".join(words[:count]), metrics, width)]
        count = max(fitting, default=0)
        rest = metrics.elidedText(" ".join(words[count:]), Qt.TextElideMode.ElideRight, width)
        return [" ".join(words[:count]), rest] if count else [rest]


def _is_within(text: str, metrics: QFontMetrics, width: int) -> bool:
    return metrics.horizontalAdvance(text) <= width


class NamedLabel(ElidedLabel):
    """One line with a name in it: where there is no room the name ends in "…", what stands beside it is kept."""

    def __init__(self, parent: QWidget, name: str = "") -> None:
        super().__init__(parent, name)
        self._before = self._name = self._after = ""

    def show_named(self, text: str, name: str) -> None:
        """Show ``text`` with a name, which may come from a file, in place of its first "{name}"."""
        self._before, _, after = text.partition("{name}")
        self._name = one_line(name, _LONGEST)
        self._after = "".join(character if character.isprintable() else " " for character in after[:_LONGEST])
        self.setText(f"{self._before}{self._name}{self._after}")
        self.setToolTip(tip_text(self.text()))

    def fitting(self, width: int) -> str:
        """Return what is drawn where there are so many pixels; only a value as long as these is cut."""
        metrics = self.fontMetrics()
        if metrics.horizontalAdvance(self.text()) <= width:
            return self.text()
        room = width - metrics.horizontalAdvance(self._before + "…" + self._after)
        name = metrics.elidedText(self._name, Qt.TextElideMode.ElideRight, room)
        text = f"{self._before}{name}{self._after}"
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
