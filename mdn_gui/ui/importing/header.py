"""The header of the import preview: name, role, meaning, histogram of each column, painted as far as it is seen."""

import enum
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHeaderView, QWidget

from mdn_gui.core.columns import Column
from mdn_gui.ui.importing.texts import kind_text
from mdn_gui.ui.texts import one_line
from mdn_gui.ui.theme import blend, theme_of

BINS = 24
COLUMN = Qt.ItemDataRole.UserRole
"""Header role: the :class:`ColumnFace` of a section."""

_PADDING, _LINE_GAP, _BAR_HEIGHT, _CHIP = 7, 3, 20, 18


class Role(enum.Enum):
    """What a column is used for."""

    INPUT = "x"
    TARGET = "y"
    NONE = ""


@dataclass(frozen=True)
class ColumnFace:
    """What the header shows of one column.

    Parameters
    ----------
    name : str
        On one line.
    kind : str
        What the cells mean, in words.
    empty : int
        Empty cells of the preview.
    bars : tuple of float
        Heights 0 to 1: counts in bins of equal width, or counts of levels.
    role : Role
        What it is used for.
    is_stale : bool
        True while a newer preview is awaited.
    """

    name: str
    kind: str
    empty: int
    bars: tuple[float, ...]
    role: Role = Role.NONE
    is_stale: bool = False


def face_of(column: Column) -> ColumnFace:
    """Return what the header shows of a column without a role."""
    levels = len(column.levels) if not column.kind.is_numeric else 0
    return ColumnFace(
        one_line(column.name), kind_text(column.kind, levels), int(column.empty.sum()), histogram_bars(column)
    )


def histogram_bars(column: Column) -> tuple[float, ...]:
    """Return heights 0 to 1 of at most 24 bars: bins of equal width, or the first levels; none of texts."""
    values = column.values[np.isfinite(column.values)]
    if not len(values) or (column.levels and not column.can_be_input):
        return ()
    if column.levels:
        counts = np.bincount(values.astype(np.int64), minlength=len(column.levels))[:BINS]
    else:
        low, high = float(values.min()), float(values.max())
        span = high - low
        if not np.isfinite(span) or span == 0.0:
            return (1.0,)
        counts = np.bincount(np.minimum((values - low) / span * BINS, BINS - 1).astype(np.int64), minlength=BINS)
    return tuple((counts / counts.max()).tolist())


class ImportHeader(QHeaderView):
    """Three lines for each column: name with its role, meaning with empty cells, histogram."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._under_mouse = -1
        self.setSectionsClickable(True)
        self.setMinimumSectionSize(64)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setMouseTracking(True)
        self.setAccessibleName(self.tr("Columns"))

    def sizeHint(self) -> QSize:
        """Return room for two lines of text, then the bars."""
        lines = 2 * self.fontMetrics().height() + 2 * _LINE_GAP
        return QSize(super().sizeHint().width(), lines + _BAR_HEIGHT + 2 * _PADDING)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the mouse."""
        self._show_under_mouse(self.logicalIndexAt(event.position().toPoint()))
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Let go of the mouse."""
        self._show_under_mouse(-1)
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the sections that are seen."""
        painter = QPainter(self.viewport())
        theme = theme_of(QApplication.palette())
        painter.fillRect(event.rect(), QColor(theme.base))
        painter.setPen(QColor(theme.border))
        bottom = self.viewport().height() - 1
        painter.drawLine(0, bottom, self.viewport().width(), bottom)
        for section in self._sections_in(event.rect()):
            place = QRect(self.sectionViewportPosition(section), 0, self.sectionSize(section), bottom)
            face = self.model().headerData(section, Qt.Orientation.Horizontal, COLUMN)
            if isinstance(face, ColumnFace):
                painter.save()
                painter.setClipRect(place)
                self._paint(painter, place, face, section)
                painter.restore()

    def _sections_in(self, rect: QRect) -> range:
        first, last = self.visualIndexAt(rect.left()), self.visualIndexAt(rect.right())
        return range(max(first, 0), (self.count() if last < 0 else last + 1) if first >= 0 else 0)

    def _paint(self, painter: QPainter, place: QRect, face: ColumnFace, section: int) -> None:
        theme = theme_of(QApplication.palette())
        if section == self._under_mouse or section == self._section_of_keys():
            painter.fillRect(place, QColor(theme.accent_soft))
        painter.setPen(blend(theme.border, theme.base, 0.7))
        painter.drawLine(place.topRight(), place.bottomRight())
        inner = place.adjusted(_PADDING, _PADDING, -_PADDING, -_PADDING)
        line = self.fontMetrics().height()
        strong = QFont(self.font())
        strong.setWeight(QFont.Weight.DemiBold)
        used = self._paint_chip(painter, inner, face) if face.role is not Role.NONE else 0
        text, muted = QColor(theme.muted if face.is_stale else theme.text), QColor(theme.muted)
        self._paint_text(painter, inner.adjusted(0, 0, -used, 0), face.name, (strong, text))
        second = inner.adjusted(0, line + _LINE_GAP, 0, 0)
        if face.empty:
            words = self.tr("{count} empty").format(count=face.empty)
            used = self.fontMetrics().horizontalAdvance(words) + 1
            self._paint_text(painter, second.adjusted(inner.width() - used, 0, 0, 0), words, (self.font(), text))
            second.adjust(0, 0, -used - _PADDING, 0)
        self._paint_text(painter, second, face.kind, (self.font(), muted))
        colour = blend(theme.muted if face.is_stale else theme.points, theme.base, 0.75)
        self._paint_bars(painter, inner, face, QColor(theme.accent) if face.role is not Role.NONE else colour)

    def _paint_text(self, painter: QPainter, place: QRect, text: str, look: tuple[QFont, QColor]) -> None:
        font, colour = look
        painter.setFont(font)
        painter.setPen(colour)
        line = QRect(place.left(), place.top(), place.width(), painter.fontMetrics().height())
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine, shown)

    def _paint_chip(self, painter: QPainter, inner: QRect, face: ColumnFace) -> int:
        """Draw the role at the right of the first line; return the width it takes."""
        theme = theme_of(QApplication.palette())
        is_target = face.role is Role.TARGET
        chip = QRectF(inner.right() - _CHIP + 1, inner.top(), _CHIP, self.fontMetrics().height())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.accent if is_target else theme.accent_soft))
        painter.drawRoundedRect(chip, 4, 4)
        if not is_target:
            painter.setPen(QColor(theme.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(chip.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setPen(QColor(theme.on_accent if is_target else theme.accent))
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, face.role.value)
        return _CHIP + _PADDING

    def _paint_bars(self, painter: QPainter, inner: QRect, face: ColumnFace, colour: QColor) -> None:
        if not face.bars:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        width = inner.width() / max(len(face.bars), 6)
        bottom = inner.bottom() + 1
        for place, height in enumerate(face.bars):
            tall = height * _BAR_HEIGHT
            if height > 0:
                tall = max(tall, 1.0)
                painter.drawRect(QRectF(inner.left() + place * width, bottom - tall, max(width - 1, 1.0), tall))

    def _show_under_mouse(self, section: int) -> None:
        if section != self._under_mouse:
            self._under_mouse = section
            self.viewport().update()

    def _section_of_keys(self) -> int:
        view = self.parent()
        if isinstance(view, QWidget) and view.hasFocus():
            return self.selectionModel().currentIndex().column()
        return -1


Index = QModelIndex | QPersistentModelIndex
"""What Qt hands to a model."""
